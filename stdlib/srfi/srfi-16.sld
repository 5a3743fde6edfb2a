;;; (srfi srfi-16): case-lambda. [SRFI 16]

(define-library (srfi srfi-16)
  (import (sockeye core))
  (export
    case-lambda))
