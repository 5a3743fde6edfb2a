; Lists in braces, from a directive on. [SRFI 105]
(define plain 'a{b)
(symbol->string plain)                          ; expect: "a{b"
#!curly-infix
'{a + b}                                        ; expect: (+ a b)
'{a + b + c}                                    ; expect: (+ a b c)
'{a + b * c}                                    ; expect: ($nfx$ a + b * c)
'{}                                             ; expect: ()
'{a}                                            ; expect: a
'{- a}                                          ; expect: (- a)
'{a b c d}                                      ; expect: ($nfx$ a b c d)
'{a + b . c}                                    ; expect: ($nfx$ a + b . c)
'{f(x) + g(y z)}                                ; expect: (+ (f x) (g y z))
'{f{a + b} * 2}                                 ; expect: (* (f (+ a b)) 2)
'{f() + f{} + 1}                                ; expect: (+ (f) (f) 1)
'{a[i] + 1}                                     ; expect: (+ ($bracket-apply$ a i) 1)
'{f(x)(y)}                                      ; expect: ((f x) y)
'(f(x))                                         ; expect: (f (x))
'{x := {y + 1}}                                 ; expect: (:= x (+ y 1))
'{#t or #f}                                     ; expect: (or #t #f)
'{'a cons '(b)}                                 ; expect: (cons (quote a) (quote (b)))
'{#:k eq? #\}}                                  ; expect: (eq? #:k #\})
(define (fib n) (if {n < 2} n {fib{n - 1} + fib{n - 2}}))
(fib 10)                                        ; expect: 55
{{1 + 2} * 3}                                   ; expect: 9
(read (open-input-string "#!curly-infix {1 + 2")) ; error: this list is never closed: expected `}`
(read (open-input-string "#!curly-infix {1 + 2)")) ; error: expected `}`, got `)`
