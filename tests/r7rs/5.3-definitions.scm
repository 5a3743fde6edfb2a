; Section 5.3: top-level and internal definitions, define-values.
(define add3 (lambda (x) (+ x 3)))
(add3 3)                                   ; expect: 6
(define first car)
(first '(1 2))                             ; expect: 1
(define (f x . rest) (list x rest))
(f 1)                                      ; expect: (1 ())
(f 1 2 3)                                  ; expect: (1 (2 3))
(define (g . all) all)
(g)                                        ; expect: ()
(g 1 2)                                    ; expect: (1 2)
(define x 1)
(define x 2)
x                                          ; expect: 2
(define (uses-later) (defined-later 5))
(define (defined-later n) (* n n))
(uses-later)                               ; expect: 25
(define (defined-later n) (+ n n))
(uses-later)                               ; expect: 10
(let ((x 5)) (define foo (lambda (y) (bar x y))) (define bar (lambda (a b) (+ (* a b) a))) (foo (+ x 3))) ; expect: 45
(let () (define a 1) (define b (+ a 1)) (define c (* b 10)) (list a b c)) ; expect: (1 2 20)
(let () (define (even? n) (or (= n 0) (odd? (- n 1)))) (define (odd? n) (and (> n 0) (even? (- n 1)))) (even? 1000)) ; expect: #t
(let ((x 1)) (define x 2) x)               ; expect: 2
(let ((x 1)) (let () (define y x) (define z (+ y 1)) z)) ; expect: 2
(define (outer) (define a 1) (set! a (+ a 1)) a)
(list (outer) (outer))                     ; expect: (2 2)
(let () (define f (lambda () x)) (define x 'inner) (f)) ; expect: inner
x                                          ; expect: 2
(let () (define-values (x y) (values 1 2)) (+ x y)) ; expect: 3
(define-values (q r) (floor/ 17 5))
(list q r)                                 ; expect: (3 2)
(define-values (head . tail) (values 1 2 3))
(list head tail)                           ; expect: (1 (2 3))
(define-values all (values 1 2 3))
all                                        ; expect: (1 2 3)
(define-values (one) (values 1))
one                                        ; expect: 1
(define-values () (values))
(let () (define-values (a b . c) (values 1 2 3 4)) (define d (list c b a)) d) ; expect: ((3 4) 2 1)
(let () (define-values (x) (values 1)) (define-values (y z) (values x 3)) (list x y z)) ; expect: (1 1 3)
(let () (define (get) v) (define-values (v w) (values 1 2)) (list (get) w)) ; expect: (1 2)
(let () (define-values (v w) (values 1 2)) (set! v 10) (list v w)) ; expect: (10 2)
(define-values (a b) (values 1))           ; error: values
(define-values (a b) (values 1 2 3))       ; error: values
(define (shadow list) (define car list) car)
(shadow 5)                                 ; expect: 5
(define (deep a) (define (b c) (define (d e) (+ a c e)) (d 100)) (b 10))
(deep 1)                                   ; expect: 111
(define (with-body-macro x) (define-syntax twice (syntax-rules () ((_ e) (* 2 e)))) (define y (twice x)) (twice y))
(with-body-macro 3)                        ; expect: 12
(let () (define x 1) (begin (define y 2) (define z 3)) (list x y z)) ; expect: (1 2 3)
(let () (define a b) (define b 1) a)       ; error: b
(define)                                   ; error: define
(define 5 1)                               ; error: define
(let () (define x 1) (define x 2) x)       ; error: x
(define if-was-fine if)                    ; error: if
