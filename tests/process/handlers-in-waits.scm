; A handler runs at once whatever the program waits for, and the wait goes on or, if the handler raises, ends.
(define hits 0)
(define (count signal) (set! hits (+ hits 1)))
(sigaction SIGUSR1 count) ; expect: (0 . 0)
; Makes a child that sends SIGUSR1, waits a little, and then does THUNK.
(define (helper thunk)
  (let ((parent (getpid)) (pid (primitive-fork)))
    (if (= pid 0)
        (begin (usleep 30000) (kill parent SIGUSR1) (usleep 30000) (thunk) (primitive-_exit 0))
        pid)))
(define (with-helper thunk wait)
  (set! hits 0)
  (let* ((pid (helper thunk)) (value (wait)))
    (waitpid pid)
    (list value hits)))
(define p (pipe))
(setvbuf (cdr p) 'none)
(define (say text) (lambda () (display text (cdr p)) (force-output (cdr p))))
(with-helper (say "line\n") (lambda () (read-line (car p)))) ; expect: ("line" 1)
(with-helper (say "c") (lambda () (read-char (car p)))) ; expect: (#\c 1)
(with-helper (say "(a b)") (lambda () (read (car p)))) ; expect: ((a b) 1)
(with-helper (say "") (lambda () (status:exit-val (system "sleep 0.1; exit 3")))) ; expect: (3 1)
(define s (socket AF_INET SOCK_STREAM 0))
(bind s AF_INET INADDR_LOOPBACK 0)
(listen s 5)
(define (call) (let ((c (socket AF_INET SOCK_STREAM 0))) (connect c (getsockname s)) (send c "hello")))
(define conn #f)
(with-helper call (lambda () (set! conn (car (accept s))) (port? conn))) ; expect: (#t 1)
(let ((buffer (make-bytevector 5))) (list (recv! conn buffer) (utf8->string buffer))) ; expect: (5 "hello")
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(define buffer (make-bytevector 3))
(with-helper (lambda () (send (cdr pair) "abc")) (lambda () (recv! (car pair) buffer))) ; expect: (3 1)
(with-helper (lambda () #t) (lambda () (status:exit-val (cdr (waitpid (let ((pid (primitive-fork))) (if (= pid 0) (begin (usleep 100000) (primitive-_exit 4)) pid))))))) ; expect: (4 1)
; A handler that raises.
(sigaction SIGUSR1 (lambda (signal) (throw 'enough signal)))
(define child (helper (lambda () #t)))
(catch 'enough (lambda () (read-char (car p))) list) ; expect: (enough 10)
(= child (car (waitpid child))) ; expect: #t
; Nothing was lost or taken twice.
((say "rest"))
(list (read-char (car p)) (read-char (car p))) ; expect: (#\r #\e)
; The handlers of the parent are the child's.
(sigaction SIGUSR2 (lambda (signal) (primitive-_exit 33)))
(define child (primitive-fork))
(if (= child 0) (let loop () (usleep 1000) (loop)))
(kill child SIGUSR2)
(status:exit-val (cdr (waitpid child))) ; expect: 33
; To itself: the handler has run before kill returns, and handlers may be interrupted.
(define trail '())
(define depth 0)
(sigaction SIGUSR1
  (lambda (signal)
    (set! depth (+ depth 1))
    (set! trail (cons depth trail))
    (if (< depth 3) (kill (getpid) SIGUSR1))
    (set! trail (cons (- depth) trail))))
(begin (kill (getpid) SIGUSR1) (reverse trail)) ; expect: (1 2 3 -3 -3 -3)
; A storm of signals loses nothing of a long transfer.
(define storm 0)
(sigaction SIGALRM (lambda (signal) (set! storm (+ storm 1))))
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(define writer (primitive-fork))
(define big (make-bytevector 400000 7))
(if (= writer 0)
    (begin
      (sigaction SIGALRM (lambda (signal) #t))
      (setitimer ITIMER_REAL 0 700 0 700)
      (put-bytevector (cdr pair) big)
      (force-output (cdr pair))
      (primitive-_exit 0)))
(setitimer ITIMER_REAL 0 500 0 500)
(define got (get-bytevector-n (car pair) 400000))
(setitimer ITIMER_REAL 0 0 0 0)
(equal? got big) ; expect: #t
(status:exit-val (cdr (waitpid writer))) ; expect: 0
; SIGPIPE does not kill, unless the script asks for it; children have it as usual.
(define p (pipe))
(close-port (car p))
(catch 'system-error (lambda () (display "x" (cdr p)) (force-output (cdr p))) (lambda args (system-error-errno args))) ; expect: 32
(status:term-sig (system "kill -PIPE $$")) ; expect: 13
(define child (primitive-fork))
(if (= child 0) (begin (sigaction SIGPIPE SIG_DFL) (let ((p (pipe))) (close-port (car p)) (display "x" (cdr p)) (force-output (cdr p))) (primitive-_exit 1)))
(status:term-sig (cdr (waitpid child))) ; expect: 13
(sigaction SIGPIPE SIG_IGN)
(status:exit-val (system "kill -PIPE $$; exit 5")) ; expect: 5
