;;; (rnrs r5rs): What R6RS left out of R5RS. [R6RS libraries 19]

(define-library (rnrs r5rs)
  (import (sockeye core))
  (export
    delay exact->inexact force inexact->exact modulo null-environment quotient remainder
    scheme-report-environment))
