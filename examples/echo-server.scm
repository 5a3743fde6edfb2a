;; An echo server: sends back each line it is sent, to one client after another.
;;
;;     sockeye examples/echo-server.scm          on port 7007
;;     sockeye examples/echo-server.scm 9000     on another one; 0 lets the system choose
;;
;; Then, from another terminal, any of these; each line you type comes back, Ctrl-C ends it:
;;
;;     socat - TCP:localhost:7007
;;     nc localhost 7007
;;     curl telnet://localhost:7007
;;
;; A second client is connected at once (the system keeps it in a queue of 5) but has to wait for its turn.

(import (scheme base) (scheme write) (scheme process-context))

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

;; "127.0.0.1 port 40312"
(define (address->string address)
  (string-append (inet-ntop (sockaddr:fam address) (sockaddr:addr address))
                 " port " (number->string (sockaddr:port address))))

(define (open-server port)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    ;; Without this a restarted server finds its port in use for a minute.
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 5)
    server))

;; Echoes lines until the client ends the connection; gives their number. A last line without an end is echoed too.
(define (echo-lines client)
  (let loop ((count 0))
    (let ((line (read-line client)))
      (if (eof-object? line)
          count
          (begin
            (write-string (string-append line "\n") client)
            (loop (+ count 1)))))))

;; A client that vanishes in the middle of a line is an error of this conversation only.
(define (serve client name)
  (say "serving " name)
  (guard (e (#t (say "lost " name)))
    (let ((count (echo-lines client)))
      (say "done with " name ": " count (if (= count 1) " line" " lines"))))
  (guard (e (#t #f)) (close-port client)))

(define (serve-forever server)
  (let* ((connection (accept server))
         (client (car connection)))
    (serve client (address->string (cdr connection)))
    (serve-forever server)))

(define (port-argument)
  (let ((arguments (cdr (command-line))))
    (or (and (pair? arguments) (string->number (car arguments))) 7007)))

;; Writing to a client that is gone is an error to be caught; in Guile it ends the program unless told otherwise.
(cond-expand
  (guile (sigaction SIGPIPE SIG_IGN))
  (else #t))

(let ((server (open-server (port-argument))))
  (say "echo server on port " (sockaddr:port (getsockname server)) ", stop it with Ctrl-C")
  (serve-forever server))
