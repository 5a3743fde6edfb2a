;;; (rnrs exceptions): Exceptions. [R6RS libraries 7.1]

(define-library (rnrs exceptions)
  (import (sockeye core))
  (export
    guard (rename raise-object raise) raise-continuable with-exception-handler))
