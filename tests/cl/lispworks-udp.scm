; Asynchronous states for datagrams.
(import (lispworks comm))
(define-syntax-rule (raised expression) (guard (x (#t x)) expression))
(define (kind x) (if (exception? x) (exception-kind x) x))
(define log '())
(define (note . x) (set! log (cons x log)))
(define (logged) (let ((l (reverse log))) (set! log '()) l))
(define c (make-wait-state-collection))
(define (call) (call-wait-state-collection c) (logged))
(define (until n) (let loop () (if (< (length log) n) (begin (wait-for-wait-state-collection c) (call-wait-state-collection c) (loop)))) (logged))
(define (both thunk) (call-with-values thunk list))
(define b (make-bytevector 20 0))
(define (text buffer n) (utf8->string (bytevector-copy buffer 0 n)))
(define (port-of state) (sockaddr:port (getsockname (async-io-state-object state))))

(define server (create-async-io-state-and-udp-socket c #:local-address "127.0.0.1" #:local-port 0 #:name 'server #:user-info 7 #:read-timeout 3))
(list (async-io-state? server) (async-io-state-name server) (async-io-state-user-info server) (async-io-state-read-timeout server) (async-io-state-write-timeout server)) ; expect: (#t server 7 3 #f)
(define port (port-of server))
(define client (create-async-io-state-and-connected-udp-socket c "127.0.0.1" port))
(call-with-values (lambda () (get-socket-peer-address (async-io-state-object client))) (lambda (a p) (list a (= p port)))) ; expect: (2130706433 #t)
; A message, and where it came from.
(async-io-state-receive-message server b (lambda (state buffer n address p) (note (eq? state server) (eq? buffer b) (text b n) address (= p (port-of client)))) #:needs-address #t)
(async-io-state-send-message client "hello" (lambda x (note (length x) (eq? client (car x)))))
(logged)                                     ; expect: ()
(list-sort (lambda (a b) (< (length a) (length b))) (until 2)) ; expect: ((1 #t) (#t #t "hello" 2130706433 #t))
; Back, by address; a part of the buffer.
(async-io-state-receive-message client b (lambda (state buffer n) (note n (text b 8))) #:start 2 #:end 7)
(async-io-state-send-message-to-address server "127.0.0.1" (port-of client) #u8(0 97 98 99 0) (lambda (state) (note 'sent)) #:start 1 #:end 4)
(list-sort (lambda (a b) (< (length a) (length b))) (until 2)) ; expect: ((sent) (3 "heabc\x0;\x0;\x0;"))
; An empty message is one; a message that is too long for the buffer is cut.
(async-io-state-receive-message server b (lambda (state buffer n) (note n (async-io-state-read-status state))))
(async-io-state-send-message client #u8() (lambda (state) #f))
(until 1)                                    ; expect: ((0 #f))
(async-io-state-receive-message server b (lambda (state buffer n) (note (text b n))) #:end 3)
(async-io-state-send-message client "abcdef" (lambda (state) #f))
(until 1)                                    ; expect: (("abc"))
; A limit of time.
(async-io-state-receive-message server b (lambda (state buffer n address p) (note n address p (async-io-state-read-status state))) #:needs-address #t #:timeout 0.02)
(until 1)                                    ; expect: ((0 #f #f timeout))
; Nobody there: told to the next operation; the state goes on.
(define gone (create-async-io-state-and-connected-udp-socket c "127.0.0.1" (let ((s (socket AF_INET SOCK_DGRAM 0))) (bind s AF_INET INADDR_LOOPBACK 0) (let ((p (sockaddr:port (getsockname s)))) (close-port s) p))))
(async-io-state-send-message gone "x" (lambda (state) (note 'sent)))
(until 1)                                    ; expect: ((sent))
(async-io-state-receive-message gone b (lambda x (note 'callback)) #:error-callback (lambda (state buffer n) (note n (socket-connection-refused-error? (async-io-state-read-status state)) (socket-io-error? (async-io-state-read-status state)))) #:timeout 5)
(until 1)                                    ; expect: ((0 #t #t))
(async-io-state-receive-message gone b (lambda (state buffer n) (note (async-io-state-read-status state))) #:timeout 0.02)
(until 1)                                    ; expect: ((timeout))
; A message that is too large.
(define huge (make-bytevector 70000))
(async-io-state-send-message client huge (lambda x (note 'callback)) #:error-callback (lambda (state) (note (socket-message-too-large-error? (async-io-state-write-status state)))))
(until 1)                                    ; expect: ((#t))
; Not bound unless an address or a port is given.
(sockaddr:port (getsockname (async-io-state-object (create-async-io-state-and-udp-socket c)))) ; expect: 0
(sockaddr:addr (getsockname (async-io-state-object (create-async-io-state-and-udp-socket c #:local-address "127.0.0.4")))) ; expect: 2130706436
(define from (create-async-io-state-and-connected-udp-socket c "localhost" port #:ipv6 #f #:local-address "127.0.0.5" #:queue-output #t #:write-timeout 2))
(call-with-values (lambda () (get-socket-address (async-io-state-object from))) (lambda (a p) (ip-address-string a))) ; expect: "127.0.0.5"
(for-each (lambda (t) (async-io-state-send-message from t (lambda (state) (note 'queued)))) '("1" "2" "3"))
(until 3)                                    ; expect: ((queued) (queued) (queued))
(async-io-busy-error? (raised (begin (async-io-state-send-message client "1" note) (async-io-state-send-message client "2" note)))) ; expect: #t
(until 1)
; Failures: #f and the condition, or raised.
(define taken (both (lambda () (create-async-io-state-and-udp-socket c #:local-address "127.0.0.1" #:local-port port))))
(list (car taken) (socket-address-in-use-error? (cadr taken)) (socket-create-error? (cadr taken))) ; expect: (#f #t #t)
(socket-address-in-use-error? (raised (create-async-io-state-and-udp-socket c #:local-address "127.0.0.1" #:local-port port #:errorp #t))) ; expect: #t
(resolver-error? (cadr (both (lambda () (create-async-io-state-and-connected-udp-socket c "no-such-host.invalid" 9))))) ; expect: #t
(unknown-service-error? (raised (create-async-io-state-and-connected-udp-socket c "127.0.0.1" "no-such-service" #:errorp #t))) ; expect: #t
(map (lambda (thunk) (let ((x (raised (thunk)))) (if (socket-error? x) (socket-error-type x) (kind x))))
     (list (lambda () (async-io-state-send-message-to-address server "no-such-host.invalid" 9 "x" note)) (lambda () (async-io-state-send-message-to-address server "127.0.0.1" 'no-such-service "x" note))
           (lambda () (async-io-state-send-message-to-address server #f 9 "x" note)) (lambda () (async-io-state-send-message-to-address server "127.0.0.1" -1 "x" note))
           (lambda () (async-io-state-send-message-to-address server "127.0.0.1" 9 5 note)) (lambda () (async-io-state-send-message-to-address server "127.0.0.1" 9 "x" 5))
           (lambda () (create-async-io-state-and-udp-socket 5)) (lambda () (create-async-io-state-and-udp-socket c #:local-port 70000))
           (lambda () (create-async-io-state-and-connected-udp-socket c #f 9)) (lambda () (create-async-io-state-and-connected-udp-socket c "127.0.0.1" #f))
           (lambda () (create-async-io-state-and-udp-socket c #:keepalive #t)))) ; expect: (resolver-no-name-error unknown-service-error wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg keyword-argument-error)
; A socket made elsewhere.
(define s (socket AF_INET SOCK_DGRAM 0))
(bind s AF_INET INADDR_LOOPBACK 0)
(define own (create-async-io-state c s #:udp #t))
(async-io-state-receive-message own b (lambda (state buffer n address p) (note (text b n) (= p port))) #:needs-address #t)
(async-io-state-send-message-to-address server "localhost" (sockaddr:port (getsockname s)) "there" (lambda (state) #f))
(until 1)                                    ; expect: (("there" #t))
; Over a stream: what has come; and its end.
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define st (create-async-io-state c (car p)))
(async-io-state-receive-message st b (lambda (state buffer n address p) (note (text b n) address p)) #:needs-address #t)
(send (cdr p) "some")
(until 1)                                    ; expect: (("some" #f #f))
(close-port (cdr p))
(async-io-state-receive-message st b (lambda (state buffer n) (note n (async-io-state-read-status state))))
(until 1)                                    ; expect: ((0 eof))
(close-wait-state-collection c)
