;;; (srfi srfi-106): the basic socket interface, over the same calls as socket, bind, connect and the rest. [SRFI 106]
;;;
;;; A socket here is the port that socket makes, so all other procedures on sockets take it too. What the interface shuts down with
;;; socket-shutdown, or closes with socket-close, is the port. The ports that socket-input-port and socket-output-port give are
;;; the socket's own: to close one of them leaves the socket open, as the document wants it.

(define-module (srfi srfi-106)
  #:export (make-client-socket make-server-socket socket? call-with-socket
            socket-accept socket-send socket-recv socket-shutdown socket-close
            socket-input-port socket-output-port
            address-family address-info socket-domain ip-protocol message-type shutdown-method
            socket-merge-flags socket-purge-flags
            *af-unspec* *af-inet* *af-inet6*
            *sock-stream* *sock-dgram*
            *ai-canonname* *ai-numerichost* *ai-v4mapped* *ai-all* *ai-addrconfig* *ai-passive*
            *ipproto-ip* *ipproto-tcp* *ipproto-udp*
            *msg-none* *msg-peek* *msg-oob* *msg-waitall*
            *shut-rd* *shut-wr* *shut-rdwr*))

;;; ---- Numbers -----------------------------------------------------------------------------------------------------

(define *af-unspec* AF_UNSPEC)
(define *af-inet* AF_INET)
(define *af-inet6* AF_INET6)
(define *sock-stream* SOCK_STREAM)
(define *sock-dgram* SOCK_DGRAM)
(define *ai-canonname* AI_CANONNAME)
(define *ai-numerichost* AI_NUMERICHOST)
(define *ai-v4mapped* AI_V4MAPPED)
(define *ai-all* AI_ALL)
(define *ai-addrconfig* AI_ADDRCONFIG)
(define *ai-passive* AI_PASSIVE)
(define *ipproto-ip* IPPROTO_IP)
(define *ipproto-tcp* IPPROTO_TCP)
(define *ipproto-udp* IPPROTO_UDP)
(define *msg-none* 0)
(define *msg-peek* MSG_PEEK)
(define *msg-oob* MSG_OOB)
(define *msg-waitall* MSG_WAITALL)
(define *shut-rd* 1)
(define *shut-wr* 2)
(define *shut-rdwr* 3)

;; (address-family NAME): the number of a family: inet, inet6 or unspec.
(define-syntax address-family
  (syntax-rules (inet inet6 unspec)
    ((_ inet) *af-inet*)
    ((_ inet6) *af-inet6*)
    ((_ unspec) *af-unspec*)
    ((_ name) (syntax-error "no family of addresses:" name))))

;; (socket-domain NAME): the number of a kind of socket: stream or datagram.
(define-syntax socket-domain
  (syntax-rules (stream datagram)
    ((_ stream) *sock-stream*)
    ((_ datagram) *sock-dgram*)
    ((_ name) (syntax-error "no kind of socket:" name))))

;; (ip-protocol NAME): the number of a protocol: ip, tcp or udp.
(define-syntax ip-protocol
  (syntax-rules (ip tcp udp)
    ((_ ip) *ipproto-ip*)
    ((_ tcp) *ipproto-tcp*)
    ((_ udp) *ipproto-udp*)
    ((_ name) (syntax-error "no protocol:" name))))

;; (address-info NAME ...): the flags of these names for a look-up: canoname, numerichost, v4mapped, all, addrconfig, passive.
(define-syntax address-info
  (syntax-rules ()
    ((_ name ...) (socket-merge-flags (%address-flag name) ...))))

(define-syntax %address-flag
  (syntax-rules (canoname canonname numerichost v4mapped all addrconfig passive)
    ((_ canoname) *ai-canonname*)
    ((_ canonname) *ai-canonname*)
    ((_ numerichost) *ai-numerichost*)
    ((_ v4mapped) *ai-v4mapped*)
    ((_ all) *ai-all*)
    ((_ addrconfig) *ai-addrconfig*)
    ((_ passive) *ai-passive*)
    ((_ name) (syntax-error "no flag of a look-up:" name))))

;; (message-type NAME ...): the flags of these names for socket-send and socket-recv: none, peek, oob, wait-all.
(define-syntax message-type
  (syntax-rules ()
    ((_ name ...) (socket-merge-flags (%message-flag name) ...))))

(define-syntax %message-flag
  (syntax-rules (none peek oob wait-all)
    ((_ none) *msg-none*)
    ((_ peek) *msg-peek*)
    ((_ oob) *msg-oob*)
    ((_ wait-all) *msg-waitall*)
    ((_ name) (syntax-error "no type of message:" name))))

;; (shutdown-method NAME ...): the number for socket-shutdown that stands for read, write or both.
(define-syntax shutdown-method
  (syntax-rules ()
    ((_ name ...) (socket-merge-flags (%shutdown-flag name) ...))))

(define-syntax %shutdown-flag
  (syntax-rules (read write)
    ((_ read) *shut-rd*)
    ((_ write) *shut-wr*)
    ((_ name) (syntax-error "no way to shut down:" name))))

(define (socket-merge-flags . flags)
  "(socket-merge-flags flag ...): the number with all bits of the flags."
  (apply logior flags))

(define (socket-purge-flags base . flags)
  "(socket-purge-flags base flag ...): the number BASE without the bits of the flags."
  (logand base (lognot (apply logior flags))))

;;; ---- Sockets -----------------------------------------------------------------------------------------------------

(define (socket? obj)
  "(socket? obj): whether OBJ is a socket."
  (and (port? obj)
       (not (port-closed? obj))
       (file-port? obj)
       (false-if-exception (getsockopt obj SOL_SOCKET SO_TYPE))
       #t))

(define (%check who socket)
  "Complains in the name of WHO, of which SOCKET is argument 1, unless it is a port."
  (if (not (port? socket)) (%wrong-type who 1 "a socket" socket)))

(define (%from-first addresses make)
  "(make address) for the first of the look-up's answers for which it does not fail; with none, the last failure."
  (if (null? (cdr addresses))
      (make (car addresses))
      (catch 'system-error
        (lambda () (make (car addresses)))
        (lambda failure (%from-first (cdr addresses) make)))))

(define (%open address flags use)
  "A new socket for one of a look-up's answers, after (use socket); closed again if that fails."
  (let ((socket (socket (addrinfo:fam address) (addrinfo:socktype address) (addrinfo:protocol address))))
    (catch #t
      (lambda () (use socket))
      (lambda failure
        (close-port socket)
        (apply throw failure)))
    (setvbuf socket 'block)
    socket))

(define* (make-client-socket node service #:optional (family *af-inet*) (type *sock-stream*)
                             (flags (socket-merge-flags *ai-v4mapped* *ai-addrconfig*)) (protocol *ipproto-ip*))
  "(make-client-socket node service [family [type [flags [protocol]]]]): a socket that is connected to SERVICE, a string, of
the host NODE. FLAGS are for the look-up of the address."
  (%from-first (getaddrinfo node service flags family type protocol)
    (lambda (address)
      (%open address flags (lambda (socket) (connect socket (addrinfo:addr address)))))))

(define* (make-server-socket service #:optional (family *af-inet*) (type *sock-stream*) (protocol *ipproto-ip*))
  "(make-server-socket service [family [type [protocol]]]): a socket that is bound to SERVICE, a string, and accepts connections
if it is a stream."
  (%from-first (getaddrinfo #f service *ai-passive* family type protocol)
    (lambda (address)
      (%open address 0
        (lambda (socket)
          (if (= (addrinfo:socktype address) SOCK_STREAM) (setsockopt socket SOL_SOCKET SO_REUSEADDR 1))
          (bind socket (addrinfo:addr address))
          (if (= (addrinfo:socktype address) SOCK_STREAM) (listen socket SOMAXCONN)))))))

(define (socket-accept socket)
  "(socket-accept socket): a socket for the next connection that SOCKET, a server, gets; waits for one."
  (%check 'socket-accept socket)
  (let ((new (car (accept socket))))
    (setvbuf new 'block)
    new))

(define* (socket-send socket bytevector #:optional (flags *msg-none*))
  "(socket-send socket bytevector [flags]): sends the bytes; how many were sent. A stream sends all of them."
  (%check 'socket-send socket)
  (force-output socket)
  (let ((length (bytevector-length bytevector)))
    (let loop ((sent 0))
      (let ((sent (+ sent (send socket (if (= sent 0) bytevector (%bytes-from bytevector sent)) flags))))
        (if (and (< sent length) (= (getsockopt socket SOL_SOCKET SO_TYPE) SOCK_STREAM))
            (loop sent)
            sent)))))

(define (%bytes-from bytevector start)
  "A copy of BYTEVECTOR from START on."
  (bytevector-copy bytevector start))

(define* (socket-recv socket size #:optional (flags *msg-none*))
  "(socket-recv socket size [flags]): what comes next, in a bytevector of at most SIZE bytes; an empty one at the end of a stream."
  (%check 'socket-recv socket)
  (if (not (and (exact-integer? size) (>= size 0))) (%wrong-type 'socket-recv 2 "an exact integer, not negative" size))
  (let* ((buffer (make-bytevector size))
         (count (recv! socket buffer flags)))
    (if (= count size) buffer (bytevector-copy buffer 0 count))))

(define (socket-shutdown socket how)
  "(socket-shutdown socket how): ends the directions HOW of the connection, *shut-rd*, *shut-wr* or *shut-rdwr*."
  (%check 'socket-shutdown socket)
  (if (not (and (exact-integer? how) (<= *shut-rd* how *shut-rdwr*)))
      (scm-error 'out-of-range 'socket-shutdown "Argument ~A out of range: ~S" (list 2 how) (list how)))
  (if (not (= how *shut-rd*)) (force-output socket))
  (shutdown socket (- how 1)))

(define (socket-close socket)
  "(socket-close socket): closes SOCKET; what its output port holds back is sent."
  (%check 'socket-close socket)
  (close-port socket))

(define (socket-input-port socket)
  "(socket-input-port socket): a port, binary and of characters, that reads what comes in; to close it does not close SOCKET."
  (%check 'socket-input-port socket)
  (%text-too (make-custom-binary-input-port "socket input"
    (lambda (bytevector start count)
      (let ((bytes (get-bytevector-some socket)))
        (cond ((eof-object? bytes) 0)
              ((<= (bytevector-length bytes) count)
               (bytevector-copy! bytevector start bytes)
               (bytevector-length bytes))
              (else
               (bytevector-copy! bytevector start bytes 0 count)
               (unget-bytevector socket bytes count)
               count))))
    #f #f #f)))

(define (socket-output-port socket)
  "(socket-output-port socket): a port, binary and of characters, that sends what is written; to close it does not close SOCKET."
  (%check 'socket-output-port socket)
  (%text-too (make-custom-binary-output-port "socket output"
    (lambda (bytevector start count)
      (put-bytevector socket bytevector start count)
      (force-output socket)
      count)
    #f #f #f)))

(define (%text-too port)
  "PORT, which takes text to be UTF-8."
  (set-port-encoding! port "UTF-8")
  port)

(define (call-with-socket socket procedure)
  "(call-with-socket socket procedure): the values of (procedure socket); SOCKET is closed when they come."
  (call-with-values
    (lambda () (procedure socket))
    (lambda results
      (socket-close socket)
      (apply values results))))
