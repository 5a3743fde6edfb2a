;;; (ice-9 threads): Guile's threads, mutexes and condition variables, over fibers. [Guile: Threads]
;;;
;;; A thread is a fiber: all run on one processor, in turns, and par-map and its like are no faster than map. An error
;;; that ends a thread is reported, and join-thread then raises it again, where Guile gives an unspecified value.

(define-library (ice-9 threads)
  (import (sockeye core))
  (export
    call-with-new-thread make-thread begin-thread current-thread thread? all-threads thread-exited? join-thread
    cancel-thread yield total-processor-count current-processor-count
    make-mutex make-recursive-mutex mutex? lock-mutex try-mutex unlock-mutex mutex-locked? mutex-owner mutex-level
    with-mutex call-with-mutex monitor
    make-condition-variable condition-variable? wait-condition-variable signal-condition-variable
    broadcast-condition-variable
    parallel letpar par-map par-for-each n-par-map n-par-for-each n-for-each-par-map)
  (begin

    ;; Threads.

    (define (call-with-new-thread thunk . handler)
      "(call-with-new-thread thunk [handler]): a new thread that calls THUNK. With HANDLER, what is thrown in it goes there."
      (if (not (procedure? thunk)) (%wrong-type 'call-with-new-thread 1 "a procedure" thunk))
      (%spawn-fiber (if (and (pair? handler) (car handler))
                  (lambda () (catch #t thunk (car handler)))
                  thunk)
              (%fiber-group (current-fiber))))

    (define (make-thread procedure . args)
      "(make-thread procedure arg ...): a new thread that applies PROCEDURE to ARGs."
      (call-with-new-thread (lambda () (apply procedure args))))

    (define-syntax begin-thread
      (syntax-rules ()
        ((_ form ...) (call-with-new-thread (lambda () form ...)))))

    (define (current-thread)
      "(current-thread): the thread that runs."
      (current-fiber))

    (define (thread? obj)
      "(thread? obj): whether OBJ is a thread."
      (fiber? obj))

    (define (all-threads)
      "(all-threads): the threads that have not ended, as far as they are known: this one and the main one."
      (if (eq? (current-fiber) (%main-fiber))
          (list (current-fiber))
          (list (current-fiber) (%main-fiber))))

    (define (thread-exited? thread)
      "(thread-exited? thread): whether THREAD has ended."
      (fiber-over? thread))

    (define (join-thread thread . more)
      "(join-thread thread [timeout [timeout-value]]): the value of THREAD once it has ended. TIMEOUT is an absolute time
in seconds, or a pair of seconds and microseconds, after which TIMEOUT-VALUE is the answer."
      (if (not (fiber? thread)) (%wrong-type 'join-thread 1 "a thread" thread))
      (if (eq? thread (current-fiber)) (%misc-error 'join-thread "can not join the current thread"))
      (let ((timeout (and (pair? more) (car more)))
            (late (and (pair? more) (pair? (cdr more)) (cadr more))))
        (let loop ()
          (cond ((fiber-over? thread)
                 (case (fiber-state thread)
                   ((done) (%fiber-value thread))
                   ((failed) (raise (%fiber-value thread)))
                   (else (if #f #f))))
                ((and timeout (<= (%seconds-until timeout) 0)) late)
                (else
                 (let ((wait (%open-wait)))
                   (%queue-push! (%fiber-joiners thread) wait)
                   (if timeout (%wake-after! wait (%seconds-until timeout)))
                   (%park wait)
                   (loop)))))))

    (define (%seconds-until time)
      "How many seconds there are until TIME: seconds since 1970, or a pair of these and microseconds."
      (let* ((now (gettimeofday))
             (elapsed (+ (car now) (/ (cdr now) 1000000))))
        (max 0 (- (if (pair? time) (+ (car time) (/ (cdr time) 1000000)) time) elapsed))))

    (define (cancel-thread thread . values)
      "(cancel-thread thread value ...): ends THREAD where it is, after the afters of its dynamic-winds."
      (cancel-fiber thread)
      (if #f #f))

    (define (yield)
      "(yield): lets every other thread that can run have a turn; whether it did."
      (%yield)
      #t)

    (define (total-processor-count)
      "(total-processor-count): how many processors threads can use."
      1)

    (define (current-processor-count)
      "(current-processor-count): how many processors threads can use."
      1)

    ;; Mutexes. Unlocking hands the mutex to the first in line, so that nobody starves.

    (define-record-type (<mutex> %keep-apart!) (%make-mutex owner level recursive? free-unlock? waiters)
      mutex?
      (owner mutex-owner %set-owner!)
      (level mutex-level %set-level!)
      (recursive? %recursive?)
      (free-unlock? %free-unlock?)
      (waiters %waiters))
    (%hide-fields! <mutex>)

    (define (make-mutex . flags)
      "(make-mutex [kind]): a new mutex. KIND may be the symbol recursive (its owner may lock it again) or
allow-external-unlock (others than its owner may unlock it)."
      (let ((kind (and (pair? flags) (car flags))))
        (if (not (memq kind '(#f recursive allow-external-unlock unchecked-unlock)))
            (%wrong-type 'make-mutex 1 "the symbol recursive or allow-external-unlock" kind))
        (%make-mutex #f 0 (eq? kind 'recursive) (memq kind '(allow-external-unlock unchecked-unlock)) (%make-queue))))

    (define (make-recursive-mutex)
      "(make-recursive-mutex): a new mutex that its owner may lock again."
      (make-mutex 'recursive))

    (define (mutex-locked? mutex)
      "(mutex-locked? mutex): whether somebody has it."
      (> (mutex-level mutex) 0))

    (define (%take! mutex)
      "Takes MUTEX if it can be had, and says whether."
      (%section)
      (let ((me (current-fiber)))
        (cond ((= (mutex-level mutex) 0)
               (%set-owner! mutex me)
               (%set-level! mutex 1)
               #t)
              ((not (eq? (mutex-owner mutex) me)) #f)
              ((%recursive? mutex)
               (%set-level! mutex (+ (mutex-level mutex) 1))
               #t)
              ((%free-unlock? mutex) #f)
              (else (%misc-error 'lock-mutex "mutex already locked by thread")))))

    (define (lock-mutex mutex . timeout)
      "(lock-mutex mutex [timeout]): waits until MUTEX can be had, and takes it: #t; #f if that was not before TIMEOUT, an
absolute time as for join-thread."
      (if (not (mutex? mutex)) (%wrong-type 'lock-mutex 1 "a mutex" mutex))
      (let ((timeout (and (pair? timeout) (car timeout))))
        (let loop ()
          (cond ((%take! mutex) #t)
                ((and timeout (<= (%seconds-until timeout) 0)) #f)
                (else
                 (let ((wait (%open-wait)))
                   (%queue-push! (%waiters mutex) wait)
                   (if timeout (%wake-after! wait (%seconds-until timeout)))
                   ;; Whoever unlocks it wakes us as its owner.
                   (if (%await-turn mutex wait)
                       #t
                       (loop))))))))

    (define (%await-turn mutex wait)
      "Parks in WAIT; whether MUTEX has been handed over. It is given back if this thread is called away at that moment."
      (let ((mine #f))
        (dynamic-wind
          (lambda () #f)
          (lambda ()
            (set! mine (eq? (%park wait) 'yours))
            mine)
          (lambda ()
            (if (and (not mine) (eq? (mutex-owner mutex) (current-fiber)))
                (%release! mutex))))))

    (define (try-mutex mutex)
      "(try-mutex mutex): takes MUTEX if it can be had at once, and says whether."
      (if (not (mutex? mutex)) (%wrong-type 'try-mutex 1 "a mutex" mutex))
      (if (and (eq? (mutex-owner mutex) (current-fiber)) (not (%recursive? mutex)))
          #f
          (%take! mutex)))

    (define (%release! mutex)
      "Gives MUTEX to the first in line, or to nobody."
      (%section)
      (let ((next (%queue-wake-one! (%waiters mutex) 'yours)))
        (%set-owner! mutex next)
        (%set-level! mutex (if next 1 0))))

    (define (unlock-mutex mutex . more)
      "(unlock-mutex mutex): gives MUTEX back: #t."
      (if (not (mutex? mutex)) (%wrong-type 'unlock-mutex 1 "a mutex" mutex))
      (cond ((= (mutex-level mutex) 0)
             (if (not (%free-unlock? mutex)) (%misc-error 'unlock-mutex "mutex not locked")))
            ((and (not (eq? (mutex-owner mutex) (current-fiber))) (not (%free-unlock? mutex)))
             (%misc-error 'unlock-mutex "mutex not locked by current thread"))
            ((> (mutex-level mutex) 1) (%set-level! mutex (- (mutex-level mutex) 1)))
            (else (%release! mutex)))
      #t)

    (define (call-with-mutex mutex thunk)
      "(call-with-mutex mutex thunk): the values of (thunk), which has MUTEX meanwhile."
      (dynamic-wind
        (lambda () (lock-mutex mutex))
        thunk
        (lambda () (unlock-mutex mutex))))

    (define-syntax with-mutex
      (syntax-rules ()
        ((_ mutex form ...) (call-with-mutex mutex (lambda () form ...)))))

    ;; One mutex for each place in the program where the form stands.
    (define-syntax monitor
      (syntax-rules ()
        ((_ form ...)
         (call-with-mutex (%monitor-of (quote (form ...))) (lambda () form ...)))))

    (define %monitors (list #f))

    (define (%monitor-of place)
      "The mutex of a monitor form, known by its datum."
      (%section)
      (let ((known (assq place (cdr %monitors))))
        (if known
            (cdr known)
            (let ((mutex (make-mutex 'recursive)))
              (set-cdr! %monitors (cons (cons place mutex) (cdr %monitors)))
              mutex))))

    ;; Condition variables.

    (define-record-type (<condition-variable> %keep-apart!) (%make-condition-variable sleepers)
      condition-variable?
      (sleepers %sleepers))
    (%hide-fields! <condition-variable>)

    (define (make-condition-variable)
      "(make-condition-variable): a new condition variable."
      (%make-condition-variable (%make-queue)))

    (define (wait-condition-variable variable mutex . timeout)
      "(wait-condition-variable variable mutex [timeout]): gives MUTEX back, waits until VARIABLE is signalled, and takes
MUTEX again: #t; #f if it was not signalled before TIMEOUT, an absolute time as for join-thread."
      (if (not (condition-variable? variable))
          (%wrong-type 'wait-condition-variable 1 "a condition variable" variable))
      (if (not (mutex? mutex)) (%wrong-type 'wait-condition-variable 2 "a mutex" mutex))
      (let ((timeout (and (pair? timeout) (car timeout)))
            (wait (%open-wait)))
        (%queue-push! (%sleepers variable) wait)
        (if timeout (%wake-after! wait (%seconds-until timeout)))
        (unlock-mutex mutex)
        (let ((woken (%park wait)))
          (lock-mutex mutex)
          (not (and timeout (eq? woken #t))))))

    (define (signal-condition-variable variable)
      "(signal-condition-variable variable): wakes one who waits for VARIABLE, if there is one: #t."
      (%queue-wake-one! (%sleepers variable) 'signalled)
      #t)

    (define (broadcast-condition-variable variable)
      "(broadcast-condition-variable variable): wakes all who wait for VARIABLE: #t."
      (%queue-wake-all! (%sleepers variable) 'signalled)
      #t)

    ;; Several things at once.

    (define (%parallel thunks)
      "The values of THUNKS, each called in a thread of its own, as a list."
      (map (lambda (fiber) (fiber-join fiber))
           (map (lambda (thunk) (%spawn-fiber thunk (%fiber-group (current-fiber)))) thunks)))

    (define-syntax parallel
      (syntax-rules ()
        ((_ form ...) (apply values (%parallel (list (lambda () form) ...))))))

    (define-syntax letpar
      (syntax-rules ()
        ((_ ((name form) ...) body ...)
         (call-with-values (lambda () (parallel form ...))
           (lambda (name ...) body ...)))))

    (define (par-map f . lists)
      "(par-map f list ...): as map, each call in a thread of its own."
      (%parallel (apply map (lambda args (lambda () (apply f args))) lists)))

    (define (par-for-each f . lists)
      "(par-for-each f list ...): as for-each, each call in a thread of its own."
      (apply par-map f lists)
      (if #f #f))

    (define (%n-parallel n thunks)
      "The values of THUNKS as a list, at most N of them at work at once."
      (let* ((results (make-vector (length thunks) #f))
             (left (list->vector thunks))
             (next 0))
        (define (work)
          (%section)
          (let ((i next))
            (if (< i (vector-length left))
                (begin
                  (set! next (+ i 1))
                  (vector-set! results i ((vector-ref left i)))
                  (work)))))
        (let start ((workers (min n (length thunks))) (started '()))
          (if (> workers 0)
              (start (- workers 1) (cons (%spawn-fiber work (%fiber-group (current-fiber))) started))
              (for-each (lambda (fiber) (fiber-join fiber)) started)))
        (vector->list results)))

    (define (n-par-map n f . lists)
      "(n-par-map n f list ...): as par-map, with at most N threads."
      (%n-parallel n (apply map (lambda args (lambda () (apply f args))) lists)))

    (define (n-par-for-each n f . lists)
      "(n-par-for-each n f list ...): as par-for-each, with at most N threads."
      (apply n-par-map n f lists)
      (if #f #f))

    (define (n-for-each-par-map n s-proc p-proc . lists)
      "(n-for-each-par-map n s-proc p-proc list ...): calls S-PROC on each result of P-PROC, in the order of the lists;
at most N calls of P-PROC are at work at once."
      (for-each s-proc (apply n-par-map n p-proc lists)))))
