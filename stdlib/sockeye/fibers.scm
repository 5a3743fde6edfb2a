;;; Fibers and time limits; operations, channels and the rest are libraries in stdlib/fibers.
;;;
;;; All of it stands on waits (see src/fiber): a fiber opens one, puts it where others will find it, and parks in it. What
;;; a builtin does here is one step; where several steps must not be interrupted by other fibers, they begin with
;;; (%section).

(define (%go-on thunks action value)
  "Where the machine goes in a fiber that was interrupted: calls THUNKS, then goes on with the call ACTION or with VALUE."
  (let loop ((thunks thunks))
    (if (pair? thunks) (begin ((car thunks)) (loop (cdr thunks)))))
  (if (pair? action)
      (apply (car action) (cdr action))
      value))

;;; ---- Fibers ------------------------------------------------------------------------------------------------------

(define (spawn-fiber thunk . options)
  "(spawn-fiber thunk [scheduler] [#:parallel? flag]): a new fiber that calls THUNK while others wait; the fiber."
  (if (not (procedure? thunk)) (%wrong-type 'spawn-fiber 1 "a procedure" thunk))
  (%spawn-fiber thunk (%fiber-group (current-fiber))))

(define (yield-fiber)
  "(yield-fiber): lets every other fiber that can run have a turn."
  (%yield))

(define (%join fiber)
  "Waits until FIBER has ended."
  (if (eq? fiber (current-fiber)) (error "a fiber cannot wait for its own end:" fiber))
  (let loop ()
    (if (not (fiber-over? fiber))
        (let ((wait (%open-wait)))
          (%queue-push! (%fiber-joiners fiber) wait)
          (%park wait)
          (loop)))))

(define (fiber-join fiber)
  "(fiber-join fiber): waits until FIBER has ended, and gives its value; what it raised is raised again."
  (if (not (fiber? fiber)) (%wrong-type 'fiber-join 1 "a fiber" fiber))
  (%join fiber)
  (%fiber-result fiber))

(define (%fiber-result fiber)
  "The value of FIBER, which has ended."
  (case (fiber-state fiber)
    ((done) (%fiber-value fiber))
    ((failed) (raise-object (%fiber-value fiber)))
    (else (error "the fiber was cancelled:" fiber))))

(define (cancel-fiber fiber)
  "(cancel-fiber fiber): ends FIBER where it is, after the afters of its dynamic-winds."
  (if (not (fiber? fiber)) (%wrong-type 'cancel-fiber 1 "a fiber" fiber))
  (if (eq? fiber (current-fiber))
      (%end-cancelled)
      (%interrupt-fiber! fiber %end-cancelled)))

(define (%end-cancelled)
  "Ends the running fiber after its winds."
  (%unwind (%dyn) #f '())
  (%end-fiber #t #f))

(define (interrupt-fiber fiber thunk)
  "(interrupt-fiber fiber thunk): calls THUNK in FIBER, soon; a call it waits in is made again afterwards."
  (%interrupt-fiber! fiber thunk))

(define (call-with-fibers thunk drain?)
  "(call-with-fibers thunk drain?): the values of (thunk), called in a fiber of a new group, when it has ended, and, if
DRAIN? is true, all fibers of the group have. What is left of the group then does not run any more."
  (if (not (procedure? thunk)) (%wrong-type 'call-with-fibers 1 "a procedure" thunk))
  (let* ((group (%make-group))
         (first (%spawn-fiber (lambda () (call-with-values thunk list)) group)))
    (dynamic-wind
      (lambda () #f)
      (lambda ()
        (%join first)
        (if drain?
            (let loop ()
              (if (> (%group-live group) 0)
                  (let ((wait (%open-wait)))
                    (%queue-push! group wait)
                    (%park wait)
                    (loop)))))
        (apply values (%fiber-result first)))
      (lambda () (%group-end! group)))))

(define (%option options key default)
  "What OPTIONS, keywords and values among other things, give for KEY, or DEFAULT."
  (cond ((not (pair? options)) default)
        ((and (eq? (car options) key) (pair? (cdr options))) (cadr options))
        (else (%option (cdr options) key default))))

(define (run-fibers . options)
  "(run-fibers thunk [#:hz n] [#:scheduler s] [#:parallelism n] [#:drain? flag]): the values of (thunk), called in a
fiber. All fibers share one thread, whatever parallelism asks for."
  (%set-suspendable! #t)
  (call-with-fibers (if (and (pair? options) (procedure? (car options))) (car options) (lambda () (if #f #f)))
                    (%option options #:drain? #f)))

;;; ---- Time limits ---------------------------------------------------------------------------------------------------

(define (with-timeout seconds thunk . on-timeout)
  "(with-timeout seconds thunk [on-timeout]): the values of (thunk), or, if that takes longer than so many seconds,
of (on-timeout). What THUNK waited for is given up, and nothing is closed. Without ON-TIMEOUT an error is raised."
  (if (not (procedure? thunk)) (%wrong-type 'with-timeout 2 "a procedure" thunk))
  (let ((late (if (pair? on-timeout)
                  (car on-timeout)
                  (lambda () (raise (%make-thrown 'timeout (list seconds)))))))
    (%call/cc
      (lambda (outside)
        (let ((limit #f) (live #f))
          (dynamic-wind
            (lambda ()
              (set! live #t)
              (set! limit (%set-limit! seconds
                            (lambda ()
                              (if live
                                  (begin
                                    (set! live 'late)
                                    (%escape outside late)))))))
            thunk
            (lambda ()
              (let ((was live))
                (set! live #f)
                (%lift-limit! limit (eq? was #t))))))))))
