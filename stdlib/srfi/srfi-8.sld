;;; (srfi srfi-8): receive. [SRFI 8]

(define-library (srfi srfi-8)
  (import (sockeye core))
  (export
    receive))
