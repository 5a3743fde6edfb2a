; What a socket's port reads and writes as `socket` makes it, without a buffer: not a byte too many, one call one datagram.
(use-modules (ice-9 rdelim) (ice-9 binary-ports) (ice-9 textual-ports))
(define (pair style) (socketpair AF_UNIX style 0))
(define (rest s) (let* ((b (make-bytevector 100)) (n (recv! s b))) (utf8->string b 0 n)))
(define-syntax after
  (syntax-rules ()
    ((_ text port e) (let* ((p (pair SOCK_STREAM)) (port (car p))) (display text (cdr p)) (let ((x e)) (list x (rest port)))))))
(after "line\nrest" p (read-line p))               ; expect: ("line" "rest")
(after "line\r\nrest" p (read-line p))             ; expect: ("line\r" "rest")
(after "λine\nrest" p (read-line p 'concat))       ; expect: ("λine\n" "rest")
(after "line\nrest" p (read-line p 'peek))         ; expect: ("line" "\nrest")
(after "a,b;c" p (read-delimited ",;" p))          ; expect: ("a" "b;c")
(after "λx" p (read-char p))                       ; expect: (#\λ "x")
(after "abcdef" p (read-string 3 p))               ; expect: ("abc" "def")
(after "abcdef" p (get-string-n p 2))              ; expect: ("ab" "cdef")
(after "(a b) c" p (read p))                       ; expect: ((a b) " c")
(after "abcdef" p (get-bytevector-n p 2))          ; expect: (#u8(97 98) "cdef")
(after "abcdef" p (get-u8 p))                      ; expect: (97 "bcdef")
(after "abcdef" p (begin (read-char p) (read-char p))) ; expect: (#\b "cdef")
(after "a\nb\nc\nd" p (let* ((x (read-line p)) (y (read-line p))) (list x y))) ; expect: (("a" "b") "c\nd")
; A peeked character lives in the port, where recv! does not see it and select does.
(define p (pair SOCK_STREAM))
(display "ab" (cdr p))
(peek-char (car p))                                ; expect: #\a
(rest (car p))                                     ; expect: "b"
(length (car (select (list (car p)) '() '() 0)))   ; expect: 1
(char-ready? (car p))                              ; expect: #t
(read-char (car p))                                ; expect: #\a
(char-ready? (car p))                              ; expect: #f
; A line longer than one look ahead.
(define long (make-string 20000 #\x))
(define p (pair SOCK_STREAM))
(begin (display long (cdr p)) (display "\nrest" (cdr p)) (string-length (read-line (car p)))) ; expect: 20000
(rest (car p))                                     ; expect: "rest"
(close-port (cdr p))
(list (read-line (car p)) (read-char (car p)))     ; expect: (#<eof> #<eof>)
; Each call is one datagram.
(define d (pair SOCK_DGRAM))
(define-syntax datagrams
  (syntax-rules ()
    ((_ e ...)
     (begin
       (begin e ...)
       (let loop ((l '()))
         (if (null? (car (select (list (car d)) '() '() 0))) (reverse l) (loop (cons (rest (car d)) l))))))))
(datagrams (display "one" (cdr d)) (display "two" (cdr d))) ; expect: ("one" "two")
(datagrams (write '(a "b" #\c 1.5) (cdr d)))       ; expect: ("(a \"b\" #\\c 1.5)")
(datagrams (write-line "x" (cdr d)) (newline (cdr d))) ; expect: ("x\n" "\n")
(datagrams (simple-format (cdr d) "~A-~S~%" 1 "x")) ; expect: ("1-\"x\"\n")
(datagrams (put-string (cdr d) "abcdef" 1 3) (put-bytevector (cdr d) #u8(97 98)) (write-char #\z (cdr d))) ; expect: ("bcd" "ab" "z")
(map string-length (datagrams (display (make-string 90 #\y) (cdr d)))) ; expect: (90)
(datagrams (setvbuf (cdr d) 'block 100) (display "a" (cdr d)) (display "b" (cdr d)) (force-output (cdr d))) ; expect: ("ab")
(datagrams (setvbuf (cdr d) 'line) (display "a" (cdr d)) (display "b\nc" (cdr d))) ; expect: ("ab\nc")
