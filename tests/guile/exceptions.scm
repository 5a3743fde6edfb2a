; Exceptions: what is raised, caught and printed.
; guile: same
(use-modules (ice-9 exceptions))
(define-syntax try (syntax-rules () ((_ e) (catch #t (lambda () (write e) (newline)) (lambda args (write args) (newline))))))
(define-syntax obj (syntax-rules () ((_ e) (with-exception-handler (lambda (x) x) (lambda () e) #:unwind? #t))))
(define (p x) (print-exception (current-output-port) #f (exception-kind x) (exception-args x)))
(p (obj (car 5))) ; prints: In procedure car: Wrong type argument in position 1 (expecting pair): 5
(p (obj (error "foo" 1 "x" 'c))) ; prints: foo 1 "x" c
(p (obj (error 'foo "bar:" 1))) ; prints: foo "bar:" 1
(p (obj (error "foo ~a" 1))) ; prints: foo ~a 1
(p (obj (throw 'foo 1 2))) ; prints: Throw to key `foo' with args `(1 2)'.
(p (obj (throw 'foo))) ; prints: Throw to key `foo' with args `()'.
(p (obj (undefd))) ; prints: Unbound variable: undefd
(p (obj (scm-error 'k "sub" "msg ~a ~s" '("x" "x") #f))) ; prints: Throw to key `k' with args `("sub" "msg ~a ~s" ("x" "x") #f)'.
(p (obj (scm-error 'k #f "msg ~a ~s" '("x" "x") #f))) ; prints: Throw to key `k' with args `(#f "msg ~a ~s" ("x" "x") #f)'.
(p (obj (raise-exception 42))) ; prints: Throw to key `%exception' with args `(42)'.
(p (obj ((lambda* (#:key a) a) #:b 1))) ; prints: Unrecognized keyword: #:b
(display-error #f (current-output-port) "sub" "msg ~a" '(1) '()) ; prints: In procedure sub: msg 1
(display-error #f (current-output-port) 'sub "msg ~a" '(1) '()) ; prints: In procedure sub: msg 1
(display-error #f (current-output-port) #f "msg ~a" '(1) '()) ; prints: msg 1
(display-error #f (current-output-port) #f "msg" #f #f) ; prints: msg
(catch #t (lambda () (error "abc" 1)) (lambda (k . a) (print-exception (current-output-port) #f k a))) ; prints: abc 1
(write (exception-kind (make-error))) ; prints: %exception
(write (error? (make-warning))) ; prints: #f
(write (exception-type? &error)) ; prints: #t
(write ((exception-predicate &error) (obj (car 5)))) ; prints: #t
(write (procedure? exception-accessor)) ; prints: #t
(try (raise-exception (make-exception-from-throw 'foo '(1 2)))) ; prints: (foo 1 2)
(try (with-throw-handler 'foo (lambda () (throw 'foo 1)) (lambda (k . a) (display k)))) ; prints: foo(foo 1)
(try (catch 'a (lambda () (catch 'b (lambda () (throw 'a 1)) (lambda x (list 'b x)))) (lambda x (list 'a x)))) ; prints: (a (a 1))
(try (catch 'a (lambda () (with-throw-handler #t (lambda () (throw 'a 1)) (lambda x (throw 'b 2)))) (lambda x x))) ; prints: (b 2)
(try (catch #t (lambda () (throw 'a 1)) (lambda (k x) (throw 'c k x)) (lambda (k x) (display 'pre)))) ; prints: pre(c a 1)
(try (throw 'foo . (1))) ; prints: (foo 1)
(try (dynamic-wind (lambda () (display 'i)) (lambda () (error "x")) (lambda () (display 'o)))) ; prints: io(misc-error #f "~A" ("x") #f)
(try (guard (e ((symbol? e) (list 'sym e)) ((string? e) 'str)) (raise-exception 'a))) ; prints: (sym a)
(try (guard (e ((string? e) 'str)) (raise-exception 'a))) ; prints: (%exception a)
(try (guard (e ((assq 'a e) => cdr) ((assq 'b e))) (raise-exception (list (cons 'a 42))))) ; prints: 42
