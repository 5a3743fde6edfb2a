; make-socket of (iolib sockets): each kind of socket, its keywords, and what is refused before any system call.
(import (iolib sockets) (ice-9 ftw))
(define-syntax failure
  (syntax-rules ()
    ((_ e) (guard (x ((socket-error? x) (socket-error-type x)) ((exception? x) (exception-kind x)) (#t (list 'raised x))) e 'none))))
(define-syntax all (syntax-rules () ((_ e) (call-with-values (lambda () e) list))))
; Active streams of the internet.
(define bare (make-socket))
(map (lambda (p) (p bare)) (list socket-type socket-address-family socket-protocol socket-open? socket-bound? socket-connected? socket-listening? socket-ipv6?)) ; expect: (stream ipv4 default #t #f #f #f #f)
(map (lambda (p) (p bare)) (list socket? active-socket? passive-socket? stream-socket? datagram-socket? raw-socket? internet-socket? local-socket? netlink-socket?)) ; expect: (#t #t #f #t #f #f #t #f #f)
(map (lambda (p) (p bare)) (list socketp socket-p active-socket-p passive-socket-p stream-socket-p datagram-socket-p raw-socket-p internet-socket-p local-socket-p netlink-socket-p)) ; expect: (#t #t #t #f #t #f #f #t #f #f)
(map (lambda (p) (p 'no-socket)) (list socket? active-socket? passive-socket? stream-socket? datagram-socket? raw-socket? internet-socket? local-socket? netlink-socket?)) ; expect: (#f #f #f #f #f #f #f #f #f)
(list (input-port? bare) (output-port? bare)) ; expect: (#t #t)
(logand (fcntl bare F_GETFD) FD_CLOEXEC)   ; expect: 1
(list (socket-option bare 'keep-alive) (socket-option bare 'tcp-nodelay) (socket-option bare 'reuse-address)) ; expect: (#f #f #f)
(define set (make-socket #:keepalive #t #:nodelay 'yes #:local-host "127.0.0.1" #:input-buffer-size 100 #:output-buffer-size 200))
(list (socket-option set 'keep-alive) (socket-option set 'tcp-nodelay) (socket-option set 'reuse-address) (socket-bound? set)) ; expect: (#t #t #t #t)
(socket-option (make-socket #:local-host "127.0.0.1" #:reuse-address #f) 'reuse-address) ; expect: #f
; Without local-host nothing is bound, whatever local-port says.
(socket-bound? (make-socket #:local-port 1)) ; expect: #f

; Passive streams.
(define server (make-socket #:connect 'passive #:local-host "127.0.0.1" #:local-port 0 #:backlog 3))
(map (lambda (p) (p server)) (list passive-socket? active-socket? socket-bound? socket-listening? socket-connected?)) ; expect: (#t #f #t #t #f)
(address-to-string (local-host server))    ; expect: "127.0.0.1"
(< 0 (local-port server) 65536)            ; expect: #t
(socket-option server 'accept-connections) ; expect: #t
(failure (read-char server))               ; expect: wrong-type-arg
(failure (write-char #\a server))          ; expect: wrong-type-arg
(failure (force-output server))            ; expect: wrong-type-arg
(define idle (make-socket #:connect 'passive #:local-port 1))
(map (lambda (p) (p idle)) (list passive-socket? socket-bound? socket-listening?)) ; expect: (#t #f #f)
(socket-listening? (listen-on (bind-address idle "127.0.0.1"))) ; expect: #t
(failure (make-socket #:connect 'passive #:local-host "127.0.0.1" #:local-port (local-port server))) ; expect: socket-address-in-use-error

; A connection.
(define client (make-socket #:remote-host "127.0.0.1" #:remote-port (local-port server)))
(define peer (accept-connection server))
(write-string "λ, over\n" client)
(force-output client)
(read-line peer)                           ; expect: "λ, over"
(list (socket-connected? client) (= (remote-port client) (local-port server)) (= (remote-port peer) (local-port client))) ; expect: (#t #t #t)
(address=  (remote-host client) +ipv4-loopback+) ; expect: #t
; Output waits for a flush.
(write-string "waits" client)
(failure (receive-from peer #:size 10 #:dont-wait #t)) ; expect: socket-would-block-error

; What kind it is decides on the keywords.
(failure (make-socket #:connect 'passive #:nodelay #t))         ; expect: keyword-argument-error
(failure (make-socket #:backlog 1))                             ; expect: keyword-argument-error
(failure (make-socket #:broadcast #t))                          ; expect: keyword-argument-error
(failure (make-socket #:connect 'passive #:remote-host "::1"))  ; expect: keyword-argument-error
(failure (make-socket #:type 'datagram #:external-format 'utf-8)) ; expect: keyword-argument-error
(failure (make-socket #:address-family 'local #:nodelay #f))    ; expect: keyword-argument-error
(failure (make-socket #:address-family 'local #:type 'datagram #:external-format 'default)) ; expect: keyword-argument-error
(failure (make-socket #:nonsense 1))                            ; expect: keyword-argument-error
(failure (make-socket #:nodelay))                               ; expect: keyword-argument-error
(failure (make-socket 'nodelay #t))                             ; expect: keyword-argument-error
(error-object-message (guard (e (#t e)) (make-socket #:nonsense 1))) ; expect: "make-socket: Unrecognized keyword #:nonsense"
(failure (make-socket #:address-family 'inet))                  ; expect: wrong-type-arg
(failure (make-socket #:type 'seqpacket))                       ; expect: wrong-type-arg
(failure (make-socket #:connect 'maybe))                        ; expect: wrong-type-arg
(failure (make-socket #:protocol 'tcp))                         ; expect: wrong-type-arg
(failure (make-socket #:ipv6 'ipv4))                            ; expect: wrong-type-arg
(failure (make-socket #:type 'raw))                             ; expect: socket-error
(failure (make-socket #:address-family 'local #:type 'raw))     ; expect: wrong-type-arg
(failure (make-socket #:address-family 'netlink))               ; expect: wrong-type-arg
(failure (make-socket #:local-port 65536))                      ; expect: out-of-range
(failure (make-socket #:local-port -1))                         ; expect: out-of-range
(failure (make-socket #:local-host 3.5))                        ; expect: wrong-type-arg
(failure (make-socket #:input-buffer-size 0))                   ; expect: out-of-range
(failure (make-socket #:output-buffer-size 'big))               ; expect: wrong-type-arg
(failure (make-socket #:external-format 'no-such-encoding))     ; expect: wrong-type-arg
(failure (make-socket #:connect 'passive #:backlog -1))         ; expect: out-of-range
(failure (make-socket #:address-family 'local #:local-filename 3)) ; expect: wrong-type-arg
; Colons of Common Lisp: keywords are taken for symbols.
(socket-type (make-socket #:address-family #:internet #:type #:datagram #:connect #:active)) ; expect: datagram

; Failures close what was made, and say what was to be reached.
(define unused (let ((s (make-socket #:local-host "127.0.0.1"))) (let ((p (local-port s))) (close-port s) p)))
(define refused (guard (e (#t e)) (make-socket #:remote-host "127.0.0.1" #:remote-port unused)))
(list (socket-connection-refused-error? refused) (socket-error-address refused) (socket-error-phase refused) (socket-error-operation refused)) ; expect: (#t "127.0.0.1" connect connect)
(list (= (error-code refused) ECONNREFUSED) (error-identifier refused) (error-message refused)) ; expect: (#t ECONNREFUSED "Connection refused")
(port-closed? (socket-error-socket refused)) ; expect: #t
(define nowhere (guard (e (#t e)) (make-socket #:remote-host "127.0.0.1")))
(list (unknown-service-error? nowhere) (unknown-service-datum nowhere)) ; expect: (#t #f)
(define unknown (guard (e (#t e)) (make-socket #:remote-host "127.0.0.1" #:remote-port "nosuchservice")))
(list (unknown-service-error? unknown) (unknown-service-datum unknown) (error-code unknown)) ; expect: (#t "nosuchservice" #f)
(failure (make-socket #:remote-host "host.invalid" #:remote-port 1)) ; expect: resolver-no-name-error
(failure (make-socket #:local-host "::1"))                      ; expect: wrong-type-arg
(failure (make-socket #:local-host "192.0.2.1"))                ; expect: socket-address-not-available-error
(failure (make-socket #:connect 'passive #:interface "nosuch0" #:local-host "127.0.0.1")) ; expect: socket-error

; However often it fails, no descriptor is left open.
(define (open-descriptors) (length (scandir "/proc/self/fd")))
(define before (open-descriptors))
(for-each
  (lambda (i)
    (failure (make-socket #:remote-host "127.0.0.1" #:remote-port unused))
    (failure (make-socket #:connect 'passive #:local-host "127.0.0.1" #:local-port (local-port server)))
    (failure (make-socket #:address-family 'local #:local-filename "/nowhere/at/all"))
    (failure (make-socket #:address-family 'ipv4 #:type 'raw #:protocol 9999))
    (failure (make-socket-from-fd (fileno (current-input-port))))
    (failure (make-socket #:remote-host "127.0.0.1" #:remote-port "nosuchservice")))
  (iota 20))
(>= before (open-descriptors))             ; expect: #t

; Datagrams of the internet.
(define u (make-socket #:type 'datagram #:local-host "127.0.0.1" #:broadcast #t))
(list (socket-type u) (socket-option u 'broadcast) (socket-bound? u) (socket-connected? u)) ; expect: (datagram #t #t #f)
(define v (make-socket #:type 'datagram #:remote-host "127.0.0.1" #:remote-port (local-port u)))
(list (socket-connected? v) (= (remote-port v) (local-port u))) ; expect: (#t #t)
(list (input-port? u) (output-port? u))    ; expect: (#f #f)
(failure (read-char u))                    ; expect: wrong-type-arg
(socket-connected? (make-socket #:type 'datagram #:connect 'passive)) ; expect: #f

; Local ones.
(define path (string-append "/tmp/sockeye-iolib-" (number->string (getpid))))
(define local-server (make-socket #:address-family 'file #:connect 'passive #:local-filename path #:reuse-address #f))
(string=? path (address-name (local-filename local-server))) ; expect: #t
(failure (make-socket #:address-family 'local #:connect 'passive #:local-filename path)) ; expect: socket-address-in-use-error
(define local-client (make-socket #:address-family 'local #:remote-filename path))
(define local-peer (all (accept-connection local-server)))
(list (length local-peer) (address-name (cadr local-peer))) ; expect: (2 "")
(string=? path (address-name (remote-filename local-client))) ; expect: #t
(address-name (local-filename local-client)) ; expect: ""
(close-port local-server)
; Closing leaves the name there.
(file-exists? path)                        ; expect: #t
(delete-file path)
(define missing (guard (e (#t e)) (make-socket #:address-family 'local #:remote-filename "/nowhere/at/all")))
(list (socket-error-type missing) (error-identifier missing) (socket-error-address missing) (socket-error-phase missing)) ; expect: (socket-error ENOENT "/nowhere/at/all" connect)
(define d (make-socket #:address-family 'local #:type 'datagram #:local-filename path))
(define e (make-socket #:address-family 'local #:type 'datagram #:remote-filename path))
(list (socket-type d) (socket-bound? d) (socket-connected? e)) ; expect: (datagram #t #t)
(delete-file path)

; Sockets of other libraries are sockets, too.
(define native (socket AF_UNIX SOCK_DGRAM 0))
(map (lambda (p) (p native)) (list socket? local-socket? datagram-socket? active-socket?)) ; expect: (#t #t #t #t)
(socket? (current-output-port))            ; expect: #f

(for-each close-port (list bare set server idle client peer u v local-client (car local-peer) d e native))
(map (lambda (p) (p server)) (list socket-open? socket-bound? socket-listening? socket-connected? socket-os-fd passive-socket?)) ; expect: (#f #f #f #f #f #t)
(close-port server)
