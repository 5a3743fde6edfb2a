;;; (srfi srfi-30): Nested comments, #| |#, which the reader always knows. [SRFI 30]

(define-library (srfi srfi-30)
  (import (sockeye core))
  (export
))
