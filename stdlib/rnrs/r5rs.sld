;;; (rnrs r5rs): what R5RS has and R6RS has not. [R6RS libraries 18]

(define-library (rnrs r5rs)
  (import (scheme r5rs))
  (export
    exact->inexact inexact->exact quotient remainder modulo delay force null-environment scheme-report-environment))
