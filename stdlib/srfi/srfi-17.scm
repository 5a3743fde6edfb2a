;;; (srfi srfi-17): set! of calls, which the core form always knows. [SRFI 17]

(define-module (srfi srfi-17)
  #:export (getter-with-setter)
  #:re-export (caaaar caaadr caaar caadar caaddr caadr caar cadaar cadadr cadar caddar cadddr caddr cadr car cdaaar
               cdaadr cdaar cdadar cdaddr cdadr cdar cddaar cddadr cddar cdddar cddddr cdddr cddr cdr
               string-ref vector-ref))

(define (getter-with-setter getter setter)
  "(getter-with-setter getter setter): a procedure that does what GETTER does, and whose setter is SETTER."
  (make-procedure-with-setter getter setter))
