; Accepting handles, and states that are connected.
(import (lispworks comm))
(define-syntax-rule (raised expression) (guard (x (#t x)) expression))
(define (kind x) (if (exception? x) (exception-kind x) x))
(define log '())
(define (note . x) (set! log (cons x log)))
(define (logged) (let ((l (reverse log))) (set! log '()) l))
(define c (make-wait-state-collection))
(define (call) (call-wait-state-collection c) (logged))
(define (until n) (let loop () (if (< (length log) n) (begin (wait-for-wait-state-collection c) (call-wait-state-collection c) (loop)))) (logged))
(define b (make-bytevector 5))
(define (both thunk) (call-with-values thunk list))

(define inits '())
(define h (accept-tcp-connections-creating-async-io-states c #f
  (lambda (h state) (note (accepting-handle? h) (async-io-state? state) (async-io-state-name state) (getsockopt (async-io-state-object state) IPPROTO_TCP TCP_NODELAY) (getsockopt (async-io-state-object state) SOL_SOCKET SO_KEEPALIVE))
    (async-io-state-write-buffer state "one" (lambda x #f))
    (note (both (lambda () (async-io-state-write-buffer state "two" (lambda x #f)) 'queued))))
  #:name 'guest #:queue-output #t #:handle-name "door" #:user-info '(1 2) #:keepalive #t #:nodelay #f #:reuseport #t #:backlog 7
  #:init-function (lambda (sock) (set! inits (cons (list (sockaddr:port (getsockname sock)) (getsockopt sock SOL_SOCKET SO_ACCEPTCONN) (getsockopt sock SOL_SOCKET SO_REUSEADDR) (getsockopt sock SOL_SOCKET SO_REUSEPORT)) inits)))))
(define port (accepting-handle-local-port h))
(list (accepting-handle? h) (accepting-handle? c) (accepting-handle-name h) (accepting-handle-user-info h) (eq? c (accepting-handle-collection h))) ; expect: (#t #f "door" (1 2) #t)
(call-with-values (lambda () (get-socket-address (accepting-handle-socket h))) (lambda (a p) (list a (= p port)))) ; expect: (0 #t)
; The init-function was called once, with the bound socket, which did not listen yet.
(list (length inits) (= port (caar inits)) (cdar inits)) ; expect: (1 #t (0 1 1))
(getsockopt (accepting-handle-socket h) SOL_SOCKET SO_ACCEPTCONN) ; expect: 1
; Connections made before the collection runs are taken when it does.
(define x (connect-to-tcp-server "127.0.0.1" port))
(define y (connect-to-tcp-server "127.0.0.1" port))
(call)                                       ; expect: ((#t #t guest 0 1) ((queued)) (#t #t guest 0 1) ((queued)))
(call)
(call)
(read-string 6 x)                            ; expect: "onetwo"
; Closing is a message; connections live on; afterwards there is nothing to close.
(close-accepting-handle h (lambda (collection) (note 'closed (eq? collection c))))
(eq? #f (accepting-handle-socket h))         ; expect: #f
(call)                                       ; expect: ((closed #t))
(list (accepting-handle-socket h) (accepting-handle-collection h) (accepting-handle-local-port h) (accepting-handle-name h) (accepting-handle-user-info h)) ; expect: (#f #f #f "door" (1 2))
(close-accepting-handle h (lambda (collection) (note 'never)))
(close-accepting-handle h)
(call)                                       ; expect: ()
(socket-connection-refused-error? (cadr (both (lambda () (connect-to-tcp-server "127.0.0.1" port))))) ; expect: #t
(read-string 6 y)                            ; expect: "onetwo"

; Without states: the connected handle, in blocking mode.
(define h (accept-tcp-connections-creating-async-io-states c 0 (lambda (h sock) (note (port? sock) (logand O_NONBLOCK (fcntl sock F_GETFL)) (send sock "hi")) (close-port sock)) #:create-state #f #:address "127.0.0.1"))
(define x (connect-to-tcp-server "127.0.0.1" (accepting-handle-local-port h)))
(call)                                       ; expect: ((#t 0 2))
(read-string 9 x)                            ; expect: "hi"
; Sixteen a step.
(define many (map (lambda (i) (connect-to-tcp-server "127.0.0.1" (accepting-handle-local-port h) #:errorp #t)) (iota 4)))
(length (call))                              ; expect: 4
(close-accepting-handle h)
(call)
(define h (accept-tcp-connections-creating-async-io-states c #f (lambda (h sock) (note sock) (close-port sock)) #:create-state #f #:backlog 30))
(define many (map (lambda (i) (connect-to-tcp-server "127.0.0.1" (accepting-handle-local-port h) #:errorp #t)) (iota 20)))
(let* ((a (length (call))) (b (length (call))) (c (length (call)))) (list a b c)) ; expect: (16 4 0)

; A port in use: raised at once, or tried again; the init-function is not called meanwhile.
(define port (accepting-handle-local-port h))
(define busy (raised (accept-tcp-connections-creating-async-io-states c port note #:init-timeout 0 #:init-function note)))
(list (socket-address-in-use-error? busy) (socket-create-error? busy) (socket-error-identifier busy) (logged)) ; expect: (#t #t EADDRINUSE ())
(define began (get-internal-real-time))
(define busy (raised (accept-tcp-connections-creating-async-io-states c port note #:init-timeout 0.1)))
(define took (/ (- (get-internal-real-time) began) internal-time-units-per-second))
(list (socket-address-in-use-error? busy) (<= 1/10 took 2)) ; expect: (#t #t)
(define holder (socket AF_INET SOCK_STREAM 0))
(bind holder AF_INET INADDR_ANY 0)
(listen holder 1)
(define port (sockaddr:port (getsockname holder)))
(define leaver (spawn-fiber (lambda () (usleep 50000) (close-port holder))))
(define k (accept-tcp-connections-creating-async-io-states c port note #:init-function (lambda (s) (note 'init))))
(list (= port (accepting-handle-local-port k)) (logged)) ; expect: (#t ((init)))
; What the init-function raises comes out, and the socket is closed.
(define free #f)
(raised (accept-tcp-connections-creating-async-io-states c #f note #:init-function (lambda (s) (set! free s) (raise 'no)))) ; expect: no
(port-closed? free)                          ; expect: #t
(map (lambda (thunk) (let ((x (raised (thunk)))) (if (socket-error? x) (socket-error-phase x) (kind x))))
     (list (lambda () (accept-tcp-connections-creating-async-io-states c #f 5)) (lambda () (accept-tcp-connections-creating-async-io-states 5 #f note))
           (lambda () (accept-tcp-connections-creating-async-io-states c 70000 note)) (lambda () (accept-tcp-connections-creating-async-io-states c #f note #:backlog 0))
           (lambda () (accept-tcp-connections-creating-async-io-states c #f note #:init-timeout -1)) (lambda () (accept-tcp-connections-creating-async-io-states c #f note #:init-function 5))
           (lambda () (accept-tcp-connections-creating-async-io-states c #f note #:ipv6 'some)) (lambda () (accept-tcp-connections-creating-async-io-states c #f note #:ssl 1))
           (lambda () (accept-tcp-connections-creating-async-io-states c #f note #:address "192.0.2.1")) (lambda () (accept-tcp-connections-creating-async-io-states c "no-such-service" note))
           (lambda () (close-accepting-handle 5)) (lambda () (close-accepting-handle h 5)) (lambda () (accepting-handle-name 5)))) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg keyword-argument-error create create wrong-type-arg wrong-type-arg wrong-type-arg)

; Connected states.
(define h (accept-tcp-connections-creating-async-io-states c #f (lambda (h state) (note 'taken) (async-io-state-write-buffer state "hello" (lambda x (note 'sent))))))
(define port (accepting-handle-local-port h))
(define s (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" port (lambda (state args) (note 'connected args)) #:name 'client #:user-info 3 #:read-timeout 9))
(list (async-io-state? s) (logged) (async-io-state-name s) (async-io-state-user-info s) (async-io-state-read-timeout s)) ; expect: (#t () client 3 9)
; While it is being connected nothing else runs.
(async-io-busy-error? (raised (async-io-state-read-buffer s b note))) ; expect: #t
(async-io-busy-error? (raised (async-io-state-write-buffer s b note))) ; expect: #t
(list-sort (lambda (a b) (string<? (symbol->string (car a)) (symbol->string (car b)))) (until 3)) ; expect: ((connected #f) (sent) (taken))
(async-io-state-read-buffer s b (lambda (s b n) (note (utf8->string b))))
(until 1)                                    ; expect: (("hello"))
(close-async-io-state s)
; Failures are told in words.
(define free (let ((s (socket AF_INET SOCK_STREAM 0))) (bind s AF_INET INADDR_LOOPBACK 0) (let ((p (sockaddr:port (getsockname s)))) (close-port s) p)))
(define s (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" free (lambda (state args) (note args (async-io-state-write-status state)))))
(define failed (car (until 1)))
(equal? (apply format #f (car failed)) (string-append "connecting to 127.0.0.1, service " (number->string free) ": Connection refused")) ; expect: #t
(list (socket-connection-refused-error? (cadr failed)) (socket-connect-error? (cadr failed)) (eq? s (socket-error-connection (cadr failed)))) ; expect: (#t #t #t)
(exception? (raised (async-io-state-write-buffer s b note))) ; expect: #t
(define full (socket AF_INET SOCK_STREAM 0))
(bind full AF_INET INADDR_LOOPBACK 0)
(listen full 0)
(define full-port (sockaddr:port (getsockname full)))
(define fillers (map (lambda (i) (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" full-port (lambda x #f))) '(1 2 3)))
(define s (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" full-port (lambda (state args) (note (apply format #f args) (async-io-state-write-status state))) #:connect-timeout 0.05))
(equal? (until 1) (list (list (string-append "connecting to 127.0.0.1, service " (number->string full-port) ": not connected within 0.05 seconds") 'timeout))) ; expect: #t
; Raised in the caller.
(map (lambda (thunk) (let ((x (raised (thunk)))) (if (socket-error? x) (socket-error-type x) (kind x))))
     (list (lambda () (create-async-io-state-and-connected-tcp-socket c "no-such-host.invalid" 80 note)) (lambda () (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" "no-such-service" note))
           (lambda () (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" 80 note #:local-address "192.0.2.1")) (lambda () (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" 80 5))
           (lambda () (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" 80 note #:connect-timeout 0)) (lambda () (create-async-io-state-and-connected-tcp-socket c #f 80 note))
           (lambda () (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" 80 note #:ipv6 'both)) (lambda () (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" 80 note #:udp #t)))) ; expect: (resolver-no-name-error unknown-service-error socket-address-not-available-error wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg keyword-argument-error)
; From a local address; to a name of which only one address answers.
(define s (create-async-io-state-and-connected-tcp-socket c "127.0.0.1" port (lambda (state args) (note args)) #:local-address "127.0.0.3"))
(logged)
(call-with-values (lambda () (get-socket-address (async-io-state-object s))) (lambda (a p) (ip-address-string a))) ; expect: "127.0.0.3"
(define s (create-async-io-state-and-connected-tcp-socket c "localhost" port (lambda (state args) (note 'named args)) #:queue-output #t))
(async-io-state-write-buffer s "early" (lambda (s b n) (note b n)))
(let ((l (until 6))) (list (and (member '(named #f) l) #t) (and (member '("early" 5) l) #t))) ; expect: (#t #t)
(close-wait-state-collection c)
