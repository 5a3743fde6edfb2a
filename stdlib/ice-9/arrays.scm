;;; (ice-9 arrays): copies of arrays. [Guile: Arrays]

(define-module (ice-9 arrays)
  #:export (array-copy))

(define (array-copy array)
  "(array-copy array): a new array of the same type, bounds and elements."
  (let ((copy (apply make-typed-array (array-type array) (if #f #f) (array-shape array))))
    (array-copy! array copy)
    copy))
