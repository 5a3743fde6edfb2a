; Nobody is forgotten: fibers that compute, fibers that always have something to read, timers among them.
(import (fibers) (fibers channels) (fibers timers) (fibers operations))
(define (spin) (let loop () (loop)))
(define stop #f)

; Fibers that never wait have about the same share.
(define counts (make-vector 4 0))
(define spinners
  (map (lambda (i) (spawn-fiber (lambda () (let loop () (if (not stop) (begin (vector-set! counts i (+ 1 (vector-ref counts i))) (loop)))))))
       (iota 4)))
(sleep 0.3)
(set! stop #t)
(for-each fiber-join spinners)
(let ((least (apply min (vector->list counts))) (most (apply max (vector->list counts)))) (> (* 3 least) most)) ; expect: #t

; Among those that always have something to say, a timer is on time, and another connection is heard.
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define q (socketpair AF_UNIX SOCK_STREAM 0))
(define b (make-bytevector 1))
(define talker (spawn-fiber (lambda () (let loop () (send (car p) b) (loop)))))
(define listener (spawn-fiber (lambda () (let ((b (make-bytevector 1))) (let loop () (recv! (cdr p) b) (loop))))))
(define channel (make-channel))
(define putting (spawn-fiber (lambda () (let loop ((i 0)) (put-message channel i) (loop (+ i 1))))))
(define getting (spawn-fiber (lambda () (let loop () (get-message channel) (loop)))))
(define computing (spawn-fiber spin))
(define heard (spawn-fiber (lambda () (recv! (car q) (make-bytevector 5)))))
(define t0 (current-jiffy))
(sleep 0.01)
(define late (/ (- (current-jiffy) t0) (jiffies-per-second)))
(list (>= late 1/100) (< late 1/2))          ; expect: (#t #t)
(send (cdr q) (make-bytevector 3))
(fiber-join heard)                           ; expect: 3

; Timers under load: each is due, and none too early.
(define due
  (map (lambda (i)
         (spawn-fiber
           (lambda ()
             (let ((began (current-jiffy)) (wish (/ (modulo (* i 37) 20) 1000)))
               (sleep wish)
               (>= (/ (- (current-jiffy) began) (jiffies-per-second)) wish)))))
       (iota 200)))
(delete #t (map fiber-join due))             ; expect: ()
(with-timeout 0.01 (lambda () (spin)) (lambda () 'stopped)) ; expect: stopped
(for-each cancel-fiber (list talker listener putting getting computing))
(yield-fiber)
(map fiber-over? (list talker listener putting getting computing)) ; expect: (#t #t #t #t #t)
