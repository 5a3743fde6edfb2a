;; A party line: what one client says all others hear. One process without threads serves them all, by asking the system
;; with select who has something to say.
;;
;;     sockeye examples/select-server.scm          on port 7010
;;     sockeye examples/select-server.scm 9000     on another one; 0 lets the system choose
;;
;; Then, from two other terminals or more:
;;
;;     nc localhost 7010
;;
;; Guile runs this, too.

(define (say . parts)
  (for-each display parts)
  (newline)
  (force-output))

(define (open-server port)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 16)
    ;; A client may be gone again before it is accepted: then accept is to answer #f and not to wait for the next one.
    (fcntl server F_SETFL (logior O_NONBLOCK (fcntl server F_GETFL)))
    server))

;; What CLIENT says, a bytevector; #f when it has left, one way or another.
(define (hear client)
  (let* ((room (make-u8vector 4096 0))
         (count (catch 'system-error (lambda () (recv! client room)) (lambda error 0))))
    (and (> count 0)
         (let ((words (make-u8vector count 0)))
           (let loop ((i 0))
             (if (< i count)
                 (begin
                   (u8vector-set! words i (u8vector-ref room i))
                   (loop (+ i 1)))))
           words))))

;; One who does not read must not hold up the others: what does not fit into its connection at once is lost on it.
(define (tell client words)
  (catch 'system-error (lambda () (send client words MSG_DONTWAIT)) (lambda error #f)))

(define (serve-forever server clients)
  (let loop ((ready (car (select (cons server clients) '() '()))) (clients clients))
    (cond ((null? ready) (serve-forever server clients))
          ((eq? (car ready) server)
           (let ((connection (accept server)))
             (if connection (say "port " (sockaddr:port (cdr connection)) " has come"))
             (loop (cdr ready) (if connection (cons (car connection) clients) clients))))
          (else
           (let* ((client (car ready)) (words (hear client)) (others (delq client clients)))
             (cond (words
                    (for-each (lambda (other) (tell other words)) others)
                    (loop (cdr ready) clients))
                   (else
                    (close-port client)
                    (say "somebody has left, " (length others) " remain")
                    (loop (cdr ready) others))))))))

(sigaction SIGPIPE SIG_IGN)
(let* ((arguments (cdr (command-line)))
       (server (open-server (or (and (pair? arguments) (string->number (car arguments))) 7010))))
  (say "party line on port " (sockaddr:port (getsockname server)) ", stop it with Ctrl-C")
  (serve-forever server '()))
