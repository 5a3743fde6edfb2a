;; A proxy that shows what passes: it stands between a client and a server, and prints each piece of their conversation.
;;
;;     sockeye examples/proxy.scm 7011 localhost 7007     where to listen, and whom to stand before
;;
;; With the echo server running in one terminal, try from another one:
;;
;;     nc localhost 7011
;;
;; Or stand before a web server and look at what a browser says:  sockeye examples/proxy.scm 7011 localhost 8000
;; "1 >" is what the first client said, "1 <" what it was answered. Guile runs this, too.

(define (say . parts)
  (for-each display parts)
  (newline)
  (force-output))

;; Text as it is, other bytes as a string would have them: \r\n, \t, \x00.
(define (show-bytes bytes count)
  (let loop ((i 0))
    (if (< i count)
        (let ((byte (u8vector-ref bytes i)))
          (display (cond ((= byte 10) "\\n")
                         ((= byte 13) "\\r")
                         ((= byte 9) "\\t")
                         ((< 31 byte 127) (string (integer->char byte)))
                         (else (string-append "\\x" (if (< byte 16) "0" "") (number->string byte 16)))))
          (loop (+ i 1))))))

(define (show number sign bytes count)
  (display number)
  (display sign)
  (show-bytes bytes count)
  (newline)
  (force-output))

(define (send-all to bytes count)
  (let ((whole (make-u8vector count 0)))
    (let loop ((i 0))
      (if (< i count)
          (begin
            (u8vector-set! whole i (u8vector-ref bytes i))
            (loop (+ i 1)))))
    (send to whole)))

(define (connect-to host service)
  (let* ((found (car (getaddrinfo host service 0 AF_UNSPEC SOCK_STREAM)))
         (target (socket (addrinfo:fam found) SOCK_STREAM 0)))
    (connect target (addrinfo:addr found))
    target))

;; Passes on one piece of what FROM says; whether there may be more.
(define (pass number sign from to room)
  (let ((count (recv! from room)))
    (cond ((> count 0)
           (show number sign room count)
           (send-all to room count)
           #t)
          (else
           (say number sign "[end]")
           (shutdown to 1)
           #f))))

;; Each direction ends by itself.
(define (stand-between number client target)
  (let ((room (make-u8vector 65536 0)))
    (let loop ((open (list client target)))
      (if (pair? open)
          (let ((ready (car (select open '() '()))))
            (loop (let next ((ready ready) (open open))
                    (cond ((null? ready) open)
                          ((if (eq? (car ready) client)
                               (pass number " > " client target room)
                               (pass number " < " target client room))
                           (next (cdr ready) open))
                          (else (next (cdr ready) (delq (car ready) open)))))))))))

;; In a process of its own, so that one conversation does not wait for another.
(define (serve number client host service)
  (catch #t
    (lambda () (stand-between number client (connect-to host service)))
    (lambda (key . args)
      (display number)
      (display " ! ")
      (print-exception (current-output-port) #f key args)))
  (force-output)
  (primitive-_exit 0))

(define (serve-forever server number host service)
  (let ((client (car (accept server))))
    (if (= 0 (primitive-fork))
        (begin
          (close-port server)
          (serve number client host service)))
    (close-port client)
    (serve-forever server (+ number 1) host service)))

(define (main port host service)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 16)
    (sigaction SIGPIPE SIG_IGN)
    ;; Nobody waits for the children: the system is to forget them.
    (sigaction SIGCHLD SIG_IGN)
    (say "between port " (sockaddr:port (getsockname server)) " and " host " port " service ", stop it with Ctrl-C")
    (serve-forever server 1 host service)))

(let ((arguments (cdr (command-line))))
  (if (= (length arguments) 3)
      (main (string->number (car arguments)) (cadr arguments) (caddr arguments))
      (begin
        (say "usage: proxy.scm LISTEN-PORT HOST PORT")
        (exit 2))))
