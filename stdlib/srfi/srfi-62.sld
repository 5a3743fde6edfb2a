;;; (srfi srfi-62): Comments of expressions, #;, which the reader always knows. [SRFI 62]

(define-library (srfi srfi-62)
  (import (sockeye core))
  (export
))
