;;; (srfi srfi-45): promises that chains of which take no space. [SRFI 45]
;;;
;;; lazy is R7RS's delay-force, and eager its make-promise, but for promises of promises.

(define-module (srfi srfi-45)
  #:re-export (delay force promise?)
  #:export (lazy eager))

;; (lazy EXPRESSION): a promise of what the promise that EXPRESSION gives is a promise of.
(define-syntax-rule (lazy expression) (delay-force expression))

(define (eager obj)
  "(eager obj): a promise whose value is OBJ already."
  (%make-promise #t obj))
