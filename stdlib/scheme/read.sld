;;; (scheme read): reading data, as R7RS lists them.
(define-library (scheme read)
  (import (sockeye core))
  (export
    read))
