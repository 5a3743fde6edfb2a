;;; (rnrs sorting): Sorting. [R6RS libraries 4]

(define-library (rnrs sorting)
  (import (sockeye core))
  (export
    list-sort vector-sort vector-sort!))
