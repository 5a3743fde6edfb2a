; Guile's hash tables. guile: same
(define (const x) (lambda ignored x))
(define t (make-hash-table))
(hash-set! t "one" 1)                      ; expect: 1
(hash-set! t '(a b) 2)                     ; expect: 2
(hash-ref t (string #\o #\n #\e))          ; expect: 1
(hash-ref t (list 'a 'b))                  ; expect: 2
(hash-ref t 'none)                         ; expect: #f
(hash-ref t 'none 5)                       ; expect: 5
(hash-set! t "one" 11)                     ; expect: 11
(hash-ref t "one")                         ; expect: 11
(hash-get-handle t "one")                  ; expect: ("one" . 11)
(begin (set-cdr! (hash-get-handle t "one") 12) (hash-ref t "one")) ; expect: 12
(hash-create-handle! t "two" 2)            ; expect: ("two" . 2)
(hash-create-handle! t "two" 3)            ; expect: ("two" . 2)
(hash-count (const #t) t)                  ; expect: 3
(sort (hash-map->list (lambda (k v) v) t) <) ; expect: (2 2 12)
(hash-fold (lambda (k v n) (+ v n)) 0 t)   ; expect: 16
(begin (hash-remove! t "two") (hash-ref t "two")) ; expect: #f
(let ((n 0)) (hash-for-each (lambda (k v) (set! n (+ n v))) t) n) ; expect: 14
(begin (hash-clear! t) (hash-count (const #t) t)) ; expect: 0
; Keys compared by eq? and eqv?, with entries coming and going.
(define q (make-hash-table 10))
(define keys (map list (iota 300)))
(for-each (lambda (k) (hashq-set! q k (car k))) keys)
(and-map (lambda (k) (eqv? (hashq-ref q k) (car k))) keys) ; expect: #t
(hashq-ref q (list 5))                     ; expect: #f
(for-each (lambda (k) (if (even? (car k)) (hashq-remove! q k))) keys)
(hash-count (const #t) q)                  ; expect: 150
(hashq-ref q (list-ref keys 7))            ; expect: 7
(hashv-set! q 1.5 'x)                      ; expect: x
(hashv-ref q 1.5)                          ; expect: x
(hashv-ref q 100000000000000000000 'no)    ; expect: no
; A table may be changed while a procedure goes over it.
(begin (hash-for-each (lambda (k v) (hash-remove! q k)) (let ((h (make-hash-table))) (hash-set! h 1 2) h)) 'ok) ; expect: ok
(let ((h (make-hash-table))) (for-each (lambda (i) (hashv-set! h i i)) (iota 20)) (hash-for-each (lambda (k v) (if (odd? k) (hashv-remove! h k))) h) (sort (hash-map->list (lambda (k v) k) h) <)) ; expect: (0 2 4 6 8 10 12 14 16 18)
; Procedures of the program's compare keys.
(define (ci-hash s n) (string-hash (string-downcase s) n))
(define (ci-assoc k l) (and (pair? l) (if (string-ci=? k (caar l)) (car l) (ci-assoc k (cdr l)))))
(define x (make-hash-table))
(for-each (lambda (i) (hashx-set! ci-hash ci-assoc x (string-append "Key" (number->string i)) i)) (iota 100))
(hashx-ref ci-hash ci-assoc x "KEY77")     ; expect: 77
(hashx-ref ci-hash ci-assoc x "nokey")     ; expect: #f
(hashx-set! ci-hash ci-assoc x "kEY77" 'new) ; expect: new
(hash-count (const #t) x)                  ; expect: 100
(begin (hashx-remove! ci-hash ci-assoc x "kEY77") (hashx-ref ci-hash ci-assoc x "Key77" 'gone)) ; expect: gone
(cdr (hashx-create-handle! ci-hash ci-assoc x "KEY5" 'y)) ; expect: 5
(let ((k (list 1))) (= (hashq k 100) (hashq k 100))) ; expect: #t
(= (hash "abc" 50) (hash (string #\a #\b #\c) 50)) ; expect: #t
(hash-table? t)                            ; expect: #t
(hash-table? '())                          ; expect: #f
(hash-fold 1 2 3)                          ; error: hash-fold
(hash-for-each car 3)                      ; error: hash-for-each
(hashq-get-handle (make-weak-key-hash-table) 'a) ; error: get-handle
(hash-ref 5 'a)                            ; error: hash
