;;; (iolib addresses): the address objects and look-ups of (iolib sockets), which exports all of it. [IOLib]
;;;
;;; Two things are corrected: multicast is 224.0.0.0/4 and loopback 127.0.0.0/8, and nothing is printed that cannot be read again.

(define-module (iolib addresses)
  #:use-module (sockeye net raising)
  #:use-module (sockeye net address)
  #:use-module (sockeye net resolve)
  #:use-module (sockeye net socket)
  #:export (*ipv6*
            make-address ensure-address address-to-string address-name copy-address address-type address= address-equal-p
            address-to-vector addressp
            dotted-to-vector dotted-to-integer integer-to-dotted integer-to-vector vector-to-dotted vector-to-integer
            colon-separated-to-vector vector-to-colon-separated string-address-to-vector
            map-ipv4-address-to-ipv6 map-ipv6-address-to-ipv4
            +ipv4-loopback+ +ipv4-unspecified+ +ipv6-loopback+ +ipv6-unspecified+ +ipv6-interface-local-all-nodes+
            +ipv6-link-local-all-nodes+ +ipv6-interface-local-all-routers+ +ipv6-link-local-all-routers+
            +ipv6-site-local-all-routers+ +max-ipv4-value+ +any-host+ +loopback+
            inet-address-unspecified-p inet-address-unspecified? inet-address-loopback-p inet-address-loopback?
            inet-address-multicast-p inet-address-multicast? inet-address-unicast-p inet-address-unicast? inet-address-type
            ipv6-multicast-type ipv6-unicast-type
            ipv6-interface-local-multicast-p ipv6-interface-local-multicast? ipv6-link-local-multicast-p
            ipv6-link-local-multicast? ipv6-admin-local-multicast-p ipv6-admin-local-multicast? ipv6-site-local-multicast-p
            ipv6-site-local-multicast? ipv6-organization-local-multicast-p ipv6-organization-local-multicast?
            ipv6-global-multicast-p ipv6-global-multicast? ipv6-reserved-multicast-p ipv6-reserved-multicast?
            ipv6-unassigned-multicast-p ipv6-unassigned-multicast? ipv6-transient-multicast-p ipv6-transient-multicast?
            ipv6-solicited-node-multicast-p ipv6-solicited-node-multicast? ipv6-link-local-unicast-p ipv6-link-local-unicast?
            ipv6-site-local-unicast-p ipv6-site-local-unicast? ipv6-global-unicast-p ipv6-global-unicast?
            ipv6-ipv4-mapped-p ipv6-ipv4-mapped?
            make-netmask ensure-netmask inet-address-network-portion inet-address-host-portion make-ipv4-network ipv4-network?
            ipv4-network-p ipv4-network= inet-address-in-network-p inet-addresses-in-same-network-p inet-address-network-class
            inet-address-private-p inet-address-private?
            lookup-hostname ensure-hostname lookup-service lookup-protocol list-network-interfaces lookup-interface
            interface-name interface-index make-interface)
  #:re-export (address? inet-address? inet-address-p ipv4-address? ipv4-address-p ipv6-address? ipv6-address-p local-address?
               local-address-p abstract-address? abstract-address-p ipv6-address-scope-id))

(define *ipv6* (make-parameter #f))

;;; ---- Making address objects ------------------------------------------------------------------------------------------

(define (make-address x)
  "(make-address x): the address object of X: of IPv4 for a vector of 4 octets, of IPv6 for one of 8 numbers of 16 bits, a local one for a string.
Anything else is an error of arguments. [IOLib]

    (address-to-string (make-address #(127 0 0 1)))  => \"127.0.0.1\""
  (cond ((string? x) (make-local-address x))
        ((octets->number x) => make-ipv4-address)
        ((words->number x) => make-ipv6-address)
        (else (raise-wrong-argument 'make-address 1 "a vector of 4 octets or 8 numbers of 16 bits, or a string" x))))

(define* (ensure-address x #:key (family 'internet) (abstract #f) (errorp #t))
  "(ensure-address x [#:family family] [#:abstract flag] [#:errorp flag]): the address object that X designates; an address comes back as it is.
FAMILY is internet, ipv4, ipv6 or local; a name for local is of the abstract namespace if ABSTRACT is true. A text that is no address raises
&address-parse-error, and anything of another family is an error of arguments; with ERRORP being #f both give #f. [IOLib]

    (address-to-string (ensure-address \"127.1\"))  => \"127.0.0.1\"
    (ensure-address \"no address\" #:errorp #f)  => #f"
  (let ((family (value-symbol family)))
    (case family
      ((internet ipv4 ipv6)
       (let ((address (known-address x parse-dotted)))
         (cond ((and address (or (eq? family 'internet) (eq? family (address-type address)))) address)
               ((not errorp) #f)
               ((and (string? x) (not address)) (raise-address-parse-error 'ensure-address x))
               (else (raise-wrong-argument 'ensure-address 1 "an address of the family that was asked for" x)))))
      ((local file)
       (cond ((local-address? x) x)
             ((string? x) (make-local-address x abstract))
             ((not errorp) #f)
             (else (raise-wrong-argument 'ensure-address 1 "a local address or a string" x))))
      (else (raise-wrong-argument 'ensure-address 'family "internet, ipv4, ipv6 or local" family)))))

(define (address-to-string address)
  "(address-to-string address): ADDRESS, an address object, as text; an abstract name with a leading @. [IOLib]

    (address-to-string +ipv6-loopback+)  => \"::1\""
  (if (not (address? address)) (raise-wrong-argument 'address-to-string 1 "an address object" address))
  (address-text address))

(define (address-name address)
  "(address-name address): what ADDRESS was made of: a vector of 4 octets or of 8 numbers of 16 bits, or the name of a local one. [IOLib]

    (address-name +ipv4-loopback+)  => #(127 0 0 1)"
  (cond ((local-address? address) (local-address-name address))
        ((inet-address? address) (address-vector address))
        (else (raise-wrong-argument 'address-name 1 "an address object" address))))

(define (copy-address address)
  "(copy-address address): a new address object equal to ADDRESS. [IOLib]"
  (cond ((ipv4-address? address) (make-ipv4-address (ipv4-address-number address)))
        ((ipv6-address? address)
         (make-ipv6-address (ipv6-address-number address) (ipv6-address-scope-id address) (ipv6-address-prefix address)))
        ((local-address? address) (make-local-address (string-copy (local-address-name address)) (abstract-address? address)))
        (else (raise-wrong-argument 'copy-address 1 "an address object" address))))

(define (address-type x)
  "(address-type x): ipv4, ipv6 or local for an address object; #f for anything else. [IOLib]

    (address-type +ipv6-loopback+)  => ipv6"
  (cond ((ipv4-address? x) 'ipv4)
        ((ipv6-address? x) 'ipv6)
        ((local-address? x) 'local)
        (else #f)))

(define (address= a b)
  "(address= a b): whether the address objects A and B are of one family and name the same. [IOLib]

    (address= +ipv4-loopback+ (make-address #(127 0 0 1)))  => #t"
  (if (not (address? a)) (raise-wrong-argument 'address= 1 "an address object" a))
  (if (not (address? b)) (raise-wrong-argument 'address= 2 "an address object" b))
  (same-address? a b))

(define* (address-equal-p x y #:optional (family 'internet))
  "(address-equal-p x y [family]): whether X and Y designate the same address of FAMILY; see ensure-address. [IOLib]

    (address-equal-p \"127.1\" 2130706433)  => #t"
  (same-address? (ensure-address x #:family family) (ensure-address y #:family family)))

(define (address-to-vector x)
  "(address-to-vector x): two values: the vector of the address of IPv4 or IPv6 that X designates, and ipv4 or ipv6; #f alone if X designates
none. [IOLib]"
  (let ((address (known-address x parse-dotted)))
    (if address
        (values (address-vector address) (address-type address))
        #f)))

(define (addressp obj)
  "(addressp obj): whether OBJ is an address object. [IOLib]"
  (address? obj))

;;; ---- Texts, numbers and vectors --------------------------------------------------------------------------------------

(define (%need-string who text)
  "Complains in the name of WHO unless TEXT is a string."
  (if (not (string? text)) (raise-wrong-argument who 1 "a string" text)))

(define (%need-ipv4-number who number)
  "Complains in the name of WHO unless NUMBER has 32 bits."
  (if (not (and (exact-integer? number) (<= 0 number #xffffffff)))
      (raise-wrong-argument who 1 "an exact integer from 0 to 4294967295" number #t)))

(define (dotted-to-vector text)
  "(dotted-to-vector text): the four octets of the IPv4 address that TEXT says in one to four decimal parts, the last being the last octet.
Raises &address-parse-error. [IOLib]

    (dotted-to-vector \"10.1.2\")  => #(10 1 0 2)"
  (number->octets (%parse-dotted 'dotted-to-vector text)))

(define (dotted-to-integer text)
  "(dotted-to-integer text): the number of the IPv4 address that TEXT says; see dotted-to-vector. [IOLib]

    (dotted-to-integer \"127.0.0.1\")  => 2130706433"
  (%parse-dotted 'dotted-to-integer text))

(define (%parse-dotted who text)
  "The number of the IPv4 address that TEXT, the argument of WHO, says."
  (%need-string who text)
  (or (parse-dotted text) (raise-address-parse-error who text)))

(define (integer-to-dotted number)
  "(integer-to-dotted number): the IPv4 address NUMBER in four decimal parts. [IOLib]

    (integer-to-dotted 2130706433)  => \"127.0.0.1\""
  (%need-ipv4-number 'integer-to-dotted number)
  (ipv4-text number))

(define (integer-to-vector number)
  "(integer-to-vector number): the four octets of the IPv4 address NUMBER, as a vector. [IOLib]

    (integer-to-vector 2130706433)  => #(127 0 0 1)"
  (%need-ipv4-number 'integer-to-vector number)
  (number->octets number))

(define (vector-to-integer vector)
  "(vector-to-integer vector): the number of the IPv4 address with the four octets of VECTOR. [IOLib]

    (vector-to-integer #(127 0 0 1))  => 2130706433"
  (or (octets->number vector) (raise-wrong-argument 'vector-to-integer 1 "a vector of 4 octets" vector)))

(define (vector-to-dotted vector)
  "(vector-to-dotted vector): the IPv4 address with the four octets of VECTOR in decimal parts. [IOLib]

    (vector-to-dotted #(127 0 0 1))  => \"127.0.0.1\""
  (ipv4-text (or (octets->number vector) (raise-wrong-argument 'vector-to-dotted 1 "a vector of 4 octets" vector))))

(define (colon-separated-to-vector text)
  "(colon-separated-to-vector text): the eight numbers of 16 bits of the IPv6 address that TEXT says. Raises &address-parse-error. [IOLib]

    (colon-separated-to-vector \"fe80::1\")  => #(65152 0 0 0 0 0 0 1)"
  (%need-string 'colon-separated-to-vector text)
  (let ((address (parse-ipv6 text)))
    (if address
        (address-vector address)
        (raise-address-parse-error 'colon-separated-to-vector text))))

(define* (vector-to-colon-separated vector #:optional (case 'downcase))
  "(vector-to-colon-separated vector [case]): the IPv6 address with the eight numbers of 16 bits of VECTOR as text, with digits as CASE says:
downcase or upcase. [IOLib]

    (vector-to-colon-separated #(65152 0 0 0 0 0 0 1) 'upcase)  => \"FE80::1\""
  (let ((number (or (words->number vector)
                    (raise-wrong-argument 'vector-to-colon-separated 1 "a vector of 8 numbers of 16 bits" vector)))
        (case (value-symbol case)))
    (cond ((eq? case 'downcase) (ipv6-text number))
          ((eq? case 'upcase) (string-upcase (ipv6-text number)))
          (else (raise-wrong-argument 'vector-to-colon-separated 2 "downcase or upcase" case)))))

(define (string-address-to-vector text)
  "(string-address-to-vector text): the vector of the address of IPv4 or IPv6 that TEXT says; #f if it says neither. [IOLib]

    (string-address-to-vector \"localhost\")  => #f"
  (%need-string 'string-address-to-vector text)
  (let ((address (known-address text parse-dotted)))
    (and address (address-vector address))))

(define (map-ipv4-address-to-ipv6 address)
  "(map-ipv4-address-to-ipv6 address): the IPv6 address that ADDRESS, of IPv4, is mapped to: ::ffff:a.b.c.d. [IOLib]

    (address-to-string (map-ipv4-address-to-ipv6 +ipv4-loopback+))  => \"::ffff:127.0.0.1\""
  (%need-ipv4 'map-ipv4-address-to-ipv6 address)
  (map-address address))

(define (map-ipv6-address-to-ipv4 address)
  "(map-ipv6-address-to-ipv4 address): the IPv4 address that is mapped to ADDRESS, of IPv6. Without such, an error of arguments. [IOLib]"
  (or (and (ipv6-address? address) (ipv4-mapped address))
      (raise-wrong-argument 'map-ipv6-address-to-ipv4 1 "an IPv6 address object that an IPv4 address is mapped to" address)))

;;; ---- Constants -------------------------------------------------------------------------------------------------------

(define +max-ipv4-value+ #xffffffff)
(define +ipv4-unspecified+ (make-ipv4-address 0))
(define +ipv4-loopback+ (make-ipv4-address #x7f000001))
(define +ipv6-unspecified+ (make-ipv6-address 0))
(define +ipv6-loopback+ (make-ipv6-address 1))
(define +ipv6-interface-local-all-nodes+ (make-ipv6-address #xff010000000000000000000000000001))
(define +ipv6-link-local-all-nodes+ (make-ipv6-address #xff020000000000000000000000000001))
(define +ipv6-interface-local-all-routers+ (make-ipv6-address #xff010000000000000000000000000002))
(define +ipv6-link-local-all-routers+ (make-ipv6-address #xff020000000000000000000000000002))
(define +ipv6-site-local-all-routers+ (make-ipv6-address #xff050000000000000000000000000002))

(define-syntax +any-host+
  (identifier-syntax (if (*ipv6*) +ipv6-unspecified+ +ipv4-unspecified+)))

(define-syntax +loopback+
  (identifier-syntax (if (*ipv6*) +ipv6-loopback+ +ipv4-loopback+)))

;;; ---- Kinds of addresses ----------------------------------------------------------------------------------------------

(define (%need-inet who address)
  "Complains in the name of WHO unless ADDRESS is an address object of IPv4 or IPv6."
  (if (not (inet-address? address)) (raise-wrong-argument who 1 "an address object of IPv4 or IPv6" address)))

(define (%need-ipv4 who address)
  "Complains in the name of WHO unless ADDRESS is an address object of IPv4."
  (if (not (ipv4-address? address)) (raise-wrong-argument who 1 "an address object of IPv4" address)))

(define (%first-word who address)
  "The first 16 bits of ADDRESS, which must be of IPv6."
  (if (not (ipv6-address? address)) (raise-wrong-argument who 1 "an address object of IPv6" address))
  (quotient (ipv6-address-number address) (expt 2 112)))

(define (inet-address-unspecified-p address)
  "(inet-address-unspecified-p address): whether ADDRESS is 0.0.0.0 or ::. [IOLib]"
  (%need-inet 'inet-address-unspecified-p address)
  (eqv? 0 (if (ipv4-address? address) (ipv4-address-number address) (ipv6-address-number address))))

(define (inet-address-unspecified? address)
  "(inet-address-unspecified? address): the same as inet-address-unspecified-p. [IOLib]"
  (inet-address-unspecified-p address))

(define (inet-address-loopback-p address)
  "(inet-address-loopback-p address): whether ADDRESS is in 127.0.0.0/8, or ::1. [IOLib]"
  (%need-inet 'inet-address-loopback-p address)
  (if (ipv4-address? address)
      (= (quotient (ipv4-address-number address) (expt 2 24)) 127)
      (= (ipv6-address-number address) 1)))

(define (inet-address-loopback? address)
  "(inet-address-loopback? address): the same as inet-address-loopback-p. [IOLib]"
  (inet-address-loopback-p address))

(define (inet-address-multicast-p address)
  "(inet-address-multicast-p address): whether ADDRESS is in 224.0.0.0/4 or ff00::/8. [IOLib]"
  (%need-inet 'inet-address-multicast-p address)
  (if (ipv4-address? address)
      (= (quotient (ipv4-address-number address) (expt 2 28)) 14)
      (= (quotient (ipv6-address-number address) (expt 2 120)) 255)))

(define (inet-address-multicast? address)
  "(inet-address-multicast? address): the same as inet-address-multicast-p. [IOLib]"
  (inet-address-multicast-p address))

(define (inet-address-unicast-p address)
  "(inet-address-unicast-p address): whether ADDRESS is neither unspecified, nor loopback, nor multicast. [IOLib]"
  (%need-inet 'inet-address-unicast-p address)
  (not (or (inet-address-unspecified-p address) (inet-address-loopback-p address) (inet-address-multicast-p address))))

(define (inet-address-unicast? address)
  "(inet-address-unicast? address): the same as inet-address-unicast-p. [IOLib]"
  (inet-address-unicast-p address))

(define (inet-address-type address)
  "(inet-address-type address): two values: ipv4 or ipv6, and unspecified, loopback, multicast or unicast; for multicast and unicast of IPv6 a
third, the type that ipv6-multicast-type or ipv6-unicast-type gives. [IOLib]"
  (%need-inet 'inet-address-type address)
  (let ((family (address-type address)))
    (cond ((inet-address-unspecified-p address) (values family 'unspecified))
          ((inet-address-loopback-p address) (values family 'loopback))
          ((inet-address-multicast-p address)
           (if (eq? family 'ipv6)
               (values family 'multicast (ipv6-multicast-type address))
               (values family 'multicast)))
          ((eq? family 'ipv6) (values family 'unicast (ipv6-unicast-type address)))
          (else (values family 'unicast)))))

(define (ipv6-multicast-type address)
  "(ipv6-multicast-type address): how far ADDRESS, a multicast address of IPv6, reaches: interface-local, link-local, admin-local, site-local,
organization-local or global; reserved or unassigned; #f if it is no multicast address. [IOLib]

    (ipv6-multicast-type +ipv6-link-local-all-nodes+)  => link-local"
  (let ((word (%first-word 'ipv6-multicast-type address)))
    (and (= (quotient word 256) 255)
         (case (remainder word 16)
           ((1) 'interface-local)
           ((2) 'link-local)
           ((4) 'admin-local)
           ((5) 'site-local)
           ((8) 'organization-local)
           ((14) 'global)
           ((0 3 15) 'reserved)
           (else 'unassigned)))))

(define (ipv6-unicast-type address)
  "(ipv6-unicast-type address): link-local, site-local or global for ADDRESS, a unicast address of IPv6; #f if it is none. [IOLib]"
  (let ((word (%first-word 'ipv6-unicast-type address)))
    (and (inet-address-unicast-p address)
         (case (quotient word 64)
           ((#x3fa) 'link-local)
           ((#x3fb) 'site-local)
           (else 'global)))))

(define (%is-multicast? address type)
  "Whether ADDRESS is a multicast address of IPv6 of this TYPE."
  (and (ipv6-address? address) (eq? (ipv6-multicast-type address) type)))

(define (%is-unicast? address type)
  "Whether ADDRESS is a unicast address of IPv6 of this TYPE."
  (and (ipv6-address? address) (eq? (ipv6-unicast-type address) type)))

(define (ipv6-interface-local-multicast-p address)
  "(ipv6-interface-local-multicast-p address): whether ADDRESS is a multicast address of IPv6 that reaches one interface. [IOLib]"
  (%is-multicast? address 'interface-local))

(define (ipv6-interface-local-multicast? address)
  "(ipv6-interface-local-multicast? address): the same as ipv6-interface-local-multicast-p. [IOLib]"
  (ipv6-interface-local-multicast-p address))

(define (ipv6-link-local-multicast-p address)
  "(ipv6-link-local-multicast-p address): whether ADDRESS is a multicast address of IPv6 that reaches one link. [IOLib]"
  (%is-multicast? address 'link-local))

(define (ipv6-link-local-multicast? address)
  "(ipv6-link-local-multicast? address): the same as ipv6-link-local-multicast-p. [IOLib]"
  (ipv6-link-local-multicast-p address))

(define (ipv6-admin-local-multicast-p address)
  "(ipv6-admin-local-multicast-p address): whether ADDRESS is a multicast address of IPv6 that reaches what an administrator has set. [IOLib]"
  (%is-multicast? address 'admin-local))

(define (ipv6-admin-local-multicast? address)
  "(ipv6-admin-local-multicast? address): the same as ipv6-admin-local-multicast-p. [IOLib]"
  (ipv6-admin-local-multicast-p address))

(define (ipv6-site-local-multicast-p address)
  "(ipv6-site-local-multicast-p address): whether ADDRESS is a multicast address of IPv6 that reaches one site. [IOLib]"
  (%is-multicast? address 'site-local))

(define (ipv6-site-local-multicast? address)
  "(ipv6-site-local-multicast? address): the same as ipv6-site-local-multicast-p. [IOLib]"
  (ipv6-site-local-multicast-p address))

(define (ipv6-organization-local-multicast-p address)
  "(ipv6-organization-local-multicast-p address): whether ADDRESS is a multicast address of IPv6 that reaches one organization. [IOLib]"
  (%is-multicast? address 'organization-local))

(define (ipv6-organization-local-multicast? address)
  "(ipv6-organization-local-multicast? address): the same as ipv6-organization-local-multicast-p. [IOLib]"
  (ipv6-organization-local-multicast-p address))

(define (ipv6-global-multicast-p address)
  "(ipv6-global-multicast-p address): whether ADDRESS is a multicast address of IPv6 that reaches everywhere. [IOLib]"
  (%is-multicast? address 'global))

(define (ipv6-global-multicast? address)
  "(ipv6-global-multicast? address): the same as ipv6-global-multicast-p. [IOLib]"
  (ipv6-global-multicast-p address))

(define (ipv6-reserved-multicast-p address)
  "(ipv6-reserved-multicast-p address): whether ADDRESS is a multicast address of IPv6 whose reach is reserved. [IOLib]"
  (%is-multicast? address 'reserved))

(define (ipv6-reserved-multicast? address)
  "(ipv6-reserved-multicast? address): the same as ipv6-reserved-multicast-p. [IOLib]"
  (ipv6-reserved-multicast-p address))

(define (ipv6-unassigned-multicast-p address)
  "(ipv6-unassigned-multicast-p address): whether ADDRESS is a multicast address of IPv6 whose reach is unassigned. [IOLib]"
  (%is-multicast? address 'unassigned))

(define (ipv6-unassigned-multicast? address)
  "(ipv6-unassigned-multicast? address): the same as ipv6-unassigned-multicast-p. [IOLib]"
  (ipv6-unassigned-multicast-p address))

(define (ipv6-link-local-unicast-p address)
  "(ipv6-link-local-unicast-p address): whether ADDRESS is a unicast address of IPv6 of the type link-local. [IOLib]"
  (%is-unicast? address 'link-local))

(define (ipv6-link-local-unicast? address)
  "(ipv6-link-local-unicast? address): the same as ipv6-link-local-unicast-p. [IOLib]"
  (ipv6-link-local-unicast-p address))

(define (ipv6-site-local-unicast-p address)
  "(ipv6-site-local-unicast-p address): whether ADDRESS is a unicast address of IPv6 of the type site-local. [IOLib]"
  (%is-unicast? address 'site-local))

(define (ipv6-site-local-unicast? address)
  "(ipv6-site-local-unicast? address): the same as ipv6-site-local-unicast-p. [IOLib]"
  (ipv6-site-local-unicast-p address))

(define (ipv6-global-unicast-p address)
  "(ipv6-global-unicast-p address): whether ADDRESS is a unicast address of IPv6 of the type global. [IOLib]"
  (%is-unicast? address 'global))

(define (ipv6-global-unicast? address)
  "(ipv6-global-unicast? address): the same as ipv6-global-unicast-p. [IOLib]"
  (ipv6-global-unicast-p address))

(define (ipv6-transient-multicast-p address)
  "(ipv6-transient-multicast-p address): whether ADDRESS is a multicast address of IPv6 that is not assigned for good. [IOLib]"
  (and (ipv6-address? address)
       (inet-address-multicast-p address)
       (odd? (quotient (%first-word 'ipv6-transient-multicast-p address) 16))))

(define (ipv6-transient-multicast? address)
  "(ipv6-transient-multicast? address): the same as ipv6-transient-multicast-p. [IOLib]"
  (ipv6-transient-multicast-p address))

(define (ipv6-solicited-node-multicast-p address)
  "(ipv6-solicited-node-multicast-p address): whether ADDRESS is in ff02::1:ff00:0/104. [IOLib]"
  (and (ipv6-address? address)
       (= (quotient (ipv6-address-number address) (expt 2 24)) #xff0200000000000000000001ff)))

(define (ipv6-solicited-node-multicast? address)
  "(ipv6-solicited-node-multicast? address): the same as ipv6-solicited-node-multicast-p. [IOLib]"
  (ipv6-solicited-node-multicast-p address))

(define (ipv6-ipv4-mapped-p address)
  "(ipv6-ipv4-mapped-p address): whether ADDRESS is of IPv6, and an IPv4 address is mapped to it. [IOLib]"
  (and (ipv6-address? address) (ipv4-mapped address) #t))

(define (ipv6-ipv4-mapped? address)
  "(ipv6-ipv4-mapped? address): the same as ipv6-ipv4-mapped-p. [IOLib]"
  (ipv6-ipv4-mapped-p address))

;;; ---- Networks of IPv4 ------------------------------------------------------------------------------------------------

(define-record-type ipv4-network
  (%make-ipv4-network address mask)
  %network?
  (address %network-address)
  (mask %network-mask))

(set-record-type-printer! ipv4-network
  (lambda (network port)
    (display (string-append "#<ipv4-network " (address-text (%network-address network)) "/" (address-text (%network-mask network)) ">") port)))

(define* (make-netmask #:key (cidr #f) (class #f))
  "(make-netmask [#:cidr n] [#:class class]): the address object with the first N bits set, N from 0 to 32, or those of CLASS a, b or c. [IOLib]

    (address-to-string (make-netmask #:cidr 20))  => \"255.255.240.0\""
  (let ((class (value-symbol class)))
    (cond ((and cidr class) (raise-wrong-argument 'make-netmask 'class "absent where #:cidr is given" class))
          (cidr
           (if (not (and (exact-integer? cidr) (<= 0 cidr 32)))
               (raise-wrong-argument 'make-netmask 'cidr "an exact integer from 0 to 32" cidr #t))
           (make-ipv4-address (- (expt 2 32) (expt 2 (- 32 cidr)))))
          ((assq class '((a . 8) (b . 16) (c . 24))) => (lambda (entry) (make-netmask #:cidr (cdr entry))))
          (else (raise-wrong-argument 'make-netmask 'class "a, b or c" class)))))

(define (ensure-netmask x)
  "(ensure-netmask x): the netmask that X designates: an address object or a designator of one, the number of its bits, or a class. [IOLib]

    (address-to-string (ensure-netmask 'b))  => \"255.255.0.0\""
  (cond ((ipv4-address? x) x)
        ((and (exact-integer? x) (<= 0 x 32)) (make-netmask #:cidr x))
        ((memq (value-symbol x) '(a b c)) (make-netmask #:class x))
        (else (ensure-address x #:family 'ipv4))))

(define (inet-address-network-portion address mask)
  "(inet-address-network-portion address mask): ADDRESS, of IPv4, with only the bits of MASK. [IOLib]

    (address-to-string (inet-address-network-portion (ensure-address \"10.1.2.3\") 16))  => \"10.1.0.0\""
  (%need-ipv4 'inet-address-network-portion address)
  (make-ipv4-address (logand (ipv4-address-number address) (ipv4-address-number (ensure-netmask mask)))))

(define (inet-address-host-portion address mask)
  "(inet-address-host-portion address mask): ADDRESS, of IPv4, without the bits of MASK. [IOLib]

    (address-to-string (inet-address-host-portion (ensure-address \"10.1.2.3\") 16))  => \"0.0.2.3\""
  (%need-ipv4 'inet-address-host-portion address)
  (make-ipv4-address (logand (ipv4-address-number address)
                             (- #xffffffff (ipv4-address-number (ensure-netmask mask))))))

(define (make-ipv4-network address mask)
  "(make-ipv4-network address mask): the network of IPv4 that ADDRESS is in, with MASK: see ensure-address and ensure-netmask. [IOLib]"
  (let ((mask (ensure-netmask mask)))
    (%make-ipv4-network (inet-address-network-portion (ensure-address address #:family 'ipv4) mask) mask)))

(define (ipv4-network? obj)
  "(ipv4-network? obj): whether OBJ is a network that make-ipv4-network made. [IOLib]"
  (%network? obj))

(define (ipv4-network-p obj)
  "(ipv4-network-p obj): the same as ipv4-network?. [IOLib]"
  (ipv4-network? obj))

(define (ipv4-network= a b)
  "(ipv4-network= a b): whether the networks A and B have the same address and mask. [IOLib]"
  (if (not (%network? a)) (raise-wrong-argument 'ipv4-network= 1 "a network" a))
  (if (not (%network? b)) (raise-wrong-argument 'ipv4-network= 2 "a network" b))
  (and (same-address? (%network-address a) (%network-address b))
       (same-address? (%network-mask a) (%network-mask b))))

(define (inet-address-in-network-p address network)
  "(inet-address-in-network-p address network): whether ADDRESS, of IPv4, is in NETWORK. [IOLib]

    (inet-address-in-network-p (ensure-address \"10.1.2.3\") (make-ipv4-network \"10.0.0.0\" 8))  => #t"
  (if (not (ipv4-network? network)) (raise-wrong-argument 'inet-address-in-network-p 2 "a network" network))
  (same-address? (inet-address-network-portion address (%network-mask network)) (%network-address network)))

(define (inet-addresses-in-same-network-p a b network)
  "(inet-addresses-in-same-network-p a b network): whether the addresses A and B are both in NETWORK; for a netmask in its place, whether they are
in one network. [IOLib]"
  (if (ipv4-network? network)
      (and (inet-address-in-network-p a network) (inet-address-in-network-p b network))
      (same-address? (inet-address-network-portion a network) (inet-address-network-portion b network))))

(define (inet-address-network-class address)
  "(inet-address-network-class address): the class of ADDRESS, of IPv4: a, b, c, d or e. [IOLib]

    (inet-address-network-class (ensure-address \"192.0.2.1\"))  => c"
  (%need-ipv4 'inet-address-network-class address)
  (let ((octet (quotient (ipv4-address-number address) (expt 2 24))))
    (cond ((< octet 128) 'a)
          ((< octet 192) 'b)
          ((< octet 224) 'c)
          ((< octet 240) 'd)
          (else 'e))))

(define (inet-address-private-p address)
  "(inet-address-private-p address): two values: whether ADDRESS, of IPv4, is in a private network, and the class of that, a, b or c, or #f. [IOLib]"
  (%need-ipv4 'inet-address-private-p address)
  (let* ((octets (number->octets (ipv4-address-number address)))
         (first (vector-ref octets 0))
         (second (vector-ref octets 1)))
    (cond ((= first 10) (values #t 'a))
          ((and (= first 172) (<= 16 second 31)) (values #t 'b))
          ((and (= first 192) (= second 168)) (values #t 'c))
          (else (values #f #f)))))

(define (inet-address-private? address)
  "(inet-address-private? address): the same as inet-address-private-p. [IOLib]"
  (inet-address-private-p address))

;;; ---- Look-ups --------------------------------------------------------------------------------------------------------

(define* (lookup-hostname host #:key (ipv6 (*ipv6*)) (ns #f))
  "(lookup-hostname host [#:ipv6 policy] [#:ns servers]): four values: an address of HOST, a list of its further addresses, its canonical name, and
an association list of names and addresses. What is an address is looked up backwards. IPV6 is #f for IPv4, ipv6 for IPv6, #t for both. NS
has no effect. Raises a &resolver-error. [IOLib]"
  (let* ((policy (need-choice 'lookup-hostname 'ipv6 ipv6 '(#f #t ipv6)))
         (known (and (host-designator? host) (known-address host parse-dotted))))
    (if known
        (let ((name (reverse-lookup known host)))
          (values known '() name (list (cons name known))))
        (begin
          (if (not (host-designator? host)) (raise-wrong-argument 'lookup-hostname 1 "a host" host))
          (call-with-values (lambda () (canonical-lookup host #:ipv6 policy))
            (lambda (addresses name)
              (values (car addresses) (cdr addresses) name
                      (map (lambda (address) (cons name address)) addresses))))))))

(define* (ensure-hostname host #:key (ipv6 (*ipv6*)) (errorp #t))
  "(ensure-hostname host [#:ipv6 policy] [#:errorp flag]): an address object of HOST, which is looked up if it is a name. Raises a &resolver-error;
with ERRORP being #f it gives #f. [IOLib]"
  (let ((look (lambda ()
                (resolve-host host #:ipv6 (need-choice 'ensure-hostname 'ipv6 ipv6 '(#f #t ipv6)) #:parse-ipv4 parse-dotted #:who 'ensure-hostname))))
    (if errorp
        (look)
        (guard (e ((lookup-error? e) #f)) (look)))))

(define* (lookup-service service #:optional (protocol 'tcp))
  "(lookup-service service [protocol]): three values: the port of SERVICE, a number or name, its name, and tcp or udp. PROTOCOL is tcp, udp or any.
Raises an &unknown-service-error. [IOLib]"
  (let ((protocols (case (value-symbol protocol)
                     ((tcp) '(tcp))
                     ((udp) '(udp))
                     ((any) '(tcp udp))
                     (else (raise-wrong-argument 'lookup-service 2 "tcp, udp or any" protocol)))))
    (if (not service) (raise-lookup-error 'unknown-service-error 'lookup-service #f "no service was named"))
    (let loop ((l protocols))
      (let ((found (%service service (car l))))
        (cond (found (values (servent:port found) (servent:name found) (string->symbol (servent:proto found))))
              ((pair? (cdr l)) (loop (cdr l)))
              (else
               (raise-lookup-error 'unknown-service-error 'lookup-service service
                 (string-append "there is no service " (object->string service)))))))))

(define (%service service protocol)
  "The entry of SERVICE, a port or a name, in the list of services of PROTOCOL, or #f."
  (let* ((port (if (exact-integer? service)
                   (and (<= 0 service 65535) service)
                   (and (string? service) (string-every char-numeric? service) (string->number service 10)))))
    (cond ((not (or port (service-designator? service)))
           (raise-wrong-argument 'lookup-service 1 "a port from 0 to 65535 or the name of a service" service (exact-integer? service)))
          (port (false-if-exception (getservbyport port (symbol->string protocol))))
          (else
           (let ((name (value-symbol service)))
             (false-if-exception (getservbyname (if (symbol? name) (symbol->string name) name) (symbol->string protocol))))))))

(define (lookup-protocol protocol)
  "(lookup-protocol protocol): three values: the number of PROTOCOL, a name or number, its name, and a list of its other names. Raises an
&unknown-protocol-error. [IOLib]"
  (let* ((protocol (value-symbol protocol))
         (name (if (symbol? protocol) (symbol->string protocol) protocol))
         (entry (cond ((and (string? name) (string->number name 10)) => (lambda (n) (false-if-exception (getprotobynumber n))))
                      ((string? name) (false-if-exception (getprotobyname name)))
                      ((exact-integer? name) (false-if-exception (getprotobynumber name)))
                      (else (raise-wrong-argument 'lookup-protocol 1 "the name or number of a protocol" protocol)))))
    (if entry
        (values (protoent:proto entry) (protoent:name entry) (protoent:aliases entry))
        (raise-lookup-error 'unknown-protocol-error 'lookup-protocol protocol
          (string-append "there is no protocol " (object->string protocol))))))

(define (list-network-interfaces)
  "(list-network-interfaces): the machine's interfaces, each a pair of name and number. [IOLib]"
  (map (lambda (entry) (cons (cdr entry) (car entry))) (interface-list)))

(define (lookup-interface interface)
  "(lookup-interface interface): the interface of this name or number, a pair of both. Raises an &unknown-interface-error. [IOLib]"
  (cond ((and (string? interface) (string-every char-numeric? interface) (string->number interface 10)) => lookup-interface)
        ((string? interface) (cons interface (interface-by-name interface)))
        ((symbol? (value-symbol interface)) (lookup-interface (symbol->string (value-symbol interface))))
        ((and (exact-integer? interface) (>= interface 0)) (cons (interface-by-index interface) interface))
        (else (raise-wrong-argument 'lookup-interface 1 "the name or number of an interface" interface #t))))

(define (make-interface name index)
  "(make-interface name index): the interface with this name and number, a pair of both. [IOLib]"
  (cons name index))

(define (interface-name interface)
  "(interface-name interface): the name of INTERFACE. [IOLib]

    (interface-name (make-interface \"lo\" 1))  => \"lo\""
  (car interface))

(define (interface-index interface)
  "(interface-index interface): the number of INTERFACE. [IOLib]

    (interface-index (make-interface \"lo\" 1))  => 1"
  (cdr interface))
