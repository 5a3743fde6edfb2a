; System errors name the call and can be told apart by errno.
(define (errno-of thunk) (catch 'system-error (lambda () (thunk) 'no-error) (lambda args (system-error-errno args))))
(define s (socket PF_INET SOCK_STREAM 0))
(define (free-port) (let ((s (socket PF_INET SOCK_STREAM 0))) (bind s AF_INET INADDR_LOOPBACK 0) (let ((p (sockaddr:port (getsockname s)))) (close-port s) p)))
(= ECONNREFUSED (errno-of (lambda () (connect s AF_INET INADDR_LOOPBACK (free-port))))) ; expect: #t
(define server (socket PF_INET SOCK_STREAM 0))
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 1)
(define port (sockaddr:port (getsockname server)))
(define second (socket PF_INET SOCK_STREAM 0))
(= EADDRINUSE (errno-of (lambda () (bind second AF_INET INADDR_LOOPBACK port)))) ; expect: #t
(= EINVAL (errno-of (lambda () (bind server AF_INET INADDR_LOOPBACK 0)))) ; expect: #t
(= EINVAL (errno-of (lambda () (accept second)))) ; expect: #t
(= ENOTCONN (errno-of (lambda () (getpeername second)))) ; expect: #t
(= ENOTCONN (errno-of (lambda () (shutdown second 2)))) ; expect: #t
(= ENOTCONN (errno-of (lambda () (recv! (socket PF_INET SOCK_STREAM 0) (make-bytevector 5))))) ; expect: #t
(= EAFNOSUPPORT (errno-of (lambda () (socket 77 SOCK_STREAM 0)))) ; expect: #t
(= EADDRNOTAVAIL (errno-of (lambda () (bind second AF_INET (inet-pton AF_INET "192.0.2.1") 0)))) ; expect: #t
(= EDESTADDRREQ (errno-of (lambda () (send (socket PF_INET SOCK_DGRAM 0) #u8(1))))) ; expect: #t
(bind second AF_INET INADDR_LOOPBACK port) ; error: bind
(connect s AF_INET INADDR_LOOPBACK (free-port)) ; error: connect
(socket 77 SOCK_STREAM 0)                  ; error: socket
(socket AF_INET SOCK_STREAM)               ; error: socket
(socket 'inet SOCK_STREAM 0)               ; error: socket
(connect s AF_INET INADDR_LOOPBACK)        ; error: connect
(connect 5 AF_INET 1 80)                   ; error: connect
(connect s 99 1 80)                        ; error: connect
(bind s AF_INET 'loopback 80)              ; error: bind
(listen s 'many)                           ; error: listen
(accept 5)                                 ; error: accept
(shutdown server 9)                        ; error: shutdown
(send server 5)                            ; error: send
(recv! server 5)                           ; error: recv!
(guard (e (#t 'caught)) (connect s AF_INET INADDR_LOOPBACK (free-port))) ; expect: caught
(guard (e ((error-object? e) 'error-object)) (socket 77 SOCK_STREAM 0)) ; expect: error-object
(strerror ECONNREFUSED)                    ; expect: "Connection refused"
(for-each close-port (list s server second))
