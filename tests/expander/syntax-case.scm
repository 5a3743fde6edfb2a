; R6RS-style syntax-case, as Guile has it: patterns, fenders, and deliberate capture.
(define-syntax swap! (lambda (stx) (syntax-case stx () ((_ a b) #'(let ((tmp a)) (set! a b) (set! b tmp))))))
(let ((tmp 1) (y 2)) (swap! tmp y) (list tmp y)) ; expect: (2 1)
(define-syntax when2 (lambda (x) (syntax-case x () ((_ c e ...) #'(if c (begin e ...) #f)))))
(when2 #t 1 2)                             ; expect: 2
(define-syntax kind (lambda (x) (syntax-case x () ((_ a) (identifier? #'a) #''identifier) ((_ a) #''other))))
(list (kind foo) (kind 5) (kind (a)))      ; expect: (identifier other other)
(define-syntax add-numbers (lambda (x) (syntax-case x () ((_ a b) (datum->syntax #'a (+ (syntax->datum #'a) (syntax->datum #'b)))))))
(add-numbers 1 2)                          ; expect: 3
(define-syntax aif (lambda (x) (syntax-case x () ((k c t e) (with-syntax ((it (datum->syntax #'k 'it))) #'(let ((it c)) (if it t e)))))))
(aif (assv 2 '((1 . a) (2 . b))) (cdr it) 'none) ; expect: b
(let ((it 'outer)) (aif #f it it))         ; expect: #f
(define-syntax loop-forever (lambda (x) (syntax-case x () ((k e ...) (with-syntax ((break (datum->syntax #'k 'break))) #'(call/cc (lambda (break) (let f () e ... (f)))))))))
(let ((n 0)) (loop-forever (set! n (+ n 1)) (if (= n 5) (break n)))) ; expect: 5
(define-syntax my-let2 (lambda (x) (syntax-case x () ((_ ((n v) ...) b ...) (with-syntax (((t ...) (generate-temporaries #'(n ...)))) #'(let ((t v) ...) (let ((n t) ...) b ...)))))))
(my-let2 ((a 1) (b 2)) (list a b))         ; expect: (1 2)
(define-syntax reverse-args (lambda (x) (syntax-case x () ((_ f a ...) (with-syntax (((r ...) (reverse #'(a ...)))) #'(f r ...))))))
(reverse-args list 1 2 3)                  ; expect: (3 2 1)
(define-syntax distinct? (lambda (x) (syntax-case x () ((_ a b) (if (bound-identifier=? #'a #'b) #'#f #'#t)))))
(list (distinct? x x) (distinct? x y))     ; expect: (#f #t)
(define-syntax is-else? (lambda (x) (syntax-case x () ((_ a) (if (free-identifier=? #'a #'else) #'#t #'#f)))))
(list (is-else? else) (is-else? other))    ; expect: (#t #f)
(let ((else 1)) (is-else? else))           ; expect: #f
(define-syntax lits (lambda (x) (syntax-case x (=>) ((_ a => b) #'(list a b)) ((_ a b c) #''no))))
(lits 1 => 2)                              ; expect: (1 2)
(define-syntax five (identifier-syntax 5))
(+ five 1)                                 ; expect: 6
(define cell (vector 1 2))
(define-syntax first-cell (identifier-syntax (_ (vector-ref cell 0)) ((set! _ v) (vector-set! cell 0 v))))
first-cell                                 ; expect: 1
(begin (set! first-cell 10) (vector-ref cell 0)) ; expect: 10
(define-syntax mixed (lambda (x) (syntax-case x () ((_ a) #''applied) (id (identifier? #'id) #''alone))))
(list mixed (mixed 1))                     ; expect: (alone applied)
(define-syntax vec (lambda (x) (syntax-case x () ((_ #(a b ...)) #'(list a '(b ...))))))
(vec #(1 2 3))                             ; expect: (1 (2 3))
(define-syntax quasi (lambda (x) (syntax-case x () ((_ a b) #`(list #,#'a #,(datum->syntax #'a (* 2 (syntax->datum #'b))))))))
(quasi 1 5)                                ; expect: (1 10)
(define-syntax splice (lambda (x) (syntax-case x () ((_ a ...) #`(list 0 #,@(map (lambda (s) #`(+ 1 #,s)) #'(a ...)))))))
(splice 1 2 3)                             ; expect: (0 2 3 4)
(syntax->datum #'(a b (c 1)))              ; expect: (a b (c 1))
(identifier? #'x)                          ; expect: #t
(define-syntax struct (lambda (x) (syntax-case x () ((_ name field) (let ((sym (lambda parts (datum->syntax #'name (string->symbol (apply string-append (map (lambda (p) (if (string? p) p (symbol->string (syntax->datum p)))) parts))))))) (with-syntax ((make (sym "make-" #'name)) (get (sym #'name "-" #'field))) #'(begin (define (make v) (list 'name v)) (define (get s) (cadr s)))))))))
(struct point x)
(point-x (make-point 7))                   ; expect: 7
(define-syntax nest (lambda (x) (syntax-case x () ((_ (a b ...) ...) #'(list (list a ...) '(b ... ...))))))
(nest (1 2) (3 4 5))                       ; expect: ((1 3) (2 4 5))
(define-syntax bad (lambda (x) (syntax-case x () ((_ a) #'a))))
(bad)                                      ; error: matches no clause
