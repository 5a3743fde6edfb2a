;;; (ice-9 rw): Strings read and written as far as the system goes at once, a byte a character. [Guile]

(define-library (ice-9 rw)
  (import (sockeye core))
  (export read-string!/partial write-string/partial))
