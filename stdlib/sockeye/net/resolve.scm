;;; (sockeye net resolve): from what programs call hosts and services to address objects and ports, by the system's own look-ups.

(define-module (sockeye net resolve)
  #:use-module (sockeye net raising)
  #:use-module (sockeye net address)
  #:export (host-designator? resolve-hosts resolve-host resolve-in-family service-designator? resolve-service service-name reverse-lookup
            canonical-lookup interface-list interface-by-name interface-by-index))

(define (host-designator? obj)
  "(host-designator? obj): whether OBJ may name a host: an exact integer below 2^32, a string, octets or numbers of 16 bits in a vector
or bytevector, or an address object of IPv4 or IPv6."
  (or (and (string? obj) (> (string-length obj) 0))
      (and (not (string? obj)) (known-address obj parse-inet-aton) #t)))

(define (%family policy)
  "The family to ask getaddrinfo for."
  (cond ((not policy) AF_INET)
        ((eq? policy 'ipv6) AF_INET6)
        (else AF_UNSPEC)))

(define (%infos name policy flags)
  "What getaddrinfo tells of NAME."
  (getaddrinfo name #f flags (%family policy) SOCK_STREAM))

(define (%addresses infos policy)
  "The address objects of INFOS, each once, in the order that POLICY wants."
  (let ((addresses (let loop ((l infos) (seen '()))
                     (if (null? l)
                         (reverse seen)
                         (let ((address (sockaddr->address (addrinfo:addr (car l)))))
                           (loop (cdr l)
                                 (if (or (not address) (any (lambda (other) (same-address? address other)) seen))
                                     seen
                                     (cons address seen))))))))
    (if (eq? policy #t)
        (call-with-values (lambda () (partition ipv6-address? addresses)) append)
        addresses)))

(define* (resolve-hosts host #:key (ipv6 'any) (parse-ipv4 parse-inet-aton) (who 'resolve-hosts) (position 1) (flags 0))
  "(resolve-hosts host [#:ipv6 policy] [#:parse-ipv4 parse] [#:who name] [#:position n] [#:flags n]): the address objects of HOST, a list
that is not empty. A name is looked up, for addresses as the policy says: #f (IPv4), ipv6 (IPv6), #t (both, IPv6 first) or any (both, in the
system's order); what is no name keeps its own family. Raises an error of arguments in the name of WHO, or a &resolver-error."
  (if (not (host-designator? host)) (raise-wrong-argument who position "a host: a name, an address or its number" host (exact-integer? host)))
  (let ((known (known-address host parse-ipv4)))
    (if known
        (list known)
        (begin
          (need-name host)
          (%addresses (%infos host ipv6 flags) ipv6)))))

(define (need-name text)
  "(need-name text): raises &resolver-no-name-error if TEXT, which the reading of addresses in force has refused, is one to the C library, so that
no host can have it as its name."
  (if (parse-inet-aton text)
      (raise-lookup-error 'resolver-no-name-error 'getaddrinfo text "Name or service not known")))

(define (resolve-host host . options)
  "(resolve-host host option ...): the first of (resolve-hosts host option ...)."
  (car (apply resolve-hosts host options)))

(define* (canonical-lookup name #:key (ipv6 'any))
  "(canonical-lookup name [#:ipv6 policy]): two values: the address objects of the host NAME, and its canonical name."
  (need-name name)
  (let ((infos (%infos name ipv6 AI_CANONNAME)))
    (values (%addresses infos ipv6)
            (or (any addrinfo:canonname infos) name))))

(define* (reverse-lookup address #:optional (given address))
  "(reverse-lookup address [given]): the name of the host that has ADDRESS, an address object. Raises a &resolver-error about what the program has
GIVEN if it has none."
  (call-noting-errors
    (lambda ()
      (car (getnameinfo (address->sockaddr address 0) NI_NAMEREQD)))
    'datum given))

(define* (resolve-in-family host family #:key (ipv6 #f) (parse-ipv4 parse-inet-aton) (map? #f) (who 'resolve-in-family) (position 1))
  "(resolve-in-family host family [#:ipv6 policy] [#:parse-ipv4 parse] [#:map? flag] [#:who name] [#:position n]): the address object of HOST for a
socket of FAMILY, ipv4 or ipv6. With MAP? true an IPv4 address is mapped into IPv6; otherwise one of the other family is an error of WHO's
argument at POSITION."
  (let ((address (resolve-host host #:ipv6 ipv6 #:parse-ipv4 parse-ipv4 #:who who #:position position)))
    (cond ((eq? (ipv6-address? address) (eq? family 'ipv6)) address)
          ((and map? (ipv4-address? address)) (map-address address))
          ((ipv4-address? address) (raise-wrong-argument who position "an IPv6 address, for a socket of IPv6" host))
          (else (raise-wrong-argument who position "an IPv4 address, for a socket of IPv4" host)))))

;;; ---- Services --------------------------------------------------------------------------------------------------------

(define (service-designator? obj)
  "(service-designator? obj): whether OBJ may name a service: an exact integer from 0 to 65535, a string or a symbol."
  (or (and (exact-integer? obj) (<= 0 obj 65535))
      (and (string? obj) (or (not (%digits? obj)) (<= (string->number obj 10) 65535)))
      (symbol? obj)
      (keyword? obj)))

(define (%digits? text)
  "Whether TEXT is decimal digits alone."
  (and (> (string-length text) 0) (string-every char-numeric? text)))

(define (%text designator)
  "The name that a string, symbol or keyword says."
  (cond ((string? designator) designator)
        ((keyword? designator) (symbol->string (keyword->symbol designator)))
        (else (symbol->string designator))))

(define* (resolve-service service protocol #:key (who 'resolve-service) (position 1) (phase #f))
  "(resolve-service service protocol [#:who name] [#:position n] [#:phase p]): the port of SERVICE: an exact integer, a string of digits,
or a name in the system's list of services of PROTOCOL, tcp or udp. Raises an error of arguments in the name of WHO, or an
&unknown-service-error."
  (cond ((not (service-designator? service))
         (raise-wrong-argument who position "a port from 0 to 65535 or the name of a service" service (exact-integer? service)))
        ((exact-integer? service) service)
        ((%digits? (%text service)) (string->number (%text service) 10))
        (else
         (call-noting-errors
           (lambda () (servent:port (getservbyname (%text service) (symbol->string protocol))))
           'datum service 'phase phase))))

(define (service-name port protocol)
  "(service-name port protocol): the name of the service that PORT is for with PROTOCOL, tcp or udp. Raises an &unknown-service-error."
  (servent:name (getservbyport port (symbol->string protocol))))

;;; ---- Interfaces ------------------------------------------------------------------------------------------------------

(define (interface-list)
  "(interface-list): the machine's interfaces, a list of pairs of number and name."
  (if-nameindex))

(define (interface-by-name name)
  "(interface-by-name name): the number of the interface NAME. Raises an &unknown-interface-error."
  (call-noting-errors (lambda () (if-nametoindex name)) 'datum name))

(define (interface-by-index index)
  "(interface-by-index index): the name of the interface with this number. Raises an &unknown-interface-error."
  (call-noting-errors (lambda () (if-indextoname index)) 'datum index))
