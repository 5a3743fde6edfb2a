; Section 4.2.2: let, let*, letrec, letrec*, let-values, let*-values.
(let ((x 2) (y 3)) (* x y))                ; expect: 6
(let ((x 2) (y 3)) (let ((x 7) (z (+ x y))) (* z x))) ; expect: 35
(let () 5)                                 ; expect: 5
(let ((x 1)) (let ((x 2)) x) x)            ; expect: 1
(let ((x 1)) (let ((x (+ x 1))) x))        ; expect: 2
(let ((x 1) (y 2)) (let ((x y) (y x)) (list x y))) ; expect: (2 1)
(let* ((x 2) (y 3)) (let* ((x 7) (z (+ x y))) (* z x))) ; expect: 70
(let* () 1)                                ; expect: 1
(let* ((x 1) (x (+ x 1)) (x (* x 10))) x)  ; expect: 20
(let* ((x 1)) (define y 2) (+ x y))        ; expect: 3
(letrec ((even? (lambda (n) (if (zero? n) #t (odd? (- n 1))))) (odd? (lambda (n) (if (zero? n) #f (even? (- n 1)))))) (even? 88)) ; expect: #t
(letrec () 1)                              ; expect: 1
(letrec ((f (lambda () g)) (g 5)) (f))     ; expect: 5
(letrec ((fact (lambda (n) (if (= n 0) 1 (* n (fact (- n 1))))))) (fact 20)) ; expect: 2432902008176640000
(letrec* ((p (lambda (x) (+ 1 (q (- x 1))))) (q (lambda (y) (if (zero? y) 0 (+ 1 (p (- y 1)))))) (x (p 5)) (y x)) y) ; expect: 5
(letrec* ((a 1) (b (+ a 1)) (c (* b 3))) (list a b c)) ; expect: (1 2 6)
(letrec ((x (lambda () x))) (eq? x (x)))   ; expect: #t
(letrec* ((f (lambda () n)) (n 3) (m (f))) m) ; expect: 3
(letrec ((a (lambda () (b))) (b (lambda () (c))) (c (lambda () 'end))) (a)) ; expect: end
(let ((f 1)) (letrec ((f (lambda (n) (if (= n 0) 'done (f (- n 1)))))) (f 3))) ; expect: done
(letrec ((n 0) (inc (lambda () (set! n (+ n 1)) n))) (inc) (inc)) ; expect: 2
(letrec* ((x y) (y 1)) x)                  ; error: y
(let-values (((root rem) (exact-integer-sqrt 32))) (* root rem)) ; expect: 35
(let-values (((a b) (values 1 2)) ((c) (values 3)) (d (values 4 5)) ((e . f) (values 6 7 8))) (list a b c d e f)) ; expect: (1 2 3 (4 5) 6 (7 8))
(let ((a 'a) (b 'b)) (let-values (((a b) (values b a)) ((x y) (values a b))) (list a b x y))) ; expect: (b a a b)
(let ((a 'a) (b 'b) (x 'x) (y 'y)) (let*-values (((a b) (values x y)) ((x y) (values a b))) (list a b x y))) ; expect: (x y x y)
(let-values () 1)                          ; expect: 1
(let*-values () 1)                         ; expect: 1
(let-values ((() (values))) 'none)         ; expect: none
(let*-values (((a . rest) (values 1 2 3)) ((b) (apply values (cdr rest)))) (list a rest b)) ; expect: (1 (2 3) 3)
(let-values (((a b) (values 1 2))) (define c (+ a b)) (* c c)) ; expect: 9
(let-values (((a b) (values 1))) a)        ; error: values
(let ((x 1) (x 2)) x)                      ; error: x
(letrec ((x 1) (x 2)) x)                   ; error: x
(let ((x)) x)                              ; error: let
(let ((x 1 2)) x)                          ; error: let
(let x)                                    ; error: let
(let ((x 1)))                              ; error: let
(let 5 6)                                  ; error: let
(let* ((x)) x)                             ; error: let*
