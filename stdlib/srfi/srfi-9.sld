;;; (srfi srfi-9): Records. [SRFI 9]

(define-library (srfi srfi-9)
  (import (sockeye core))
  (export
    define-record-type))
