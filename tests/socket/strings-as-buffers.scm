; Strings as messages and buffers: each character is a byte.
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(define here (car pair))
(define there (cdr pair))
(define buffer (make-string 6 #\.))
(send here "abc")                          ; expect: 3
(recv! there buffer)                       ; expect: 3
buffer                                     ; expect: "abc..."
(send here "\xff;\x80;\x0;")               ; expect: 3
(recvfrom! there buffer 0 2)               ; expect: (3 . #f)
(map char->integer (string->list buffer))  ; expect: (97 98 255 128 0 46)
(send here "0123456789" 0 3 7)             ; expect: 4
(recvfrom! there buffer 0 1 3)             ; expect: (2 . #f)
(string-copy buffer 0 3)                   ; expect: "a34"
(recv! there buffer 0 0 2)                 ; expect: 2
(string-copy buffer 0 2)                   ; expect: "56"
(string-length buffer)                     ; expect: 6
; What is no byte is refused before anything is sent.
(send here "price: 5€")                    ; error: (string->utf8 string) gives its bytes
(guard (e (#t (condition-key e))) (send here "€")) ; expect: misc-error
(send here "x€" 0 0 1)                     ; expect: 1
(recv! there buffer)                       ; expect: 1
; What cannot be changed is refused, and what waits stays.
(send here "kept")                         ; expect: 4
(recv! there (symbol->string 'symbol))     ; error: recv!: argument 2
(recv! there buffer 0 0 7)                 ; error: recv!
(recv! there buffer 0 4 3)                 ; error: recv!
(recv! there buffer)                       ; expect: 4
(string-copy buffer 0 4)                   ; expect: "kept"
(define a (socket AF_INET SOCK_DGRAM 0))
(define b (socket AF_INET SOCK_DGRAM 0))
(bind b AF_INET "127.0.0.1" 0)
(sendto a "datagram" AF_INET "127.0.0.1" (sockaddr:port (getsockname b))) ; expect: 8
(car (recvfrom! b buffer MSG_TRUNC))       ; expect: 8
buffer                                     ; expect: "datagr"
(recv! b buffer MSG_DONTWAIT)              ; error: EAGAIN
buffer                                     ; expect: "datagr"
