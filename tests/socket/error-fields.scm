; What failures of the network say besides Guile's arguments, and the tree they stand in.
(define (caught thunk) (guard (e (#t e)) (thunk)))
(define taken (socket AF_INET SOCK_STREAM 0))
(bind taken AF_INET "127.0.0.1" 0)
(define address (getsockname taken))
(define client (socket AF_INET SOCK_STREAM 0))
(define refused (caught (lambda () (connect client address))))
(socket-error? refused)                    ; expect: #t
(error-object? refused)                    ; expect: #t
(file-error? refused)                      ; expect: #f
(socket-error-type refused)                ; expect: socket-connection-refused-error
(socket-connection-refused-error? refused) ; expect: #t
(socket-hangup-error? refused)             ; expect: #f
(= (socket-error-code refused) ECONNREFUSED) ; expect: #t
(socket-error-identifier refused)          ; expect: ECONNREFUSED
(socket-error-operation refused)           ; expect: connect
(eq? (socket-error-socket refused) client) ; expect: #t
(equal? (socket-error-address refused) address) ; expect: #t
(socket-error-phase refused)               ; expect: connect
(string? (socket-error-endpoint refused))  ; expect: #t
(catch 'system-error (lambda () (connect client address)) (lambda args (= ECONNREFUSED (system-error-errno args)))) ; expect: #t
(connect client AF_INET "127.0.0.1" 1)     ; error: connect to 127.0.0.1 port 1: connection refused (ECONNREFUSED)
(connect (socket AF_INET6 SOCK_STREAM 0) AF_INET6 "::1" 1) ; error: connect to [::1] port 1: connection refused (ECONNREFUSED)
(connect (socket AF_UNIX SOCK_STREAM 0) AF_UNIX "/no/such/path") ; error: connect to unix path /no/such/path: no such file or directory (ENOENT)
(connect (socket AF_UNIX SOCK_STREAM 0) AF_UNIX (make-string 109 #\x)) ; error: at most 108
(connect (socket AF_UNIX SOCK_STREAM 0) AF_UNIX "a\x0;b") ; error: zero byte
(define in-use (caught (lambda () (bind client address))))
(list (socket-address-in-use-error? in-use) (socket-error-phase in-use) (socket-error-operation in-use)) ; expect: (#t create bind)
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(close-port (cdr pair))
(define gone (caught (lambda () (send (car pair) #u8(1)))))
(list (socket-hangup-error? gone) (socket-error-phase gone) (socket-error-operation gone)) ; expect: (#t io send)
(define gone (caught (lambda () (display "text" (car pair)))))
(list (socket-hangup-error? gone) (eq? (socket-error-socket gone) (car pair))) ; expect: (#t #t)
(define family (caught (lambda () (socket 77 SOCK_STREAM 0))))
(list (socket-error-type family) (socket-error-phase family) (socket-error-socket family)) ; expect: (socket-address-family-not-supported-error create #f)
(define not-one (caught (lambda () (recv! (current-output-port) (make-bytevector 1)))))
(socket-error? (caught (lambda () (listen (socket AF_INET SOCK_DGRAM 0) 1)))) ; expect: #t
(socket-error-type (caught (lambda () (listen (socket AF_INET SOCK_DGRAM 0) 1)))) ; expect: socket-operation-not-supported-error
(socket-error-type (caught (lambda () (getpeername client)))) ; expect: socket-not-connected-error
(socket-error-type (caught (lambda () (recv! (car (socketpair AF_UNIX SOCK_STREAM 0)) (make-bytevector 1) MSG_DONTWAIT)))) ; expect: socket-would-block-error
; Wrong arguments are nobody's network.
(socket-error? (caught (lambda () (connect client 'nowhere)))) ; expect: #f
(socket-error? (caught (lambda () (open-input-file "/no/such/file")))) ; expect: #f
(socket-error? (caught (lambda () (error "mine")))) ; expect: #f
(socket-error? 42)                         ; expect: #f
; Look-ups.
(define unknown (caught (lambda () (getaddrinfo "no host" "80" AI_NUMERICHOST))))
(list (socket-error-type unknown) (resolver-error? unknown) (lookup-error? unknown) (socket-error? unknown)) ; expect: (resolver-no-name-error #t #t #t)
(lookup-error-datum unknown)               ; expect: "no host port 80"
(socket-error-code unknown)                ; expect: #f
(getaddrinfo "no host" "80" AI_NUMERICHOST) ; error: getaddrinfo of no host port 80 (AI_NUMERICHOST): Name or service not known (EAI_NONAME)
(unknown-service-error? (caught (lambda () (getaddrinfo "127.0.0.1" "no such service")))) ; expect: #t
(define service (caught (lambda () (getservbyname "no such service" "tcp"))))
(list (unknown-service-error? service) (lookup-error-datum service) (socket-error-code service)) ; expect: (#t "no such service" #f)
(unknown-protocol-error? (caught (lambda () (getprotobyname "no such protocol")))) ; expect: #t
