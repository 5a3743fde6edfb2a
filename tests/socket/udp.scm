; Datagrams: borders are kept, addresses come along, a connected socket has one peer.
(define a (socket PF_INET SOCK_DGRAM 0))
(define b (socket PF_INET SOCK_DGRAM 0))
(bind a AF_INET INADDR_LOOPBACK 0)
(bind b AF_INET INADDR_LOOPBACK 0)
(define a-port (sockaddr:port (getsockname a)))
(define b-port (sockaddr:port (getsockname b)))
(define buffer (make-bytevector 20 0))
(sendto a (string->utf8 "one") AF_INET INADDR_LOOPBACK b-port) ; expect: 3
(sendto a (string->utf8 "three") (make-socket-address AF_INET INADDR_LOOPBACK b-port)) ; expect: 5
(define got (recvfrom! b buffer))
(car got)                                  ; expect: 3
(= a-port (sockaddr:port (cdr got)))       ; expect: #t
(car (recvfrom! b buffer))                 ; expect: 5
(utf8->string (bytevector-copy buffer 0 5)) ; expect: "three"
(sendto a #u8() AF_INET INADDR_LOOPBACK b-port) ; expect: 0
(car (recvfrom! b buffer))                 ; expect: 0
(sendto a (make-bytevector 30 1) AF_INET INADDR_LOOPBACK b-port) ; expect: 30
(car (recvfrom! b buffer))                 ; expect: 20
(sendto a #u8(1 2 3) AF_INET INADDR_LOOPBACK b-port) ; expect: 3
(begin (let loop ((i 0)) (if (< i 20) (begin (bytevector-u8-set! buffer i 0) (loop (+ i 1))))) (car (recvfrom! b buffer 0 5 10))) ; expect: 3
(bytevector-copy buffer 3 9)               ; expect: #u8(0 0 1 2 3 0)
(connect a AF_INET INADDR_LOOPBACK b-port) ; expect: #t
(send a (string->utf8 "connected"))        ; expect: 9
(recv! b buffer)                           ; expect: 9
(sendto b (string->utf8 "back") AF_INET INADDR_LOOPBACK a-port) ; expect: 4
(recv! a buffer)                           ; expect: 4
(listen a 5)                               ; error: listen
(recvfrom! b buffer 0 10 21)               ; error: recvfrom!
(recvfrom! b buffer 0 5 4)                 ; error: recvfrom!
(sendto b "text" 'nowhere)                 ; error: sendto
(close-port a)                             ; expect: #t
(close-port b)                             ; expect: #t
