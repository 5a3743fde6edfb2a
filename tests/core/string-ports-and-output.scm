; Text captured in strings: with-output-to-string and friends.
(import (scheme base) (scheme write))
(with-output-to-string (lambda () (display "a") (write "b"))) ; expect: "a\"b\""
(call-with-output-string (lambda (p) (write 'x p) (newline p))) ; expect: "x\n"
(with-input-from-string "1 (2 3)" (lambda () (let* ((a (read)) (b (read))) (list a b)))) ; expect: (1 (2 3))
(call-with-input-string "abc" read-char)   ; expect: #\a
(with-output-to-string (lambda () (display (with-output-to-string (lambda () (display "inner")))) (display "outer"))) ; expect: "innerouter"
(guard (e (#t e)) (with-output-to-string (lambda () (raise 'out)))) ; expect: out
(display "one")                            ; prints: one
(newline)
(write "two")                              ; prints: "two"
(newline)
(begin (display 1) (display " ") (display 'sym) (display " ") (display #\c) (display " ") (display "s") (display " ") (display '(1 "x" #\y))) ; prints: 1 sym c s (1 x y)
(newline)
(begin (write '(1 "x" #\y |a b|)) (newline)) ; prints: (1 "x" #\y |a b|)
(begin (display 1.5) (newline))            ; prints: 1.5
(begin (display 1/3) (newline))            ; prints: 1/3
(write-string "plain" (current-output-port)) ; prints: plain
