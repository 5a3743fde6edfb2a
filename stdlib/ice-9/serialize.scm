;;; (ice-9 serialize): parts of a program that one thread at a time runs. [Guile 1.8]

(define-module (ice-9 serialize)
  #:use-module (ice-9 threads)
  #:export (call-with-serialization call-with-parallelization serialize parallelize))

(define %lock (make-mutex))
(define %holder (make-fluid #f))

(define (call-with-serialization thunk)
  "(call-with-serialization thunk): the values of (thunk), while no other thread is in such a call."
  (if (fluid-ref %holder)
      (thunk)
      (dynamic-wind
        (lambda () (lock-mutex %lock))
        (lambda () (with-fluids ((%holder #t)) (thunk)))
        (lambda () (unlock-mutex %lock)))))

(define (call-with-parallelization thunk)
  "(call-with-parallelization thunk): the values of (thunk); meanwhile other threads may be in calls of call-with-serialization."
  (if (fluid-ref %holder)
      (dynamic-wind
        (lambda () (unlock-mutex %lock))
        (lambda () (with-fluids ((%holder #f)) (thunk)))
        (lambda () (lock-mutex %lock)))
      (thunk)))

(define-syntax serialize
  (syntax-rules ()
    ((_ body ...) (call-with-serialization (lambda () body ...)))))

(define-syntax parallelize
  (syntax-rules ()
    ((_ body ...) (call-with-parallelization (lambda () body ...)))))
