; Which family LispWorks' operators take, by their argument ipv6.
; needs: ipv6
(import (lispworks comm))
(define-syntax-rule (raised expression) (guard (x (#t x)) expression))
(define (both thunk) (call-with-values thunk list))
(define c (make-wait-state-collection))
(define (listening . options) (apply accept-tcp-connections-creating-async-io-states c #f (lambda (h s) (close-async-io-state s)) options))
(define (family h) (sockaddr:fam (getsockname (accepting-handle-socket h))))
(define (v6only h) (getsockopt (accepting-handle-socket h) IPPROTO_IPV6 IPV6_V6ONLY))
(define (reach host h . options) (let ((answer (both (lambda () (apply connect-to-tcp-server host (accepting-handle-local-port h) options))))) (if (car answer) (begin (close-socket-handle (car answer)) #t) (socket-error-identifier (cadr answer)))))
(define one (listening))
(= (family one) AF_INET)                     ; expect: #t
(list (reach "127.0.0.1" one) (reach "::1" one)) ; expect: (#t ECONNREFUSED)
(define two (listening #:ipv6 #t))
(list (= (family two) AF_INET6) (v6only two)) ; expect: (#t 1)
(list (reach "127.0.0.1" two) (reach "::1" two)) ; expect: (ECONNREFUSED #t)
(define three (listening #:ipv6 'both))
(list (= (family three) AF_INET6) (v6only three)) ; expect: (#t 0)
(list (reach "127.0.0.1" three) (reach "::1" three)) ; expect: (#t #t)
(define four (listening #:ipv6 #f #:address "localhost"))
(sockaddr:addr (getsockname (accepting-handle-socket four))) ; expect: 2130706433
; An address keeps its own family; only names are chosen from.
(define five (listening #:address "::1" #:ipv6 #f))
(= (family five) AF_INET6)                   ; expect: #t
(list (reach "::1" five #:ipv6 #f) (reach (parse-ipv6-address "::1") five) (reach #(0 0 0 0 0 0 0 1) five)) ; expect: (#t #t #t)
(reach "127.0.0.1" one #:ipv6 #t)            ; expect: #t
(reach "::1/64" five)                        ; expect: #t
; An IPv4 client of both is seen as mapped.
(define h (connect-to-tcp-server "127.0.0.1" (accepting-handle-local-port three)))
(define met '())
(define six (accept-tcp-connections-creating-async-io-states c #f (lambda (h sock) (call-with-values (lambda () (get-socket-peer-address sock)) (lambda (a p) (set! met (ip-address-string a)))) (close-port sock)) #:ipv6 #:both #:create-state #f))
(define k (connect-to-tcp-server "127.0.0.1" (accepting-handle-local-port six)))
(call-wait-state-collection c)
met                                          ; expect: "::ffff:127.0.0.1"
(close-wait-state-collection c)
