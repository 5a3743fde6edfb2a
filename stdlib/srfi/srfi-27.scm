;;; (srfi srfi-27): sources of random numbers. [SRFI 27]
;;;
;;; A source is one of Guile's random states. None of the numbers is for secrets.

(define-module (srfi srfi-27)
  #:export (random-integer random-real default-random-source make-random-source random-source? random-source-state-ref
            random-source-state-set! random-source-randomize! random-source-pseudo-randomize! random-source-make-integers
            random-source-make-reals))

(define (random-integer n)
  "(random-integer n): a random integer from 0 to below N."
  (%random-below n default-random-source))

(define (random-real)
  "(random-real): a random float between 0 and 1."
  (%random-between default-random-source 1.0))

(define default-random-source (%default-random-state))

(define (make-random-source)
  "(make-random-source): a new source, which gives the same numbers as every other new one."
  (seed->random-state 0))

(define (random-source? obj)
  "(random-source? obj): whether OBJ is a source of random numbers."
  (%random-state? obj))

(define (random-source-state-ref source)
  "(random-source-state-ref source): what the numbers that SOURCE will give follow from, as a datum."
  (random-state->datum source))

(define (random-source-state-set! source state)
  "(random-source-state-set! source state): makes SOURCE go on from STATE, which random-source-state-ref gave."
  (%random-state-set! source state))

(define (random-source-randomize! source)
  "(random-source-randomize! source): makes SOURCE give numbers that nobody foresees."
  (%random-state-seed! source))

(define (random-source-pseudo-randomize! source i j)
  "(random-source-pseudo-randomize! source i j): makes SOURCE give the numbers that belong to the indices I and J."
  (%random-state-seed! source (string-append (number->string i) "," (number->string j))))

(define (random-source-make-integers source)
  "(random-source-make-integers source): a procedure like random-integer, with numbers from SOURCE."
  (lambda (n) (%random-below n source)))

(define* (random-source-make-reals source #:optional unit)
  "(random-source-make-reals source [unit]): a procedure like random-real, with numbers from SOURCE; multiples of UNIT if that is
given."
  (lambda () (%random-between source unit)))

(define (%random-below n source)
  (if (not (and (exact-integer? n) (> n 0))) (%wrong-type 'random-integer 1 "an exact integer above 0" n))
  (random n source))

(define (%random-between source unit)
  (let ((x (random 1.0 source)))
    (if (= x 0.0) (%random-between source unit) x)))
