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
