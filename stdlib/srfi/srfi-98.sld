;;; (srfi srfi-98): Environment variables. [SRFI 98]

(define-library (srfi srfi-98)
  (import (sockeye core))
  (export
    get-environment-variable get-environment-variables))
