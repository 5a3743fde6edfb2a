;;; (scheme write): Data to text. [R7RS appendix A]

(define-library (scheme write)
  (import (sockeye core))
  (export
    display write write-shared write-simple))
