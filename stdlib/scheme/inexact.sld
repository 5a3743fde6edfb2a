;;; (scheme inexact): Functions on real and complex numbers that are rarely exact. [R7RS appendix A]

(define-library (scheme inexact)
  (import (sockeye core))
  (export
    acos asin atan cos exp finite? infinite? log nan? sin sqrt tan))
