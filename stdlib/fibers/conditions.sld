;;; (fibers conditions): something that happens once, and that any number of fibers wait for. [guile-fibers]

(define-library (fibers conditions)
  (import (sockeye core) (fibers operations))
  (export make-condition condition? signal-condition! wait-operation wait)
  (begin
    (define-record-type (<condition> %keep-apart!) (%make-condition signalled? waiters)
      condition?
      (signalled? %signalled? %set-signalled!)
      (waiters %waiters))

    (define (make-condition)
      "(make-condition): a new condition, not signalled."
      (%make-condition #f (%make-queue)))

    (define (signal-condition! condition)
      "(signal-condition! condition): marks it as signalled, for good, and wakes all who wait for it. #f if it was before."
      (%section)
      (and (not (%signalled? condition))
           (begin
             (%set-signalled! condition #t)
             (%queue-wake-all! (%waiters condition) #t)
             #t)))

    (define (wait-operation condition)
      "(wait-operation condition): the operation of waiting until it is signalled."
      (if (not (condition? condition)) (%wrong-type 'wait-operation 1 "a condition" condition))
      (%silent-operation
        (lambda () (and (%signalled? condition) values))
        (lambda (entry)
          (%section)
          (if (%signalled? condition)
              (%wake! entry #t)
              (%queue-push! (%waiters condition) entry)))))

    (define (wait condition)
      "(wait condition): waits until it is signalled."
      (perform-operation (wait-operation condition)))))
