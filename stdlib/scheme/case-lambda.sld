;;; (scheme case-lambda): procedures that take different numbers of arguments, as R7RS lists them.
(define-library (scheme case-lambda)
  (import (sockeye core))
  (export
    case-lambda))
