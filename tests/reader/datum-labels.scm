; Section 2.4: datum labels build shared and circular data.
(define (read-from text) (read (open-input-string text)))
(define c (read-from "#0=(a b c . #0#)"))
(car c)                                    ; expect: a
(cadddr c)                                 ; expect: a
(eq? c (cdddr c))                          ; expect: #t
(define s (read-from "(#0=(x) #0# #0#)"))
s                                          ; expect: ((x) (x) (x))
(eq? (car s) (cadr s))                     ; expect: #t
(eq? (car s) (caddr s))                    ; expect: #t
(define v (read-from "#0=#(1 #0# 2)"))
(eq? v (vector-ref v 1))                   ; expect: #t
(vector-ref v 2)                           ; expect: 2
(define t (read-from "#0=(#1=(p) #1# #0#)"))
(eq? (car t) (cadr t))                     ; expect: #t
(eq? t (caddr t))                          ; expect: #t
(define q (read-from "(#10=\"str\" #10#)"))
(eq? (car q) (cadr q))                     ; expect: #t
(define cc (read-from "#0=(#0# . #0#)"))
(eq? cc (car cc))                          ; expect: #t
(eq? cc (cdr cc))                          ; expect: #t
(read-from "(#0=a b #0#)")                 ; expect: (a b a)
(read-from "#0=#1=(z)")                    ; expect: (z)
