; A socket is one thing, whoever has made it: each family's operators work on those of the others, and on the native ones.
(import (prefix (iolib sockets) io:) (prefix (allegro socket) al:) (prefix (lispworks comm) lw:))
(define-syntax-rule (all e) (call-with-values (lambda () e) list))

; What a native socket is depends on what has become of it since.
(define native (socket AF_INET SOCK_STREAM 0))
(list (io:active-socket? native) (io:passive-socket? native) (al:socket-connect native)) ; expect: (#t #f active)
(bind native AF_INET INADDR_LOOPBACK 0)
(listen native 5)
(list (io:active-socket? native) (io:passive-socket? native) (al:socket-connect native)) ; expect: (#f #t passive)
(list (al:socket-class native) (io:socket-listening? native) (io:socket-type native)) ; expect: (socket-stream-internet-passive #t stream)
(define made (io:make-socket))
(listen made 1)
(list (io:passive-socket? made) (io:socket-listening? made)) ; expect: (#t #t)
(al:socket-connect (io:listen-on (io:bind-address (io:make-socket) "127.0.0.1"))) ; expect: passive

; A handle of LispWorks', accepted by Allegro's operator, read by IOLib's.
(define handle (lw:connect-to-tcp-server "127.0.0.1" (al:local-port native) #:errorp #t))
(define peer (al:accept-connection native))
(io:send-to handle #vu8(65 66))            ; expect: 2
(all (io:receive-from peer #:size 3))      ; expect: (#vu8(65 66 0) 2)
(= (io:remote-port handle) (al:remote-port handle) (cadr (all (lw:get-socket-peer-address handle))) (io:local-port native)) ; expect: #t
(list (al:remote-host handle) (io:address-to-string (io:remote-host handle)) (car (all (lw:get-socket-peer-address handle)))) ; expect: (2130706433 "127.0.0.1" 2130706433)
(list (= (io:socket-os-fd handle) (al:socket-os-fd handle) (lw:socket-handle-fd handle) (fileno handle)) (al:socket-format handle)) ; expect: (#t multivalent)
(define state (let ((c (lw:make-wait-state-collection))) (lw:create-async-io-state c peer)))
(define got #f)
(lw:async-io-state-read-buffer state (make-bytevector 1) (lambda (state buffer n) (set! got (bytevector-u8-ref buffer 0))))
(send handle #vu8(67))
(let ((c (lw:async-io-state-collection state)))
  (let loop () (if (not got) (begin (lw:wait-for-wait-state-collection c) (lw:call-wait-state-collection c) (loop)))))
got                                        ; expect: 67
(al:shutdown handle #:direction 'output)
(lw:close-async-io-state state)            ; expect: 0
(map (lambda (closed) (closed peer)) (list io:socket-os-fd al:socket-os-fd lw:socket-handle-fd)) ; expect: (#f #f #f)

; A name of the abstract namespace.
(define name (io:ensure-address (string-append "sockeye-abstract-" (number->string (getpid))) #:family 'local #:abstract #t))
(define hidden (io:make-socket #:address-family 'local #:connect 'passive #:local-filename name))
(io:address= (io:local-filename hidden) name) ; expect: #t
(define seeker (io:connect (io:make-socket #:address-family 'local) name))
(define found (al:accept-connection hidden))
(io:address= (io:remote-filename seeker) name) ; expect: #t
(file-exists? (io:address-name name))      ; expect: #f

; Conditions are of one tree, under the same names.
(map eq? (list io:socket-error? al:socket-error? io:&socket-hangup-error) (list al:socket-error? lw:socket-error? lw:&socket-hangup-error)) ; expect: (#t #t #t)
