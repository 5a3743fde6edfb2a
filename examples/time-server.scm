;; Tells the time to whoever asks, as RFC 868 has it: four bytes, the seconds since the beginning of 1900.
;;
;;     sockeye examples/time-server.scm          on port 3737 (37, the usual one, is for the superuser)
;;     sockeye examples/time-server.scm 0        the system chooses
;;
;; Then, from another terminal:
;;
;;     sockeye examples/time-client.scm
;;     nc 127.0.0.1 3737 | od -A n -t u4 --endian=big

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

;; 1900 to 1970, seventeen leap years among them.
(define since-1900 (* 86400 (+ (* 70 365) 17)))

(define (now)
  (modulo (+ (exact (floor (current-second))) since-1900) (expt 2 32)))

(define (serve server)
  (let ((client (car (accept server))))
    ;; A client that is gone already need not stop the others from being told.
    (guard (e ((socket-error? e) (say "a client was gone")))
      (send client (number->network (now) 4)))
    (close-port client)
    (serve server)))

(let* ((arguments (cdr (command-line)))
       (port (if (pair? arguments) (string->number (car arguments)) 3737))
       (server (socket AF_INET SOCK_STREAM 0)))
  (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
  (bind server AF_INET INADDR_LOOPBACK port)
  (listen server 5)
  (say "time server on port " (sockaddr:port (getsockname server)) ", stop it with Ctrl-C")
  (serve server))
