;;; (srfi srfi-87): => in clauses of case, which the core form always knows. [SRFI 87]

(define-library (srfi srfi-87)
  (import (sockeye core))
  (export
    case))
