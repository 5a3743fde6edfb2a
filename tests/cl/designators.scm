; What all three families take for hosts, services and keyword values, and how their objects print.
(import (prefix (iolib sockets) io:) (prefix (allegro socket) al:) (prefix (lispworks comm) lw:))
(define-syntax-rule (failure e) (guard (x ((io:socket-error? x) (socket-error-type x)) ((io:address-parse-error? x) 'parse) ((exception? x) (exception-kind x))) e 'none))
(define-syntax-rule (all e) (call-with-values (lambda () e) list))
(define server (al:make-socket #:connect 'passive #:local-host "127.0.0.1"))
(define port (al:local-port server))
(define (taken s) (close-port s) (close-port (al:accept-connection server)) 'ok)
(define hosts (list 2130706433 "127.0.0.1" "127.1" "localhost" #(127 0 0 1) #vu8(127 0 0 1) io:+ipv4-loopback+))
(map (lambda (host) (taken (io:make-socket #:remote-host host #:remote-port port))) hosts) ; expect: (ok ok ok ok ok ok ok)
(map (lambda (host) (taken (al:make-socket #:remote-host host #:remote-port port))) hosts) ; expect: (ok ok ok ok ok ok ok)
(map (lambda (host) (taken (lw:connect-to-tcp-server host port #:errorp #t))) hosts) ; expect: (ok ok ok ok ok ok ok)
(define strangers (list -1 4294967296 "" 'host #(1 2 3) #(1 2 3 256) 1.5 #f))
(map (lambda (host) (failure (al:make-socket #:remote-host host #:remote-port port))) strangers) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg)
(map (lambda (host) (failure (lw:connect-to-tcp-server host port))) strangers) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg)
(map (lambda (host) (failure (io:ensure-hostname host))) strangers) ; expect: (out-of-range out-of-range wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg)
(define digits (number->string port))
(list (taken (io:make-socket #:remote-host "127.1" #:remote-port digits)) (taken (al:make-socket #:remote-host "127.1" #:remote-port digits))
      (taken (lw:connect-to-tcp-server "127.1" digits #:errorp #t))) ; expect: (ok ok ok)

; 127.256 is an address to Allegro and LispWorks. To IOLib it is none, and it names no host either.
(al:dotted-to-ipaddr "127.256")            ; expect: 2130706688
(lw:get-host-entry "127.256")              ; expect: 2130706688
(failure (io:ensure-address "127.256"))    ; expect: parse
(define (failing-name look) (guard (x ((io:resolver-no-name-error? x) (io:resolver-error-datum x))) (look "127.256")))
(map failing-name (list io:ensure-hostname io:lookup-hostname)) ; expect: ("127.256" "127.256")
(failure (io:make-socket #:remote-host "127.256" #:remote-port port)) ; expect: resolver-no-name-error
(io:ensure-hostname "127.256" #:errorp #f) ; expect: #f
; Backwards the datum is what was given.
(io:resolver-error-datum (guard (x (#t x)) (io:lookup-hostname "192.0.2.77"))) ; expect: "192.0.2.77"
; An interface's number may be a text.
(= (cdr (io:lookup-interface "1")) (cdr (io:lookup-interface 1)) 1) ; expect: #t

; Keywords stand for the symbols of the same name.
(map io:socket-type (list (io:make-socket #:type #:datagram) (io:make-socket #:address-family #:file #:connect #:passive))) ; expect: (datagram stream)
(map al:socket-class (list (al:make-socket #:type #:datagram #:address-family #:file) (al:make-socket #:connect #:passive))) ; expect: (socket-datagram-file-active socket-stream-internet-passive)
(io:socket-option server #:accept-connections) ; expect: #t
(all (io:lookup-service "domain" #:udp))   ; expect: (53 "domain" udp)
(al:lookup-port "domain" #:udp)            ; expect: 53
(all (lw:get-service-entry "domain" #:protocol #:udp #:fields '(#:port #:name))) ; expect: (53 "domain")
(io:vector-to-colon-separated #(65152 0 0 0 0 0 0 1) #:upcase) ; expect: "FE80::1"
(io:address-to-string (io:make-netmask #:class #:b)) ; expect: "255.255.0.0"
(failure (lw:connect-to-tcp-server "127.1" port #:ipv6 #:both)) ; expect: wrong-type-arg
(failure (al:make-socket #:connect 'passive #:ipv6 'any)) ; expect: wrong-type-arg
(error-object-message (guard (x (#t x)) (io:make-socket #:ipv6 'any))) ; expect: "make-socket: the value of #:ipv6 should be one of #f, #t, ipv6, got any"

; A passive socket of Allegro's ignores what it has no use for, whatever it is.
(al:socket-connect (al:make-socket #:connect 'passive #:remote-host 'nobody #:remote-port 'nowhere #:keepalive #t)) ; expect: passive
(getsockopt (al:make-socket #:connect 'passive #:keepalive #t) SOL_SOCKET SO_KEEPALIVE) ; expect: 0

; The position of what is wrong is told as the caller sees it.
(error-object-message (guard (x (#t x)) (io:make-socket #:remote-host "::1" #:remote-port 1))) ; expect: "make-socket: the value of #:remote-host should be an IPv4 address, for a socket of IPv4, got \"::1\""
(error-object-message (guard (x (#t x)) (al:make-socket #:ipv6 #t #:remote-host "127.0.0.1" #:remote-port 1))) ; expect: "make-socket: the value of #:remote-host should be an IPv6 address, for a socket of IPv6, got \"127.0.0.1\""
(error-object-message (guard (x (#t x)) (io:bind-address (io:make-socket) 'host))) ; expect: "bind-address: argument 2 should be a host: a name, an address or its number, got host"
(error-object-message (guard (x (#t x)) (io:bind-address (io:make-socket) "127.1" #:port 65536))) ; expect: "bind-address: the value of #:port should be a port from 0 to 65535 or the name of a service, got 65536"
(map (lambda (ask) (substring (error-object-message (guard (x (#t x)) (ask 5))) 0 14)) (list io:socket-connected? io:dotted-to-vector (lambda (x) (io:ipv4-network= x x)))) ; expect: ("socket-connect" "dotted-to-vect" "ipv4-network=:")

; How objects print.
(display io:+ipv4-loopback+)               ; prints: #<ipv4-address 127.0.0.1>
(display (al:dotted-to-ipaddr "fe80::1%7")) ; prints: #<ipv6-address fe80::1%7>
(display (lw:parse-ipv6-address "fe80::1%eth9")) ; prints: #<ipv6-address fe80::1%eth9>
(write (io:make-address "/tmp/a\nb"))      ; prints: #<local-address "/tmp/a\nb">
(write (io:ensure-address "name" #:family 'local #:abstract #t)) ; prints: #<local-address "@name">
(display (io:make-ipv4-network "10.1.2.3" 8)) ; prints: #<ipv4-network 10.0.0.0/255.0.0.0>
