; Section 6.1: eqv?, eq? and equal?.
(eqv? 'a 'a)                               ; expect: #t
(eqv? 'a 'b)                               ; expect: #f
(eqv? 2 2)                                 ; expect: #t
(eqv? 2 2.0)                               ; expect: #f
(eqv? '() '())                             ; expect: #t
(eqv? 100000000000000000000 100000000000000000000) ; expect: #t
(eqv? 1/2 2/4)                             ; expect: #t
(eqv? 1.5 1.5)                             ; expect: #t
(eqv? 0.0 -0.0)                            ; expect: #f
(eqv? 0.0 +nan.0)                          ; expect: #f
(eqv? +inf.0 +inf.0)                       ; expect: #t
(eqv? +inf.0 -inf.0)                       ; expect: #f
(eqv? 1.0 1)                               ; expect: #f
(eqv? #\a #\a)                             ; expect: #t
(eqv? #\a #\A)                             ; expect: #f
(eqv? #t #t)                               ; expect: #t
(eqv? #f '())                              ; expect: #f
(eqv? (cons 1 2) (cons 1 2))               ; expect: #f
(eqv? (lambda () 1) (lambda () 2))         ; expect: #f
(let ((p (lambda (x) x))) (eqv? p p))      ; expect: #t
(eqv? #f 'nil)                             ; expect: #f
(eqv? (string #\a) (string #\a))           ; expect: #f
(eqv? (vector 1) (vector 1))               ; expect: #f
(let ((x '(a))) (eqv? x x))                ; expect: #t
(eqv? "a" 'a)                              ; expect: #f
(eqv? car car)                             ; expect: #t
(eqv? car cdr)                             ; expect: #f
(define gen-counter (lambda () (let ((n 0)) (lambda () (set! n (+ n 1)) n))))
(let ((g (gen-counter))) (eqv? g g))       ; expect: #t
(eqv? (gen-counter) (gen-counter))         ; expect: #f
(letrec ((f (lambda () (if (eqv? f g) 'f 'both))) (g (lambda () (if (eqv? f g) 'g 'both)))) (eqv? f f)) ; expect: #t
(eq? 'a 'a)                                ; expect: #t
(eq? (list 'a) (list 'a))                  ; expect: #f
(eq? '() '())                              ; expect: #t
(eq? car car)                              ; expect: #t
(let ((x '(a))) (eq? x x))                 ; expect: #t
(let ((x '#())) (eq? x x))                 ; expect: #t
(let ((p (lambda (x) x))) (eq? p p))       ; expect: #t
(eq? "" 'a)                                ; expect: #f
(eq? #t #t)                                ; expect: #t
(eq? (string->symbol "abc") 'abc)          ; expect: #t
(equal? 'a 'a)                             ; expect: #t
(equal? '(a) '(a))                         ; expect: #t
(equal? '(a (b) c) '(a (b) c))             ; expect: #t
(equal? "abc" "abc")                       ; expect: #t
(equal? "abc" "abd")                       ; expect: #f
(equal? "abc" "ab")                        ; expect: #f
(equal? 2 2)                               ; expect: #t
(equal? 2 2.0)                             ; expect: #f
(equal? (make-vector 5 'a) (make-vector 5 'a)) ; expect: #t
(equal? #(1 2 3) #(1 2 4))                 ; expect: #f
(equal? #(1 2) '(1 2))                     ; expect: #f
(equal? #u8(1 2) #u8(1 2))                 ; expect: #t
(equal? #u8(1 2) #u8(1 3))                 ; expect: #f
(equal? #u8(1 2) #(1 2))                   ; expect: #f
(equal? '(1 . 2) '(1 . 2))                 ; expect: #t
(equal? '(1 2) '(1 2 3))                   ; expect: #f
(equal? '() '())                           ; expect: #t
(equal? '() #())                           ; expect: #f
(equal? #\a #\a)                           ; expect: #t
(equal? 1.0 1.0)                           ; expect: #t
(equal? 100000000000000000000 100000000000000000000) ; expect: #t
(equal? (list 1 "two" #\3 'four 5.0 #(6 #u8(7))) (list 1 "two" #\3 'four 5.0 (vector 6 (bytevector 7)))) ; expect: #t
(equal? (lambda (x) x) (lambda (y) y))     ; expect: #f
(equal? "" (string))                       ; expect: #t
(equal? car car)                           ; expect: #t
(let ((x (list 1 2))) (equal? (list x x) (list (list 1 2) (list 1 2)))) ; expect: #t
