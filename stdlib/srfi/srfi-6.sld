;;; (srfi srfi-6): String ports. [SRFI 6]

(define-library (srfi srfi-6)
  (import (sockeye core))
  (export
    get-output-string open-input-string open-output-string))
