;;; (ice-9 iconv): Text as bytes of an encoding, by its name. [Guile]

(define-library (ice-9 iconv)
  (import (sockeye core))
  (export bytevector->string call-with-encoded-output-string string->bytevector))
