; call-with-prompt and abort-to-prompt, as Guile has them.
(call-with-prompt 'tag (lambda () 5) (lambda (k) 'aborted)) ; expect: 5
(call-with-prompt 'tag (lambda () (+ 1 (abort-to-prompt 'tag))) (lambda (k) 'aborted)) ; expect: aborted
(call-with-prompt 'tag (lambda () (abort-to-prompt 'tag 1 2)) (lambda (k a b) (list a b))) ; expect: (1 2)
(call-with-prompt 'tag (lambda () (+ 1 (abort-to-prompt 'tag))) (lambda (k) (k 10))) ; expect: 11
(call-with-prompt 'tag (lambda () (+ 1 (abort-to-prompt 'tag))) (lambda (k) (list (k 10) (k 20)))) ; expect: (11 21)
(call-with-prompt 'tag (lambda () (* 2 (+ 1 (abort-to-prompt 'tag)))) (lambda (k) (k (k 3)))) ; expect: 18
(call-with-prompt 'outer (lambda () (call-with-prompt 'inner (lambda () (abort-to-prompt 'outer 'x)) (lambda (k) 'inner))) (lambda (k v) (list 'outer v))) ; expect: (outer x)
(let ((tag (make-prompt-tag))) (call-with-prompt tag (lambda () (abort-to-prompt tag 1)) (lambda (k v) v))) ; expect: 1
(let ((tag (make-prompt-tag "name"))) (call-with-values (lambda () (call-with-prompt tag (lambda () (values 1 2)) list)) list)) ; expect: (1 2)
(let ((log '()))
  (define (note x) (set! log (cons x log)))
  (let ((k (call-with-prompt 't (lambda () (dynamic-wind (lambda () (note 'in)) (lambda () (note (abort-to-prompt 't)) 'end) (lambda () (note 'out)))) (lambda (k) k))))
    (note 'between)
    (let ((r (k 'resumed))) (list r (reverse log))))) ; expect: (end (in out between in resumed out))
(define (make-gen proc)
  (define tag (make-prompt-tag))
  (define next (lambda () (call-with-prompt tag (lambda () (proc (lambda (x) (abort-to-prompt tag x))) 'done) (lambda (k x) (set! next (lambda () (call-with-prompt tag (lambda () (k #f)) handler))) x))))
  (define (handler k x) (set! next (lambda () (call-with-prompt tag (lambda () (k #f)) handler))) x)
  (lambda () (next)))
(let ((g (make-gen (lambda (yield) (for-each yield '(1 2 3)))))) (let* ((a (g)) (b (g)) (c (g)) (d (g))) (list a b c d))) ; expect: (1 2 3 done)
(abort-to-prompt 'nobody-has-this)         ; error: Abort to unknown prompt
(call-with-prompt 't (lambda () (guard (e (#t (list 'caught e))) (abort-to-prompt 't))) (lambda (k) (k 5))) ; expect: 5
(call-with-prompt 't (lambda () (guard (e (#t (list 'caught e))) (abort-to-prompt 't) (raise 'later))) (lambda (k) (k 5))) ; expect: (caught later)
(define p (make-parameter 1))
(call-with-prompt 't (lambda () (parameterize ((p 2)) (abort-to-prompt 't) (p))) (lambda (k) (list (p) (k 0) (p)))) ; expect: (1 2 1)
