; What the compiler makes one instruction of behaves as its parts do, in the rare cases too.

; A loop's counter leaves the fixnums, is a float, is no number.
(define top 2305843009213693951)
(let loop ((i (- top 2)) (n 0)) (if (= n 4) i (loop (+ i 1) (+ n 1)))) ; expect: 2305843009213693953
(let loop ((n 0) (i (- top 2))) (if (= n 4) i (loop (+ n 1) (+ i 1)))) ; expect: 2305843009213693953
(let loop ((i 0.5)) (if (> i 3) i (loop (+ i 1)))) ; expect: 3.5
(let loop ((n 3) (i (- -1 top))) (if (= n 0) i (loop (- n 1) (- i 1)))) ; expect: -2305843009213693955
(define (climb x) (let loop ((i x)) (if (eqv? i 3) i (loop (+ i 1)))))
(climb 0) ; expect: 3
(climb 'a) ; error: +

; Returned at once: sums, pairs, constants.
(define (sum a b) (+ a b))
(sum 1 2) ; expect: 3
(sum top 1) ; expect: 2305843009213693952
(sum 0.5 0.25) ; expect: 0.75
(sum 1/2 1) ; expect: 3/2
(sum 1 'b) ; error: +
(define (pair a b) (cons a b))
(pair 1 2) ; expect: (1 . 2)
(define (sort-of x) (cond ((pair? x) 'pair) ((null? x) #f) ((eq? x 0) -70000) (else #\z)))
(map sort-of '((1) () 0 #t)) ; expect: (pair #f -70000 #\z)

; Arguments that are moved into place.
(define (show a b c d) (list a b c d))
(define (turn a b c d) (show d c b a))
(turn 1 2 3 4) ; expect: (4 3 2 1)
(define (turn-inside a b c d) (cdr (show d a a b)))
(turn-inside 1 2 3 4) ; expect: (1 1 2)
(define (swap-tail a b n) (if (= n 0) (list a b) (swap-tail b a (- n 1))))
(swap-tail 1 2 3) ; expect: (2 1)
(define (rotate n a b c) (if (= n 0) (list a b c) (rotate (- n 1) b c a)))
(rotate 4 1 2 3) ; expect: (2 3 1)

; Sums of several terms, in place of one of them.
(define (total l) (let loop ((l l) (s 0)) (if (null? l) s (loop (cdr l) (+ 1 (car l) s)))))
(total '(1 2 3)) ; expect: 9
(let ((a 1) (b 2) (c 3)) (list (+ a b c) (- a b c) (* a b c 4) (+ a 0.5 b) (* top top 0))) ; expect: (6 -4 24 3.5 0)
(+ 1 2 'c) ; error: +

; Tests of and, or.
(define (between a x b) (if (and (< a x) (< x b)) 'yes 'no))
(list (between 1 2 3) (between 1 0 3) (between 1 4 3)) ; expect: (yes no no)
(define (outside a x b) (if (or (< x a) (> x b)) 'yes 'no))
(list (outside 1 2 3) (outside 1 0 3) (outside 1 4 3)) ; expect: (no yes yes)
(define (mixed a b c) (if (or (and a b) (not (or b c)) (and c #t)) 1 0))
(map mixed '(#t #t #t #t #f #f #f #f) '(#t #t #f #f #t #t #f #f) '(#t #f #t #f #t #f #t #f)) ; expect: (1 1 1 1 1 0 1 1)
(let ((x 5)) (if (let ((t (memv x '(4 5)))) (if t t (car x))) 'found 'lost)) ; expect: found

; Fields of records, the accessors as they are now.
(define-record-type point (make-point x y) point? (x point-x set-point-x!) (y point-y))
(define-record-type other (make-other x) other? (x other-x))
(define p (make-point 1 2))
(define (xs p) (list (point-x p) (point-y p)))
(define (move! p n) (set-point-x! p n) (xs p))
(xs p) ; expect: (1 2)
(move! p 7) ; expect: (7 2)
(xs (make-other 1)) ; error: point-x
(xs 5) ; error: point-x
(move! 5 1) ; error: set-point-x!
(define keep point-x)
(set! point-x (lambda (p) (list 'x (keep p))))
(xs p) ; expect: ((x 7) 2)
(set! set-point-x! (lambda (p n) (list p n)))
(move! p 8) ; expect: ((x 7) 2)
(set! point-x other-x)
(xs p) ; error: other-x
(set! point-x car)
(xs '(1)) ; error: point-y
(set! point-x 5)
(xs p) ; error: procedure
