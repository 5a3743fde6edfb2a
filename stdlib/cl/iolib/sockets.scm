;;; (iolib sockets): the socket operators of IOLib. [IOLib]
;;;
;;;     (with-open-socket (s #:remote-host "localhost" #:remote-port 7)
;;;       (write-string "hello\n" s)
;;;       (force-output s)
;;;       (read-line s))
;;;
;;; Thin: names, defaults and results are IOLib's, and the calls those of (sockeye net socket). connect and shutdown replace the native
;;; ones, which stay reachable as (@ (guile) connect). Addresses and look-ups are those of (iolib addresses), options those of
;;; (iolib options).
;;; Where it leaves IOLib: a flag or keyword given as #f is off; receive-from waits unless told not to; connecting that runs out of
;;; time is an error; a descriptor travels with an octet.

(define-module (iolib sockets)
  #:use-module (sockeye net conditions)
  #:use-module (sockeye net raising)
  #:use-module (sockeye net address)
  #:use-module (sockeye net resolve)
  #:use-module (sockeye net socket)
  #:use-module (iolib addresses)
  #:use-module (iolib options)
  #:replace (connect shutdown)
  #:export (make-socket with-open-socket with-accept-connection make-socket-from-fd make-socket-pair send-to receive-from
            bind-address listen-on accept-connection disconnect send-file-descriptor receive-file-descriptor
            call-with-open-socket call-with-accept-connection
            ;; What a socket is.
            socket-os-fd socket-type socket-protocol socket-address-family local-name remote-name local-host local-port
            remote-host remote-port local-filename remote-filename
            socket-open? socket-open-p socket-connected? socket-connected-p socket-ipv6? socket-ipv6-p socket-bound?
            socket-bound-p socket-listening? socket-listening-p
            socket? socketp socket-p active-socket? active-socket-p passive-socket? passive-socket-p stream-socket?
            stream-socket-p datagram-socket? datagram-socket-p raw-socket? raw-socket-p internet-socket? internet-socket-p
            local-socket? local-socket-p netlink-socket? netlink-socket-p
            *default-backlog-size* +max-backlog-size+
            ;; What failed.
            error-code error-identifier error-message resolver-error-datum unknown-service-datum unknown-protocol-datum
            unknown-interface-datum poll-timeout?))

;; The exceptions, addresses, look-ups and options are exports of this library, too.
(for-each (lambda (library) (module-use! (module-public-interface (current-module)) (resolve-interface library)))
          '((sockeye net conditions) (iolib addresses) (iolib options)))

(define *default-backlog-size* (make-parameter 5))
(define +max-backlog-size+ SOMAXCONN)

;;; ---- Checking arguments ----------------------------------------------------------------------------------------------

(define (%check who name value good? expected)
  "Complains in the name of WHO unless VALUE, of the keyword NAME, is #f or GOOD?."
  (if (and value (not (good? value)))
      (raise-wrong-argument who name expected value (memq name %numbers))))

;; Keywords whose values are numbers: one out of bounds is told from one of the wrong type.
(define %numbers '(input-buffer-size output-buffer-size backlog timeout local-port remote-port multicast-groups))

(define (%check-size who name value)
  "Complains unless VALUE is #f or a buffer's size."
  (%check who name value (lambda (n) (and (exact-integer? n) (< 0 n 1073741824))) "#f or a number of octets, from 1 to 2^30"))

(define (%check-backlog who value)
  "Complains unless VALUE is #f or a backlog."
  (%check who 'backlog value (lambda (n) (and (exact-integer? n) (<= 0 n #x7fffffff))) "#f or an exact integer, not negative"))

(define (%check-format who value)
  "Complains unless VALUE is #f or an external format."
  (%check who 'external-format value external-format? "an external format: default, an encoding, or a list of one and #:eol-style"))

(define (%check-filename who name value)
  "Complains unless VALUE is #f or the name of a local socket."
  (%check who name value (lambda (s) (or (local-address? s) (and (string? s) (> (string-length s) 0)))) "a string"))

(define (%check-time who name value)
  "Complains unless VALUE is #f or a time in seconds."
  (%check who name value (lambda (n) (and (real? n) (>= n 0))) "#f or a number of seconds, not negative"))

(define (%wait who wait timeout)
  "What WAIT and TIMEOUT come to: #t for ever, #f for not at all, or a number of seconds."
  (%check-time who 'timeout timeout)
  (cond ((eq? wait #t) (or timeout #t))
        ((not wait) #f)
        ((and (real? wait) (>= wait 0)) wait)
        (else (raise-wrong-argument who 'wait "#t, #f or a number of seconds, not negative" wait #t))))

(define (%backlog backlog)
  "BACKLOG, or the usual one for #f."
  (or backlog (min (*default-backlog-size*) +max-backlog-size+)))

(define (%protocol-number who protocol)
  "PROTOCOL as a number."
  (let ((protocol (value-symbol protocol)))
    (cond ((eq? protocol 'default) 0)
          ((and (exact-integer? protocol) (<= 0 protocol #x7fffffff)) protocol)
          (else (raise-wrong-argument who 'protocol "default or an exact integer" protocol #t)))))

;;; ---- make-socket -----------------------------------------------------------------------------------------------------

(define %common-keywords '(address-family type protocol connect ipv6))

(define (%own-keywords family type passive?)
  "The keywords that make-socket takes for this kind of socket besides those for all; #f if there is no such kind."
  (case type
    ((stream)
     (case family
       ((ipv4 ipv6)
        (if passive?
            '(external-format interface reuse-address local-host local-port backlog)
            '(external-format keepalive nodelay reuse-address local-host local-port remote-host remote-port input-buffer-size
              output-buffer-size)))
       ((local)
        (if passive?
            '(external-format local-filename reuse-address backlog)
            '(external-format local-filename remote-filename input-buffer-size output-buffer-size)))
       (else #f)))
    ((datagram)
     (case family
       ((ipv4 ipv6) '(broadcast interface reuse-address local-host local-port remote-host remote-port))
       ((local) '(local-filename remote-filename))
       (else #f)))
    (else
     (case family
       ((ipv4) '(include-headers))
       ((netlink) '(local-port multicast-groups))
       (else #f)))))

(define (make-socket . arguments)
  "(make-socket #:address-family f #:type t #:connect c #:protocol p #:ipv6 v keyword value ...): a new socket. F is internet, ipv4, ipv6, local or file,
which are the same, or netlink; T stream, datagram or raw; C active or passive; P default or, for raw sockets, a number; V true for IPv6. These say which
further keywords there are; all are checked before any system call, and others are errors of arguments. It is bound if local-host or local-filename
is given, a passive one then also listens, and connected if remote-host or remote-filename is. Raises a &socket-error. [IOLib]

active streams of the internet: local-host, local-port, reuse-address (#t), remote-host, remote-port, keepalive, nodelay, external-format,
input-buffer-size, output-buffer-size (4096)

passive streams of the internet: local-host, local-port, reuse-address (#t), interface, backlog, external-format

datagrams of the internet: local-host, local-port, reuse-address (#t), remote-host, remote-port, interface, broadcast

local sockets: local-filename; for datagrams and active streams remote-filename; for passive streams backlog; for streams external-format, for
active ones input-buffer-size and output-buffer-size

raw sockets: include-headers for ipv4; local-port and multicast-groups for netlink

    (with-open-socket (s #:type 'datagram) (list (socket-type s) (socket-address-family s)))  => (datagram ipv4)"
  (let* ((given (let loop ((l arguments))
                  ;; What kind it is must be known before its keywords can be checked.
                  (cond ((not (and (pair? l) (pair? (cdr l)))) '())
                        ((and (keyword? (car l)) (memq (keyword->symbol (car l)) %common-keywords))
                         (append (loop (cddr l)) (list (cons (keyword->symbol (car l)) (cadr l)))))
                        (else (loop (cddr l))))))
         (named (value-symbol (keyword-value given 'address-family 'internet)))
         (type (value-symbol (keyword-value given 'type 'stream)))
         (connect (value-symbol (keyword-value given 'connect 'active)))
         (protocol (%protocol-number 'make-socket (keyword-value given 'protocol 'default)))
         (ipv6 (need-choice 'make-socket 'ipv6 (keyword-value given 'ipv6 (*ipv6*)) '(#f #t ipv6)))
         (family (case named
                   ((internet) (if (and ipv6 (not (eq? type 'raw))) 'ipv6 'ipv4))
                   ((ipv4 ipv6 local netlink) named)
                   ((file) 'local)
                   (else (raise-wrong-argument 'make-socket 'address-family "internet, ipv4, ipv6, local, file or netlink" named))))
         (policy (and (eq? family 'ipv6) (or ipv6 'ipv6))))
    (if (not (memq type '(stream datagram raw)))
        (raise-wrong-argument 'make-socket 'type "stream, datagram or raw" type))
    (if (not (memq connect '(active passive)))
        (raise-wrong-argument 'make-socket 'connect "active or passive" connect))
    (let ((own (or (%own-keywords family type (eq? connect 'passive))
                   (raise-wrong-argument 'make-socket 'type "one that this address family has" type))))
      (let ((table (keyword-table 'make-socket arguments (append %common-keywords own))))
        (%check-values family table)
        (parameterize ((*ipv6* policy))
          (let ((socket (cond ((eq? type 'raw) (%make-raw family protocol table))
                              ((eq? family 'local) (%make-local type (eq? connect 'passive) table))
                              (else (%make-inet family type (eq? connect 'passive) policy table)))))
            (set-socket-note! socket 'protocol (if (eq? type 'raw) (value-symbol (keyword-value given 'protocol 'default)) 'default))
            socket))))))

(define (%check-values family table)
  "Complains of values in the keyword TABLE of make-socket that sockets of FAMILY do not take."
  (for-each
    (lambda (entry)
      (let ((name (car entry)) (value (cdr entry)))
        (case name
          ((external-format) (%check-format 'make-socket value))
          ((local-host remote-host) (%check 'make-socket name value host-designator? "a host: a name, an address or its number"))
          ((local-port remote-port)
           (if (eq? family 'netlink)
               (%check 'make-socket name value %word? "an exact integer from 0 to 4294967295")
               (%check 'make-socket name value service-designator? "a port from 0 to 65535 or the name of a service")))
          ((input-buffer-size output-buffer-size) (%check-size 'make-socket name value))
          ((backlog) (%check-backlog 'make-socket value))
          ((interface) (%check 'make-socket name value string? "the name of an interface"))
          ((local-filename remote-filename) (%check-filename 'make-socket name value))
          ((multicast-groups)
           (%check 'make-socket name value %word? "a bit mask"))
          (else #f))))
    table))

(define (%word? obj)
  "Whether OBJ is a number of 32 bits."
  (and (exact-integer? obj) (<= 0 obj #xffffffff)))

(define (%settle-stream socket table)
  "Gives SOCKET, an active stream, the buffers and the external format that the keyword TABLE asks for. The socket."
  (buffer-socket socket (or (keyword-value table 'input-buffer-size #f) 4096)
                 (or (keyword-value table 'output-buffer-size #f) 4096))
  (set-socket-format! socket (or (keyword-value table 'external-format #f) 'default))
  socket)

(define (%settle-passive socket table)
  "Makes SOCKET passive, with the external format that the keyword TABLE asks for. The socket."
  (set-socket-direction! socket 'passive)
  (bar-socket socket)
  (set-socket-note! socket 'format (or (keyword-value table 'external-format #f) 'default))
  socket)

(define (%make-inet family type passive? policy table)
  "What make-socket makes for the internet."
  (let* ((stream? (eq? type 'stream))
         (protocol (if stream? 'tcp 'udp))
         (value (lambda (name) (keyword-value table name #f)))
         (resolve (lambda (name)
                    (call-noting-errors (lambda () (%address 'make-socket name (value name) family policy)) 'phase 'create)))
         (service (lambda (name) (resolve-service (or (value name) 0) protocol #:who 'make-socket #:phase 'create)))
         (remote-host (value 'remote-host))
         (remote-port (cond ((not remote-host) 0)
                            ((value 'remote-port) (service 'remote-port))
                            (stream? (raise-lookup-error 'unknown-service-error 'make-socket #f
                                       "a remote port is needed to connect" #:phase 'create))
                            (else 0)))
         (local-port (if (value 'local-host) (service 'local-port) 0))
         (local (and (value 'local-host) (address->sockaddr (resolve 'local-host) local-port)))
         (remote (and remote-host (address->sockaddr (resolve 'remote-host) remote-port)))
         (socket (open-socket family type)))
    (call-closing-on-failure socket
      (lambda ()
        (let ((bind-to-device (lambda ()
                                (if (value 'interface)
                                    (set-option socket SOL_SOCKET SO_BINDTODEVICE 'text (value 'interface))))))
          (set-flag socket SOL_SOCKET SO_KEEPALIVE (value 'keepalive))
          (set-flag socket IPPROTO_TCP TCP_NODELAY (value 'nodelay))
          (set-flag socket SOL_SOCKET SO_BROADCAST (value 'broadcast))
          (if local
              (begin
                (if stream? (bind-to-device))
                (set-flag socket SOL_SOCKET SO_REUSEADDR (keyword-value table 'reuse-address #t))
                (bind-socket socket local (value 'local-host))
                (if (not stream?) (bind-to-device))))
          (if (and local passive? stream?) (listen-on-socket socket (%backlog (value 'backlog))))
          (if remote (connect-socket socket remote #:given remote-host))
          (cond ((not stream?) socket)
                (passive? (%settle-passive socket table))
                (else (%settle-stream socket table))))))))

(define (%make-local type passive? table)
  "What make-socket makes of local sockets."
  (let* ((value (lambda (name) (keyword-value table name #f)))
         (sockaddr (lambda (name)
                     (and (value name) (address->sockaddr (%local-name-address 'make-socket (value name))))))
         (local (sockaddr 'local-filename))
         (remote (sockaddr 'remote-filename))
         (socket (open-socket 'local type)))
    (call-closing-on-failure socket
      (lambda ()
        (if local (bind-socket socket local (value 'local-filename)))
        (if (and local passive? (eq? type 'stream)) (listen-on-socket socket (%backlog (value 'backlog))))
        (if remote (connect-socket socket remote #:given (value 'remote-filename)))
        (cond ((not (eq? type 'stream)) socket)
              (passive? (%settle-passive socket table))
              (else (%settle-stream socket table)))))))

(define (%make-raw family protocol table)
  "What make-socket makes of raw sockets."
  (let ((port (keyword-value table 'local-port 0))
        (socket (open-socket family 'raw protocol)))
    (call-closing-on-failure socket
      (lambda ()
        (cond ((eq? family 'ipv4)
               (set-option socket IPPROTO_IP IP_HDRINCL 'bool (keyword-value table 'include-headers #f)))
              (port
               (bind-socket socket (%netlink-sockaddr port (or (keyword-value table 'multicast-groups 0) 0)))))
        socket))))

(define (%netlink-sockaddr port groups)
  "What bind takes for a netlink socket: after the family two octets of nothing, the port and the groups, each of 32 bits."
  (let ((octets (make-bytevector 10 0)))
    (bytevector-u32-native-set! octets 2 port)
    (bytevector-u32-native-set! octets 6 groups)
    (vector AF_NETLINK octets)))

(define (%address who position host family policy)
  "The address object of HOST, the argument of WHO at POSITION, for a socket of FAMILY."
  (resolve-in-family host family #:ipv6 policy #:parse-ipv4 parse-dotted #:map? #t #:who who #:position position))

(define (%local-name-address who name)
  "The address object of NAME, a string or a local address."
  (cond ((local-address? name) name)
        ((and (string? name) (> (string-length name) 0)) (make-local-address name))
        (else (raise-wrong-argument who 2 "a local address or a string" name))))

;;; ---- Extents ---------------------------------------------------------------------------------------------------------

(define (call-with-open-socket proc . arguments)
  "(call-with-open-socket proc argument ...): the values of (PROC socket), with a new socket made by make-socket of these arguments, which is closed
when PROC is left: with its output flushed when PROC returns, at once otherwise. Entering PROC again later raises &extent-reentry-error. [IOLib]

    (call-with-open-socket socket-type #:type 'datagram)  => datagram"
  (if (not (procedure? proc)) (raise-wrong-argument 'call-with-open-socket 1 "a procedure" proc))
  (call-with-extent (apply make-socket arguments) proc))

(define (call-with-accept-connection proc passive . arguments)
  "(call-with-accept-connection proc passive argument ...): the values of (PROC socket), with the connection that accept-connection gives for these
arguments, closed as by call-with-open-socket; #f in place of a socket if nobody came in time. [IOLib]"
  (if (not (procedure? proc)) (raise-wrong-argument 'call-with-accept-connection 1 "a procedure" proc))
  (let ((socket (apply accept-connection passive arguments)))
    (if socket
        (call-with-extent socket proc)
        (proc #f))))

;; (with-open-socket (VAR MAKE-SOCKET-ARGUMENT ...) BODY ...): the values of the body, with VAR being a new socket, closed in the end.
(define-syntax with-open-socket
  (syntax-rules ()
    ((_ (var argument ...) body0 body ...)
     (call-with-open-socket (lambda (var) body0 body ...) argument ...))))

;; (with-accept-connection (VAR PASSIVE ACCEPT-ARGUMENT ...) BODY ...): the values of the body, with VAR being a connection, or #f.
(define-syntax with-accept-connection
  (syntax-rules ()
    ((_ (var passive argument ...) body0 body ...)
     (call-with-accept-connection (lambda (var) body0 body ...) passive argument ...))))

;;; ---- Sockets from elsewhere ------------------------------------------------------------------------------------------

(define* (make-socket-from-fd fd #:key (dup #t) (connect 'active) (external-format 'default) (input-buffer-size #f)
                              (output-buffer-size #f))
  "(make-socket-from-fd fd [#:dup flag] [#:connect c] [#:external-format f] [#:input-buffer-size n] [#:output-buffer-size n]): a socket on the
descriptor FD, or on a duplicate of it, with DUP true. C is active, or passive for a stream that listens. Raises a &socket-error: EBADF, or ENOTSOCK for
what is no socket. [IOLib]"
  (if (not (exact-integer? fd)) (raise-wrong-argument 'make-socket-from-fd 1 "a descriptor: an exact integer" fd))
  (if (not (memq (value-symbol connect) '(active passive)))
      (raise-wrong-argument 'make-socket-from-fd 'connect "active or passive" connect))
  (%check-format 'make-socket-from-fd external-format)
  (%check-size 'make-socket-from-fd 'input-buffer-size input-buffer-size)
  (%check-size 'make-socket-from-fd 'output-buffer-size output-buffer-size)
  (let ((socket (adopt-descriptor fd #:duplicate? dup))
        (table (list (cons 'external-format external-format) (cons 'input-buffer-size input-buffer-size)
                     (cons 'output-buffer-size output-buffer-size))))
    (set-socket-note! socket 'protocol 'default)
    (cond ((not (eq? (socket-kind socket) 'stream)) (bar-socket socket))
          ((or (eq? (value-symbol connect) 'passive) (eq? (socket-direction socket) 'passive))
           (%settle-passive socket table))
          (else (%settle-stream socket table)))
    socket))

(define* (make-socket-pair #:key (type 'stream) (protocol 'default) (external-format 'default) (input-buffer-size #f)
                           (output-buffer-size #f))
  "(make-socket-pair [#:type t] [#:protocol p] [#:external-format f] [#:input-buffer-size n] [#:output-buffer-size n]): two values, local sockets that are
connected to each other, of the type stream or datagram. [IOLib]

    (call-with-values make-socket-pair (lambda (a b) (send-to a #u8(1 2)) (read-u8 b)))  => 1"
  (let ((type (value-symbol type)))
    (if (not (memq type '(stream datagram))) (raise-wrong-argument 'make-socket-pair 'type "stream or datagram" type))
    (%protocol-number 'make-socket-pair protocol)
    (%check-format 'make-socket-pair external-format)
    (%check-size 'make-socket-pair 'input-buffer-size input-buffer-size)
    (%check-size 'make-socket-pair 'output-buffer-size output-buffer-size)
    (let ((pair (open-socket-pair type))
          (table (list (cons 'external-format external-format) (cons 'input-buffer-size input-buffer-size)
                       (cons 'output-buffer-size output-buffer-size))))
      (if (eq? type 'stream)
          (for-each (lambda (socket) (%settle-stream socket table)) (list (car pair) (cdr pair))))
      (values (car pair) (cdr pair)))))

;;; ---- Data ------------------------------------------------------------------------------------------------------------

(define (%need-active who socket)
  "Complains in the name of WHO unless SOCKET can send and receive."
  (need-socket who socket (lambda (socket) (eq? (socket-direction socket) 'active)) "a socket that is not passive"))

(define (%range who start end length)
  "START and the end that END, perhaps #f, means, checked to be in LENGTH, as a pair."
  (let ((end (or end length)))
    (if (not (and (exact-integer? end) (<= 0 end length)))
        (raise-wrong-argument who 'end (string-append "#f or an exact integer up to " (number->string length)) end #t))
    (if (not (and (exact-integer? start) (<= 0 start end)))
        (raise-wrong-argument who 'start "an exact integer up to the end" start #t))
    (cons start end)))

(define (%flags who table flags names)
  "The number of the flags: FLAGS if it is not #f, else those of NAMES, an association list, that are true in TABLE."
  (cond ((exact-integer? flags) flags)
        (flags (raise-wrong-argument who 'flags "#f or an exact integer" flags))
        (else (apply logior 0 (map (lambda (entry) (if (keyword-value table (car entry) #f) (cdr entry) 0)) names)))))

(define (send-to socket buffer . arguments)
  "(send-to socket buffer [#:start n] [#:end n] [#:flags n] [#:remote-host h] [#:remote-port p] [#:ipv6 v] [#:remote-filename f] [#:dont-route flag]
[#:dont-wait flag] [#:out-of-band flag] [#:more flag] [#:confirm flag]): sends the part of BUFFER, a bytevector or a vector of octets, to the destination
given, or else to the connected peer; how many octets were sent. A destination is a host and port, or for local sockets a name. Raises
&socket-would-block-error with dont-wait true, EDESTADDRREQ without a destination. [IOLib]

    (call-with-values make-socket-pair (lambda (a b) (send-to a #u8(1 2 3) #:start 1)))  => 2"
  (%need-active 'send-to socket)
  (let* ((family (socket-family socket))
         (table (keyword-table 'send-to arguments
                  (append '(start end flags dont-route dont-wait out-of-band more confirm)
                          (if (eq? family 'local) '(remote-filename) '(remote-host remote-port ipv6)))))
         (value (lambda (name) (keyword-value table name #f)))
         (octets (octets-of 'send-to 2 buffer))
         (range (%range 'send-to (keyword-value table 'start 0) (value 'end) (bytevector-length octets)))
         (flags (%flags 'send-to table (value 'flags)
                  (list (cons 'dont-route MSG_DONTROUTE) (cons 'dont-wait MSG_DONTWAIT) (cons 'out-of-band MSG_OOB)
                        (cons 'more MSG_MORE) (cons 'confirm MSG_CONFIRM))))
         (host (value 'remote-host))
         (filename (value 'remote-filename))
         (policy (need-choice 'send-to 'ipv6 (keyword-value table 'ipv6 (*ipv6*)) '(#f #t ipv6))))
    (%check-filename 'send-to 'remote-filename filename)
    (let ((port (resolve-service (or (value 'remote-port) 0) (if (eq? (socket-kind socket) 'stream) 'tcp 'udp) #:who 'send-to #:position 'remote-port)))
      (%send socket octets range flags
             (cond (host (address->sockaddr (%address 'send-to 'remote-host host family (and (eq? family 'ipv6) (or policy 'ipv6))) port))
                   (filename (address->sockaddr (%local-name-address 'send-to filename)))
                   (else #f))
             (or host filename)))))

(define (%send socket octets range flags to given)
  "Sends the part RANGE of OCTETS. A datagram socket without a peer says so in one way, whatever its family."
  (let ((send (lambda () (send-octets socket octets (car range) (cdr range) #:flags flags #:to to #:given given))))
    (if (or to (not (eq? (socket-kind socket) 'datagram)))
        (send)
        (guard (e ((socket-not-connected-error? e)
                   (raise-socket-error EDESTADDRREQ 'send #:socket socket #:phase 'io)))
          (send)))))

(define* (receive-from socket #:key (buffer #f) (start 0) (end #f) (size #f) (flags #f) (out-of-band #f) (peek #f) (wait-all #f)
                       (dont-wait #f))
  "(receive-from socket [#:buffer b] [#:start n] [#:end n] [#:size n] [#:flags n] [#:out-of-band flag] [#:peek flag] [#:wait-all flag]
[#:dont-wait flag]): receives into the part of the bytevector or vector B, or into a new bytevector of SIZE octets. Values: the buffer, and how many octets
came, 0 at the end of a stream; of a datagram also the sender's host, an address object, and port, or its local address, #f if it has none. Waits,
but with dont-wait true raises &socket-would-block-error. What of a datagram does not fit is lost. [IOLib]"
  (%need-active 'receive-from socket)
  (if (not (or (not buffer) (bytevector? buffer) (vector? buffer)))
      (raise-wrong-argument 'receive-from 'buffer "a bytevector or a vector" buffer))
  (if (not buffer)
      (if (not (and (exact-integer? size) (<= 0 size)))
          (raise-wrong-argument 'receive-from 'size "given, where #:buffer is not: an exact integer, not negative" size #t)))
  (let* ((range (if buffer
                    (%range 'receive-from start end (if (vector? buffer) (vector-length buffer) (bytevector-length buffer)))
                    (cons 0 size)))
         (table (list (cons 'out-of-band out-of-band) (cons 'peek peek) (cons 'wait-all wait-all) (cons 'dont-wait dont-wait)))
         (flags (%flags 'receive-from table flags
                  (list (cons 'out-of-band MSG_OOB) (cons 'peek MSG_PEEK) (cons 'wait-all MSG_WAITALL)
                        (cons 'dont-wait MSG_DONTWAIT))))
         (buffer (or buffer (make-bytevector size 0))))
    (call-with-values
      (lambda ()
        (receive-into buffer (car range) (cdr range)
          (lambda (octets start end) (receive-octets socket octets start end #:flags flags))))
      (lambda (count sender)
        (cond ((not (eq? (socket-kind socket) 'datagram)) (values buffer count))
              ((eq? (socket-family socket) 'local)
               (values buffer count (%sender-address sender)))
              (else (values buffer count (sockaddr->address sender) (sockaddr-port sender))))))))

(define (%sender-address sender)
  "The local address SENDER, or #f if the sender has no name."
  (let ((address (sockaddr->address sender)))
    (and address
         (not (string=? (local-address-name address) ""))
         address)))

;;; ---- Connections -----------------------------------------------------------------------------------------------------

(define* (bind-address socket address #:key (port 0) (reuse-address #t))
  "(bind-address socket address [#:port p] [#:reuse-address flag]): binds SOCKET to ADDRESS, an address object or another form of a host, for local sockets
a name. An IPv4 address is mapped for a socket of IPv6. The socket. Raises &socket-address-in-use-error and others. [IOLib]"
  (need-socket 'bind-address socket)
  (let ((sockaddr (%sockaddr-for 'bind-address socket address port)))
    (set-flag socket SOL_SOCKET SO_REUSEADDR reuse-address)
    (bind-socket socket sockaddr address)
    socket))

(define (%sockaddr-for who socket address port)
  "What bind and connect take for ADDRESS and PORT on SOCKET."
  (let ((family (socket-family socket)))
    (if (inet-family? family)
        (begin
          (if (local-address? address) (raise-wrong-argument who 2 "an address of the socket's family" address))
          (let ((address (call-noting-errors
                           (lambda () (%address who 2 address family (and (eq? family 'ipv6) (or (*ipv6*) 'ipv6))))
                           'socket socket 'phase 'create))
                (protocol (if (eq? (socket-kind socket) 'stream) 'tcp 'udp)))
            (address->sockaddr address (resolve-service (or port 0) protocol #:who who #:position 'port #:phase 'create))))
        (address->sockaddr (%local-name-address who address)))))

(define* (listen-on socket #:key (backlog #f))
  "(listen-on socket [#:backlog n]): has SOCKET, a stream socket that is bound, take connections; at most N wait in line. The socket. Raises
&socket-operation-not-supported-error for a datagram socket. A BACKLOG that is no such number is an error of arguments; (*default-backlog-size*) stands for #f. [IOLib]"
  (need-socket 'listen-on socket)
  (%check-backlog 'listen-on backlog)
  (listen-on-socket socket (%backlog backlog))
  socket)

(define* (accept-connection passive #:key (wait #t) (timeout #f) (external-format #f) (input-buffer-size #f)
                            (output-buffer-size #f))
  "(accept-connection passive [#:wait w] [#:timeout seconds] [#:external-format f] [#:input-buffer-size n] [#:output-buffer-size n]): takes the next connection
that waits for PASSIVE. Values: the new socket, and the other end's host and port, or its local address; #f alone if nobody came in time. W is #t, with
perhaps a TIMEOUT, a number of seconds, or #f for not waiting. A socket that is not passive is an error of arguments. [IOLib]"
  (need-socket 'accept-connection passive (lambda (socket) (eq? (socket-direction socket) 'passive)) "a passive socket")
  (%check-format 'accept-connection external-format)
  (%check-size 'accept-connection 'input-buffer-size input-buffer-size)
  (%check-size 'accept-connection 'output-buffer-size output-buffer-size)
  (call-with-values
    (lambda () (accept-socket passive #:wait (%wait 'accept-connection wait timeout)))
    (lambda (socket peer)
      (if (not socket)
          #f
          (begin
            (set-socket-note! socket 'protocol 'default)
            (%settle-stream socket
              (list (cons 'external-format (or external-format (socket-note passive 'format 'default)))
                    (cons 'input-buffer-size input-buffer-size)
                    (cons 'output-buffer-size output-buffer-size)))
            (if (eq? (socket-family socket) 'local)
                (values socket (or (sockaddr->address peer) (make-local-address "")))
                (values socket (sockaddr->address peer) (sockaddr-port peer))))))))

(define* (connect socket address #:key (port 0) (wait #t) (timeout #f))
  "(connect socket address [#:port p] [#:wait w] [#:timeout seconds]): connects SOCKET to ADDRESS, an address object or another form of a host, for local
sockets a name; of a datagram socket it only sets the peer. W is #t, with perhaps a TIMEOUT, a number of seconds, after which
&socket-connection-timeout-error is raised, or #f for only beginning. The socket. [IOLib]"
  (need-socket 'connect socket)
  (let* ((wait (%wait 'connect wait timeout))
         (sockaddr (%sockaddr-for 'connect socket address port)))
    (connect-socket socket sockaddr #:wait (if (eq? (socket-kind socket) 'datagram) #t wait) #:given address)
    socket))

(define (disconnect socket)
  "(disconnect socket): takes its peer from SOCKET, a datagram socket. The socket. Any other socket is an error of arguments. [IOLib]"
  (need-socket 'disconnect socket (lambda (socket) (eq? (socket-kind socket) 'datagram)) "a datagram socket")
  (disconnect-socket socket)
  socket)

(define* (shutdown socket #:key (read #f) (write #f))
  "(shutdown socket [#:read flag] [#:write flag]): ends one or both directions of the connection of SOCKET; for writing, after what the port holds is
written. The socket. Neither direction is an error of arguments. Raises &socket-not-connected-error and others. [IOLib]"
  (need-socket 'shutdown socket)
  (if (not (or read write)) (raise-wrong-argument 'shutdown 'read "true, or #:write should" read))
  (if (and write (output-port? socket)) (force-output socket))
  (call-noting-errors (lambda () (shutdown-socket socket (cond ((not write) 0) ((not read) 1) (else 2)))) 'socket socket 'phase 'io)
  socket)

(define (send-file-descriptor socket fd)
  "(send-file-descriptor socket fd): passes FD, a descriptor or a port, over SOCKET, a local socket, with one zero octet. No values. Raises a &socket-error, such as EBADF; a socket that is not local is an error of arguments. [IOLib]"
  (need-socket 'send-file-descriptor socket (lambda (socket) (eq? (socket-family socket) 'local)) "a local socket")
  (if (not (or (exact-integer? fd) (port? fd)))
      (raise-wrong-argument 'send-file-descriptor 2 "a descriptor, an exact integer, or a port" fd))
  (pass-descriptor socket fd)
  (values))

(define (receive-file-descriptor socket)
  "(receive-file-descriptor socket): the descriptor that comes next over SOCKET, a local socket, an exact integer; #f when the other end was closed. Waits
for it. Raises EBADMSG for an octet that comes without a descriptor. [IOLib]"
  (need-socket 'receive-file-descriptor socket (lambda (socket) (eq? (socket-family socket) 'local)) "a local socket")
  (take-descriptor socket))

;;; ---- What a socket is ------------------------------------------------------------------------------------------------

(define (socket-os-fd socket)
  "(socket-os-fd socket): the number of the descriptor of SOCKET, #f when it is closed. [IOLib]"
  (need-socket 'socket-os-fd socket)
  (socket-descriptor socket))

(define (socket-type socket)
  "(socket-type socket): stream, datagram or raw. [IOLib]"
  (need-socket 'socket-type socket)
  (socket-kind socket))

(define (socket-protocol socket)
  "(socket-protocol socket): default, or the number of the protocol of a raw socket that was made with one. [IOLib]"
  (need-socket 'socket-protocol socket)
  (socket-note socket 'protocol 'default))

(define (socket-address-family socket)
  "(socket-address-family socket): ipv4, ipv6, local or netlink. [IOLib]"
  (need-socket 'socket-address-family socket)
  (socket-family socket))

(define (%name who socket sockaddr)
  "The parts of the SOCKADDR of SOCKET that local-name and remote-name give."
  (if (inet-family? (socket-family socket))
      (values (sockaddr->address sockaddr) (sockaddr-port sockaddr))
      (or (sockaddr->address sockaddr) (make-local-address ""))))

(define (local-name socket)
  "(local-name socket): two values, address and port of SOCKET; of a local socket its address alone. [IOLib]"
  (need-socket 'local-name socket)
  (%name 'local-name socket (own-sockaddr socket)))

(define (remote-name socket)
  "(remote-name socket): two values, address and port of the other end of SOCKET; of a local socket its address alone. Raises
&socket-not-connected-error. [IOLib]"
  (need-socket 'remote-name socket)
  (%name 'remote-name socket (peer-sockaddr socket)))

(define (%need-inet-socket who socket)
  "Complains unless SOCKET is of the internet."
  (need-socket who socket (lambda (socket) (inet-family? (socket-family socket))) "an internet socket"))

(define (%need-local-socket who socket)
  "Complains unless SOCKET is a local one."
  (need-socket who socket (lambda (socket) (eq? (socket-family socket) 'local)) "a local socket"))

(define (local-host socket)
  "(local-host socket): the address of SOCKET, an internet socket. [IOLib]"
  (%need-inet-socket 'local-host socket)
  (sockaddr->address (own-sockaddr socket)))

(define (local-port socket)
  "(local-port socket): the port of SOCKET, an internet socket. [IOLib]"
  (%need-inet-socket 'local-port socket)
  (sockaddr-port (own-sockaddr socket)))

(define (remote-host socket)
  "(remote-host socket): the address of the other end of SOCKET, an internet socket. Raises &socket-not-connected-error. [IOLib]"
  (%need-inet-socket 'remote-host socket)
  (sockaddr->address (peer-sockaddr socket)))

(define (remote-port socket)
  "(remote-port socket): the port of the other end of SOCKET, an internet socket. Raises &socket-not-connected-error. [IOLib]"
  (%need-inet-socket 'remote-port socket)
  (sockaddr-port (peer-sockaddr socket)))

(define (local-filename socket)
  "(local-filename socket): the address of SOCKET, a local socket; its name is empty if it has none. [IOLib]"
  (%need-local-socket 'local-filename socket)
  (%name 'local-filename socket (own-sockaddr socket)))

(define (remote-filename socket)
  "(remote-filename socket): the address of the other end of SOCKET, a local socket; its name is empty if it has none. Raises
&socket-not-connected-error. [IOLib]"
  (%need-local-socket 'remote-filename socket)
  (%name 'remote-filename socket (peer-sockaddr socket)))

(define (socket-open? socket)
  "(socket-open? socket): whether SOCKET is not closed. [IOLib]"
  (need-socket 'socket-open? socket)
  (not (port-closed? socket)))

(define (socket-connected? socket)
  "(socket-connected? socket): whether SOCKET has another end. [IOLib]"
  (need-socket 'socket-connected? socket)
  (and (not (port-closed? socket))
       (guard (e ((socket-error? e) #f))
         (getpeername socket)
         #t)))

(define (socket-ipv6? socket)
  "(socket-ipv6? socket): whether SOCKET is of IPv6. [IOLib]"
  (need-socket 'socket-ipv6? socket)
  (eq? (socket-family socket) 'ipv6))

(define (socket-bound? socket)
  "(socket-bound? socket): whether the program has bound SOCKET and not closed it. [IOLib]"
  (need-socket 'socket-bound? socket)
  (and (not (port-closed? socket))
       (socket-note socket 'bound #f)))

(define (socket-listening? socket)
  "(socket-listening? socket): whether SOCKET takes connections. [IOLib]"
  (need-socket 'socket-listening? socket)
  (and (not (port-closed? socket))
       (eqv? (false-if-exception (getsockopt socket SOL_SOCKET SO_ACCEPTCONN)) 1)))

(define (socket? obj)
  "(socket? obj): whether OBJ is a socket, whoever made it. [IOLib]"
  (socket-port? obj))

(define (active-socket? obj)
  "(active-socket? obj): whether OBJ is a socket that is not passive. [IOLib]"
  (and (socket-port? obj) (eq? (socket-direction obj) 'active)))

(define (passive-socket? obj)
  "(passive-socket? obj): whether OBJ is a socket for taking connections. [IOLib]"
  (and (socket-port? obj) (eq? (socket-direction obj) 'passive)))

(define (stream-socket? obj)
  "(stream-socket? obj): whether OBJ is a stream socket. [IOLib]"
  (and (socket-port? obj) (eq? (socket-kind obj) 'stream)))

(define (datagram-socket? obj)
  "(datagram-socket? obj): whether OBJ is a datagram socket. [IOLib]"
  (and (socket-port? obj) (eq? (socket-kind obj) 'datagram)))

(define (raw-socket? obj)
  "(raw-socket? obj): whether OBJ is a raw socket. [IOLib]"
  (and (socket-port? obj) (eq? (socket-kind obj) 'raw)))

(define (internet-socket? obj)
  "(internet-socket? obj): whether OBJ is a socket of IPv4 or IPv6. [IOLib]"
  (and (socket-port? obj) (inet-family? (socket-family obj))))

(define (local-socket? obj)
  "(local-socket? obj): whether OBJ is a local socket. [IOLib]"
  (and (socket-port? obj) (eq? (socket-family obj) 'local)))

(define (netlink-socket? obj)
  "(netlink-socket? obj): whether OBJ is a netlink socket. [IOLib]"
  (and (socket-port? obj) (eq? (socket-family obj) 'netlink)))

(define (socket-open-p socket)
  "(socket-open-p socket): the same as socket-open?. [IOLib]"
  (socket-open? socket))

(define (socket-connected-p socket)
  "(socket-connected-p socket): the same as socket-connected?. [IOLib]"
  (socket-connected? socket))

(define (socket-ipv6-p socket)
  "(socket-ipv6-p socket): the same as socket-ipv6?. [IOLib]"
  (socket-ipv6? socket))

(define (socket-bound-p socket)
  "(socket-bound-p socket): the same as socket-bound?. [IOLib]"
  (socket-bound? socket))

(define (socket-listening-p socket)
  "(socket-listening-p socket): the same as socket-listening?. [IOLib]"
  (socket-listening? socket))

(define (socketp obj)
  "(socketp obj): the same as socket?. [IOLib]"
  (socket? obj))

(define (socket-p obj)
  "(socket-p obj): the same as socket?. [IOLib]"
  (socket? obj))

(define (active-socket-p obj)
  "(active-socket-p obj): the same as active-socket?. [IOLib]"
  (active-socket? obj))

(define (passive-socket-p obj)
  "(passive-socket-p obj): the same as passive-socket?. [IOLib]"
  (passive-socket? obj))

(define (stream-socket-p obj)
  "(stream-socket-p obj): the same as stream-socket?. [IOLib]"
  (stream-socket? obj))

(define (datagram-socket-p obj)
  "(datagram-socket-p obj): the same as datagram-socket?. [IOLib]"
  (datagram-socket? obj))

(define (raw-socket-p obj)
  "(raw-socket-p obj): the same as raw-socket?. [IOLib]"
  (raw-socket? obj))

(define (internet-socket-p obj)
  "(internet-socket-p obj): the same as internet-socket?. [IOLib]"
  (internet-socket? obj))

(define (local-socket-p obj)
  "(local-socket-p obj): the same as local-socket?. [IOLib]"
  (local-socket? obj))

(define (netlink-socket-p obj)
  "(netlink-socket-p obj): the same as netlink-socket?. [IOLib]"
  (netlink-socket? obj))

;;; ---- What failed -----------------------------------------------------------------------------------------------------

(define (error-code condition)
  "(error-code condition): the errno of CONDITION, or #f. [IOLib]"
  (socket-error-code condition))

(define (error-identifier condition)
  "(error-identifier condition): the name of the errno of CONDITION, a symbol, or #f. [IOLib]"
  (socket-error-identifier condition))

(define (error-message condition)
  "(error-message condition): what CONDITION says, a string. [IOLib]"
  (error-object-message condition))

(define (resolver-error-datum condition)
  "(resolver-error-datum condition): the host that was not found. [IOLib]"
  (lookup-error-datum condition))

(define (unknown-service-datum condition)
  "(unknown-service-datum condition): the service that was not found. [IOLib]"
  (lookup-error-datum condition))

(define (unknown-protocol-datum condition)
  "(unknown-protocol-datum condition): the protocol that was not found. [IOLib]"
  (lookup-error-datum condition))

(define (unknown-interface-datum condition)
  "(unknown-interface-datum condition): the interface that was not found. [IOLib]"
  (lookup-error-datum condition))

(define (poll-timeout? obj)
  "(poll-timeout? obj): whether OBJ is a condition that tells of a limit of time that ran out. [IOLib]"
  (socket-timeout-error? obj))
