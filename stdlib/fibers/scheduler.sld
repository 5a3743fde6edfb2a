;;; (fibers scheduler): what scripts use of guile-fibers' schedulers. [guile-fibers]
;;;
;;; There is one scheduler, and it is no value: where the model hands a scheduler over, there is #f.

(define-library (fibers scheduler)
  (import (sockeye core))
  (export yield-current-task suspend-current-task schedule-task current-scheduler)
  (begin
    (define (yield-current-task)
      "(yield-current-task): lets every other fiber that can run have a turn."
      (%yield))

    (define (current-scheduler)
      "(current-scheduler): the one scheduler is no value: #f."
      #f)

    (define (suspend-current-task after-suspend)
      "(suspend-current-task after-suspend): waits until (schedule-task scheduler task) is called with what AFTER-SUSPEND,
called with the scheduler and the task, was given; gives the values of the thunk that the task was called with."
      (let ((wait (%open-wait)))
        (after-suspend #f (lambda (thunk) (%wake! wait (list thunk))))
        (let ((woken (%park wait)))
          (if (pair? woken)
              ((car woken))
              (suspend-current-task after-suspend)))))

    (define (schedule-task scheduler task)
      "(schedule-task scheduler task): has TASK, a thunk or what suspend-current-task made, go on."
      (%spawn-fiber (lambda () (task)) #f))))
