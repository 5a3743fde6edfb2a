; LispWorks' blocking half: handles, socket-streams, their timeouts, sockets exchanged, shutdowns, waiting.
(import (lispworks comm))
(define server (socket AF_INET SOCK_STREAM 0))
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 20)
(define port (sockaddr:port (getsockname server)))
(define (accepted) (car (accept server)))
(define-syntax-rule (raised expression) (guard (x (#t x)) expression))
(define (kind x) (if (exception? x) (exception-kind x) x))

; A handle is a port without buffers, connected.
(define h (connect-to-tcp-server "127.0.0.1" port))
(define peer (accepted))
(port? h)                                    ; expect: #t
(call-with-values (lambda () (get-socket-peer-address h)) (lambda (a p) (list a (= p port)))) ; expect: (2130706433 #t)
(call-with-values (lambda () (get-socket-address h)) (lambda (a p) (list a (= p (sockaddr:port (getpeername peer)))))) ; expect: (2130706433 #t)
(= (socket-handle-fd h) (fileno h))          ; expect: #t
(= (socket-handle-fd 5) 5)                   ; expect: #t
(list (getsockopt h IPPROTO_TCP TCP_NODELAY) (getsockopt h SOL_SOCKET SO_KEEPALIVE)) ; expect: (1 0)
(close-socket-handle h)
(close-socket-handle h)
(socket-handle-fd h)                         ; expect: #f
(call-with-values (lambda () (get-socket-address h)) list) ; expect: (#f #f)
(call-with-values (lambda () (get-socket-peer-address server)) list) ; expect: (#f #f)
(close-port peer)
(define h (connect-to-tcp-server INADDR_LOOPBACK (number->string port) #:nodelay #f #:keepalive #t #:ipv6 #f #:timeout 5 #:errorp #t))
(list (getsockopt h IPPROTO_TCP TCP_NODELAY) (getsockopt h SOL_SOCKET SO_KEEPALIVE)) ; expect: (0 1)
(close-port h)
(close-port (accepted))

; Ports of ours to connect from.
(define h (connect-to-tcp-server #(127 0 0 1) port #:local-address "127.0.0.2" #:errorp #t))
(call-with-values (lambda () (get-socket-address h)) (lambda (a p) a)) ; expect: 2130706434
(close-port h)
(close-port (accepted))
; Free on each address: a connection from another of ours that is over keeps its port for a while.
(define free (let ((s (socket AF_INET SOCK_STREAM 0))) (bind s AF_INET INADDR_ANY 0) (let ((p (sockaddr:port (getsockname s)))) (close-port s) p)))
(define h (connect-to-tcp-server "127.1" port #:local-port free #:errorp #t))
(call-with-values (lambda () (get-socket-address h)) (lambda (a p) (= p free))) ; expect: #t
(close-port h)
(close-port (accepted))

; Failures: #f and the condition, or raised.
(define (both thunk) (call-with-values thunk list))
(define refused (both (lambda () (connect-to-tcp-server "127.0.0.1" free))))
(car refused)                                ; expect: #f
(list (socket-connection-refused-error? (cadr refused)) (socket-connect-error? (cadr refused)) (socket-create-error? (cadr refused))) ; expect: (#t #t #f)
(list (socket-error-identifier (cadr refused)) (socket-error-operation (cadr refused)) (socket-error-address (cadr refused))) ; expect: (ECONNREFUSED connect "127.0.0.1")
(port? (socket-error-connection (cadr refused))) ; expect: #t
(port-closed? (socket-error-socket (cadr refused))) ; expect: #t
(socket-connection-refused-error? (raised (connect-to-tcp-server "127.0.0.1" free #:errorp #t))) ; expect: #t
(define unknown (cadr (both (lambda () (connect-to-tcp-server "no-such-host.invalid" 80)))))
(list (resolver-error? unknown) (socket-create-error? unknown) (lookup-error-datum unknown)) ; expect: (#t #t "no-such-host.invalid")
(define unknown (cadr (both (lambda () (connect-to-tcp-server "127.0.0.1" "no-such-service")))))
(list (unknown-service-error? unknown) (socket-create-error? unknown) (lookup-error-datum unknown)) ; expect: (#t #t "no-such-service")
(define unknown (cadr (both (lambda () (connect-to-tcp-server "127.0.0.1" port #:local-address "192.0.2.1")))))
(list (socket-address-not-available-error? unknown) (socket-create-error? unknown) (socket-error-address unknown)) ; expect: (#t #t "192.0.2.1")
; Arguments that are wrong raise in any case.
(map (lambda (thunk) (kind (raised (thunk))))
     (list (lambda () (connect-to-tcp-server #f port))
           (lambda () (connect-to-tcp-server "127.0.0.1" #f))
           (lambda () (connect-to-tcp-server "127.0.0.1" 65536))
           (lambda () (connect-to-tcp-server "127.0.0.1" port #:timeout 0))
           (lambda () (connect-to-tcp-server "127.0.0.1" port #:timeout -1))
           (lambda () (connect-to-tcp-server "127.0.0.1" port #:timeout 'soon))
           (lambda () (connect-to-tcp-server "127.0.0.1" port #:ipv6 'both))
           (lambda () (connect-to-tcp-server 'name port)))) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg)
(map (lambda (thunk) (kind (raised (thunk))))
     (list (lambda () (connect-to-tcp-server "127.0.0.1" port #:ssl-ctx #t))
           (lambda () (connect-to-tcp-server "127.0.0.1" port #:errorp))
           (lambda () (open-tcp-stream "127.0.0.1" port #:info 1)))) ; expect: (keyword-argument-error keyword-argument-error keyword-argument-error)

; A queue that is full makes connecting wait: until the limit.
(define full (socket AF_INET SOCK_STREAM 0))
(bind full AF_INET INADDR_LOOPBACK 0)
(listen full 0)
(define full-port (sockaddr:port (getsockname full)))
(define first (connect-to-tcp-server "127.0.0.1" full-port))
(define (both-values thunk) (call-with-values thunk (lambda (h . c) (values h (and (pair? c) (car c))))))
(define late (both (lambda () (let loop () (let-values (((h c) (both-values (lambda () (connect-to-tcp-server "127.0.0.1" full-port #:timeout 0.2))))) (if h (loop) (values h c)))))))
(list (socket-connection-timeout-error? (cadr late)) (socket-timeout-error? (cadr late)) (socket-connect-error? (cadr late))) ; expect: (#t #t #t)
(list (= ETIMEDOUT (socket-error-code (cadr late))) (socket-error-identifier (cadr late)) (error-object-message (cadr late))) ; expect: (#t ETIMEDOUT "Timed out")
(close-port full)

; A stream has text and octets on one port with buffers.
(define s (open-tcp-stream "localhost" port #:ipv6 #f #:element-type 'unsigned-byte-8))
(define p (make-socket-stream #:socket (accepted) #:info 'peer))
(list (socket-stream? s) (socket-stream? p) (socket-stream? server) (socket-stream? 5)) ; expect: (#t #t #f #f)
(list (socket-stream-info s) (socket-stream-info p)) ; expect: (#f peer)
(set! (socket-stream-info p) '(1))
(socket-stream-info p)                       ; expect: (1)
(write-string "größe\n" s)
(write-u8 255 s)
(char-ready? p)                              ; expect: #f
(force-output s)
(read-line p)                                ; expect: "größe"
(read-u8 p)                                  ; expect: 255
(call-with-values (lambda () (socket-stream-peer-address s)) (lambda (a q) (list a (= q port)))) ; expect: (2130706433 #t)
(call-with-values (lambda () (socket-stream-address p)) (lambda (a q) (list a (= q port)))) ; expect: (2130706433 #t)
(eq? (socket-handle-fd (socket-stream-socket s)) (fileno s)) ; expect: #t
(kind (raised (socket-stream-info server)))  ; expect: wrong-type-arg

; A read that gets nothing in time sees the end, once; what has come before is not lost.
(stream-read-timeout s)                      ; expect: #f
(set! (stream-read-timeout s) 0.05)
(stream-read-timeout s)                      ; expect: 0.05
(eof-object? (read-line s))                  ; expect: #t
(eof-object? (read-char s))                  ; expect: #t
(write-string "part" p)
(force-output p)
(read-line s)                                ; expect: "part"
(write-string "whole\n" p)
(force-output p)
(read-line s)                                ; expect: "whole"
; The limit is for each gap.
(set! (stream-read-timeout s) 0.5)
(define slow (spawn-fiber (lambda () (for-each (lambda (c) (usleep 80000) (write-char c p) (force-output p)) (string->list "abcdef\n")))))
(read-line s)                                ; expect: "abcdef"
(fiber-join slow)
(set-stream-read-timeout! s #f)
(stream-read-timeout s)                      ; expect: #f
(kind (raised (set! (stream-read-timeout s) 0))) ; expect: wrong-type-arg

; A write that gets rid of nothing in time fails.
(set! (stream-write-timeout s) 0.05)
(define stuck (raised (let loop () (write-string (make-string 100000 #\x) s) (loop))))
(list (socket-timeout-error? stuck) (socket-connection-timeout-error? stuck) (socket-io-error? stuck) (socket-error-identifier stuck)) ; expect: (#t #f #t ETIMEDOUT)
(error-object-message stuck)                 ; expect: "Timed out"
(close-port p)
(close-port s)

; Which streams have input.
(define (a-pair) (let* ((a (open-tcp-stream "127.0.0.1" port #:errorp #t)) (b (make-socket-stream #:socket (accepted)))) (cons a b)))
(define one (a-pair))
(define two (a-pair))
(define three (a-pair))
(define all (map car (list one two three)))
(define (places l) (and l (map (lambda (s) (list-index (lambda (t) (eq? s t)) all)) l)))
(wait-for-input-streams all #:timeout 0)     ; expect: #f
(wait-for-input-streams all #:timeout 0.02)  ; expect: #f
(write-string "x\ny\n" (cdr three))
(force-output (cdr three))
(places (wait-for-input-streams all))        ; expect: (2)
(close-port (cdr one))
(wait-for-input-streams (list (car one)) #:timeout 5 #:wait-reason "the end")
(places (wait-for-input-streams all #:timeout 0)) ; expect: (0 2)
(eq? (wait-for-input-streams-returning-first all) (car one)) ; expect: #t
; What a buffer holds counts.
(read-line (car three))                      ; expect: "x"
(places (wait-for-input-streams (cdr all) #:timeout 0)) ; expect: (2)
(read-line (car three))                      ; expect: "y"
(define calls 0)
(wait-for-input-streams (cdr all) #:wait-function (lambda () (set! calls (+ calls 1)) (> calls 2))) ; expect: #f
calls                                        ; expect: 3
(wait-for-input-streams-returning-first (cdr all) #:timeout 0) ; expect: #f
(kind (raised (wait-for-input-streams '(1)))) ; expect: wrong-type-arg
(kind (raised (wait-for-input-streams all #:timeout -1))) ; expect: wrong-type-arg

; Shutting down: what is written goes out first, and the other direction goes on.
(write-string "last" (car two))
(socket-stream-shutdown (car two) 'output)
(read-line (cdr two))                        ; expect: "last"
(eof-object? (read-line (cdr two)))          ; expect: #t
(exception? (raised (begin (write-string "more" (car two)) (force-output (car two))))) ; expect: #t
(write-string "answer\n" (cdr two))
(force-output (cdr two))
(read-line (car two))                        ; expect: "answer"
(socket-stream-shutdown (car two) #:input)
(exception? (raised (read-line (car two))))  ; expect: #t
(port-closed? (car two))                     ; expect: #f
(kind (raised (socket-stream-shutdown (car two) 'sideways))) ; expect: wrong-type-arg
(close-port (car two))
(socket-handle-fd (socket-stream-socket (car two))) ; expect: #f
(write-string "dropped" (car three))
(socket-stream-shutdown (car three) 'io #:abort #t)
(eof-object? (read-line (cdr three)))        ; expect: #t
(exception? (raised (read-char (car three)))) ; expect: #t
(port-closed? (car three))                   ; expect: #f
(close-port (car three))
(port-closed? (car three))                   ; expect: #t

; Directions.
(define four (a-pair))
(define in (make-socket-stream #:socket (connect-to-tcp-server "127.0.0.1" port) #:direction 'input))
(define out (make-socket-stream #:socket (accepted) #:direction #:output))
(list (input-port? in) (output-port? in) (input-port? out) (output-port? out)) ; expect: (#t #f #f #t)
(write-string "one way\n" out)
(close-port out)
(read-line in)                               ; expect: "one way"
(close-port in)
(map (lambda (thunk) (kind (raised (thunk))))
     (list (lambda () (make-socket-stream)) (lambda () (make-socket-stream #:socket 'x)) (lambda () (make-socket-stream #:socket server #:direction 'up))
           (lambda () (make-socket-stream #:socket server #:element-type 'string)) (lambda () (make-socket-stream #:socket server #:read-timeout 0)))) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg)

; Exchanging the socket under a stream.
(define five (a-pair))
(define old (socket-stream-socket (car four)))
(define new (socket-stream-socket (car five)))
(write-string "to the old\n" (car four))
(eq? old (replace-socket-stream-socket (car four) new)) ; expect: #t
(read-line (cdr four))                       ; expect: "to the old"
(and (socket-handle-fd old) #t)              ; expect: #t
(write-string "to the new\n" (car four))
(force-output (car four))
(read-line (cdr five))                       ; expect: "to the new"
(eq? new (socket-stream-socket (car four)))  ; expect: #t
(set! (socket-stream-socket (car four)) old)
(socket-handle-fd new)                       ; expect: #f
(write-string "back\n" (cdr four))
(force-output (cdr four))
(read-line (car four))                       ; expect: "back"
(eq? old (replace-socket-stream-socket (car four) #f)) ; expect: #t
(socket-stream-socket (car four))            ; expect: #f
(close-port (car four))
(send old "alone\n")                         ; expect: 6
(read-line (cdr four))                       ; expect: "alone"
(close-socket-handle old)
(eof-object? (read-line (cdr four)))         ; expect: #t
; Closing in whatever order is harmless.
(define six (a-pair))
(define handle (socket-stream-socket (car six)))
(close-port (car six))
(close-socket-handle handle)
(close-port handle)
(close-port (car six))
(define handle (socket-stream-socket (cdr six)))
(close-socket-handle handle)
(close-port (cdr six))
(socket-handle-fd handle)                    ; expect: #f
; A socket that has no address yet.
(call-with-values (lambda () (get-socket-address (socket AF_INET SOCK_STREAM 0))) list) ; expect: (#f #f)
(call-with-values (lambda () (get-socket-address (socket AF_UNIX SOCK_STREAM 0))) list) ; expect: (#f #f)
; One value where it succeeds.
(length (call-with-values (lambda () (connect-to-tcp-server "127.0.0.1" port)) list)) ; expect: 1
(length (call-with-values (lambda () (open-tcp-stream "127.0.0.1" port)) list)) ; expect: 1
