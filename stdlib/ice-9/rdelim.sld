;;; (ice-9 rdelim): Reading lines. [Guile: Line/Delimited]

(define-library (ice-9 rdelim)
  (import (sockeye core))
  (export read-line))
