;;; (rnrs control): Control structures. [R6RS libraries 5]

(define-library (rnrs control)
  (import (sockeye core))
  (export
    case-lambda do unless when))
