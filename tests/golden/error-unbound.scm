(define (serve port)
  (let ((server (socket AF_INET SOCK_STREAM 0)))
    (setsocopt server SOL_SOCKET SO_REUSEADDR 1)))
(serve 0)
