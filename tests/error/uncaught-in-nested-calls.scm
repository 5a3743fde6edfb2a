; An uncaught error ends its form only: state made before it stays, winds are left, and the script goes on.
(define state 'before)
(define (inner) (set! state 'changed) (car '()) (set! state 'never))
(define (outer) (+ 1 (inner)))
(outer)                                    ; error: car
state                                      ; expect: changed
(define log '())
(let loop ((i 0)) (if (= i 1000) (vector-ref (vector) i) (+ 1 (loop (+ i 1))))) ; error: vector-ref
(map (lambda (x) (/ 10 x)) '(1 2 0 5))     ; error: /
(for-each (lambda (x) (set! log (cons x log)) (if (= x 2) (raise 'stop))) '(1 2 3)) ; error: stop
log                                        ; expect: (2 1)
(define p (make-parameter 1))
(parameterize ((p 2)) (error "inside"))    ; error: inside
(p)                                        ; expect: 1
(with-exception-handler (lambda (e) (raise (list 'second e))) (lambda () (raise 'first))) ; error: second
(guard (e ((string? e) e)) (raise 'not-a-string)) ; error: not-a-string
(force (delay (error "in promise")))       ; error: in promise
(eval '(car 1) (environment '(scheme base))) ; error: car
(apply car '(5))                           ; error: car
(call/cc (lambda (k) (error "in call/cc"))) ; error: in call/cc
(call-with-values (lambda () (error "producer")) list) ; error: producer
(sort '(2 1) (lambda (a b) (error "less"))) ; error: less
(let ((a 1)) (define b (error "definition")) b) ; error: definition
(string-for-each (lambda (c) (error "char" c)) "abc") ; error: char
(with-output-to-string (lambda () (display "lost") (error "in output"))) ; error: in output
(display "still here")                     ; prints: still here
(+ 1 1)                                    ; expect: 2
