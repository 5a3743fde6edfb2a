; Streams and transducers. guile: same
(use-modules (srfi srfi-41) (srfi srfi-171))
(define-stream (primes s) (stream-cons (stream-car s) (primes (stream-filter (lambda (x) (not (= 0 (modulo x (stream-car s))))) (stream-cdr s)))))
(stream->list 5 (stream-from 1))                                             ; expect: (1 2 3 4 5)
(stream->list (stream-map + (stream 1 2 3) (stream 10 20 30)))               ; expect: (11 22 33)
(stream->list (stream-of (* x x) (x in (stream-range 0 5)) (even? x)))       ; expect: (0 4 16)
(stream->list 10 (primes (stream-from 2)))                                   ; expect: (2 3 5 7 11 13 17 19 23 29)
(stream-match (stream 1 2 3) (() 'empty) ((a b . c) (list a b (stream->list c)))) ; expect: (1 2 (3))
(stream-ref (stream-iterate (lambda (x) (* 2 x)) 1) 20)                      ; expect: 1048576
(stream-fold + 0 (stream-take 10 (stream-constant 1 2)))                     ; expect: 15
(stream-car (stream-drop 5000 (stream-from 0)))                              ; expect: 5000
(list-transduce (tmap (lambda (x) (* x x))) rcons '(1 2 3))                  ; expect: (1 4 9)
(vector-transduce (tsegment 2) rcons #(1 2 3))                               ; expect: ((1 2) (3))
(list-transduce (tpartition even?) rcons '(2 4 1 3 6))                       ; expect: ((2 4) (1 3) (6))
(string-transduce (tenumerate 1) rcons "ab")                                 ; expect: ((1 . #\a) (2 . #\b))
(list-transduce (tadd-between 0) rcons '(1 2 3))                             ; expect: (1 0 2 0 3)
(list-transduce tflatten rcons '(1 (2 (3)) 4))                               ; expect: (1 2 3 4)
(list-transduce (tdelete-duplicates) rcons '(1 2 1 3))                       ; expect: (1 2 3)
(list-transduce tconcatenate rcons '((1 2) (3)))                             ; expect: (1 2 3)
(list-transduce (tdrop 1) rcount '(1 2 3))                                   ; expect: 2
(list-transduce (tmap values) (rany even?) '(1 3))                           ; expect: #f
(list-transduce (ttake 2) rcons '(1 2 3))                                    ; expect: (1 2)
