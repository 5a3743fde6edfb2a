; A TCP conversation within one script: the kernel completes connections before accept is called.
(define server (socket PF_INET SOCK_STREAM 0))
(port? server)                             ; expect: #t
(setsockopt server SOL_SOCKET SO_REUSEADDR 1)
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 5)
(define address (getsockname server))
(sockaddr:fam address)                     ; expect: 2
(= (sockaddr:addr address) INADDR_LOOPBACK) ; expect: #t
(define port (sockaddr:port address))
(< 0 port 65536)                           ; expect: #t
(define client (socket PF_INET SOCK_STREAM 0))
(connect client AF_INET INADDR_LOOPBACK port) ; expect: #t
(define accepted (accept server))
(define peer (car accepted))
(map port? (list peer client))             ; expect: (#t #t)
(= (sockaddr:port (cdr accepted)) (sockaddr:port (getsockname client))) ; expect: #t
(= (sockaddr:port (getpeername client)) port) ; expect: #t
(= (sockaddr:port (getpeername peer)) (sockaddr:port (getsockname client))) ; expect: #t
(send client (string->utf8 "hello"))       ; expect: 5
(define buffer (make-bytevector 10 0))
(recv! peer buffer)                        ; expect: 5
(utf8->string (bytevector-copy buffer 0 5)) ; expect: "hello"
(send peer #u8(1 2 3))                     ; expect: 3
(recv! client buffer)                      ; expect: 3
(bytevector-copy buffer 0 5)               ; expect: #u8(1 2 3 108 111)
(send client (make-bytevector 0))          ; expect: 0
(display "line one\nline two\n" client)
(read-line peer)                           ; expect: "line one"
(read-line peer)                           ; expect: "line two"
(write '(a "b" 3) peer)
(newline peer)
(read client)                              ; expect: (a "b" 3)
(read-char client)                         ; expect: #\newline
(char-ready? client)                       ; expect: #f
(write-char #\x peer)
(read-char client)                         ; expect: #\x
(write-string "grüße λ\n" client)
(read-line peer)                           ; expect: "grüße λ"
(shutdown client 1)
(recv! peer buffer)                        ; expect: 0
(eof-object? (read-char peer))             ; expect: #t
(send peer (string->utf8 "still open"))    ; expect: 10
(recv! client buffer)                      ; expect: 10
(close-port peer)                          ; expect: #t
(recv! client buffer)                      ; expect: 0
(close-port client)                        ; expect: #t
(close-port client)                        ; expect: #f
(close-port server)                        ; expect: #t
(send client #u8(1))                       ; error: send
(recv! client buffer)                      ; error: recv!
(accept server)                            ; error: accept
(getsockname client)                       ; error: getsockname
