; Code nested a hundred thousand deep is compiled and runs: what does not fit into a frame gets frames of its own.
; slow: each form is a hundred thousand forms
(define (nest n wrap leaf) (let loop ((n n) (form leaf)) (if (= n 0) form (loop (- n 1) (wrap form)))))
(define (run wrap leaf) (eval (nest 100000 wrap leaf) (interaction-environment)))
(define (f x) (+ x 1))
(run (lambda (e) `(+ 1 ,e)) 0) ; expect: 100000
(run (lambda (e) `(+ ,e 1)) 0) ; expect: 100000
(run (lambda (e) `(+ 1 ,e 1)) 0) ; expect: 200000
(run (lambda (e) `(f ,e)) 0) ; expect: 100000
(run (lambda (e) `(car (list ,e 2 3))) 0) ; expect: 0
(run (lambda (e) `(let ((x 1)) ,e)) 'f) ; prints:
(run (lambda (e) `(let ((x ,e)) (+ x 1))) 0) ; expect: 100000
(run (lambda (e) `(let* ((x 1) (y x)) (+ y ,e))) 0) ; expect: 100000
(run (lambda (e) `(if ,e 1 2)) #t) ; expect: 1
(run (lambda (e) `(if #f 1 ,e)) 3) ; expect: 3
(run (lambda (e) `(not ,e)) #t) ; expect: #t
(run (lambda (e) `(and #t ,e)) 4) ; expect: 4
(run (lambda (e) `(or #f ,e)) 5) ; expect: 5
(run (lambda (e) `(begin 1 ,e)) 6) ; expect: 6
(run (lambda (e) `((lambda (x) x) ,e)) 7) ; expect: 7
(run (lambda (e) `(letrec ((g (lambda () 1))) (+ (g) ,e))) 0) ; expect: 100000
(run (lambda (e) `(call-with-values (lambda () ,e) (lambda (x) x))) 8) ; expect: 8
(run (lambda (e) `(let-values (((a b) (values 1 ,e))) b)) 9) ; expect: 9
(eval (nest 30000 (lambda (e) `(let loop ((i 0)) (if (< i 1) (loop (+ i 1)) ,e))) 10) (interaction-environment)) ; expect: 10
(eval (nest 30000 (lambda (e) `(lambda () ,e)) 11) (interaction-environment)) ; prints:
(let ((form (nest 50000 (lambda (e) `(let ((x (+ x 1))) ,e)) '(list x y)))) ((eval `(lambda (x y) ,form) (interaction-environment)) 0 'y)) ; expect: (50000 y)
(eval `(list ,@(nest 50000 (lambda (l) (cons '(f 1) l)) '())) (interaction-environment)) ; prints:
(call-with-values (lambda () (run (lambda (e) `(begin (f 1) ,e)) '(values 1 2))) list) ; expect: (1 2)
(eval (cons 'list (make-list 70000 1)) (interaction-environment)) ; error: needs more than 60000 variables or arguments
