;;; (rnrs exceptions): Exceptions. [R6RS libraries 7.1]

(define-library (rnrs exceptions)
  (import (sockeye core))
  (export
    guard raise raise-continuable with-exception-handler))
