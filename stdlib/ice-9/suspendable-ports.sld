;;; (ice-9 suspendable-ports): whether calls on non-blocking descriptors wait. [Guile: Non-Blocking I/O]
;;;
;;; Every port suspends its fiber here, so little is left to install: on descriptors that the script made non-blocking, accept and
;;; connect wait from then on instead of answering #f, and whatever waits for such a descriptor does it by current-read-waiter or
;;; current-write-waiter, which the script may set. Display and write wait so, too, where Guile's do not.

(define-library (ice-9 suspendable-ports)
  (import (sockeye core))
  (export
    install-suspendable-ports! uninstall-suspendable-ports!
    current-read-waiter current-write-waiter)
  (begin
    (define (install-suspendable-ports!)
      "(install-suspendable-ports!): from now on accept and connect wait on non-blocking descriptors, too, and all
calls on ports wait for them by (current-read-waiter) and (current-write-waiter), called with the port."
      (%set-suspendable! %suspend))

    (define (%suspend port interest numbers builtin arguments)
      "Waits for PORT as the script wants it, and makes the call again that could not go on."
      ((if (eq? interest 'read) (current-read-waiter) (current-write-waiter)) port)
      (apply builtin arguments))

    (define (uninstall-suspendable-ports!)
      "(uninstall-suspendable-ports!): undoes it."
      (%set-suspendable! #f))

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
