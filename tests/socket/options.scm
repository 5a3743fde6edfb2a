; getsockopt and setsockopt.
(define s (socket PF_INET SOCK_STREAM 0))
(getsockopt s SOL_SOCKET SO_TYPE)          ; expect: 1
(getsockopt s SOL_SOCKET SO_REUSEADDR)     ; expect: 0
(setsockopt s SOL_SOCKET SO_REUSEADDR 1)
(getsockopt s SOL_SOCKET SO_REUSEADDR)     ; expect: 1
(getsockopt s SOL_SOCKET SO_KEEPALIVE)     ; expect: 0
(setsockopt s SOL_SOCKET SO_KEEPALIVE 1)
(getsockopt s SOL_SOCKET SO_KEEPALIVE)     ; expect: 1
(getsockopt s SOL_SOCKET SO_ERROR)         ; expect: 0
(getsockopt s SOL_SOCKET SO_LINGER)        ; expect: (0 . 0)
(setsockopt s SOL_SOCKET SO_LINGER '(1 . 5))
(getsockopt s SOL_SOCKET SO_LINGER)        ; expect: (1 . 5)
(getsockopt s IPPROTO_TCP TCP_NODELAY)     ; expect: 0
(setsockopt s IPPROTO_TCP TCP_NODELAY 1)
(getsockopt s IPPROTO_TCP TCP_NODELAY)     ; expect: 1
(setsockopt s SOL_SOCKET SO_RCVBUF 8192)
(getsockopt s SOL_SOCKET SO_RCVBUF)        ; expect: 16384
(setsockopt s SOL_SOCKET SO_REUSEADDR #t)  ; error: setsockopt
(setsockopt s SOL_SOCKET SO_LINGER 1)      ; error: setsockopt
(getsockopt s SOL_SOCKET 9999)             ; error: getsockopt
(getsockopt 5 SOL_SOCKET SO_TYPE)          ; error: getsockopt
(getsockopt s 'level SO_TYPE)              ; error: getsockopt
(setsockopt s SOL_SOCKET SO_REUSEADDR 100000000000) ; error: setsockopt
(close-port s)                             ; expect: #t
(getsockopt s SOL_SOCKET SO_TYPE)          ; error: getsockopt
