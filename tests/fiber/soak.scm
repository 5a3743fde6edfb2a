; Long runs keep their memory: messages over channels and sockets, fibers that come and go, waits that are given up.
; slow: a hundred thousand rounds
(import (fibers) (fibers channels) (fibers operations) (fibers timers))
(define ch (make-channel))
(define never (make-channel))
(define (rounds n f) (let loop ((i 0)) (if (< i n) (begin (f i) (loop (+ i 1))))))

; Choices that lose on one side leave nothing there.
(define giver (spawn-fiber (lambda () (rounds 20000 (lambda (i) (put-message ch i))))))
(rounds 20000 (lambda (i) (perform-operation (choice-operation (get-operation ch) (get-operation never) (sleep-operation 1000)))))
(fiber-join giver)

; Fibers that end are forgotten.
(rounds 20000 (lambda (i) (fiber-join (spawn-fiber (lambda () i)))))

; Fibers that wait for what cannot come are garbage.
(rounds 20000 (lambda (i) (spawn-fiber (lambda () (get-message (make-channel)))) (yield-fiber)))

; Messages over sockets.
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define echo (spawn-fiber (lambda () (let ((b (make-bytevector 64))) (let loop () (let ((n (recv! (cdr p) b))) (if (> n 0) (begin (send (cdr p) b 0 0 n) (loop)))))))))
(define b (make-bytevector 64 1))
(rounds 50000 (lambda (i) (send (car p) b) (recv! (car p) b)))
(shutdown (car p) 1)
(fiber-join echo)

; Connections that come and go leave no descriptor.
(define (a-connection)
  (let ((p (socketpair AF_UNIX SOCK_STREAM 0)))
    (define f (spawn-fiber (lambda () (recv! (cdr p) (make-bytevector 1)))))
    (yield-fiber)
    (send (car p) #u8(1))
    (fiber-join f)
    (let ((fd (fileno (car p))))
      (close-port (car p))
      (close-port (cdr p))
      fd)))
(define first (a-connection))
(rounds 2000 (lambda (i) (a-connection)))
(<= (a-connection) (+ first 2))              ; expect: #t
