;;; (srfi srfi-105): lists in braces. [SRFI 105]
;;;
;;; There is nothing to import: a source that says #!curly-infix has them from there on.

(define-library (srfi srfi-105)
  (import (sockeye core))
  (export))
