; with-timeout: whatever it takes, and nothing is closed; socket time limits; timers in order.
(import (fibers) (fibers channels) (fibers timers) (fibers operations))
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define buf (make-bytevector 10))
(with-timeout 60 (lambda () 'soon))          ; expect: soon
(with-timeout 0.002 (lambda () (recv! (car p) buf)) (lambda () 'late)) ; expect: late
(with-timeout 0.002 (lambda () (read-char (car p))) (lambda () 'late)) ; expect: late
(with-timeout 0.002 (lambda () (let loop () (loop))) (lambda () 'late)) ; expect: late
(with-timeout 0.002 (lambda () (get-message (make-channel))) (lambda () 'late)) ; expect: late
(with-timeout 0.002 (lambda () (sleep 100)) (lambda () 'late)) ; expect: late
(with-timeout 0.002 (lambda () (sleep 100))) ; error: timeout
(catch 'timeout (lambda () (with-timeout 0.001 (lambda () (sleep 100)))) (lambda (key . args) key)) ; expect: timeout
(send (cdr p) #u8(1 2))                      ; expect: 2
(with-timeout 60 (lambda () (recv! (car p) buf))) ; expect: 2

; Limits in limits: the sooner counts, and the winders of what is left run.
(define left '())
(with-timeout 60 (lambda () (with-timeout 0.002 (lambda () (dynamic-wind (lambda () #f) (lambda () (sleep 100)) (lambda () (set! left (cons 'after left))))) (lambda () 'inner)))) ; expect: inner
(with-timeout 0.002 (lambda () (with-timeout 60 (lambda () (sleep 100)) (lambda () 'inner))) (lambda () 'outer)) ; expect: outer
left                                         ; expect: (after)
(with-timeout -1 (lambda () 1))              ; error: not negative
(with-timeout 1 2)                           ; error: with-timeout: argument 2

; A limit in one fiber leaves others alone.
(define other (spawn-fiber (lambda () (sleep 0.005) 'other)))
(with-timeout 0.001 (lambda () (fiber-join other)) (lambda () 'late)) ; expect: late
(fiber-join other)                           ; expect: other

; Timers come in the order of their times, those of one time in the order they were set.
(define order '())
(for-each fiber-join
  (map (lambda (ms) (spawn-fiber (lambda () (sleep (/ ms 1000)) (set! order (cons ms order)))))
       '(9 3 6 1 12)))
order                                        ; expect: (12 9 6 3 1)
(define t0 (current-jiffy))
(perform-operation (timer-operation (+ (current-jiffy) (quotient (jiffies-per-second) 200))))
(>= (- (current-jiffy) t0) (quotient (jiffies-per-second) 200)) ; expect: #t

; The socket's own time limit, with other fibers about.
(setsockopt (car p) SOL_SOCKET SO_RCVTIMEO (cons 0 3000))
(define idle (spawn-fiber (lambda () (sleep 1000))))
(recv! (car p) buf)                          ; error: recv!
(setsockopt (car p) SOL_SOCKET SO_RCVTIMEO (cons 0 0))
(with-timeout 0.005 (lambda () (recv! (car p) buf)) (lambda () 'no-limit)) ; expect: no-limit
(define l (socket AF_INET SOCK_STREAM 0))
(bind l AF_INET INADDR_LOOPBACK 0)
(listen l 5)
(with-timeout 0.002 (lambda () (accept l)) (lambda () 'nobody)) ; expect: nobody
(setsockopt l SOL_SOCKET SO_RCVTIMEO (cons 0 3000))
(accept l)                                   ; error: accept
(cancel-fiber idle)

; An error that nobody handles leaves no limit behind.
(with-timeout 0.01 (lambda () (error "wrong"))) ; error: wrong
(sleep 0.02)
(define failing (spawn-fiber (lambda () (with-timeout 0.01 (lambda () (error "wrong"))))))
(fiber-join failing)                         ; error: wrong
(sleep 0.02)
(with-timeout 0.01 (lambda () (sleep 5)) (lambda () 'late)) ; expect: late
