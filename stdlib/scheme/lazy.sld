;;; (scheme lazy): promises, as R7RS lists them.
(define-library (scheme lazy)
  (import (sockeye core))
  (export
    delay delay-force force make-promise promise?))
