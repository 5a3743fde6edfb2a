; Section 4.2.6: make-parameter and parameterize.
(define radix (make-parameter 10 (lambda (x) (if (and (exact-integer? x) (<= 2 x 16)) x (error "invalid radix" x)))))
(define (f n) (number->string n (radix)))
(f 12)                                     ; expect: "12"
(parameterize ((radix 2)) (f 12))          ; expect: "1100"
(f 12)                                     ; expect: "12"
(parameterize ((radix 0)) (f 12))          ; error: invalid radix
(radix)                                    ; expect: 10
(define p (make-parameter 1))
(procedure? p)                             ; expect: #t
(p)                                        ; expect: 1
(parameterize () (p))                      ; expect: 1
(parameterize ((p 2)) (p))                 ; expect: 2
(parameterize ((p 2)) (parameterize ((p 3)) (p))) ; expect: 3
(parameterize ((p 2)) (parameterize ((p 3)) 'x) (p)) ; expect: 2
(define (get) (p))
(parameterize ((p 'inner)) (get))          ; expect: inner
(define thunk (parameterize ((p 9)) (lambda () (p))))
(thunk)                                    ; expect: 1
(define q (make-parameter 10 (lambda (x) (* x 2))))
(q)                                        ; expect: 20
(parameterize ((q 7)) (q))                 ; expect: 14
(q)                                        ; expect: 20
(parameterize ((q 1)) (parameterize ((q (q))) (q))) ; expect: 4
(let ((n 0))
  (define c (make-parameter 0 (lambda (x) (set! n (+ n 1)) x)))
  (parameterize ((c 1)) (c) (c) (c))
  n)                                       ; expect: 2
(parameterize ((p 1) (q 2)) (list (p) (q))) ; expect: (1 4)
(parameterize ((p (q)) (q (p))) (list (p) (q))) ; expect: (20 2)
(parameterize ((p 5)) (define x (p)) (* x x)) ; expect: 25
(call-with-values (lambda () (parameterize ((p 5)) (values (p) 2))) list) ; expect: (5 2)
(let ((k #f) (trace '()))
  (parameterize ((p 'bound))
    (call/cc (lambda (c) (set! k c)))
    (set! trace (cons (p) trace)))
  (set! trace (cons (p) trace))
  (if (< (length trace) 4) (k #f))
  trace)                                   ; expect: (1 bound 1 bound)
(parameterize ((p 'gone)) (call/cc (lambda (c) (c 1))) (p)) ; expect: gone
(call/cc (lambda (c) (parameterize ((p 'gone)) (c 1)))) ; expect: 1
(p)                                        ; expect: 1
(guard (e (#t (list e (p)))) (parameterize ((p 'gone)) (raise 'oops))) ; expect: (oops 1)
(with-exception-handler
  (lambda (e) (list e (p)))
  (lambda () (parameterize ((p 'inside)) (raise-continuable 'c)))) ; expect: (c inside)
(let ((path '()))
  (parameterize ((p 'in))
    (dynamic-wind
      (lambda () (set! path (cons (p) path)))
      (lambda () (parameterize ((p 'deeper)) (set! path (cons (p) path))))
      (lambda () (set! path (cons (p) path)))))
  (reverse path))                          ; expect: (in deeper in)
(let loop ((i 0)) (if (< i 1000) (parameterize ((p i)) (loop (+ i 1))) (p))) ; expect: 999
(p)                                        ; expect: 1
(eq? p p)                                  ; expect: #t
(parameterize ((5 1)) 2)                   ; error: parameter
(parameterize ((car 1)) 2)                 ; error: parameter
(make-parameter)                           ; error: make-parameter
(let ((out (open-output-string))) (parameterize ((current-output-port out)) (display "captured")) (get-output-string out)) ; expect: "captured"
