; Section 6.8: vectors.
(map vector? (list #() #(1) '(1) "v" #u8(1) (make-vector 2))) ; expect: (#t #t #f #f #f #t)
(make-vector 3 'a)                         ; expect: #(a a a)
(make-vector 0)                            ; expect: #()
(vector-length (make-vector 5))            ; expect: 5
(vector 'a 'b 'c)                          ; expect: #(a b c)
(vector)                                   ; expect: #()
(vector-length #(1 2 3))                   ; expect: 3
(vector-ref '#(1 1 2 3 5 8 13 21) 5)       ; expect: 8
(vector-ref #(a b c) 0)                    ; expect: a
(vector-ref #(a b c) 3)                    ; error: vector-ref
(vector-ref #(a b c) -1)                   ; error: vector-ref
(vector-ref #(a b c) 1.0)                  ; error: vector-ref
(vector-ref '(a b c) 0)                    ; error: vector-ref
(vector-ref #(a) 'x)                       ; error: vector-ref
(let ((vec (vector 0 '(2 2 2 2) "Anna"))) (vector-set! vec 1 '("Sue" "Sue")) vec) ; expect: #(0 ("Sue" "Sue") "Anna")
(vector-set! (vector 1 2) 2 'x)            ; error: vector-set!
(vector-set! (vector 1 2) -1 'x)           ; error: vector-set!
(vector-set! '(1) 0 'x)                    ; error: vector-set!
(vector->list '#(dah dah didah))           ; expect: (dah dah didah)
(vector->list '#(dah dah didah) 1)         ; expect: (dah didah)
(vector->list '#(dah dah didah) 1 2)       ; expect: (dah)
(vector->list #())                         ; expect: ()
(vector->list #(1 2 3) 3)                  ; expect: ()
(vector->list #(1 2 3) 4)                  ; error: vector->list
(vector->list #(1 2 3) 2 1)                ; error: vector->list
(list->vector '(dididit dah))              ; expect: #(dididit dah)
(list->vector '())                         ; expect: #()
(list->vector '(1 . 2))                    ; error: list->vector
(list->vector 5)                           ; error: list->vector
(string->vector "ABC")                     ; expect: #(#\A #\B #\C)
(string->vector "ABCDE" 1)                 ; expect: #(#\B #\C #\D #\E)
(string->vector "ABCDE" 1 3)               ; expect: #(#\B #\C)
(string->vector "λ😀")                     ; expect: #(#\λ #\😀)
(string->vector "ABC" 4)                   ; error: string->vector
(vector->string #(#\1 #\2 #\3))            ; expect: "123"
(vector->string #(#\a #\b #\c) 1)          ; expect: "bc"
(vector->string #(#\a #\b #\c) 1 2)        ; expect: "b"
(vector->string #())                       ; expect: ""
(vector->string #(1 2))                    ; error: vector->string
(vector->string "abc")                     ; error: vector->string
(define a #(1 8 2 8))
(define b (vector-copy a))
(vector-set! b 0 3)
b                                          ; expect: #(3 8 2 8)
a                                          ; expect: #(1 8 2 8)
(vector-copy b 1 3)                        ; expect: #(8 2)
(vector-copy b 2)                          ; expect: #(2 8)
(vector-copy b 4)                          ; expect: #()
(vector-copy b 5)                          ; error: vector-copy
(vector-copy b 3 2)                        ; error: vector-copy
(vector-copy b -1)                         ; error: vector-copy
(define (changed to . args) (apply vector-copy! to args) to)
(changed (vector 10 20 30 40 50) 1 #(1 2 3 4 5) 0 2) ; expect: #(10 1 2 40 50)
(changed (vector 1 2 3 4 5) 0 #(a b))      ; expect: #(a b 3 4 5)
(changed (vector 1 2 3 4 5) 3 #(a b c) 1)  ; expect: #(1 2 3 b c)
(changed (vector 1 2 3) 3 #())             ; expect: #(1 2 3)
(let ((v (vector 1 2 3 4 5))) (vector-copy! v 1 v 0 3) v) ; expect: #(1 1 2 3 5)
(let ((v (vector 1 2 3 4 5))) (vector-copy! v 0 v 2) v) ; expect: #(3 4 5 4 5)
(let ((v (vector 1 2 3 4 5))) (vector-copy! v 0 v) v) ; expect: #(1 2 3 4 5)
(changed (vector 1 2) 1 #(a b))            ; error: vector-copy!
(changed (vector 1 2) 3 #())               ; error: vector-copy!
(changed (vector 1 2) -1 #(a))             ; error: vector-copy!
(changed (vector 1 2 3) 0 #(a b) 1 3)      ; error: vector-copy!
(changed (vector 1 2 3) 0 #(a b) 2 1)      ; error: vector-copy!
(vector-append #(a b c) #(d e f))          ; expect: #(a b c d e f)
(vector-append)                            ; expect: #()
(vector-append #(1))                       ; expect: #(1)
(vector-append #(1) #() #(2 3) #(4))       ; expect: #(1 2 3 4)
(vector-append #(1) '(2))                  ; error: vector-append
(define (filled v . args) (apply vector-fill! v args) v)
(filled (vector 1 2 3 4 5) 'smash 2 4)     ; expect: #(1 2 smash smash 5)
(filled (vector 1 2 3) 0)                  ; expect: #(0 0 0)
(filled (vector 1 2 3) 0 1)                ; expect: #(1 0 0)
(filled (vector 1 2 3) 0 3)                ; expect: #(1 2 3)
(filled (vector 1 2 3) 0 4)                ; error: vector-fill!
(filled (vector 1 2 3) 0 2 1)              ; error: vector-fill!
(make-vector -1)                           ; error: make-vector
(make-vector 'a)                           ; error: make-vector
(make-vector 1.5)                          ; error: make-vector
(vector-length '(1))                       ; error: vector-length
(let ((v (make-vector 3 (list 1)))) (eq? (vector-ref v 0) (vector-ref v 2))) ; expect: #t
(let ((v (make-vector 100000 0))) (let loop ((i 0)) (if (< i 100000) (begin (vector-set! v i (* i i)) (loop (+ i 1))) (vector-ref v 99999)))) ; expect: 9999800001
