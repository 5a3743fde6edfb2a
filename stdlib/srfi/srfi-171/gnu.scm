;;; (srfi srfi-171 gnu): two more transducers, as Guile has them.

(define-module (srfi srfi-171 gnu)
  #:use-module (srfi srfi-171)
  #:export (tbatch tfold))

(define tbatch
  (case-lambda
    ((reducer) (tbatch (lambda (r) r) reducer))
    ((transducer reducer)
     (lambda (outer)
       (let* ((inner (transducer reducer)) (value (inner)))
         (case-lambda
           (() (outer))
           ((result)
            (let ((last (inner value)))
              (if (equal? last (inner (inner)))
                  (outer result)
                  (let ((result (outer result last)))
                    (outer (if (reduced? result) (unreduce result) result))))))
           ((result input)
            (let ((next (inner value input)))
              (if (reduced? next)
                  (let ((batch (inner (unreduce next))))
                    (set! inner (transducer reducer))
                    (set! value (inner))
                    (outer result batch))
                  (begin (set! value next) result))))))))))

(define* (tfold reducer #:optional (seed (reducer)))
  "(tfold reducer [seed]): passes on the values that REDUCER has after each input."
  (lambda (outer)
    (let ((value seed))
      (case-lambda
        (() (outer))
        ((result) (outer result))
        ((result input)
         (set! value (reducer value input))
         (if (reduced? value)
             (reduced (outer (outer result (unreduce value))))
             (outer result value)))))))
