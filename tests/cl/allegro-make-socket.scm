; make-socket, accept-connection, the accessors and options of (allegro socket).
(import (allegro socket))
(define-syntax failure
  (syntax-rules ()
    ((_ e) (guard (x ((socket-error? x) (socket-error-type x)) ((address-parse-error? x) 'parse) ((exception? x) (exception-kind x)) (#t (list 'raised x))) e 'none))))
(define-syntax all (syntax-rules () ((_ e) (call-with-values (lambda () e) list))))

; A passive stream: all interfaces, a port of the system's.
(define server (make-socket #:connect 'passive))
(list (local-host server) (< 0 (local-port server) 65536) (socket-type server) (socket-address-family server) (socket-connect server) (socket-format server) (socket-class server) (ipv6 server)) ; expect: (0 #t stream internet passive multivalent socket-stream-internet-passive #f)
(map (lambda (p) (p server)) (list socket-stream-internet-active? socket-stream-internet-passive? socket-stream-file-active? socket-stream-file-passive? socket-datagram-internet-active? socket-datagram-file-active?)) ; expect: (#f #t #f #f #f #f)
(list (socket? server) (socketp server) (socket-p server) (socket? 5) (socket-stream-internet-active? 5)) ; expect: (#t #t #t #f #f)
(getsockopt server SOL_SOCKET SO_REUSEADDR) ; expect: 0
(failure (remote-host server))             ; expect: socket-not-connected-error
(failure (remote-port server))             ; expect: socket-not-connected-error
(failure (read-char server))               ; expect: wrong-type-arg
(failure (local-filename server))          ; expect: wrong-type-arg
; What a passive socket has no use for is taken and ignored; what other kinds have is not.
(define chosen (make-socket #:connect #:passive #:local-host "127.0.0.1" #:reuse-address #t #:backlog 3 #:remote-host "host.invalid" #:remote-port 1 #:keepalive #t #:nodelay #f #:format 'text #:eol 'crlf #:scope-id 0 #:tcp-md5-sig-key "k"))
(list (local-host chosen) (getsockopt chosen SOL_SOCKET SO_REUSEADDR)) ; expect: (2130706433 1)
(failure (make-socket #:connect 'passive #:local-filename "/tmp/x")) ; expect: keyword-argument-error
(failure (make-socket #:connect 'passive #:broadcast #t)) ; expect: keyword-argument-error
(failure (make-socket #:connect 'passive #:local-port (local-port chosen) #:local-host "127.0.0.1")) ; expect: socket-address-in-use-error

; An active stream.
(define client (make-socket #:remote-host "127.1" #:remote-port (local-port server)))
(define peer (accept-connection server))
(list (remote-host client) (= (remote-port client) (local-port server)) (= (local-port client) (remote-port peer)) (local-host client)) ; expect: (2130706433 #t #t 2130706433)
(list (socket-class client) (socket-class peer) (socket-connect peer)) ; expect: (socket-stream-internet-active socket-stream-internet-active active)
(map (lambda (s) (getsockopt s IPPROTO_TCP TCP_NODELAY)) (list client peer server)) ; expect: (1 1 1)
(write-string "two ways\n" client)
(force-output client)
(read-line peer)                           ; expect: "two ways"
(put-bytevector peer #u8(1 2 3))
(force-output peer)
(get-bytevector-n client 3)                ; expect: #u8(1 2 3)
(define plain (make-socket #:remote-host 2130706433 #:remote-port (number->string (local-port chosen)) #:nodelay #f #:keepalive #t #:local-host "127.0.0.2"))
(define plain-peer (accept-connection chosen))
(list (getsockopt plain IPPROTO_TCP TCP_NODELAY) (getsockopt plain SOL_SOCKET SO_KEEPALIVE) (getsockopt plain-peer IPPROTO_TCP TCP_NODELAY) (ipaddr-to-dotted (remote-host plain-peer))) ; expect: (0 1 0 "127.0.0.2")
(accept-connection server #:wait #f)       ; expect: #f
(failure (accept-connection server #:timeout 1)) ; expect: keyword-argument-error
(failure (accept-connection client))       ; expect: wrong-type-arg
(failure (make-socket))                    ; expect: wrong-type-arg
(failure (make-socket #:remote-host "127.0.0.1")) ; expect: wrong-type-arg
(failure (make-socket #:remote-port 80))   ; expect: wrong-type-arg
(failure (make-socket #:type 'raw))        ; expect: wrong-type-arg
(failure (make-socket #:address-family 'local)) ; expect: wrong-type-arg
(failure (make-socket #:connect 'both))    ; expect: wrong-type-arg
(failure (make-socket #:remote-host "127.0.0.1" #:remote-port 65536)) ; expect: out-of-range
(failure (make-socket #:connect 'passive #:backlog 'long)) ; expect: wrong-type-arg
(failure (make-socket #:remote-host 'localhost #:remote-port 1)) ; expect: wrong-type-arg
(failure (make-socket #:connect 'passive #:ipv6 'both)) ; expect: wrong-type-arg
(failure (make-socket #:connect))          ; expect: keyword-argument-error
(failure (make-socket #:remote-host "127.0.0.1" #:remote-port "nosuchservice")) ; expect: unknown-service-error
(failure (make-socket #:remote-host "host.invalid" #:remote-port 1)) ; expect: resolver-no-name-error
(failure (make-socket #:remote-host "127.0.0.1" #:remote-port 1 #:tcp-md5-sig-key (make-string 81 #\k))) ; expect: wrong-type-arg
(failure (make-socket #:remote-host "127.0.0.1" #:remote-port 1 #:tcp-md5-sig-key 5)) ; expect: wrong-type-arg
(failure (make-socket #:remote-host "127.0.0.1" #:remote-port 1 #:ipv6 #t)) ; expect: wrong-type-arg
(define unused (let ((s (make-socket #:connect 'passive))) (let ((p (local-port s))) (close-port s) p)))
(define refused (guard (e (#t e)) (make-socket #:remote-host "127.0.0.1" #:remote-port unused)))
(list (stream-error-identifier refused) (= (stream-error-code refused) ECONNREFUSED) (stream-error-action refused) (port-closed? (stream-error-stream refused)) (socket-error-address refused)) ; expect: (connection-refused #t connect #t "127.0.0.1")

; Datagrams: bound at once, never connected; the remote end is a default.
(define u (make-socket #:type 'datagram #:local-host "127.0.0.1"))
(define v (make-socket #:type 'datagram #:connect 'passive #:remote-host "127.0.0.1" #:remote-port (local-port u) #:broadcast #t #:reuse-address #t))
(list (remote-host u) (remote-port u) (remote-host v) (= (remote-port v) (local-port u)) (local-host v) (< 0 (local-port v)) (socket-class v) (socket-connect v)) ; expect: (#f #f 2130706433 #t 0 #t socket-datagram-internet-active active)
(failure (getpeername v))                  ; expect: socket-not-connected-error
(failure (make-socket #:type 'datagram #:backlog 1)) ; expect: keyword-argument-error
(failure (make-socket #:type 'datagram #:nodelay #t)) ; expect: keyword-argument-error
(failure (make-socket #:type 'datagram #:local-host "127.0.0.1" #:local-port (local-port u))) ; expect: socket-address-in-use-error

; Files.
(define path (string-append "/tmp/sockeye-allegro-" (number->string (getpid))))
(define file-server (make-socket #:address-family 'file #:connect 'passive #:local-filename path #:remote-filename "/ignored"))
(failure (make-socket #:address-family 'file #:connect 'passive #:local-filename path)) ; expect: socket-address-in-use-error
(define file-client (make-socket #:address-family 'file #:remote-filename path))
(define file-peer (accept-connection file-server))
(list (socket-class file-server) (socket-class file-peer) (socket-address-family file-client) (ipv6 file-client)) ; expect: (socket-stream-file-passive socket-stream-file-active file #f)
(list (string=? path (local-filename file-server)) (string=? path (remote-filename file-client)) (local-filename file-client) (remote-filename file-peer)) ; expect: (#t #t "" "")
(failure (local-host file-client))         ; expect: wrong-type-arg
(failure (make-socket #:address-family 'file)) ; expect: wrong-type-arg
(failure (make-socket #:address-family 'file #:connect 'passive)) ; expect: wrong-type-arg
(failure (make-socket #:address-family 'file #:connect 'passive #:local-filename path #:reuse-address #t)) ; expect: keyword-argument-error
(failure (make-socket #:address-family 'file #:remote-filename path #:remote-host "x")) ; expect: keyword-argument-error
(define missing (guard (e (#t e)) (make-socket #:address-family 'file #:remote-filename "/nowhere/x")))
(list (socket-error-identifier missing) (stream-error-identifier missing)) ; expect: (ENOENT unknown)
(delete-file path)
(define fd (make-socket #:address-family 'file #:type 'datagram #:local-filename path))
(define fe (make-socket #:address-family 'file #:type 'datagram #:remote-filename path))
(list (socket-class fd) (remote-filename fd) (string=? path (remote-filename fe)) (local-filename fe)) ; expect: (socket-datagram-file-active #f #t "")
(delete-file path)

; Options: #f is a value here, and what is not given is not touched.
(set-socket-options client #:keepalive #t #:oob-inline 'yes #:receive-buffer-size 8192 #:send-buffer-size 8192 #:tcp-keepalive-idle-time 100 #:tcp-keepalive-probe-interval 20 #:tcp-keepalive-max-probes 5)
(list (getsockopt client SOL_SOCKET SO_KEEPALIVE) (getsockopt client SOL_SOCKET SO_OOBINLINE) (getsockopt client SOL_SOCKET SO_RCVBUF) (getsockopt client SOL_SOCKET SO_SNDBUF) (getsockopt client IPPROTO_TCP TCP_KEEPIDLE) (getsockopt client IPPROTO_TCP TCP_KEEPINTVL) (getsockopt client IPPROTO_TCP TCP_KEEPCNT) (getsockopt client IPPROTO_TCP TCP_NODELAY)) ; expect: (1 1 16384 16384 100 20 5 1)
(map (lambda (name) (getsockopt peer IPPROTO_TCP name)) (list TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT)) ; expect: (7200 75 9)
(set-socket-options client #:keepalive #f #:nodelay #f)
(list (getsockopt client SOL_SOCKET SO_KEEPALIVE) (getsockopt client IPPROTO_TCP TCP_NODELAY)) ; expect: (0 0)
(set-socket-options u #:broadcast #t #:reuse-address #t)
(list (getsockopt u SOL_SOCKET SO_BROADCAST) (getsockopt u SOL_SOCKET SO_REUSEADDR)) ; expect: (1 1)
(failure (set-socket-options client #:receive-buffer-size #t)) ; expect: wrong-type-arg
(failure (set-socket-options client #:linger 5)) ; expect: keyword-argument-error
(failure (set-socket-options client #:keepalive)) ; expect: keyword-argument-error
(failure (set-socket-options 'client #:keepalive #t)) ; expect: wrong-type-arg
(begin (set-socket-format client 'text) (socket-format client)) ; expect: multivalent

; Signatures. A kernel without them says so.
(define (signed thunk) (let ((f (failure (thunk)))) (and (memq f '(none socket-option-not-supported-error)) #t)))
(signed (lambda () (set-tcp-md5-sig server "127.0.0.9" "secret"))) ; expect: #t
(signed (lambda () (set-tcp-md5-sig server 2130706442 #u8(1 2 3) #:external-format 'latin1))) ; expect: #t
(failure (set-tcp-md5-sig server "::1" "secret")) ; expect: wrong-type-arg
; Who has the key is let in, who has another is not.
(define signer (make-socket #:connect 'passive #:local-host "127.0.0.1"))
(define signing? (eq? 'none (failure (set-tcp-md5-sig signer "127.0.0.1" "secret"))))
(define (let-in? key) (or (not signing?) (with-timeout (0.2 #f) (let ((s (make-socket #:remote-host "127.0.0.1" #:remote-port (local-port signer) #:tcp-md5-sig-key key))) (close-port s) #t))))
(list (let-in? "secret") (let-in? #u8(115 101 99 114 101 116)) (eq? signing? (not (let-in? "wrong")))) ; expect: (#t #t #t)
(failure (set-tcp-md5-sig client "127.0.0.9" "secret")) ; expect: wrong-type-arg
(failure (set-tcp-md5-sig u "127.0.0.9" "secret")) ; expect: wrong-type-arg
(failure (set-tcp-md5-sig server "127.0.0.9" (make-string 41 #\λ))) ; expect: wrong-type-arg
(failure (set-tcp-md5-sig server "127.0.0.9" 'secret)) ; expect: wrong-type-arg

; Descriptors.
(= (socket-os-fd client) (fileno client))  ; expect: #t
(close-port client)
(socket-os-fd client)                      ; expect: #f
(list (socket-class client) (socket-type client)) ; expect: (socket-stream-internet-active stream)
(close-port client)
(logand (fcntl peer F_GETFD) FD_CLOEXEC)   ; expect: 1
(for-each close-port (list server chosen peer plain plain-peer u v file-server file-client file-peer fd fe))
