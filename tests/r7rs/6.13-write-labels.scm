; Section 6.13.3: write labels cycles, write-shared labels all sharing, write-simple none.
(define-syntax written (syntax-rules () ((_ writer x) (let ((p (open-output-string))) (writer x p) (get-output-string p)))))
(define c (list 'a 'b 'c))
(set-cdr! (cddr c) c)
(written write c)                          ; expect: "#0=(a b c . #0#)"
(written display c)                        ; expect: "#0=(a b c . #0#)"
(written write-shared c)                   ; expect: "#0=(a b c . #0#)"
(define s (let ((x (list 1 2))) (list x x)))
(written write s)                          ; expect: "((1 2) (1 2))"
(written write-simple s)                   ; expect: "((1 2) (1 2))"
(written display s)                        ; expect: "((1 2) (1 2))"
(written write-shared s)                   ; expect: "(#0=(1 2) #0#)"
(define v (vector 1 2 3))
(vector-set! v 1 v)
(written write v)                          ; expect: "#0=#(1 #0# 3)"
(define p (list 1 2))
(set-car! p p)
(written write p)                          ; expect: "#0=(#0# 2)"
(define q (cons 1 2))
(set-cdr! q q)
(written write q)                          ; expect: "#0=(1 . #0#)"
(define mixed (let ((x (list 'x)) (c (list 'c))) (set-cdr! c c) (list x x c c)))
(written write mixed)                      ; expect: "((x) (x) #0=(c . #0#) #0#)"
(written write-shared mixed)               ; expect: "(#0=(x) #0# #1=(c . #1#) #1#)"
(define two (let ((a (list 1)) (b (list 2))) (set-cdr! a a) (set-cdr! b b) (list a b)))
(written write two)                        ; expect: "(#0=(1 . #0#) #1=(2 . #1#))"
(written write-shared (let ((t (list 3))) (vector t (cons 1 t)))) ; expect: "#(#0=(3) (1 . #0#))"
(written write-shared (let ((s (string #\a))) (list s s))) ; expect: "(\"a\" \"a\")"
(written write '(1 1 a a))                 ; expect: "(1 1 a a)"
(written write-shared '(1 1 a a))          ; expect: "(1 1 a a)"
(written write-shared (list '() '()))      ; expect: "(() ())"
(define rt (read (open-input-string (written write c))))
(list (car rt) (eq? rt (cdddr rt)))        ; expect: (a #t)
(define rs (read (open-input-string (written write-shared s))))
(eq? (car rs) (cadr rs))                   ; expect: #t
c                                          ; expect: #0=(a b c . #0#)
