;;; (scheme eval): running data as programs, as R7RS lists them.
(define-library (scheme eval)
  (import (sockeye core))
  (export
    environment eval))
