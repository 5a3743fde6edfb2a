;;; Processes, signals and time, as far as they call procedures or are made of others.
;;;
;;; Part of the base language, like base.scm: each definition begins in column 0 and is compiled when its name is first
;;; used. The machine itself calls %run-asyncs and %call-after-asyncs, when signals have come whose handlers are to run.

;;; ---- Asyncs ------------------------------------------------------------------------------------------------------

(define (%run-asyncs)
  "Runs the handlers of the signals that have come, and the thunks that were marked. Their values are dropped."
  (let ((next (%next-async)))
    (if next
        (begin
          (apply (car next) (cdr next))
          (%run-asyncs)))))

(define (%call-after-asyncs procedure . args)
  "Runs what %run-asyncs does, then makes the call that was broken off for it."
  (%run-asyncs)
  (apply procedure args))

(define (call-with-blocked-asyncs thunk)
  "(call-with-blocked-asyncs thunk): the values of (thunk); handlers of signals and other asyncs run after it, not in
it. [Guile: Asyncs]"
  (if (not (procedure? thunk)) (%wrong-type 'call-with-blocked-asyncs 1 "a procedure" thunk))
  (dynamic-wind
    (lambda () (%hold-asyncs 1))
    thunk
    (lambda () (%hold-asyncs -1))))

(define (call-with-unblocked-asyncs thunk)
  "(call-with-unblocked-asyncs thunk): the values of (thunk), in which asyncs run although call-with-blocked-asyncs
is held around it. [Guile: Asyncs]"
  (if (not (procedure? thunk)) (%wrong-type 'call-with-unblocked-asyncs 1 "a procedure" thunk))
  (if (<= (%hold-asyncs 0) 0) (%misc-error 'call-with-unblocked-asyncs "asyncs already unblocked"))
  (dynamic-wind
    (lambda () (%hold-asyncs -1))
    thunk
    (lambda () (%hold-asyncs 1))))

;;; ---- Waiting -----------------------------------------------------------------------------------------------------

(define (sleep seconds)
  "(sleep seconds): waits for so many SECONDS, which may have a fraction, or until a signal's handler has run. Gives
the whole seconds that were left then. [Guile: Signals]"
  (%sleep 'sleep seconds 1))

(define (usleep microseconds)
  "(usleep microseconds): waits for so many MICROSECONDS, or until a signal's handler has run. Gives the microseconds
that were left then. [Guile: Signals]"
  (%sleep 'usleep microseconds 1000000))

(define (%sleep who time units)
  "Waits for TIME, of which a second has so many UNITS; gives how much was left."
  (if (not (and (real? time) (>= time 0))) (%wrong-type who 1 "a real number that is not negative" time))
  (let ((deadline (and (< time 1e15) (+ (current-jiffy) (exact (ceiling (* time (/ 1000000000 units))))))))
    (if (and (%wait-for-signal deadline) deadline)
        (max 0 (quotient (* units (- deadline (current-jiffy))) 1000000000))
        0)))

;;; ---- The end -----------------------------------------------------------------------------------------------------

(define (exit . code)
  "(exit [code]): throws the key quit with CODE; if nobody catches that, runs the afters of all dynamic-winds and ends the
program. Its status is 0 for #t or no code, 1 for #f, else the integer. [R7RS 6.14, Guile: Processes]"
  (raise (%make-thrown 'quit code)))

(define (quit . code)
  "(quit [code]): the same as exit. [Guile: Processes]"
  (raise (%make-thrown 'quit code)))

(define (%unhandled object)
  "What becomes of OBJECT, which was raised and which no handler takes: of a thrown quit, the end of the program."
  (if (eq? (exception-kind object) 'quit)
      (let ((args (exception-args object)))
        (%unwind (%dyn) '())
        (%exit (if (pair? args) (car args) #t)))
      (%uncaught object)))
