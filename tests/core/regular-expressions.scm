; POSIX regular expressions: the core of Guile's. guile: same
(define (find pattern text . flags) (let ((m (regexp-exec (apply make-regexp pattern flags) text))) (and m (cdr (vector->list m)))))
(find "b+" "abbbc")                        ; expect: ((1 . 4))
(find "x" "abc")                           ; expect: #f
(find "(a)(b)?" "ac")                      ; expect: ((0 . 1) (0 . 1) (-1 . -1))
; The longest of the leftmost matches, not the first alternative.
(find "a|ab|abc" "xabcd")                  ; expect: ((1 . 4))
(find "(a|ab)(c|bcd)(d*)" "abcd")          ; expect: ((0 . 4) (0 . 1) (1 . 4) (4 . 4))
(find "^[[:alpha:]_][[:alnum:]_]*$" "foo_1") ; expect: ((0 . 5))
(find "[]x]+" "a]x]b")                     ; expect: ((1 . 4))
(find "[^a-c]+" "abxyc")                   ; expect: ((2 . 4))
(find "a{2,3}" "aaaa")                     ; expect: ((0 . 3))
(find "a{2}" "aaaa")                       ; expect: ((0 . 2))
(find "(ab){2,}" "ababab")                 ; expect: ((0 . 6) (4 . 6))
(find "\\(ab\\)*+" "abab+" regexp/basic)   ; expect: ((0 . 5) (2 . 4))
(find "a|b" "a|b" regexp/basic)            ; expect: ((0 . 3))
(find "*a" "b*a" regexp/basic)             ; expect: ((1 . 3))
(find "a\\.b" "axb a.b")                   ; expect: ((4 . 7))
(find "HELLO" "say hello" regexp/icase)    ; expect: ((4 . 9))
(find "^b" "a\nb")                         ; expect: #f
(find "^b" "a\nb" regexp/newline)          ; expect: ((2 . 3))
(find "a.b" "a\nb")                        ; expect: ((0 . 3))
(find "a.b" "a\nb" regexp/newline)         ; expect: #f
(find "a*?" "aaa")                         ; expect: ((0 . 3))
(find "()" "x")                            ; expect: ((0 . 0) (0 . 0))
(find "a)" "xa)")                          ; expect: ((1 . 3))
(regexp-exec (make-regexp "b") "abcb" 2)   ; expect: #("abcb" (3 . 4))
(regexp-exec (make-regexp "^c") "abcb" 2)  ; expect: #("abcb" (2 . 3))
(regexp-exec (make-regexp "^a") "abc" 0 regexp/notbol) ; expect: #f
(regexp-exec (make-regexp "c$") "abc" 0 regexp/noteol) ; expect: #f
(regexp-exec (make-regexp "b") "abc" 0 (logior regexp/notbol regexp/noteol)) ; expect: #("abc" (1 . 2))
(regexp? (make-regexp "a"))                ; expect: #t
(make-regexp "a(")                         ; error: Unmatched (
(make-regexp "[a")                         ; error: Unmatched [
(make-regexp "*a")                         ; error: Invalid preceding regular expression
(catch 'regular-expression-syntax (lambda () (make-regexp "a(")) (lambda (key who message args data) (list who data))) ; expect: ("make-regexp" ("a("))
(regexp-exec "a" "b")                      ; error: regexp-exec
