;;; (sockeye net socket): what the libraries for sockets share: notes on ports, waiting with limits, connecting, accepting, sending,
;;; options, extents and keyword tables.
;;;
;;; A socket is the port that the native `socket` makes. What the libraries know of it beside stands in a note, which is made up from the
;;; descriptor for sockets that come from elsewhere: so each library's operators work on every socket. Limits of the caller's come
;;; to an error or #f here; limits around the call (with-timeout) leave it, and whoever holds a new descriptor then closes it.

(define-module (sockeye net socket)
  #:use-module (sockeye net raising)
  #:use-module (sockeye net address)
  #:export (;; Notes.
            note-socket! socket-family socket-kind socket-direction set-socket-direction! socket-note set-socket-note!
            inet-family? socket-port? socket-descriptor need-socket
            ;; Making and ending.
            open-socket open-socket-pair adopt-descriptor call-closing-on-failure abort-socket finish-socket bar-socket
            buffer-socket set-socket-format! external-format?
            ;; Calls.
            bind-socket listen-on-socket connect-socket accept-socket disconnect-socket wait-for-descriptor
            send-octets receive-octets octets-of receive-into pass-descriptor take-descriptor
            own-sockaddr peer-sockaddr shutdown-socket
            ;; Options.
            get-option set-option set-flag
            ;; Extents.
            call-with-extent call-with-pending-connect
            ;; Keyword tables.
            keyword-table keyword-value value-symbol need-choice))

;;; ---- Notes -----------------------------------------------------------------------------------------------------------

(define %notes (make-weak-key-hash-table))

(define-record-type (<note> %keep-apart!)
  (%make-note family kind direction facts)
  %note?
  ;; ipv4, ipv6, local, netlink, or other.
  (family %note-family)
  ;; stream, datagram, raw, or other.
  (kind %note-kind)
  ;; active or passive.
  (direction %note-direction %set-note-direction!)
  ;; What the libraries add, an association list.
  (facts %note-facts %set-note-facts!))

(define (note-socket! port family kind direction)
  "(note-socket! port family kind direction): notes that the socket PORT is of FAMILY ipv4, ipv6, local or netlink, of KIND stream,
datagram or raw, and active or passive. The port."
  (hashq-set! %notes port (%make-note family kind direction '()))
  port)

(define (%note port)
  "The note of PORT: what was noted, or what its descriptor says; #f if it stands on no socket."
  (or (hashq-ref %notes port #f)
      (and (port? port)
           (not (port-closed? port))
           (let ((family (false-if-exception (getsockopt port SOL_SOCKET SO_DOMAIN))))
             (and family
                  (begin
                    (note-socket! port (%family-name family) (%kind-name (getsockopt port SOL_SOCKET SO_TYPE)) 'active)
                    (hashq-ref %notes port #f)))))))

(define (%family-name number)
  "The name of an address family."
  (cond ((= number AF_INET) 'ipv4)
        ((= number AF_INET6) 'ipv6)
        ((= number AF_UNIX) 'local)
        ((= number AF_NETLINK) 'netlink)
        (else 'other)))

(define (%kind-name number)
  "The name of a type of sockets."
  (cond ((= number SOCK_STREAM) 'stream)
        ((= number SOCK_DGRAM) 'datagram)
        ((= number SOCK_RAW) 'raw)
        (else 'other)))

(define (socket-port? obj)
  "(socket-port? obj): whether OBJ is a port that stands on a socket, or stood on one when it was closed."
  (and (port? obj) (%note obj) #t))

(define* (need-socket who port #:optional (good? (lambda (port) #t)) (expected "a socket"))
  "(need-socket who port [good? expected]): complains in the name of WHO unless PORT, its first argument, is a socket and GOOD?, which EXPECTED
says in words."
  (if (not (and (socket-port? port) (good? port))) (raise-wrong-argument who 1 expected port)))

(define (socket-family port)
  "(socket-family port): the family of the socket PORT: ipv4, ipv6, local, netlink or other."
  (%note-family (%note port)))

(define (socket-kind port)
  "(socket-kind port): the kind of the socket PORT: stream, datagram, raw or other."
  (%note-kind (%note port)))

(define (socket-direction port)
  "(socket-direction port): active, or passive for a socket that takes connections, whoever has made it listen."
  (let ((note (%note port)))
    (if (and (eq? (%note-direction note) 'active) (eq? (%note-kind note) 'stream) (%listens? port))
        (%set-note-direction! note 'passive))
    (%note-direction note)))

(define (%listens? port)
  "Whether PORT takes connections."
  (and (not (port-closed? port))
       (eqv? 1 (false-if-exception (getsockopt port SOL_SOCKET SO_ACCEPTCONN)))))

(define (set-socket-direction! port direction)
  "(set-socket-direction! port direction): notes that PORT is active or passive."
  (%set-note-direction! (%note port) direction))

(define* (socket-note port name #:optional (default #f))
  "(socket-note port name [default]): what a library has noted about the socket PORT under NAME, or DEFAULT."
  (let* ((note (and (port? port) (%note port)))
         (entry (and note (assq name (%note-facts note)))))
    (if entry (cdr entry) default)))

(define (set-socket-note! port name value)
  "(set-socket-note! port name value): notes VALUE about the socket PORT under NAME."
  (let* ((note (%note port))
         (entry (assq name (%note-facts note))))
    (if entry
        (set-cdr! entry value)
        (%set-note-facts! note (cons (cons name value) (%note-facts note))))))

(define (inet-family? family)
  "(inet-family? family): whether FAMILY is ipv4 or ipv6."
  (or (eq? family 'ipv4) (eq? family 'ipv6)))

(define (socket-descriptor port)
  "(socket-descriptor port): the number of the descriptor of PORT; #f if it is closed."
  (and (not (port-closed? port)) (fileno port)))

;;; ---- Making and ending -----------------------------------------------------------------------------------------------

(define (%family-number family)
  "The number of an address family by name."
  (case family
    ((ipv4) AF_INET)
    ((ipv6) AF_INET6)
    ((local) AF_UNIX)
    ((netlink) AF_NETLINK)
    (else AF_UNSPEC)))

(define (%kind-number kind)
  "The number of a type of sockets by name."
  (case kind
    ((stream) SOCK_STREAM)
    ((datagram) SOCK_DGRAM)
    (else SOCK_RAW)))

(define* (open-socket family kind #:optional (protocol 0))
  "(open-socket family kind [protocol]): a new socket of FAMILY ipv4, ipv6, local or netlink and of KIND stream, datagram or raw, closed when
a program is started. Datagram and raw sockets are no ports to read or write."
  (let ((port (note-socket! (socket (%family-number family) (logior (%kind-number kind) SOCK_CLOEXEC) protocol) family kind 'active)))
    (if (not (eq? kind 'stream)) (bar-socket port))
    port))

(define (open-socket-pair kind)
  "(open-socket-pair kind): two local sockets of KIND stream or datagram that are connected to each other, as a pair."
  (let ((pair (socketpair AF_UNIX (logior (%kind-number kind) SOCK_CLOEXEC) 0)))
    (for-each (lambda (port)
                (note-socket! port 'local kind 'active)
                (if (not (eq? kind 'stream)) (bar-socket port)))
              (list (car pair) (cdr pair)))
    pair))

(define* (adopt-descriptor fd #:key (duplicate? #f))
  "(adopt-descriptor fd [#:duplicate? flag]): the socket on the descriptor FD, or on a duplicate of it, which the port closes with itself. Raises a
&socket-error, ENOTSOCK or EBADF, if it is no socket."
  (let ((refuse (lambda (errno) (raise-socket-error errno 'getsockname #:phase 'create))))
    (let ((file (catch 'system-error
                  (lambda () (stat fd))
                  (lambda (key . args) (refuse (car (list-ref args 3)))))))
      (if (not (eq? (stat:type file) 'socket)) (refuse ENOTSOCK)))
    (let ((port (fdopen (if duplicate? (%duplicate fd) fd) "r+0")))
      (setvbuf port 'none)
      (%note port)
      port)))

(define (%duplicate fd)
  "A duplicate of the descriptor FD that is closed when a program is started."
  (let ((copy (dup->fdes fd)))
    (fcntl copy F_SETFD FD_CLOEXEC)
    copy))

(define (call-closing-on-failure port thunk)
  "(call-closing-on-failure port thunk): the values of (THUNK); if that is left otherwise, by an exception or a limit of time, PORT is
closed."
  (let ((done? #f))
    (dynamic-wind
      (lambda () #f)
      (lambda ()
        (call-with-values thunk
          (lambda results
            (set! done? #t)
            (apply values results))))
      (lambda ()
        (if (not done?) (abort-socket port))))))

(define (abort-socket port)
  "(abort-socket port): closes PORT and drops what it has not written. Raises nothing."
  (if (not (port-closed? port))
      (begin
        (%forget-buffers! port #f #t)
        (false-if-exception (close-port port)))))

(define (finish-socket port)
  "(finish-socket port): writes what PORT holds, and closes it. Raises what fails; the port is closed all the same."
  (if (not (port-closed? port)) (close-port port)))

(define (bar-socket port)
  "(bar-socket port): makes PORT one that cannot be read or written as a port; as a socket it stays what it is."
  (%bar-port! port #t #t))

(define* (buffer-socket port #:optional (input 4096) (output 4096))
  "(buffer-socket port [input [output]]): gives the stream socket PORT buffers of INPUT and OUTPUT octets."
  (%set-buffer-sizes! port input output))

(define (external-format? obj)
  "(external-format? obj): whether OBJ says how text is coded: default, the name of an encoding, a symbol, keyword or string, or a
list of such a name and perhaps #:eol-style and lf, crlf or cr."
  (and (%parse-format obj) #t))

(define (%parse-format format)
  "A pair of an encoding, a string, and lf, crlf or cr; #f if FORMAT says neither."
  (cond ((and (pair? format) (list? format))
         (let ((encoding (%encoding (car format))))
           (and encoding
                (let loop ((l (cdr format)) (eol 'lf))
                  (cond ((null? l) (cons encoding eol))
                        ((and (eq? (car l) #:eol-style) (pair? (cdr l)) (memq (value-symbol (cadr l)) '(lf crlf cr)))
                         (loop (cddr l) (value-symbol (cadr l))))
                        (else #f))))))
        ((%encoding format) => (lambda (encoding) (cons encoding 'lf)))
        (else #f)))

(define (%encoding name)
  "The name of an encoding that there is, as a string, or #f."
  (let ((text (cond ((string? name) name)
                    ((symbol? (value-symbol name)) (symbol->string (value-symbol name)))
                    (else #f))))
    (cond ((not text) #f)
          ((string-ci=? text "default") "UTF-8")
          ((false-if-exception (begin (set-port-encoding! (open-input-bytevector (bytevector)) text) #t)) text)
          (else #f))))

(define (set-socket-format! port format)
  "(set-socket-format! port format): has the text of PORT coded as FORMAT, an external format, says."
  (let ((parsed (%parse-format format)))
    (set-port-encoding! port (car parsed))
    (if (not (eq? (cdr parsed) 'lf)) (%set-line-ends! port (cdr parsed)))
    (set-socket-note! port 'format format)))

;;; ---- Calls -----------------------------------------------------------------------------------------------------------

(define* (bind-socket port sockaddr #:optional (given #f))
  "(bind-socket port sockaddr [given]): binds PORT; an exception names the address as GIVEN by the program."
  (call-noting-errors (lambda () (bind port sockaddr))
    'socket port 'address (or given sockaddr) 'phase 'create)
  (set-socket-note! port 'bound #t))

(define (listen-on-socket port backlog)
  "(listen-on-socket port backlog): has PORT take connections, which at most BACKLOG may wait for, and makes it passive."
  (call-noting-errors (lambda () (listen port backlog)) 'socket port 'phase 'create)
  (set-socket-direction! port 'passive)
  (set-socket-note! port 'listening #t)
  (bar-socket port))

(define (wait-for-descriptor port way seconds)
  "(wait-for-descriptor port way seconds): waits until the descriptor of PORT can be read, if WAY is read, or written, if it is write; what
the port's buffers hold does not count. At most so many SECONDS, if they are not #f. Whether it can."
  (let* ((fd (list (fileno port)))
         (deadline (and seconds (+ (monotonic-time) seconds)))
         (reads (if (eq? way 'read) fd '()))
         (writes (if (eq? way 'write) fd '())))
    (let loop ((seconds seconds))
      (let ((ready (if seconds (select reads writes '() seconds) (select reads writes '()))))
        (cond ((or (pair? (car ready)) (pair? (cadr ready))) #t)
              ((not deadline) (loop #f))
              (else
               (let ((left (- deadline (monotonic-time))))
                 (and (> left 0) (loop left)))))))))

(define* (connect-socket port sockaddr #:key (wait #t) (given #f))
  "(connect-socket port sockaddr [#:wait w] [#:given address]): connects PORT; an exception names the address as GIVEN by the program. WAIT is #t,
a number of seconds after which &socket-connection-timeout-error is raised, or #f: then the connecting has only begun. Whether it is done."
  (let ((address (or given sockaddr)))
    (call-noting-errors
      (lambda ()
        (%begin-connecting port)
        (let ((done? (cond ((eq? wait #t) (connect port sockaddr))
                           ((%connect-at-once port sockaddr wait) #t)
                           ((not wait) #f)
                           ((eq? (socket-family port) 'local) (%connect-within port sockaddr wait address))
                           ((not (wait-for-descriptor port 'write wait)) (%raise-late port address))
                           (else (%check-outcome port address)))))
          (if done? (%end-connecting port))
          done?))
      'socket port 'address address 'phase 'connect 'operation 'connect)))

(define (%connect-at-once port sockaddr wait)
  "Whether PORT is connected after an attempt that does not wait. A local socket cannot be waited for: where it would have to stand in line,
that is an error, unless the program wants to WAIT."
  (let ((answer (%try-connect port sockaddr)))
    (cond ((boolean? answer) answer)
          ((and wait (eqv? (socket-error-code answer) EAGAIN)) #f)
          (else (raise answer)))))

(define (%connect-within port sockaddr seconds address)
  "Connects a local socket, which waits for its place in a line, within so many SECONDS."
  (if (> seconds 0)
      (with-timeout seconds
        (lambda () (connect port sockaddr))
        (lambda () (%raise-late port address)))
      (%raise-late port address)))

(define (%raise-late port address)
  "Complains that PORT was not connected in time."
  (raise-timeout 'connect #:socket port #:address address #:phase 'connect #:connecting? #t))

(define (%check-outcome port address)
  "What the connecting of PORT, which is over, has come to: #t, or an exception."
  (let ((errno (getsockopt port SOL_SOCKET SO_ERROR)))
    (or (= errno 0)
        (raise-socket-error errno 'connect #:socket port #:address address #:phase 'connect))))

(define* (accept-socket port #:key (wait #t))
  "(accept-socket port [#:wait w]): takes the next connection that waits for PORT: two values, the new socket and the other end's
sockaddr. WAIT is #t, a number of seconds, or #f for not at all; with nobody there in time, the values are #f and #f."
  (let ((deadline (and (real? wait) (+ (monotonic-time) wait))))
    (let loop ()
      (let ((accepted (if (eq? wait #t)
                          (guard (failure ((socket-error? failure) failure)) (accept port SOCK_CLOEXEC))
                          (%try-accept port))))
        (cond ((pair? accepted)
               (note-socket! (car accepted) (socket-family port) (socket-kind port) 'active)
               (values (car accepted) (cdr accepted)))
              ((and accepted (not (memv (socket-error-code accepted) (list ECONNABORTED EAGAIN))))
               (call-noting-errors (lambda () (raise accepted)) 'socket port 'phase 'io))
              ;; A connection that has vanished.
              (accepted (loop))
              ((and deadline (wait-for-descriptor port 'read (max 0 (- deadline (monotonic-time))))) (loop))
              (else (values #f #f)))))))

(define (shutdown-socket port how)
  "(shutdown-socket port how): ends reading, 0, writing, 1, or both, 2, on PORT."
  (shutdown port how))

(define (disconnect-socket port)
  "(disconnect-socket port): takes its peer from PORT, a datagram socket."
  (connect port AF_UNSPEC))

(define* (send-octets port octets start end #:key (flags 0) (to #f) (given #f))
  "(send-octets port octets start end [#:flags n] [#:to sockaddr] [#:given address]): sends a part of the bytevector OCTETS, to an address if
there is one, which an exception names as GIVEN. How many octets were sent."
  (call-noting-errors
    (lambda ()
      (if to
          (sendto port octets to flags start end)
          (send port octets flags start end)))
    'socket port 'address (or given to) 'phase 'io))

(define* (receive-octets port octets start end #:key (flags 0))
  "(receive-octets port octets start end [#:flags n]): receives into a part of the bytevector OCTETS: two values, how many octets came and the
sender's sockaddr, or #f. With MSG_WAITALL a stream is waited for until the part is full, or the stream at its end."
  (call-noting-errors
    (lambda ()
      (let ((answer (recvfrom! port octets flags start end)))
        (values (if (%incomplete? port flags (car answer) (- end start))
                    (+ (car answer) (receive-octets port octets (+ start (car answer)) end #:flags flags))
                    (car answer))
                (cdr answer))))
    'socket port 'phase 'io))

(define (%incomplete? port flags count wanted)
  "Whether COUNT octets are fewer than the FLAGS of a receiving call have it wait for. Where fibers run, no call waits twice."
  (and (< 0 count wanted)
       (= (logand flags MSG_WAITALL) MSG_WAITALL)
       (= (logand flags (logior MSG_DONTWAIT MSG_PEEK)) 0)
       (eq? (socket-kind port) 'stream)))

(define (octets-of who position obj)
  "(octets-of who position obj): OBJ, a bytevector, or a vector of exact integers from 0 to 255, as a bytevector. Complains of anything else
as of argument POSITION of WHO."
  (cond ((bytevector? obj) obj)
        ((and (vector? obj)
              (every (lambda (octet) (and (exact-integer? octet) (<= 0 octet 255))) (vector->list obj)))
         (u8-list->bytevector (vector->list obj)))
        (else (raise-wrong-argument who position "octets: a bytevector or a vector of exact integers from 0 to 255" obj))))

(define (receive-into buffer start end receive)
  "(receive-into buffer start end receive): has RECEIVE, called with a bytevector and a start and end in it, fill BUFFER, a bytevector or a vector.
The values of RECEIVE, of which the first is how many octets there are."
  (if (bytevector? buffer)
      (receive buffer start end)
      (let ((octets (make-bytevector (- end start))))
        (call-with-values (lambda () (receive octets 0 (- end start)))
          (lambda (count . more)
            (do ((k 0 (+ k 1)))
                ((>= k (min count (- end start))))
              (vector-set! buffer (+ start k) (bytevector-u8-ref octets k)))
            (apply values count more))))))

(define (pass-descriptor port fd)
  "(pass-descriptor port fd): passes FD, a descriptor or a port, over the local socket PORT, with one zero octet."
  (call-noting-errors
    (lambda () (sendmsg port (bytevector 0) (list (list SOL_SOCKET SCM_RIGHTS (list fd)))))
    'socket port 'phase 'io))

(define (take-descriptor port)
  "(take-descriptor port): the descriptor that comes next over the local socket PORT, with the one octet that it came with; #f at the end.
If that octet came alone, EBADMSG is raised."
  (call-noting-errors
    (lambda ()
      (let* ((message (recvmsg port (make-bytevector 1) MSG_CMSG_CLOEXEC))
             (passed (%passed-ports message)))
        (cond ((pair? passed)
               (for-each close-port (cdr passed))
               (port->fdes (car passed)))
              ((eqv? (car message) 0) #f)
              (else (raise-socket-error EBADMSG 'recvmsg #:socket port #:phase 'io)))))
    'socket port 'phase 'io))

(define (%passed-ports message)
  "The ports that came with what recvmsg gave."
  (append-map (lambda (control)
                (if (and (eqv? (car control) SOL_SOCKET) (eqv? (cadr control) SCM_RIGHTS))
                    (caddr control)
                    '()))
              (list-ref message 3)))

(define (own-sockaddr port)
  "(own-sockaddr port): the address of PORT itself, as getsockname gives it."
  (call-noting-errors (lambda () (getsockname port)) 'socket port))

(define (peer-sockaddr port)
  "(peer-sockaddr port): the address of the other end of PORT, as getpeername gives it. Raises &socket-not-connected-error if there is
none."
  (call-noting-errors (lambda () (getpeername port)) 'socket port))

;;; ---- Options ---------------------------------------------------------------------------------------------------------

(define (get-option port level name kind)
  "(get-option port level name kind): the value of an option of PORT as its KIND has it: a boolean for bool; an exact integer for int; two values
for linger, whether and for how many seconds, and for time, seconds and microseconds."
  (let ((value (call-noting-errors (lambda () (getsockopt port level name)) 'socket port)))
    (case kind
      ((bool) (not (eqv? value 0)))
      ((linger) (values (not (eqv? (car value) 0)) (cdr value)))
      ((time) (values (car value) (cdr value)))
      (else value))))

(define (set-option port level name kind value . more)
  "(set-option port level name kind value ...): sets an option of PORT, of KIND bool, int, linger (whether, and for how many seconds), time (a real
number of seconds), or text."
  (let ((raw (case kind
               ((bool) (if value 1 0))
               ((linger) (cons (if value 1 0) (car more)))
               ((time)
                (let ((micros (exact (round (* value 1000000)))))
                  (cons (quotient micros 1000000) (remainder micros 1000000))))
               (else value))))
    (call-noting-errors (lambda () (setsockopt port level name raw)) 'socket port)))

(define (set-flag port level name on?)
  "(set-flag port level name on?): switches an option of PORT on if ON? is true, and does not touch it otherwise."
  (if on? (set-option port level name 'bool #t)))

;;; ---- Extents ---------------------------------------------------------------------------------------------------------

(define (call-with-extent port proc)
  "(call-with-extent port proc): the values of (PROC PORT). When that returns, PORT is flushed and closed; when it is left otherwise, closed
at once, and what it had not written is dropped. From then on no continuation leads into PROC: &extent-reentry-error. A fiber that waits has not
left."
  (let ((gate (%make-box #f)))
    (dynamic-wind
      (lambda () #f)
      (lambda ()
        (call-with-values (lambda () (%call-behind-gate gate (lambda () (proc port))))
          (lambda results
            (finish-socket port)
            (apply values results))))
      (lambda ()
        (%box-set! gate #t)
        (abort-socket port)))))

;;; The sockets whose connecting has begun in an extent of call-with-pending-connect, in a box; #f outside of such.

(define %pending (make-parameter #f))

(define (%begin-connecting port)
  "Notes that PORT is being connected."
  (let ((box (%pending)))
    (if box (%box-set! box (cons port (%box-ref box))))))

(define (%end-connecting port)
  "Notes that PORT is connected."
  (let ((box (%pending)))
    (if box (%box-set! box (delq port (%box-ref box))))))

(define (call-with-pending-connect thunk)
  "(call-with-pending-connect thunk): the values of (THUNK). On any way out, sockets whose connecting began there and is not finished are
closed. [Allegro CL]"
  (let ((box (%make-box '())))
    (dynamic-wind
      (lambda () #f)
      (lambda () (parameterize ((%pending box)) (thunk)))
      (lambda ()
        (for-each (lambda (port)
                    (if (not (and (not (port-closed? port)) (false-if-exception (getpeername port))))
                        (abort-socket port)))
                  (%box-ref box))
        (%box-set! box '())))))

;;; ---- Keyword tables --------------------------------------------------------------------------------------------------

(define (keyword-table who arguments known)
  "(keyword-table who arguments known): ARGUMENTS, keywords and values by turns, as an association list of symbols, of a keyword given twice the
last value first. Complains in the name of WHO of what is no keyword, has no value or is not among the symbols KNOWN."
  (let loop ((l arguments) (table '()))
    (cond ((null? l) table)
          ((not (keyword? (car l))) (raise-keyword-error who "Invalid keyword" (car l)))
          ((not (memq (keyword->symbol (car l)) known)) (raise-keyword-error who "Unrecognized keyword" (car l)))
          ((null? (cdr l)) (raise-keyword-error who "Keyword argument has no value" (car l)))
          (else (loop (cddr l) (cons (cons (keyword->symbol (car l)) (cadr l)) table))))))

(define (keyword-value table name default)
  "(keyword-value table name default): what a keyword table has under NAME, or DEFAULT."
  (let ((entry (assq name table)))
    (if entry (cdr entry) default)))

(define (value-symbol obj)
  "(value-symbol obj): the symbol that OBJ, a keyword, stands for; OBJ itself if it is none."
  (if (keyword? obj) (keyword->symbol obj) obj))

(define (need-choice who name obj allowed)
  "(need-choice who name obj allowed): the value that OBJ, the argument NAME of WHO, says: one of ALLOWED, symbols and booleans. A keyword stands
for a symbol."
  (let ((value (value-symbol obj)))
    (if (not (memq value allowed))
        (raise-wrong-argument who name (string-append "one of " (string-join (map object->string allowed) ", ")) obj))
    value))
