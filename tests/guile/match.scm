; Pattern matching.
; guile: same
(use-modules (ice-9 match))
(define-syntax try (syntax-rules () ((_ e) (catch #t (lambda () (write e) (newline)) (lambda args (write args) (newline))))))
(try (match '(1 2 3) ((a b c) (list c b a)))) ; prints: (3 2 1)
(try (match '(1 2 3) ((a . b) (list a b)))) ; prints: (1 (2 3))
(try (match '(1 2 3) ((a ...) a))) ; prints: (1 2 3)
(try (match '((1 2) (3 4)) (((a b) ...) (list a b)))) ; prints: ((1 3) (2 4))
(try (match '(1 2 3 4) ((a b ... c) (list a b c)))) ; prints: (1 (2 3) 4)
(try (match '(let ((x 1) (y 2)) body1 body2) (('let ((n v) ...) b ...) (list n v b)))) ; prints: ((x y) (1 2) (body1 body2))
(try (match 5 ((? string?) 'str) ((? number? n) (list 'num n)))) ; prints: (num 5)
(try (match '(1 . 2) ((a . b) (+ a b)))) ; prints: 3
(try (match "x" ("y" 1) ("x" 2))) ; prints: 2
(try (match 'a ('a 1) (_ 2))) ; prints: 1
(try (match '(a b) (`(a ,x) x))) ; prints: b
(try (match 5 ((or 1 2) 'low) ((or 5 6) 'mid))) ; prints: mid
(try (match '(1 2) ((or (a 2) (a 3)) a))) ; prints: 1
(try (match 5 ((and x (? odd?)) (list 'odd x)))) ; prints: (odd 5)
(try (match 5 ((not 4) 'notfour))) ; prints: notfour
(try (match '(1 1) ((a a) 'same) (_ 'diff))) ; prints: same
(try (match '(1 2) ((a a) 'same) (_ 'diff))) ; prints: diff
(try (match #(1 2 3) (#(a b c) (list a b c)))) ; prints: (1 2 3)
(try (match #(1 2 3) (#(a ...) a))) ; prints: (1 2 3)
(try (match '(3 4) ((= car x) x))) ; prints: 3
(try (match 5 (x (=> next) (if (= x 5) (next) 'no)) (y (list 'second y)))) ; prints: (second 5)
(try (match 5 (6 1))) ; prints: (match-error "match" "no matching pattern" 5)
(try (match-let (((a b) '(1 2)) (c 3)) (list a b c))) ; prints: (1 2 3)
(try (match-let* (((a b) '(1 2)) (c (+ a b))) (list a b c))) ; prints: (1 2 3)
(try ((match-lambda ((a b) (+ a b)) (x x)) '(1 2))) ; prints: 3
(try ((match-lambda* ((a b) (+ a b)) ((x) x)) 1 2)) ; prints: 3
(use-modules (srfi srfi-9))
(define-record-type <pt> (make-pt x y) pt? (x pt-x) (y pt-y))
(try (match (make-pt 1 2) (($ <pt> a b) (list a b)))) ; prints: (1 2)
(try (match '() (() 'empty))) ; prints: empty
(try (match '(1 2 3) ((a ..1) a))) ; prints: (1 2 3)
(try (match '() ((a ..1) a) (_ 'none))) ; prints: none
(try (match '(1 (2 (3))) ((a (b (c))) (list a b c)))) ; prints: (1 2 3)
(try (match '((a . 1) (b . 2)) (((k . v) ...) (list k v)))) ; prints: ((a b) (1 2))
(try (match '(1 2 3) ((a b) 'two) ((a b c) 'three))) ; prints: three
(try (let ((x 5)) (match 5 ((? (lambda (y) (= x y))) 'yes)))) ; prints: yes
(try (match '(define (f x) x) (('define (name args ...) body ...) (list name args body)))) ; prints: (f (x) (x))
(try (match (list 'quote 'a) (('quote x) x))) ; prints: a
(try (match '(#t #\a 1.5 "s") ((#t #\a 1.5 "s") 'ok))) ; prints: ok
(try (match-let loop (((a . b) '(1 2 3))) (if (null? b) a (loop b)))) ; prints: 3
