; Addresses, options and look-ups of (iolib sockets).
(import (iolib sockets))
(define-syntax failure
  (syntax-rules ()
    ((_ e) (guard (x ((socket-error? x) (socket-error-type x)) ((address-parse-error? x) 'parse) ((exception? x) (exception-kind x)) (#t (list 'raised x))) e 'none))))
(define-syntax all (syntax-rules () ((_ e) (call-with-values (lambda () e) list))))

; Making and asking.
(map address-type (list (make-address #(1 2 3 4)) (make-address #(1 2 3 4 5 6 7 8)) (make-address "/tmp/x") "127.0.0.1")) ; expect: (ipv4 ipv6 local #f)
(failure (make-address #(1 2 3)))          ; expect: wrong-type-arg
(failure (make-address #(1 2 3 256)))      ; expect: wrong-type-arg
(failure (make-address 2130706433))        ; expect: wrong-type-arg
(map (lambda (x) (address-to-string (ensure-address x))) (list "127.1" 2130706433 #(10 0 0 1) #u8(10 0 0 2) #(1 0 0 0 0 0 0 8) #u8(0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1) "::ffff:1.2.3.4")) ; expect: ("127.0.0.1" "127.0.0.1" "10.0.0.1" "10.0.0.2" "1::8" "::1" "::ffff:1.2.3.4")
(eq? (ensure-address +ipv4-loopback+) +ipv4-loopback+) ; expect: #t
(failure (ensure-address "localhost"))     ; expect: parse
(address-parse-error-datum (guard (e (#t e)) (ensure-address "1.2.3.4.5"))) ; expect: "1.2.3.4.5"
(socket-error? (guard (e (#t e)) (ensure-address "1.2.3.4.5"))) ; expect: #f
(failure (ensure-address (make-address "x"))) ; expect: wrong-type-arg
(failure (ensure-address "::1" #:family 'ipv4)) ; expect: wrong-type-arg
(failure (ensure-address +ipv4-loopback+ #:family 'local)) ; expect: wrong-type-arg
(failure (ensure-address "x" #:family 'weird)) ; expect: wrong-type-arg
(map (lambda (x) (ensure-address x #:errorp #f)) (list "localhost" (make-address "x") 'nothing)) ; expect: (#f #f #f)
(map address-to-string (list (ensure-address "/tmp/x" #:family 'local) (ensure-address "x" #:family #:local #:abstract #t))) ; expect: ("/tmp/x" "@x")
(map address-name (list +ipv4-loopback+ +ipv6-loopback+ (make-address "/x"))) ; expect: (#(127 0 0 1) #(0 0 0 0 0 0 0 1) "/x")
(let ((copy (copy-address +ipv6-loopback+))) (list (eq? copy +ipv6-loopback+) (address= copy +ipv6-loopback+))) ; expect: (#f #t)
(list (address= +ipv4-loopback+ (map-ipv4-address-to-ipv6 +ipv4-loopback+)) (address= (make-address "a") (make-address "a"))) ; expect: (#f #t)
(failure (address= "127.0.0.1" +ipv4-loopback+)) ; expect: wrong-type-arg
(list (address-equal-p "127.1" 2130706433) (address-equal-p "::1" +ipv6-loopback+) (address-equal-p "a" (make-address "a") 'local) (address-equal-p "127.1" "::1")) ; expect: (#t #t #t #f)
(map (lambda (x) (all (address-to-vector x))) (list "127.0.0.1" "::1" #(1 2 3 4) 1 "x" 'x)) ; expect: ((#(127 0 0 1) ipv4) (#(0 0 0 0 0 0 0 1) ipv6) (#(1 2 3 4) ipv4) (#(0 0 0 1) ipv4) (#f) (#f))
(map (lambda (p) (map p (list +ipv4-loopback+ +ipv6-loopback+ (make-address "x") (ensure-address "x" #:family 'local #:abstract #t) "127.0.0.1"))) (list address? addressp inet-address? inet-address-p ipv4-address? ipv4-address-p ipv6-address? ipv6-address-p local-address? local-address-p abstract-address? abstract-address-p)) ; expect: ((#t #t #t #t #f) (#t #t #t #t #f) (#t #t #f #f #f) (#t #t #f #f #f) (#t #f #f #f #f) (#t #f #f #f #f) (#f #t #f #f #f) (#f #t #f #f #f) (#f #f #t #t #f) (#f #f #t #t #f) (#f #f #f #t #f) (#f #f #f #t #f))

; Text, numbers and vectors.
(map dotted-to-vector (list "127.0.0.1" "127.1" "1.2.3" "7")) ; expect: (#(127 0 0 1) #(127 0 0 1) #(1 2 0 3) #(0 0 0 7))
(map (lambda (t) (failure (dotted-to-vector t))) (list "127.256" "1.2.3.4.5" "" "a.b" "1..2" "-1.2" "0x7f.1" "1.2.3.4 ")) ; expect: (parse parse parse parse parse parse parse parse)
(failure (dotted-to-vector 5))             ; expect: wrong-type-arg
(list (dotted-to-integer "127.0.0.1") (integer-to-dotted 2130706433) (integer-to-vector 1) (vector-to-integer #(127 0 0 1)) (vector-to-dotted #(1 2 3 4))) ; expect: (2130706433 "127.0.0.1" #(0 0 0 1) 2130706433 "1.2.3.4")
(list (failure (integer-to-dotted -1)) (failure (integer-to-vector 4294967296)) (failure (vector-to-dotted #(1 2 3))) (failure (vector-to-integer "x"))) ; expect: (out-of-range out-of-range wrong-type-arg wrong-type-arg)
(map colon-separated-to-vector (list "::" "1:2:3:4:5:6:7:8" "::ffff:1.2.3.4")) ; expect: (#(0 0 0 0 0 0 0 0) #(1 2 3 4 5 6 7 8) #(0 0 0 0 0 65535 258 772))
(map (lambda (t) (failure (colon-separated-to-vector t))) (list "1:2" "1:2:3:4:5:6:7:" ":::" "g::" "1.2.3.4")) ; expect: (parse parse parse parse parse)
(list (vector-to-colon-separated #(65152 0 0 0 0 0 0 171)) (vector-to-colon-separated #(65152 0 0 0 0 0 0 171) 'upcase) (vector-to-colon-separated #(1 2 3 4 5 6 7 0) 'downcase)) ; expect: ("fe80::ab" "FE80::AB" "1:2:3:4:5:6:7:0")
(failure (vector-to-colon-separated #(1 2)))  ; expect: wrong-type-arg
(failure (vector-to-colon-separated #(1 2 3 4 5 6 7 8) 'titlecase)) ; expect: wrong-type-arg
(map string-address-to-vector (list "1.2.3.4" "::1" "neither")) ; expect: (#(1 2 3 4) #(0 0 0 0 0 0 0 1) #f)
(address-to-string (map-ipv6-address-to-ipv4 (map-ipv4-address-to-ipv6 (make-address #(1 2 3 4))))) ; expect: "1.2.3.4"
(failure (map-ipv6-address-to-ipv4 +ipv6-loopback+)) ; expect: wrong-type-arg
(failure (map-ipv4-address-to-ipv6 +ipv6-loopback+)) ; expect: wrong-type-arg

; Constants.
(map address-to-string (list +ipv4-loopback+ +ipv4-unspecified+ +ipv6-loopback+ +ipv6-unspecified+ +any-host+ +loopback+)) ; expect: ("127.0.0.1" "0.0.0.0" "::1" "::" "0.0.0.0" "127.0.0.1")
(parameterize ((*ipv6* #t)) (map address-to-string (list +any-host+ +loopback+))) ; expect: ("::" "::1")
(map address-to-string (list +ipv6-interface-local-all-nodes+ +ipv6-link-local-all-nodes+ +ipv6-interface-local-all-routers+ +ipv6-link-local-all-routers+ +ipv6-site-local-all-routers+)) ; expect: ("ff01::1" "ff02::1" "ff01::2" "ff02::2" "ff05::2")
(list +max-ipv4-value+ (*default-backlog-size*) (*default-linger-seconds*) (*ipv6*) (= +max-backlog-size+ SOMAXCONN)) ; expect: (4294967295 5 15 #f #t)

; Kinds.
(define (types text) (all (inet-address-type (ensure-address text))))
(map types (list "0.0.0.0" "127.9.9.9" "224.0.0.1" "239.255.255.255" "240.0.0.1" "10.1.2.3" "126.0.0.1")) ; expect: ((ipv4 unspecified) (ipv4 loopback) (ipv4 multicast) (ipv4 multicast) (ipv4 unicast) (ipv4 unicast) (ipv4 unicast))
(map types (list "::" "::1" "ff02::1" "ff0e::1" "fe80::1" "fec0::1" "2001:db8::1")) ; expect: ((ipv6 unspecified) (ipv6 loopback) (ipv6 multicast link-local) (ipv6 multicast global) (ipv6 unicast link-local) (ipv6 unicast site-local) (ipv6 unicast global))
(map (lambda (text) (ipv6-multicast-type (ensure-address text))) (list "ff01::1" "ff02::1" "ff04::1" "ff05::1" "ff08::1" "ff0e::1" "ff00::1" "ff0f::1" "ff07::1" "::1")) ; expect: (interface-local link-local admin-local site-local organization-local global reserved reserved unassigned #f)
(map (lambda (p text) (p (ensure-address text))) (list ipv6-interface-local-multicast-p ipv6-link-local-multicast-p ipv6-admin-local-multicast-p ipv6-site-local-multicast-p ipv6-organization-local-multicast-p ipv6-global-multicast-p ipv6-reserved-multicast-p ipv6-unassigned-multicast-p) (list "ff01::1" "ff02::1" "ff04::1" "ff05::1" "ff08::1" "ff0e::1" "ff03::1" "ff09::1")) ; expect: (#t #t #t #t #t #t #t #t)
(map (lambda (p text) (p (ensure-address text))) (list ipv6-interface-local-multicast? ipv6-link-local-multicast? ipv6-admin-local-multicast? ipv6-site-local-multicast? ipv6-organization-local-multicast? ipv6-global-multicast? ipv6-reserved-multicast? ipv6-unassigned-multicast?) (list "ff02::1" "ff01::1" "ff02::1" "ff02::1" "ff02::1" "ff02::1" "ff02::1" "fe80::1")) ; expect: (#f #f #f #f #f #f #f #f)
(map (lambda (p text) (p (ensure-address text))) (list ipv6-link-local-unicast-p ipv6-site-local-unicast-p ipv6-global-unicast-p ipv6-global-unicast? ipv6-link-local-unicast? ipv6-site-local-unicast?) (list "fe80::1" "fec0::1" "2001::1" "fe80::1" "::1" "fe80::1")) ; expect: (#t #t #t #f #f #f)
(map (lambda (p text) (p (ensure-address text))) (list ipv6-transient-multicast-p ipv6-transient-multicast? ipv6-solicited-node-multicast-p ipv6-solicited-node-multicast? ipv6-ipv4-mapped-p ipv6-ipv4-mapped?) (list "ff12::1" "ff02::1" "ff02::1:ff00:1234" "ff02::1" "::ffff:1.2.3.4" "::1.2.3.4")) ; expect: (#t #f #t #f #t #f)
(map (lambda (p) (p +ipv4-loopback+)) (list inet-address-unspecified-p inet-address-loopback-p inet-address-multicast-p inet-address-unicast-p inet-address-unspecified? inet-address-loopback? inet-address-multicast? inet-address-unicast?)) ; expect: (#f #t #f #f #f #t #f #f)
(failure (inet-address-loopback-p "127.0.0.1")) ; expect: wrong-type-arg

; Networks.
(map address-to-string (list (make-netmask #:cidr 20) (make-netmask #:class 'b) (make-netmask #:cidr 0) (make-netmask #:cidr 32) (ensure-netmask 8) (ensure-netmask "255.255.0.0") (ensure-netmask 'c))) ; expect: ("255.255.240.0" "255.255.0.0" "0.0.0.0" "255.255.255.255" "255.0.0.0" "255.255.0.0" "255.255.255.0")
(map (lambda (thunk) (failure (thunk))) (list (lambda () (make-netmask #:cidr 33)) (lambda () (make-netmask #:class 'x)) (lambda () (make-netmask)) (lambda () (ensure-netmask 'x)))) ; expect: (out-of-range wrong-type-arg wrong-type-arg wrong-type-arg)
(define host (make-address #(192 168 1 77)))
(list (address-to-string (inet-address-network-portion host 24)) (address-to-string (inet-address-host-portion host (make-netmask #:cidr 24)))) ; expect: ("192.168.1.0" "0.0.0.77")
(define net (make-ipv4-network "192.168.1.0" 24))
(list (ipv4-network? net) (ipv4-network-p host) (ipv4-network= net (make-ipv4-network host "255.255.255.0")) (ipv4-network= net (make-ipv4-network host 25))) ; expect: (#t #f #t #f)
(list (inet-address-in-network-p host net) (inet-address-in-network-p (make-address #(192 168 2 1)) net)) ; expect: (#t #f)
(list (inet-addresses-in-same-network-p host (make-address #(192 168 1 1)) net) (inet-addresses-in-same-network-p host (make-address #(192 168 2 1)) net) (inet-addresses-in-same-network-p host (make-address #(192 168 2 1)) 16)) ; expect: (#t #f #t)
(map (lambda (text) (inet-address-network-class (ensure-address text))) (list "10.0.0.1" "172.16.0.1" "192.168.0.1" "224.0.0.1" "250.0.0.1")) ; expect: (a b c d e)
(map (lambda (text) (all (inet-address-private-p (ensure-address text)))) (list "10.0.0.1" "172.31.0.1" "192.168.9.1" "172.32.0.1" "8.8.8.8")) ; expect: ((#t a) (#t b) (#t c) (#f #f) (#f #f))
(failure (inet-address-network-class +ipv6-loopback+)) ; expect: wrong-type-arg

; Hosts.
(define found (all (lookup-hostname "localhost")))
(list (length found) (address-to-string (car found)) (list? (cadr found)) (string? (caddr found)) (address= (cdar (cadddr found)) (car found))) ; expect: (4 "127.0.0.1" #t #t #t)
(string? (caddr (all (lookup-hostname "127.0.0.1")))) ; expect: #t
(string? (caddr (all (lookup-hostname +ipv4-loopback+ #:ns '("192.0.2.1"))))) ; expect: #t
(define nobody (guard (e (#t e)) (lookup-hostname "host.invalid")))
(list (resolver-no-name-error? nobody) (resolver-error? nobody) (resolver-error-datum nobody) (error-code nobody) (catch 'getaddrinfo-error (lambda () (lookup-hostname "host.invalid")) (lambda (key . args) key))) ; expect: (#t #t "host.invalid" #f getaddrinfo-error)
(failure (lookup-hostname 'localhost))     ; expect: wrong-type-arg
(failure (lookup-hostname "localhost" #:ipv6 'both)) ; expect: wrong-type-arg
(address-to-string (ensure-hostname "localhost" #:ipv6 #f)) ; expect: "127.0.0.1"
(address-to-string (ensure-hostname "127.1")) ; expect: "127.0.0.1"
(eq? (ensure-hostname +ipv6-loopback+) +ipv6-loopback+) ; expect: #t
(ensure-hostname "host.invalid" #:errorp #f) ; expect: #f
(failure (ensure-hostname "host.invalid")) ; expect: resolver-no-name-error

; Services and protocols.
(map (lambda (s) (all (lookup-service s))) (list "http" 'http 80 "80" #:http)) ; expect: ((80 "http" tcp) (80 "http" tcp) (80 "http" tcp) (80 "http" tcp) (80 "http" tcp))
(list (all (lookup-service "domain" 'udp)) (all (lookup-service "tftp" 'any)) (all (lookup-service 53 'any))) ; expect: ((53 "domain" udp) (69 "tftp" udp) (53 "domain" tcp))
(define unlisted (guard (e (#t e)) (lookup-service "nosuchservice")))
(list (unknown-service-error? unlisted) (unknown-service-datum unlisted) (lookup-error? unlisted)) ; expect: (#t "nosuchservice" #t)
(failure (lookup-service "tftp" 'tcp))     ; expect: unknown-service-error
(failure (lookup-service "http" 'sctp))    ; expect: wrong-type-arg
(failure (lookup-service 3.5))             ; expect: wrong-type-arg
(failure (lookup-service 70000))           ; expect: out-of-range
(map (lambda (p) (list-head (all (lookup-protocol p)) 2)) (list "tcp" 'udp 1)) ; expect: ((6 "tcp") (17 "udp") (1 "icmp"))
(list? (caddr (all (lookup-protocol "tcp")))) ; expect: #t
(define odd (guard (e (#t e)) (lookup-protocol "nosuchprotocol")))
(list (unknown-protocol-error? odd) (unknown-protocol-datum odd)) ; expect: (#t "nosuchprotocol")

; Interfaces.
(define loopback (find (lambda (i) (= (interface-index i) 1)) (list-network-interfaces)))
(list (pair? loopback) (equal? loopback (lookup-interface 1)) (equal? loopback (lookup-interface (interface-name loopback)))) ; expect: (#t #t #t)
(make-interface "eth9" 9)                  ; expect: ("eth9" . 9)
(define missing (guard (e (#t e)) (lookup-interface "nosuch0")))
(list (unknown-interface-error? missing) (unknown-interface-datum missing) (lookup-error? missing)) ; expect: (#t "nosuch0" #t)
(unknown-interface-datum (guard (e (#t e)) (lookup-interface 99999))) ; expect: 99999

; Options.
(define s (make-socket))
(define u (make-socket #:type 'datagram))
(define (try-bool socket name) (let ((before (socket-option socket name))) (set-socket-option! socket name #t) (let ((on (socket-option socket name))) (set! (socket-option socket name) #f) (list before on (socket-option socket name)))))
(map (lambda (name) (try-bool s name)) '(broadcast dont-route keep-alive oob-inline reuse-address tcp-nodelay tcp-cork)) ; expect: ((#f #t #f) (#f #t #f) (#f #t #f) (#f #t #f) (#f #t #f) (#f #t #f) (#f #t #f))
(try-bool u 'ip-receive-error)             ; expect: (#f #t #f)
(boolean? (socket-option s 'tcp-quickack)) ; expect: #t
(list (socket-option s 'accept-connections) (socket-option s 'error) (= (socket-option u 'type) SOCK_DGRAM) (socket-option s 'debug)) ; expect: (#f 0 #t #f)
(define (try-int name value) (set-socket-option! s name value) (socket-option s name))
(map try-int '(receive-buffer send-buffer receive-low-water priority tcp-keepcnt tcp-keepidle tcp-keepintvl tcp-linger2 tcp-syncnt) '(8192 8192 7 3 4 50 6 20 3)) ; expect: (16384 16384 7 3 4 50 6 20 3)
(map (lambda (name) (exact-integer? (socket-option s name))) '(send-low-water tcp-maxseg tcp-defer-accept tcp-window-clamp)) ; expect: (#t #t #t #t)
(all (socket-option s 'linger))            ; expect: (#f 0)
(set-socket-option! s 'linger #t)
(all (socket-option s 'linger))            ; expect: (#t 15)
(set-socket-option! s 'linger #t 3)
(all (socket-option s #:linger))           ; expect: (#t 3)
(set! (socket-option s 'linger) #f)
(car (all (socket-option s 'linger)))      ; expect: #f
(parameterize ((*default-linger-seconds* 8)) (set-socket-option! s 'linger #t))
(all (socket-option s 'linger))            ; expect: (#t 8)
(set-socket-option! s 'receive-timeout 1.5)
(all (socket-option s 'receive-timeout))   ; expect: (1 500000)
(set-socket-option! s 'send-timeout 2)
(all (socket-option s 'send-timeout))      ; expect: (2 0)
(define unknown (guard (e (#t e)) (socket-option s 'no-such-option)))
(list (socket-option-not-supported-error? unknown) (error-identifier unknown) (= (error-code unknown) ENOPROTOOPT)) ; expect: (#t ENOPROTOOPT #t)
(map (lambda (name) (failure (set-socket-option! s name 1))) '(error type accept-connections no-such-option)) ; expect: (socket-option-not-supported-error socket-option-not-supported-error socket-option-not-supported-error socket-option-not-supported-error)
(failure (socket-option s 'bind-to-device)) ; expect: socket-option-not-supported-error
(map (lambda (name value) (failure (set-socket-option! s name value))) '(keep-alive receive-buffer linger receive-timeout bind-to-device tcp-nodelay) '(1 #t 1 -1 5 "on")) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg out-of-range wrong-type-arg wrong-type-arg)
(failure (set-socket-option! s 'keep-alive #t 5)) ; expect: wrong-type-arg
(failure (set-socket-option! s 'linger #t -5)) ; expect: out-of-range
(failure (socket-option 's 'error))        ; expect: wrong-type-arg
