; Accepting on what does not listen fails at once, also where other fibers run meanwhile.
(define other (spawn-fiber (lambda () (let loop () (yield-fiber) (loop)))))
(define (errno-of thunk)
  (catch 'system-error (lambda () (thunk) #f) (lambda args (system-error-errno args))))
(define datagram (socket AF_INET SOCK_DGRAM 0))
(define stream (socket AF_INET SOCK_STREAM 0))
(= EOPNOTSUPP (errno-of (lambda () (accept datagram))))       ; expect: #t
(= EINVAL (errno-of (lambda () (accept stream))))             ; expect: #t
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(= EINVAL (errno-of (lambda () (accept (car pair)))))         ; expect: #t
(define local (socket AF_UNIX SOCK_STREAM 0))
(= EINVAL (errno-of (lambda () (accept local))))              ; expect: #t
; And so do flags that there are not, while nobody waits to be accepted.
(define server (socket AF_INET SOCK_STREAM 0))
(listen server 1)
(= EINVAL (errno-of (lambda () (accept server 3))))           ; expect: #t
