; Section 4.2.8: quasiquote, unquote, unquote-splicing; nesting, dots and vectors.
`(list ,(+ 1 2) 4)                         ; expect: (list 3 4)
(let ((name 'a)) `(list ,name ',name))     ; expect: (list a (quote a))
`(a ,(+ 1 2) ,@(map abs '(4 -5 6)) b)      ; expect: (a 3 4 5 6 b)
`((foo ,(- 10 3)) ,@(cdr '(c)) . ,(car '(cons))) ; expect: ((foo 7) . cons)
`#(10 5 ,(sqrt 4) ,@(map sqrt '(16 9)) 8)  ; expect: #(10 5 2 4 3 8)
(let ((foo '(foo bar)) (@baz 'baz)) `(list ,@foo , @baz)) ; expect: (list foo bar baz)
`(a `(b ,(c ,(+ 1 2))))                    ; expect: (a (quasiquote (b (unquote (c 3)))))
`(a `(b ,(foo ,(+ 1 3) d) e) f)            ; expect: (a (quasiquote (b (unquote (foo 4 d)) e)) f)
(let ((name1 'x) (name2 'y)) `(a `(b ,,name1 ,',name2 d) e)) ; expect: (a (quasiquote (b (unquote x) (unquote (quote y)) d)) e)
(let ((a 3)) `((1 2) ,a ,4 ,'five 6))      ; expect: ((1 2) 3 4 five 6)
(quasiquote (list (unquote (+ 1 2)) 4))    ; expect: (list 3 4)
'(quasiquote (list (unquote (+ 1 2)) 4))   ; expect: (quasiquote (list (unquote (+ 1 2)) 4))
`5                                         ; expect: 5
`x                                         ; expect: x
`,(+ 1 2)                                  ; expect: 3
`()                                        ; expect: ()
`#()                                       ; expect: #()
`(1 . ,(+ 1 1))                            ; expect: (1 . 2)
`(1 ,@'() . 2)                             ; expect: (1 . 2)
`(,@'(1 2) . 3)                            ; expect: (1 2 . 3)
`(,@'() . ,'x)                             ; expect: x
`(,@(list 1 2))                            ; expect: (1 2)
`(1 ,@2)                                   ; expect: (1 . 2)
`(,@(list 1 2) ,@(list 3 4))               ; expect: (1 2 3 4)
`((,@(list 1)) ,(list 2))                  ; expect: ((1) (2))
`(x ,@(list) y)                            ; expect: (x y)
`#(,@(list 1 2 3))                         ; expect: #(1 2 3)
`#(1 #(,(+ 1 1)))                          ; expect: #(1 #(2))
`(a #(b ,(+ 1 2)) "s" #\c)                 ; expect: (a #(b 3) "s" #\c)
(let ((x '(a b))) (eq? (cdr `(1 . ,x)) x)) ; expect: #t
(let ((x '(a b))) (eq? (cdr `(1 ,@x)) x))  ; expect: #t
(let loop ((i 0) (l '())) (if (= i 3) l (loop (+ i 1) `(,i ,@l)))) ; expect: (2 1 0)
`(quote ,(+ 1 2))                          ; expect: (quote 3)
`',(+ 1 2)                                 ; expect: (quote 3)
`(unquote (+ 1 2))                         ; expect: 3
`(1 unquote (+ 1 2))                       ; expect: (1 . 3)
`(if ,(= 1 1) ,@(list 'then 'else))        ; expect: (if #t then else)
,x                                         ; error: unquote
`(1 `,(+ 1 ,(+ 2 3)) 4)                    ; expect: (1 (quasiquote (unquote (+ 1 5))) 4)
`(1 `(,@(a ,@(list 2 3))))                 ; expect: (1 (quasiquote ((unquote-splicing (a 2 3)))))
