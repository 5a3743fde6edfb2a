;;; (ice-9 binary-ports): Bytes from and to ports. [Guile]
;;;
;;; Parts from its model in one thing: get-bytevector-some gives what is there on ports without a buffer, too.

(define-library (ice-9 binary-ports)
  (import (sockeye core))
  (export
    eof-object
    ;; reading
    get-bytevector-all get-bytevector-n get-bytevector-n! get-bytevector-some get-bytevector-some! get-u8 lookahead-u8
    unget-bytevector
    ;; writing
    put-bytevector put-u8
    ;; ports on bytevectors
    call-with-input-bytevector call-with-output-bytevector open-bytevector-input-port open-bytevector-output-port
    ;; ports made of procedures
    make-custom-binary-input-port make-custom-binary-output-port make-custom-binary-input/output-port))
