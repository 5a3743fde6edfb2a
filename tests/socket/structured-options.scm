; Options that are more than a number.
(define server (socket AF_INET SOCK_STREAM 0))
(bind server AF_INET "127.0.0.1" 0)
(listen server 3)
(define client (socket AF_INET SOCK_STREAM 0))
(connect client (getsockname server))
(define info (getsockopt client IPPROTO_TCP TCP_INFO))
(cdr (assq 'state info))                   ; expect: established
(cdr (assq 'state (getsockopt server IPPROTO_TCP TCP_INFO))) ; expect: listen
(exact-integer? (cdr (assq 'rtt info)))    ; expect: #t
(bytevector-length (getsockopt client IPPROTO_TCP TCP_INFO 8)) ; expect: 8
(string? (getsockopt client IPPROTO_TCP TCP_CONGESTION)) ; expect: #t
(setsockopt client IPPROTO_TCP TCP_CONGESTION "reno")
(getsockopt client IPPROTO_TCP TCP_CONGESTION) ; expect: "reno"
(setsockopt client IPPROTO_TCP TCP_CONGESTION "no such") ; error: ENOENT
(setsockopt client IPPROTO_TCP TCP_CONGESTION 5) ; error: argument 4 (value) should be a name
(setsockopt client IPPROTO_TCP TCP_INFO 5) ; error: argument 4
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(define credentials (getsockopt (car pair) SOL_SOCKET SO_PEERCRED))
(map car credentials)                      ; expect: (pid uid gid)
(= (cdr (assq 'pid credentials)) (getpid)) ; expect: #t
(= (cdr (assq 'uid credentials)) (getuid)) ; expect: #t
; Limits of time.
(setsockopt (car pair) SOL_SOCKET SO_RCVTIMEO '(0 . 20000))
(getsockopt (car pair) SOL_SOCKET SO_RCVTIMEO) ; expect: (0 . 20000)
(recv! (car pair) (make-bytevector 3))     ; error: EAGAIN
(setsockopt (car pair) SOL_SOCKET SO_SNDTIMEO '(1 . 0))
(getsockopt (car pair) SOL_SOCKET SO_SNDTIMEO) ; expect: (1 . 0)
(setsockopt (car pair) SOL_SOCKET SO_RCVTIMEO 5) ; error: a pair of seconds and microseconds
(setsockopt (car pair) SOL_SOCKET SO_RCVTIMEO '(0 . 2000000)) ; error: setsockopt
; Keeping alive.
(setsockopt client SOL_SOCKET SO_KEEPALIVE 1)
(for-each (lambda (option) (setsockopt client IPPROTO_TCP option 7)) (list TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT))
(map (lambda (option) (getsockopt client IPPROTO_TCP option)) (list TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT)) ; expect: (7 7 7)
; Raw bytes, both ways.
(setsockopt client IPPROTO_IP IP_TTL #u8(9 0 0 0))
(getsockopt client IPPROTO_IP IP_TTL)      ; expect: 9
(getsockopt client IPPROTO_IP IP_TTL 4)    ; expect: #u8(9 0 0 0)
(getsockopt client IPPROTO_IP IP_TTL 100000) ; error: argument 4 (size)
(getsockopt client IPPROTO_IP IP_TTL 'x)   ; error: argument 4 (size)
; Multicast: the address of the interface is in host order, or the other way round as old scripts have it.
(define udp (socket AF_INET SOCK_DGRAM 0))
(setsockopt udp IPPROTO_IP IP_MULTICAST_IF INADDR_LOOPBACK)
(inet-ntop AF_INET (getsockopt udp IPPROTO_IP IP_MULTICAST_IF)) ; expect: "127.0.0.1"
(setsockopt udp IPPROTO_IP IP_MULTICAST_IF (htonl INADDR_LOOPBACK))
(inet-ntop AF_INET (getsockopt udp IPPROTO_IP IP_MULTICAST_IF)) ; expect: "127.0.0.1"
(setsockopt udp IPPROTO_IP IP_ADD_MEMBERSHIP '("224.0.0.251" . "127.0.0.1"))
(setsockopt udp IPPROTO_IP IP_DROP_MEMBERSHIP '("224.0.0.251" . "127.0.0.1"))
(setsockopt udp IPPROTO_IP IP_DROP_MEMBERSHIP '("224.0.0.251" . "127.0.0.1")) ; error: EADDRNOTAVAIL
(setsockopt udp IPPROTO_IP IP_ADD_MEMBERSHIP '("not an address" . 0)) ; error: argument 4
(car (if-nameindex))                       ; expect: (1 . "lo")
(if-nametoindex "lo")                      ; expect: 1
(if-indextoname 1)                         ; expect: "lo"
(if-indextoname 987654)                    ; error: ENXIO
(guard (e (#t (unknown-interface-error? e))) (if-nametoindex "no such")) ; expect: #t
(for-each close-port (list server client udp (car pair) (cdr pair)))
