; Transforming SXML.
(use-modules (sxml transform) (sxml fold))
(pre-post-order '(html (p "a" (b "c"))) `((b . ,(lambda (t . b) (cons 'strong b))) (*text* . ,(lambda (t x) x)) (*default* . ,(lambda x x))))  ; expect: (html (p "a" (strong "c")))
(pre-post-order '(a (b "x") (c "y")) `((b *preorder* . ,(lambda (t . r) (list 'B r))) (c *macro* . ,(lambda (t . r) (cons 'd r))) (d . ,(lambda (t . r) (cons 'D r))) (*text* . ,(lambda (t x) (string-append x "!"))) (*default* . ,(lambda x x))))  ; expect: (a (B ("x")) (D "y!"))
(pre-post-order '(a (b "x")) `((b ((*text* . ,(lambda (t x) 'T))) . ,(lambda x x)) (*text* . ,(lambda (t x) x)) (*default* . ,(lambda x x))))  ; expect: (a (b T))
(with-output-to-string (lambda () (SRV:send-reply "a" '("b" (#\c) #f ()) 5)))  ; expect: "abc5"
((@ (sxml transform) foldts) (lambda (s t) '()) (lambda (s k t) (cons (reverse (cons (car t) (reverse k))) s)) (lambda (s a) (cons a s)) '() '(a (b "x") "y"))  ; expect: (("y" ("x" b) a))
((@ (sxml fold) foldt) (lambda (x) (apply + x)) (lambda (x) x) '(1 (2 3) 4))  ; expect: 10
((@ (sxml fold) foldts) (lambda (s t) s) (lambda (s k t) (+ k 1)) (lambda (s a) (+ s (if (number? a) a 0))) 0 '(1 (2 3) 4))  ; expect: 12
(call-with-values (lambda () (fold-values (lambda (x a b) (values (+ x a) (* x b))) '(1 2 3) 0 1)) list)  ; expect: (6 6)
(replace-range (lambda (x) (and (equal? x '(del)) '((new)))) (lambda (x) (and (equal? x '(end)) '((after)))) '((a) (del) (x) (end) (b)))  ; expect: ((a) (new) (after) (b))
