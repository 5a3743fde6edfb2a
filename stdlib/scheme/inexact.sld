;;; (scheme inexact): functions on inexact numbers, as R7RS lists them.
(define-library (scheme inexact)
  (import (sockeye core))
  (export
    acos asin atan cos exp finite? infinite? log nan? sin sqrt tan))
