;; An echo server for tests/fibers.rs: says its port, and then sends back what it is sent, to any number of clients. With an argument,
;; it has so many descriptors at most.
(import (fibers) (ice-9 binary-ports))
(define arguments (map string->number (cdr (command-line))))
(define server (socket AF_INET SOCK_STREAM 0))
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 4096)
(display (string-append "port " (number->string (sockaddr:port (getsockname server))) "\n"))
(force-output)
(if (pair? arguments) (setrlimit 'nofile (car arguments) (car arguments)))

(define (echo client)
  (let ((bytes (get-bytevector-some client)))
    (if (not (eof-object? bytes))
        (begin
          (put-bytevector client bytes)
          (force-output client)
          (echo client)))))

(define (serve client)
  (setvbuf client 'block 1024)
  (guard (e (#t #f)) (echo client))
  (guard (e (#t #f)) (close-port client)))

(let loop ()
  (guard (e ((eqv? (socket-error-code e) EMFILE) (display "full\n") (force-output) (sleep 0.02)))
    (let ((client (car (accept server))))
      (spawn-fiber (lambda () (serve client)))))
  (loop))
