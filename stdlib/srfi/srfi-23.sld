;;; (srfi srfi-23): error. [SRFI 23]

(define-library (srfi srfi-23)
  (import (sockeye core))
  (export
    error))
