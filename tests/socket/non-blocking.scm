; Non-blocking sockets: accept gives #f, recv! raises EAGAIN, select tells who is ready.
(define (errno-of thunk) (catch 'system-error (lambda () (thunk) 'no-error) (lambda args (system-error-errno args))))
(define server (socket PF_INET SOCK_STREAM 0))
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 5)
(fcntl server F_SETFL (logior O_NONBLOCK (fcntl server F_GETFL))) ; expect: 0
(accept server)                            ; expect: #f
(select (list server) '() '() 0)           ; expect: (() () ())
(define client (socket PF_INET SOCK_STREAM 0))
(connect client AF_INET INADDR_LOOPBACK (sockaddr:port (getsockname server))) ; expect: #t
(eq? server (caar (select (list server) '() '() 1))) ; expect: #t
(define peer (car (accept server)))
(accept server)                            ; expect: #f
(select (list peer) '() '() 0)             ; expect: (() () ())
(eq? peer (car (cadr (select '() (list peer) '() 0)))) ; expect: #t
(= EAGAIN (errno-of (lambda () (recv! peer (make-bytevector 5) MSG_DONTWAIT)))) ; expect: #t
(display "x" client)
(length (car (select (list peer) '() '() 1))) ; expect: 1
(recv! peer (make-bytevector 5) MSG_DONTWAIT) ; expect: 1
(fcntl peer F_SETFL (logior O_NONBLOCK (fcntl peer F_GETFL))) ; expect: 0
(= EAGAIN (errno-of (lambda () (recv! peer (make-bytevector 5))))) ; expect: #t
(let ((chunk (make-bytevector 65536 1)))
  (= EAGAIN (errno-of (lambda () (let loop () (send peer chunk) (loop)))))) ; expect: #t
(select '() (list peer) '() 0)             ; expect: (() () ())
(close-port client)
(close-port peer)
(close-port server)                        ; expect: #t
