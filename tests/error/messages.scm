; What the machine's own errors say: who complains, about which argument, what was expected, what came.
(car 5)                                    ; error: car: argument 1 (pair) should be a pair, got 5
(vector-ref (vector 1 2) 2)                ; error: vector-ref
(no-such-variable)                         ; error: no-such-variable
(let ((x 1)) (+ x no-such-thing))          ; error: no-such-thing
("not a procedure" 1)                      ; error: "not a procedure"
((lambda (a b) a) 1)                       ; error: argument
(define (two a b) a)
(two 1)                                    ; error: two
(two 1 2 3)                                ; error: two
(error "my message" 1 "two" 'three)        ; error: my message
(error 'my-proc "went wrong:" 5)           ; error: went wrong
(raise 'a-symbol)                          ; error: a-symbol
(raise 42)                                 ; error: 42
(raise (list 1 2))                         ; error: (1 2)
(with-exception-handler (lambda (e) 'back) (lambda () (raise 'x))) ; error: x
(string->symbol 5)                         ; error: string->symbol
(map car 5)                                ; error: map: argument 2 should be a list, got 5
(map 5 '(1))                               ; error: map: argument 1 should be a procedure, got 5
(vector-map car 5)                         ; error: vector-map: argument 2 should be a vector, got 5
(sort 5 <)                                 ; error: sort: argument 1 should be a list or vector, got 5
(sort '(1 2) 5)                            ; error: sort: argument 2 should be a procedure, got 5
(/ 5 0)                                    ; error: /
(exact (/ 0. 0.))                          ; error: exact
(integer->char 55296)                      ; error: integer->char
(list-tail '(1 2) 3)                       ; error: list-tail
(let ((x 1)) (set! undefined-x x))         ; error: undefined-x
(letrec ((a b) (b 1)) a)                   ; error: b
(string-append "a" 5)                      ; error: string-append
'alive                                     ; expect: alive
; A person is not told millions of characters.
(define condition-text (@ (guile) %condition-text))
(define long-message (make-string 1000000 #\é))
(< 5000 (string-length (condition-text (guard (e (#t e)) (scm-error 'misc-error "who" long-message '() #f)))) 10100) ; expect: #t
(< 5000 (string-length (condition-text (guard (e (#t e)) (throw 'misc-error long-message "text" '() #f)))) 10100) ; expect: #t
