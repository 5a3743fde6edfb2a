;;; (scheme load): Running source files. [R7RS appendix A]

(define-library (scheme load)
  (import (sockeye core))
  (export
    load))
