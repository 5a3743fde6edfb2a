; Libraries that Guile does not have.
(use-modules (srfi srfi-125) (srfi srfi-128) (srfi srfi-132) (srfi srfi-133) (srfi srfi-151) (srfi srfi-158) (srfi srfi-145) (srfi srfi-197))
(define c (make-default-comparator))
(define t (hash-table c 'a 1 'b 2))
(hash-table-set! t 'c 3 'd 4)
(list (<? c 1 2 3) (<? c '(1 2) '(1 3)) (=? c "a" "a") (<? c #f "a") (comparator-if<=> c 1 2 'lt 'eq 'gt)) ; expect: (#t #t #t #t lt)
(= (comparator-hash c '(1 2)) (comparator-hash c (list 1 2)))                ; expect: #t
(list (hash-table-size t) (hash-table-ref t 'a) (hash-table-count (lambda (k v) (even? v)) t) (hash-table-intern! t 'e (lambda () 5)) (hash-table-fold (lambda (k v s) (+ v s)) 0 t)) ; expect: (4 1 2 5 15)
(list (list-sort < '(3 1 2)) (vector-sort < #(3 1 2)) (list-delete-neighbor-dups = '(1 1 2 2 3)) (vector-find-median < #(3 1 2) 0) (list-merge < '(1 3) '(2))) ; expect: ((1 2 3) #(1 2 3) (1 2 3) 2 (1 2 3))
(list (vector-index even? #(1 2)) (vector-fold + 0 #(1 2 3)) (vector-cumulate + 0 #(1 2 3)) (vector-count even? #(1 2 4))) ; expect: (1 6 #(1 3 6) 2)
(list (bit-field #b1101 1 3) (bitwise-eqv 5 3) (bits->list 5) (list->bits '(#t #f #t)) (bit-field-rotate #b110 1 0 3) (bit-swap 0 2 4) (every-bit-set? 5 7)) ; expect: (2 -7 (#t #f #t) 5 5 1 #t)
(generator->list (gmap + (generator 1 2 3) (make-iota-generator 3 10)))      ; expect: (11 13 15)
(generator->list (make-coroutine-generator (lambda (y) (y 1) (y 2))))        ; expect: (1 2)
(generator->list (gtake (circular-generator 1 2) 5))                         ; expect: (1 2 1 2 1)
(generator->list (gflatten (generator (generator 1 2) (generator 3))))       ; expect: (1 2 3)
(generator->list (gmerge < (generator 1 4) (generator 2 3)))                 ; expect: (1 2 3 4)
(generator->list (ggroup (generator 1 2 3) 2))                               ; expect: ((1 2) (3))
(generator->list (reverse-vector->generator #(1 2 3 4) 1))                   ; expect: (4 3 2)
(generator-fold + 0 (generator 1 2))                                         ; expect: 3
(let ((a (list-accumulator))) (a 1) (a 2) (a (eof-object)))                  ; expect: (1 2)
(assume (+ 1 1))                                                             ; expect: 2
(assume (= 1 2) "no")                                                        ; error:
(chain 1 (+ _ 1) (list _ 'x))                                                ; expect: (2 x)
(chain-and #f (+ _ 1))                                                       ; expect: #f
(list (nest (list _ 1) (list _ 2) 3) (nest-reverse 3 (list _ 2) (list _ 1))) ; expect: (((3 2) 1) ((3 2) 1))
(chain-when 1 (#t (+ _ 1)) (#f (* _ 100)))                                   ; expect: 2
(chain (values 1 2 3) (list _ ...))                                          ; expect: (1 2 3)
