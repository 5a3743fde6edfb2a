;;; (ice-9 futures): values that are computed beside the program. [Guile: Futures]
;;;
;;; A future is computed by a thread; touch waits for it, and raises what it has raised.

(define-module (ice-9 futures)
  #:use-module (ice-9 threads)
  #:export (make-future future? touch future))

(define %future-type (%keep-apart! (%make-record-type 'future #(thread))))

(define (make-future thunk)
  "(make-future thunk): a future of the values of (thunk)."
  (%record %future-type
           (call-with-new-thread
             (lambda ()
               (call/cc
                 (lambda (return)
                   (with-exception-handler
                     (lambda (error) (return (cons 'failed error)))
                     (lambda () (cons 'done (call-with-values thunk list))))))))))

(define (future? obj)
  "(future? obj): whether OBJ is a future."
  (%record? obj %future-type))

(define (touch future)
  "(touch future): the values of FUTURE, when they are there."
  (let ((outcome (join-thread (%record-ref future %future-type 0 'touch))))
    (if (eq? (car outcome) 'done)
        (apply values (cdr outcome))
        (raise-exception (cdr outcome)))))

;; (future EXPRESSION): a future of the expression's values.
(define-syntax future
  (syntax-rules ()
    ((_ expression) (make-future (lambda () expression)))))
