; guile: same
; define-once leaves a value that there is already.
(define-once first 1)
(define-once first 2)
(define second 3)
(define-once second 4)
(begin (define-once third 5) (define-once third 6))
(write (list first second third))
(newline)
