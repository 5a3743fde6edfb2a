;;; (srfi srfi-46): syntax-rules with custom ellipses and tail patterns. [SRFI 46]

(define-library (srfi srfi-46)
  (import (sockeye core))
  (export
    syntax-rules))
