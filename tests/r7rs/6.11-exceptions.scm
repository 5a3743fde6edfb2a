; Section 6.11: with-exception-handler, raise, raise-continuable, error and the condition predicates.
(call-with-current-continuation (lambda (k) (with-exception-handler (lambda (e) (display "condition: ") (write e) (k 'exception)) (lambda () (+ 1 (raise 'an-error)))))) ; prints: condition: an-error
(call/cc (lambda (k) (with-exception-handler (lambda (e) (k (list 'caught e))) (lambda () (raise 'boom))))) ; expect: (caught boom)
(with-exception-handler (lambda (e) 42) (lambda () (+ (raise-continuable 'should-be-a-number) 23))) ; expect: 65
(with-exception-handler (lambda (con) (cond ((string? con) (display con)) (else (display "a warning"))) 42) (lambda () (+ (raise-continuable "should be a number") 23))) ; prints: should be a number
(with-exception-handler (lambda (e) 'ignored) (lambda () 'normal)) ; expect: normal
(with-exception-handler (lambda (e) 10) (lambda () (with-exception-handler (lambda (e) (+ 1 (raise-continuable e))) (lambda () (* 2 (raise-continuable 'x)))))) ; expect: 22
(with-exception-handler (lambda (e) (list 'outer e)) (lambda () (with-exception-handler (lambda (e) (raise-continuable (list 'inner e))) (lambda () (raise-continuable 'x))))) ; expect: (outer (inner x))
(guard (e (#t (list 'outer e))) (with-exception-handler (lambda (e) (raise (list 'again e))) (lambda () (raise 'x)))) ; expect: (outer (again x))
(guard (e (#t 'secondary)) (with-exception-handler (lambda (e) 'returns) (lambda () (raise 'x)))) ; expect: secondary
(guard (e ((symbol? e) e) (#t (list 'secondary (error-object? e)))) (with-exception-handler (lambda (e) 'returns) (lambda () (raise 'x)))) ; expect: (secondary #t)
(let ((n 0)) (guard (e (#t n)) (with-exception-handler (lambda (e) (set! n (+ n 1))) (lambda () (raise 'x))))) ; expect: 1
(let ((n 0)) (guard (e (#t n)) (with-exception-handler (lambda (e) (set! n (+ n 10))) (lambda () (with-exception-handler (lambda (e) (set! n (+ n 1))) (lambda () (raise 'x))))))) ; expect: 11
(call/cc (lambda (k) (with-exception-handler (lambda (e) (k (error-object? e))) (lambda () (car 5))))) ; expect: #t
(call/cc (lambda (k) (with-exception-handler (lambda (e) (k (list (error-object-message e) (error-object-irritants e)))) (lambda () (error "bad thing:" 1 'two "three"))))) ; expect: ("bad thing:" (1 two "three"))
(guard (e (#t (error-object-irritants e))) (error "none")) ; expect: ()
(guard (e (#t (error-object? e))) (raise 'symbol)) ; expect: #f
(guard (e (#t (map error-object? (list e 1 "s" '() #f)))) (error "x")) ; expect: (#t #f #f #f #f)
(guard (e (#t (list (read-error? e) (file-error? e)))) (error "x")) ; expect: (#f #f)
(guard (e ((read-error? e) 'read) (#t 'other)) (read (open-input-string "(1 2"))) ; expect: read
(guard (e ((file-error? e) 'file) (#t 'other)) (open-input-file "/no/such/file/at/all")) ; expect: file
(guard (e ((file-error? e) 'file) (#t 'other)) (open-output-file "/no/such/dir/file")) ; expect: file
(guard (e ((file-error? e) 'file) (#t 'other)) (delete-file "/no/such/file")) ; expect: file
(guard (e ((file-error? e) 'file) (#t 'other)) (call-with-input-file "/no/such/file" read)) ; expect: file
(guard (e ((file-error? e) 'file) (#t 'other)) (load "/no/such/file.scm")) ; expect: file
(map read-error? (list 1 'a "x"))          ; expect: (#f #f #f)
(map file-error? (list 1 'a "x"))          ; expect: (#f #f #f)
(guard (e ((string? (error-object-message e)) 'string)) (vector-ref (vector) 1)) ; expect: string
(guard (e ((list? (error-object-irritants e)) 'list)) (vector-ref (vector) 1)) ; expect: list
(guard (e (#t (raise e))) (raise 'twice))  ; error: twice
(guard (e ((equal? e '(1 2)) 'same)) (raise (list 1 2))) ; expect: same
(define saved #f)
(guard (e (#t (set! saved e))) (error "keep" 'me))
(error-object-message saved)               ; expect: "keep"
(guard (e (#t (eq? e saved))) (raise saved)) ; expect: #t
(with-exception-handler (lambda (e) 5) (lambda () (let loop ((i 0) (s 0)) (if (= i 10000) s (loop (+ i 1) (+ s (raise-continuable i))))))) ; expect: 50000
(let ((log '()))
  (with-exception-handler
    (lambda (e) (set! log (cons e log)) 'ok)
    (lambda () (raise-continuable 1) (with-exception-handler (lambda (e) (set! log (cons (list e) log)) 'ok) (lambda () (raise-continuable 2))) (raise-continuable 3)))
  (reverse log))                           ; expect: (1 (2) 3)
(define (safe-div a b) (call/cc (lambda (k) (with-exception-handler (lambda (e) (k 'divide-error)) (lambda () (quotient a b))))))
(list (safe-div 6 3) (safe-div 1 0))       ; expect: (2 divide-error)
(let ((k #f) (n 0)) (let ((v (with-exception-handler (lambda (e) (call/cc (lambda (c) (set! k c) 1))) (lambda () (* 10 (raise-continuable 'x)))))) (set! n (+ n 1)) (if (< n 3) (k (+ n 1)) v))) ; expect: 30
(let nest ((n 1000)) (if (= n 0) (raise-continuable 'bottom) (with-exception-handler (lambda (e) (raise-continuable (list 'nest e))) (lambda () (nest (- n 1)))))) ; error: nest
(let ((depth (let nest ((n 500)) (if (= n 0) (raise-continuable 0) (with-exception-handler (lambda (e) (if (= n 500) (+ 1 e) (raise-continuable (+ e 1)))) (lambda () (nest (- n 1)))))))) depth) ; expect: 500
(raise 'unhandled)                         ; error: unhandled
(raise-continuable 'unhandled-too)         ; error: unhandled-too
(error "message with irritants" '(1 "two" #\3)) ; error: message with irritants
(error "number irritant:" 42)              ; error: 42
(with-exception-handler 5 (lambda () 1))   ; error: with-exception-handler
(with-exception-handler (lambda (e) 1) 5)  ; error: with-exception-handler
(error-object-message 'a)                  ; error: error-object-message
(error-object-irritants 5)                 ; error: error-object-irritants
