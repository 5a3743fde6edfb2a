;;; (ice-9 list): looking an association list up by its values. [Guile]

(define-module (ice-9 list)
  #:export (rassoc rassv rassq))

(define (%by-value value alist same?)
  "The first pair of ALIST whose cdr is SAME? as VALUE, or #f."
  (find (lambda (pair) (same? value (cdr pair))) alist))

(define* (rassoc value alist #:optional (same? equal?))
  "(rassoc value alist [same?]): the first pair of ALIST whose cdr is equal to VALUE, or #f."
  (%by-value value alist same?))

(define (rassv value alist)
  "(rassv value alist): the first pair of ALIST whose cdr is eqv? to VALUE, or #f."
  (%by-value value alist eqv?))

(define (rassq value alist)
  "(rassq value alist): the first pair of ALIST whose cdr is eq? to VALUE, or #f."
  (%by-value value alist eq?))
