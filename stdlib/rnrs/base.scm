;;; (rnrs base): the base of R6RS. [R6RS 11]
;;;
;;; error and assertion-violation take who complains first, as R6RS has it.

(define-module (rnrs base)
  #:export (assertion-violation div div0 mod mod0 div-and-mod div0-and-mod0 real-valued? rational-valued?
            integer-valued? error)
  #:re-export (* + - ... / < <= = => > >= _ abs acos and angle append apply asin assert atan begin boolean=? boolean?
               caaaar caaadr caaar caadar caaddr caadr caar cadaar cadadr cadar caddar cadddr caddr cadr
               call-with-current-continuation call-with-values call/cc car case cdaaar cdaadr cdaar cdadar cdaddr
               cdadr cdar cddaar cddadr cddar cdddar cddddr cdddr cddr cdr ceiling char->integer char<=? char<? char=?
               char>=? char>? char? complex? cond cons cos define define-syntax denominator dynamic-wind else eq?
               equal? eqv? even? exact exact-integer-sqrt exact? exp expt finite? floor for-each gcd identifier-syntax
               if imag-part inexact inexact? infinite? integer->char integer? lambda lcm length let let* let*-values
               let-syntax let-values letrec letrec* letrec-syntax list list->string list->vector list-ref list-tail
               list? log magnitude make-polar make-rectangular make-string make-vector map max min nan? negative? not
               null? number->string number? numerator odd? or pair? positive? procedure? quasiquote quote rational?
               rationalize real-part real? reverse round set! sin sqrt string string->list string->number
               string->symbol string-append string-copy string-for-each string-length string-ref string<=? string<?
               string=? string>=? string>? string? substring symbol->string symbol=? symbol? syntax-rules tan truncate
               unquote unquote-splicing values vector vector->list vector-fill! vector-for-each vector-length
               vector-map vector-ref vector-set! vector? zero?))

(define (%complain type who message irritants)
  "Raises an exception of TYPE, a part of an exception."
  (raise (apply make-exception type
                (append (if who (list (make-exception-with-origin who)) '())
                        (list (make-exception-with-message message) (make-exception-with-irritants irritants))))))

(define (error who message . irritants)
  "(error who message irritant ...): raises an error that WHO, a name or #f, complains of."
  (%complain (make-external-error) who message irritants))

(define (assertion-violation who message . irritants)
  "(assertion-violation who message irritant ...): raises the failure of an assertion that WHO, a name or #f, complains of."
  (%complain (make-assertion-failure) who message irritants))

(define (div x y)
  "(div x y): the integer quotient that leaves a remainder from 0 up to the size of Y."
  (euclidean-quotient x y))

(define (mod x y)
  "(mod x y): what div leaves: from 0 up to the size of Y."
  (euclidean-remainder x y))

(define (div-and-mod x y)
  "(div-and-mod x y): two values, of div and of mod."
  (euclidean/ x y))

(define (div0 x y)
  "(div0 x y): the integer quotient that leaves a remainder around 0, from minus half the size of Y."
  (centered-quotient x y))

(define (mod0 x y)
  "(mod0 x y): what div0 leaves."
  (centered-remainder x y))

(define (div0-and-mod0 x y)
  "(div0-and-mod0 x y): two values, of div0 and of mod0."
  (centered/ x y))

(define (real-valued? obj)
  "(real-valued? obj): whether OBJ is a number without an imaginary part, or with one that is zero."
  (and (number? obj) (zero? (imag-part obj))))

(define (rational-valued? obj)
  "(rational-valued? obj): whether OBJ is a number that is equal to a rational one."
  (and (real-valued? obj) (rational? (real-part obj))))

(define (integer-valued? obj)
  "(integer-valued? obj): whether OBJ is a number that is equal to an integer."
  (and (real-valued? obj) (integer? (real-part obj))))
