;;; (scheme eval): Programs as data. [R7RS appendix A]

(define-library (scheme eval)
  (import (sockeye core))
  (export
    environment eval))
