; with-timeout ends every call that waits, and closes nothing; so does cancelling; so, for those that have one, does closing.
(import (fibers) (fibers channels) (fibers conditions) (fibers operations) (fibers timers) (ice-9 threads) (ice-9 rdelim)
        (sockeye net poller))
(define-syntax late?
  (syntax-rules () ((_ form) (with-timeout 0.003 (lambda () form 'answered) (lambda () 'late)))))
(define (full-pair)
  ; A pair of which the first can take no more.
  (let ((p (socketpair AF_UNIX SOCK_STREAM 0)) (b (make-bytevector 65536)))
    (fcntl (car p) F_SETFL (logior O_NONBLOCK (fcntl (car p) F_GETFL)))
    (let loop () (if (catch 'system-error (lambda () (send (car p) b)) (lambda args #f)) (loop)))
    (fcntl (car p) F_SETFL (logxor O_NONBLOCK (fcntl (car p) F_GETFL)))
    p))
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define d (socketpair AF_UNIX SOCK_DGRAM 0))
(define f (full-pair))
(define b (make-bytevector 100000))
(define ends (pipe))
(define l (socket AF_INET SOCK_STREAM 0))
(bind l AF_INET INADDR_LOOPBACK 0)
(listen l 1)
(define m (make-mutex))
(define holder (begin-thread (lock-mutex m) (sleep 1000)))
(define c (make-condition-variable))
(define own (make-mutex))
(define sleeper (spawn-fiber (lambda () (sleep 1000))))
(define child (primitive-fork))
(if (= child 0) (begin (sleep 100) (primitive-_exit 0)))
(yield-fiber)

(late? (recv! (car p) b))                    ; expect: late
(late? (recvfrom! (car d) b))                ; expect: late
(late? (recvmsg (car p) b))                  ; expect: late
(late? (send (car f) b))                     ; expect: late
(late? (sendmsg (car f) b))                  ; expect: late
(late? (accept l))                           ; expect: late
(late? (read-char (car p)))                  ; expect: late
(late? (peek-char (car p)))                  ; expect: late
(late? (read-line (car p)))                  ; expect: late
(late? (read (car p)))                       ; expect: late
(late? (read-u8 (car p)))                    ; expect: late
(late? (read-bytevector 3 (car p)))          ; expect: late
(late? (read-string 3 (car p)))              ; expect: late
(late? (display (make-string 100000 #\x) (car f))) ; expect: late
(late? (write-bytevector b (car f)))         ; expect: late
(late? (read-line (car ends)))               ; expect: late
(late? (let loop () (write-bytevector b (cdr ends)) (force-output (cdr ends)) (loop))) ; expect: late
(late? (select (list (car p)) '() '()))      ; expect: late
(late? (select '() '() '()))                 ; expect: late
(late? (sleep 100))                          ; expect: late
(late? (usleep 100000000))                   ; expect: late
(late? (waitpid child))                      ; expect: late
(late? (lock-mutex m))                       ; expect: late
(late? (begin (lock-mutex own) (wait-condition-variable c own))) ; expect: late
(mutex-locked? own)                          ; expect: #f
(late? (get-message (make-channel)))         ; expect: late
(late? (put-message (make-channel) 1))       ; expect: late
(late? (wait (make-condition)))              ; expect: late
(late? (perform-operation (sleep-operation 100))) ; expect: late
(late? (perform-operation (choice-operation (get-operation (make-channel)) (put-operation (make-channel) 1)))) ; expect: late
(late? (fiber-join sleeper))                 ; expect: late
(late? (join-thread holder))                 ; expect: late
(late? (poller-wait! (make-poller)))         ; expect: late
(late? (let loop () (loop)))                 ; expect: late
(late? (yield-fiber))                        ; expect: answered

; Everything still works.
(send (cdr p) #u8(1 2 3))                    ; expect: 3
(recv! (car p) b)                            ; expect: 3
(kill child SIGKILL)
(status:term-sig (cdr (waitpid child)))      ; expect: 9
(map port-closed? (list (car p) (car d) (car f) l (car ends) (cdr ends))) ; expect: (#f #f #f #f #f #f)

; Cancelled in each wait, with the afters of its winds, and no handler sees it.
(define afters 0)
(define (cancelled? thunk)
  (let ((fiber (spawn-fiber (lambda ()
                 (dynamic-wind (lambda () #f)
                               (lambda () (catch #t thunk (lambda args (set! afters 'caught))))
                               (lambda () (set! afters (+ afters 1))))))))
    (yield-fiber)
    (yield-fiber)
    (cancel-fiber fiber)
    (yield-fiber)
    (fiber-state fiber)))
(define waits
  (list (lambda () (recv! (car p) b)) (lambda () (recvfrom! (car d) b)) (lambda () (send (car f) b)) (lambda () (accept l))
        (lambda () (read-line (car p))) (lambda () (display (make-string 100000 #\x) (car f)))
        (lambda () (select (list (car p)) '() '())) (lambda () (sleep 100)) (lambda () (lock-mutex m))
        (lambda () (get-message (make-channel))) (lambda () (wait (make-condition))) (lambda () (fiber-join sleeper))
        (lambda () (poller-wait! (make-poller))) (lambda () (let loop () (loop)))))
(map cancelled? waits)                       ; expect: (cancelled cancelled cancelled cancelled cancelled cancelled cancelled cancelled cancelled cancelled cancelled cancelled cancelled cancelled)
afters                                       ; expect: 14

; Closed under its reader, its writer, its acceptor and its selector.
(define (closing port thunk)
  (let ((fiber (spawn-fiber (lambda () (catch #t thunk (lambda (key . args) (list 'error key)))))))
    (yield-fiber)
    (yield-fiber)
    (close-port port)
    (with-timeout 5 (lambda () (fiber-join fiber)) (lambda () 'nobody-woke-it))))
(car (closing (car d) (lambda () (recvfrom! (car d) b)))) ; expect: error
(car (closing l (lambda () (accept l))))     ; expect: error
(define f (full-pair))
(car (closing (car f) (lambda () (send (car f) b)))) ; expect: error
(define f (full-pair))
(car (closing (car f) (lambda () (display (make-string 100000 #\x) (car f))))) ; expect: error
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(car (closing (car p) (lambda () (read-line (car p))))) ; expect: error
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(car (closing (car p) (lambda () (select (list (car p)) '() '())))) ; expect: error
(define ends (pipe))
(car (closing (car ends) (lambda () (read-line (car ends))))) ; expect: error

; A socket's own limits.
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define f (full-pair))
(define l (socket AF_INET SOCK_STREAM 0))
(bind l AF_INET INADDR_LOOPBACK 0)
(listen l 1)
(define limit (cons 0 3000))
(setsockopt (car p) SOL_SOCKET SO_RCVTIMEO limit)
(setsockopt (car f) SOL_SOCKET SO_SNDTIMEO limit)
(setsockopt l SOL_SOCKET SO_RCVTIMEO limit)
(define (errno thunk) (catch 'system-error thunk (lambda args (= EAGAIN (system-error-errno args)))))
(define (in-a-fiber thunk) (fiber-join (spawn-fiber thunk)))
(in-a-fiber (lambda () (errno (lambda () (recv! (car p) b))))) ; expect: #t
(in-a-fiber (lambda () (errno (lambda () (send (car f) b))))) ; expect: #t
(in-a-fiber (lambda () (errno (lambda () (accept l))))) ; expect: #t
(cancel-fiber sleeper)
(cancel-fiber holder)
