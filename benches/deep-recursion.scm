; deep-recursion: a million calls deep, building and summing on the way back.
(define (count n) (if (= n 0) 0 (+ 1 (count (- n 1)))))
(define (build n) (if (= n 0) '() (cons n (build (- n 1)))))
(define (sum l) (if (null? l) 0 (+ (car l) (sum (cdr l)))))
(define (run n) (let ((c (count 1000000)) (s (sum (build 1000000)))) (if (= n 1) (+ c s) (run (- n 1)))))
(check (run 8) 500001500000)
