; Where the clauses of a guard are looked at: in its own dynamic state, outside of all winds between it and the raise.
(define p (make-parameter 'outside))
(guard (e ((eq? (p) 'outside) (list 'saw (p)))) (parameterize ((p 'inside)) (raise 1)))  ; expect: (saw outside)
(parameterize ((p 'middle)) (with-exception-handler (lambda (e) (p)) (lambda () (guard (e (#f 1)) (parameterize ((p 'inside)) (raise-continuable 1))))))  ; expect: inside
(with-exception-handler (lambda (e) 10) (lambda () (+ 1 (guard (e ((string? e) 'no)) (* 2 (raise-continuable 'x))))))  ; expect: 21
(guard (o (#t (list 'outer o))) (guard (e ((raise 'second) 1)) (raise 'first)))  ; expect: (outer second)
(guard (o (#t (list 'outer o))) (guard (e ((eq? e 'x) (raise 'second))) (raise 'x)))  ; expect: (outer second)
(guard (e ((assq 'a e) => cdr) ((assq 'b e))) (raise (list (cons 'a 42))))  ; expect: 42
(guard (e ((assq 'a e) => cdr) ((assq 'b e))) (raise (list (cons 'b 23))))  ; expect: (b . 23)
(call-with-values (lambda () (guard (e (#t (values 1 2))) (raise 1))) list)  ; expect: (1 2)
(define trace '())
(define (note x) (set! trace (cons x trace)))
(guard (e ((begin (note 'test) #f) 1) (#t (reverse trace))) (dynamic-wind (lambda () (note 'in)) (lambda () (raise 'x)) (lambda () (note 'out))))  ; expect: (in out test)
(set! trace '())
(guard (e (#t (reverse trace))) (guard (e ((begin (note 'test) #f) 1)) (dynamic-wind (lambda () (note 'in)) (lambda () (raise 'x)) (lambda () (note 'out)))))  ; expect: (in out test in out)
; A test that aborts finds the prompt around the guard, not one of the same tag around the raise.
(define tag (make-prompt-tag))
(define (named name) (lambda (k x) (list name x)))
(call-with-prompt tag (lambda () (guard (e ((abort-to-prompt tag 'gone) 1)) (call-with-prompt tag (lambda () (raise 1)) (named 'inner)))) (named 'outer))  ; expect: (outer gone)
; A test may be left and entered again.
(define again #f)
(define answers '())
(define (ask) (set! answers (cons (guard (e ((call/cc (lambda (k) (set! again k) #f)) => (lambda (v) (list 'later v))) (else 'first)) (raise 1)) answers)))
(begin (ask) (if (< (length answers) 3) (again (length answers))) (reverse answers))  ; expect: (first (later 1) (later 2))
; Nested deeply, each without a clause that holds.
(define (nest n) (if (= n 0) (raise 'bottom) (guard (e (#f 1)) (nest (- n 1)) 2)))
(guard (e (#t e)) (nest 100000))  ; expect: bottom
; Nested deeply, while some other parameter is looked at.
(define (deep n) (if (= n 0) 'through (begin (with-output-to-string (lambda () (deep (- n 1)))) 'through)))
(deep 10000)  ; expect: through
