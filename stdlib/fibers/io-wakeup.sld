;;; (fibers io-wakeup): readiness of ports, as operations. [guile-fibers]

(define-library (fibers io-wakeup)
  (import (sockeye core) (fibers operations))
  (export wait-until-port-readable-operation wait-until-port-writable-operation
          make-read-operation make-write-operation)
  (begin
    (define (%ready-operation port write?)
      "The operation of waiting until PORT can be read, or written if WRITE? is true."
      (%silent-operation
        (lambda () (and (%port-ready? port write?) values))
        (lambda (entry) (%wake-when-ready! entry port write?))))

    (define (wait-until-port-readable-operation port)
      "(wait-until-port-readable-operation port): the operation of waiting until PORT has something to read, or its end."
      (if (not (input-port? port)) (%wrong-type 'wait-until-port-readable-operation 1 "an input port" port))
      (%ready-operation port #f))

    (define (wait-until-port-writable-operation port)
      "(wait-until-port-writable-operation port): the operation of waiting until PORT takes something."
      (if (not (output-port? port)) (%wrong-type 'wait-until-port-writable-operation 1 "an output port" port))
      (%ready-operation port #t))

    (define (make-read-operation port read)
      "(make-read-operation port read): waits until PORT can be read; its values are those of (read port)."
      (wrap-operation (%ready-operation port #f) (lambda () (read port))))

    (define (make-write-operation port write)
      "(make-write-operation port write): waits until PORT can be written; its values are those of (write port)."
      (wrap-operation (%ready-operation port #t) (lambda () (write port))))))
