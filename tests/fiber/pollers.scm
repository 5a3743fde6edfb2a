; (sockeye net poller): sets of ports that are waited for together; (sockeye net deadline).
(import (sockeye net poller) (sockeye net deadline) (fibers) (fibers channels))
(define p (make-poller))
(poller? p)                                  ; expect: #t
(poller? 5)                                  ; expect: #f
(poller-wait! p 0)                           ; expect: ()
(define a (socketpair AF_UNIX SOCK_STREAM 0))
(define b (socketpair AF_UNIX SOCK_STREAM 0))
(poller-add! p (car a) '(read) 'a)
(poller-add! p (car b) '(read write) "b")
(poller-add! p (car a) '(read) 'again)       ; error: poller-add!
(poller-wait! p 0)                           ; expect: (("b" write))
; Levels, not edges: it is told each time.
(poller-wait! p)                             ; expect: (("b" write))
(poller-modify! p (car b) '(read))
(poller-wait! p 0)                           ; expect: ()
(poller-wait! p 0.002)                       ; expect: ()
(poller-wait! p 1/1000)                      ; expect: ()
(send (cdr a) #vu8(1 2 3))
(poller-wait! p)                             ; expect: ((a read))
(poller-wait! p)                             ; expect: ((a read))
(recv! (car a) (make-bytevector 10))         ; expect: 3
(poller-wait! p 0)                           ; expect: ()
(close-port (cdr a))
(let ((seen (poller-wait! p)))
  (list (caar seen) (and (memq 'read (cdar seen)) #t) (and (memq 'hangup (cdar seen)) #t))) ; expect: (a #t #t)
(length (poller-members p))                  ; expect: 2
(poller-remove! p (car a))                   ; expect: #t
(poller-remove! p (car a))                   ; expect: #f
(poller-wait! p 0)                           ; expect: ()
(poller-modify! p (car a) '(read))           ; error: poller-modify!
(poller-add! p (car a) '(wish) 1)            ; error: interest
(poller-add! p (open-input-string "") '(read) 1) ; error: poller-add!
(poller-wait! p -1)                          ; error: poller-wait!
(poller-wait! p 'soon)                       ; error: poller-wait!
(poller-wait! 'p 0)                          ; error: poller-wait!

; A number that is used again is a member of its own.
(define number (fileno (car b)))
(close-port (car b))
(close-port (cdr b))
(define c (socketpair AF_UNIX SOCK_STREAM 0))
(poller-add! p (car c) '(read) 'c)
(poller-add! p (cdr c) '(write) 'd)
(poller-wait! p 0)                           ; expect: ((d write))
(display "x" (car c))
(poller-remove! p (cdr c))
(poller-add! p (fileno (cdr c)) '(read) 'number)
(poller-wait! p 0)                           ; expect: ((number read))
(poller-remove! p (fileno (cdr c)))          ; expect: #t

; Waking, before the wait and during it.
(poller-wake! p)
(poller-wait! p)                             ; expect: ()
(poller-wait! p 0)                           ; expect: ()
(define waker (spawn-fiber (lambda () (poller-wake! p))))
(poller-wait! p)                             ; expect: ()
(fiber-join waker)

; While one waits for a poller, others run; the poller's port is waited for like any other.
(define heard '())
(define waiting (spawn-fiber (lambda () (set! heard (poller-wait! p)))))
(define writer (spawn-fiber (lambda () (sleep 0.002) (send (cdr c) #vu8(7)))))
(fiber-join waiting)
heard                                        ; expect: ((c read))
(equal? (select (list (poller-port p)) '() '() 0) (list (list (poller-port p)) '() '())) ; expect: #t
(define outer (make-poller))
(poller-add! outer (poller-port p) '(read) 'inner)
(poller-wait! outer)                         ; expect: ((inner read))
(recv! (car c) (make-bytevector 10))         ; expect: 1
(poller-wait! outer 0)                       ; expect: ()
(define timed (spawn-fiber (lambda () (poller-wait! p 0.003))))
(fiber-join timed)                           ; expect: ()

; Many members, of which some are ready.
(define pairs (map (lambda (i) (socketpair AF_UNIX SOCK_STREAM 0)) (iota 40)))
(for-each (lambda (pair i) (poller-add! p (car pair) '(read) i)) pairs (iota 40))
(for-each (lambda (i) (send (cdr (list-ref pairs i)) #vu8(1))) '(3 14 15 39))
(sort (map car (poller-wait! p)) <)          ; expect: (3 14 15 39)
(for-each (lambda (pair) (close-port (car pair)) (close-port (cdr pair))) pairs)
(poller-wait! p 0)                           ; expect: ()
(for-each (lambda (pair) (poller-remove! p (car pair))) pairs)
(map car (poller-members p))                 ; expect: (c)

; A closed poller wakes who waits for it, with an error.
(define lost (spawn-fiber (lambda () (catch #t (lambda () (poller-wait! p)) (lambda (key . args) 'closed)))))
(yield-fiber)
(close-poller p)
(fiber-join lost)                            ; expect: closed
(<= 0 (monotonic-time) (monotonic-time))     ; expect: #t

; Limits of time.
(call-with-timeout 0.002 (lambda () (poller-wait! outer)) (lambda () 'late)) ; expect: late
(call-with-values (lambda () (call-with-timeout 60 (lambda () (values 1 2)) (lambda () #f))) list) ; expect: (1 2)
(call-with-timeout #f (lambda () 'now) (lambda () 'late)) ; expect: now
(call-with-timeout 60 (lambda () (call-with-timeout 0.002 (lambda () (sleep 100)) (lambda () 'inner))) (lambda () 'outer)) ; expect: inner
(call-with-timeout 0.002 (lambda () (call-with-timeout 60 (lambda () (sleep 100)) (lambda () 'inner))) (lambda () 'outer)) ; expect: outer
(call-with-timeout 0 (lambda () (sleep 100)) (lambda () 'at-once)) ; expect: at-once
(call-with-timeout -1 (lambda () 1) (lambda () 2)) ; error: not negative
(call-with-timeout 1 (lambda () 1) 2)        ; error: call-with-timeout
(define (loop n)
  (if (= n 0) 'done (call-with-timeout 0 (lambda () (sleep 100)) (lambda () (loop (- n 1))))))
(loop 1000)                                  ; expect: done
