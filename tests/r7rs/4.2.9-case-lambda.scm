; Section 4.2.9: case-lambda.
(define range (case-lambda ((e) (range 0 e)) ((b e) (do ((r '() (cons e r)) (e (- e 1) (- e 1))) ((< e b) r)))))
(range 3)                                  ; expect: (0 1 2)
(range 3 5)                                ; expect: (3 4)
(define plus (case-lambda (() 0) ((x) x) ((x y) (+ x y)) ((x y z) (+ (+ x y) z)) (args (apply + args))))
(list (plus) (plus 1) (plus 1 2) (plus 1 2 3) (plus 1 2 3 4)) ; expect: (0 1 3 6 10)
(define first-match (case-lambda ((a . rest) (list 'at-least-one a rest)) ((a b) 'never) (() 'none)))
(first-match 1 2)                          ; expect: (at-least-one 1 (2))
(first-match)                              ; expect: none
(define f (case-lambda ((a b) (list a b)) ((a b c . d) (list a b c d))))
(f 1 2)                                    ; expect: (1 2)
(f 1 2 3)                                  ; expect: (1 2 3 ())
(f 1 2 3 4 5)                              ; expect: (1 2 3 (4 5))
(f 1)                                      ; error: argument
(procedure? f)                             ; expect: #t
((case-lambda ((x) (set! x (* x 2)) x)) 4) ; expect: 8
((case-lambda ((x) (define y (+ x 1)) (* y y))) 4) ; expect: 25
(apply (case-lambda ((a) 'one) ((a b) 'two) (r 'many)) '(1 2 3)) ; expect: many
(map (case-lambda ((a) (list a)) ((a b) (cons a b))) '(1 2) '(3 4)) ; expect: ((1 . 3) (2 . 4))
(let ((k 10)) ((case-lambda (() k) ((x) (+ x k))) 5)) ; expect: 15
((case-lambda))                            ; error: argument
(define loop (case-lambda ((n) (loop n 0)) ((n acc) (if (= n 0) acc (loop (- n 1) (+ acc 1))))))
(loop 100000)                              ; expect: 100000
