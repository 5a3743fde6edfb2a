; Section 4.1.2 and 4.2.8: the abbreviations ' ` , ,@ stand for lists.
(car ''a)                                  ; expect: quote
(cadr ''a)                                 ; expect: a
(length ''a)                               ; expect: 2
(car '`a)                                  ; expect: quasiquote
(car ',a)                                  ; expect: unquote
(car ',@a)                                 ; expect: unquote-splicing
(equal? ''a '(quote a))                    ; expect: #t
(equal? '' a '(quote a))                   ; expect: #t
(car (car ''(a)))                          ; error: car
(caadr ''(a))                              ; expect: a
'(1 . 'a)                                  ; expect: (1 quote a)
(equal? '#('a) (vector '(quote a)))        ; expect: #t
