;;; (ice-9 copy-tree): copy-tree. [Guile]

(define-library (ice-9 copy-tree)
  (import (sockeye core))
  (export
    copy-tree))
