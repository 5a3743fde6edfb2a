; Bitwise operations, generators and accumulators.
(use-modules (srfi srfi-151) (srfi srfi-158) (srfi srfi-1) (srfi srfi-11))
(bitwise-not 10) ; expect: -11
(bitwise-and) ; expect: -1
(bitwise-xor 10 12) ; expect: 6
(bitwise-eqv 37 12) ; expect: -42
(bitwise-nand 11 26) ; expect: -11
(bitwise-nor 11 26) ; expect: -28
(bitwise-andc1 11 26) ; expect: 16
(bitwise-andc2 11 26) ; expect: 1
(bitwise-orc1 11 26) ; expect: -2
(bitwise-orc2 11 26) ; expect: -17
(arithmetic-shift 8 -1) ; expect: 4
(arithmetic-shift -100000000000000000000000000000000 -100) ; expect: -79
(bit-count 12) ; expect: 2
(bit-count -1) ; expect: 0
(integer-length -8) ; expect: 3
(bitwise-if 3 1 8) ; expect: 9
(bit-set? 1 1) ; expect: #f
(bit-set? 200 -1) ; expect: #t
(copy-bit 0 0 #t) ; expect: 1
(copy-bit 2 #b1111 #f) ; expect: 11
(bit-swap 0 2 4) ; expect: 1
(any-bit-set? 3 6) ; expect: #t
(every-bit-set? 4 6) ; expect: #t
(every-bit-set? 7 6) ; expect: #f
(first-set-bit 40) ; expect: 3
(first-set-bit 0) ; expect: -1
(bit-field #b1101101010 3 9) ; expect: 45
(bit-field-any? #b101101 0 2) ; expect: #t
(bit-field-every? #b101101 2 4) ; expect: #t
(bit-field-clear #b101010 1 4) ; expect: 32
(bit-field-set #b101010 1 4) ; expect: 46
(bit-field-replace #b101010 #b010 1 4) ; expect: 36
(bit-field-replace #b110 1 0 1) ; expect: 7
(bit-field-replace-same #b1111 #b0000 1 3) ; expect: 9
(bit-field-rotate #b110 1 1 2) ; expect: 6
(bit-field-rotate #b110 1 2 4) ; expect: 10
(bit-field-rotate #b0111 -1 1 4) ; expect: 11
(bit-field-reverse 6 0 3) ; expect: 3
(bit-field-reverse #xa7 0 8) ; expect: 229
(bits->list #b1110101) ; expect: (#t #f #t #f #t #t #t)
(bits->list 3 5) ; expect: (#t #t #f #f #f)
(bits->vector #b1110101) ; expect: #(#t #f #t #f #t #t #t)
(list->bits '(#t #f #t #f #t #t #t)) ; expect: 117
(vector->bits #(#t #t)) ; expect: 3
(bits #t #f #t #f #t #t #t) ; expect: 117
(bitwise-fold cons '() #b1010111) ; expect: (#t #f #t #f #t #t #t)
(let ((count 0)) (bitwise-for-each (lambda (b) (if b (set! count (+ count 1)))) #b1010111) count) ; expect: 5
(bitwise-unfold (lambda (i) (= i 10)) even? (lambda (i) (+ i 1)) 0) ; expect: 341
(let ((g (make-bitwise-generator #b110))) (let* ((a (g)) (b (g)) (c (g)) (d (g))) (list a b c d))) ; expect: (#f #t #t #f)
(generator->list (generator 1 2 3)) ; expect: (1 2 3)
(generator->list (circular-generator 1 2 3) 5) ; expect: (1 2 3 1 2)
(generator->list (make-iota-generator 3 8)) ; expect: (8 9 10)
(generator->list (make-iota-generator 3 8 2)) ; expect: (8 10 12)
(generator->list (make-range-generator 3) 4) ; expect: (3 4 5 6)
(generator->list (make-range-generator 3 8)) ; expect: (3 4 5 6 7)
(generator->list (make-range-generator 3 8 2)) ; expect: (3 5 7)
(generator->list (make-coroutine-generator (lambda (yield) (let loop ((i 0)) (when (< i 3) (yield i) (loop (+ i 1))))))) ; expect: (0 1 2)
(generator->list (list->generator '(1 2))) ; expect: (1 2)
(generator->list (vector->generator #(1 2 3 4 5) 2)) ; expect: (3 4 5)
(generator->list (vector->generator #(1 2 3 4 5) 2 4)) ; expect: (3 4)
(generator->list (reverse-vector->generator #(1 2 3 4 5) 2)) ; expect: (5 4 3)
(generator->list (reverse-vector->generator #(1 2 3 4 5) 1 3)) ; expect: (3 2)
(generator->list (string->generator "abcde" 2 4)) ; expect: (#\c #\d)
(generator->list (bytevector->generator #u8(10 20 30))) ; expect: (10 20 30)
(generator->list (make-for-each-generator vector-for-each #(1 2 3))) ; expect: (1 2 3)
(generator->list (make-unfold-generator (lambda (s) (> s 5)) (lambda (s) (* s 2)) (lambda (s) (+ s 1)) 0)) ; expect: (0 2 4 6 8 10)
(generator->list (gcons* 'a 'b (make-range-generator 0 3))) ; expect: (a b 0 1 2)
(generator->list (gappend (make-range-generator 0 3) (make-range-generator 0 2))) ; expect: (0 1 2 0 1)
(generator->list (gappend)) ; expect: ()
(generator->list (gmap - (make-range-generator 0 3))) ; expect: (0 -1 -2)
(generator->list (gmap cons (generator 1 2 3) (generator 4 5))) ; expect: ((1 . 4) (2 . 5))
(generator->list (gcombine (lambda (x s) (values (* x s) (+ x s))) 10 (generator 1 2 3))) ; expect: (10 22 39)
(generator->list (gfilter odd? (make-range-generator 1 11))) ; expect: (1 3 5 7 9)
(generator->list (gremove odd? (make-range-generator 1 11))) ; expect: (2 4 6 8 10)
(generator->list (gtake (generator 1 2) 3)) ; expect: (1 2)
(generator->list (gtake (generator 1 2) 3 'x)) ; expect: (1 2 x)
(generator->list (gdrop (generator 1 2 3) 2)) ; expect: (3)
(generator->list (gtake-while even? (generator 2 4 5 6))) ; expect: (2 4)
(generator->list (gdrop-while even? (generator 2 4 5 6))) ; expect: (5 6)
(generator->list (gflatten (generator (generator 1) (generator 2 3)))) ; expect: (1 2 3)
(generator->list (ggroup (generator 1 2 3 4 5) 2)) ; expect: ((1 2) (3 4) (5))
(generator->list (ggroup (generator 1 2 3 4 5) 2 'x)) ; expect: ((1 2) (3 4) (5 x))
(generator->list (gmerge < (generator 1 5) (generator 2 3))) ; expect: (1 2 3 5)
(generator->list (gmap + (gdelete 5 (generator 5 1 5 2)))) ; expect: (1 2)
(generator->list (gdelete-neighbor-dups (generator 1 1 2 1))) ; expect: (1 2 1)
(generator->list (gindex (list->generator '(a b c d e f)) (list->generator '(0 2 4)))) ; expect: (a c e)
(generator->list (gselect (list->generator '(a b c d e f)) (list->generator '(#t #f #f #t #t #f)))) ; expect: (a d e)
(generator->reverse-list (generator 1 2 3)) ; expect: (3 2 1)
(generator->vector (generator 1 2 3)) ; expect: #(1 2 3)
(let ((v (vector 0 0 0 0))) (list (generator->vector! v 1 (generator 1 2 3 4)) v)) ; expect: (3 #(0 1 2 3))
(generator->string (generator #\a #\b)) ; expect: "ab"
(generator-fold cons 'z (generator 1 2)) ; expect: (2 1 . z)
(generator-fold + 0 (generator 1 2)) ; expect: 3
(generator-map->list + (generator 1 2) (generator 3 4)) ; expect: (4 6)
(generator-find even? (generator 1 2 3)) ; expect: 2
(generator-count odd? (generator 1 2 3)) ; expect: 2
(generator-any odd? (generator 2 3)) ; expect: #t
(generator-every odd? (generator 1 2)) ; expect: #f
(generator-unfold (make-for-each-generator string-for-each "abc") unfold) ; expect: (#\a #\b #\c)
(let ((a (make-accumulator * 1 -))) (a 1) (a 2) (a 4) (a (eof-object))) ; expect: -8
(let ((a (count-accumulator))) (a 'x) (a 'y) (a (eof-object))) ; expect: 2
(let ((a (list-accumulator))) (a 'x) (a 'y) (a (eof-object))) ; expect: (x y)
(let ((a (reverse-list-accumulator))) (a 'x) (a 'y) (a (eof-object))) ; expect: (y x)
(let ((a (vector-accumulator))) (a 'x) (a 'y) (a (eof-object))) ; expect: #(x y)
(let ((a (reverse-vector-accumulator))) (a 'x) (a 'y) (a (eof-object))) ; expect: #(y x)
(let* ((v (vector 0 0 0)) (a (vector-accumulator! v 1))) (a 'x) (a 'y) (a (eof-object))) ; expect: #(0 x y)
(let ((a (string-accumulator))) (a #\a) (a (eof-object))) ; expect: "a"
(let ((a (bytevector-accumulator))) (a 1) (a (eof-object))) ; expect: #u8(1)
(let ((a (sum-accumulator))) (a 1) (a 2) (a (eof-object))) ; expect: 3
(let ((a (product-accumulator))) (a 3) (a 2) (a (eof-object))) ; expect: 6
