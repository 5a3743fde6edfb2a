(define s (socket AF_INET SOCK_STREAM 0))
(bind s AF_INET INADDR_LOOPBACK 0)
(accept s)
