; Address conversion and address objects.
(inet-pton AF_INET "127.0.0.1")            ; expect: 2130706433
(inet-pton AF_INET "0.0.0.0")              ; expect: 0
(inet-pton AF_INET "255.255.255.255")      ; expect: 4294967295
(inet-ntop AF_INET 2130706433)             ; expect: "127.0.0.1"
(inet-ntop AF_INET 0)                      ; expect: "0.0.0.0"
(inet-pton AF_INET6 "::1")                 ; expect: 1
(inet-pton AF_INET6 "::")                  ; expect: 0
(inet-ntop AF_INET6 1)                     ; expect: "::1"
(inet-pton AF_INET6 "2001:db8::1")         ; expect: 42540766411282592856903984951653826561
(inet-ntop AF_INET6 42540766411282592856903984951653826561) ; expect: "2001:db8::1"
(inet-pton AF_INET6 "::ffff:1.2.3.4")      ; expect: 281470698652420
(inet-pton AF_INET "nonsense")             ; error: inet-pton
(inet-pton AF_INET "1.2.3")                ; error: inet-pton
(inet-pton AF_INET "1.2.3.256")            ; error: inet-pton
(inet-pton AF_INET "01.2.3.4 ")            ; error: inet-pton
(inet-pton AF_INET6 "1:2")                 ; error: inet-pton
(inet-pton 99 "127.0.0.1")                 ; error: inet-pton
(inet-pton AF_INET 5)                      ; error: inet-pton
(inet-ntop AF_INET 'x)                     ; error: inet-ntop
(inet-ntop AF_INET6 -1)                    ; error: inet-ntop
INADDR_ANY                                 ; expect: 0
INADDR_LOOPBACK                            ; expect: 2130706433
INADDR_BROADCAST                           ; expect: 4294967295
(inet-makeaddr 127 1)                      ; expect: 2130706433
(inet-netof 2130706433)                    ; expect: 127
(inet-lnaof 2130706433)                    ; expect: 1
(list AF_UNIX AF_INET AF_INET6)            ; expect: (1 2 10)
(= AF_INET PF_INET)                        ; expect: #t
(list SOCK_STREAM SOCK_DGRAM)              ; expect: (1 2)
(define a (make-socket-address AF_INET INADDR_LOOPBACK 8080))
(list (sockaddr:fam a) (sockaddr:addr a) (sockaddr:port a)) ; expect: (2 2130706433 8080)
(vector? a)                                ; expect: #t
a                                          ; expect: #(2 2130706433 8080)
(equal? a (make-socket-address AF_INET INADDR_LOOPBACK 8080)) ; expect: #t
(define b (make-socket-address AF_INET6 1 80))
(list (sockaddr:fam b) (sockaddr:addr b) (sockaddr:port b) (sockaddr:flowinfo b) (sockaddr:scopeid b)) ; expect: (10 1 80 0 0)
(define c (make-socket-address AF_UNIX "/tmp/x"))
(list (sockaddr:fam c) (sockaddr:path c))  ; expect: (1 "/tmp/x")
(make-socket-address AF_INET INADDR_LOOPBACK) ; error: make-socket-address
(make-socket-address 99 1 2)               ; error: make-socket-address
(sockaddr:port 5)                          ; error: sockaddr:port
