; Vectors with places. guile: same
(use-modules (srfi srfi-43))
(vector-map (lambda (i x) (list i x)) #(a b))                                ; expect: #((0 a) (1 b))
(vector-fold (lambda (i s x) (+ s x)) 0 #(1 2 3))                            ; expect: 6
(vector-fold-right (lambda (i s x) (cons x s)) '() #(1 2 3))                 ; expect: (1 2 3)
(vector-unfold (lambda (i x) (values x (* 2 x))) 4 1)                        ; expect: #(1 2 4 8)
(vector-unfold-right (lambda (i x) (values x (+ x 1))) 3 0)                  ; expect: #(2 1 0)
(vector-copy #(1 2 3) 1 5 'x)                                                ; expect: #(2 3 x x)
(reverse-list->vector '(1 2 3))                                              ; expect: #(3 2 1)
(vector-binary-search #(1 3 5) 3 -)                                          ; expect: 1
(vector-reverse-copy #(1 2 3 4) 1 3)                                         ; expect: #(3 2)
(list (vector-index even? #(1 2)) (vector-skip odd? #(1 3 4)) (vector-any even? #(1 2)) (vector-count (lambda (i x) (even? x)) #(1 2 4))) ; expect: (1 2 #t 2)
(let ((v (vector 1 2 3))) (vector-swap! v 0 2) v)                            ; expect: #(3 2 1)
(let ((v (vector 1 2 3 4))) (vector-reverse! v 1) v)                         ; expect: #(1 4 3 2)
(vector= eq? #(a b) #(a b) #(a b))                                           ; expect: #t
(vector-concatenate '(#(a) #(b c)))                                          ; expect: #(a b c)
(vector-every < #(1 2) #(2 3))                                               ; expect: #t
(vector->list #(1 2 3) 1)                                                    ; expect: (2 3)
(let ((v (vector 1 2 3))) (vector-map! (lambda (i x) (* i x)) v) v)          ; expect: #(0 2 6)
