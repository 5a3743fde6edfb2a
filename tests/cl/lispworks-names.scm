; LispWorks' addresses, hosts and services.
(import (lispworks comm))
(define-syntax-rule (raised expression) (guard (x (#t x)) expression))
(define (kind x) (if (exception? x) (exception-kind x) x))
(define-syntax-rule (all expression) (call-with-values (lambda () expression) list))
(map string-ip-address '("127.0.0.1" "204.71.177.75" "0.0.0.0" "255.255.255.255")) ; expect: (2130706433 3427250507 0 4294967295)
(= (string-ip-address "204.71.177.75") #xCC47B14B) ; expect: #t
(map string-ip-address '("127.1" "256.1.1.1" "1.2.3" "1.2.3.4.5" "localhost" "" " 127.0.0.1" " ::1" "a.b.c.d")) ; expect: (#f #f #f #f #f #f #f #f #f)
(ipv6-address-p (string-ip-address "::1"))   ; expect: #t
(ip-address-string (string-ip-address "::ffff:1.2.3.4")) ; expect: "::ffff:1.2.3.4"
(map ip-address-string (list 0 2130706433 #xCC47B14B "10.1" #(1 2 3 4) #u8(9 8 7 6))) ; expect: ("0.0.0.0" "127.0.0.1" "204.71.177.75" "10.0.0.1" "1.2.3.4" "9.8.7.6")
(map (lambda (x) (kind (raised (ip-address-string x)))) (list -1 4294967296 "a name" #f 1.5)) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg)
(define a (parse-ipv6-address "  fe80::1%3/64 "))
(list (ipv6-address-p a) (ipv6-address? a) (ipv6-address-scope-id a) (ipv6-address-string a) (ip-address-string a)) ; expect: (#t #t 3 "fe80::1" "fe80::1")
(ipv6-address-scope-id (parse-ipv6-address "fe80::1%eth7")) ; expect: "eth7"
(ipv6-address-scope-id (parse-ipv6-address "::1")) ; expect: 0
(map parse-ipv6-address '("1.2.3.4" "" ":::" "1:2:3:4:5:6:7:" "::1/129" "::1%" "xyz" "::1 ::2")) ; expect: (#f #f #f #f #f #f #f #f)
(parse-ipv6-address " ::1" #:trim-whitespace #f) ; expect: #f
(ipv6-address-string (parse-ipv6-address "<2001:db8::7>" #:start 1 #:end 12)) ; expect: "2001:db8::7"
(map (lambda (x) (kind (raised (ipv6-address-string x)))) (list 2130706433 "127.0.0.1" "x")) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg)
(map (lambda (f) (kind (raised (f 5)))) (list string-ip-address parse-ipv6-address)) ; expect: (wrong-type-arg wrong-type-arg)
(map ipv6-address-p (list 5 "::1"))          ; expect: (#f #f)

; Hosts: a value for each field.
(get-host-entry "127.0.0.1")                 ; expect: 2130706433
(get-host-entry "localhost" #:ipv6 #f)       ; expect: 2130706433
(all (get-host-entry "127.1" #:fields '(address ipv4-address ipv6-address addresses ipv4-addresses ipv6-addresses))) ; expect: (2130706433 2130706433 #f (2130706433) (2130706433) ())
(map (lambda (x) (if (pair? x) (ip-address-string (car x)) x)) (all (get-host-entry "::1" #:fields '(ipv4-address ipv4-addresses #:addresses)))) ; expect: (#f () "::1")
(memv 2130706433 (get-host-entry "localhost" #:fields '(addresses) #:ipv6 #f)) ; expect: (2130706433)
(all (get-host-entry "no-such-host.invalid" #:fields '(name address))) ; expect: (#f)
(all (get-host-entry "localhost" #:numerichost #t)) ; expect: (#f)
(let ((name (get-host-entry "localhost" #:fields '(name)))) (string? name)) ; expect: #t
(list? (get-host-entry "localhost" #:fields '(aliases))) ; expect: #t
(all (get-host-entry "192.0.2.77" #:fields '(name aliases address) #:avoid-reverse-lookup #t)) ; expect: ("192.0.2.77" () 3221226061)
(get-host-entry "127.0.0.1" #:v4mapped #f #:addrconfig #f) ; expect: 2130706433
(map (lambda (thunk) (kind (raised (thunk))))
     (list (lambda () (get-host-entry "localhost" #:fields '(colour))) (lambda () (get-host-entry "localhost" #:fields 'name)) (lambda () (get-host-entry #f))
           (lambda () (get-host-entry "localhost" #:ipv6 'both)) (lambda () (get-host-entry "localhost" #:depth 1)))) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg keyword-argument-error)

; Services.
(get-service-entry "http")                   ; expect: 80
(all (get-service-entry "http" #:fields '(port name))) ; expect: (80 "http")
(all (get-service-entry 80 #:fields '(name port))) ; expect: ("http" 80)
(get-service-entry "80" #:fields '(name))    ; expect: "http"
(get-service-entry 'domain #:protocol "udp") ; expect: 53
(list? (get-service-entry "http" #:fields '(aliases))) ; expect: #t
(all (get-service-entry "no-such-service" #:fields '(name port))) ; expect: (#f)
(all (get-service-entry "http" #:protocol "no-such-protocol")) ; expect: (#f)
(map (lambda (thunk) (kind (raised (thunk))))
     (list (lambda () (get-service-entry 65536)) (lambda () (get-service-entry "http" #:fields '(address))) (lambda () (get-service-entry #f)) (lambda () (get-service-entry "http" #:family 4)))) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg keyword-argument-error)
