;;; (srfi 18): threads that are made, started and joined, mutexes that can be abandoned. [SRFI 18]
;;;
;;; A thread is a fiber. What a thread raises and does not handle is not reported: thread-join! tells of it.

(define-library (srfi 18)
  (import (sockeye core))
  (export
    current-thread thread? make-thread thread-name thread-specific thread-specific-set! thread-start! thread-yield!
    thread-sleep! thread-terminate! thread-join!
    mutex? make-mutex mutex-name mutex-specific mutex-specific-set! mutex-state mutex-lock! mutex-unlock!
    condition-variable? make-condition-variable condition-variable-name condition-variable-specific
    condition-variable-specific-set! condition-variable-signal! condition-variable-broadcast!
    current-time time? time->seconds seconds->time
    with-exception-handler current-exception-handler (rename raise-object raise)
    join-timeout-exception? abandoned-mutex-exception? terminated-thread-exception? uncaught-exception?
    uncaught-exception-reason)
  (begin

    ;; Time.

    (define-record-type <time> (seconds->time seconds)
      time?
      (seconds time->seconds))

    (define (current-exception-handler)
      "(current-exception-handler): what raise would call here: a procedure that raises its argument as it would be raised here."
      (let ((handlers (%handlers)))
        (if (pair? handlers)
            (car handlers)
            raise)))

    (define (current-time)
      "(current-time): the present as a time object."
      (let ((now (gettimeofday)))
        (seconds->time (+ (car now) (/ (cdr now) 1000000)))))

    (define (%seconds-left timeout)
      "How long TIMEOUT, a time object or a number of seconds from now, is away."
      (if (time? timeout)
          (max 0 (- (time->seconds timeout) (time->seconds (current-time))))
          (max 0 timeout)))

    (define (%deadline timeout)
      "TIMEOUT as a time object; #f if there is none."
      (cond ((not timeout) #f)
            ((time? timeout) timeout)
            (else (seconds->time (+ (time->seconds (current-time)) timeout)))))

    (define (%late? deadline)
      "Whether DEADLINE, if there is one, has passed."
      (and deadline (<= (%seconds-left deadline) 0)))

    (define (%optional args k default)
      "Number K of ARGS, if it was given."
      (cond ((not (pair? args)) default)
            ((= k 0) (car args))
            (else (%optional (cdr args) (- k 1) default))))

    ;; Exceptions.

    (define-record-type <trouble> (%make-trouble kind reason)
      %trouble?
      (kind %trouble-kind)
      (reason %trouble-reason))

    (define (%trouble-of? kind obj)
      "Whether OBJ is an exception of this library of that KIND."
      (and (%trouble? obj) (eq? (%trouble-kind obj) kind)))

    (define (join-timeout-exception? obj)
      "(join-timeout-exception? obj): whether thread-join! raised OBJ because its time was over."
      (%trouble-of? 'join-timeout obj))

    (define (abandoned-mutex-exception? obj)
      "(abandoned-mutex-exception? obj): whether mutex-lock! raised OBJ because the owner had ended."
      (%trouble-of? 'abandoned-mutex obj))

    (define (terminated-thread-exception? obj)
      "(terminated-thread-exception? obj): whether thread-join! raised OBJ because the thread was terminated."
      (%trouble-of? 'terminated-thread obj))

    (define (uncaught-exception? obj)
      "(uncaught-exception? obj): whether thread-join! raised OBJ because of what the thread had not handled."
      (%trouble-of? 'uncaught obj))

    (define (uncaught-exception-reason exception)
      "(uncaught-exception-reason exception): what the thread had raised."
      (%trouble-reason exception))

    ;; Threads.

    (define (%note thread key)
      "What is kept about THREAD under KEY, or #f."
      (let ((entry (assq key (%fiber-notes thread))))
        (and entry (cdr entry))))

    (define (%note! thread key value)
      "Keeps VALUE about THREAD under KEY."
      (%section)
      (let ((entry (assq key (%fiber-notes thread))))
        (if entry
            (set-cdr! entry value)
            (%set-fiber-notes! thread (cons (cons key value) (%fiber-notes thread))))))

    (define (current-thread)
      "(current-thread): the thread that runs."
      (current-fiber))

    (define (thread? obj)
      "(thread? obj): whether OBJ is a thread."
      (fiber? obj))

    (define (make-thread thunk . name)
      "(make-thread thunk [name]): a new thread, which calls THUNK once it is started."
      (if (not (procedure? thunk)) (%wrong-type 'make-thread 1 "a procedure" thunk))
      (let* ((start (%make-queue))
             (thread (%spawn-fiber (lambda ()
                               (%await-start start)
                               (guard (raised (#t (%note! (current-fiber) 'raised (list raised))))
                                 (thunk)))
                             #f)))
        (%note! thread 'start start)
        (%note! thread 'name (%optional name 0 #f))
        thread))

    (define (%await-start start)
      "Waits until thread-start! has been called for the running thread."
      (if (not (%note (current-fiber) 'started))
          (let ((wait (%open-wait)))
            (%queue-push! start wait)
            (%park wait)
            (%await-start start))))

    (define (thread-name thread)
      "(thread-name thread): the name it was made with, or #f."
      (%note thread 'name))

    (define (thread-specific thread)
      "(thread-specific thread): what thread-specific-set! has kept there."
      (%note thread 'specific))

    (define (thread-specific-set! thread obj)
      "(thread-specific-set! thread obj): keeps OBJ with THREAD."
      (%note! thread 'specific obj))

    (define (thread-start! thread)
      "(thread-start! thread): lets a new thread run: THREAD."
      (if (not (fiber? thread)) (%wrong-type 'thread-start! 1 "a thread" thread))
      (if (not (%note thread 'start)) (error "thread-start!: this thread was not made by make-thread:" thread))
      (if (%note thread 'started) (error "thread-start!: this thread has been started:" thread))
      (%note! thread 'started #t)
      (%queue-wake-all! (%note thread 'start) #t)
      thread)

    (define (thread-yield!)
      "(thread-yield!): lets every other thread that can run have a turn."
      (%yield))

    (define (thread-sleep! timeout)
      "(thread-sleep! timeout): waits until the time TIMEOUT, or so many seconds."
      (if (not (or (time? timeout) (real? timeout))) (%wrong-type 'thread-sleep! 1 "a time or a real number" timeout))
      (sleep (%seconds-left timeout))
      (if #f #f))

    (define (thread-terminate! thread)
      "(thread-terminate! thread): ends THREAD where it is, after the afters of its dynamic-winds, and waits for that."
      (if (not (fiber? thread)) (%wrong-type 'thread-terminate! 1 "a thread" thread))
      (if (not (fiber-over? thread)) (%note! thread 'terminated #t))
      (cancel-fiber thread)
      (%join thread))

    (define (thread-join! thread . more)
      "(thread-join! thread [timeout [value]]): the value of THREAD once it has ended. After TIMEOUT it is VALUE; without
VALUE that raises a join-timeout-exception. A thread that did not return raises an exception here that tells how."
      (if (not (fiber? thread)) (%wrong-type 'thread-join! 1 "a thread" thread))
      (let ((deadline (%deadline (%optional more 0 #f))))
        (let loop ()
          (cond ((fiber-over? thread)
                 (cond ((%note thread 'raised)
                        => (lambda (raised) (raise (%make-trouble 'uncaught (car raised)))))
                       ((eq? (fiber-state thread) 'done) (%fiber-value thread))
                       ((eq? (fiber-state thread) 'failed)
                        (raise (%make-trouble 'uncaught (%fiber-value thread))))
                       (else (raise (%make-trouble 'terminated-thread thread)))))
                ((%late? deadline)
                 (if (and (pair? more) (pair? (cdr more)))
                     (cadr more)
                     (raise (%make-trouble 'join-timeout thread))))
                (else
                 (let ((wait (%open-wait)))
                   (%queue-push! (%fiber-joiners thread) wait)
                   (if deadline (%wake-after! wait (%seconds-left deadline)))
                   (%park wait)
                   (loop)))))))

    ;; Mutexes.

    (define-record-type (<mutex> %keep-apart!) (%make-mutex name specific locked? owner waiters)
      mutex?
      (name mutex-name)
      (specific mutex-specific mutex-specific-set!)
      (locked? %locked? %set-locked!)
      (owner %owner %set-owner!)
      (waiters %waiters))
    (%hide-fields! <mutex>)

    (define (make-mutex . name)
      "(make-mutex [name]): a new mutex that nobody has."
      (%make-mutex (%optional name 0 #f) #f #f #f (%make-queue)))

    (define (%abandoned? mutex)
      "Whether the owner of MUTEX has ended with it."
      (and (%locked? mutex) (%owner mutex) (fiber-over? (%owner mutex))))

    (define (mutex-state mutex)
      "(mutex-state mutex): its owner; not-owned if it is locked without one, abandoned if its owner has ended;
not-abandoned if it is not locked."
      (cond ((%abandoned? mutex) 'abandoned)
            ((not (%locked? mutex)) 'not-abandoned)
            (else (or (%owner mutex) 'not-owned))))

    (define (%own! mutex owner)
      "Locks MUTEX for OWNER, a thread or #f. One that has ended owns nothing."
      (if (and owner (fiber-over? owner))
          (%set-locked! mutex #f)
          (begin
            (%set-locked! mutex #t)
            (%set-owner! mutex owner))))

    (define (mutex-lock! mutex . more)
      "(mutex-lock! mutex [timeout [thread]]): waits until MUTEX is not locked, and locks it for THREAD, without an owner if
that is #f, and for this one if it is not given: #t; #f after TIMEOUT. If the owner has ended, an exception tells."
      (if (not (mutex? mutex)) (%wrong-type 'mutex-lock! 1 "a mutex" mutex))
      (let ((deadline (%deadline (%optional more 0 #f)))
            (owner (%optional more 1 (current-fiber))))
        (let loop ()
          (%section)
          (cond ((%abandoned? mutex)
                 (%own! mutex owner)
                 (raise (%make-trouble 'abandoned-mutex mutex)))
                ((not (%locked? mutex))
                 (%own! mutex owner)
                 #t)
                ((%late? deadline) #f)
                (else
                 (let ((wait (%open-wait)))
                   (%queue-push! (%waiters mutex) wait)
                   (if (%owner mutex) (%queue-push! (%fiber-joiners (%owner mutex)) wait))
                   (if deadline (%wake-after! wait (%seconds-left deadline)))
                   (%await-turn mutex wait)
                   (loop)))))))

    (define (%await-turn mutex wait)
      "Parks in WAIT. If this thread is called away just when MUTEX was unlocked for it, the next in line has its turn."
      (let ((back #f))
        (dynamic-wind
          (lambda () #f)
          (lambda ()
            (%park wait)
            (set! back #t))
          (lambda ()
            (if (and (not back) (%wait-over? wait) (not (%locked? mutex)))
                (%queue-wake-one! (%waiters mutex) #t))))))

    (define (mutex-unlock! mutex . more)
      "(mutex-unlock! mutex [condition-variable [timeout]]): unlocks MUTEX; with CONDITION-VARIABLE, waits until that is
signalled, at most until TIMEOUT: #t, or #f if the time was over."
      (if (not (mutex? mutex)) (%wrong-type 'mutex-unlock! 1 "a mutex" mutex))
      (let ((variable (%optional more 0 #f))
            (timeout (%optional more 1 #f)))
        (if variable
            (let ((wait (%open-wait)))
              (%queue-push! (%sleepers variable) wait)
              (if timeout (%wake-after! wait (%seconds-left timeout)))
              (%unlock! mutex)
              (eq? (%park wait) 'signalled))
            (begin
              (%unlock! mutex)
              #t))))

    (define (%unlock! mutex)
      "Unlocks MUTEX, and wakes the first who waits for it."
      (%section)
      (%set-locked! mutex #f)
      (%set-owner! mutex #f)
      (%queue-wake-one! (%waiters mutex) #t))

    ;; Condition variables.

    (define-record-type (<condition-variable> %keep-apart!) (%make-condition-variable name specific sleepers)
      condition-variable?
      (name condition-variable-name)
      (specific condition-variable-specific condition-variable-specific-set!)
      (sleepers %sleepers))
    (%hide-fields! <condition-variable>)

    (define (make-condition-variable . name)
      "(make-condition-variable [name]): a new condition variable."
      (%make-condition-variable (%optional name 0 #f) #f (%make-queue)))

    (define (condition-variable-signal! variable)
      "(condition-variable-signal! condition-variable): wakes one who waits for it, if there is one."
      (%queue-wake-one! (%sleepers variable) 'signalled)
      (if #f #f))

    (define (condition-variable-broadcast! variable)
      "(condition-variable-broadcast! condition-variable): wakes all who wait for it."
      (%queue-wake-all! (%sleepers variable) 'signalled)
      (if #f #f))))
