; Datagrams, shutdown, chunking, limits and look-ups of (allegro socket).
(import (allegro socket) (fibers))
(define-syntax failure
  (syntax-rules ()
    ((_ e) (guard (x ((socket-error? x) (socket-error-type x)) ((address-parse-error? x) 'parse) ((exception? x) (exception-kind x)) (#t (list 'raised x))) e 'none))))
(define-syntax all (syntax-rules () ((_ e) (call-with-values (lambda () e) list))))
(define u (make-socket #:type 'datagram #:local-host "127.0.0.1"))
(define v (make-socket #:type 'datagram #:local-host "127.0.0.1" #:remote-host "127.0.0.1" #:remote-port (local-port u)))

; send-to: a size, a string as UTF-8, defaults each on its own.
(send-to v "hello" 4)                      ; expect: 4
(define got (all (receive-from u 10)))
(list (car got) (cadr got) (caddr got) (= (cadddr got) (local-port v))) ; expect: (#u8(104 101 108 108 0 0 0 0 0 0) 4 2130706433 #t)
(send-to v "hé" 3)                         ; expect: 3
(car (all (receive-from u 10 #:extract #t))) ; expect: #u8(104 195 169)
(send-to v #u8(1 2 3) 2)                   ; expect: 2
(define buffer (make-bytevector 4 9))
(define got (all (receive-from u 3 #:buffer buffer)))
(list (eq? buffer (car got)) buffer (cadr got)) ; expect: (#t #u8(1 2 9 9) 2)
(define w (make-socket #:type 'datagram #:remote-host "127.0.0.1"))
(failure (send-to w "x" 1))                ; expect: socket-error
(send-to w "x" 1 #:remote-port (local-port u)) ; expect: 1
(cadr (all (receive-from u 1)))            ; expect: 1
(send-to u "y" 1 #:remote-host 2130706433 #:remote-port (local-port v)) ; expect: 1
(car (all (receive-from v 1)))             ; expect: #u8(121)
(send-to v #u8() 0)                        ; expect: 0
(list-head (all (receive-from u 5)) 2)     ; expect: (#u8(0 0 0 0 0) 0)
; What does not fit is lost.
(send-to v "abcdef" 6)                     ; expect: 6
(send-to v "next" 4)                       ; expect: 4
(car (all (receive-from u 2 #:extract #t))) ; expect: #u8(97 98)
(car (all (receive-from u 9 #:extract #t))) ; expect: #u8(110 101 120 116)
(define text (make-string 6 #\-))
(send-to v "λx" 3)
(define got (all (receive-from u 6 #:buffer text)))
(list (eq? text (car got)) text (cadr got)) ; expect: (#t "λx----" 3)
(define no-destination (guard (e (#t e)) (send-to u "x" 1)))
(list (socket-error-identifier no-destination) (= (socket-error-code no-destination) EDESTADDRREQ) (stream-error-identifier no-destination)) ; expect: (EDESTADDRREQ #t unknown)
(failure (send-to v "hello" 6))            ; expect: out-of-range
(failure (send-to v "hello" -1))           ; expect: out-of-range
(failure (send-to v 'hello 1))             ; expect: wrong-type-arg
(failure (send-to v "hello" 5 #:remote-filename "x")) ; expect: keyword-argument-error
(failure (send-to v "hello"))              ; expect: wrong-number-of-args
(failure (receive-from u -1))              ; expect: out-of-range
(failure (receive-from u 10 #:buffer (make-bytevector 9))) ; expect: wrong-type-arg
(failure (receive-from u 10 #:buffer (make-vector 10))) ; expect: wrong-type-arg
(failure (receive-from u 10 #:size 3))     ; expect: keyword-argument-error
; Anyone may send, as nothing is connected.
(define stranger (make-socket #:type 'datagram))
(send-to stranger "s" 1 #:remote-host "127.0.0.1" #:remote-port (local-port v)) ; expect: 1
(car (all (receive-from v 1)))             ; expect: #u8(115)

; Files.
(define path (string-append "/tmp/sockeye-allegro-data-" (number->string (getpid))))
(define fd (make-socket #:address-family 'file #:type 'datagram #:local-filename path))
(define fe (make-socket #:address-family 'file #:type 'datagram #:remote-filename path))
(send-to fe "file" 4)                      ; expect: 4
(all (receive-from fd 4))                  ; expect: (#u8(102 105 108 101) 4 "")
(define named (make-socket #:address-family 'file #:type 'datagram #:local-filename (string-append path "-2")))
(send-to named "f" 1 #:remote-filename path) ; expect: 1
(string=? (caddr (all (receive-from fd 4))) (string-append path "-2")) ; expect: #t
(failure (send-to named "f" 1))            ; expect: socket-error
(failure (send-to named "f" 1 #:remote-host "127.0.0.1")) ; expect: keyword-argument-error
(for-each delete-file (list path (string-append path "-2")))

; Streams have none of it.
(define server (make-socket #:connect 'passive #:local-host "127.0.0.1"))
(define (pair) (let* ((c (make-socket #:remote-host "127.0.0.1" #:remote-port (local-port server))) (s (accept-connection server))) (values c s)))
(define-values (client peer) (pair))
(failure (receive-from client 1))          ; expect: wrong-type-arg
(failure (receive-from server 1))          ; expect: wrong-type-arg
(failure (send-to client "x" 1))           ; expect: wrong-type-arg

; shutdown flushes nothing, and closes after both directions.
(write-string "not sent" client)
(failure (shutdown client))                ; expect: wrong-type-arg
(failure (shutdown client #:direction 'both)) ; expect: wrong-type-arg
(failure (shutdown client #:direction 'output #:abort #t)) ; expect: keyword-argument-error
(shutdown client #:direction 'output)
(eof-object? (read-char peer))             ; expect: #t
(exact-integer? (socket-os-fd client))     ; expect: #t
(write-string "still\n" peer)
(force-output peer)
(read-line client)                         ; expect: "still"
(shutdown client #:direction #:input)
(list (socket-os-fd client) (port-closed? client)) ; expect: (#f #t)
(close-port client)
(close-port peer)
(eq? shutdown (@ (guile) shutdown))        ; expect: #f

; Chunks out: each flush is one.
(define-values (client peer) (pair))
(socket-control client #:output-chunking #t)
(write-string "hello" client)
(force-output client)
(write-string "abcdefghijklmnopqrstuvwxyz" client)
(force-output client)
(force-output client)
(socket-control client #:output-chunking-eof #t)
(write-string "\r\nplain" client)
(close-port client)
(read-string 200 peer)                     ; expect: "5\r\nhello\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\nplain"
(define-values (client peer) (pair))
(socket-control client #:output-chunking #t)
(write-string "λ" client)
(socket-control client #:output-chunking #f)
(write-string "!" client)
(close-port client)
(read-string 200 peer)                     ; expect: "2\r\nλ\r\n!"
; Chunks in: headers come before, a trailer after; the last chunk is the end until told otherwise.
(define-values (client peer) (pair))
(write-string "header\r\n\r\n5\r\nhello\r\n7;ext=1\r\n, world\r\n0\r\nX: trailer\r\n\r\n3\r\nabc\r\n0\r\n\r\nplain" client)
(close-port client)
(list (read-line peer) (read-line peer))   ; expect: ("header\r" "\r")
(socket-control peer #:input-chunking #t)
(read-string 3 peer)                       ; expect: "hel"
(read-string 100 peer)                     ; expect: "lo, world"
(list (eof-object? (read-char peer)) (eof-object? (read-char peer))) ; expect: (#t #t)
(socket-control peer #:input-chunking #f)
(list (read-line peer) (read-line peer))   ; expect: ("X: trailer\r" "\r")
(socket-control peer #:input-chunking #t)
(read-string 100 peer)                     ; expect: "abc"
(socket-control peer #:input-chunking #f)
(read-string 100 peer)                     ; expect: "\r\nplain"
; Both at once, through our own coding; nothing given changes nothing.
(define-values (client peer) (pair))
(socket-control client #:output-chunking #t #:input-chunking #t)
(socket-control peer #:output-chunking #t #:input-chunking #t)
(socket-control peer)
(define (say from to text) (write-string text from) (force-output from) (read-string (string-length text) to))
(list (say client peer "there") (say peer client "and back")) ; expect: ("there" "and back")
(define big (make-string 200000 #\b))
(define writer (spawn-fiber (lambda () (write-string big client) (socket-control client #:output-chunking-eof #t))))
(define read-back (let loop ((n 0)) (let ((text (read-string 5000 peer))) (if (eof-object? text) n (loop (+ n (string-length text)))))))
read-back                                  ; expect: 200000
(failure (socket-control server #:input-chunking #t)) ; expect: wrong-type-arg
(failure (socket-control u #:input-chunking #t)) ; expect: wrong-type-arg
(failure (socket-control client #:chunking #t)) ; expect: keyword-argument-error
(define-values (client peer) (pair))
(write-string "no chunk\r\n" client)
(force-output client)
(socket-control peer #:input-chunking #t)
(failure (read-char peer))                 ; expect: socket-error

; Limits.
(with-timeout (0.02 'first 'late) (accept-connection server)) ; expect: late
(with-timeout (0.02) (accept-connection server)) ; expect: #f
(all (with-timeout (5 'late) (values 1 2))) ; expect: (1 2)
(failure (with-timeout (-1 'late) 1))      ; expect: wrong-type-arg
(with-timeout (0.02 'outer) (with-timeout (5 'inner) (sleep 5))) ; expect: outer
(with-timeout (5 'outer) (with-timeout (0.02 'inner) (sleep 5))) ; expect: inner
; What is being connected is closed on the way out; what is connected stays open.
(define full (make-socket #:connect 'passive #:local-host "127.0.0.1" #:backlog 0))
(define (nth-free) (let ((s (socket AF_INET SOCK_STREAM 0))) (let ((n (fileno s))) (close-port s) n)))
(define fillers (let loop ((l '())) (let ((s (with-timeout (0.05 #f) (make-socket #:remote-host "127.0.0.1" #:remote-port (local-port full))))) (if s (loop (cons s l)) l))))
(define free (nth-free))
(with-pending-connect (with-timeout (0.05 'gave-up) (make-socket #:remote-host "127.0.0.1" #:remote-port (local-port full)))) ; expect: gave-up
(= free (nth-free))                        ; expect: #t
(define kept (with-pending-connect (make-socket #:remote-host "127.0.0.1" #:remote-port (local-port server))))
(port-closed? kept)                        ; expect: #f
(all (call-with-pending-connect (lambda () (values 1 2)))) ; expect: (1 2)
(with-pending-connect)                     ; expect: #f

; Addresses.
(map dotted-to-ipaddr (list "127.0.0.1" "127.1" "127.256" "2130706433" "0x7f.1")) ; expect: (2130706433 2130706433 2130706688 2130706433 2130706433)
(map (lambda (text) (dotted-to-ipaddr text #:errorp #f)) (list "localhost" "1.2.3.4.5" "256.1.1.1" "")) ; expect: (#f #f #f #f)
(failure (dotted-to-ipaddr "localhost"))   ; expect: parse
(address-parse-error-datum (guard (e (#t e)) (dotted-to-ipaddr "localhost"))) ; expect: "localhost"
(failure (dotted-to-ipaddr 5))             ; expect: wrong-type-arg
(define six (dotted-to-ipaddr "fe80::1%7"))
(list (ipv6-address-p six) (ipv6-address? six) (ipv6-address-scope-id six) (ipaddr-to-dotted six)) ; expect: (#t #t 7 "fe80::1%7")
(begin (set-ipv6-address-scope-id! six 0) (ipaddr-to-dotted six)) ; expect: "fe80::1"
(begin (set! (ipv6-address-scope-id six) 3) (ipv6-address-scope-id six)) ; expect: 3
(ipv6-address-scope-id (dotted-to-ipaddr "fe80::1%lo")) ; expect: 1
(list (ipaddr-to-dotted 0) (ipaddr-to-dotted 4294967295)) ; expect: ("0.0.0.0" "255.255.255.255")
(all (ipaddr-to-dotted 2130706433 #:values #t)) ; expect: (127 0 0 1)
(failure (ipaddr-to-dotted six #:values #t)) ; expect: wrong-type-arg
(failure (ipaddr-to-dotted 4294967296))    ; expect: out-of-range
(map ipaddrp (list 0 4294967295 4294967296 -1 six "127.0.0.1" #f)) ; expect: (#t #t #f #f #t #f #f)
(list (ipaddr-equalp 5 5) (ipaddr-equalp 5 6) (ipaddr-equalp 16909060 (dotted-to-ipaddr "::ffff:1.2.3.4")) (ipaddr-equalp (dotted-to-ipaddr "::1") (dotted-to-ipaddr "0::1"))) ; expect: (#t #f #f #t)

; Look-ups.
(lookup-hostname "127.1")                  ; expect: 2130706433
(lookup-hostname "localhost" #:ipv6 #f)    ; expect: 2130706433
(list? (lookup-hostname "localhost" #:all #t #:ignore-cache #t)) ; expect: #t
(ipv6-address? (lookup-hostname "::1"))    ; expect: #t
(failure (lookup-hostname "host.invalid")) ; expect: resolver-no-name-error
(failure (lookup-hostname 'localhost))     ; expect: wrong-type-arg
(list (lookup-port "http" "tcp") (lookup-port 'domain 'udp) (lookup-port 80 'tcp) (lookup-port "80" "udp")) ; expect: (80 53 80 80)
(define unlisted (guard (e (#t e)) (lookup-port "nosuchservice" "tcp")))
(list (unknown-service-error? unlisted) (lookup-error-datum unlisted) (stream-error-identifier unlisted)) ; expect: (#t "nosuchservice" unknown)
(failure (lookup-port "http" "sctp"))      ; expect: wrong-type-arg
(string? (ipaddr-to-hostname 2130706433 #:ignore-cache #t)) ; expect: #t
(failure (ipaddr-to-hostname "127.0.0.1")) ; expect: wrong-type-arg
(let ((first (assv 1 (get-ip-interfaces)))) (and first (string? (cdr first)))) ; expect: #t
(*ipv6*)                                   ; expect: #f
