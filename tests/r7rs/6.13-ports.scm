; Section 6.13: ports: kinds, opening, closing, reading and writing of text and bytes.
(import (scheme base) (scheme write))
(define (from text) (open-input-string text))
(define-syntax written (syntax-rules () ((_ p e ...) (let ((p (open-output-string))) e ... (get-output-string p)))))
(define-syntax bytes (syntax-rules () ((_ p e ...) (let ((p (open-output-bytevector))) e ... (get-output-bytevector p)))))
(map port? (list (current-input-port) (current-output-port) (current-error-port) (from "") 5 "port" 'p)) ; expect: (#t #t #t #t #f #f #f)
(map input-port? (list (from "") (open-output-string) (open-input-bytevector #u8()) (open-output-bytevector) 5)) ; expect: (#t #f #t #f #f)
(map output-port? (list (from "") (open-output-string) (open-input-bytevector #u8()) (open-output-bytevector) 5)) ; expect: (#f #t #f #t #f)
(map textual-port? (list (from "") (open-output-string) 5)) ; expect: (#t #t #f)
(map binary-port? (list (open-input-bytevector #u8()) (open-output-bytevector) 5)) ; expect: (#t #t #f)
(let ((p (from "x"))) (let ((before (input-port-open? p))) (close-port p) (list before (input-port-open? p)))) ; expect: (#t #f)
(let ((p (from "x"))) (close-input-port p) (input-port-open? p)) ; expect: #f
(let ((p (open-output-string))) (let ((before (output-port-open? p))) (close-output-port p) (list before (output-port-open? p)))) ; expect: (#t #f)
(let ((p (from "x"))) (close-port p) (close-port p) 'twice-is-fine) ; expect: twice-is-fine
(let ((p (from "x"))) (close-port p) (read-char p)) ; error: read-char
(let ((p (open-output-string))) (close-port p) (write-char #\a p)) ; error: write-char
(eof-object? (eof-object))                 ; expect: #t
(map eof-object? (list 1 'eof "" '()))     ; expect: (#f #f #f #f)
(let* ((p (from "abc")) (a (peek-char p)) (b (read-char p)) (c (read-char p)) (d (peek-char p)) (e (read-char p)) (f (peek-char p)) (g (read-char p)) (h (read-char p))) (list a b c d e (eof-object? f) (eof-object? g) (eof-object? h))) ; expect: (#\a #\a #\b #\c #\c #t #t #t)
(let* ((p (from "λ😀z")) (a (read-char p)) (b (peek-char p)) (c (read-char p)) (d (read-char p))) (list a b c d)) ; expect: (#\λ #\😀 #\😀 #\z)
(let* ((p (from "one\ntwo\n\nlast")) (a (read-line p)) (b (read-line p)) (c (read-line p)) (d (read-line p)) (e (read-line p))) (list a b c d (eof-object? e))) ; expect: ("one" "two" "" "last" #t)
(read-line (from "\n"))                    ; expect: ""
(eof-object? (read-line (from "")))        ; expect: #t
(read-line (from "no end"))                ; expect: "no end"
(let ((p (from "a\r\nb"))) (string-length (read-line p))) ; expect: 2
(read-string 3 (from "abcdef"))            ; expect: "abc"
(read-string 10 (from "abc"))              ; expect: "abc"
(eof-object? (read-string 1 (from "")))    ; expect: #t
(read-string 0 (from "abc"))               ; expect: ""
(let* ((p (from "λλλabc")) (a (read-string 2 p)) (b (read-string 2 p)) (c (read-string 5 p)) (d (read-string 1 p))) (list a b c (eof-object? d))) ; expect: ("λλ" "λa" "bc" #t)
(char-ready? (from "a"))                   ; expect: #t
(char-ready? (from ""))                    ; expect: #t
(u8-ready? (open-input-bytevector #u8(1))) ; expect: #t
(let* ((p (open-input-bytevector #u8(1 2 3))) (a (peek-u8 p)) (b (read-u8 p)) (c (read-u8 p)) (d (read-u8 p)) (e (peek-u8 p)) (f (read-u8 p))) (list a b c d (eof-object? e) (eof-object? f))) ; expect: (1 1 2 3 #t #t)
(let* ((p (open-input-bytevector #u8(1 2 3 4 5))) (a (read-bytevector 2 p)) (b (read-bytevector 0 p)) (c (read-bytevector 10 p)) (d (read-bytevector 1 p))) (list a b c (eof-object? d))) ; expect: (#u8(1 2) #u8() #u8(3 4 5) #t)
(let ((b (make-bytevector 5 0)) (p (open-input-bytevector #u8(1 2 3)))) (let ((n (read-bytevector! b p))) (list n b))) ; expect: (3 #u8(1 2 3 0 0))
(let ((b (make-bytevector 5 0)) (p (open-input-bytevector #u8(1 2 3 4 5 6)))) (let ((n (read-bytevector! b p 1 3))) (list n b (read-u8 p)))) ; expect: (2 #u8(0 1 2 0 0) 3)
(let ((b (make-bytevector 5 0)) (p (open-input-bytevector #u8(1 2 3)))) (let ((n (read-bytevector! b p 3))) (list n b))) ; expect: (2 #u8(0 0 0 1 2))
(eof-object? (read-bytevector! (make-bytevector 2) (open-input-bytevector #u8()))) ; expect: #t
(written p (write-char #\a p) (write-char #\λ p)) ; expect: "aλ"
(written p (write-string "hello" p))       ; expect: "hello"
(written p (write-string "hello" p 1))     ; expect: "ello"
(written p (write-string "hello" p 1 3))   ; expect: "el"
(written p (newline p) (newline p))        ; expect: "\n\n"
(written p (display "a\"b" p) (write "a\"b" p)) ; expect: "a\"b\"a\\\"b\""
(written p (display #\a p) (write #\a p))  ; expect: "a#\\a"
(written p (display '(1 "two" #\3 four 5.5) p)) ; expect: "(1 two 3 four 5.5)"
(written p (write '(1 "two" #\3 four 5.5) p)) ; expect: "(1 \"two\" #\\3 four 5.5)"
(written p (display #("a" #\b) p) (write #("a" #\b) p)) ; expect: "#(a b)#(\"a\" #\\b)"
(written p (display '|a b| p) (write '|a b| p)) ; expect: "a b|a b|"
(written p (display '() p) (display #t p) (display #f p)) ; expect: "()#t#f"
(written p (write-simple '(1 (2 "x")) p))  ; expect: "(1 (2 \"x\"))"
(written p (write-shared '(1 (2 "x")) p))  ; expect: "(1 (2 \"x\"))"
(bytes p (write-u8 1 p) (write-u8 255 p))  ; expect: #u8(1 255)
(bytes p (write-bytevector #u8(1 2 3) p))  ; expect: #u8(1 2 3)
(bytes p (write-bytevector #u8(1 2 3 4) p 1)) ; expect: #u8(2 3 4)
(bytes p (write-bytevector #u8(1 2 3 4) p 1 3)) ; expect: #u8(2 3)
(let ((p (open-output-string))) (write 1 p) (let ((a (get-output-string p))) (write 2 p) (list a (get-output-string p)))) ; expect: ("1" "12")
(get-output-string (open-output-string))   ; expect: ""
(get-output-bytevector (open-output-bytevector)) ; expect: #u8()
(let ((p (open-output-string))) (flush-output-port p) 'flushed) ; expect: flushed
(begin (flush-output-port) 'flushed)       ; expect: flushed
(call-with-port (from "abc") read-char)    ; expect: #\a
(let ((p (from "abc"))) (call-with-port p read-char) (input-port-open? p)) ; expect: #f
(let ((p (from "abc"))) (call-with-values (lambda () (call-with-port p (lambda (p) (values (read-char p) (read-char p))))) (lambda (a b) (input-port-open? p)))) ; expect: #f
(let ((p (from "a")) (n 0) (k #f)) (call-with-port p (lambda (p) (call/cc (lambda (c) (set! k c))) (set! n (+ n 1)))) (if (< n 3) (k #f) n)) ; expect: 3
(let ((p (open-output-string))) (parameterize ((current-output-port p)) (write 'inside) (newline) (write-string "x") (write-char #\y) (display "z")) (get-output-string p)) ; expect: "inside\nxyz"
(let ((p (from "from-string rest"))) (parameterize ((current-input-port p)) (list (read) (read-char) (read-line)))) ; expect: (from-string #\space "rest")
(let ((p (open-output-string))) (parameterize ((current-error-port p)) (write 'err (current-error-port))) (get-output-string p)) ; expect: "err"
(read (from "(1 . 2) rest"))               ; expect: (1 . 2)
(let* ((p (from "a b")) (x (read p)) (c (read-char p)) (y (read p))) (list x c y)) ; expect: (a #\space b)
(let* ((p (from "(a)b")) (x (read p)) (c (read-char p))) (list x c)) ; expect: ((a) #\b)
(let* ((p (from "12 34")) (x (read p)) (y (read p)) (z (read p))) (list x y (eof-object? z))) ; expect: (12 34 #t)
(write-char "a")                           ; error: write-char
(write-string 'a)                          ; error: write-string
(write-string "abc" (current-output-port) 4) ; error: write-string
(write-string "abc" (current-output-port) 2 1) ; error: write-string
(write-u8 256 (open-output-bytevector))    ; error: write-u8
(write-u8 -1 (open-output-bytevector))     ; error: write-u8
(write-u8 'a (open-output-bytevector))     ; error: write-u8
(write-bytevector "abc" (open-output-bytevector)) ; error: write-bytevector
(read-char 5)                              ; error: read-char
(read-char (open-output-string))           ; error: read-char
(read-line 'a)                             ; error: read-line
(read-string -1 (from "a"))                ; error: read-string
(read-string 'a (from "a"))                ; error: read-string
(read-u8 5)                                ; error: read-u8
(read-bytevector -1 (open-input-bytevector #u8())) ; error: read-bytevector
(write 1 5)                                ; error: write
(display 1 'x)                             ; error: display
(newline 5)                                ; error: newline
(open-input-string 5)                      ; error: open-input-string
(open-input-bytevector "a")                ; error: open-input-bytevector
(get-output-string 5)                      ; error: get-output-string
(get-output-string (from "a"))             ; error: get-output-string
(get-output-bytevector 5)                  ; error: get-output-bytevector
(close-port 5)                             ; error: close-port
(input-port-open? 5)                       ; error: input-port-open?
(output-port-open? 'a)                     ; error: output-port-open?
(call-with-port 5 car)                     ; error: call-with-port
