;;; (rnrs mutable-strings): Changing strings. [R6RS libraries 18]

(define-library (rnrs mutable-strings)
  (import (sockeye core))
  (export
    string-fill! string-set!))
