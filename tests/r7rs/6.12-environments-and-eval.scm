; Section 6.12: eval, environment, interaction-environment.
(eval '(* 7 3) (environment '(scheme base))) ; expect: 21
(let ((f (eval '(lambda (f x) (f x x)) (environment '(scheme base))))) (f + 10)) ; expect: 20
(eval '(let ((x 1)) (if (> x 0) 'positive 'not)) (environment '(scheme base))) ; expect: positive
(eval ''sym (environment '(scheme base)))  ; expect: sym
(eval 5 (environment '(scheme base)))      ; expect: 5
(eval "s" (environment '(scheme base)))    ; expect: "s"
(eval (list '+ 1 2) (environment '(scheme base))) ; expect: 3
(eval '(plus 1 2) (environment '(rename (scheme base) (+ plus)))) ; expect: 3
(eval '(b:+ 1 2) (environment '(prefix (only (scheme base) +) b:))) ; expect: 3
(eval '(char-upcase #\a) (environment '(scheme base) '(scheme char))) ; expect: #\A
(eval '(char-upcase #\a) (environment '(only (scheme base) car))) ; error: char-upcase
(eval '(letrec ((f (lambda (n) (if (= n 0) 1 (* n (f (- n 1))))))) (f 10)) (environment '(scheme base))) ; expect: 3628800
(eval '(call/cc (lambda (k) (+ 1 (k 5)))) (environment '(scheme base))) ; expect: 5
(define from-outside 10)
(eval '(* from-outside 2) (interaction-environment)) ; expect: 20
(eval '(define made-inside 7) (interaction-environment))
made-inside                                ; expect: 7
(eval '(begin (define made-too 8) (+ made-too 1)) (interaction-environment)) ; expect: 9
(let ((x 5)) (eval '(let ((x 6)) x) (environment '(scheme base)))) ; expect: 6
(let ((k (call/cc (lambda (c) c)))) (if (procedure? k) (eval (list k 5) (environment '(scheme base))) k)) ; expect: 5
(call-with-values (lambda () (eval '(values 1 2) (environment '(scheme base)))) list) ; expect: (1 2)
(guard (e (#t (list 'caught e))) (eval '(raise 'inside) (environment '(scheme base)))) ; expect: (caught inside)
(guard (e (#t 'error)) (eval '(if) (environment '(scheme base)))) ; expect: error
(guard (e (#t 'error)) (eval 'unbound-in-base (environment '(scheme base)))) ; expect: error
(eval '(1 2) (environment '(scheme base))) ; error: 1
(eval 'x (environment '(no such library))) ; error: library
(eval '(let loop ((i 0)) (if (< i 1000) (loop (+ i 1)) i)) (environment '(scheme base))) ; expect: 1000
