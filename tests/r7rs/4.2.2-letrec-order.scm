; Sections 4.2.2 and 5.3: letrec* and bodies run their initialisers in order, once, and closures see later values.
(define log '())
(define (note x) (set! log (cons x log)) x)
(letrec* ((a (note 1)) (b (note 2)) (c (note 3))) (reverse log)) ; expect: (1 2 3)
(set! log '())
(let () (define a (note 'x)) (define (f) b) (define b (note 'y)) (f) (reverse log)) ; expect: (x y)
(letrec* ((f (lambda () (g))) (g (lambda () 'g)) (v (f))) v) ; expect: g
(letrec ((f (lambda (n) (if (= n 0) '() (cons n (g (- n 1)))))) (g (lambda (n) (if (= n 0) '() (cons (- n) (f (- n 1))))))) (f 4)) ; expect: (4 -3 2 -1)
(let* ((k #f) (n 0)) (letrec ((x (call/cc (lambda (c) (set! k c) 1))) (y 5)) (set! n (+ n 1)) (if (= n 1) (k 2) (list x y n)))) ; expect: (2 5 2)
(letrec* ((x 1) (f (lambda () (set! x (+ x 1)) x))) (f) (f)) ; expect: 3
(let loop ((i 0)) (letrec ((f (lambda () i))) (if (= i 3) (f) (loop (+ i 1))))) ; expect: 3

; letrec gives no variable its value before all initialisers have theirs; letrec* does.
(let ((k #f)) (letrec ((x (call/cc (lambda (c) (set! k c) 0))) (y (call/cc (lambda (c) (set! k c) 0)))) (if k (let ((c k)) (set! k #f) (set! x 1) (set! y 1) (c 0)) (+ x y)))) ; expect: 0
(letrec ((x (call/cc list)) (y (call/cc list))) (cond ((procedure? x) (x (pair? y))) ((procedure? y) (y (pair? x)))) (let ((x (car x)) (y (car y))) (and (call/cc x) (call/cc y) (call/cc x)))) ; expect: #t
(letrec ((a (list 1 2)) (b (car a))) b) ; error: letrec: a is used before its definition has been evaluated
(letrec ((a (lambda () b)) (b (a))) b) ; error: b is used before its definition
(letrec* ((a (list 1 2)) (b (car a))) b) ; expect: 1
(letrec ((even? (lambda (n) (or (= n 0) (odd? (- n 1))))) (odd? (lambda (n) (and (> n 0) (even? (- n 1))))) (n (* 50 2))) (even? n)) ; expect: #t
