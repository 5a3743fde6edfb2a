; Section 4.2.7: guard, its clauses, and where they run.
(guard (condition ((assq 'a condition) => cdr) ((assq 'b condition))) (raise (list (cons 'a 42)))) ; expect: 42
(guard (condition ((assq 'a condition) => cdr) ((assq 'b condition))) (raise (list (cons 'b 23)))) ; expect: (b . 23)
(guard (e (#t 'caught)) 'normal)           ; expect: normal
(guard (e (else e)) (raise 'x))            ; expect: x
(guard (e ((string? e) 'string) ((symbol? e) 'symbol) (else 'other)) (raise "s")) ; expect: string
(guard (e ((string? e) 'string) ((symbol? e) 'symbol) (else 'other)) (raise 'y)) ; expect: symbol
(guard (e ((string? e) 'string) ((symbol? e) 'symbol) (else 'other)) (raise 5)) ; expect: other
(guard (e ((memv e '(1 2 3)))) (raise 2))  ; expect: (2 3)
(guard (e (#f 1) (else 1 2 3)) (raise 'x)) ; expect: 3
(guard (e (else (set! e 5) e)) (raise 'x)) ; expect: 5
(call-with-values (lambda () (guard (e (#t 1)) (values 1 2 3))) list) ; expect: (1 2 3)
(call-with-values (lambda () (guard (e (#t (values e 2))) (raise 1))) list) ; expect: (1 2)
(guard (e (#t (list 'outer e))) (guard (e ((number? e) 'inner)) (raise 'sym))) ; expect: (outer sym)
(guard (e (#t (list 'outer e))) (guard (e ((number? e) (raise (list 'again e)))) (raise 1))) ; expect: (outer (again 1))
(guard (e (#t (list 'outer e))) (guard (e ((raise 'from-test) 1)) (raise 1))) ; expect: (outer from-test)
(+ 1 (guard (e (#t 10)) (+ 100 (raise 'x)))) ; expect: 11
(guard (e (#t (error-object-message e))) (error "message" 1 2)) ; expect: "message"
(guard (e (#t (error-object-irritants e))) (error "message" 1 '(2) "3")) ; expect: (1 (2) "3")
(guard (e ((error-object? e) 'error)) (car 5)) ; expect: error
(guard (e ((error-object? e) 'error)) (vector-ref (vector 1 2) 2)) ; expect: error
(guard (e ((error-object? e) 'error)) (undefined-procedure-xyz)) ; expect: error
(guard (e ((error-object? e) 'error)) (/ 1 0)) ; expect: error
(guard (e ((error-object? e) 'error)) ((lambda (x) x))) ; expect: error
(guard (e ((error-object? e) 'error)) (5 5)) ; expect: error
(guard (e (#t (list 'caught e))) (raise #f)) ; expect: (caught #f)
(guard (e (#t (list 'caught e))) (raise (list 1 2))) ; expect: (caught (1 2))
(with-exception-handler
  (lambda (e) 42)
  (lambda () (+ 1 (guard (e ((string? e) 'no)) (raise-continuable 'c))))) ; expect: 43
(let ((trace '()))
  (define (note x) (set! trace (cons x trace)))
  (guard (e (#t (note (list 'clause e))))
    (dynamic-wind (lambda () (note 'in)) (lambda () (raise 'x)) (lambda () (note 'out))))
  (reverse trace))                         ; expect: (in out (clause x))
(let ((trace '()))
  (define (note x) (set! trace (cons x trace)) #f)
  (guard (e (#t (note (list 'outer e))))
    (guard (e ((note 'inner-test) 'never))
      (dynamic-wind (lambda () (note 'in)) (lambda () (raise 'x)) (lambda () (note 'out)))))
  (reverse trace))                         ; expect: (in out inner-test in out (outer x))
(let ((trace '()))
  (define (note x) (set! trace (cons x trace)) #f)
  (list
    (with-exception-handler
      (lambda (e) (note (list 'handler e)) 10)
      (lambda ()
        (guard (e ((note 'test) 'never))
          (dynamic-wind (lambda () (note 'in)) (lambda () (+ 1 (raise-continuable 'x))) (lambda () (note 'out))))))
    (reverse trace)))                      ; expect: (11 (in out test in (handler x) out))
(define p (make-parameter 'outside))
(guard (e (#t (p))) (parameterize ((p 'inside)) (raise 'x))) ; expect: outside
(guard (e ((begin (set! p1 (p)) #f) 1) (else p1)) (parameterize ((p 'inside)) (raise 'x))) ; error: p1
(define p1 #f)
(guard (e ((begin (set! p1 (p)) #f) 1) (else p1)) (parameterize ((p 'inside)) (raise 'x))) ; expect: outside
(let loop ((i 0)) (if (< i 20000) (guard (e (#t (loop (+ i 1)))) (raise i)) i)) ; expect: 20000
(let loop ((i 0) (sum 0)) (if (< i 20000) (loop (+ i 1) (+ sum (guard (e (#t e)) (raise 1)))) sum)) ; expect: 20000
(let loop ((i 0)) (if (< i 100000) (begin (guard (e (#t e)) i) (loop (+ i 1))) i)) ; expect: 100000
(let ((k #f) (n 0))
  (guard (e (#t (set! n (+ n 1)) (if (< n 3) (k 'again) (list 'end n e))))
    (raise (call/cc (lambda (c) (set! k c) 'first))))) ; expect: (end 3 again)
(guard (e ((number? e) (* e 2))) (for-each (lambda (x) (if (> x 2) (raise x))) '(1 2 3 4))) ; expect: 6
(guard (e (#t 'from-map)) (map (lambda (x) (raise x)) '(1 2))) ; expect: from-map
(guard (e (#t 'in-sort)) (sort '(3 2 1) (lambda (a b) (raise 'x)))) ; expect: in-sort
(guard (e (#f 1)) (raise 'uncaught-one))   ; error: uncaught-one
(guard (e) (raise 'no-clause))             ; error: no-clause
(guard (e ((string? e) 1)) (error "told all" 'irritant)) ; error: told all
(raise 'plain)                             ; error: plain
'still-alive                               ; expect: still-alive
(let ((=> #f)) (guard (e (#t => 'shadowed)) (raise 1))) ; expect: shadowed
(let ((f (lambda () (guard (e (#t 'first)) (guard (e2 (#f 'second)) (guard (e3 (#f 'third)) (raise 'deep))))))) (list (f) (f))) ; expect: (first first)
