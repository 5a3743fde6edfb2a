;;; (lispworks targets): where LispWorks' operators connect and bind, and the sockets they make for that.
;;;
;;; What both halves of the COMM package share; programs import (lispworks comm). Arguments are checked before any system call is
;;; made, and what a failed call raises is of phase create until connecting begins.

(define-module (lispworks targets)
  #:use-module (sockeye net raising)
  #:use-module (sockeye net address)
  #:use-module (sockeye net resolve)
  #:use-module (sockeye net socket)
  #:export (need-host need-service need-local need-timeout need-procedure need-backlog
            connect-addresses addresses-from service-port local-targets open-client open-datagram bind-target open-listener
            sockaddr-values address-value known-host trapping-failures handle-port report-raised attach-setter!))

;;; ---- Arguments -------------------------------------------------------------------------------------------------------

(define (need-host who position host)
  "(need-host who position host): complains in the name of WHO unless HOST may name a host."
  (if (not (or (host-designator? host) (and (string? host) (known-host host))))
      (raise-wrong-argument who position "a host: a name, an address or its number" host)))

(define (need-service who position service)
  "(need-service who position service): complains in the name of WHO unless SERVICE may name a service."
  (if (not (service-designator? service))
      (raise-wrong-argument who position "a port from 0 to 65535 or the name of a service" service)))

(define (need-local who address service)
  "(need-local who address service): complains in the name of WHO unless ADDRESS is #f or may name a host of ours, and SERVICE is #f or may name a
service."
  (if (not (or (not address) (host-designator? address) (and (string? address) (known-host address))))
      (raise-wrong-argument who 'local-address "#f, or a host: a name, an address or its number" address))
  (if (not (or (not service) (service-designator? service)))
      (raise-wrong-argument who 'local-port "#f, a port from 0 to 65535 or the name of a service" service)))

(define (need-timeout who name seconds)
  "(need-timeout who name seconds): complains in the name of WHO unless SECONDS, its argument NAME, is #f or a positive real number."
  (if (not (or (not seconds) (and (real? seconds) (> seconds 0))))
      (raise-wrong-argument who name "#f or a positive real number" seconds)))

(define (need-procedure who name obj)
  "(need-procedure who name obj): complains in the name of WHO unless OBJ, its argument NAME, is #f or a procedure."
  (if (not (or (not obj) (procedure? obj)))
      (raise-wrong-argument who name "#f or a procedure" obj)))

(define (need-backlog who backlog)
  "(need-backlog who backlog): the number of connections that may wait, 5 for #f."
  (if (not (or (not backlog) (and (exact-integer? backlog) (<= 1 backlog #x7fffffff))))
      (raise-wrong-argument who 'backlog "#f or a positive integer" backlog))
  (or backlog 5))

(define (handle-port who position handle)
  "(handle-port who position handle): the port of HANDLE, a port or the number of a descriptor, of which the port is none of the owners."
  (cond ((port? handle) handle)
        ((and (exact-integer? handle) (>= handle 0))
         (let ((port (adopt-descriptor handle)))
           (set-port-revealed! port 1)
           port))
        (else (raise-wrong-argument who position "a socket handle or a descriptor" handle))))

(define* (report-raised name raised #:optional (with-backtrace #f))
  "(report-raised name raised [with-backtrace]): tells the current error port that RAISED came out of what is called NAME."
  (let ((port (current-error-port)))
    (display (string-append "in " (if (string? name) name (object->string name)) ": ") port)
    (cond ((%condition? raised)
           (display (%condition-text raised) port)
           (newline port))
          ((exception? raised) (print-exception port #f (exception-kind raised) (exception-args raised)))
          (else
           (display "uncaught object: " port)
           (write raised port)
           (newline port)))
    (if with-backtrace (display (%backtrace-text raised) port))
    (force-output port)))

(define (attach-setter! procedure setter)
  "(attach-setter! procedure setter): has (set! (PROCEDURE x ...) v) call SETTER."
  (set-procedure-properties! procedure (list (cons '%setter setter))))

(define (trapping-failures raise? thunk)
  "(trapping-failures raise? thunk): the values of (THUNK), or, if it fails with a &socket-error and RAISE? is false, #f and the exception."
  (if raise?
      (thunk)
      (guard (failure ((socket-error? failure) (values #f failure)))
        (thunk))))

;;; ---- Addresses -------------------------------------------------------------------------------------------------------

(define (known-host host)
  "(known-host host): the address object that HOST stands for without being looked up, or #f. Text of IPv6 may have a prefix length."
  (or (known-address host parse-inet-aton)
      (and (string? host) (parse-ipv6 host #:prefix? #t))))

(define (%addresses host ipv6)
  "The address objects of HOST, of the families that IPV6 allows if it is a name."
  (let ((known (known-host host)))
    (if known
        (list known)
        (resolve-hosts host #:ipv6 (case ipv6 ((#t) 'ipv6) ((#f) #f) (else 'any))))))

(define (connect-addresses host ipv6)
  "(connect-addresses host ipv6): the address objects of HOST, in the order in which they should be tried."
  (call-noting-errors (lambda () (%addresses host ipv6)) 'phase 'create 'address host))

(define (addresses-from addresses local)
  "(addresses-from addresses local): those of ADDRESSES that can be reached from LOCAL, as local-targets gives it; all, if none can."
  (if (and local (car local))
      (let ((families (map %family (car local))))
        (let ((fitting (filter (lambda (address) (memq (%family address) families)) addresses)))
          (if (null? fitting) addresses fitting)))
      addresses))

(define* (service-port service #:optional (protocol 'tcp))
  "(service-port service [protocol]): the port of SERVICE, 0 for #f."
  (if service
      (resolve-service service protocol #:phase 'create)
      0))

(define (local-targets address service protocol)
  "(local-targets address service protocol): what open-client and open-datagram take to bind: a list of the address objects of ADDRESS, #f for
any, the port of SERVICE, and ADDRESS itself; #f if both are #f."
  (and (or address service)
       (list (and address (connect-addresses address 'any))
             (service-port service protocol)
             address)))

(define (%family address)
  "The family of an address object."
  (if (ipv6-address? address) 'ipv6 'ipv4))

(define (%bind-locally port family local)
  "Binds PORT, a socket of FAMILY, to the first of LOCAL, as local-targets gives it, that is of this family."
  (if local
      (let ((address (if (car local)
                         (find (lambda (address) (eq? (%family address) family)) (car local))
                         (%wildcard family))))
        (if (not address)
            (raise-socket-error EADDRNOTAVAIL 'bind #:socket port #:address (caddr local) #:phase 'create))
        (call-noting-errors (lambda () (bind port (address->sockaddr address (cadr local))))
                            'address (or (caddr local) address) 'phase 'create))))

(define (%wildcard family)
  "The address object of all interfaces."
  (if (eq? family 'ipv6) (make-ipv6-address 0) (make-ipv4-address 0)))

(define (open-client address local keepalive nodelay)
  "(open-client address local keepalive nodelay): a stream socket to be connected to ADDRESS, an address object; bound to LOCAL, as local-targets
gives it."
  (let* ((family (%family address))
         (port (open-socket family 'stream)))
    (call-closing-on-failure port
      (lambda ()
        (if keepalive (setsockopt port SOL_SOCKET SO_KEEPALIVE 1))
        (if nodelay (setsockopt port IPPROTO_TCP TCP_NODELAY 1))
        (%bind-locally port family local)
        port))))

(define (open-datagram family local v6only)
  "(open-datagram family local v6only): a datagram socket of FAMILY, ipv4 or ipv6, bound to LOCAL, as local-targets gives it. V6ONLY is the value of
that option, or #f."
  (let ((port (open-socket family 'datagram)))
    (call-closing-on-failure port
      (lambda ()
        (if (and v6only (eq? family 'ipv6)) (setsockopt port IPPROTO_IPV6 IPV6_V6ONLY v6only))
        (%bind-locally port family local)
        port))))

(define (bind-target address ipv6)
  "(bind-target address ipv6): the address object to bind: of ADDRESS, or of all interfaces if that is #f."
  (cond (address (car (connect-addresses address ipv6)))
        ((memq ipv6 '(#t both)) (%wildcard 'ipv6))
        (else (%wildcard 'ipv4))))

(define (%open-bound target address ipv6)
  "A stream socket of the family of TARGET; of IPv6 if all interfaces are wanted and the system has no IPv4."
  (guard (failure ((and (eq? ipv6 'any) (not address) (socket-address-family-not-supported-error? failure))
                   (open-socket 'ipv6 'stream)))
    (open-socket (%family target) 'stream)))

(define (open-listener target address port ipv6 reuse-address reuse-port backlog before-listening)
  "(open-listener target address port ipv6 reuse-address reuse-port backlog before-listening): a new socket that takes connections, at TARGET, which
bind-target gave for ADDRESS and IPV6, and PORT. BEFORE-LISTENING is called with it when it is bound."
  (let ((sock (%open-bound target address ipv6)))
    (call-closing-on-failure sock
      (lambda ()
        (if reuse-address (setsockopt sock SOL_SOCKET SO_REUSEADDR 1))
        (if reuse-port (setsockopt sock SOL_SOCKET SO_REUSEPORT 1))
        (if (eq? (socket-family sock) 'ipv6)
            (case ipv6
              ((#t) (setsockopt sock IPPROTO_IPV6 IPV6_V6ONLY 1))
              ((both) (setsockopt sock IPPROTO_IPV6 IPV6_V6ONLY 0))))
        (let ((target (if (eq? (socket-family sock) (%family target)) target (%wildcard 'ipv6))))
          (call-noting-errors (lambda () (bind sock (address->sockaddr target port)))
                              'address (or address target) 'phase 'create))
        (before-listening sock)
        (listen-on-socket sock backlog)
        sock))))

;;; ---- Results ---------------------------------------------------------------------------------------------------------

(define (address-value address)
  "(address-value address): ADDRESS, an address object, as LispWorks' operators answer it: an integer for IPv4."
  (if (ipv4-address? address) (ipv4-address-number address) address))

(define (sockaddr-values sockaddr)
  "(sockaddr-values sockaddr): two values: the address and port of what getsockname and the like give; #f and #f if it has none, as before a socket
is bound."
  (let ((address (sockaddr->address sockaddr)))
    (if (and (inet-address? address) (> (sockaddr-port sockaddr) 0))
        (values (address-value address) (sockaddr-port sockaddr))
        (values #f #f))))
