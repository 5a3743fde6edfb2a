;;; (scheme load): running files, as R7RS lists them.
(define-library (scheme load)
  (import (sockeye core))
  (export
    load))
