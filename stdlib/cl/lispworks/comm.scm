;;; (lispworks comm): connecting, socket-streams, servers, addresses and names, and all of (lispworks comm-async). [LispWorks: COMM]
;;;
;;;     (let ((s (open-tcp-stream "localhost" "echo" #:timeout 5 #:read-timeout 5 #:errorp #t)))
;;;       (write-line "hello" s)
;;;       (force-output s)
;;;       (read-line s))
;;;
;;; A handle is a socket, a port without buffers; a socket-stream is a port with buffers on the descriptor of one. Where it leaves its
;;; model: no SSL; the function of a server must be given; info takes the place of the slots of subclasses.

(define-module (lispworks comm)
  #:use-module (sockeye net conditions)
  #:use-module (sockeye net raising)
  #:use-module (sockeye net address)
  #:use-module (sockeye net resolve)
  #:use-module (sockeye net socket)
  #:use-module ((sockeye net deadline) #:select (call-with-timeout monotonic-time))
  #:use-module (lispworks targets)
  #:export (;; Connecting.
            connect-to-tcp-server close-socket-handle socket-handle-fd get-socket-address get-socket-peer-address
            ;; Streams.
            open-tcp-stream make-socket-stream socket-stream? socket-stream-socket replace-socket-stream-socket
            socket-stream-address socket-stream-peer-address stream-read-timeout stream-write-timeout
            set-stream-read-timeout! set-stream-write-timeout! socket-stream-info socket-stream-shutdown
            wait-for-input-streams wait-for-input-streams-returning-first
            ;; Servers.
            start-up-server start-up-server-and-mp server-terminate server-process? server-process-name *use-so-reuseaddr*
            ;; Addresses and names.
            string-ip-address ip-address-string ipv6-address-string parse-ipv6-address get-host-entry get-service-entry
            ;; What failed.
            socket-error-connection socket-create-error? socket-connect-error? socket-io-error?)
  #:re-export (ipv6-address-p ipv6-address? ipv6-address-scope-id))

;; The exceptions and the asynchronous half are exports of this library, too.
(for-each (lambda (library) (module-use! (module-public-interface (current-module)) (resolve-interface library)))
          '((sockeye net conditions) (lispworks comm-async)))

;;; ---- Conditions ----------------------------------------------------------------------------------------------------------

(define (socket-error-connection failure)
  "(socket-error-connection failure): the async-io-state that FAILURE, a &socket-error, is about, or else the socket, or #f. [LispWorks]"
  (or (condition-extra failure 'connection) (socket-error-socket failure)))

(define (socket-create-error? obj)
  "(socket-create-error? obj): whether OBJ is a &socket-error of what comes before connecting. [LispWorks]"
  (and (socket-error? obj) (eq? (socket-error-phase obj) 'create)))

(define (socket-connect-error? obj)
  "(socket-connect-error? obj): whether OBJ is a &socket-error of connecting. [LispWorks]"
  (and (socket-error? obj) (eq? (socket-error-phase obj) 'connect)))

(define (socket-io-error? obj)
  "(socket-io-error? obj): whether OBJ is a &socket-error of sending or receiving. [LispWorks]"
  (and (socket-error? obj) (eq? (socket-error-phase obj) 'io)))

;;; ---- Connecting ----------------------------------------------------------------------------------------------------------

(define* (connect-to-tcp-server hostspec service #:key (errorp #f) (timeout #f) (local-address #f) (local-port #f) (keepalive #f)
                                (nodelay #t) (ipv6 'any))
  "(connect-to-tcp-server hostspec service [#:errorp flag] [#:timeout s] [#:local-address a] [#:local-port p] [#:keepalive flag] [#:nodelay flag]
[#:ipv6 which]): a handle connected to this host and service: a port without buffers. If that fails, #f and the condition, unless ERRORP is true. TIMEOUT
is for the whole call; IPV6 is #f, #t or any, for names. [LispWorks]"
  (%check-connecting 'connect-to-tcp-server hostspec service timeout local-address local-port ipv6)
  (trapping-failures errorp
    (lambda () (%connect hostspec service timeout local-address local-port keepalive nodelay (value-symbol ipv6)))))

(define (%check-connecting who host service timeout local-address local-port ipv6)
  "Complains of arguments of WHO."
  (need-host who 1 host)
  (need-service who 2 service)
  (need-timeout who 'timeout timeout)
  (need-local who local-address local-port)
  (need-choice who 'ipv6 ipv6 '(#f #t any)))

(define (%connect host service timeout local-address local-port keepalive nodelay ipv6)
  "A handle connected to HOST and SERVICE."
  (let ((phase 'create))
    (call-with-timeout timeout
      (lambda ()
        (let* ((port (service-port service))
               (local (local-targets local-address local-port 'tcp)))
          (let loop ((addresses (addresses-from (connect-addresses host ipv6) local)))
            (set! phase 'connect)
            (or (guard (failure ((and (pair? (cdr addresses)) (socket-error? failure)) #f))
                  (%connect-to (car addresses) port host local keepalive nodelay))
                (loop (cdr addresses))))))
      (lambda () (raise-timeout 'connect #:address host #:phase phase #:connecting? #t)))))

(define (%connect-to address port host local keepalive nodelay)
  "A handle connected to ADDRESS, an address object, and PORT, for which the program said HOST."
  (let ((sock (open-client address local keepalive nodelay)))
    (call-closing-on-failure sock
      (lambda ()
        (call-noting-errors (lambda () (connect sock (address->sockaddr address port)))
                            'address host 'phase 'connect)
        sock))))

(define (close-socket-handle handle)
  "(close-socket-handle handle): closes HANDLE, a port or the number of a descriptor. [LispWorks]"
  (cond ((not (port? handle)) (close-port (handle-port 'close-socket-handle 1 handle)))
        ((socket-handle-fd handle) (close-port handle)))
  (if #f #f))

(define (socket-handle-fd handle)
  "(socket-handle-fd handle): the number of the descriptor of HANDLE; #f when it is closed. [LispWorks]"
  (cond ((port? handle) (and (not (port-closed? handle)) (false-if-exception (fileno handle))))
        ((and (exact-integer? handle) (>= handle 0)) handle)
        (else (raise-wrong-argument 'socket-handle-fd 1 "a socket handle or a descriptor" handle))))

(define (get-socket-address handle)
  "(get-socket-address handle): the address and port of HANDLE itself; #f and #f if it has none or is closed. [LispWorks]"
  (%address-of 'get-socket-address handle getsockname))

(define (get-socket-peer-address handle)
  "(get-socket-peer-address handle): the address and port of the other end of HANDLE; #f and #f if it is not connected. [LispWorks]"
  (%address-of 'get-socket-peer-address handle getpeername))

(define (%address-of who handle ask)
  "Two values: what ASK, getsockname or getpeername, says of HANDLE; #f and #f if it fails."
  (if (not (or (port? handle) (and (exact-integer? handle) (>= handle 0))))
      (raise-wrong-argument who 1 "a socket handle or a descriptor" handle))
  (sockaddr-values (false-if-exception (ask (handle-port who 1 handle)))))

;;; ---- Streams -------------------------------------------------------------------------------------------------------------
;;;
;;; A stream is a port with buffers on the descriptor of its handle. Its limits of time are the socket's own options, which such a port takes
;;; for the end of the input and for a &socket-timeout-error.

(define-record-type <facts>
  (%make-facts handle direction element-type read-timeout write-timeout info)
  %facts?
  (handle %facts-handle %set-facts-handle!)
  (direction %facts-direction)
  (element-type %facts-element-type)
  (read-timeout %facts-read-timeout %set-facts-read-timeout!)
  (write-timeout %facts-write-timeout %set-facts-write-timeout!)
  (info %facts-info %set-facts-info!))

(define %streams (make-weak-key-hash-table))

(define (%facts who stream)
  "What is known of STREAM, the first argument of WHO."
  (or (and (port? stream) (hashq-ref %streams stream #f))
      (raise-wrong-argument who 1 "a socket-stream" stream)))

(define (socket-stream? obj)
  "(socket-stream? obj): whether OBJ is a socket-stream. [LispWorks]"
  (and (port? obj) (hashq-ref %streams obj #f) #t))

(define* (open-tcp-stream hostspec service #:key (direction 'io) (element-type 'base-char) (errorp #f) (timeout #f) (read-timeout #f)
                          (write-timeout #f) (local-address #f) (local-port #f) (keepalive #f) (nodelay #t) (ipv6 'any))
  "(open-tcp-stream hostspec service [#:direction d] [#:element-type t] [#:errorp flag] [#:timeout s] [#:read-timeout s] [#:write-timeout s]
[#:local-address a] [#:local-port p] [#:keepalive flag] [#:nodelay flag] [#:ipv6 which]): a socket-stream connected to this host and service. If that fails,
#f and the condition, unless ERRORP is true. [LispWorks]"
  (%check-connecting 'open-tcp-stream hostspec service timeout local-address local-port ipv6)
  (%check-stream 'open-tcp-stream direction element-type read-timeout write-timeout)
  (trapping-failures errorp
    (lambda ()
      (make-socket-stream #:socket (%connect hostspec service timeout local-address local-port keepalive nodelay (value-symbol ipv6))
                          #:direction direction #:element-type element-type
                          #:read-timeout read-timeout #:write-timeout write-timeout))))

(define (%check-stream who direction element-type read-timeout write-timeout)
  "Complains of arguments of WHO."
  (need-choice who 'direction (or direction 'io) '(input output io))
  (need-choice who 'element-type (or element-type 'base-char) '(base-char unsigned-byte-8 signed-byte-8))
  (need-timeout who 'read-timeout read-timeout)
  (need-timeout who 'write-timeout write-timeout))

(define* (make-socket-stream #:key (socket #f) (direction 'io) (element-type 'base-char) (read-timeout #f) (write-timeout #f) (info #f))
  "(make-socket-stream #:socket handle [#:direction d] [#:element-type t] [#:read-timeout s] [#:write-timeout s] [#:info obj]): a socket-stream on HANDLE, a port
or the number of a descriptor, which is closed with it: a port with buffers, for text and octets. DIRECTION is input, output or io; TYPE is base-char,
unsigned-byte-8 or signed-byte-8, and kept. When nothing comes for READ-TIMEOUT seconds, a reader sees the end of the input, once; when nothing goes for WRITE-TIMEOUT
seconds, &socket-timeout-error is raised. [LispWorks]"
  (let ((who 'make-socket-stream))
    (if (not (or (port? socket) (and (exact-integer? socket) (>= socket 0))))
        (raise-wrong-argument who 'socket "a socket handle or a descriptor" socket))
    (%check-stream who direction element-type read-timeout write-timeout)
    (let* ((direction (value-symbol (or direction 'io)))
           (handle (if (port? socket) socket (adopt-descriptor socket)))
           (stream (%make-stream handle (case direction ((input) "r") ((output) "w") (else "r+")))))
      (set-port-encoding! stream "UTF-8")
      (hashq-set! %streams stream
        (%make-facts handle direction (value-symbol (or element-type 'base-char)) read-timeout write-timeout info))
      (if read-timeout (%set-limit stream SO_RCVTIMEO read-timeout))
      (if write-timeout (%set-limit stream SO_SNDTIMEO write-timeout))
      stream)))

(define (%set-limit stream name seconds)
  "Sets a limit of time of the socket of STREAM."
  (let ((micros (if seconds (max 1 (exact (round (* (min seconds 1e9) 1000000)))) 0)))
    (setsockopt stream SOL_SOCKET name (cons (quotient micros 1000000) (remainder micros 1000000)))))

(define (socket-stream-socket stream)
  "(socket-stream-socket stream): the handle of STREAM, or #f; (set! (socket-stream-socket stream) handle) closes it and puts in another. [LispWorks]"
  (%facts-handle (%facts 'socket-stream-socket stream)))

(attach-setter! socket-stream-socket
  (lambda (stream handle)
    (let ((old (%exchange 'socket-stream-socket stream handle)))
      (if old (close-socket-handle old)))))

(define (replace-socket-stream-socket stream handle)
  "(replace-socket-stream-socket stream handle): puts STREAM on HANDLE, or with #f on none, and gives its old handle, which stays open. [LispWorks]"
  (%exchange 'replace-socket-stream-socket stream handle))

(define (%exchange who stream handle)
  "Puts HANDLE, or #f, into STREAM: the old handle."
  (let ((facts (%facts who stream)))
    (if (not (or (not handle) (port? handle) (and (exact-integer? handle) (>= handle 0))))
        (raise-wrong-argument who 2 "#f, a socket handle or a descriptor" handle))
    (let ((old (%facts-handle facts)) (new (if (exact-integer? handle) (adopt-descriptor handle) handle)))
      (if (and old (socket-handle-fd stream))
          (begin
            (if (not (eq? (%facts-direction facts) 'input)) (force-output stream))
            (if (%facts-read-timeout facts) (%set-limit stream SO_RCVTIMEO #f))
            (if (%facts-write-timeout facts) (%set-limit stream SO_SNDTIMEO #f))))
      (%set-stream-handle! stream new)
      (%set-facts-handle! facts new)
      (if new
          (begin
            (%forget-buffers! stream #t #f)
            (if (%facts-read-timeout facts) (%set-limit stream SO_RCVTIMEO (%facts-read-timeout facts)))
            (if (%facts-write-timeout facts) (%set-limit stream SO_SNDTIMEO (%facts-write-timeout facts)))))
      old)))

(define (socket-stream-address stream)
  "(socket-stream-address stream): the address and port of STREAM itself; #f and #f if it is closed. [LispWorks]"
  (%facts 'socket-stream-address stream)
  (%address-of 'socket-stream-address stream getsockname))

(define (socket-stream-peer-address stream)
  "(socket-stream-peer-address stream): the address and port of the other end of STREAM; #f and #f if it is not connected. [LispWorks]"
  (%facts 'socket-stream-peer-address stream)
  (%address-of 'socket-stream-peer-address stream getpeername))

(define (set-stream-read-timeout! stream seconds)
  "(set-stream-read-timeout! stream seconds): from now on a reader of STREAM sees the end of the input when nothing comes for so many SECONDS; never, if
they are #f. [LispWorks]"
  (let ((facts (%facts 'set-stream-read-timeout! stream)))
    (need-timeout 'set-stream-read-timeout! 'read-timeout seconds)
    (%set-facts-read-timeout! facts seconds)
    (if (%facts-handle facts) (%set-limit stream SO_RCVTIMEO seconds))))

(define (set-stream-write-timeout! stream seconds)
  "(set-stream-write-timeout! stream seconds): from now on &socket-timeout-error is raised when nothing can be written to STREAM for so many SECONDS; never,
if they are #f. [LispWorks]"
  (let ((facts (%facts 'set-stream-write-timeout! stream)))
    (need-timeout 'set-stream-write-timeout! 'write-timeout seconds)
    (%set-facts-write-timeout! facts seconds)
    (if (%facts-handle facts) (%set-limit stream SO_SNDTIMEO seconds))))

(define (stream-read-timeout stream)
  "(stream-read-timeout stream): the seconds after which a reader of STREAM that gets nothing sees the end of the input, or #f;
 (set! (stream-read-timeout stream) s) changes it. [LispWorks]"
  (%facts-read-timeout (%facts 'stream-read-timeout stream)))

(attach-setter! stream-read-timeout
  (lambda (stream seconds) (set-stream-read-timeout! stream seconds)))

(define (stream-write-timeout stream)
  "(stream-write-timeout stream): the seconds after which writing to STREAM fails if nothing can be written, or #f;
 (set! (stream-write-timeout stream) s) changes it. [LispWorks]"
  (%facts-write-timeout (%facts 'stream-write-timeout stream)))

(attach-setter! stream-write-timeout
  (lambda (stream seconds) (set-stream-write-timeout! stream seconds)))

(define (socket-stream-info stream)
  "(socket-stream-info stream): what the program keeps with STREAM, any object; (set! (socket-stream-info stream) obj) changes it. [LispWorks]"
  (%facts-info (%facts 'socket-stream-info stream)))

(attach-setter! socket-stream-info
  (lambda (stream info) (%set-facts-info! (%facts 'socket-stream-info stream) info)))

(define* (socket-stream-shutdown stream direction #:key (abort #f))
  "(socket-stream-shutdown stream direction [#:abort flag]): ends DIRECTION input, output or io of STREAM, which stays open. What it holds is written before, or with
ABORT true dropped. Reading or writing after it raises; so does a connection that is gone already. [LispWorks]"
  (%facts 'socket-stream-shutdown stream)
  (let* ((direction (value-symbol direction))
         (input? (memq direction '(input io)))
         (output? (memq direction '(output io))))
    (if (not (or input? output?)) (raise-wrong-argument 'socket-stream-shutdown 2 "input, output or io" direction))
    (if abort
        (%forget-buffers! stream #t #t)
        (if (output-port? stream) (force-output stream)))
    (shutdown stream (cond ((not output?) 0) ((not input?) 1) (else 2)))
    (%bar-port! stream (and input? #t) (and output? #t))))

(define* (wait-for-input-streams list #:key (timeout #f) (wait-function #f) (wait-reason #f))
  "(wait-for-input-streams list [#:timeout s] [#:wait-function proc] [#:wait-reason obj]): waits until one of the streams in LIST has input, or its end: a list
of those that have, in the order of LIST. #f after TIMEOUT seconds, or when WAIT-FUNCTION, called now and then, gives a true value. [LispWorks]"
  (%wait-for-input 'wait-for-input-streams list timeout wait-function))

(define* (wait-for-input-streams-returning-first list #:key (timeout #f) (wait-function #f) (wait-reason #f))
  "(wait-for-input-streams-returning-first list [#:timeout s] [#:wait-function proc] [#:wait-reason obj]): as wait-for-input-streams, but the first of those
that have input. [LispWorks]"
  (let ((ready (%wait-for-input 'wait-for-input-streams-returning-first list timeout wait-function)))
    (and ready (car ready))))

(define (%wait-for-input who streams timeout wait-function)
  "What wait-for-input-streams answers."
  (if (not (and (list? streams) (every port? streams))) (raise-wrong-argument who 1 "a list of streams" streams))
  (if (not (or (not timeout) (and (real? timeout) (>= timeout 0))))
      (raise-wrong-argument who 'timeout "#f or a real number that is not negative" timeout))
  (need-procedure who 'wait-function wait-function)
  (let* ((deadline (and timeout (+ (monotonic-time) timeout)))
         (pause (and wait-function 0.02)))
    (let loop ()
      (let* ((left (and deadline (max 0 (- deadline (monotonic-time)))))
             (limit (if (and left pause) (min left pause) (or left pause)))
             (ready (car (if limit (select streams '() '() limit) (select streams '() '())))))
        (cond ((pair? ready) ready)
              ((and wait-function (wait-function)) #f)
              ((and deadline (>= (monotonic-time) deadline)) #f)
              (else (loop)))))))

;;; ---- Servers -------------------------------------------------------------------------------------------------------------

(define-record-type (server-process %keep-apart!)
  (%make-process name socket announce stopped?)
  %process?
  (name %process-name)
  (socket %process-socket)
  (announce %process-announce)
  (stopped? %process-stopped? %set-process-stopped!))

(set-record-type-printer! server-process
  (lambda (process port)
    (display "#<server-process " port)
    (write (%process-name process) port)
    (display ">" port)))

(define (server-process? obj)
  "(server-process? obj): whether OBJ is the process of a server, as start-up-server makes them. [LispWorks]"
  (%process? obj))

;; Whether start-up-server sets SO_REUSEADDR.
(define *use-so-reuseaddr* (make-parameter #t))

(define* (start-up-server #:key (function #f) (announce #f) (service "lispworks") (local-port service) (address #f) (local-address address)
                          (backlog 5) (nodelay #t) (keepalive #f) (process-name #f) (wait #f) (create-stream #f) (ipv6 'any) (error #f)
                          (reuseport #f))
  "(start-up-server #:function proc [#:announce a] [#:service s] [#:local-port s] [#:address a] [#:local-address a] [#:backlog n] [#:nodelay flag]
[#:keepalive flag] [#:process-name name] [#:wait flag] [#:create-stream flag] [#:ipv6 which] [#:error flag] [#:reuseport flag]): a process in the background
that takes connections and calls PROC with each handle, or stream if CREATE-STREAM is true, one after the other; and #f. If it cannot start, #f and the condition,
unless ERROR is true. [LispWorks]"
  (let ((who 'start-up-server))
    (if (not (procedure? function)) (raise-wrong-argument who 'function "a procedure" function))
    (if (not (or (boolean? announce) (output-port? announce) (procedure? announce)))
        (raise-wrong-argument who 'announce "a boolean, an output port or a procedure" announce))
    (need-local who local-address local-port)
    (if (not (or (not process-name) (string? process-name)))
        (raise-wrong-argument who 'process-name "#f or a string" process-name))
    (let ((backlog (need-backlog who backlog)) (ipv6 (need-choice who 'ipv6 ipv6 '(#f #t any both))))
      (call-with-values
        (lambda ()
          (trapping-failures error
            (lambda ()
              (values (open-listener (bind-target local-address ipv6) local-address (service-port local-port) ipv6 (*use-so-reuseaddr*)
                                     reuseport backlog (lambda (sock) #f))
                      #f))))
        (lambda (sock failure)
          (if sock
              (values (%start-server sock (or process-name (%server-name local-port sock)) function announce nodelay keepalive create-stream) #f)
              (begin
                (if (procedure? announce) (announce #f failure))
                (values #f failure))))))))

(define (start-up-server-and-mp . options)
  "(start-up-server-and-mp option ...): the same as start-up-server. [LispWorks]"
  (apply start-up-server options))

(define (%server-name service sock)
  "What a server is called that was given no name."
  (string-append (object->string (or service (sockaddr:port (getsockname sock))) display) " server"))

(define (%start-server sock name function announce nodelay keepalive create-stream)
  "The process of a server that listens on SOCK."
  (let* ((process (%make-process name sock announce #f))
         (fiber (%spawn-fiber
                  (lambda ()
                    (%serve process
                      (lambda (handle)
                        (if keepalive (setsockopt handle SOL_SOCKET SO_KEEPALIVE 1))
                        (if nodelay (setsockopt handle IPPROTO_TCP TCP_NODELAY 1))
                        (function (if create-stream (make-socket-stream #:socket handle) handle)))))
                  #f)))
    (set-fiber-name! fiber name)
    (cond ((procedure? announce) (announce sock #f))
          (announce
           (let ((port (if (eq? announce #t) (current-output-port) announce)))
             (display (string-append name " started on port " (number->string (sockaddr:port (getsockname sock)))) port)
             (newline port)
             (force-output port))))
    process))

(define (%serve process function)
  "Calls FUNCTION with each connection, until PROCESS is stopped."
  (let ((sock (%process-socket process)))
    (let loop ()
      (if (not (%process-stopped? process))
          (begin
            (let ((accepted (guard (failure (#t failure)) (accept sock SOCK_CLOEXEC))))
              (cond ((pair? accepted)
                     (guard (raised (#t (report-raised (%process-name process) raised)))
                       (function (car accepted))))
                    ((%process-stopped? process))
                    ((and (socket-error? accepted) (eqv? (socket-error-code accepted) ECONNABORTED)))
                    ((and (socket-error? accepted) (memv (socket-error-code accepted) (list EMFILE ENFILE)))
                     (report-raised (%process-name process) accepted)
                     (sleep 1))
                    (else
                     (report-raised (%process-name process) accepted)
                     (server-terminate process))))
            (loop))))))

(define (server-terminate process)
  "(server-terminate process): ends the server PROCESS: closes its listening socket. Connections handed over already are untouched. [LispWorks]"
  (if (not (%process? process)) (raise-wrong-argument 'server-terminate 1 "a server's process" process))
  (if (not (%process-stopped? process))
      (begin
        (%set-process-stopped! process #t)
        (if (socket-handle-fd (%process-socket process)) (close-port (%process-socket process)))
        (if (procedure? (%process-announce process)) ((%process-announce process) #f #f))))
  (if #f #f))

(define (server-process-name process)
  "(server-process-name process): the name of the server PROCESS. [LispWorks]"
  (if (not (%process? process)) (raise-wrong-argument 'server-process-name 1 "a server's process" process))
  (%process-name process))

;;; ---- Addresses and names -------------------------------------------------------------------------------------------------

(define (%need-string who string)
  "Complains in the name of WHO unless STRING, its first argument, is one."
  (if (not (string? string)) (raise-wrong-argument who 1 "a string" string)))

(define (string-ip-address string)
  "(string-ip-address string): the integer that STRING, four dotted numbers, says, or the ipv6-address object; #f if it says neither. [LispWorks]

    (string-ip-address \"127.0.0.1\")  => 2130706433"
  (%need-string 'string-ip-address string)
  (if (= 3 (string-count string #\.))
      (or (parse-dotted string) (parse-ipv6-address string #:trim-whitespace #f))
      (parse-ipv6-address string #:trim-whitespace #f)))

(define (%need-address who address)
  "The address object of ADDRESS, the first argument of WHO, which is no name."
  (or (known-host address)
      (raise-wrong-argument who 1 "an address: an integer, a text, octets or an ipv6-address" address)))

(define (ip-address-string address)
  "(ip-address-string address): the text of ADDRESS, an integer or an ipv6-address object, without its scope. [LispWorks]

    (ip-address-string 2130706433)  => \"127.0.0.1\""
  (address-text (%need-address 'ip-address-string address)))

(define (ipv6-address-string address)
  "(ipv6-address-string address): the text of ADDRESS, of IPv6, without its scope. [LispWorks]

    (ipv6-address-string (parse-ipv6-address \"fe80::1%eth0\"))  => \"fe80::1\""
  (let ((object (%need-address 'ipv6-address-string address)))
    (if (not (ipv6-address? object)) (raise-wrong-argument 'ipv6-address-string 1 "an ipv6-address" address))
    (address-text object)))

(define* (parse-ipv6-address string #:key (start 0) (end #f) (trim-whitespace #t))
  "(parse-ipv6-address string [#:start n] [#:end n] [#:trim-whitespace flag]): the ipv6-address object that STRING from START to END says, perhaps with %scope
and /prefix, or #f. [LispWorks]

    (ipv6-address-scope-id (parse-ipv6-address \" fe80::1%7 \"))  => 7"
  (%need-string 'parse-ipv6-address string)
  (let ((text (substring string (or start 0) (or end (string-length string)))))
    (parse-ipv6 (if trim-whitespace (string-trim-both text) text) #:scope 'text #:prefix? #t)))

(define* (get-host-entry host #:key (fields '(address)) (ipv6 'any) (v4mapped #f) (addrconfig #f) (numerichost #f)
                         (avoid-reverse-lookup #f))
  "(get-host-entry host [#:fields list] [#:ipv6 which] [#:v4mapped flag] [#:addrconfig flag] [#:numerichost flag] [#:avoid-reverse-lookup flag]): a value for each
of FIELDS: address, ipv4-address, ipv6-address, addresses, ipv4-addresses, ipv6-addresses, name, aliases. For an unknown host #f alone. [LispWorks]"
  (let* ((who 'get-host-entry)
         (ipv6 (need-choice who 'ipv6 ipv6 '(#f #t any)))
         (fields (%fields who (or fields '(address))
                          '(address ipv4-address ipv6-address addresses ipv4-addresses ipv6-addresses name aliases)))
         (flags (logior (if v4mapped AI_V4MAPPED 0) (if addrconfig AI_ADDRCONFIG 0) (if numerichost AI_NUMERICHOST 0))))
    (need-host who 1 host)
    (guard (failure ((lookup-error? failure) #f))
      (let* ((known (known-host host))
             (named? (or (memq 'name fields) (memq 'aliases fields)))
             (addresses (if known (list known) (resolve-hosts host #:ipv6 (if (eq? ipv6 #t) 'ipv6 ipv6) #:flags flags)))
             (entry (and named? (%names host known addresses avoid-reverse-lookup)))
             (ipv4 (map address-value (filter ipv4-address? addresses)))
             (ipv6 (filter ipv6-address? addresses)))
        (apply values
               (map (lambda (field)
                      (case field
                        ((address) (address-value (car addresses)))
                        ((ipv4-address) (and (pair? ipv4) (car ipv4)))
                        ((ipv6-address) (and (pair? ipv6) (car ipv6)))
                        ((addresses) (map address-value addresses))
                        ((ipv4-addresses) ipv4)
                        ((ipv6-addresses) ipv6)
                        ((name) (car entry))
                        (else (cdr entry))))
                    fields))))))

(define (%names host known addresses avoid-reverse-lookup)
  "A pair of the name of HOST and the list of its other names; KNOWN is its address object if it is no name."
  (cond ((and known avoid-reverse-lookup) (list (address-text known)))
        (known (cons (reverse-lookup known) (%aliases (reverse-lookup known))))
        (else
         (call-with-values (lambda () (canonical-lookup host))
           (lambda (addresses name) (cons name (%aliases host)))))))

(define (%aliases name)
  "The other names of the host NAME, as far as the system's list has them."
  (let ((entry (false-if-exception (gethostbyname name))))
    (if entry (hostent:aliases entry) '())))

(define (%fields who fields known)
  "FIELDS as symbols, which should be among those KNOWN."
  (if (not (list? fields)) (raise-wrong-argument who 'fields "a list of symbols" fields))
  (map (lambda (field)
         (let ((field (value-symbol field)))
           (if (not (memq field known)) (raise-wrong-argument who 'fields "a list of the fields that there are" fields))
           field))
       fields))

(define* (get-service-entry service #:key (protocol "tcp") (fields '(port)))
  "(get-service-entry service [#:protocol p] [#:fields list]): a value for each of FIELDS: port, name, aliases. SERVICE is a name or a port. For an unknown service
#f alone. [LispWorks]"
  (let* ((who 'get-service-entry)
         (fields (%fields who (or fields '(port)) '(port name aliases)))
         (protocol (value-symbol (or protocol "tcp"))))
    (need-service who 1 service)
    (if (not (or (string? protocol) (symbol? protocol))) (raise-wrong-argument who 'protocol "the name of a protocol" protocol))
    (let* ((protocol (if (symbol? protocol) (symbol->string protocol) protocol))
           (number (if (and (string? service) (string-every char-numeric? service)) (string->number service 10) service))
           (entry (guard (failure ((lookup-error? failure) #f))
                    (if (exact-integer? number)
                        (getservbyport number protocol)
                        (getservbyname (object->string (value-symbol service) display) protocol)))))
      (if entry
          (apply values
                 (map (lambda (field)
                        (case field
                          ((port) (servent:port entry))
                          ((name) (servent:name entry))
                          (else (servent:aliases entry))))
                      fields))
          #f))))
