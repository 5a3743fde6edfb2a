;;; (scheme case-lambda): Procedures that choose by the number of arguments. [R7RS appendix A]

(define-library (scheme case-lambda)
  (import (sockeye core))
  (export
    case-lambda))
