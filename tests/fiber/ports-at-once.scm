; Buffered ports of sockets among fibers: the first read finds nothing, a write finds no room, the other end is gone. Each is met
; once by the quick way through the port, and must end up where the patient way does.
(use-modules (fibers) (ice-9 binary-ports) (ice-9 rdelim) (rnrs bytevectors))
(define (pair) (let ((p (socketpair AF_UNIX SOCK_STREAM 0))) (setvbuf (car p) 'block 1024) (setvbuf (cdr p) 'block 1024) p))
(define (in-fibers thunk) (run-fibers thunk))

; Nothing there yet; then some, more than once; then the end.
(define (reads flags)
  (let* ((p (socketpair AF_UNIX (logior SOCK_STREAM flags) 0)) (in (car p)) (out (cdr p)))
    (setvbuf in 'block 1024)
    (in-fibers
      (lambda ()
        (spawn-fiber (lambda () (for-each (lambda (s) (sleep 1/100) (send out (string->utf8 s))) '("ab" "cd")) (sleep 1/100) (close-port out)))
        (let loop ((got '()))
          (let ((some (get-bytevector-some in)))
            (if (eof-object? some) (reverse got) (loop (cons (utf8->string some) got)))))))))
(reads 0)                                       ; expect: ("ab" "cd")
(reads SOCK_NONBLOCK)                           ; expect: ("ab" "cd")

; What is not flushed stays, and what is goes out whole though the other end is slow.
(define (writes size)
  (let* ((p (pair)) (in (car p)) (out (cdr p)) (piece (make-bytevector 100 7)))
    (in-fibers
      (lambda ()
        (spawn-fiber (lambda () (let loop ((n 0)) (if (< n size) (begin (put-bytevector out piece) (loop (+ n 100))))) (force-output out) (close-port out)))
        (sleep 1/50)
        (let loop ((n 0))
          (let ((some (get-bytevector-some in)))
            (if (eof-object? some) n (loop (+ n (bytevector-length some))))))))))
(writes 900)                                    ; expect: 900
(writes 1000000)                                ; expect: 1000000

; The order of what is written in different ways.
(let* ((p (pair)) (in (car p)) (out (cdr p)))
  (put-bytevector out (string->utf8 "one "))
  (display "two " out)
  (put-bytevector out (string->utf8 "three "))
  (write-char #\4 out)
  (list (char-ready? in)
        (begin (force-output out) (char-ready? in))
        (begin (put-bytevector out (make-bytevector 3000 97)) (newline out) (force-output out) (read-char in))
        (string-length (read-line in))))        ; expect: (#f #t #\o 3014)

; A peer that is gone is an error of the flush, once; what waited is given up.
(let* ((p (pair)) (out (cdr p)))
  (close-port (car p))
  (put-bytevector out (bytevector 1 2 3))
  (list (catch 'system-error (lambda () (force-output out) 'written) (lambda e (= (system-error-errno e) EPIPE)))
        (catch 'system-error (lambda () (force-output out) 'nothing-left) (lambda e 'again)))) ; expect: (#t nothing-left)
(in-fibers
  (lambda ()
    (spawn-fiber (lambda () (sleep 1/1000)))
    (let* ((p (pair)) (out (cdr p)))
      (close-port (car p))
      (put-bytevector out (bytevector 1 2 3))
      (catch 'system-error (lambda () (force-output out) 'written) (lambda e (= (system-error-errno e) EPIPE)))))) ; expect: #t

; A closed port says so by each of them.
(let* ((p (pair)) (in (car p)) (said (lambda (thunk) (guard (e (#t 'refused)) (thunk)))))
  (close-port in)
  (map said (list (lambda () (get-bytevector-some in)) (lambda () (put-bytevector in (bytevector 1))) (lambda () (force-output in)) (lambda () (char-ready? in))))) ; expect: (refused refused refused refused)
