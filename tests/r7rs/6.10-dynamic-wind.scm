; Section 6.10: dynamic-wind and every way in and out.
(define-syntax traced
  (syntax-rules ()
    ((_ note body ...) (let* ((log '()) (note (lambda (x) (set! log (cons x log)) x))) body ... (reverse log)))))
(traced note (dynamic-wind (lambda () (note 'in)) (lambda () (note 'body)) (lambda () (note 'out)))) ; expect: (in body out)
(dynamic-wind (lambda () 1) (lambda () 2) (lambda () 3)) ; expect: 2
(call-with-values (lambda () (dynamic-wind (lambda () 1) (lambda () (values 2 3)) (lambda () 4))) list) ; expect: (2 3)
(traced note (call/cc (lambda (k) (dynamic-wind (lambda () (note 'in)) (lambda () (k 1)) (lambda () (note 'out)))))) ; expect: (in out)
(traced note (call/cc (lambda (k)
  (dynamic-wind (lambda () (note 'in1)) (lambda () (dynamic-wind (lambda () (note 'in2)) (lambda () (k 1)) (lambda () (note 'out2)))) (lambda () (note 'out1)))))) ; expect: (in1 in2 out2 out1)
(traced note
  (let ((k #f) (n 0))
    (dynamic-wind (lambda () (note 'in1))
      (lambda () (dynamic-wind (lambda () (note 'in2)) (lambda () (call/cc (lambda (c) (set! k c))) (note 'body)) (lambda () (note 'out2))))
      (lambda () (note 'out1)))
    (set! n (+ n 1))
    (if (< n 2) (k #f))))                  ; expect: (in1 in2 body out2 out1 in1 in2 body out2 out1)
(traced note
  (let ((k1 #f) (n 0))
    (dynamic-wind (lambda () (note 'a-in)) (lambda () (call/cc (lambda (c) (set! k1 c)))) (lambda () (note 'a-out)))
    (set! n (+ n 1))
    (if (= n 1) (dynamic-wind (lambda () (note 'b-in)) (lambda () (k1 #f)) (lambda () (note 'b-out)))))) ; expect: (a-in a-out b-in b-out a-in a-out)
(traced note
  (let ((k1 #f) (n 0))
    (dynamic-wind (lambda () (note 'outer-in))
      (lambda ()
        (dynamic-wind (lambda () (note 'a-in)) (lambda () (call/cc (lambda (c) (set! k1 c)))) (lambda () (note 'a-out)))
        (set! n (+ n 1))
        (if (= n 1) (dynamic-wind (lambda () (note 'b-in)) (lambda () (k1 #f)) (lambda () (note 'b-out)))))
      (lambda () (note 'outer-out)))))     ; expect: (outer-in a-in a-out b-in b-out a-in a-out outer-out)
(traced note
  (guard (e (#t (note e)))
    (dynamic-wind (lambda () (note 'in)) (lambda () (raise 'oops)) (lambda () (note 'out))))) ; expect: (in out oops)
(traced note
  (guard (e (#t (note e)))
    (dynamic-wind (lambda () (raise 'in-before)) (lambda () (note 'body)) (lambda () (note 'out))))) ; expect: (in-before)
(traced note
  (guard (e (#t (note e)))
    (dynamic-wind (lambda () (note 'in)) (lambda () (note 'body)) (lambda () (raise 'in-after))))) ; expect: (in body in-after)
(traced note
  (guard (e (#t (note e)))
    (dynamic-wind (lambda () (note 'in)) (lambda () (raise 'body)) (lambda () (raise 'in-after))))) ; expect: (in in-after)
(traced note
  (with-exception-handler
    (lambda (e) (note 'handler) 1)
    (lambda () (dynamic-wind (lambda () (note 'in)) (lambda () (raise-continuable 'x) (note 'body)) (lambda () (note 'out)))))) ; expect: (in handler body out)
(traced note
  (call/cc (lambda (k)
    (with-exception-handler
      (lambda (e) (note 'handler) (k 1))
      (lambda () (dynamic-wind (lambda () (note 'in)) (lambda () (raise 'x)) (lambda () (note 'out)))))))) ; expect: (in handler out)
(traced note
  (call/cc (lambda (escape)
    (dynamic-wind
      (lambda () (note 'in1))
      (lambda () (dynamic-wind (lambda () (note 'in2)) (lambda () (note 'body)) (lambda () (note 'out2) (escape 1))))
      (lambda () (note 'out1)))))
  (note 'after))                           ; expect: (in1 in2 body out2 out1 after)
(traced note
  (let ((k #f))
    (dynamic-wind
      (lambda () (note 'in))
      (lambda () (call/cc (lambda (c) (c 1))) (note 'same-extent) (call/cc (lambda (c) (set! k c))))
      (lambda () (note 'out)))))           ; expect: (in same-extent out)
(define p (make-parameter 'default))
(traced note
  (parameterize ((p 'outer))
    (dynamic-wind (lambda () (note (p))) (lambda () (parameterize ((p 'inner)) (call/cc (lambda (k) (note (p)) (k 1))) (note (p)))) (lambda () (note (p)))))) ; expect: (outer inner inner outer)
(traced note
  (call/cc (lambda (k)
    (parameterize ((p 'outer))
      (dynamic-wind (lambda () (note (p))) (lambda () (parameterize ((p 'inner)) (k 1))) (lambda () (note (p)))))))
  (note (p)))                              ; expect: (outer outer default)
(traced note
  (let ((k #f) (n 0))
    (guard (e (#t (note (list 'caught e))))
      (dynamic-wind (lambda () (note 'in)) (lambda () (let ((x (call/cc (lambda (c) (set! k c) 0)))) (if (> x 0) (raise x)) (note 'ok))) (lambda () (note 'out))))
    (set! n (+ n 1))
    (if (= n 1) (k 7))))                   ; expect: (in ok out in out (caught 7))
(let loop ((i 0)) (if (< i 20000) (begin (dynamic-wind (lambda () #f) (lambda () i) (lambda () #f)) (loop (+ i 1))) i)) ; expect: 20000
(let ((depth 0) (most 0))
  (let nest ((n 1000)) (if (> n 0) (dynamic-wind (lambda () (set! depth (+ depth 1)) (if (> depth most) (set! most depth))) (lambda () (nest (- n 1))) (lambda () (set! depth (- depth 1))))))
  (list depth most))                       ; expect: (0 1000)
(dynamic-wind 5 (lambda () 1) (lambda () 2)) ; error: dynamic-wind
(dynamic-wind (lambda () 1) 5 (lambda () 2)) ; error: dynamic-wind
(dynamic-wind (lambda () 1) (lambda () 2) 5) ; error: dynamic-wind
