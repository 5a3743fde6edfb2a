; Section 6.13: file ports, and what happens to files.
(define name (string-append "/tmp/sockeye-test-" (number->string (current-jiffy)) ".txt"))
(file-exists? name)                        ; expect: #f
(call-with-output-file name (lambda (p) (write '(1 "two" λ) p) (newline p) (display "second line" p) 'result)) ; expect: result
(file-exists? name)                        ; expect: #t
(call-with-input-file name (lambda (p) (let* ((a (read p)) (b (read-char p)) (c (read-line p)) (d (read-char p))) (list a b c (eof-object? d))))) ; expect: ((1 "two" λ) #\newline "second line" #t)
(with-input-from-file name read)           ; expect: (1 "two" λ)
(with-output-to-file name (lambda () (display "replaced") 5)) ; expect: 5
(call-with-input-file name read-line)      ; expect: "replaced"
(define out (open-output-file name))
(write 'abc out)
(output-port-open? out)                    ; expect: #t
(close-output-port out)
(output-port-open? out)                    ; expect: #f
(define in (open-input-file name))
(read in)                                  ; expect: abc
(eof-object? (read in))                    ; expect: #t
(close-input-port in)
(read in)                                  ; error: read
(define bout (open-binary-output-file name))
(write-u8 0 bout)
(write-bytevector #u8(255 128 10 13) bout)
(close-port bout)
(define bin (open-binary-input-file name))
(binary-port? bin)                         ; expect: #t
(read-bytevector 10 bin)                   ; expect: #u8(0 255 128 10 13)
(eof-object? (read-u8 bin))                ; expect: #t
(close-port bin)
(call-with-output-file name (lambda (p) (let loop ((i 0)) (if (< i 5000) (begin (write i p) (newline p) (loop (+ i 1)))))))
(call-with-input-file name (lambda (p) (let loop ((n 0) (sum 0)) (let ((x (read p))) (if (eof-object? x) (list n sum) (loop (+ n 1) (+ sum x))))))) ; expect: (5000 12497500)
(call-with-input-file name (lambda (p) (let loop ((n 0)) (if (eof-object? (read-line p)) n (loop (+ n 1)))))) ; expect: 5000
(let ((port #f)) (call-with-output-file name (lambda (p) (set! port p))) (output-port-open? port)) ; expect: #f
(let ((port #f)) (guard (e (#t #f)) (call-with-output-file name (lambda (p) (set! port p) (raise 'x)))) (let ((open? (output-port-open? port))) (close-port port) (boolean? open?))) ; expect: #t
(with-output-to-file name (lambda () (write '(define loaded-here 99))))
(load name)
loaded-here                                ; expect: 99
(delete-file name)
(file-exists? name)                        ; expect: #f
(delete-file name)                         ; error: delete-file
(open-input-file name)                     ; error: open-input-file
(open-input-file 5)                        ; error: open-input-file
(file-exists? 5)                           ; error: file-exists?
