; A TCP conversation over IPv6.
; needs: ipv6
(define server (socket PF_INET6 SOCK_STREAM 0))
(bind server AF_INET6 1 0)
(listen server 1)
(define address (getsockname server))
(list (sockaddr:fam address) (sockaddr:addr address)) ; expect: (10 1)
(define client (socket PF_INET6 SOCK_STREAM 0))
(connect client AF_INET6 1 (sockaddr:port address)) ; expect: #t
(define peer (accept server))
(sockaddr:addr (cdr peer))                 ; expect: 1
(display "six\n" client)
(read-line (car peer))                     ; expect: "six"
(for-each close-port (list client (car peer) server))
