; A signal every millisecond, during everything that can wait: no byte is lost, no call fails, no descriptor stays open.
(define ticks 0)
(sigaction SIGALRM (lambda (signal) (set! ticks (+ ticks 1))))
(define (descriptors) (let ((d (opendir "/proc/self/fd"))) (let loop ((n 0)) (if (eof-object? (readdir d)) (begin (closedir d) n) (loop (+ n 1))))))
(define (fill! bytes) (let loop ((i 0)) (if (< i (bytevector-length bytes)) (begin (bytevector-u8-set! bytes i (modulo (* i 31) 251)) (loop (+ i 1))))))
(define before (begin (gc) (descriptors)))
(setitimer ITIMER_REAL 0 1000 0 1000)

; A child that is slow: each of its answers has to be waited for. It inherits no timer.
(define (with-child talk listen)
  (let* ((pair (socketpair AF_UNIX SOCK_STREAM 0)) (child (primitive-fork)))
    (if (= child 0)
        (begin (close-port (car pair)) (talk (cdr pair)) (primitive-_exit 0)))
    (close-port (cdr pair))
    (let ((result (listen (car pair))))
      (close-port (car pair))
      (list result (status:exit-val (cdr (waitpid child)))))))

(with-child (lambda (p) (usleep 20000) (send p #u8(1 2 3))) (lambda (p) (recv! p (make-bytevector 9)))) ; expect: (3 0)
(with-child (lambda (p) (usleep 20000) (send p #u8(1 2))) (lambda (p) (car (recvfrom! p (make-bytevector 9))))) ; expect: (2 0)
(with-child (lambda (p) (display "one" p) (usleep 20000) (display "two\nthree" p)) (lambda (p) (list (read-line p) (read-char p)))) ; expect: (("onetwo" #\t) 0)
(with-child (lambda (p) (setvbuf p 'block) (write '(a "b" 3) p) (force-output p) (usleep 20000) (display "(" p) (force-output p)) (lambda (p) (list (read p) (read-char p) (eof-object? (read-char p))))) ; expect: (((a "b" 3) #\( #t) 0)
(with-child (lambda (p) (usleep 20000) (put-bytevector p (make-bytevector 100000 7))) (lambda (p) (bytevector-length (get-bytevector-n p 100000)))) ; expect: (100000 0)

; Much more than the system's buffers hold, against a reader that takes its time.
(define (slow-sum p)
  (let ((room (make-bytevector 60000)))
    (let loop ((sum 0) (count 0))
      (let ((n (recv! p room)))
        (if (= n 0)
            (write-line (list count sum) p)
            (begin
              (usleep 2000)
              (loop (let add ((i 0) (sum sum)) (if (< i n) (add (+ i 1) (+ sum (bytevector-u8-ref room i))) sum)) (+ count n))))))))
(define big (make-bytevector 600000))
(fill! big)
(define sum (let add ((i 0) (sum 0)) (if (< i 600000) (add (+ i 1) (+ sum (bytevector-u8-ref big i))) sum)))
(define (sent-with how) (let ((got (with-child slow-sum (lambda (p) (how p) (shutdown p 1) (read p))))) (and (equal? (cadr got) 0) (= (caar got) 600000) (= (cadar got) sum))))
(sent-with (lambda (p) (send p big)))      ; expect: #t
(sent-with (lambda (p) (put-bytevector p big))) ; expect: #t
(sent-with (lambda (p) (setvbuf p 'block 1000) (put-bytevector p big) (force-output p))) ; expect: #t
(sent-with (lambda (p) (set-port-encoding! p "ISO-8859-1") (display (list->string (map integer->char (bytevector->u8-list big))) p))) ; expect: #t

; Connections.
(define server (socket AF_INET SOCK_STREAM 0))
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 5)
(define child (primitive-fork))
(if (= child 0) (begin (let loop ((i 0)) (if (< i 20) (let ((c (socket AF_INET SOCK_STREAM 0))) (usleep 3000) (connect c (getsockname server)) (display i c) (close-port c) (loop (+ i 1))))) (primitive-_exit 0)))
(let loop ((i 0) (all '())) (if (< i 20) (let* ((c (car (accept server))) (text (read-string 9 c))) (close-port c) (loop (+ i 1) (cons text all))) (length all))) ; expect: 20
(status:exit-val (cdr (waitpid child)))    ; expect: 0
(let loop ((i 0)) (if (< i 200) (let ((c (socket AF_INET SOCK_STREAM 0))) (connect c (getsockname server)) (close-port (car (accept server))) (close-port c) (loop (+ i 1))) 'connected)) ; expect: connected

; Look-ups, processes, files.
(let loop ((i 0)) (if (< i 30) (begin (getaddrinfo "127.0.0.1" "80" AI_NUMERICHOST) (getservbyname "http" "tcp") (loop (+ i 1))) 'found)) ; expect: found
(status:exit-val (system "sleep 0.02; exit 3")) ; expect: 3
(status:exit-val (system* "sh" "-c" "sleep 0.02; exit 4")) ; expect: 4
(let* ((p (open-input-pipe "sleep 0.02; echo from the pipe; sleep 0.02")) (line (read-line p))) (list line (status:exit-val (close-pipe p)))) ; expect: ("from the pipe" 0)
(let ((child (primitive-fork))) (if (= child 0) (begin (usleep 20000) (primitive-_exit 6)) (status:exit-val (cdr (waitpid child))))) ; expect: 6
(let ((p (tmpfile))) (let loop ((i 0)) (if (< i 20000) (begin (write i p) (newline p) (loop (+ i 1))))) (seek p 0 SEEK_SET) (let loop ((sum 0)) (let ((n (read p))) (if (eof-object? n) (begin (close-port p) sum) (loop (+ sum n)))))) ; expect: 199990000

; These end early, and say so.
(equal? (select '() '() '() 5) '(() () ())) ; expect: #t
(> (usleep 5000000) 0)                     ; expect: #t
(<= 4 (sleep 5))                           ; expect: #t
(begin (pause) 'woken)                     ; expect: woken
(> ticks 50)                               ; expect: #t
(setitimer ITIMER_REAL 0 0 0 0)
(close-port server)
(gc)
(- (descriptors) before)                   ; expect: 0
