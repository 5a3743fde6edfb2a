;;; (rnrs mutable-pairs): Changing pairs. [R6RS libraries 17]

(define-library (rnrs mutable-pairs)
  (import (sockeye core))
  (export
    set-car! set-cdr!))
