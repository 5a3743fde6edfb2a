;;; (srfi srfi-0): cond-expand. [SRFI 0]

(define-library (srfi srfi-0)
  (import (sockeye core))
  (export
    cond-expand))
