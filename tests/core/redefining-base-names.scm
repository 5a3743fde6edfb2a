; A program may define names the base library has; its own definition is used from then on, libraries keep theirs.
(define old-car car)
(define (car x) (list 'my-car (old-car x)))
(car '(1 2))                               ; expect: (my-car 1)
(map (lambda (x) x) '(1 2 3))              ; expect: (1 2 3)
(cadr '(1 2))                              ; expect: 2
(sort '((3) (1) (2)) (lambda (a b) (< (old-car a) (old-car b)))) ; expect: ((1) (2) (3))
(define (list . args) (cons 'my-list args))
(list 1 2)                                 ; expect: (my-list 1 2)
(call-with-values (lambda () (values 1 2)) cons) ; expect: (1 . 2)
(let-values (((a b) (values 1 2))) (+ a b)) ; expect: 3
`(1 ,(+ 1 1) ,@(old-car '((3))))           ; expect: (1 2 3)
(define (+ . args) 'plus)
(+ 1 2)                                    ; expect: plus
(fold (lambda (a b) (- b a)) 10 '(1 2))    ; expect: 7
(vector-map - #(1 2))                      ; expect: #(-1 -2)
(define (append . args) 'mine)
`(,@'(1 2) 3)                              ; expect: (1 2 3)
(define (reverse l) 'mine)
(string-map char-upcase "abc")             ; expect: "ABC"
(define (not x) x)
(if (not #t) 'yes 'no)                     ; expect: yes
