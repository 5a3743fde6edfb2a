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
