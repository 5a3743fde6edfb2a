; Section 6.4: pairs and lists.
(define x (list 'a 'b 'c))
(define y x)
(list? y)                                  ; expect: #t
(set-cdr! x 4)
x                                          ; expect: (a . 4)
(eqv? x y)                                 ; expect: #t
(list? y)                                  ; expect: #f
(set-cdr! x x)
(list? x)                                  ; expect: #f
(map pair? (list '(a . b) '(a b c) '() '#(a b) 5 "()")) ; expect: (#t #t #f #f #f #f)
(map null? (list '() '(1) #f 0 "" #()))    ; expect: (#t #f #f #f #f #f)
(map list? (list '(a b c) '() '(a . b) 5 '(1 2 . 3) '((1 . 2)))) ; expect: (#t #t #f #f #f #t)
(cons 'a '())                              ; expect: (a)
(cons '(a) '(b c d))                       ; expect: ((a) b c d)
(cons "a" '(b c))                          ; expect: ("a" b c)
(cons 'a 3)                                ; expect: (a . 3)
(cons '(a b) 'c)                           ; expect: ((a b) . c)
(car '(a b c))                             ; expect: a
(car '((a) b c d))                         ; expect: (a)
(car '(1 . 2))                             ; expect: 1
(cdr '((a) b c d))                         ; expect: (b c d)
(cdr '(1 . 2))                             ; expect: 2
(car '())                                  ; error: car
(cdr '())                                  ; error: cdr
(car 'a)                                   ; error: car
(let ((p (cons 1 2))) (set-car! p 10) (set-cdr! p 20) p) ; expect: (10 . 20)
(set-car! '() 1)                           ; error: set-car!
(set-cdr! 5 1)                             ; error: set-cdr!
(define t '(((1 . 2) . (3 . 4)) . ((5 . 6) . (7 . 8))))
(list (caar t) (cadr t) (cdar t) (cddr t)) ; expect: ((1 . 2) (5 . 6) (3 . 4) (7 . 8))
(list (caaar t) (cdaar t) (cadar t) (cddar t) (caadr t) (cdadr t) (caddr t) (cdddr t)) ; expect: (1 2 3 4 5 6 7 8)
(define u (cons t (cons (list 10 20 30 40) '(a b))))
(list (caaaar u) (cdaaar u) (cadaar u) (cddaar u) (caadar u) (cdadar u) (caddar u) (cdddar u)) ; expect: (1 2 3 4 5 6 7 8)
(list (caadr u) (cdadr u) (cadadr u) (cddadr u) (caddr u) (cdddr u)) ; expect: (10 (20 30 40) 20 (30 40) a (b))
(define w '(((a b) (c d)) ((e f) (g h)) ((i j) (k l)) ((m n) (o p))))
(list (caaadr w) (caaddr w) (cadddr w) (cdaadr w) (cdaddr w) (cddddr w) (caddar w)) ; error: caddar
(list (caaadr w) (caaddr w) (cadddr w) (cdaadr w) (cdaddr w) (cddddr w) (cadadr w)) ; expect: (e (i j) ((m n) (o p)) (f) ((k l)) () (g h))
(caar '(1))                                ; error: caar
(cadr '(1))                                ; error: cadr
(cddr '(1))                                ; error: cddr
(caddr '(1 2))                             ; error: caddr
(cdddr '(1 2))                             ; error: cdddr
(cadddr '(1 2 3))                          ; error: cadddr
(make-list 2 3)                            ; expect: (3 3)
(make-list 0 3)                            ; expect: ()
(length (make-list 5))                     ; expect: 5
(make-list -1 0)                           ; error: make-list
(make-list 'a 0)                           ; error: make-list
(list 'a (+ 3 4) 'c)                       ; expect: (a 7 c)
(list)                                     ; expect: ()
(length '(a b c))                          ; expect: 3
(length '(a (b) (c d e)))                  ; expect: 3
(length '())                               ; expect: 0
(length '(1 2 . 3))                        ; error: length
(length 5)                                 ; error: length
(append '(x) '(y))                         ; expect: (x y)
(append '(a) '(b c d))                     ; expect: (a b c d)
(append '(a (b)) '((c)))                   ; expect: (a (b) (c))
(append '(a b) '(c . d))                   ; expect: (a b c . d)
(append '() 'a)                            ; expect: a
(append)                                   ; expect: ()
(append 5)                                 ; expect: 5
(append '(1) '(2) '(3 4) '() '(5))         ; expect: (1 2 3 4 5)
(append '() '() '())                       ; expect: ()
(append '(1) 2)                            ; expect: (1 . 2)
(let ((a (list 1 2)) (b (list 3))) (let ((c (append a b))) (list (eq? (cddr c) b) (eq? c a) a))) ; expect: (#t #f (1 2))
(append '(1 . 2) '(3))                     ; error: append
(append 1 '(2))                            ; error: append
(reverse '(a b c))                         ; expect: (c b a)
(reverse '(a (b c) d (e (f))))             ; expect: ((e (f)) d (b c) a)
(reverse '())                              ; expect: ()
(reverse '(1 . 2))                         ; error: reverse
(reverse 'a)                               ; error: reverse
(list-tail '(a b c d) 2)                   ; expect: (c d)
(list-tail '(a b c) 0)                     ; expect: (a b c)
(list-tail '(a b c) 3)                     ; expect: ()
(list-tail '(a b . c) 2)                   ; expect: c
(list-tail '(a b) 3)                       ; error: list-tail
(list-tail '(a b) -1)                      ; error: list-tail
(list-tail '(a b) 'x)                      ; error: list-tail
(list-ref '(a b c d) 2)                    ; expect: c
(list-ref '(a b c d) (exact (round 1.8)))  ; expect: c
(list-ref '(a b c) 0)                      ; expect: a
(list-ref '(a b . c) 1)                    ; expect: b
(list-ref '(a b) 2)                        ; error: list-ref
(list-ref '(a b) 1.0)                      ; error: list-ref
(list-ref '() 0)                           ; error: list-ref
(let ((ls (list 'one 'two 'five!))) (list-set! ls 2 'three) ls) ; expect: (one two three)
(let ((l (list 1 2))) (list-set! l 0 'a) l) ; expect: (a 2)
(list-set! (list 1 2) 2 'x)                ; error: list-set!
(memq 'c '(a b c d e))                     ; expect: (c d e)
(memq 'z '(a b c))                         ; expect: #f
(memq (list 'a) '(b (a) c))                ; expect: #f
(memq 'a '())                              ; expect: #f
(memv 101 '(100 101 102))                  ; expect: (101 102)
(memv 1.5 '(1 1.5 2))                      ; expect: (1.5 2)
(memv 100000000000000000000 '(1 100000000000000000000)) ; expect: (100000000000000000000)
(member (list 'a) '(b (a) c))              ; expect: ((a) c)
(member "B" '("a" "b" "c"))                ; expect: #f
(member "B" '("a" "b" "c") string-ci=?)    ; expect: ("b" "c")
(member 2.0 '(1 2 3) =)                    ; expect: (2 3)
(member 5 '(1 2 3) <)                      ; expect: #f
(member 2 '(1 2 3) (lambda (a b) (< a b))) ; expect: (3)
(let ((args '())) (member 9 '(1 2) (lambda (a b) (set! args (cons (list a b) args)) #f)) (reverse args)) ; expect: ((9 1) (9 2))
(memq 'a 5)                                ; error: memq
(member 'a '(b . c))                       ; error: member
(member 'a '(b . c) eq?)                   ; error: member
(member 'a '(b c) 5)                       ; error: member
(define e '((a 1) (b 2) (c 3)))
(assq 'a e)                                ; expect: (a 1)
(assq 'b e)                                ; expect: (b 2)
(assq 'd e)                                ; expect: #f
(assq (list 'a) '(((a)) ((b)) ((c))))      ; expect: #f
(assoc (list 'a) '(((a)) ((b)) ((c))))     ; expect: ((a))
(assoc 2.0 '((1 1) (2 4) (3 9)) =)         ; expect: (2 4)
(assoc "b" '(("a" . 1) ("b" . 2)))         ; expect: ("b" . 2)
(assoc 'x '((a . 1)) eq?)                  ; expect: #f
(assv 5 '((2 3) (5 7) (11 13)))            ; expect: (5 7)
(assv 1.5 '((1 a) (1.5 b)))                ; expect: (1.5 b)
(assq 'a '())                              ; expect: #f
(let ((l (list (list 'a 1)))) (eq? (assq 'a l) (car l))) ; expect: #t
(assq 'a 5)                                ; error: assq
(assoc 'a '(b) eq?)                        ; error: assoc
(assoc 'a '((b . 1)) 5)                    ; error: assoc
(define a '(1 8 2 8))
(define b (list-copy a))
(set-car! b 3)
b                                          ; expect: (3 8 2 8)
(list-copy '())                            ; expect: ()
(list-copy 5)                              ; expect: 5
(list-copy '(1 2 . 3))                     ; expect: (1 2 . 3)
(let* ((l (list (list 1) 2)) (c (list-copy l))) (list (eq? l c) (eq? (car l) (car c)) (equal? l c))) ; expect: (#f #t #t)
(apply max (let loop ((i 0) (l '())) (if (= i 100) l (loop (+ i 1) (cons i l))))) ; expect: 99
(length (let loop ((i 0) (l '())) (if (= i 300000) l (loop (+ i 1) (cons i l))))) ; expect: 300000

; Positions in a circle, however far around.
(define circle (let ((l (list 0 1 2 3 4))) (set-cdr! (cddddr l) (cdr l)) l))
(list-ref circle 1000000000001) ; expect: 1
(list-ref circle 1000000000000000000) ; expect: 4
(map (lambda (k) (list-ref circle k)) '(0 1 2 3 4 5 6 7 8 9 10 11 12 13)) ; expect: (0 1 2 3 4 1 2 3 4 1 2 3 4 1)
(eq? (list-tail circle 400000000001) (cdr circle)) ; expect: #t
