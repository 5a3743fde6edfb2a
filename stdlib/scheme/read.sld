;;; (scheme read): Data from text. [R7RS appendix A]

(define-library (scheme read)
  (import (sockeye core))
  (export
    read))
