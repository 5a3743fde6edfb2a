; A composable continuation resumed elsewhere: what it bound itself holds, all else is as it is there. As in Guile 3.0.8.
(define p (make-parameter 0))
(define tag (make-prompt-tag))
(define k #f)
(define (show name x) (write name) (display " ") (write x) (newline))
(show 'a (parameterize ((p 1))
  (call-with-prompt tag
    (lambda () (abort-to-prompt tag) (p))
    (lambda (c) (set! k c) 'first)))) ; prints: a first
(show 'b (parameterize ((p 2)) (k))) ; prints: b 2
(show 'c (parameterize ((p 1))
  (call-with-prompt tag
    (lambda () (list (p) (parameterize ((p 5)) (abort-to-prompt tag) (p)) (p)))
    (lambda (c) (set! k c) 'first)))) ; prints: c first
(show 'd (parameterize ((p 2)) (k))) ; prints: d (1 5 2)
(define q (make-parameter 'q0))
(show 'e (parameterize ((p 1) (q 'q1))
  (call-with-prompt tag
    (lambda () (list (p) (q) (parameterize ((p 5)) (abort-to-prompt tag) (list (p) (q))) (p) (q)))
    (lambda (c) (set! k c) 'first)))) ; prints: e first
(show 'f (parameterize ((p 2) (q 'q2)) (k))) ; prints: f (1 q1 (5 q2) 2 q2)
(show 'g (k)) ; prints: g (1 q1 (5 q0) 0 q0)
(define log '())
(define (note x) (set! log (cons x log)))
(call-with-prompt tag
  (lambda () (dynamic-wind (lambda () (note 'in)) (lambda () (abort-to-prompt tag)) (lambda () (note 'out))))
  (lambda (c) (set! k c)))
(dynamic-wind (lambda () (note 'in2)) (lambda () (k)) (lambda () (note 'out2)))
(show 'winds (reverse log)) ; prints: winds (in out in2 in out out2)
(show 'h (call-with-prompt tag
  (lambda () (with-exception-handler (lambda (e) (list 'inner e)) (lambda () (abort-to-prompt tag) (raise-continuable 1))))
  (lambda (c) (set! k c) 'first))) ; prints: h first
(show 'i (with-exception-handler (lambda (e) (list 'outer e)) (lambda () (list (k) (raise-continuable 2))))) ; prints: i ((inner 1) (outer 2))
(show 'k (with-exception-handler (lambda (e) (list 'first e)) (lambda () (call-with-prompt tag
  (lambda () (with-exception-handler (lambda (e) (list 'inner (raise-continuable e))) (lambda () (abort-to-prompt tag) (raise-continuable 1))))
  (lambda (c) (set! k c) 'done))))) ; prints: k done
(show 'l (with-exception-handler (lambda (e) (list 'second e)) (lambda () (k)))) ; prints: l (inner (second 1))
(show 'm (call-with-prompt tag (lambda () (list (p) (parameterize ((p 7)) (list (p) (call-with-prompt 'other (lambda () (parameterize ((p 8)) (abort-to-prompt tag) (p))) list) (p))) (p))) (lambda (c) (set! k c) 'done))) ; prints: m done
(show 'n (parameterize ((p 9)) (k))) ; prints: n (0 (7 8 7) 9)
