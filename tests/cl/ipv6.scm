; (iolib sockets) and (allegro socket) over IPv6.
; needs: ipv6
(import (prefix (iolib sockets) io:) (prefix (allegro socket) al:))
(define-syntax failure
  (syntax-rules ()
    ((_ e) (guard (x ((socket-error? x) (socket-error-type x)) ((exception? x) (exception-kind x)) (#t (list 'raised x))) e 'none))))
(define-syntax all (syntax-rules () ((_ e) (call-with-values (lambda () e) list))))

; IOLib: ipv6 by argument, by family, by *ipv6*.
(map io:socket-address-family (list (io:make-socket #:ipv6 #t) (io:make-socket #:ipv6 'ipv6) (io:make-socket #:address-family 'ipv6) (io:make-socket #:address-family 'ipv4 #:ipv6 #t) (parameterize ((io:*ipv6* #t)) (io:make-socket)) (parameterize ((io:*ipv6* #t)) (io:make-socket #:ipv6 #f)))) ; expect: (ipv6 ipv6 ipv6 ipv4 ipv6 ipv4)
(define server (io:make-socket #:connect 'passive #:ipv6 #t #:local-host "::1"))
(list (io:socket-ipv6? server) (io:socket-ipv6-p server) (io:address-to-string (io:local-host server))) ; expect: (#t #t "::1")
(define client (io:make-socket #:ipv6 #t #:remote-host io:+ipv6-loopback+ #:remote-port (io:local-port server)))
(define accepted (all (io:accept-connection server)))
(list (io:socket-address-family (car accepted)) (io:address-to-string (cadr accepted)) (= (caddr accepted) (io:local-port client))) ; expect: (ipv6 "::1" #t)
(io:address-to-string (io:remote-host client)) ; expect: "::1"
(define u (io:make-socket #:type 'datagram #:address-family 'ipv6 #:local-host "::1"))
(define v (io:make-socket #:type 'datagram #:address-family 'ipv6))
(io:send-to v #u8(6) #:remote-host "::1" #:remote-port (io:local-port u)) ; expect: 1
(list-head (all (io:receive-from u #:size 1)) 2) ; expect: (#u8(6) 1)
; IPv4 addresses are mapped; IPv6 addresses do not fit IPv4.
(define dual (io:bind-address (io:make-socket #:ipv6 #t) "127.0.0.1"))
(io:address-to-string (io:local-host dual)) ; expect: "::ffff:127.0.0.1"
(failure (io:bind-address (io:make-socket) "::1")) ; expect: wrong-type-arg
(failure (io:connect (io:make-socket) io:+ipv6-loopback+ #:port 9)) ; expect: wrong-type-arg
; The host is looked up as the socket is made: an IPv6-only name does not resolve otherwise.
(failure (io:make-socket #:ipv6 'ipv6 #:remote-host "host.invalid" #:remote-port 1)) ; expect: resolver-no-name-error
(io:address-to-string (io:local-host (io:bind-address (io:make-socket #:ipv6 #t) io:+any-host+))) ; expect: "::ffff:0.0.0.0"

; Allegro: an IPv6 address makes an IPv6 socket.
(define al-server (al:make-socket #:connect 'passive #:local-host "::1"))
(list (al:ipv6 al-server) (al:ipaddr-to-dotted (al:local-host al-server))) ; expect: (#t "::1")
(define al-client (al:make-socket #:remote-host (al:dotted-to-ipaddr "::1") #:remote-port (al:local-port al-server)))
(define al-peer (al:accept-connection al-server))
(list (al:ipv6 al-client) (al:ipv6 al-peer) (al:ipv6-address? (al:remote-host al-peer))) ; expect: (#t #t #t)
(al:ipv6 (al:make-socket #:connect 'passive #:ipv6 #t)) ; expect: #t
(al:ipv6 (parameterize ((al:*ipv6* 'ipv6)) (al:make-socket #:connect 'passive))) ; expect: #t
(failure (al:make-socket #:ipv6 #t #:remote-host "127.0.0.1" #:remote-port 1)) ; expect: wrong-type-arg
(failure (al:make-socket #:ipv6 #t #:remote-host 2130706433 #:remote-port 1)) ; expect: wrong-type-arg
(define al-u (al:make-socket #:type 'datagram #:local-host "::1"))
(define al-v (al:make-socket #:type 'datagram #:remote-host "::1" #:remote-port (al:local-port al-u)))
(al:send-to al-v "six" 3)                  ; expect: 3
(define got (all (al:receive-from al-u 3)))
(list (car got) (al:ipv6-address? (caddr got)) (al:ipaddr-to-dotted (caddr got))) ; expect: (#u8(115 105 120) #t "::1")
; scope-id changes the slot of the object given.
(define here (al:dotted-to-ipaddr "::1"))
(define scoped (al:make-socket #:type 'datagram #:remote-host here #:remote-port 9 #:scope-id 1))
(list (al:ipv6-address-scope-id here) (al:ipaddr-to-dotted (al:remote-host scoped))) ; expect: (1 "::1%1")
(eq? io:ipv6-address? al:ipv6-address?)    ; expect: #t
(eq? io:*ipv6* al:*ipv6*)                  ; expect: #f
; The two families' operators work on each other's sockets.
(list (io:socket-type al-client) (al:socket-class client) (io:socket-address-family al-u) (al:socket-address-family u)) ; expect: (stream socket-stream-internet-active ipv6 internet)
(for-each close-port (list server client dual u v (car accepted) al-server al-client al-peer al-u al-v scoped))
