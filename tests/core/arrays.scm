; Arrays. guile: same
(define a (list->array 2 '((1 2 3) (4 5 6))))
(array-ref a 1 2)                                                            ; expect: 6
(list (array-rank a) (array-dimensions a) (array-shape a) (array-length a) (array-type a)) ; expect: (2 (2 3) ((0 1) (0 2)) 2 #t)
(array->list (transpose-array a 1 0))                                        ; expect: ((1 4) (2 5) (3 6))
(array->list (make-shared-array a (lambda (i) (list i i)) 2))                ; expect: (1 5)
(array->list (array-slice a 1))                                              ; expect: (4 5 6)
(array->list (let ((b (make-array 0 2 2))) (array-index-map! b +) b))        ; expect: ((0 1) (1 2))
(array->list (let ((b (make-array 0 2 3))) (array-map! b * a a) b))          ; expect: ((1 4 9) (16 25 36))
(let ((s 0)) (array-for-each (lambda (x) (set! s (+ s x))) a) s)             ; expect: 21
(array-equal? a (list->array 2 '((1 2 3) (4 5 6))))                          ; expect: #t
(array-in-bounds? a 2 0)                                                     ; expect: #f
(array-contents a)                                                           ; expect: #(1 2 3 4 5 6)
(let ((v (make-typed-array 'f64 1.5 2 2))) (array-set! v 3 0 1) (array->list v)) ; expect: ((1.5 3.0) (1.5 1.5))
(array-ref #(1 2 3) 1)                                                       ; expect: 2
(array-dimensions (make-array 0 '(1 3) 2))                                   ; expect: ((1 3) 2)
(let ((b (make-array 0 2 2))) (array-fill! b 'x) (array->list b))            ; expect: ((x x) (x x))
(array-cell-ref a 0 1)                                                       ; expect: 2
(array-ref a 5 5)                                                            ; error:
(let ((b (make-array 'e 3))) (array-copy! #(1 2 3) b) b)                     ; expect: #(1 2 3)
(array? "abc")                                                               ; expect: #t
(typed-array? #f64(1.5) 'f64)                                                ; expect: #t
