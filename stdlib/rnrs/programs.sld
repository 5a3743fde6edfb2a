;;; (rnrs programs): Programs. [R6RS libraries 10]

(define-library (rnrs programs)
  (import (sockeye core))
  (export
    command-line exit))
