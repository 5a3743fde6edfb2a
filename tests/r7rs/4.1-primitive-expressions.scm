; Section 4.1: variables, quote, calls, lambda, if, set!.
(define x 28)
x                                          ; expect: 28
(quote a)                                  ; expect: a
(quote #(a b c))                           ; expect: #(a b c)
(quote (+ 1 2))                            ; expect: (+ 1 2)
'a                                         ; expect: a
'#(a b c)                                  ; expect: #(a b c)
'()                                        ; expect: ()
'(quote a)                                 ; expect: (quote a)
'145932                                    ; expect: 145932
'"abc"                                     ; expect: "abc"
'#\a                                       ; expect: #\a
'#t                                        ; expect: #t
'#u8(64 65)                                ; expect: #u8(64 65)
145932                                     ; expect: 145932
"abc"                                      ; expect: "abc"
#(a 10)                                    ; expect: #(a 10)
#u8(64 65)                                 ; expect: #u8(64 65)
(+ 3 4)                                    ; expect: 7
((if #f + *) 3 4)                          ; expect: 12
((lambda (x) (+ x x)) 4)                   ; expect: 8
(procedure? (lambda (x) (+ x x)))          ; expect: #t
(define reverse-subtract (lambda (x y) (- y x)))
(reverse-subtract 7 10)                    ; expect: 3
(define add4 (let ((x 4)) (lambda (y) (+ x y))))
(add4 6)                                   ; expect: 10
x                                          ; expect: 28
((lambda x x) 3 4 5 6)                     ; expect: (3 4 5 6)
((lambda x x))                             ; expect: ()
((lambda (x y . z) z) 3 4 5 6)             ; expect: (5 6)
((lambda (x y . z) z) 3 4)                 ; expect: ()
((lambda (x y . z) (list x y)) 3 4 5)      ; expect: (3 4)
((lambda () 'thunk))                       ; expect: thunk
((lambda (a b c d e f g h i j) (list j i h g f e d c b a)) 1 2 3 4 5 6 7 8 9 10) ; expect: (10 9 8 7 6 5 4 3 2 1)
(((lambda (a) (lambda (b) (list a b))) 1) 2) ; expect: (1 2)
((lambda (x) (set! x (+ x 1)) x) 5)        ; expect: 6
((lambda (x . rest) (set! rest (cons x rest)) rest) 1 2) ; expect: (1 2)
((lambda (x) 1 2 x) 3)                     ; expect: 3
(if (> 3 2) 'yes 'no)                      ; expect: yes
(if (> 2 3) 'yes 'no)                      ; expect: no
(if (> 3 2) (- 3 2) (+ 3 2))               ; expect: 1
(if '() 'true 'false)                      ; expect: true
(if 0 'true 'false)                        ; expect: true
(if "" 'true 'false)                       ; expect: true
(if #f 'true 'false)                       ; expect: false
(if 'false 'true 'false)                   ; expect: true
(if #t 1)                                  ; expect: 1
(if (if #f #f #t) 1 2)                     ; expect: 1
(if (not (if #t #f #t)) 1 2)               ; expect: 1
(let ((x (if #f #f))) (eq? x x))           ; expect: #t
(define y 2)
(+ y 1)                                    ; expect: 3
(set! y 4)
(+ y 1)                                    ; expect: 5
(set! y (lambda () y))
(eq? y (y))                                ; expect: #t
(define (counter)
  (let ((n 0)) (lambda () (set! n (+ n 1)) n)))
(define c1 (counter))
(define c2 (counter))
(c1)                                       ; expect: 1
(c1)                                       ; expect: 2
(c2)                                       ; expect: 1
(list (c1) (c2))                           ; expect: (3 2)
undefined-variable                         ; error: undefined-variable
(set! never-defined 1)                     ; error: never-defined
(5 5)                                      ; error: 5
("f")                                      ; error: "f"
((lambda (x) x))                           ; error: argument
((lambda (x) x) 1 2)                       ; error: argument
((lambda (x . y) x))                       ; error: argument
(let ((f (lambda (x y) x))) (f 1))         ; error: argument
(if)                                       ; error: if
(if 1 2 3 4)                               ; error: if
(lambda)                                   ; error: lambda
(lambda (x))                               ; error: lambda
(lambda (x x) x)                           ; error: x
(quote)                                    ; error: quote
(quote 1 2)                                ; error: quote
(set! x)                                   ; error: set!
(set! 5 6)                                 ; error: set!
()                                         ; error: ()
