;;; Fibers, operations, channels, conditions, time limits, mutexes and condition variables.
;;;
;;; All of it stands on waits (see src/fiber): a fiber opens one, puts it where others will find it, and parks in it. An
;;; operation that waits for several things puts one entry for each: #(wait base-operation message). Whoever ends the
;;; wait says by which entry. What builtins do here is one step; where several steps must not be interrupted, they begin
;;; with (%section).

(define (%run-asyncs thunks action value)
  "Where the machine goes in a fiber that was interrupted: calls THUNKS, then goes on with the call ACTION or with VALUE."
  (for-each (lambda (thunk) (thunk)) thunks)
  (if (pair? action)
      (apply (car action) (cdr action))
      value))

;;; ---- Fibers ------------------------------------------------------------------------------------------------------

(define (spawn-fiber thunk . options)
  "(spawn-fiber thunk [scheduler] [#:parallel? flag]): a new fiber that calls THUNK while others wait; the fiber."
  (if (not (procedure? thunk)) (%wrong-type 'spawn-fiber 1 "a procedure" thunk))
  (%spawn thunk (%fiber-group (current-fiber))))

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
    ((failed) (raise (%fiber-value fiber)))
    (else (error "the fiber was cancelled:" fiber))))

(define (cancel-fiber fiber)
  "(cancel-fiber fiber): ends FIBER where it is, after the afters of its dynamic-winds."
  (if (not (fiber? fiber)) (%wrong-type 'cancel-fiber 1 "a fiber" fiber))
  (if (eq? fiber (current-fiber))
      (%end-cancelled)
      (%interrupt-fiber! fiber %end-cancelled)))

(define (%end-cancelled)
  "Ends the running fiber after its winds."
  (%unwind (%dyn) '())
  (%end-fiber #t #f))

(define (interrupt-fiber fiber thunk)
  "(interrupt-fiber fiber thunk): calls THUNK in FIBER, soon; a call it waits in is made again afterwards."
  (%interrupt-fiber! fiber thunk))

(define (call-with-fibers thunk drain?)
  "(call-with-fibers thunk drain?): the values of (thunk), called in a fiber of a new group, when it has ended, and, if
DRAIN? is true, all fibers of the group have. What is left of the group then does not run any more."
  (if (not (procedure? thunk)) (%wrong-type 'call-with-fibers 1 "a procedure" thunk))
  (let* ((group (%make-group))
         (first (%spawn (lambda () (call-with-values thunk list)) group)))
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

;;; ---- Operations --------------------------------------------------------------------------------------------------
;;;
;;; A base operation is #(tag wrap try enter custom?): (try) gives #f or a thunk of the values, (enter entry) puts an
;;; entry where it will be found. WRAP is #f or a procedure the values go through. For those of make-base-operation
;;; enter is called as Guile has it, with a flag, a scheduler and a procedure that resumes.

(define-record-type <operation> (%make-operation wrap try enter custom? choices)
  operation?
  (wrap %operation-wrap)
  (try %operation-try)
  (enter %operation-enter)
  (custom? %operation-custom?)
  (choices %operation-choices))

(define (make-base-operation wrap try block)
  "(make-base-operation wrap try block): the operation for which (try) gives #f or a thunk of its values; to wait, (block
flag scheduler resume) arranges that (resume thunk) is called once it can go on. WRAP, if not #f, takes the values."
  (%make-operation wrap try block #t #f))

(define (%base-operation try enter)
  "An operation of this library."
  (%make-operation #f try enter #f #f))

(define (wrap-operation operation f)
  "(wrap-operation operation f): as OPERATION, but its values go through F."
  (if (not (operation? operation)) (%wrong-type 'wrap-operation 1 "an operation" operation))
  (let ((choices (%operation-choices operation))
        (wrap (%operation-wrap operation)))
    (if choices
        (%make-operation #f #f #f #f (map (lambda (choice) (wrap-operation choice f)) choices))
        (%make-operation (if wrap (lambda vals (call-with-values (lambda () (apply wrap vals)) f)) f)
                         (%operation-try operation) (%operation-enter operation) (%operation-custom? operation) #f))))

(define (choice-operation . operations)
  "(choice-operation operation ...): goes on with whichever of the operations can first, and does no other."
  (%make-operation #f #f #f #f
    (append-map (lambda (operation)
                  (if (not (operation? operation)) (%wrong-type 'choice-operation 1 "an operation" operation))
                  (or (%operation-choices operation) (list operation)))
                operations)))

(define (%finish operation thunk)
  "The values of THUNK, as OPERATION passes them on."
  (let ((wrap (%operation-wrap operation)))
    (if wrap (call-with-values thunk wrap) (thunk))))

(define (perform-operation operation)
  "(perform-operation operation): waits until the operation can be done, and gives its values."
  (if (not (operation? operation)) (%wrong-type 'perform-operation 1 "an operation" operation))
  (let* ((choices (or (%operation-choices operation) (list operation)))
         (choices (if (and (pair? choices) (pair? (cdr choices))) (%rotate choices) choices)))
    (let try ((l choices))
      (if (null? l)
          (%block choices)
          (let ((thunk ((%operation-try (car l)))))
            (if thunk
                (%finish (car l) thunk)
                (try (cdr l))))))))

(define (%rotate list)
  "LIST from a random place on, and then what was before: no choice is always asked first."
  (let ((k (random (length list))))
    (append (list-tail list k) (list-head list k))))

(define (%block choices)
  "Waits for one of the operations CHOICES."
  (let ((wait (%open-wait)))
    (let enter ((l choices))
      (if (and (pair? l) (not (%wait-over? wait)))
          (let* ((operation (car l))
                 (entry (vector wait operation #f)))
            (if (%operation-custom? operation)
                ((%operation-enter operation) (%make-flag wait) #f (lambda (thunk) (%wake! entry thunk)))
                ((%operation-enter operation) entry))
            (enter (cdr l)))))
    (let ((woken (%park wait)))
      (if (not (pair? woken))
          ;; Interrupted: whatever it was, it has not happened.
          (perform-operation (%make-operation #f #f #f #f choices))
          (let ((operation (vector-ref (car woken) 1))
                (value (cdr woken)))
            (%finish operation (if (%operation-custom? operation) value (lambda () value))))))))

(define (%make-flag wait)
  "What make-base-operation's block procedures get as their flag: an atomic box that tells whether the wait is over."
  (%make-box (if (%wait-over? wait) 'S 'W)))

;;; ---- Time --------------------------------------------------------------------------------------------------------

(define (sleep-operation seconds)
  "(sleep-operation seconds): the operation of waiting so long."
  (%base-operation
    (if (> seconds 0) (lambda () #f) (lambda () values))
    (lambda (entry) (%wake-after! entry seconds))))

(define (timer-operation expiry)
  "(timer-operation expiry): the operation of waiting until get-internal-real-time is EXPIRY."
  (%base-operation
    (lambda () (and (>= (get-internal-real-time) expiry) values))
    (lambda (entry)
      (%wake-after! entry (max 0 (/ (- expiry (get-internal-real-time)) internal-time-units-per-second))))))

(define (with-timeout seconds thunk . on-timeout)
  "(with-timeout seconds thunk [on-timeout]): the values of (thunk), or, if that takes longer than so many seconds, of
(on-timeout). What THUNK waited for is given up, and nothing is closed. Without ON-TIMEOUT an error is raised."
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

;;; ---- Channels ----------------------------------------------------------------------------------------------------

(define-record-type <channel> (%make-channel getters putters)
  channel?
  (getters %channel-getters)
  (putters %channel-putters))

(define (make-channel . ignored)
  "(make-channel): a new channel, over which fibers hand each other messages, one waiting for the other."
  (%make-channel (%make-queue) (%make-queue)))

(define (put-message channel message)
  "(put-message channel message): hands MESSAGE to a fiber that gets from CHANNEL; waits for one."
  (if (not (channel? channel)) (%wrong-type 'put-message 1 "a channel" channel))
  (let loop ()
    (if (not (%channel-give! (%channel-getters channel) message #f))
        (let ((wait (%open-wait)))
          (%channel-enter-putter! (%channel-putters channel) (%channel-getters channel) (vector wait #f message))
          (if (not (pair? (%park wait))) (loop))))))

(define (get-message channel)
  "(get-message channel): the next message that a fiber puts to CHANNEL; waits for one."
  (if (not (channel? channel)) (%wrong-type 'get-message 1 "a channel" channel))
  (let ((message (%channel-take! (%channel-putters channel) #f)))
    (if message
        (%box-ref message)
        (let loop ()
          (let ((wait (%open-wait)))
            (%channel-enter-getter! (%channel-putters channel) (%channel-getters channel) (vector wait))
            (let ((woken (%park wait)))
              (if (pair? woken) (cdr woken) (get-message channel))))))))

(define (put-operation channel message)
  "(put-operation channel message): the operation of put-message."
  (if (not (channel? channel)) (%wrong-type 'put-operation 1 "a channel" channel))
  (%base-operation
    (lambda () (and (%channel-give! (%channel-getters channel) message #f) values))
    (lambda (entry)
      (vector-set! entry 2 message)
      (%channel-enter-putter! (%channel-putters channel) (%channel-getters channel) entry))))

(define (get-operation channel)
  "(get-operation channel): the operation of get-message."
  (if (not (channel? channel)) (%wrong-type 'get-operation 1 "a channel" channel))
  (%base-operation
    (lambda ()
      (let ((message (%channel-take! (%channel-putters channel) #f)))
        (and message (lambda () (%box-ref message)))))
    (lambda (entry)
      (%channel-enter-getter! (%channel-putters channel) (%channel-getters channel) entry))))

;;; ---- Conditions --------------------------------------------------------------------------------------------------

(define-record-type <signal> (%make-signal on? waiters)
  condition-variable-of-fibers?
  (on? %signal-on? %set-signal-on?!)
  (waiters %signal-waiters))
