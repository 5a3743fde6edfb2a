; SRFI 106: sockets, their ports, sending and receiving, merging of flags.
(use-modules (srfi srfi-106))

(define server (make-server-socket "0"))
(define service (number->string (sockaddr:port (getsockname server))))
(map socket? (list server (open-input-string "x") 5))                                 ; expect: (#t #f #f)

(define client (make-client-socket "127.0.0.1" service (address-family inet) (socket-domain stream)
                                   (address-info v4mapped addrconfig) (ip-protocol ip)))
(define peer (socket-accept server))
(socket? peer)                                                                        ; expect: #t
(socket-send client (string->utf8 "hello"))                                           ; expect: 5
(utf8->string (socket-recv peer 2 (message-type peek)))                               ; expect: "he"
(utf8->string (socket-recv peer 5 (message-type wait-all)))                           ; expect: "hello"
(socket-send peer (string->utf8 "abc") (message-type none))                           ; expect: 3
(utf8->string (socket-recv client 100))                                               ; expect: "abc"

; The ports: of characters and of bytes. To close one leaves the socket open.
(define in (socket-input-port peer))
(define out (socket-output-port client))
(write-string "a line\nλ\n" out)
(flush-output-port out)
(let* ((a (read-line in)) (b (read-line in))) (list a b))                             ; expect: ("a line" "λ")
(write-u8 7 out)
(flush-output-port out)
(read-u8 in)                                                                          ; expect: 7
(close-port out)
(close-port in)
(list (socket? client) (socket? peer))                                                ; expect: (#t #t)
(socket-send client #u8(1 2 3))                                                       ; expect: 3
(bytevector->u8-list (socket-recv peer 10))                                              ; expect: (1 2 3)

; One direction ends, the other stays.
(socket-shutdown client *shut-wr*)
(bytevector-length (socket-recv peer 10))                                             ; expect: 0
(socket-send peer #u8(9))                                                             ; expect: 1
(bytevector->u8-list (socket-recv client 10))                                            ; expect: (9)
(socket-shutdown client 0)                                                            ; error: socket-shutdown
(socket-close peer)
(socket-close client)
(socket? client)                                                                      ; expect: #f

(define other (make-client-socket "127.0.0.1" service))
(call-with-values (lambda () (call-with-socket other (lambda (same) (values 1 2)))) list) ; expect: (1 2)
(port-closed? other)                                                                  ; expect: #t
(socket-close server)
(make-client-socket "127.0.0.1" service)                                              ; error: Connection refused

; Datagrams stay apart.
(define datagrams (make-server-socket "0" *af-inet* *sock-dgram*))
(define sender
  (make-client-socket "127.0.0.1" (number->string (sockaddr:port (getsockname datagrams))) *af-inet* *sock-dgram*))
(socket-send sender #u8(1 2))                                                         ; expect: 2
(socket-send sender #u8(3))                                                           ; expect: 1
(bytevector->u8-list (socket-recv datagrams 10))                                         ; expect: (1 2)
(bytevector->u8-list (socket-recv datagrams 10))                                         ; expect: (3)
(socket-close sender)
(socket-close datagrams)

(= (socket-merge-flags *msg-peek* *msg-oob*) (logior MSG_PEEK MSG_OOB))               ; expect: #t
(= (socket-purge-flags (message-type peek oob) *msg-peek*) MSG_OOB)                   ; expect: #t
(message-type none)                                                                   ; expect: 0
(= (shutdown-method read write) *shut-rdwr*)                                          ; expect: #t
(equal? (list (address-family inet) (address-family inet6) (address-family unspec)) (list AF_INET AF_INET6 AF_UNSPEC)) ; expect: #t
(equal? (list (socket-domain stream) (socket-domain datagram)) (list SOCK_STREAM SOCK_DGRAM)) ; expect: #t
(equal? (list (ip-protocol ip) (ip-protocol tcp) (ip-protocol udp)) (list IPPROTO_IP IPPROTO_TCP IPPROTO_UDP)) ; expect: #t
(= (address-info canoname numerichost all passive) (logior AI_CANONNAME AI_NUMERICHOST AI_ALL AI_PASSIVE)) ; expect: #t
