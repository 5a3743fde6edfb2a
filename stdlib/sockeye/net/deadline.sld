;;; (sockeye net deadline): limits of time for blocks of code.
;;;
;;; A limit holds for all that the code waits for: connect, accept, sends and receives, reads and writes of ports, look-ups of
;;; names, sleep, children, channels, mutexes; and for computing, which is interrupted at the next call. Limits nest, and the
;;; earliest counts. What was waited for is given up, and nothing is closed but by the code's own dynamic-winds.

(define-library (sockeye net deadline)
  (import (sockeye core))
  (export call-with-timeout with-timeout monotonic-time)
  (begin
    (define (call-with-timeout seconds thunk on-timeout)
      "(call-with-timeout seconds thunk on-timeout): the values of (thunk); if that takes longer than SECONDS, its extent is left and
the values are those of (on-timeout), called in tail position. SECONDS may be #f: then there is no limit."
      (if (not (procedure? on-timeout)) (%wrong-type 'call-with-timeout 3 "a procedure" on-timeout))
      (if seconds
          (with-timeout seconds thunk on-timeout)
          (thunk)))))
