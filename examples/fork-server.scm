;; An echo server with a process for each client: many are served at once, and what goes wrong with one harms no other.
;;
;;     sockeye examples/fork-server.scm          on port 7008
;;     sockeye examples/fork-server.scm 9000     on another one; 0 lets the system choose
;;
;; Then, from two other terminals at the same time:
;;
;;     nc localhost 7008
;;
;; Each line comes back with the number of the process that serves you. SIGTERM ends the server: it waits until its
;; clients are done. Guile runs this, too.

;; Each message is one piece: what a signal's handler says may come between two pieces.
(define (say . parts)
  (let ((text (lambda (part) (if (number? part) (number->string part) part))))
    (display (string-append (apply string-append (map text parts)) "\n"))
    (force-output)))

(define (open-server port)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 16)
    server))

;; The characters up to the end of a line, or the end-of-file object.
(define (next-line client)
  (let loop ((characters '()))
    (let ((c (read-char client)))
      (cond ((not (eof-object? c))
             (if (char=? c #\newline) (list->string (reverse characters)) (loop (cons c characters))))
            ((null? characters) c)
            (else (list->string (reverse characters)))))))

(define (echo-lines client)
  (let loop ()
    (let ((line (next-line client)))
      (if (not (eof-object? line))
          (begin
            (display (string-append (number->string (getpid)) ": " line "\n") client)
            (force-output client)
            (loop))))))

;; In the child: a client that vanishes ends it, and primitive-_exit leaves what the parent had not yet printed to the parent.
(define (serve client)
  (catch 'system-error (lambda () (echo-lines client)) (lambda error #f))
  (primitive-_exit 0))

;; Children that have ended stay in the system's table until somebody waits for them.
(define (reap options)
  (let loop ()
    (let ((ended (catch 'system-error (lambda () (waitpid WAIT_ANY options)) (lambda error '(0 . 0)))))
      (if (> (car ended) 0)
          (begin
            (say "process " (car ended) " is done")
            (loop))))))

(define (serve-forever server)
  (let* ((connection (accept server))
         (client (car connection))
         (child (primitive-fork)))
    (if (= child 0)
        (begin
          (sigaction SIGTERM SIG_DFL)
          (close-port server)
          (serve client))
        (begin
          (say "process " child " serves port " (sockaddr:port (cdr connection)))
          (close-port client)
          (serve-forever server)))))

(define port
  (let ((arguments (cdr (command-line))))
    (or (and (pair? arguments) (string->number (car arguments))) 7008)))

(define server (open-server port))
(sigaction SIGPIPE SIG_IGN)
(sigaction SIGCHLD (lambda (signal) (reap WNOHANG)))
(sigaction SIGTERM (lambda (signal) (throw 'stop)))
(say "fork server on port " (sockaddr:port (getsockname server)) ", stop it with kill " (getpid))
(catch 'stop
  (lambda () (serve-forever server))
  (lambda error
    (sigaction SIGCHLD SIG_DFL)
    (close-port server)
    (say "waiting for the last clients")
    (reap 0)))
