;;; (allegro socket): the socket operators of Allegro CL. [Allegro CL]
;;;
;;;     (let ((s (make-socket #:remote-host "localhost" #:remote-port 'echo)))
;;;       (write-line "hello" s)
;;;       (force-output s)
;;;       (with-timeout (5 "nothing came") (read-line s)))
;;;
;;; A program that wants this library and (iolib sockets) imports them with prefixes: many of their names are the same.
;;;
;;; Thin: names, defaults and results are Allegro's, and the calls those of (sockeye net socket). shutdown and with-timeout replace the
;;; native ones, which stay reachable as (@ (guile) shutdown). Hosts come as integers (IPv4) or ipv6-address objects. A datagram
;;; socket is never connected: the remote end given to make-socket is a default for send-to.

(define-module (allegro socket)
  #:use-module (sockeye net conditions)
  #:use-module (sockeye net raising)
  #:use-module (sockeye net address)
  #:use-module (sockeye net resolve)
  #:use-module (sockeye net socket)
  #:use-module ((sockeye net deadline) #:select (call-with-timeout))
  #:replace (shutdown with-timeout)
  #:export (make-socket accept-connection send-to receive-from set-socket-options set-tcp-md5-sig socket-control
            with-pending-connect
            lookup-hostname lookup-port ipaddr-to-dotted dotted-to-ipaddr ipaddr-to-hostname ipaddrp ipaddr-equalp ipaddr?
            ipv6 get-ip-interfaces local-host local-port remote-host remote-port local-filename remote-filename
            socket-type socket-address-family socket-connect socket-format set-socket-format socket-os-fd
            socket? socketp socket-p socket-class
            socket-stream-internet-active? socket-stream-internet-passive? socket-stream-file-active?
            socket-stream-file-passive? socket-datagram-internet-active? socket-datagram-file-active?
            *ipv6*
            ;; What failed.
            stream-error-code stream-error-action stream-error-stream stream-error-identifier)
  #:re-export (call-with-pending-connect ipv6-address? ipv6-address-p ipv6-address-scope-id set-ipv6-address-scope-id!))

;; The exceptions are exports of this library, too.
(for-each (lambda (library) (module-use! (module-public-interface (current-module)) (resolve-interface library)))
          '((sockeye net conditions)))

(define *ipv6* (make-parameter #f))

;;; ---- Hosts -----------------------------------------------------------------------------------------------------------

(define (%host address)
  "What accessors give for an address object: an integer for IPv4; #f for #f."
  (if (ipv4-address? address) (ipv4-address-number address) address))

(define (%is-ipv6? host)
  "Whether HOST, a designator, is an address of IPv6, object or text."
  (and host (ipv6-address? (known-address host parse-inet-aton))))

;;; ---- make-socket -----------------------------------------------------------------------------------------------------

(define (%own-keywords file? type)
  "The keywords that make-socket takes for this kind of socket besides those for all."
  (cond ((eq? type 'stream)
         (if file?
             '(local-filename remote-filename backlog)
             '(local-port local-host remote-host remote-port backlog reuse-address keepalive nodelay)))
        (file? '(local-filename remote-filename))
        (else '(local-port local-host remote-host remote-port reuse-address broadcast))))

(define %common-keywords
  '(type address-family connect format eol ipv6 scope-id tcp-md5-sig-key tcp-md5-sig-key-ef))

;; A passive socket takes these, whatever they are.
(define %ignored-if-passive '(remote-host remote-port remote-filename nodelay keepalive))

(define (make-socket . arguments)
  "(make-socket #:type t #:address-family f #:connect c #:ipv6 v keyword value ...): a new socket. T is stream or datagram; F internet or file; C active or
passive. Further keywords are, for the internet, local-host, local-port, remote-host, remote-port, reuse-address, for streams backlog, keepalive and
nodelay, for datagrams broadcast; for files local-filename, remote-filename, for streams backlog. All are checked before any system call. An active
stream is connected; a passive one listens, on all interfaces unless told otherwise; a datagram socket is bound and keeps the remote end as the default
of send-to. Raises &socket-error. [Allegro CL]"
  (let* ((given (let loop ((l arguments))
                  ;; What kind it is must be known before its keywords can be checked.
                  (cond ((not (and (pair? l) (pair? (cdr l)))) '())
                        ((and (keyword? (car l)) (memq (keyword->symbol (car l)) '(type address-family connect)))
                         (append (loop (cddr l)) (list (cons (keyword->symbol (car l)) (cadr l)))))
                        (else (loop (cddr l))))))
         (choice (lambda (name default choices expected)
                   (let ((value (value-symbol (keyword-value given name default))))
                     (if (not (memq value choices)) (raise-wrong-argument 'make-socket name expected value))
                     value)))
         (type (choice 'type 'stream '(stream datagram) "stream or datagram"))
         (file? (eq? (choice 'address-family 'internet '(internet file) "internet or file") 'file))
         (passive? (and (eq? (choice 'connect 'active '(active passive) "active or passive") 'passive) (eq? type 'stream)))
         (table (keyword-table 'make-socket arguments (append %common-keywords (%own-keywords file? type)))))
    (%check-values (if passive? (remove (lambda (entry) (memq (car entry) %ignored-if-passive)) table) table))
    (if file?
        (%make-file type passive? table)
        (%make-internet type passive? table))))

(define (%check-values table)
  "Complains of values in the keyword TABLE of make-socket that no kind of socket takes."
  (for-each
    (lambda (entry)
      (let* ((value (cdr entry))
             (check (lambda (good? expected)
                      (if (and value (not (good? value))) (raise-wrong-argument 'make-socket (car entry) expected value
                                           (memq (car entry) '(local-port remote-port backlog scope-id)))))))
        (case (car entry)
          ((local-host remote-host) (check host-designator? "a host: a name, an address or its number"))
          ((local-port remote-port) (check service-designator? "a port from 0 to 65535 or the name of a service"))
          ((backlog) (check (lambda (n) (and (exact-integer? n) (<= 0 n #x7fffffff))) "an exact integer, not negative"))
          ((local-filename remote-filename) (check (lambda (s) (and (string? s) (> (string-length s) 0))) "a string"))
          ((ipv6) (need-choice 'make-socket 'ipv6 value '(#f #t ipv6)))
          ((scope-id) (check (lambda (n) (and (exact-integer? n) (<= 0 n #xffffffff))) "the number of an interface"))
          ((tcp-md5-sig-key) (check (lambda (key) (or (string? key) (bytevector? key))) "a string or a bytevector"))
          ((tcp-md5-sig-key-ef) (check external-format? "an external format"))
          (else #f))))
    table)
  (let ((key (keyword-value table 'tcp-md5-sig-key #f)))
    (if key (%key-octets 'make-socket 'tcp-md5-sig-key key (keyword-value table 'tcp-md5-sig-key-ef 'default)))))

(define (%make-internet type passive? table)
  "What make-socket makes for the internet."
  (let* ((value (lambda (name) (keyword-value table name #f)))
         (stream? (eq? type 'stream))
         (protocol (if stream? 'tcp 'udp))
         (remote? (not passive?))
         (wanted (need-choice 'make-socket 'ipv6 (keyword-value table 'ipv6 (*ipv6*)) '(#f #t ipv6)))
         (family (if (or wanted (%is-ipv6? (value 'local-host)) (and remote? (%is-ipv6? (value 'remote-host)))) 'ipv6 'ipv4))
         (policy (and (eq? family 'ipv6) (or wanted 'ipv6))))
    (if (and stream? (not passive?) (not (and (value 'remote-host) (value 'remote-port))))
        (raise-wrong-argument 'make-socket (if (value 'remote-host) 'remote-port 'remote-host)
          "given: an active stream is connected" #f))
    (let* ((resolve (lambda (name)
                      (and (value name)
                           (call-noting-errors (lambda () (resolve-in-family (value name) family #:ipv6 policy #:who 'make-socket #:position name)) 'phase 'create))))
           (service (lambda (name)
                      (and (value name) (resolve-service (value name) protocol #:who 'make-socket #:position name #:phase 'create))))
           (local-host (resolve 'local-host))
           (local-port (service 'local-port))
           (remote-host (and remote? (resolve 'remote-host)))
           (remote-port (and remote? (service 'remote-port)))
           (local (and (or local-host local-port passive? (not stream?))
                       (address->sockaddr (or local-host (if (eq? family 'ipv6) (make-ipv6-address 0) (make-ipv4-address 0)))
                                          (or local-port 0)))))
      (if (and remote-host (value 'scope-id)) (%set-scope! remote-host (value 'scope-id) (value 'remote-host)))
      (let ((socket (open-socket family type)))
        (call-closing-on-failure socket
          (lambda ()
            (set-flag socket SOL_SOCKET SO_REUSEADDR (value 'reuse-address))
            (set-flag socket SOL_SOCKET SO_KEEPALIVE (and (not passive?) (value 'keepalive)))
            (set-flag socket SOL_SOCKET SO_BROADCAST (value 'broadcast))
            (if stream? (set-flag socket IPPROTO_TCP TCP_NODELAY (keyword-value table 'nodelay #t)))
            (if local (bind-socket socket local (value 'local-host)))
            (cond (passive? (%settle-passive socket table))
                  (stream?
                   (if (value 'tcp-md5-sig-key)
                       (%set-md5 socket remote-host remote-port
                                 (%key-octets 'make-socket 'tcp-md5-sig-key (value 'tcp-md5-sig-key)
                                              (keyword-value table 'tcp-md5-sig-key-ef 'default))))
                   (connect-socket socket (address->sockaddr remote-host remote-port) #:given (value 'remote-host))
                   (buffer-socket socket)
                   (set-socket-format! socket 'default))
                  (else
                   (set-socket-note! socket 'remote-host remote-host)
                   (set-socket-note! socket 'remote-port remote-port)))
            socket))))))

(define (%set-scope! address scope given)
  "Makes SCOPE the scope of ADDRESS, which is GIVEN itself if that is an address object."
  (if (ipv6-address? address) (set-ipv6-address-scope-id! address scope)))

(define (%settle-passive socket table)
  "Has SOCKET listen, and notes what it hands on to the sockets it accepts."
  (listen-on-socket socket (or (keyword-value table 'backlog #f) 5))
  (set-socket-note! socket 'nodelay (keyword-value table 'nodelay #t)))

(define (%make-file type passive? table)
  "What make-socket makes of local sockets."
  (let* ((value (lambda (name) (keyword-value table name #f)))
         (sockaddr (lambda (name) (and (value name) (address->sockaddr (make-local-address (value name))))))
         (stream? (eq? type 'stream)))
    (if (and passive? (not (value 'local-filename)))
        (raise-wrong-argument 'make-socket 'local-filename "given: a passive stream is bound" #f))
    (if (and stream? (not passive?) (not (value 'remote-filename)))
        (raise-wrong-argument 'make-socket 'remote-filename "given: an active stream is connected" #f))
    (let ((local (sockaddr 'local-filename))
          (remote (and (not passive?) (sockaddr 'remote-filename)))
          (socket (open-socket 'local type)))
      (call-closing-on-failure socket
        (lambda ()
          (if local (bind-socket socket local (value 'local-filename)))
          (cond (passive? (%settle-passive socket table))
                (stream?
                 (connect-socket socket remote #:given (value 'remote-filename))
                 (buffer-socket socket)
                 (set-socket-format! socket 'default))
                (else (set-socket-note! socket 'remote-filename (value 'remote-filename))))
          socket)))))

;;; ---- Signatures ------------------------------------------------------------------------------------------------------

(define (%key-octets who position key format)
  "The octets of KEY, a string or bytevector, at most 80; the argument of WHO at POSITION."
  (let ((octets (cond ((bytevector? key) key)
                      ((string? key)
                       (let ((format (value-symbol (if (pair? format) (car format) format))))
                         (string->bytevector key (cond ((memq format '(default #f)) "UTF-8")
                                                       ((symbol? format) (symbol->string format))
                                                       (else format)))))
                      (else (raise-wrong-argument who position "a string or a bytevector" key)))))
    (if (> (bytevector-length octets) 80)
        (raise-wrong-argument who position "a key of at most 80 octets" key))
    octets))

(define (%set-md5 socket address port key)
  "Has the connections of SOCKET with ADDRESS and PORT signed with KEY: struct tcp_md5sig has a sockaddr_storage, flags, the length of a prefix, that of
the key, the number of an interface, and the key."
  (let ((octets (make-bytevector 216 0))
        (words (address-vector address)))
    (if (ipv4-address? address)
        (begin
          (bytevector-u16-native-set! octets 0 AF_INET)
          (do ((k 0 (+ k 1))) ((= k 4)) (bytevector-u8-set! octets (+ 4 k) (vector-ref words k))))
        (begin
          (bytevector-u16-native-set! octets 0 AF_INET6)
          (do ((k 0 (+ k 1))) ((= k 8))
            (bytevector-u8-set! octets (+ 8 (* 2 k)) (quotient (vector-ref words k) 256))
            (bytevector-u8-set! octets (+ 9 (* 2 k)) (remainder (vector-ref words k) 256)))))
    (bytevector-u8-set! octets 2 (quotient port 256))
    (bytevector-u8-set! octets 3 (remainder port 256))
    (bytevector-u16-native-set! octets 130 (bytevector-length key))
    (bytevector-copy! octets 136 key)
    (set-option socket IPPROTO_TCP TCP_MD5SIG 'octets octets)))

(define* (set-tcp-md5-sig passive address key #:key (external-format 'default))
  "(set-tcp-md5-sig passive address key [#:external-format f]): has connections of PASSIVE, a passive stream socket, with ADDRESS signed with KEY, a string or
bytevector of at most 80 octets. Where the system has no such, &socket-option-not-supported-error is raised. [Allegro CL]"
  (need-socket 'set-tcp-md5-sig passive
    (lambda (socket)
      (and (eq? (socket-kind socket) 'stream) (eq? (socket-direction socket) 'passive) (inet-family? (socket-family socket))))
    "a passive stream socket of the internet")
  (if (not (external-format? external-format))
      (raise-wrong-argument 'set-tcp-md5-sig 'external-format "an external format" external-format))
  (if (not (host-designator? address)) (raise-wrong-argument 'set-tcp-md5-sig 2 "a host" address))
  (let* ((octets (%key-octets 'set-tcp-md5-sig 3 key external-format))
         (family (socket-family passive))
         (found (resolve-in-family address family #:ipv6 (and (eq? family 'ipv6) 'ipv6) #:map? #t #:who 'set-tcp-md5-sig #:position 2)))
    (%set-md5 passive found 0 octets)))

;;; ---- Connections and data --------------------------------------------------------------------------------------------

(define* (accept-connection passive #:key (wait #t))
  "(accept-connection passive [#:wait flag]): the next connection that waits for PASSIVE; with nobody there it waits, or with WAIT being #f gives #f. A socket that is not passive is an error of arguments. [Allegro
CL]"
  (need-socket 'accept-connection passive (lambda (socket) (eq? (socket-direction socket) 'passive)) "a passive socket")
  (call-with-values (lambda () (accept-socket passive #:wait (and wait #t)))
    (lambda (socket peer)
      (and socket
           (call-closing-on-failure socket
             (lambda ()
               (if (inet-family? (socket-family socket))
                   (set-flag socket IPPROTO_TCP TCP_NODELAY (socket-note passive 'nodelay #t)))
               (buffer-socket socket)
               (set-socket-format! socket 'default)
               socket))))))

(define (send-to socket buffer size . arguments)
  "(send-to socket buffer size [#:remote-host h] [#:remote-port p] [#:remote-filename f]): sends the first SIZE octets of BUFFER, a bytevector, or a string as
UTF-8, as a datagram; for internet sockets to H and P, for file sockets to F, which default to what make-socket was given. How many octets were sent.
Without a destination EDESTADDRREQ is raised. [Allegro CL]"
  (%need-datagram 'send-to socket)
  (let* ((family (socket-family socket))
         (file? (eq? family 'local))
         (table (keyword-table 'send-to arguments (if file? '(remote-filename) '(remote-host remote-port))))
         (value (lambda (name) (or (keyword-value table name #f) (socket-note socket name))))
         (octets (cond ((bytevector? buffer) buffer)
                       ((string? buffer) (string->utf8 buffer))
                       (else (raise-wrong-argument 'send-to 2 "a bytevector or a string" buffer)))))
    (if (not (and (exact-integer? size) (<= 0 size (bytevector-length octets))))
        (raise-wrong-argument 'send-to 3 "a number of octets that the buffer has" size #t))
    (let* ((host (value 'remote-host))
           (port (value 'remote-port))
           (name (value 'remote-filename))
           (to (cond (file? (and name (%file-sockaddr 'send-to name)))
                     ((and host port)
                      (address->sockaddr (resolve-in-family host family #:ipv6 (and (eq? family 'ipv6) 'ipv6) #:who 'send-to #:position 'remote-host)
                                         (resolve-service port 'udp #:who 'send-to #:position 'remote-port)))
                     (else #f))))
      (if (not to) (raise-socket-error EDESTADDRREQ 'send-to #:socket socket #:phase 'io))
      (send-octets socket octets 0 size #:to to #:given (if file? name host)))))

(define (%need-datagram who socket)
  "Complains unless SOCKET is a datagram socket."
  (need-socket who socket (lambda (socket) (eq? (socket-kind socket) 'datagram)) "a datagram socket"))

(define (%file-sockaddr who name)
  "What sendto takes for NAME."
  (if (not (and (string? name) (> (string-length name) 0))) (raise-wrong-argument who 'remote-filename "a string" name))
  (address->sockaddr (make-local-address name)))

(define* (receive-from socket size #:key (buffer #f) (extract #f))
  "(receive-from socket size [#:buffer b] [#:extract flag]): receives a datagram, of which at most SIZE octets are kept, into B, a bytevector of at least SIZE
octets or a string, or a new bytevector. Values: the buffer, or with EXTRACT true what was received alone; how many octets came; the sender's host, an
integer or an ipv6-address, and port, or its file name, empty if it has none. A socket that is not for datagrams is an error of arguments. [Allegro CL]"
  (%need-datagram 'receive-from socket)
  (if (not (and (exact-integer? size) (>= size 0))) (raise-wrong-argument 'receive-from 2 "a number of octets" size #t))
  (if (and buffer
           (not (or (and (bytevector? buffer) (<= size (bytevector-length buffer)))
                    (and (string? buffer) (<= size (string-length buffer))))))
      (raise-wrong-argument 'receive-from 'buffer "a bytevector or string with room for so many octets" buffer))
  (let ((octets (if (bytevector? buffer) buffer (make-bytevector size 0))))
    (call-with-values (lambda () (receive-octets socket octets 0 size))
      (lambda (count sender)
        (let* ((count (min count size))
               (part (lambda () (bytevector-copy octets 0 count)))
               (result (cond ((string? buffer)
                              (let ((text (bytevector->string (part) "UTF-8" 'substitute)))
                                (string-copy! buffer 0 text)
                                (if extract text buffer)))
                             (extract (part))
                             (else octets))))
          (if (eq? (socket-family socket) 'local)
              (values result count (%filename sender))
              (values result count (%host (sockaddr->address sender)) (sockaddr-port sender))))))))

(define (%filename sockaddr)
  "The name in SOCKADDR, empty if there is none."
  (let ((address (sockaddr->address sockaddr)))
    (if address (local-address-name address) "")))

(define* (shutdown socket #:key (direction #f))
  "(shutdown socket #:direction d): ends one direction of the connection of SOCKET, input or output, and writes nothing before. When both have been ended, the
descriptor is closed. Raises &socket-not-connected-error and others. [Allegro CL]"
  (need-socket 'shutdown socket)
  (let ((direction (value-symbol direction)))
    (if (not (memq direction '(input output))) (raise-wrong-argument 'shutdown 'direction "input or output" direction))
    (if (not (port-closed? socket))
        (begin
          (call-noting-errors (lambda () (shutdown-socket socket (if (eq? direction 'input) 0 1))) 'socket socket 'phase 'io)
          (let ((ended (socket-note socket 'ended '())))
            (set-socket-note! socket 'ended (cons direction ended))
            (if (memq (if (eq? direction 'input) 'output 'input) ended) (abort-socket socket)))))))

;;; ---- Options and chunks ----------------------------------------------------------------------------------------------

(define (set-socket-options socket . arguments)
  "(set-socket-options socket [#:reuse-address flag] [#:broadcast flag] [#:keepalive flag] [#:nodelay flag] [#:oob-inline flag] [#:receive-buffer-size n]
[#:send-buffer-size n] [#:tcp-keepalive-idle-time n] [#:tcp-keepalive-probe-interval n] [#:tcp-keepalive-max-probes n]): sets those options of SOCKET that
are given. Of another type, or unknown, they are errors of arguments; what the system refuses raises a &socket-error. [Allegro CL]"
  (need-socket 'set-socket-options socket)
  (let* ((rows (list (list 'reuse-address SOL_SOCKET SO_REUSEADDR 'bool)
                     (list 'broadcast SOL_SOCKET SO_BROADCAST 'bool)
                     (list 'keepalive SOL_SOCKET SO_KEEPALIVE 'bool)
                     (list 'nodelay IPPROTO_TCP TCP_NODELAY 'bool)
                     (list 'oob-inline SOL_SOCKET SO_OOBINLINE 'bool)
                     (list 'receive-buffer-size SOL_SOCKET SO_RCVBUF 'int)
                     (list 'send-buffer-size SOL_SOCKET SO_SNDBUF 'int)
                     (list 'tcp-keepalive-idle-time IPPROTO_TCP TCP_KEEPIDLE 'int)
                     (list 'tcp-keepalive-probe-interval IPPROTO_TCP TCP_KEEPINTVL 'int)
                     (list 'tcp-keepalive-max-probes IPPROTO_TCP TCP_KEEPCNT 'int)))
         (table (keyword-table 'set-socket-options arguments (map car rows)))
         (wanted (filter (lambda (row) (assq (car row) table)) rows))
         (value (lambda (row) (cdr (assq (car row) table)))))
    (for-each (lambda (row)
                (if (and (eq? (cadddr row) 'int) (not (exact-integer? (value row))))
                    (raise-wrong-argument 'set-socket-options (car row) "an exact integer" (value row))))
              wanted)
    (for-each (lambda (row) (set-option socket (cadr row) (caddr row) (cadddr row) (value row))) wanted)))

(define (socket-control socket . arguments)
  "(socket-control socket [#:output-chunking flag] [#:output-chunking-eof flag] [#:input-chunking flag]): switches the chunked coding of HTTP/1.1 on SOCKET, a
connected stream. With output-chunking each flush goes out as a chunk; output-chunking-eof ends that with the last chunk, the trailer being the program's;
with input-chunking what is read are the chunks' data, and the last chunk is the end. [Allegro CL]"
  (need-socket 'socket-control socket
    (lambda (socket) (and (eq? (socket-kind socket) 'stream) (eq? (socket-direction socket) 'active)))
    "a stream socket that is not passive")
  (let* ((table (keyword-table 'socket-control arguments '(output-chunking output-chunking-eof input-chunking)))
         (given? (lambda (name) (assq name table)))
         (value (lambda (name) (keyword-value table name #f))))
    (if (given? 'output-chunking)
        (if (value 'output-chunking)
            (%chunk-output! socket #t)
            (begin
              (force-output socket)
              (%chunk-output! socket #f))))
    (if (value 'output-chunking-eof)
        (begin
          (force-output socket)
          (%chunk-output! socket #f)
          (put-bytevector socket (string->utf8 "0\r\n"))
          (force-output socket)))
    (if (given? 'input-chunking) (%chunk-input! socket (and (value 'input-chunking) #t)))))

;;; ---- Extents ---------------------------------------------------------------------------------------------------------

;; (with-pending-connect BODY ...): the values of the body; sockets whose connecting began there and is not finished are closed.
(define-syntax with-pending-connect
  (syntax-rules ()
    ((_ body ...)
     (call-with-pending-connect (lambda () #f body ...)))))

;; (with-timeout (SECONDS TIMEOUT-FORM ...) BODY ...): the values of the body, or, if that takes longer, of the last timeout form.
(define-syntax with-timeout
  (syntax-rules ()
    ((_ (seconds form ...) body ...)
     (call-with-timeout seconds (lambda () #f body ...) (lambda () #f form ...)))))

;;; ---- Look-ups and addresses ------------------------------------------------------------------------------------------

(define* (lookup-hostname host #:key (ignore-cache #f) (ipv6 (*ipv6*)) (all #f))
  "(lookup-hostname host [#:ignore-cache flag] [#:ipv6 policy] [#:all flag]): the address of HOST, an integer or an ipv6-address, or with ALL true the list of its
addresses. IPV6 is #f for IPv4, ipv6 for IPv6, #t for IPv6 first. Raises a &resolver-error. [Allegro CL]"
  (let ((addresses (map %host (resolve-hosts host #:ipv6 (need-choice 'lookup-hostname 'ipv6 ipv6 '(#f #t ipv6)) #:who 'lookup-hostname))))
    (if all addresses (car addresses))))

(define (lookup-port port protocol)
  "(lookup-port port protocol): the number of PORT, a service's name or a number, for PROTOCOL, tcp or udp, a string or symbol. Raises an
&unknown-service-error. [Allegro CL]

    (lookup-port \"80\" \"tcp\")  => 80"
  (let ((name (value-symbol (if (string? protocol) (string->symbol protocol) protocol))))
    (if (not (memq name '(tcp udp))) (raise-wrong-argument 'lookup-port 2 "tcp or udp" protocol))
    (resolve-service port name #:who 'lookup-port)))

(define (%known who address)
  "The address object of ADDRESS, an integer or address object."
  (let ((known (and (not (string? address)) (known-address address parse-inet-aton))))
    (or known (raise-wrong-argument who 1 "an IP address: an exact integer or an ipv6-address" address #t))))

(define* (ipaddr-to-dotted addr #:key (values #f))
  "(ipaddr-to-dotted addr [#:values flag]): ADDR as text, of IPv6 with a % and its scope unless that is 0; with VALUES true, for IPv4 alone, its four octets as
four values. [Allegro CL]

    (ipaddr-to-dotted 2130706433)  => \"127.0.0.1\""
  (let ((address (%known 'ipaddr-to-dotted addr)))
    (cond ((not values) (address-text/scope address))
          ((ipv4-address? address) (%four-values address))
          (else (raise-wrong-argument 'ipaddr-to-dotted 1 "an IPv4 address, for #:values" addr)))))

(define (%four-values address)
  "The octets of ADDRESS, of IPv4, as values."
  (apply values (vector->list (address-vector address))))

(define* (dotted-to-ipaddr text #:key (errorp #t))
  "(dotted-to-ipaddr text [#:errorp flag]): the address that TEXT says: an integer, of up to four parts of which the last fills what is left, or an
ipv6-address, perhaps with a % and an interface. Otherwise &address-parse-error is raised, or with ERRORP being #f the answer #f. [Allegro CL]

    (dotted-to-ipaddr \"127.1\")  => 2130706433
    (dotted-to-ipaddr \"no address\" #:errorp #f)  => #f"
  (if (not (string? text)) (raise-wrong-argument 'dotted-to-ipaddr 1 "a string" text))
  (let ((address (known-address text parse-inet-aton)))
    (cond (address (%host address))
          (errorp (raise-address-parse-error 'dotted-to-ipaddr text))
          (else #f))))

(define* (ipaddr-to-hostname addr #:key (ignore-cache #f))
  "(ipaddr-to-hostname addr [#:ignore-cache flag]): the name of the host with the address ADDR. Raises a &resolver-error. [Allegro CL]"
  (reverse-lookup (%known 'ipaddr-to-hostname addr)))

(define (ipaddrp obj)
  "(ipaddrp obj): whether OBJ is an IP address: an exact integer below 2^32, or an ipv6-address. [Allegro CL]

    (ipaddrp 4294967296)  => #f"
  (or (ipv6-address? obj)
      (and (exact-integer? obj) (<= 0 obj #xffffffff))))

(define (ipaddr? obj)
  "(ipaddr? obj): the same as ipaddrp. [Allegro CL]"
  (ipaddrp obj))

(define (ipaddr-equalp a b)
  "(ipaddr-equalp a b): whether A and B are the same IP address. One of IPv4 and its mapping into IPv6 are not. [Allegro CL]

    (ipaddr-equalp (dotted-to-ipaddr \"::ffff:127.0.0.1\") (dotted-to-ipaddr \"127.0.0.1\"))  => #f"
  (same-address? (%known 'ipaddr-equalp a) (%known 'ipaddr-equalp b)))

(define (ipv6 socket)
  "(ipv6 socket): whether SOCKET is an internet socket of IPv6. [Allegro CL]"
  (need-socket 'ipv6 socket)
  (eq? (socket-family socket) 'ipv6))

(define (get-ip-interfaces)
  "(get-ip-interfaces): the machine's interfaces, each a pair of number and name. [Allegro CL]"
  (interface-list))

;;; ---- What a socket is ------------------------------------------------------------------------------------------------

(define (%need-internet who socket)
  "Complains unless SOCKET is of the internet."
  (need-socket who socket (lambda (socket) (inet-family? (socket-family socket))) "an internet socket"))

(define (%need-file who socket)
  "Complains unless SOCKET is a file socket."
  (need-socket who socket (lambda (socket) (eq? (socket-family socket) 'local)) "a file socket"))

(define (local-host socket)
  "(local-host socket): the host of SOCKET, an internet socket: an integer or an ipv6-address, 0 if it is not bound. [Allegro CL]"
  (%need-internet 'local-host socket)
  (%host (sockaddr->address (own-sockaddr socket))))

(define (local-port socket)
  "(local-port socket): the port of SOCKET, an internet socket. [Allegro CL]"
  (%need-internet 'local-port socket)
  (sockaddr-port (own-sockaddr socket)))

(define (remote-host socket)
  "(remote-host socket): the host at the other end of SOCKET, an integer or an ipv6-address; of a datagram socket the default of send-to, or #f. Raises
&socket-not-connected-error. [Allegro CL]"
  (%need-internet 'remote-host socket)
  (if (eq? (socket-kind socket) 'datagram)
      (%host (socket-note socket 'remote-host))
      (%host (sockaddr->address (peer-sockaddr socket)))))

(define (remote-port socket)
  "(remote-port socket): the port at the other end of SOCKET; of a datagram socket the default of send-to, or #f. Raises
&socket-not-connected-error. [Allegro CL]"
  (%need-internet 'remote-port socket)
  (if (eq? (socket-kind socket) 'datagram)
      (socket-note socket 'remote-port)
      (sockaddr-port (peer-sockaddr socket))))

(define (local-filename socket)
  "(local-filename socket): the name of SOCKET, a file socket; empty if it has none. [Allegro CL]"
  (%need-file 'local-filename socket)
  (%filename (own-sockaddr socket)))

(define (remote-filename socket)
  "(remote-filename socket): the name of the other end of SOCKET, a file socket, empty if it has none; of a datagram socket the default of send-to, or #f.
[Allegro CL]"
  (%need-file 'remote-filename socket)
  (if (eq? (socket-kind socket) 'datagram)
      (socket-note socket 'remote-filename)
      (%filename (peer-sockaddr socket))))

(define (socket-type socket)
  "(socket-type socket): stream or datagram. [Allegro CL]"
  (need-socket 'socket-type socket)
  (socket-kind socket))

(define (socket-address-family socket)
  "(socket-address-family socket): internet or file. [Allegro CL]"
  (need-socket 'socket-address-family socket)
  (let ((family (socket-family socket)))
    (cond ((inet-family? family) 'internet)
          ((eq? family 'local) 'file)
          (else family))))

(define (socket-connect socket)
  "(socket-connect socket): active or passive. [Allegro CL]"
  (need-socket 'socket-connect socket)
  (socket-direction socket))

(define (socket-format socket)
  "(socket-format socket): multivalent: SOCKET takes text and octets. [Allegro CL]"
  (need-socket 'socket-format socket)
  'multivalent)

(define (set-socket-format socket format)
  "(set-socket-format socket format): has no effect: every socket is multivalent. [Allegro CL]"
  (need-socket 'set-socket-format socket)
  'multivalent)

(define (socket-os-fd socket)
  "(socket-os-fd socket): the number of the descriptor of SOCKET, #f when it is closed. [Allegro CL]"
  (need-socket 'socket-os-fd socket)
  (socket-descriptor socket))

(define (socket? obj)
  "(socket? obj): whether OBJ is a socket, whoever made it. [Allegro CL]"
  (socket-port? obj))

(define (socketp obj)
  "(socketp obj): the same as socket?. [Allegro CL]"
  (socket? obj))

(define (socket-p obj)
  "(socket-p obj): the same as socket?. [Allegro CL]"
  (socket? obj))

(define (socket-class socket)
  "(socket-class socket): the kind of SOCKET: socket-stream-internet-active, socket-stream-internet-passive, socket-stream-file-active,
socket-stream-file-passive, socket-datagram-internet-active or socket-datagram-file-active. [Allegro CL]"
  (need-socket 'socket-class socket)
  (let ((file? (eq? (socket-family socket) 'local)))
    (cond ((eq? (socket-kind socket) 'datagram) (if file? 'socket-datagram-file-active 'socket-datagram-internet-active))
          ((eq? (socket-direction socket) 'passive) (if file? 'socket-stream-file-passive 'socket-stream-internet-passive))
          (else (if file? 'socket-stream-file-active 'socket-stream-internet-active)))))

(define (%of-class? obj class)
  "Whether OBJ is a socket of this class."
  (and (socket-port? obj) (eq? (socket-class obj) class)))

(define (socket-stream-internet-active? obj)
  "(socket-stream-internet-active? obj): whether OBJ is a socket of this class. [Allegro CL]"
  (%of-class? obj 'socket-stream-internet-active))

(define (socket-stream-internet-passive? obj)
  "(socket-stream-internet-passive? obj): whether OBJ is a socket of this class. [Allegro CL]"
  (%of-class? obj 'socket-stream-internet-passive))

(define (socket-stream-file-active? obj)
  "(socket-stream-file-active? obj): whether OBJ is a socket of this class. [Allegro CL]"
  (%of-class? obj 'socket-stream-file-active))

(define (socket-stream-file-passive? obj)
  "(socket-stream-file-passive? obj): whether OBJ is a socket of this class. [Allegro CL]"
  (%of-class? obj 'socket-stream-file-passive))

(define (socket-datagram-internet-active? obj)
  "(socket-datagram-internet-active? obj): whether OBJ is a socket of this class. [Allegro CL]"
  (%of-class? obj 'socket-datagram-internet-active))

(define (socket-datagram-file-active? obj)
  "(socket-datagram-file-active? obj): whether OBJ is a socket of this class. [Allegro CL]"
  (%of-class? obj 'socket-datagram-file-active))

;;; ---- What failed -----------------------------------------------------------------------------------------------------

(define (stream-error-code condition)
  "(stream-error-code condition): the errno of CONDITION, or #f. [Allegro CL]"
  (socket-error-code condition))

(define (stream-error-action condition)
  "(stream-error-action condition): what failed, a symbol: a system call. [Allegro CL]"
  (socket-error-operation condition))

(define (stream-error-stream condition)
  "(stream-error-stream condition): the socket that CONDITION is about, or #f. [Allegro CL]"
  (socket-error-socket condition))

(define (stream-error-identifier condition)
  "(stream-error-identifier condition): Allegro's name for the errno of CONDITION, such as connection-refused; unknown for those it has none for. [Allegro CL]"
  (case (socket-error-identifier condition)
    ((EADDRINUSE) 'address-in-use)
    ((EADDRNOTAVAIL) 'address-not-available)
    ((ENETDOWN) 'network-down)
    ((ENETRESET) 'network-reset)
    ((ENETUNREACH) 'network-unreachable)
    ((ECONNABORTED) 'connection-aborted)
    ((ECONNRESET) 'connection-reset)
    ((ENOBUFS) 'no-buffer-space)
    ((ESHUTDOWN) 'shutdown)
    ((ETIMEDOUT) 'connection-timed-out)
    ((ECONNREFUSED) 'connection-refused)
    ((EHOSTDOWN) 'host-down)
    ((EHOSTUNREACH) 'host-unreachable)
    (else 'unknown)))
