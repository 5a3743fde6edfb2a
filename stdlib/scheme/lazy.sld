;;; (scheme lazy): Promises. [R7RS appendix A]

(define-library (scheme lazy)
  (import (sockeye core))
  (export
    delay delay-force force make-promise promise?))
