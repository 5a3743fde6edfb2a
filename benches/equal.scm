; equal: equal? on trees, vectors and strings, alike and almost alike.
(define (tree n) (if (= n 0) (list 1 2.5 "leaf" 'leaf #\l) (vector (tree (- n 1)) n (list (tree (- n 1))))))
(define a (tree 12))
(define b (tree 12))
(define c (let ((t (tree 12))) (vector-set! t 2 'other) t))
(define (run n) (let ((r (list (equal? a b) (equal? b a) (equal? a c)))) (if (= n 1) r (run (- n 1)))))
(check (run 400) '(#t #t #f))
