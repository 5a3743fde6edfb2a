; Addresses as strings wherever numbers are taken, also with an interface, and what dissolves them.
; needs: ipv6
(define loopback "127.0.0.1")
(make-socket-address AF_INET loopback 80)  ; expect: #(2 2130706433 80)
(make-socket-address AF_INET6 "::1" 80)    ; expect: #(10 1 80 0 0)
(make-socket-address AF_INET6 "fe80::1%lo" 80) ; expect: #(10 338288524927261089654018896841347694593 80 0 1)
(make-socket-address AF_INET6 "fe80::1%1" 80 5) ; expect: #(10 338288524927261089654018896841347694593 80 5 1)
(make-socket-address AF_INET6 "fe80::1%1" 80 0 7) ; expect: #(10 338288524927261089654018896841347694593 80 0 7)
(make-socket-address AF_INET6 "fe80::1%nosuch" 80) ; error: ENODEV
(make-socket-address AF_INET "::1" 80)     ; error: argument 2 (addr) should be an IPv4 address
(make-socket-address AF_INET6 "127.0.0.1" 80) ; error: argument 2 (addr) should be an IPv6 address
(make-socket-address AF_INET "localhost" 80) ; error: argument 2
(make-socket-address AF_INET "127.0.0.1" 65536) ; error: 0 to 65535
(make-socket-address AF_INET "127.0.0.1" -1) ; error: 0 to 65535
(inet-makeaddr 127 1)                      ; expect: 2130706433
(inet-aton "127.1")                        ; expect: 2130706433
(inet-aton "0x7f.1")                       ; expect: 2130706433
(inet-aton "127.256")                      ; expect: 2130706688
(inet-aton "127.0.0.256")                  ; error: inet-aton
(inet-ntoa 2130706433)                     ; expect: "127.0.0.1"
(map ntohs (list (htons 1) (htons 65535))) ; expect: (1 65535)
(ntohl (htonl 4294967295))                 ; expect: 4294967295
(htons 65536)                              ; error: htons
(htonl -1)                                 ; error: htonl
(number->network 258 2)                    ; expect: #u8(1 2)
(number->network (expt 2 127) 16)          ; expect: #u8(128 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0)
(number->network 256 1)                    ; error: number->network
(number->network -1 1)                     ; error: number->network
(network->number #u8(1 2 3 4) 1 3)         ; expect: 515
(network->number #u8())                    ; expect: 0
(network->number "x")                      ; error: network->number
(network->number #u8(1 2) 0 3)             ; error: bytevector-u8-ref
(define server (socket AF_INET6 SOCK_STREAM 0))
(setsockopt server IPPROTO_IPV6 IPV6_V6ONLY 1)
(bind server AF_INET6 "::1" 0)
(listen server 1)
(define client (socket AF_INET6 SOCK_STREAM 0))
(connect client AF_INET6 "::1" (sockaddr:port (getsockname server))) ; expect: #t
(sockaddr:addr (cdr (accept server)))      ; expect: 1
; A datagram socket loses its peer.
(define udp (socket AF_INET SOCK_DGRAM 0))
(connect udp AF_INET loopback 9)           ; expect: #t
(getpeername udp)                          ; expect: #(2 2130706433 9)
(connect udp AF_UNSPEC 0)                  ; expect: #t
(getpeername udp)                          ; error: ENOTCONN
; Groups of IPv6, by the interface's name.
(define member (socket AF_INET6 SOCK_DGRAM 0))
(bind member AF_INET6 "::" 0)
(setsockopt member IPPROTO_IPV6 IPV6_JOIN_GROUP '("ff01::7007" . "lo"))
(setsockopt member IPPROTO_IPV6 IPV6_MULTICAST_IF "lo")
(getsockopt member IPPROTO_IPV6 IPV6_MULTICAST_IF) ; expect: 1
(setsockopt member IPPROTO_IPV6 IPV6_MULTICAST_IF "nosuch") ; error: ENODEV
(setsockopt member IPPROTO_IPV6 IPV6_LEAVE_GROUP (cons (inet-pton AF_INET6 "ff01::7007") (if-nametoindex "lo")))
(setsockopt member IPPROTO_IPV6 IPV6_LEAVE_GROUP '("ff01::7007" . 1)) ; error: EADDRNOTAVAIL
(setsockopt member IPPROTO_IPV6 IPV6_JOIN_GROUP '("ff01::7007" . x)) ; error: setsockopt: argument 4
(setsockopt member IPPROTO_IPV6 IPV6_JOIN_GROUP '("ff01::7007" . "nosuch")) ; error: ENODEV
