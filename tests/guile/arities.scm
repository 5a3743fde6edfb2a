; guile: same
; What procedures with optional and keyword parameters, and of several clauses, say that they take.
(define (show . objs) (for-each (lambda (obj) (write obj) (display " ")) objs) (newline))
(show (procedure-minimum-arity (lambda* (a b #:optional c d #:key e) a))
      (procedure-minimum-arity (lambda* (#:key e) e))
      (procedure-minimum-arity (lambda* (a #:key e . r) e))
      (procedure-minimum-arity (case-lambda ((a b c) 1) ((a b) 2)))
      (procedure-minimum-arity (case-lambda ((a) 1) ((a b) 2)))
      (procedure-minimum-arity (make-parameter 1))
      (procedure-minimum-arity (make-procedure-with-setter (lambda (a) a) (lambda (a b) a))))
; prints: (2 2 #f) (0 0 #f) (1 0 #t) (2 0 #f) (1 0 #f) (0 0 #f) (1 0 #f) 
