; flags: --explain=all
(define receiver (socket AF_INET SOCK_DGRAM 0))
(bind receiver AF_INET INADDR_LOOPBACK 0)
(define sender (socket AF_INET SOCK_DGRAM 0))
(define done #f)
(spawn-fiber (lambda () (recvfrom! receiver (make-bytevector 3)) (set! done #t)))
(yield-fiber)
(sendto sender (string->utf8 "cut here") (getsockname receiver))
(let wait () (if (not done) (begin (yield-fiber) (wait))))
