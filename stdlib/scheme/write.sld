;;; (scheme write): writing data, as R7RS lists them.
(define-library (scheme write)
  (import (sockeye core))
  (export
    display write write-shared write-simple))
