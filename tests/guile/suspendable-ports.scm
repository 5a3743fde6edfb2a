; guile: same
; With suspendable ports, what would wait for a descriptor that does not block calls the script's own waiter, and goes on when
; that returns; it may as well leave, and come back later.
(use-modules (ice-9 binary-ports) (ice-9 rdelim) (ice-9 suspendable-ports) (ice-9 textual-ports) (rnrs bytevectors))

(define (non-blocking port) (fcntl port F_SETFL (logior O_NONBLOCK (fcntl port F_GETFL))) port)
(define (pair)
  (let ((ends (socketpair AF_UNIX SOCK_STREAM 0)))
    (non-blocking (cdr ends))
    ends))
(define waits 0)

;; The value of an expression, of a failure the key, and how often it waited: each time by calling the step.
(define-syntax reading
  (syntax-rules ()
    ((_ (ends step) expression)
     (begin (set! waits 0)
            (write 'expression)
            (display "\n  ")
            (write (list (catch #t
                           (lambda ()
                             (let ((ends (pair)))
                               (parameterize ((current-read-waiter
                                               (lambda (port)
                                                 (if (not (eq? port (cdr ends))) (throw 'other-port))
                                                 (set! waits (+ waits 1))
                                                 step)))
                                 expression)))
                           (lambda (key . rest) key))
                         waits))
            (newline)))))

(install-suspendable-ports!)
(reading (ends (display "ab" (car ends))) (list (read-char (cdr ends)) (read-char (cdr ends)) (read-char (cdr ends))))
(reading (ends (display "ab" (car ends))) (list (get-u8 (cdr ends)) (get-bytevector-n (cdr ends) 4)))
(reading (ends (if (> waits 3) (close-port (car ends)) (display "ab" (car ends)))) (get-string-all (cdr ends)))
(reading (ends (display "(a b)" (car ends))) (read (cdr ends)))
(reading (ends (display "x" (car ends))) (list (char-ready? (cdr ends)) (peek-char (cdr ends)) (read-char (cdr ends))))
(reading (ends (display "ab\nc" (car ends))) (begin (setvbuf (cdr ends) 'block) (list (read-line (cdr ends)) (read-char (cdr ends)))))
(reading (ends (throw 'would-block)) (read-line (cdr ends)))
(reading (ends (display "ab" (car ends))) (recv! (cdr ends) (make-bytevector 3)))
(reading (ends (display "ab" (car ends))) (begin (display "q" (cdr ends)) (read-char (car ends))))
(reading (ends (abort-to-prompt 'waiting))
  (call-with-prompt 'waiting
    (lambda () (list (read-char (cdr ends)) (read-line (cdr ends))))
    (lambda (continue) (display "later\n" (car ends)) (continue))))
(reading (ends #t) (call/cc (lambda (leave) (parameterize ((current-read-waiter (lambda (port) (leave 'left)))) (read-line (cdr ends))))))

;; Taking and making connections.
(define listener (non-blocking (socket AF_INET SOCK_STREAM 0)))
(bind listener AF_INET INADDR_LOOPBACK 0)
(listen listener 5)
(define port (sockaddr:port (getsockname listener)))
(define client (socket AF_INET SOCK_STREAM 0))
(define taken
  (parameterize ((current-read-waiter (lambda (port) (connect client (getsockname listener)))))
    (accept listener)))
(write (list (equal? (cdr taken) (getsockname client))))
(newline)
(define second (non-blocking (socket AF_INET SOCK_STREAM 0)))
(parameterize ((current-write-waiter (lambda (port) (set! waits (list 'for (eq? port second))))))
  (connect second AF_INET INADDR_LOOPBACK port))
(write (list waits (equal? (getpeername second) (getsockname listener))))
(newline)

;; Writing more than there is room for.
(define pipes (pipe))
(non-blocking (cdr pipes))
(set! waits 0)
(parameterize ((current-write-waiter (lambda (port) (set! waits (+ waits 1)) (get-bytevector-n (car pipes) 60000))))
  (put-bytevector (cdr pipes) (make-bytevector 200000 1))
  (force-output (cdr pipes)))
(write (> waits 0))
(newline)

(uninstall-suspendable-ports!)
(write (list (pair? (accept listener)) (accept listener)))
(newline)
