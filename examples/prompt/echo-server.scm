;;; A server that sends back what it is sent, as a fiber: the prompt stays free.
(define echo-listener (socket AF_INET SOCK_STREAM 0))
(setsockopt echo-listener SOL_SOCKET SO_REUSEADDR 1)
(bind echo-listener AF_INET INADDR_LOOPBACK 7007)
(listen echo-listener 5)

(define (echo client)
  (let ((line (read-line client 'concat)))
    (if (eof-object? line)
        (close-port client)
        (begin
          (display line client)
          (force-output client)
          (echo client)))))

(define (serve-echo listener)
  (let ((client (car (accept listener))))
    (spawn-fiber (lambda () (echo client)))
    (serve-echo listener)))

(define echo-fiber (spawn-fiber (lambda () (serve-echo echo-listener))))
(for-each display
          (list "echo server on 127.0.0.1:7007 (fiber " (fiber-id echo-fiber) ")\n"))
