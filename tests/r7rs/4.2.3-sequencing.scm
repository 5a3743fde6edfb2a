; Section 4.2.3: begin, as an expression and around definitions.
(define x 0)
(and (= x 0) (begin (set! x 5) (+ x 1)))   ; expect: 6
x                                          ; expect: 5
(begin (display "4 plus 1 equals ") (display (+ 4 1))) ; prints: 4 plus 1 equals 5
(begin 1)                                  ; expect: 1
(begin 1 2 3)                              ; expect: 3
(begin (begin (begin 'deep)))              ; expect: deep
(begin (define a 1) (define b 2))
(+ a b)                                    ; expect: 3
(begin (define c 3) (+ a c))               ; expect: 4
(let () (begin (define d 4) (define e 5)) (+ d e)) ; expect: 9
(let () (begin) 1)                         ; expect: 1
(begin (define (f) (g)) (begin (define (g) 'inner)))
(f)                                        ; expect: inner
(begin (define-syntax my-or2 (syntax-rules () ((_ a b) (let ((t a)) (if t t b))))) (my-or2 #f 6)) ; expect: 6
