; Bodies: definitions mixed with macros, begin, and expressions after them.
(let () (define x 1) (define-syntax m (syntax-rules () ((_) x))) (define y (m)) (+ x y)) ; expect: 2
(define (f a) (begin (define b (+ a 1)) (define c (+ b 1))) (list a b c))
(f 1)                                      ; expect: (1 2 3)
(define-syntax def2 (syntax-rules () ((_ a b v) (begin (define a v) (define b v)))))
(let () (def2 p q 5) (list p q))           ; expect: (5 5)
(def2 top1 top2 6)
(list top1 top2)                           ; expect: (6 6)
(let () (define (a) (b)) (define (b) (c)) (define (c) 'end) (a)) ; expect: end
(let () (define a 1) (set! a (+ a 1)) (let () (define b a) (set! b (* b 10)) (list a b))) ; expect: (2 20)
(let () (define-values (x . rest) (values 1 2 3)) (define-syntax get (syntax-rules () ((_) rest))) (get)) ; expect: (2 3)
(let () (define-record-type p (mk x) p? (x px)) (define v (mk 3)) (px v)) ; expect: 3
(let ((x 'outer)) (define (get) x) (define x 'inner) (get)) ; expect: inner
(let ((list (lambda x 'shadowed))) (define y (list 1)) y) ; expect: shadowed
(let () (define list vector) (list 1 2))   ; expect: #(1 2)
(let ((f (lambda (x) (if x (let () (define z 1) z) 2)))) (list (f #t) (f #f))) ; expect: (1 2)
(define (opt x) (define if list) (if 1 2 x))
(opt 3)                                    ; expect: (1 2 3)
(when #t (let () (define w 1) w))          ; expect: 1
(case 1 ((1) (let () (define w 2) w)))     ; expect: 2
(let* ((x 1) (y x)) (define z (+ x y)) z)  ; expect: 2
(letrec ((x 1)) (define y x) y)            ; expect: 1
(do ((i 0 (+ i 1)) (s 0 (let () (define t (+ s i)) t))) ((= i 4) s)) ; expect: 6
(let () (define x (lambda () y)) (define y 2) (define z (x)) z) ; expect: 2
(let () (define a (call/cc (lambda (k) k))) (define b (if (procedure? a) 1 2)) (if (procedure? a) (a 'again) (list a b))) ; expect: (again 2)
(let loop ((n 3)) (define m (- n 1)) (if (= m 0) 'done (loop m))) ; expect: done
(define (mutual n) (define (e n) (if (= n 0) 'even (o (- n 1)))) (define (o n) (if (= n 0) 'odd (e (- n 1)))) (e n))
(list (mutual 10) (mutual 7))              ; expect: (even odd)
