;;; (sockeye net address): addresses as objects: of IPv4, of IPv6 with a scope and a prefix, and local ones; their texts.
;;;
;;; An address object names a machine, or a file for local sockets; a port number stands beside it. IPv4 text has two readings,
;;; which differ on purpose: parse-dotted has IOLib's, in which the last part is the last octet, and parse-inet-aton that of the C
;;; library, in which it fills all octets that are left.

(define-module (sockeye net address)
  #:use-module (sockeye net raising)
  #:export (make-ipv4-address ipv4-address? ipv4-address-p ipv4-address-number
            make-ipv6-address ipv6-address? ipv6-address-p ipv6-address-number ipv6-address-scope-id set-ipv6-address-scope-id!
            ipv6-address-prefix
            make-local-address local-address? local-address-p local-address-name abstract-address? abstract-address-p
            inet-address? inet-address-p address?
            octets->number number->octets words->number number->words address-vector
            parse-dotted parse-inet-aton parse-ipv6 ipv4-text ipv6-text address-text address-text/scope
            known-address ipv4-mapped map-address same-address?
            address->sockaddr sockaddr->address sockaddr-port))

(define-record-type ipv4-address
  (%make-ipv4-address number)
  %ipv4?
  (number %ipv4-number))

(define-record-type ipv6-address
  (%make-ipv6-address number scope prefix)
  %ipv6?
  (number %ipv6-number)
  (scope %scope %set-scope!)
  (prefix %prefix))

(define-record-type local-address
  (%make-local-address name abstract?)
  %local?
  (name %local-name)
  (abstract? %abstract?))

(set-record-type-printer! ipv4-address (lambda (address port) (%print-address "#<ipv4-address " (address-text address) port)))
(set-record-type-printer! ipv6-address (lambda (address port) (%print-address "#<ipv6-address " (address-text/scope address) port)))
(set-record-type-printer! local-address (lambda (address port) (%print-address "#<local-address " (object->string (address-text address)) port)))

(define (%print-address opening text port)
  "Tells PORT of an address object: its type and its text."
  (display (string-append opening text ">") port))

(define (ipv4-address? obj)
  "(ipv4-address? obj): whether OBJ is an IPv4 address object. [IOLib]"
  (%ipv4? obj))

(define (ipv6-address? obj)
  "(ipv6-address? obj): whether OBJ is an IPv6 address object. [IOLib, Allegro CL, LispWorks]"
  (%ipv6? obj))

(define (local-address? obj)
  "(local-address? obj): whether OBJ is an address of local sockets. [IOLib]"
  (%local? obj))

(define (%need-ipv4 who address)
  "Complains in the name of WHO unless ADDRESS is of IPv4."
  (if (not (%ipv4? address)) (raise-wrong-argument who 1 "an IPv4 address object" address)))

(define (%need-ipv6 who address)
  "Complains in the name of WHO unless ADDRESS is of IPv6."
  (if (not (%ipv6? address)) (raise-wrong-argument who 1 "an IPv6 address object" address)))

(define (ipv4-address-number address)
  "(ipv4-address-number address): the number of ADDRESS, of IPv4, the first octet most significant."
  (%need-ipv4 'ipv4-address-number address)
  (%ipv4-number address))

(define (ipv6-address-number address)
  "(ipv6-address-number address): the number of ADDRESS, of IPv6."
  (%need-ipv6 'ipv6-address-number address)
  (%ipv6-number address))

(define (ipv6-address-prefix address)
  "(ipv6-address-prefix address): the length of the prefix that the text of ADDRESS, of IPv6, had, or #f."
  (%need-ipv6 'ipv6-address-prefix address)
  (%prefix address))

(define (local-address-name address)
  "(local-address-name address): the name in ADDRESS, of local sockets, empty if it has none."
  (if (not (%local? address)) (raise-wrong-argument 'local-address-name 1 "a local address object" address))
  (%local-name address))

(define (make-ipv4-address number)
  "(make-ipv4-address number): the IPv4 address with this NUMBER, from 0 to 2^32 - 1, the first octet most significant."
  (if (not (and (exact-integer? number) (<= 0 number #xffffffff)))
      (raise-wrong-argument 'make-ipv4-address 1 "an exact integer from 0 to 4294967295" number #t))
  (%make-ipv4-address number))

(define* (make-ipv6-address number #:optional (scope 0) (prefix #f))
  "(make-ipv6-address number [scope [prefix]]): the IPv6 address with this NUMBER, from 0 to 2^128 - 1; the interface it is meant
on, 0 for any; and the length of its prefix, or #f."
  (if (not (and (exact-integer? number) (<= 0 number) (< number (expt 2 128))))
      (raise-wrong-argument 'make-ipv6-address 1 "an exact integer from 0 to 2^128 - 1" number #t))
  (%make-ipv6-address number scope prefix))

(define* (make-local-address name #:optional (abstract? #f))
  "(make-local-address name [abstract?]): the address of local sockets with this NAME: a file's, or one of the abstract namespace."
  (if (not (string? name)) (%wrong-type 'make-local-address 1 "a string" name))
  (%make-local-address name (and abstract? #t)))

(define (ipv4-address-p obj)
  "(ipv4-address-p obj): whether OBJ is an IPv4 address object. [IOLib]"
  (ipv4-address? obj))

(define (ipv6-address-p obj)
  "(ipv6-address-p obj): whether OBJ is an IPv6 address object. [IOLib, Allegro CL, LispWorks]"
  (ipv6-address? obj))

(define (local-address-p obj)
  "(local-address-p obj): whether OBJ is an address of local sockets. [IOLib]"
  (local-address? obj))

(define (abstract-address? obj)
  "(abstract-address? obj): whether OBJ is an address of the abstract namespace of local sockets. [IOLib]"
  (and (local-address? obj) (%abstract? obj)))

(define (abstract-address-p obj)
  "(abstract-address-p obj): the same as abstract-address?. [IOLib]"
  (abstract-address? obj))

(define (inet-address? obj)
  "(inet-address? obj): whether OBJ is an address object of IPv4 or IPv6. [IOLib]"
  (or (ipv4-address? obj) (ipv6-address? obj)))

(define (inet-address-p obj)
  "(inet-address-p obj): the same as inet-address?. [IOLib]"
  (inet-address? obj))

(define (address? obj)
  "(address? obj): whether OBJ is an address object. [IOLib]"
  (or (inet-address? obj) (local-address? obj)))

(define ipv6-address-scope-id
  (make-procedure-with-setter
    (lambda (address)
      "(ipv6-address-scope-id address): the interface on which ADDRESS, of IPv6, is meant, 0 for any; (set! (ipv6-address-scope-id
address) n) changes it. [Allegro CL, LispWorks]"
      (%need-ipv6 'ipv6-address-scope-id address)
      (%scope address))
    (lambda (address scope) (set-ipv6-address-scope-id! address scope))))

(define (set-ipv6-address-scope-id! address scope)
  "(set-ipv6-address-scope-id! address scope): makes SCOPE the interface on which ADDRESS, of IPv6, is meant. [Allegro CL]"
  (%need-ipv6 'set-ipv6-address-scope-id! address)
  (%set-scope! address scope))

;;; ---- Numbers and vectors ---------------------------------------------------------------------------------------------

(define (%assemble vector bits)
  "The number that the elements of VECTOR make up, of so many BITS each, or #f if one does not fit."
  (let ((limit (expt 2 bits)))
    (let loop ((l (if (bytevector? vector) (bytevector->u8-list vector) (vector->list vector))) (n 0))
      (cond ((null? l) n)
            ((and (exact-integer? (car l)) (<= 0 (car l)) (< (car l) limit)) (loop (cdr l) (+ (* n limit) (car l))))
            (else #f)))))

(define (%parts number count bits)
  "A vector of COUNT parts of NUMBER, of so many BITS each."
  (let ((limit (expt 2 bits)))
    (let loop ((k 0) (n number) (parts '()))
      (if (= k count)
          (list->vector parts)
          (loop (+ k 1) (quotient n limit) (cons (remainder n limit) parts))))))

(define (octets->number vector)
  "(octets->number vector): the number of the four octets of VECTOR, a vector or bytevector; #f if they are no such."
  (and (or (and (vector? vector) (= (vector-length vector) 4))
           (and (bytevector? vector) (= (bytevector-length vector) 4)))
       (%assemble vector 8)))

(define (number->octets number)
  "(number->octets number): the four octets of the IPv4 address NUMBER, as a vector."
  (%parts number 4 8))

(define (words->number vector)
  "(words->number vector): the number of a vector of eight numbers of 16 bits, or of a bytevector of 16 octets; #f if it is no such."
  (cond ((and (vector? vector) (= (vector-length vector) 8)) (%assemble vector 16))
        ((and (bytevector? vector) (= (bytevector-length vector) 16)) (%assemble vector 8))
        (else #f)))

(define (number->words number)
  "(number->words number): the eight numbers of 16 bits of the IPv6 address NUMBER, as a vector."
  (%parts number 8 16))

(define (address-vector address)
  "(address-vector address): the four octets of an IPv4 address, or the eight numbers of 16 bits of an IPv6 address, as a vector."
  (if (ipv4-address? address)
      (number->octets (ipv4-address-number address))
      (number->words (ipv6-address-number address))))

;;; ---- Text ------------------------------------------------------------------------------------------------------------

(define (%decimal text)
  "The number that TEXT, decimal digits alone, says, or #f."
  (and (<= 1 (string-length text) 10)
       (string-every char-numeric? text)
       (string->number text 10)))

(define (parse-dotted text)
  "(parse-dotted text): the number of the IPv4 address that TEXT says in one to four decimal parts, each at most 255, of which the
last is the last octet: 127.1 is 127.0.0.1. #f if it says none. [IOLib]"
  (let ((parts (map %decimal (string-split text #\.))))
    (and (<= 1 (length parts) 4)
         (every (lambda (part) (and part (<= part 255))) parts)
         (let* ((leading (reverse (cdr (reverse parts))))
                (last (car (reverse parts)))
                (zeros (make-list (- 4 (length parts)) 0)))
           (%assemble (list->vector (append leading zeros (list last))) 8)))))

(define (parse-inet-aton text)
  "(parse-inet-aton text): the number of the IPv4 address that TEXT says as the C library reads it, the last part filling all octets
left: 127.256 is 127.0.1.0. #f if it says none."
  (false-if-exception (inet-aton text)))

(define* (parse-ipv6 text #:key (scope 'number) (prefix? #f))
  "(parse-ipv6 text [#:scope how] [#:prefix? flag]): the IPv6 address that TEXT says, or #f. After a % may follow a scope: a number, or
an interface's name, which with HOW being number must be known, and with text is kept if it is not a number. With PREFIX? true, a length of
the prefix may follow a slash."
  (let* ((slash (and prefix? (string-index text #\/)))
         (prefix (and slash (%decimal (substring text (+ slash 1)))))
         (text (if slash (substring text 0 slash) text))
         (percent (string-index text #\%))
         (zone (and percent (substring text (+ percent 1))))
         (scope (cond ((not zone) 0)
                      ((string=? zone "") #f)
                      ((%decimal zone) => (lambda (n) n))
                      ((eq? scope 'text) zone)
                      (else (false-if-exception (if-nametoindex zone)))))
         (number (and scope
                      (or (not slash) (and prefix (<= prefix 128)))
                      (false-if-exception (inet-pton AF_INET6 (if percent (substring text 0 percent) text))))))
    (and number (%make-ipv6-address number scope prefix))))

(define (ipv4-text number)
  "(ipv4-text number): the IPv4 address NUMBER in four decimal parts."
  (inet-ntop AF_INET number))

(define (ipv6-text number)
  "(ipv6-text number): the IPv6 address NUMBER as inet_ntop writes it."
  (inet-ntop AF_INET6 number))

(define (address-text address)
  "(address-text address): ADDRESS as text: an abstract name with a leading @, an IPv6 address without its scope."
  (cond ((ipv4-address? address) (ipv4-text (ipv4-address-number address)))
        ((ipv6-address? address) (ipv6-text (ipv6-address-number address)))
        ((not (local-address? address)) (%wrong-type 'address-text 1 "an address object" address))
        ((%abstract? address) (string-append "@" (local-address-name address)))
        (else (local-address-name address))))

(define (address-text/scope address)
  "(address-text/scope address): the text of ADDRESS, an address object; an IPv6 address with a % and its scope, if it has one."
  (let ((scope (if (ipv6-address? address) (%scope address) 0)))
    (cond ((memv scope '(0 #f)) (address-text address))
          ((number? scope) (string-append (address-text address) "%" (number->string scope)))
          (else (string-append (address-text address) "%" scope)))))

;;; ---- Designators -----------------------------------------------------------------------------------------------------

(define (known-address host parse-ipv4)
  "(known-address host parse-ipv4): the address object that HOST stands for without being looked up: an address object, an exact integer (for
IPv4), four octets or eight numbers of 16 bits as a vector, 4 or 16 as a bytevector, or a text, which PARSE-IPV4 or parse-ipv6 reads. #f for
the rest."
  (cond ((inet-address? host) host)
        ((exact-integer? host) (and (<= 0 host #xffffffff) (%make-ipv4-address host)))
        ((string? host)
         (let ((number (parse-ipv4 host)))
           (if number
               (%make-ipv4-address number)
               (parse-ipv6 host))))
        ((octets->number host) => %make-ipv4-address)
        ((words->number host) => (lambda (number) (%make-ipv6-address number 0 #f)))
        (else #f)))

(define (ipv4-mapped address)
  "(ipv4-mapped address): the IPv4 address that ADDRESS, of IPv6, is a mapping of (::ffff:a.b.c.d), or #f."
  (let ((number (ipv6-address-number address)))
    (and (= (quotient number (expt 2 32)) #xffff)
         (%make-ipv4-address (remainder number (expt 2 32))))))

(define (map-address address)
  "(map-address address): the mapping of ADDRESS, of IPv4, into IPv6: ::ffff:a.b.c.d."
  (%make-ipv6-address (+ (* #xffff (expt 2 32)) (ipv4-address-number address)) 0 #f))

(define (same-address? a b)
  "(same-address? a b): whether A and B are address objects of one family that name the same. A scope makes no difference."
  (cond ((ipv4-address? a) (and (ipv4-address? b) (= (ipv4-address-number a) (ipv4-address-number b))))
        ((ipv6-address? a) (and (ipv6-address? b) (= (ipv6-address-number a) (ipv6-address-number b))))
        ((local-address? a)
         (and (local-address? b) (eq? (%abstract? a) (%abstract? b)) (string=? (local-address-name a) (local-address-name b))))
        (else #f)))

;;; ---- What the system calls take and give -----------------------------------------------------------------------------

(define* (address->sockaddr address #:optional (port 0))
  "(address->sockaddr address [port]): what bind, connect and sendto take for ADDRESS, an address object, and PORT."
  (cond ((ipv4-address? address) (make-socket-address AF_INET (ipv4-address-number address) port))
        ((ipv6-address? address)
         (let ((scope (%scope address)))
           (make-socket-address AF_INET6 (ipv6-address-number address) port 0
                                (cond ((exact-integer? scope) scope)
                                      ((string? scope) (if-nametoindex scope))
                                      (else 0)))))
        ((local-address? address)
         (make-socket-address AF_UNIX (if (%abstract? address)
                                          (string-append (string #\nul) (local-address-name address))
                                          (local-address-name address))))
        (else (%wrong-type 'address->sockaddr 1 "an address object" address))))

(define (sockaddr->address sockaddr)
  "(sockaddr->address sockaddr): the address object of what getsockname, accept and recvfrom! give; #f for #f and for other families."
  (and sockaddr
       (let ((family (sockaddr:fam sockaddr)))
         (cond ((eqv? family AF_INET) (%make-ipv4-address (sockaddr:addr sockaddr)))
               ((eqv? family AF_INET6) (%make-ipv6-address (sockaddr:addr sockaddr) (sockaddr:scopeid sockaddr) #f))
               ((eqv? family AF_UNIX)
                (let ((path (or (sockaddr:path sockaddr) "")))
                  (if (and (> (string-length path) 0) (char=? (string-ref path 0) #\nul))
                      (%make-local-address (substring path 1) #t)
                      (%make-local-address path #f))))
               (else #f)))))

(define (sockaddr-port sockaddr)
  "(sockaddr-port sockaddr): the port in what getsockname, accept and recvfrom! give, or #f."
  (and sockaddr
       (memv (sockaddr:fam sockaddr) (list AF_INET AF_INET6))
       (sockaddr:port sockaddr)))
