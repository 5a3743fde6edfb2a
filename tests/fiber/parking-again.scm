; A fiber that parks again and again at one depth, with continuations, interrupts and collections in between: each sees the
; frames as they were.
(import (fibers) (fibers channels))
(define ch (make-channel))
(define (feed n put) (let loop ((i 0)) (if (< i n) (begin (put i) (yield-fiber) (yield-fiber) (loop (+ i 1))))))

; The continuation of a round is taken up three times, after later rounds have parked where it has.
(define (rounds wait)
  (let ((kept #f) (times 0) (seen '()))
    (let loop ((i 0))
      (if (< i 4)
          (let ((mark (list i)))
            (wait)
            (if (= i 1) (call/cc (lambda (k) (set! kept k))))
            (wait)
            (set! seen (cons (car mark) seen))
            (loop (+ i 1)))))
    (set! times (+ times 1))
    (if (< times 3) (kept #f))
    (reverse seen)))

(define a (spawn-fiber (lambda () (rounds (lambda () (get-message ch))))))
(define feeder (spawn-fiber (lambda () (feed 18 (lambda (i) (put-message ch i))))))
(fiber-join a)                               ; expect: (0 1 2 3 1 2 3 1 2 3)
(fiber-join feeder)

(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define byte (make-bytevector 1))
(define b (spawn-fiber (lambda () (rounds (lambda () (recv! (car p) byte))))))
(feed 18 (lambda (i) (send (cdr p) #u8(7))))
(fiber-join b)                               ; expect: (0 1 2 3 1 2 3 1 2 3)

; Deeper and less deep by turns, and over what comes back from its segments at a time.
(define (deep n) (if (= n 0) (begin (recv! (car p) byte) 0) (+ 1 (deep (- n 1)))))
(define c (spawn-fiber (lambda () (map deep '(3 3 500 500 3 0 0 2000 3)))))
(feed 9 (lambda (i) (send (cdr p) #u8(7)) (gc)))
(fiber-join c)                               ; expect: (3 3 500 500 3 0 0 2000 3)

; What is interrupted in a call goes on with it.
(define (one-byte) (let ((b (make-bytevector 1))) (recv! (car p) b) (bytevector-u8-ref b 0)))
(define handled '())
(define d (spawn-fiber (lambda () (let loop ((i 0) (sum 0)) (if (< i 5) (loop (+ i 1) (+ sum (one-byte))) sum)))))
(feed 5
  (lambda (i)
    (interrupt-fiber d (lambda () (set! handled (cons (one-byte) handled))))
    (yield-fiber)
    (send (cdr p) #u8(1))
    (yield-fiber)
    (yield-fiber)
    (send (cdr p) #u8(2))))
(+ (fiber-join d) (apply + handled))         ; expect: 15
(length handled)                             ; expect: 5

; A time limit ends a call that waits for a descriptor, and the next one waits as before.
(define (limited) (with-timeout 0.001 (lambda () (recv! (car p) byte)) (lambda () 'late)))
(define e (spawn-fiber (lambda () (let* ((one (limited)) (two (limited))) (put-message ch 'ready) (recv! (car p) byte) (list one two (bytevector-u8-ref byte 0))))))
(get-message ch)                             ; expect: ready
(send (cdr p) #u8(9))
(fiber-join e)                               ; expect: (late late 9)
