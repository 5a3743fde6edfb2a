;;; A call that would wait for ever is given up after half a second.
(define quiet (socket AF_INET SOCK_STREAM 0))
(bind quiet AF_INET INADDR_LOOPBACK 0)
(listen quiet 1)
(display (with-timeout 0.5
           (lambda () (accept quiet))
           (lambda () "nobody came within half a second\n")))
(close-port quiet)
