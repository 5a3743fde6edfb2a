; Section 6.10: procedure?, apply, map, for-each and their string and vector forms.
(map procedure? (list car 'car (lambda (x) x) '(lambda (x) x) (call/cc (lambda (k) k)) (make-parameter 1))) ; expect: (#t #f #t #f #t #t)
(apply + (list 3 4))                       ; expect: 7
(apply + '())                              ; expect: 0
(apply + 1 2 '(3 4))                       ; expect: 10
(apply list 1 '())                         ; expect: (1)
(apply apply (list + (list 1 2)))          ; expect: 3
(define compose (lambda (f g) (lambda args (f (apply g args)))))
((compose sqrt *) 12 75)                   ; expect: 30
(let ((l (list 1 2 3))) (apply (lambda args (set-car! args 'x) l) l)) ; expect: (1 2 3)
(apply + 1)                                ; error: apply
(apply + 1 2)                              ; error: apply
(apply + '(1 . 2))                         ; error: apply
(apply 5 '())                              ; error: 5
(apply car '(1 2))                         ; error: car
(map cadr '((a b) (d e) (g h)))            ; expect: (b e h)
(map (lambda (n) (expt n n)) '(1 2 3 4 5)) ; expect: (1 4 27 256 3125)
(map + '(1 2 3) '(4 5 6))                  ; expect: (5 7 9)
(map + '(1 2 3) '(10 20))                  ; expect: (11 22)
(map + '(1 2) '(10 20 30))                 ; expect: (11 22)
(map list '(1 2 3) '(a b c) '("x" "y" "z")) ; expect: ((1 a "x") (2 b "y") (3 c "z"))
(map list '(1 2 3) '(a b) '("x" "y" "z") '(#t)) ; expect: ((1 a "x" #t))
(map + '() '(1 2))                         ; expect: ()
(map car '())                              ; expect: ()
(let ((count 0)) (map (lambda (ignored) (set! count (+ count 1)) count) '(a b))) ; expect: (1 2)
(let ((order '())) (map (lambda (x) (set! order (cons x order)) x) '(1 2 3)) order) ; expect: (3 2 1)
(map (lambda (x) (map (lambda (y) (* x y)) '(1 2 3))) '(1 2)) ; expect: ((1 2 3) (2 4 6))
(length (map (lambda (x) x) (make-list 200000 0))) ; expect: 200000
(map car 5)                                ; error: map
(map car '(1 . 2))                         ; error: car
(map (lambda (x) x) '(1 . 2))              ; error: map
(map + '(1 2) 5)                           ; error: map
(map + 5 '(1 2))                           ; error: map
(map + '(1) '(2) 'x)                       ; error: map
(map 5 '(1))                               ; error: map
(map)                                      ; error: map
(map car)                                  ; error: map
(let ((v (make-vector 5))) (for-each (lambda (i) (vector-set! v i (* i i))) '(0 1 2 3 4)) v) ; expect: #(0 1 4 9 16)
(let ((l '())) (for-each (lambda (a b) (set! l (cons (+ a b) l))) '(1 2 3) '(10 20)) l) ; expect: (22 11)
(let ((l '())) (for-each (lambda (a b c) (set! l (cons (list a b c) l))) '(1 2) '(3 4) '(5 6 7)) l) ; expect: ((2 4 6) (1 3 5))
(let ((n 0)) (for-each (lambda (x) (set! n (+ n 1))) '()) n) ; expect: 0
(for-each display '(1 "two" #\3))          ; prints: 1two3
(for-each car 5)                           ; error: for-each
(for-each (lambda (x) x) '(1 . 2))         ; error: for-each
(for-each 5 '())                           ; error: for-each
(for-each (lambda (x y) x) '(1) 5)         ; error: for-each
(string-map char-foldcase "AbdEgH")        ; expect: "abdegh"
(string-map (lambda (c) (integer->char (+ 1 (char->integer c)))) "HAL") ; expect: "IBM"
(string-map (lambda (c k) ((if (eqv? k #\u) char-upcase char-downcase) c)) "studlycaps xxx" "ululululul") ; expect: "StUdLyCaPs"
(string-map (lambda (a b c) b) "abc" "de" "fgh") ; expect: "de"
(string-map char-upcase "")                ; expect: ""
(string-map (lambda (c) #\λ) "abc")        ; expect: "λλλ"
(string-map char-upcase 'a)                ; error: string-map
(string-map char-upcase "a" 'b)            ; error: string-map
(string-map (lambda (c) 1) "abc")          ; error: list->string
(string-map 5 "a")                         ; error: string-map
(let ((v '())) (string-for-each (lambda (c) (set! v (cons (char->integer c) v))) "abcde") v) ; expect: (101 100 99 98 97)
(let ((v '())) (string-for-each (lambda (a b) (set! v (cons (string a b) v))) "abc" "xy") v) ; expect: ("by" "ax")
(string-for-each write-char "λ😀")         ; prints: λ😀
(string-for-each car 5)                    ; error: string-for-each
(vector-map cadr '#((a b) (d e) (g h)))    ; expect: #(b e h)
(vector-map (lambda (n) (* n n)) #(1 2 3)) ; expect: #(1 4 9)
(vector-map * #(1 2) #(10 20 30))          ; expect: #(10 40)
(vector-map list #(1 2) #(3 4) #(5 6))     ; expect: #((1 3 5) (2 4 6))
(vector-map car #())                       ; expect: #()
(let ((v (vector 1 2))) (eq? v (vector-map (lambda (x) x) v))) ; expect: #f
(vector-map car '(1))                      ; error: vector-map
(vector-map + #(1) '(1))                   ; error: vector-map
(vector-map 5 #(1))                        ; error: vector-map
(let ((v (make-list 5))) (vector-for-each (lambda (i) (list-set! v i (* i i))) #(0 1 2 3 4)) v) ; expect: (0 1 4 9 16)
(let ((l '())) (vector-for-each (lambda (a b) (set! l (cons (cons a b) l))) #(1 2 3) #(x y)) l) ; expect: ((2 . y) (1 . x))
(vector-for-each car '())                  ; error: vector-for-each
(vector-length (vector-map (lambda (x) x) (make-vector 50000 0))) ; expect: 50000
