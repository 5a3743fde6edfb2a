; LispWorks' start-up-server: a process in the background that serves one connection after the other.
(import (lispworks comm) (fibers))
(define-syntax-rule (raised expression) (guard (x (#t x)) expression))
(define (kind x) (if (exception? x) (exception-kind x) x))
(define (both thunk) (call-with-values thunk list))
(define said '())
(define (announce socket condition) (set! said (cons (list (and socket (sockaddr:port (getsockname socket))) condition) said)))
(define (shout handle) (let ((s (make-socket-stream #:socket handle))) (let loop () (let ((l (read-line s))) (if (not (eof-object? l)) (begin (write-string (string-upcase l) s) (newline s) (force-output s) (loop))))) (close-port s)))

(define started (both (lambda () (start-up-server #:function (lambda (h) (spawn-fiber (lambda () (shout h)))) #:service #f #:announce announce))))
(map server-process? started)                ; expect: (#t #f)
(define p (car started))
(define port (caar said))
(cdar said)                                  ; expect: (#f)
(string=? (server-process-name p) (string-append (number->string port) " server")) ; expect: #t
(define (ask . lines)
  (let ((s (open-tcp-stream "127.0.0.1" port #:errorp #t)))
    (let ((answers (map (lambda (l) (write-string l s) (newline s) (force-output s) (read-line s)) lines)))
      (close-port s)
      answers)))
(ask "one" "two")                            ; expect: ("ONE" "TWO")
; Many at once, since the function hands over to fibers.
(run-fibers (lambda () (map fiber-join (map (lambda (i) (spawn-fiber (lambda () (ask (number->string i) "x")))) '(1 2 3))))) ; expect: (("1" "X") ("2" "X") ("3" "X"))
(define open (open-tcp-stream "127.0.0.1" port))
(write-string "before\n" open)
(force-output open)
(read-line open)                             ; expect: "BEFORE"
(server-terminate p)
(server-terminate p)
(car said)                                   ; expect: (#f #f)
(length said)                                ; expect: 2
(socket-connection-refused-error? (cadr (both (lambda () (connect-to-tcp-server "127.0.0.1" port))))) ; expect: #t
; Connections that were handed over live on.
(write-string "after\n" open)
(force-output open)
(read-line open)                             ; expect: "AFTER"
(close-port open)

; The next is accepted when the function has returned.
(define order '())
(define (note x) (set! order (cons x order)))
(define p (start-up-server #:function (lambda (s) (note 'in) (note (read-line s)) (close-port s) (note 'out)) #:create-stream #t #:service 0 #:announce announce #:process-name "slow"))
(define port (caar said))
(server-process-name p)                      ; expect: "slow"
(define a (open-tcp-stream "127.0.0.1" port))
(define b (open-tcp-stream "127.0.0.1" port))
(write-string "b\n" b) (force-output b)
(usleep 20000)
order                                        ; expect: (in)
(write-string "a\n" a) (force-output a)
(eof-object? (read-line b))                  ; expect: #t
(reverse order)                              ; expect: (in "a" out in "b" out)
(close-port a) (close-port b)
(server-terminate p)

; What the function raises is reported, and the server goes on.
(define errors (open-output-string))
(define p (parameterize ((current-error-port errors)) (start-up-server #:function (lambda (h) (close-port h) (error "cannot serve" 42)) #:local-port #f #:announce announce #:process-name "clumsy")))
(define port (caar said))
(define (visit) (let ((s (open-tcp-stream "127.0.0.1" port))) (let ((x (read-line s))) (close-port s) x)))
(map eof-object? (list (visit) (visit)))     ; expect: (#t #t)
(usleep 10000)
(get-output-string errors)                   ; expect: "in clumsy: cannot serve 42\nin clumsy: cannot serve 42\n"
(server-terminate p)

; Announcing as text.
(define text (open-output-string))
(define p (start-up-server #:function shout #:service #f #:announce text #:process-name "told"))
(string-prefix? "told started on port " (get-output-string text)) ; expect: #t
(server-terminate p)
(define p #f)
(string-prefix? "loud" (with-output-to-string (lambda () (set! p (start-up-server-and-mp #:function shout #:service #f #:announce #t #:process-name "loud"))))) ; expect: #t
(server-terminate p)

; Options of the sockets.
(define seen #f)
(define p (start-up-server #:function (lambda (h) (set! seen (list (getsockopt h IPPROTO_TCP TCP_NODELAY) (getsockopt h SOL_SOCKET SO_KEEPALIVE))) (close-port h))
                           #:service #f #:nodelay #f #:keepalive #t #:reuseport #t #:backlog #f #:address "127.0.0.1" #:wait #t
                           #:announce (lambda (s c) (if s (set! said (list (list (sockaddr:port (getsockname s)) (getsockname s) (getsockopt s SOL_SOCKET SO_REUSEPORT) (getsockopt s SOL_SOCKET SO_REUSEADDR))))))))
(cddar said)                                 ; expect: (1 1)
(sockaddr:addr (cadar said))                 ; expect: 2130706433
(define port (caar said))
(visit)
seen                                         ; expect: (0 1)

; One that cannot start: #f and the condition, which is also announced; or it is raised.
(define failed (both (lambda () (parameterize ((*use-so-reuseaddr* #f)) (start-up-server #:function shout #:service port #:announce announce)))))
(car failed)                                 ; expect: #f
(list (socket-address-in-use-error? (cadr failed)) (socket-create-error? (cadr failed))) ; expect: (#t #t)
(eq? (cadr failed) (cadar said))             ; expect: #t
(caar said)                                  ; expect: #f
(socket-address-in-use-error? (raised (start-up-server #:function shout #:service port #:error #t))) ; expect: #t
(server-terminate p)
(unknown-service-error? (cadr (both (lambda () (start-up-server #:function shout #:service "no-such-service"))))) ; expect: #t
(unknown-service-error? (cadr (both (lambda () (start-up-server #:function shout))))) ; expect: #t
(map (lambda (thunk) (kind (raised (thunk))))
     (list (lambda () (start-up-server)) (lambda () (start-up-server #:service #f)) (lambda () (start-up-server #:function shout #:service 70000))
           (lambda () (start-up-server #:function shout #:backlog 0)) (lambda () (start-up-server #:function shout #:announce 5))
           (lambda () (start-up-server #:function shout #:ipv6 'some)) (lambda () (start-up-server #:function shout #:process-name 5))
           (lambda () (server-terminate 5)) (lambda () (server-process-name 5)) (lambda () (start-up-server #:function shout #:colour 5)))) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg keyword-argument-error)
