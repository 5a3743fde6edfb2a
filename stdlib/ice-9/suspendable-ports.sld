;;; (ice-9 suspendable-ports): whether calls on non-blocking descriptors wait. [Guile: Non-Blocking I/O]
;;;
;;; Every port suspends its fiber here, so little is left to install: accept and connect on a descriptor that the script
;;; made non-blocking, which then wait instead of answering #f. A waiter that the script sets is called by wait-until-port-ready
;;; only; the calls themselves wait by their own means.

(define-library (ice-9 suspendable-ports)
  (import (sockeye core))
  (export
    install-suspendable-ports! uninstall-suspendable-ports!
    current-read-waiter current-write-waiter)
  (begin
    (define (install-suspendable-ports!)
      "(install-suspendable-ports!): from now on accept and connect wait on non-blocking descriptors, too."
      (%set-suspendable! #t)
      (if #f #f))

    (define (uninstall-suspendable-ports!)
      "(uninstall-suspendable-ports!): undoes it."
      (%set-suspendable! #f)
      (if #f #f))

    (define (%wait-for port write?)
      "Waits until PORT can be read, or written if WRITE? is true."
      (if (not (%port-ready? port write?))
          (let ((wait (%open-wait)))
            (%wake-when-ready! wait port write?)
            (%park wait)
            (%wait-for port write?))))

    (define current-read-waiter
      (make-parameter (lambda (port) (%wait-for port #f))))

    (define current-write-waiter
      (make-parameter (lambda (port) (%wait-for port #t))))))
