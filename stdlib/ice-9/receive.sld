;;; (ice-9 receive): several values as variables; the same as SRFI 8. [Guile: Multiple Values]

(define-library (ice-9 receive)
  (import (sockeye core))
  (export receive))
