;;; (ice-9 atomic): boxes that are read and written in one step. [Guile: Atomics]

(define-library (ice-9 atomic)
  (import (sockeye core))
  (export
    make-atomic-box atomic-box? atomic-box-ref atomic-box-set! atomic-box-swap! atomic-box-compare-and-swap!))
