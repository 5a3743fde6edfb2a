; Section 6.10: values and call-with-values.
(call-with-values (lambda () (values 4 5)) (lambda (a b) b)) ; expect: 5
(call-with-values * -)                     ; expect: -1
(call-with-values (lambda () (values)) list) ; expect: ()
(call-with-values (lambda () 5) list)      ; expect: (5)
(call-with-values (lambda () (values 1 2 3)) list) ; expect: (1 2 3)
(values 1)                                 ; expect: 1
(+ 1 (values 2))                           ; expect: 3
(begin (values 1 2) 3)                     ; expect: 3
(begin (values) 4)                         ; expect: 4
(call-with-values (lambda () (call/cc (lambda (k) (k 1 2)))) list) ; expect: (1 2)
(call-with-values (lambda () (call/cc (lambda (k) (k)))) list) ; expect: ()
(call-with-values (lambda () (if #t (values 1 2) 3)) list) ; expect: (1 2)
(call-with-values (lambda () (let ((x 1)) (values x x))) list) ; expect: (1 1)
(call-with-values (lambda () (begin 0 (values 1 2))) list) ; expect: (1 2)
(call-with-values (lambda () (apply values '(1 2 3))) list) ; expect: (1 2 3)
(call-with-values (lambda () (call-with-values (lambda () (values 1 2)) values)) list) ; expect: (1 2)
(call-with-values (lambda () (dynamic-wind (lambda () #f) (lambda () (values 1 2)) (lambda () #f))) list) ; expect: (1 2)
(call-with-values (lambda () (with-exception-handler (lambda (e) e) (lambda () (values 1 2)))) list) ; expect: (1 2)
(call-with-values (lambda () (parameterize () (values 1 2))) list) ; expect: (1 2)
(define (sums l) (if (null? l) (values 0 0) (let-values (((a b) (sums (cdr l)))) (values (+ a (car l)) (+ b (* (car l) (car l)))))))
(call-with-values (lambda () (sums '(1 2 3))) list) ; expect: (6 14)
(let-values (((q r) (truncate/ 17 5))) (list q r)) ; expect: (3 2)
(call-with-values (lambda () (apply values (make-list 1000 1))) +) ; expect: 1000
(let loop ((i 0) (s 0)) (if (= i 50000) s (let-values (((a b) (values i 1))) (loop (+ a b) (+ s b))))) ; expect: 50000
(call-with-values (lambda () (values 1 2)) (lambda (a) a)) ; error: argument
(call-with-values (lambda () 1) (lambda (a b) a)) ; error: argument
(call-with-values (lambda () (values 1 2 3)) (lambda (a . r) r)) ; expect: (2 3)
(call-with-values 5 list)                  ; error: 5
(call-with-values (lambda () 1) 5)         ; error: 5
