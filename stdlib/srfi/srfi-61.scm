;;; (srfi srfi-61): cond with clauses (GENERATOR GUARD => RECEIVER). [SRFI 61]

(define-module (srfi srfi-61)
  #:replace (cond))

;; As the core's cond; a clause (GENERATOR GUARD => RECEIVER) hands the values of GENERATOR to RECEIVER if GUARD is true of them.
(define-syntax cond
  (syntax-rules (=> else)
    ((_) (if #f #f))
    ((_ (else body ...)) (begin body ...))
    ((_ (generator guard => receiver) clause ...)
     (call-with-values (lambda () generator)
       (lambda vals
         (if (apply guard vals)
             (apply receiver vals)
             (cond clause ...)))))
    ((_ (test => receiver) clause ...)
     (let ((value test)) (if value (receiver value) (cond clause ...))))
    ((_ (test)) test)
    ((_ (test) clause ...) (or test (cond clause ...)))
    ((_ (test body ...) clause ...) (if test (begin body ...) (cond clause ...)))))
