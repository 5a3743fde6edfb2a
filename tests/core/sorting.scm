; sort and its kin: lists and vectors, stable, with any predicate, leaving their argument alone.
(sort '(3 1 2) <)                          ; expect: (1 2 3)
(sort '() <)                               ; expect: ()
(sort '(1) <)                              ; expect: (1)
(sort '(2 1) <)                            ; expect: (1 2)
(sort '(1 2) >)                            ; expect: (2 1)
(sort (list 5 3 9 1 7 2 8 4 6 0) <)        ; expect: (0 1 2 3 4 5 6 7 8 9)
(sort (list 5 3 9 1 7 2 8 4 6 0) >)        ; expect: (9 8 7 6 5 4 3 2 1 0)
(sort (vector 3 1 2) <)                    ; expect: #(1 2 3)
(sort (vector) <)                          ; expect: #()
(sort '("pear" "apple" "fig") string<?)    ; expect: ("apple" "fig" "pear")
(sort '(#\c #\a #\b) char<?)               ; expect: (#\a #\b #\c)
(sort '(1.5 1/2 1 0.75) <)                 ; expect: (1/2 0.75 1 1.5)
(define pairs '((1 . a) (0 . b) (1 . c) (0 . d) (1 . e) (0 . f) (2 . g) (1 . h)))
(define (key< a b) (< (car a) (car b)))
(map cdr (stable-sort pairs key<))         ; expect: (b d f a c e h g)
(map cdr (sort pairs key<))                ; expect: (b d f a c e h g)
(vector->list (vector-map cdr (stable-sort (list->vector pairs) key<))) ; expect: (b d f a c e h g)
(let* ((l (list 3 1 2)) (s (sort l <))) (list l s)) ; expect: ((3 1 2) (1 2 3))
(let* ((v (vector 3 1 2)) (s (sort v <))) (list v s)) ; expect: (#(3 1 2) #(1 2 3))
(let ((v (vector 3 1 2))) (sort! v <) v)   ; expect: #(1 2 3)
(sort! (list 3 1 2) <)                     ; expect: (1 2 3)
(define (pseudo n seed) (let loop ((n n) (x seed) (l '())) (if (= n 0) l (loop (- n 1) (modulo (+ (* x 1103515245) 12345) 2147483648) (cons (quotient x 65536) l)))))
(define (sorted-up? l) (or (null? l) (null? (cdr l)) (and (<= (car l) (cadr l)) (sorted-up? (cdr l)))))
(let loop ((n 0)) (or (= n 70) (and (sorted-up? (sort (pseudo n (+ n 1)) <)) (= n (length (sort (pseudo n 5) <))) (loop (+ n 1))))) ; expect: #t
(sorted-up? (sort (pseudo 20000 42) <))    ; expect: #t
(= (apply + (pseudo 5000 7)) (apply + (sort (pseudo 5000 7) <))) ; expect: #t
(equal? (sort (pseudo 3000 9) <) (reverse (sort (pseudo 3000 9) >))) ; expect: #t
(sort (let loop ((i 0) (l '())) (if (= i 20) l (loop (+ i 1) (cons i l)))) <) ; expect: (0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19)
(sort '(1 1 1 1) <)                        ; expect: (1 1 1 1)
(sorted? '(1 2 2 3) <)                     ; expect: #t
(sorted? '(1 3 2) <)                       ; expect: #f
(sorted? #(1 2 3) <)                       ; expect: #t
(merge '(1 3 5) '(2 3 6) <)                ; expect: (1 2 3 3 5 6)
(sort '(1 . 2) <)                          ; error: sort
(sort 5 <)                                 ; error: sort
(sort '(1 2) 5)                            ; error: sort
(sort '(1 a) <)                            ; error: <
