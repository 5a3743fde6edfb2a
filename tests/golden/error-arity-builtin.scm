(define s (socket AF_INET SOCK_STREAM 0))
(listen)
