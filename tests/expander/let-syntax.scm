; Section 4.3.1: let-syntax and letrec-syntax, and define-syntax in bodies.
(letrec-syntax ((my-or (syntax-rules () ((my-or) #f) ((my-or e) e) ((my-or e1 e2 ...) (let ((temp e1)) (if temp temp (my-or e2 ...)))))))
  (let ((x #f) (y 7) (temp 8) (let odd?) (if even?)) (my-or x (let temp) (if y) y))) ; expect: 7
(let-syntax ((a (syntax-rules () ((_) 1))) (b (syntax-rules () ((_) 2)))) (list (a) (b))) ; expect: (1 2)
(let-syntax () 5)                          ; expect: 5
(letrec-syntax () 5)                       ; expect: 5
(let-syntax ((m (syntax-rules () ((_) 'outer)))) (let-syntax ((m (syntax-rules () ((_) 'inner))) (n (syntax-rules () ((_) (m))))) (list (m) (n)))) ; expect: (inner outer)
(letrec-syntax ((ev? (syntax-rules () ((_) #t) ((_ x . r) (od? . r)))) (od? (syntax-rules () ((_) #f) ((_ x . r) (ev? . r))))) (list (ev? a b) (ev? a))) ; expect: (#t #f)
(let ((x 1)) (let-syntax ((get (syntax-rules () ((_) x)))) (let ((x 2)) (list x (get))))) ; expect: (2 1)
(define (f) (define-syntax m (syntax-rules () ((_ a) (* a 2)))) (define y (m 5)) (m y))
(f)                                        ; expect: 20
(let () (define-syntax even (syntax-rules () ((_ n) (if (= n 0) #t (odd (- n 1)))))) (define (odd n) (if (= n 0) #f (even n))) (boolean? (odd 0))) ; expect: #t
(let () (define (g) (m)) (define-syntax m (syntax-rules () ((_) 'late))) (g)) ; expect: late
(define-syntax m (syntax-rules () ((_) 'first)))
(m)                                        ; expect: first
(define-syntax m (syntax-rules () ((_) 'second)))
(m)                                        ; expect: second
(let ((m (lambda () 'procedure))) (m))     ; expect: procedure
(define (m) 'now-a-procedure)
(m)                                        ; expect: now-a-procedure
(let ((f (lambda (x) x))) (let-syntax ((f (syntax-rules () ((_ x) 'macro)))) (f 1))) ; expect: macro
(let-syntax ((f (syntax-rules () ((_ x) 'macro)))) (let ((f (lambda (x) 'procedure))) (f 1))) ; expect: procedure
(let-syntax ((my-begin (syntax-rules () ((_ e ...) (begin e ...))))) (define inside 1) (my-begin inside)) ; expect: 1
(let () (let-syntax ((foo (syntax-rules () ((_ n) (define n 5))))) (foo bar) bar)) ; expect: 5
(syntax-error-test)                        ; error: syntax-error-test
(define-syntax must-be-one (syntax-rules () ((_ 1) 'ok) ((_ x) (syntax-error "not one:" x))))
(must-be-one 1)                            ; expect: ok
(must-be-one 2)                            ; error: not one
(let () (define-syntax x (syntax-rules () ((_) 1))) (set! x 5)) ; error: x
; Where the names are R7RS's, the body is a body: what it defines is known in it only. Guile's let definitions out.
(define (r7rs . forms) (eval (cons* 'let '() forms) (environment '(scheme base))))
(r7rs '(define x 1) '(let-syntax () (define x 2) #f) 'x) ; expect: 1
(r7rs '(define x 1) '(letrec-syntax ((two (syntax-rules () ((_) 2)))) (define x (two)) x)) ; expect: 2
(r7rs '(let-syntax ((def (syntax-rules () ((_ n v) (define n v))))) (def y 3) (list y y))) ; expect: (3 3)
(r7rs '(let-syntax () (define inside 1) inside) 'inside) ; error: unbound variable: inside
(r7rs '(let-syntax ((m (syntax-rules () ((_) 1)))) (define z 1))) ; error: definitions only
(r7rs '(let-syntax (m) 1))                 ; error: (NAME TRANSFORMER)
(eval '(let-syntax () (define at-top 1) at-top) (environment '(scheme r5rs))) ; expect: 1
(let () (define x 1) (let-syntax () (define y 2)) (list x y)) ; expect: (1 2)
