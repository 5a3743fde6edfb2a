;;; (scheme complex): Complex numbers. [R7RS appendix A]

(define-library (scheme complex)
  (import (sockeye core))
  (export
    angle imag-part magnitude make-polar make-rectangular real-part))
