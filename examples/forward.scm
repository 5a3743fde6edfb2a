;; A port forwarder: what comes to one port goes to another, both ways, for any number of connections.
;;
;; Start it with the port to listen on and where to go:   sockeye examples/forward.scm 7008 127.0.0.1 7007
;; Then talk to port 7008 as if it were the other:         nc 127.0.0.1 7008

(import (fibers))

(define (pump from to)
  ;; Until the end of FROM, which is passed on.
  (let ((buffer (make-bytevector 65536)))
    (let loop ()
      (let ((n (recv! from buffer)))
        (if (> n 0)
            (begin
              (send to buffer 0 0 n)
              (loop)))))
    (shutdown to 1)))

(define (forward client host port)
  (let ((target (socket AF_INET SOCK_STREAM 0)))
    (guard (broken (#t #f))
      (with-timeout 10 (lambda () (connect target AF_INET (inet-pton AF_INET host) port)))
      (let ((back (spawn-fiber (lambda () (guard (broken (#t #f)) (pump target client))))))
        (pump client target)
        (fiber-join back)))
    (close-port target)
    (close-port client)))

(define (main listen-on host port)
  (let ((server (socket AF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK listen-on)
    (listen server 64)
    (display "forwarding port ")
    (display (sockaddr:port (getsockname server)))
    (newline)
    (force-output)
    (let loop ()
      (let ((client (car (accept server))))
        (spawn-fiber (lambda () (forward client host port)))
        (loop)))))

(let ((arguments (cdr (command-line))))
  (if (= (length arguments) 3)
      (main (string->number (car arguments)) (cadr arguments) (string->number (caddr arguments)))
      (begin
        (display "usage: forward.scm LISTEN-PORT ADDRESS PORT\n")
        (exit 2))))
