; send-to, receive-from, descriptors, pairs, shutdown and disconnect of (iolib sockets).
(import (iolib sockets))
(define-syntax failure
  (syntax-rules ()
    ((_ e) (guard (x ((socket-error? x) (socket-error-type x)) ((exception? x) (exception-kind x)) (#t (list 'raised x))) e 'none))))
(define-syntax all (syntax-rules () ((_ e) (call-with-values (lambda () e) list))))
(define u (make-socket #:type 'datagram #:local-host "127.0.0.1"))
(define v (make-socket #:type 'datagram #:local-host "127.0.0.1"))

; Ranges, destinations, vectors.
(send-to u #u8(1 2 3 4 5) #:start 1 #:end 4 #:remote-host "127.0.0.1" #:remote-port (local-port v)) ; expect: 3
(define got (all (receive-from v #:size 5)))
(list (car got) (cadr got) (address-to-string (caddr got)) (= (cadddr got) (local-port u))) ; expect: (#u8(2 3 4 0 0) 3 "127.0.0.1" #t)
(send-to u #(9 8 7) #:remote-host +ipv4-loopback+ #:remote-port (local-port v)) ; expect: 3
(define buffer (make-vector 6 'x))
(define got (all (receive-from v #:buffer buffer #:start 2 #:end 4)))
(list (eq? (car got) buffer) buffer (cadr got)) ; expect: (#t #(x x 9 8 x x) 2)
(define bytes (make-bytevector 4 0))
(send-to u #u8(1 2) #:remote-host 2130706433 #:remote-port (number->string (local-port v))) ; expect: 2
(eq? bytes (receive-from v #:buffer bytes #:size 1)) ; expect: #t
bytes                                      ; expect: #u8(1 2 0 0)
(send-to u #u8() #:remote-host #(127 0 0 1) #:remote-port (local-port v)) ; expect: 0
(list-head (all (receive-from v #:size 3)) 2) ; expect: (#u8(0 0 0) 0)

; What is refused.
(failure (send-to u "text" #:remote-host "127.0.0.1")) ; expect: wrong-type-arg
(failure (send-to u #(256) #:remote-host "127.0.0.1")) ; expect: wrong-type-arg
(failure (send-to u #u8(1) #:start 2))     ; expect: out-of-range
(failure (send-to u #u8(1) #:start 1 #:end 0)) ; expect: out-of-range
(failure (send-to u #u8(1) #:end 2))       ; expect: out-of-range
(failure (send-to u #u8(1) #:start -1))    ; expect: out-of-range
(failure (send-to u #u8(1) #:remote-filename "x")) ; expect: keyword-argument-error
(failure (send-to u #u8(1) #:peek #t))     ; expect: keyword-argument-error
(failure (send-to u #u8(1) #:flags 'peek)) ; expect: wrong-type-arg
(failure (send-to u #u8(1) #:remote-host "::1" #:remote-port 9)) ; expect: wrong-type-arg
(define no-destination (guard (e (#t e)) (send-to u #u8(1))))
(list (socket-error-type no-destination) (error-identifier no-destination) (socket-error-phase no-destination)) ; expect: (socket-error EDESTADDRREQ io)
(failure (receive-from u))                 ; expect: wrong-type-arg
(failure (receive-from u #:buffer "text")) ; expect: wrong-type-arg
(failure (receive-from u #:buffer (make-bytevector 3) #:start 4)) ; expect: out-of-range
(failure (receive-from u #:size -1))       ; expect: out-of-range
(failure (receive-from u #:size 1 #:dont-route #t)) ; expect: keyword-argument-error
(failure (receive-from u #:size 1 #:more #t)) ; expect: keyword-argument-error
(failure (receive-from 'u #:size 1))       ; expect: wrong-type-arg
(failure (send-to u (make-bytevector 70000) #:remote-host "127.0.0.1" #:remote-port (local-port v))) ; expect: socket-message-too-large-error

; Flags; #f switches them off, and a number replaces them.
(failure (receive-from v #:size 1 #:dont-wait #t)) ; expect: socket-would-block-error
(send-to u #u8(1 2 3) #:remote-host "127.0.0.1" #:remote-port (local-port v) #:dont-wait #t #:confirm #t #:dont-route #t) ; expect: 3
(cadr (all (receive-from v #:size 9 #:peek #t))) ; expect: 3
(cadr (all (receive-from v #:size 9 #:flags MSG_PEEK #:dont-wait #t))) ; expect: 3
(cadr (all (receive-from v #:size 9 #:peek #f #:dont-wait #f))) ; expect: 3
(failure (receive-from v #:size 1 #:flags MSG_DONTWAIT)) ; expect: socket-would-block-error
(list (socket-error-operation (guard (e (#t e)) (receive-from v #:size 1 #:dont-wait #t)))) ; expect: (recvfrom)

; Connecting a datagram socket, and taking that back.
(eq? u (connect u "127.0.0.1" #:port (local-port v))) ; expect: #t
(send-to u #u8(7))                         ; expect: 1
(bytevector-u8-ref (receive-from v #:size 1) 0) ; expect: 7
(eq? u (disconnect u))                     ; expect: #t
(socket-connected? u)                      ; expect: #f
(failure (send-to u #u8(7)))               ; expect: socket-error

; Streams: send-to and receive-from go past the port's buffer.
(define-values (a b) (make-socket-pair))
(map (lambda (p) (p a)) (list socket-type socket-address-family active-socket? socket-connected? socket-bound?)) ; expect: (stream local #t #t #f)
(send-to a #u8(104 105 10))                ; expect: 3
(read-line b)                              ; expect: "hi"
(write-string "abc" a)
(force-output a)
(list-head (all (receive-from b #:size 2)) 2) ; expect: (#u8(97 98) 2)
(length (all (receive-from b #:size 2)))   ; expect: 2
(failure (disconnect a))                   ; expect: wrong-type-arg
(failure (send-to a #u8(1) #:remote-host "127.0.0.1")) ; expect: keyword-argument-error
(import (fibers))
(define late (spawn-fiber (lambda () (sleep 0.02) (send-to a #u8(1 2)) (sleep 0.02) (send-to a #u8(3 4)))))
(list-head (all (receive-from b #:size 4 #:wait-all #t)) 2) ; expect: (#u8(1 2 3 4) 4)

; shutdown flushes what is to be written.
(write-string "last words" a)
(eq? a (shutdown a #:write #t))            ; expect: #t
(read-string 100 b)                        ; expect: "last words"
(eof-object? (read-char b))                ; expect: #t
(cadr (all (receive-from b #:size 5)))     ; expect: 0
(failure (send-to a #u8(1)))               ; expect: socket-hangup-error
(shutdown b #:read #t #:write #t)
(failure (shutdown a))                     ; expect: wrong-type-arg
(failure (shutdown a #:read #f))           ; expect: wrong-type-arg
(failure (shutdown (make-socket) #:read #t)) ; expect: socket-not-connected-error
(close-port a)
(close-port b)

; Datagram pairs.
(define-values (c d) (make-socket-pair #:type 'datagram))
(send-to c #u8(5 6))                       ; expect: 2
(all (receive-from d #:size 2))            ; expect: (#u8(5 6) 2 #f)
(failure (make-socket-pair #:type 'raw))   ; expect: wrong-type-arg
(failure (make-socket-pair #:type 'stream #:backlog 1)) ; expect: keyword-argument-error

; Local datagrams name their sender.
(define path (string-append "/tmp/sockeye-iolib-data-" (number->string (getpid))))
(define named (make-socket #:address-family 'local #:type 'datagram #:local-filename path))
(define back (make-socket #:address-family 'local #:type 'datagram #:local-filename (string-append path "-2")))
(send-to back #u8(1) #:remote-filename path) ; expect: 1
(define got (all (receive-from named #:size 4)))
(list (cadr got) (string=? (address-to-string (caddr got)) (string-append path "-2"))) ; expect: (1 #t)
(failure (send-to back #u8(1) #:remote-host "127.0.0.1")) ; expect: keyword-argument-error
(define no-destination (guard (e (#t e)) (send-to back #u8(1))))
(error-identifier no-destination)          ; expect: EDESTADDRREQ
(for-each delete-file (list path (string-append path "-2")))

; Names of the abstract namespace.
(define name (ensure-address (string-append "sockeye-" (number->string (getpid))) #:family 'local #:abstract #t))
(abstract-address? name)                   ; expect: #t
(define hidden (make-socket #:address-family 'local #:connect 'passive))
(eq? hidden (bind-address hidden name))    ; expect: #t
(listen-on hidden)
(address= name (local-filename hidden))    ; expect: #t
(string=? (address-to-string (local-filename hidden)) (string-append "@" (address-name name))) ; expect: #t
(define visitor (connect (make-socket #:address-family 'local) name))
(socket? (accept-connection hidden))       ; expect: #t
(address= (remote-filename visitor) name)  ; expect: #t

; Descriptors travel with one octet; what is before and after stays.
(define-values (s r) (make-socket-pair))
(define-values (inside outside) (make-socket-pair))
(send-to s #u8(1 2))
(all (send-file-descriptor s (socket-os-fd inside))) ; expect: ()
(send-to s #u8(3))
(car (all (receive-from r #:size 2)))                  ; expect: #u8(1 2)
(define fd (receive-file-descriptor r))
(exact-integer? fd)                        ; expect: #t
(car (all (receive-from r #:size 1)))                  ; expect: #u8(3)
(logand (fcntl fd F_GETFD) FD_CLOEXEC)     ; expect: 1
(define same (make-socket-from-fd fd #:dup #f))
(send-to same #u8(42))
(car (all (receive-from outside #:size 1)))            ; expect: #u8(42)
(send-file-descriptor s inside)
(define fd (receive-file-descriptor r))
(exact-integer? fd)                        ; expect: #t
(close-fdes fd)
(failure (send-file-descriptor s "inside")) ; expect: wrong-type-arg
(failure (send-file-descriptor u 0))       ; expect: wrong-type-arg
(failure (receive-file-descriptor u))      ; expect: wrong-type-arg
(close-port s)
(receive-file-descriptor r)                ; expect: #f

; Sockets from descriptors.
(define original (make-socket #:type 'datagram #:local-host "127.0.0.1"))
(define copy (make-socket-from-fd (socket-os-fd original)))
(list (= (socket-os-fd copy) (socket-os-fd original)) (socket-type copy) (socket-address-family copy) (= (local-port copy) (local-port original)) (socket-protocol copy)) ; expect: (#f datagram ipv4 #t default)
(close-port copy)
(socket-open? original)                    ; expect: #t
(local-port original)
(define listening (make-socket #:connect 'passive #:local-host "127.0.0.1"))
(passive-socket? (make-socket-from-fd (socket-os-fd listening))) ; expect: #t
(passive-socket? (make-socket-from-fd (socket-os-fd (make-socket)) #:connect 'passive)) ; expect: #t
(define (identifier thunk) (error-identifier (guard (e (#t e)) (thunk))))
(identifier (lambda () (make-socket-from-fd 9999))) ; expect: EBADF
(identifier (lambda () (make-socket-from-fd (fileno (open-input-file "/dev/null"))))) ; expect: ENOTSOCK
(failure (make-socket-from-fd original))   ; expect: wrong-type-arg
(failure (make-socket-from-fd 0 #:connect 'sideways)) ; expect: wrong-type-arg
(define-values (x y) (make-socket-pair))
(define adopted (make-socket-from-fd (dup->fdes (socket-os-fd x)) #:dup #f #:external-format 'latin1))
(write-string "é" adopted)
(force-output adopted)
(car (all (receive-from y #:size 4)))                  ; expect: #u8(233 0 0 0)
