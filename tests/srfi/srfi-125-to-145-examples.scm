; Hash tables, comparators, sorting, vectors and assumptions.
(use-modules (srfi srfi-125) (srfi srfi-128) (srfi srfi-132) (srfi srfi-133) (srfi srfi-145))
(define dc (make-default-comparator))
(define ht (hash-table dc 'a 1 'b 2))
(hash-table-ref ht 'a) ; expect: 1
(hash-table-ref/default ht 'z 9) ; expect: 9
(hash-table-ref ht 'a (lambda () 0) (lambda (x) (* 10 x))) ; expect: 10
(hash-table-ref ht 'z (lambda () 0)) ; expect: 0
(hash-table-contains? ht 'a) ; expect: #t
(hash-table-exists? ht 'z) ; expect: #f
(hash-table-empty? ht) ; expect: #f
(hash-table-size ht) ; expect: 2
(hash-table=? dc ht (hash-table dc 'b 2 'a 1)) ; expect: #t
(hash-table-mutable? ht) ; expect: #t
(let ((h (hash-table-copy ht #t))) (hash-table-set! h 'c 3 'd 4) (hash-table-size h)) ; expect: 4
(let ((h (hash-table-copy ht #t))) (hash-table-delete! h 'a 'q)) ; expect: 1
(let ((h (hash-table-copy ht #t))) (hash-table-intern! h 'q (lambda () 7))) ; expect: 7
(let ((h (hash-table-copy ht #t))) (hash-table-update! h 'a (lambda (x) (+ x 1))) (hash-table-ref h 'a)) ; expect: 2
(let ((h (hash-table-copy ht #t))) (hash-table-update! h 'zz (lambda (x) (+ x 1)) (lambda () 10)) (hash-table-ref h 'zz)) ; expect: 11
(let ((h (hash-table-copy ht #t))) (hash-table-update!/default h 'zz (lambda (x) (+ x 1)) 0) (hash-table-ref h 'zz)) ; expect: 1
(let ((h (hash-table-copy ht #t))) (call-with-values (lambda () (hash-table-pop! h)) (lambda (k v) (list (hash-table-size h) (symbol? k) (number? v))))) ; expect: (1 #t #t)
(let ((h (hash-table-copy ht #t))) (hash-table-clear! h) (hash-table-size h)) ; expect: 0
(sort (hash-table-values ht) <) ; expect: (1 2)
(hash-table-find (lambda (k v) (and (= v 2) k)) ht (lambda () 'none)) ; expect: b
(hash-table-count (lambda (k v) (> v 1)) ht) ; expect: 1
(hash-table-ref (hash-table-map (lambda (v) (* v v)) dc ht) 'b) ; expect: 4
(sort (hash-table-map->list (lambda (k v) v) ht) <) ; expect: (1 2)
(hash-table-fold (lambda (k v acc) (+ v acc)) 0 ht) ; expect: 3
(let ((n 0)) (hash-table-for-each (lambda (k v) (set! n (+ n v))) ht) n) ; expect: 3
(let ((h (hash-table-copy ht #t))) (hash-table-map! (lambda (k v) (* 2 v)) h) (sort (hash-table-values h) <)) ; expect: (2 4)
(let ((h (hash-table-copy ht #t))) (hash-table-prune! (lambda (k v) (> v 1)) h) (hash-table-keys h)) ; expect: (a)
(let ((h (hash-table-copy ht #t))) (hash-table-union! h (hash-table dc 'a 9 'c 3)) (sort (hash-table-values h) <)) ; expect: (1 2 3)
(let ((h (hash-table-copy ht #t))) (hash-table-intersection! h (hash-table dc 'a 9 'c 3)) (hash-table->alist h)) ; expect: ((a . 1))
(let ((h (hash-table-copy ht #t))) (hash-table-difference! h (hash-table dc 'a 9 'c 3)) (hash-table->alist h)) ; expect: ((b . 2))
(let ((h (hash-table-copy ht #t))) (hash-table-xor! h (hash-table dc 'a 9 'c 3)) (sort (hash-table-keys h) (lambda (a b) (string<? (symbol->string a) (symbol->string b))))) ; expect: (b c)
(hash-table-ref (hash-table-unfold (lambda (x) (> x 3)) (lambda (x) (values x (* x x))) (lambda (x) (+ x 1)) 1 dc) 3) ; expect: 9
(hash-table-ref (alist->hash-table '((a . 1) (a . 2)) dc) 'a) ; expect: 1
(call-with-values (lambda () (hash-table-entries (hash-table dc 'a 1))) list) ; expect: ((a) (1))
(hash-table? ht) ; expect: #t
(hash-table-ref (make-hash-table string=? string-hash) "a" (lambda () 'no)) ; expect: no
(=? dc 1 1 1) ; expect: #t
(<? dc 1 2 3) ; expect: #t
(>? dc 1 2) ; expect: #f
(<=? dc 1 1 2) ; expect: #t
(comparator-if<=> 1 2 'less 'equal 'greater) ; expect: less
(comparator-if<=> dc 2 2 'less 'equal 'greater) ; expect: equal
(comparator? dc) ; expect: #t
(comparator-ordered? dc) ; expect: #t
(comparator-hashable? dc) ; expect: #t
(comparator-test-type dc 'a) ; expect: #t
(<? dc '() '(1)) ; expect: #t
(<? dc '(1) #f) ; expect: #t
(<? dc #f #t) ; expect: #t
(<? dc #t #\a) ; expect: #t
(<? dc #\a "a") ; expect: #t
(<? dc "a" 'a) ; expect: #t
(<? dc 'a 1) ; expect: #t
(<? dc 1 #(1)) ; expect: #t
(<? dc #(1) #u8(1)) ; expect: #t
(<? dc #(2) #(1 1)) ; expect: #t
(<? dc '(1 2) '(1 3)) ; expect: #t
(<? (make-list-comparator dc list? null? car cdr) '(1) '(1 2)) ; expect: #t
(<? (make-vector-comparator dc vector? vector-length vector-ref) #(5) #(1 2)) ; expect: #t
(<? (make-pair-comparator dc dc) '(1 . 2) '(1 . 3)) ; expect: #t
(=? (make-eq-comparator) 'a 'a) ; expect: #t
(=? (make-equal-comparator) "a" "a") ; expect: #t
(exact-integer? (comparator-hash dc "abc")) ; expect: #t
(exact-integer? (hash-bound)) ; expect: #t
(boolean-hash #t) ; expect: 1
(exact-integer? (string-ci-hash "Abc")) ; expect: #t
(= (string-ci-hash "Abc") (string-ci-hash "aBC")) ; expect: #t
(= (char-ci-hash #\a) (char-ci-hash #\A)) ; expect: #t
(exact-integer? (default-hash '(1 "a" #\c 2.5))) ; expect: #t
(list-sort < '(3 1 2)) ; expect: (1 2 3)
(vector-sort < #(3 1 2)) ; expect: #(1 2 3)
(vector-sort < #(9 3 1 2) 1) ; expect: #(1 2 3)
(let ((v (vector 3 1 2))) (vector-sort! < v) v) ; expect: #(1 2 3)
(let ((v (vector 9 3 1 2))) (vector-sort! < v 1 3) v) ; expect: #(9 1 3 2)
(list-sorted? < '(1 2 2)) ; expect: #t
(vector-sorted? < #(3 1 2) 1) ; expect: #t
(list-stable-sort (lambda (a b) (< (car a) (car b))) '((1 a) (0 b) (1 c))) ; expect: ((0 b) (1 a) (1 c))
(list-merge < '(1 3) '(2 4)) ; expect: (1 2 3 4)
(list-merge! < (list 1 3) (list 2 4)) ; expect: (1 2 3 4)
(vector-merge < #(1 3) #(2 4)) ; expect: #(1 2 3 4)
(let ((v (make-vector 5 0))) (vector-merge! < v #(1 3) #(2 4) 1) v) ; expect: #(0 1 2 3 4)
(list-delete-neighbor-dups = '(1 1 2 7 7 7 0 -2 -2)) ; expect: (1 2 7 0 -2)
(vector-delete-neighbor-dups = #(1 1 2 7 7 7 0 -2 -2)) ; expect: #(1 2 7 0 -2)
(vector-delete-neighbor-dups = #(1 1 2 7 7 7 0 -2 -2) 3 7) ; expect: #(7 0)
(let ((v (vector 0 0 0 1 1 2 2 3 3 4 4 5 5 6 6))) (list (vector-delete-neighbor-dups! = v 3) v)) ; expect: (9 #(0 0 0 1 2 3 4 5 6 4 4 5 5 6 6))
(vector-find-median < #(3 1 2) 0) ; expect: 2
(vector-find-median < #() 'k) ; expect: k
(vector-find-median < #(3 1 2 4) 0) ; expect: 5/2
(vector-find-median < #(3 1 2 4) 0 list) ; expect: (2 3)
(vector-find-median! < (vector 3 1 2) 0) ; expect: 2
(let ((v (vector 5 3 1 4 2))) (vector-select! < v 2)) ; expect: 3
(let ((v (vector 5 3 1 4 2))) (vector-separate! < v 2) (sort (list (vector-ref v 0) (vector-ref v 1)) <)) ; expect: (1 2)
(vector-unfold (lambda (i x) (values x (- x 1))) 10 0) ; expect: #(0 -1 -2 -3 -4 -5 -6 -7 -8 -9)
(vector-unfold values 7) ; expect: #(0 1 2 3 4 5 6)
(vector-unfold-right (lambda (i x) (values (* i x) (+ x 1))) 3 1) ; expect: #(0 2 2)
(vector-reverse-copy #(5 4 3 2 1 0) 1 5) ; expect: #(1 2 3 4)
(vector-concatenate '(#(a) #(b))) ; expect: #(a b)
(vector-append-subvectors #(a b c d e) 0 2 #(f g h i j) 2 4) ; expect: #(a b h i)
(vector-empty? #(a)) ; expect: #f
(vector= eq? #(a) #(a) #(b)) ; expect: #f
(vector-fold (lambda (len str) (max (string-length str) len)) 0 #("a" "bcd")) ; expect: 3
(vector-fold-right (lambda (tail elt) (cons elt tail)) '() #(1 2 3)) ; expect: (1 2 3)
(vector-map * #(1 2) #(3 4)) ; expect: #(3 8)
(let ((v (vector 1 2))) (vector-map! - v) v) ; expect: #(-1 -2)
(vector-count even? #(3 1 4 1 5 9 2 5 6)) ; expect: 3
(vector-count < #(1 3 6 9) #(2 4 6 8 10 12)) ; expect: 2
(vector-cumulate + 0 #(3 1 4 1 5 9 2 5 6)) ; expect: #(3 4 8 9 14 23 25 30 36)
(vector-index-right even? #(3 1 4 1 5 9 2)) ; expect: 6
(vector-skip even? #(2 4 5)) ; expect: 2
(vector-binary-search #(1 3 5) 4 -) ; expect: #f
(vector-any < #(1 5) #(0 6)) ; expect: #t
(vector-every < #(1 5) #(2 6)) ; expect: #t
(call-with-values (lambda () (vector-partition number? #(10 x 11 y))) list) ; expect: (#(10 11 x y) 2)
(let ((v (vector 1 2 3 4 5))) (vector-reverse! v 1) v) ; expect: #(1 5 4 3 2)
(let ((v (vector 1 2 3 4 5))) (vector-reverse-copy! v 0 #(a b c)) v) ; expect: #(c b a 4 5)
(let ((v (make-vector 3 0))) (vector-unfold! (lambda (i) (* i i)) v 1 3) v) ; expect: #(0 1 4)
(let ((v (make-vector 3 0))) (vector-unfold-right! (lambda (i x) (values x (+ x 1))) v 0 3 5) v) ; expect: #(7 6 5)
(reverse-vector->list #(1 2 3) 1) ; expect: (3 2)
(reverse-list->vector '(1 2)) ; expect: #(2 1)
(vector->string #(#\a #\b)) ; expect: "ab"
(string->vector "abc" 1) ; expect: #(#\b #\c)
(assume (= 1 1)) ; expect: #t
