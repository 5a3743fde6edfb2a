; Section 4.3.2: patterns and templates of syntax-rules.
(define-syntax swap! (syntax-rules () ((_ a b) (let ((tmp a)) (set! a b) (set! b tmp)))))
(let ((x 1) (y 2)) (swap! x y) (list x y)) ; expect: (2 1)
(let ((tmp 5) (other 6)) (swap! tmp other) (list tmp other)) ; expect: (6 5)
(define-syntax be-like-begin (syntax-rules () ((be-like-begin name) (define-syntax name (syntax-rules () ((name expr (... ...)) (begin expr (... ...))))))))
(be-like-begin sequence)
(sequence 1 2 3 4)                         ; expect: 4
(define-syntax my-or (syntax-rules () ((my-or) #f) ((my-or e) e) ((my-or e1 e2 ...) (let ((temp e1)) (if temp temp (my-or e2 ...))))))
(let ((x #f) (y 7) (temp 8) (let odd?) (if even?)) (my-or x (let temp) (if y) y)) ; expect: 7
(my-or)                                    ; expect: #f
(my-or #f #f 3)                            ; expect: 3
(define-syntax my-let (syntax-rules () ((_ ((n v) ...) b ...) ((lambda (n ...) b ...) v ...)) ((_ tag ((n v) ...) b ...) ((letrec ((tag (lambda (n ...) b ...))) tag) v ...))))
(my-let ((a 1) (b 2)) (+ a b))             ; expect: 3
(my-let () 5)                              ; expect: 5
(my-let loop ((i 0)) (if (< i 5) (loop (+ i 1)) i)) ; expect: 5
(define-syntax count-args (syntax-rules () ((_) 0) ((_ x . rest) (+ 1 (count-args . rest)))))
(count-args a b c d)                       ; expect: 4
(define-syntax my-cond (syntax-rules (else) ((_) #f) ((_ (else e)) e) ((_ (c e) clause ...) (if c e (my-cond clause ...)))))
(my-cond (#f 1) (else 2))                  ; expect: 2
(my-cond ((= 1 1) 1) (else 2))             ; expect: 1
(let ((else #f)) (my-cond (#f 1) (else 2) (#t 3))) ; expect: 3
(define-syntax nested (syntax-rules () ((_ (a b ...) ...) '((a ...) (b ... ...) ((b ...) ...)))))
(nested (1 2 3) (4) (5 6))                 ; expect: ((1 4 5) (2 3 6) ((2 3) () (6)))
(nested)                                   ; expect: (() () ())
(define-syntax deep (syntax-rules () ((_ ((a (b ...)) ...) ...) '(((a b ...) ...) ...))))
(deep ((1 (2 3)) (4 ())) () ((5 (6))))     ; expect: (((1 2 3) (4)) () ((5 6)))
(define-syntax flatten3 (syntax-rules () ((_ ((a ...) ...) ...) '(a ... ... ...))))
(flatten3 ((1 2) (3)) () ((4 5 6)))        ; expect: (1 2 3 4 5 6)
(define-syntax spread (syntax-rules () ((_ x (y ...)) '((x y) ...))))
(spread a (1 2 3))                         ; expect: ((a 1) (a 2) (a 3))
(define-syntax tail (syntax-rules () ((_ a ... b c) '((a ...) b c))))
(tail 1 2)                                 ; expect: (() 1 2)
(tail 1 2 3 4 5)                           ; expect: ((1 2 3) 4 5)
(tail 1)                                   ; error: tail
(define-syntax dotted (syntax-rules () ((_ a ... b . c) '((a ...) b c))))
(dotted 1 2 3)                             ; expect: ((1 2) 3 ())
(dotted 1 2 . 3)                           ; expect: ((1) 2 3)
(dotted 1 . 2)                             ; expect: (() 1 2)
(define-syntax dot-tail (syntax-rules () ((_ a . b) '(a b))))
(dot-tail 1)                               ; expect: (1 ())
(dot-tail 1 2 3)                           ; expect: (1 (2 3))
(dot-tail 1 . 2)                           ; expect: (1 2)
(define-syntax vec (syntax-rules () ((_ #(a b ...)) '(a (b ...))) ((_ #()) 'empty) ((_ x) 'other)))
(vec #(1 2 3))                             ; expect: (1 (2 3))
(vec #())                                  ; expect: empty
(vec (1 2))                                ; expect: other
(define-syntax vec-tail (syntax-rules () ((_ #(a ... z)) '((a ...) z))))
(vec-tail #(1 2 3))                        ; expect: ((1 2) 3)
(define-syntax to-vec (syntax-rules () ((_ a ...) #(a ... end))))
(to-vec 1 2 3)                             ; expect: #(1 2 3 end)
(define-syntax under (syntax-rules () ((_ _ x _) 'x)))
(under 1 2 3)                              ; expect: 2
(define-syntax lit (syntax-rules (=> in) ((_ a => b) '(arrow a b)) ((_ a in b) '(in a b)) ((_ a b c) '(other a b c))))
(lit 1 => 2)                               ; expect: (arrow 1 2)
(lit 1 in 2)                               ; expect: (in 1 2)
(lit 1 to 2)                               ; expect: (other 1 to 2)
(let ((=> 0)) (lit 1 => 2))                ; expect: (other 1 => 2)
(define-syntax constants (syntax-rules () ((_ 1) 'one) ((_ "s") 'string) ((_ #\c) 'char) ((_ #t) 'true) ((_ 1.5) 'real) ((_ ()) 'nil) ((_ x) 'else)))
(list (constants 1) (constants "s") (constants #\c) (constants #t) (constants 1.5) (constants ()) (constants 2) (constants "t")) ; expect: (one string char true real nil else else)
(define-syntax my-ellipsis (syntax-rules ::: () ((_ a :::) '(a ::: ...))))
(my-ellipsis 1 2 3)                        ; expect: (1 2 3 ...)
(define-syntax escaped (syntax-rules () ((_ a ...) '(a ... (... ...)))))
(escaped 1 2)                              ; expect: (1 2 ...)
(define-syntax escaped-more (syntax-rules () ((_ a) '(... (a ...)))))
(escaped-more 1)                           ; expect: (1 ...)
(define-syntax literal-ellipsis (syntax-rules (...) ((_ a ...) '(literal a)) ((_ a b) '(two a b))))
(literal-ellipsis 1 ...)                   ; expect: (literal 1)
(literal-ellipsis 1 2)                     ; expect: (two 1 2)
(define-syntax literal-underscore (syntax-rules (_) ((m _) 'underscore) ((m x) 'other)))
(literal-underscore _)                     ; expect: underscore
(literal-underscore 5)                     ; expect: other
(define-syntax multi (syntax-rules () ((_ (a ...) (b ...)) '((a b) ...))))
(multi (1 2 3) (x y z))                    ; expect: ((1 x) (2 y) (3 z))
(multi (1 2 3) (x y))                      ; error: multi
(define-syntax const-template (syntax-rules () ((_) '(1 "two" #\3 #t #u8(1) 4.5))))
(const-template)                           ; expect: (1 "two" #\3 #t #u8(1) 4.5)
(define-syntax my-list-of (syntax-rules () ((_ (x e) ...) (list (cons 'x e) ...))))
(my-list-of (a 1) (b (+ 1 1)))             ; expect: ((a . 1) (b . 2))
(define-syntax improper (syntax-rules () ((_ (a . b)) '(b . a))))
(improper (1 . 2))                         ; expect: (2 . 1)
(improper (1 2))                           ; expect: ((2) . 1)
(define-syntax while (syntax-rules () ((_ c b ...) (let lp () (when c b ... (lp))))))
(let ((i 0) (lp 5)) (while (< i 3) (set! i (+ i 1))) (list i lp)) ; expect: (3 5)
(define-syntax for (syntax-rules (in) ((_ x in l b ...) (map (lambda (x) b ...) l))))
(for x in '(1 2 3) (* x x))                ; expect: (1 4 9)
(for in in '(1 2) in)                      ; expect: (1 2)
(define-syntax my-if (syntax-rules () ((_ c t e) (cond (c t) (else e)))))
(let ((else #f)) (my-if #f 1 2))           ; expect: 2
(let ((if list)) (my-if #t 1 2))           ; expect: 1
(define-syntax ten (syntax-rules () ((_) 10)))
(define-syntax define-ten (syntax-rules () ((_ n) (define n (ten)))))
(define-ten x10)
x10                                        ; expect: 10
(define-syntax no-match (syntax-rules () ((_ a) 1)))
(no-match)                                 ; error: no-match
(no-match 1 2)                             ; error: no-match
no-match                                   ; error: no-match
(define-syntax bad (syntax-rules () ((_ a a) 1))) ; error: a
(define-syntax bad2 (syntax-rules () ((_ a ... b ...) 1))) ; error: one ellipsis
(define-syntax bad4 5)                     ; error: a macro is made by (syntax-rules
(define-syntax)                            ; error: define-syntax
