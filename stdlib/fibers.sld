;;; (fibers): lightweight threads. [guile-fibers]
;;;
;;; All fibers run on one thread, and whatever waits (a call on a socket, a pipe, sleep, a channel) lets others run; a
;;; fiber that computes is interrupted after a millisecond. Beyond the model, fibers may be started outside of run-fibers,
;;; and can be joined, named, interrupted and cancelled.

(define-library (fibers)
  (import (sockeye core))
  (export
    run-fibers spawn-fiber current-fiber sleep
    ;; Beyond the model.
    fiber? fiber-id fiber-name set-fiber-name! fiber-state fiber-over? fiber-join cancel-fiber interrupt-fiber yield-fiber
    call-with-fibers with-timeout))
