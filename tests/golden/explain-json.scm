; flags: --explain=json
(define pair (socketpair AF_UNIX SOCK_DGRAM 0))
(send (car pair) (bytevector 104 105 255))
(recv! (cdr pair) (make-bytevector 10))
(getaddrinfo "no.such.name.invalid" #f AI_NUMERICHOST)
