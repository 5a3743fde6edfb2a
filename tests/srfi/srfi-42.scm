; Eager comprehensions. guile: same
(use-modules (srfi srfi-42))
(list-ec (: i 5) (* i i))                                             ; expect: (0 1 4 9 16)
(list-ec (:range i 1 10 3) i)                                         ; expect: (1 4 7)
(list-ec (:list x '(1 2 3)) (:string c "ab") (list x c))              ; expect: ((1 #\a) (1 #\b) (2 #\a) (2 #\b) (3 #\a) (3 #\b))
(sum-ec (:range i 5) (if (even? i)) i)                                ; expect: 6
(vector-ec (:vector v #(1 2 3)) (+ v 1))                              ; expect: #(2 3 4)
(string-ec (:char-range c #\a #\e) c)                                 ; expect: "abcde"
(list-ec (:parallel (:list x '(a b c)) (:integers i)) (cons x i))     ; expect: ((a . 0) (b . 1) (c . 2))
(list-ec (:list x (index i) '(a b c)) (cons x i))                     ; expect: ((a . 0) (b . 1) (c . 2))
(list-ec (:while (:list x '(1 3 4 5)) (odd? x)) x)                    ; expect: (1 3)
(list-ec (:until (:list x '(1 3 4 5)) (even? x)) x)                   ; expect: (1 3 4)
(list-ec (:let x 5) (* x 2))                                          ; expect: (10)
(first-ec #f (:integers i) (if (> (* i i) 50)) i)                     ; expect: 8
(any?-ec (:range i 10) (= i 5))                                       ; expect: #t
(every?-ec (:range i 10) (< i 5))                                     ; expect: #f
(min-ec (:list x '(3 1 2)) x)                                         ; expect: 1
(fold-ec 1 (:range i 1 6) i *)                                        ; expect: 120
(last-ec 'none (:range i 4) i)                                        ; expect: 3
(append-ec (:range i 3) (list i i))                                   ; expect: (0 0 1 1 2 2)
(list-ec (:real-range x 0 1 1/4) x)                                   ; expect: (0 1/4 1/2 3/4)
(list-ec (:port x (open-input-string "1 2 3")) x)                     ; expect: (1 2 3)
(list-ec (: x '(1 2) '(3)) x)                                         ; expect: (1 2 3)
(list-ec (: c "abc") c)                                               ; expect: (#\a #\b #\c)
(list-ec (:do ((i 0)) (< i 4) ((+ i 1))) i)                           ; expect: (0 1 2 3)
(vector-of-length-ec 3 (:range i 3) i)                                ; expect: #(0 1 2)
(list-ec (nested (:range i 2) (:range j 2)) (not (= i j)) (list i j)) ; expect: ((0 1) (1 0))
