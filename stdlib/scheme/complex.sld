;;; (scheme complex): complex numbers, as R7RS lists them.
(define-library (scheme complex)
  (import (sockeye core))
  (export
    angle imag-part magnitude make-polar make-rectangular real-part))
