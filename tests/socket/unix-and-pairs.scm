; Local sockets: socketpair, and a listener on a path.
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(define left (car pair))
(define right (cdr pair))
(send left (string->utf8 "over"))          ; expect: 4
(define buffer (make-bytevector 8 0))
(recv! right buffer)                       ; expect: 4
(write '(datum 1) right)
(read left)                                ; expect: (datum 1)
(close-port left)                          ; expect: #t
(recv! right buffer)                       ; expect: 0
(close-port right)                         ; expect: #t
(define path (string-append "/tmp/sockeye-test-" (number->string (current-jiffy)) ".sock"))
(define server (socket PF_UNIX SOCK_STREAM 0))
(bind server AF_UNIX path)
(listen server 1)
(string=? path (sockaddr:path (getsockname server))) ; expect: #t
(file-exists? path)                        ; expect: #t
(define client (socket PF_UNIX SOCK_STREAM 0))
(connect client AF_UNIX path)              ; expect: #t
(define peer (car (accept server)))
(display "hello\n" client)
(read-line peer)                           ; expect: "hello"
(for-each close-port (list client peer server))
(delete-file path)
(define other (socket PF_UNIX SOCK_STREAM 0))
(connect other AF_UNIX path)               ; error: connect
(close-port other)                         ; expect: #t
(define dgram (socketpair AF_UNIX SOCK_DGRAM 0))
(send (car dgram) #u8(1 2))                ; expect: 2
(send (car dgram) #u8(3))                  ; expect: 1
(recv! (cdr dgram) buffer)                 ; expect: 2
(recv! (cdr dgram) buffer)                 ; expect: 1
(socketpair AF_INET SOCK_STREAM 0)         ; error: socketpair
