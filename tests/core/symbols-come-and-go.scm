; Symbols that are made of data go when nothing names them any more; those that something names stay the same.
(define (nth-symbol prefix n) (string->symbol (string-append prefix (number->string n))))
(define (make-symbols prefix count) (map (lambda (n) (nth-symbol prefix n)) (iota count)))

(define kept (make-symbols "kept-" 300))
(define large (make-vector 10000 #f))
(vector-set! large 9999 (string->symbol "in a large vector"))
(define key (symbol->keyword (string->symbol "a-keyword-of-data")))
(define own (gensym "own"))
(define read-in (read (open-input-string "(one-that-was-read #;(and (one not)) |that one| #:and-a-keyword)")))
(eval (list 'define (string->symbol "a-name-of-data") 42) (current-module))
(define made
  (eval (list 'lambda (list (string->symbol "a-parameter-of-data")) (list 'quote (string->symbol "a-constant-of-data")))
        (current-module)))
(define-syntax define-from-text
  (lambda (form)
    (syntax-case form ()
      ((_ name text)
       (with-syntax ((id (datum->syntax #'name (string->symbol (syntax->datum #'text))))) #'(define id 'id))))))
(define-from-text here "a-name-that-a-macro-made")

; Enough for a collection to look for symbols, and numbers of those that went are given again.
(define (churn n) (if (> n 0) (begin (nth-symbol "gone-" n) (churn (- n 1)))))
(churn 60000)
(gc)
(churn 60000)
(gc)

(equal? kept (make-symbols "kept-" 300))                                       ; expect: #t
(equal? (map symbol->string kept) (map (lambda (n) (string-append "kept-" (number->string n))) (iota 300))) ; expect: #t
(eq? (vector-ref large 9999) (string->symbol "in a large vector"))             ; expect: #t
(eq? key (symbol->keyword (string->symbol "a-keyword-of-data")))               ; expect: #t
(eq? own (string->symbol (symbol->string own)))                                ; expect: #f
(map (lambda (v) (if (keyword? v) (keyword->symbol v) v)) read-in)             ; expect: (one-that-was-read #{that one}# and-a-keyword)
(eq? (car read-in) (string->symbol "one-that-was-read"))                       ; expect: #t
(eval (string->symbol "a-name-of-data") (current-module))                      ; expect: 42
(eq? (made 1) (string->symbol "a-constant-of-data"))                           ; expect: #t
a-name-that-a-macro-made                                                       ; expect: a-name-that-a-macro-made
(module-ref (current-module) (string->symbol "a-name-that-a-macro-made"))      ; expect: a-name-that-a-macro-made
