;;; (srfi srfi-11): let-values. [SRFI 11]

(define-library (srfi srfi-11)
  (import (sockeye core))
  (export
    let*-values let-values))
