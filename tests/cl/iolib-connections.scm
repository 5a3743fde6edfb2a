; accept-connection, connect, bind-address, listen-on and the extents of (iolib sockets).
(import (iolib sockets) (fibers))
(define-syntax failure
  (syntax-rules ()
    ((_ e) (guard (x ((socket-error? x) (socket-error-type x)) ((exception? x) (exception-kind x)) (#t (list 'raised x))) e 'none))))
(define-syntax all (syntax-rules () ((_ e) (call-with-values (lambda () e) list))))
(define (passive . more) (apply make-socket #:connect 'passive #:local-host "127.0.0.1" more))
(define (client server) (make-socket #:remote-host "127.0.0.1" #:remote-port (local-port server)))
(define server (passive))

; accept-connection: three values, or #f alone.
(all (accept-connection server #:wait #f)) ; expect: (#f)
(all (accept-connection server #:timeout 0.01)) ; expect: (#f)
(all (accept-connection server #:wait 0.01)) ; expect: (#f)
(all (accept-connection server #:wait 0))  ; expect: (#f)
(define c (client server))
(define accepted (all (accept-connection server #:wait #f)))
(list (length accepted) (active-socket? (car accepted)) (address-to-string (cadr accepted)) (= (caddr accepted) (local-port c))) ; expect: (3 #t "127.0.0.1" #t)
(list (socket-bound? (car accepted)) (socket-connected? (car accepted)) (socket-address-family (car accepted)) (socket-type (car accepted))) ; expect: (#f #t ipv4 stream)
(logand (fcntl (car accepted) F_GETFD) FD_CLOEXEC) ; expect: 1
; Whoever asks for one value gets the socket.
(define c2 (client server))
(define s2 (accept-connection server #:timeout 5))
(socket? s2)                               ; expect: #t
(failure (accept-connection server #:wait -1)) ; expect: out-of-range
(failure (accept-connection server #:wait 'long)) ; expect: wrong-type-arg
(failure (accept-connection server #:timeout -1)) ; expect: out-of-range
(failure (accept-connection server #:backlog 1)) ; expect: keyword-argument-error
(failure (accept-connection c))            ; expect: wrong-type-arg
(failure (accept-connection 'server))      ; expect: wrong-type-arg
(failure (accept-connection server #:external-format 'none-such)) ; expect: wrong-type-arg
(failure (accept-connection (make-socket #:connect 'passive))) ; expect: socket-error

; The external format is the passive socket's, or the one asked for.
(define latin (passive #:external-format '(latin1 #:eol-style crlf)))
(define far (client latin))
(define near (accept-connection latin))
(write-string "é\n" near)
(force-output near)
(car (all (receive-from far #:size 4)))    ; expect: #u8(233 13 10 0)
(send-to far #u8(233 13 10 65))
(read-line near)                           ; expect: "é"
(read-char near)                           ; expect: #\A
(define far2 (client latin))
(define near2 (accept-connection latin #:external-format "UTF-8"))
(write-string "é\n" near2)
(force-output near2)
(car (all (receive-from far2 #:size 4)))   ; expect: #u8(195 169 10 0)

; A fiber that waits for a connection lets others run.
(define waiting (spawn-fiber (lambda () (socket? (accept-connection server)))))
(yield-fiber)
(define c3 (client server))
(fiber-join waiting)                       ; expect: #t
; Limits around it count, too.
(with-timeout 0.02 (lambda () (accept-connection server)) (lambda () 'late)) ; expect: late

; bind-address and listen-on.
(define s (make-socket))
(eq? s (bind-address s +ipv4-loopback+ #:port 0)) ; expect: #t
(list (socket-bound? s) (socket-option s 'reuse-address) (passive-socket? s)) ; expect: (#t #t #f)
(define again (guard (e (#t e)) (bind-address s "127.0.0.1")))
(list (error-identifier again) (socket-error-operation again) (socket-error-address again)) ; expect: (EINVAL bind "127.0.0.1")
(eq? s (listen-on s #:backlog 2))          ; expect: #t
(list (passive-socket? s) (socket-listening? s)) ; expect: (#t #t)
(failure (read-char s))                    ; expect: wrong-type-arg
(failure (listen-on (make-socket) #:backlog -1)) ; expect: out-of-range
(failure (listen-on (make-socket) #:backlog "5")) ; expect: wrong-type-arg
(define no-listening (guard (e (#t e)) (listen-on (make-socket #:type 'datagram #:local-host "127.0.0.1"))))
(list (socket-operation-not-supported-error? no-listening) (error-identifier no-listening)) ; expect: (#t EOPNOTSUPP)
(failure (bind-address (make-socket) "::1")) ; expect: wrong-type-arg
(failure (bind-address (make-socket) (make-address "/tmp/x"))) ; expect: wrong-type-arg
(failure (bind-address (make-socket) "127.0.0.1" #:port "nosuchservice")) ; expect: unknown-service-error
(socket-option (bind-address (make-socket) #(127 0 0 1) #:reuse-address #f) 'reuse-address) ; expect: #f
(failure (bind-address (make-socket) "127.0.0.1" #:port (local-port server))) ; expect: socket-address-in-use-error

; connect.
(define unused (let ((s (passive))) (let ((p (local-port s))) (close-port s) p)))
(define x (make-socket))
(eq? x (connect x "127.0.0.1" #:port (local-port server))) ; expect: #t
(socket-connected? x)                      ; expect: #t
(failure (connect x "127.0.0.1" #:port (local-port server))) ; expect: socket-already-connected-error
(failure (connect (make-socket) "127.0.0.1" #:port unused)) ; expect: socket-connection-refused-error
(failure (connect (make-socket) "127.0.0.1" #:port unused #:wait 5)) ; expect: socket-connection-refused-error
(socket-connected? (connect (make-socket) "127.0.0.1" #:port (local-port server) #:wait 5)) ; expect: #t
(socket-connected? (connect (make-socket) "127.0.0.1" #:port (local-port server) #:timeout 5)) ; expect: #t
(failure (connect (make-socket) "127.0.0.1" #:wait -1)) ; expect: out-of-range
(failure (connect (make-socket) "127.0.0.1" #:port 70000)) ; expect: out-of-range
(failure (connect (make-socket) "host.invalid" #:port 1)) ; expect: resolver-no-name-error
(failure (connect "127.0.0.1" (make-socket))) ; expect: wrong-type-arg
; Begun only: readiness and the option error tell how it went.
(define y (connect (make-socket) "127.0.0.1" #:port unused #:wait #f))
(define z (connect (make-socket) "127.0.0.1" #:port (local-port server) #:wait #f))
(pair? (cadr (select '() (list (socket-os-fd z)) '() 5))) ; expect: #t
(socket-option z 'error)                   ; expect: 0
(pair? (cadr (select '() (list (socket-os-fd y)) '() 5))) ; expect: #t
(= (socket-option y 'error) ECONNREFUSED)  ; expect: #t
(= (logand (fcntl z F_GETFL) O_NONBLOCK) 0) ; expect: #t
; A listener whose queue is full answers nobody.
(define full (make-socket #:connect 'passive #:local-host "127.0.0.1" #:backlog 0))
(define fillers (map (lambda (i) (connect (make-socket) "127.0.0.1" #:port (local-port full) #:wait #f)) (iota 4)))
(define late (guard (e (#t e)) (connect (make-socket) "127.0.0.1" #:port (local-port full) #:wait 0.1)))
(list (socket-connection-timeout-error? late) (poll-timeout? late) (error-identifier late) (= (error-code late) ETIMEDOUT) (error-message late) (socket-error-phase late) (socket-error-address late)) ; expect: (#t #t ETIMEDOUT #t "Timed out" connect "127.0.0.1")
(catch 'system-error (lambda () (connect (make-socket) "127.0.0.1" #:port (local-port full) #:timeout 0.05)) (lambda args (system-error-errno args))) ; expect: 110
; connect of this library is not the native one, which is still there.
(eq? connect (@ (guile) connect))          ; expect: #f

; with-open-socket: values come through, output is flushed, the socket closed.
(define seen #f)
(define answer (all (with-open-socket (o #:remote-host "127.0.0.1" #:remote-port (local-port server)) (set! seen o) (values 1 2 3))))
(list answer (port-closed? seen))          ; expect: ((1 2 3) #t)
(define listener (passive))
(with-open-socket (o #:remote-host "127.0.0.1" #:remote-port (local-port listener)) (write-string "flushed" o) 'done) ; expect: done
(with-accept-connection (i listener #:timeout 5) (set! seen i) (read-string 100 i)) ; expect: "flushed"
(port-closed? seen)                        ; expect: #t
; Left by an exception or a continuation: output is dropped.
(failure (with-open-socket (o #:remote-host "127.0.0.1" #:remote-port (local-port listener)) (set! seen o) (write-string "dropped" o) (car 5))) ; expect: wrong-type-arg
(port-closed? seen)                        ; expect: #t
(with-accept-connection (i listener) (eof-object? (read-char i))) ; expect: #t
(call/cc (lambda (k) (with-open-socket (o) (set! seen o) (k 'out)))) ; expect: out
(port-closed? seen)                        ; expect: #t
(with-timeout 0.02 (lambda () (with-open-socket (o) (set! seen o) (sleep 5))) (lambda () (port-closed? seen))) ; expect: #t
; The body may close the socket.
(with-open-socket (o) (close-port o) 'closed) ; expect: closed
; An exception that a guard does not take goes on as it is.
(guard (e ((symbol? e) (list e (port-closed? seen)))) (guard (e ((string? e) 'wrong)) (with-open-socket (o) (set! seen o) (raise 'mine)))) ; expect: (mine #t)
; Nothing to close when the making fails.
(failure (with-open-socket (o #:remote-host "127.0.0.1" #:remote-port unused) 'unreached)) ; expect: socket-connection-refused-error
(failure (with-open-socket (o #:nonsense 1) 'unreached)) ; expect: keyword-argument-error
; Nobody came.
(with-accept-connection (i listener #:wait #f) i) ; expect: #f
; The same as procedures.
(call-with-open-socket (lambda (o) (socket-type o)) #:type 'datagram) ; expect: datagram
(call-with-accept-connection (lambda (i) i) listener #:wait 0.01) ; expect: #f

; Entered again after it was left: an exception where one enters, and no part of the body runs.
(define entry #f)
(define runs 0)
(define phase 'first)
(define outcome
  (let ((value (with-open-socket (o) (call/cc (lambda (k) (set! entry k))) (set! runs (+ runs 1)) 'left)))
    (if (eq? phase 'first)
        (begin
          (set! phase 'second)
          (guard (e ((extent-reentry-error? e) (list 'refused (programming-error? e) (socket-error? e)))) (entry 'again)))
        value)))
outcome                                    ; expect: (refused #t #f)
runs                                       ; expect: 1
; A generator that leaves and comes back meets the same.
(define gen-socket #f)
(define gen (call/cc (lambda (return) (with-open-socket (o) (set! gen-socket o) (call/cc (lambda (k) (return k))) 'inside))))
(guard (e (#t (extent-reentry-error? e))) (if (procedure? gen) (gen 1) gen)) ; expect: #t
(define tag (make-prompt-tag 'extent))
(define rest (call-with-prompt tag (lambda () (with-open-socket (o) (abort-to-prompt tag) 'resumed)) (lambda (k) k)))
(failure (rest))                           ; expect: %exception
; A fiber that waits inside has not left.
(define worker (spawn-fiber (lambda () (with-accept-connection (i listener) (let ((line (read-line i))) (list line (socket-open? i)))))))
(yield-fiber)
(define slow (client listener))
(yield-fiber)
(write-string "slow\n" slow)
(force-output slow)
(fiber-join worker)                        ; expect: ("slow" #t)
; One that is cancelled has.
(define cancelled (spawn-fiber (lambda () (with-open-socket (o) (set! seen o) (sleep 100)))))
(yield-fiber)
(port-closed? seen)                        ; expect: #f
(cancel-fiber cancelled)
(yield-fiber)
(sleep 0.01)
(port-closed? seen)                        ; expect: #t
; So has one that an exception ends.
(define failed (spawn-fiber (lambda () (with-open-socket (o) (set! seen o) (raise 'mine)))))
(guard (e (#t (list e (port-closed? seen)))) (fiber-join failed)) ; expect: (mine #t)
; And a fiber may find the extent of another shut.
(define door #f)
(with-open-socket (o) (call/cc (lambda (k) (set! door k))) 'first) ; expect: first
(fiber-join (spawn-fiber (lambda () (guard (e ((extent-reentry-error? e) 'refused)) (door 1))))) ; expect: refused
