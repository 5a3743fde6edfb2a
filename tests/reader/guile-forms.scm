; What Guile's reader takes besides R7RS.
#!
a block
comment
!#
(list 1 #! inside !# 2)                    ; expect: (1 2)
'[a b]                                     ; expect: (a b)
[+ 1 2]                                    ; expect: 3
(let ([x 1] [y 2]) (+ x y))                ; expect: 3
#vu8(1 2 3)                                ; expect: #u8(1 2 3)
(keyword? #:key)                           ; expect: #t
(eq? #:key #:key)                          ; expect: #t
#:key                                      ; expect: #:key
(symbol? #:key)                            ; expect: #f
(keyword->symbol #:key)                    ; expect: key
(symbol->keyword 'abc)                     ; expect: #:abc
(car '#'x)                                 ; expect: syntax
(car '#`x)                                 ; expect: quasisyntax
(car '#,x)                                 ; expect: unsyntax
(car '#,@x)                                ; expect: unsyntax-splicing
'(a . [b c])                               ; expect: (a b c)
(let ((x '(1 . (2 . [3])))) x)             ; expect: (1 2 3)
