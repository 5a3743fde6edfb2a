; Calls on sockets park their fiber; closing wakes; the descriptor's flags are the script's.
(import (fibers) (fibers channels) (fibers operations) (fibers io-wakeup))
(define server (socket AF_INET SOCK_STREAM 0))
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 200)
(define address (getsockname server))
(define (client) (let ((s (socket AF_INET SOCK_STREAM 0))) (connect s address) s))
(define (echo s) (let ((line (read-line s))) (if (eof-object? line) (close-port s) (begin (write-string line s) (newline s) (echo s)))))
(define serving (spawn-fiber (lambda () (let loop () (let ((s (car (accept server)))) (spawn-fiber (lambda () (echo s))) (loop))))))

; Many at once, each in its own fiber, and each in its own order.
(define (talk n)
  (let ((s (client)))
    (let loop ((i 0))
      (if (< i 5)
          (let ((text (string-append (number->string n) "-" (number->string i))))
            (write-string text s)
            (newline s)
            (if (string=? (read-line s) text) (loop (+ i 1)) 'mixed-up))
          (begin (close-port s) 'good)))))
(define talkers (map (lambda (n) (spawn-fiber (lambda () (talk n)))) (list-tabulate 30 values)))
(let ((answers (map fiber-join talkers))) (delete 'good answers)) ; expect: ()

; Slow clients hold nobody up: half a line each, then the rest.
(define slow (map (lambda (i) (let ((s (client))) (write-string "half" s) s)) (list-tabulate 20 values)))
(talk 99)                                    ; expect: good
(for-each (lambda (s) (write-string " whole\n" s)) slow)
(delete "half whole" (map read-line slow))   ; expect: ()
(for-each close-port slow)

; A client that goes away in the middle takes only its own fiber along.
(let ((s (client))) (write-string "never finished" s) (close-port s))
(talk 100)                                   ; expect: good

; Large messages both ways at once, larger than any buffer in between.
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(define (pump from n) (let ((b (make-bytevector 65536))) (let loop ((n n)) (if (> n 0) (loop (- n (recv! from b))) n))))
(define big (make-bytevector 1000000 7))
(define sends (spawn-fiber (lambda () (send (car pair) big))))
(define back (spawn-fiber (lambda () (send (cdr pair) big))))
(define takes (spawn-fiber (lambda () (pump (car pair) 1000000))))
(pump (cdr pair) 1000000)                    ; expect: 0
(list (fiber-join sends) (fiber-join back) (fiber-join takes)) ; expect: (1000000 1000000 0)

; Nobody sees the runtime's ways: no O_NONBLOCK on anything.
(define (flags s)
  (call-with-input-file (string-append "/proc/self/fdinfo/" (number->string (fileno s)))
    (lambda (p) (read-line p) (string->number (string-copy (read-line p) 7) 8))))
(map (lambda (s) (quotient (modulo (flags s) 4096) 2048)) (list server (car pair) (cdr pair))) ; expect: (0 0 0)

; Closing a port wakes who waits for it.
(define waiting (spawn-fiber (lambda () (guard (x (#t 'closed)) (recv! (car pair) (make-bytevector 1))))))
(yield-fiber)
(close-port (car pair))
(fiber-join waiting)                         ; expect: closed
(define listener (socket AF_INET SOCK_STREAM 0))
(bind listener AF_INET INADDR_LOOPBACK 0)
(listen listener 1)
(define accepting (spawn-fiber (lambda () (guard (x (#t 'closed)) (accept listener)))))
(yield-fiber)
(close-port listener)
(fiber-join accepting)                       ; expect: closed

; A new descriptor of the same number is another one.
(define again (socketpair AF_UNIX SOCK_STREAM 0))
(define reader (spawn-fiber (lambda () (recv! (car again) (make-bytevector 5)))))
(yield-fiber)
(send (cdr again) #u8(1 2 3))
(fiber-join reader)                          ; expect: 3

; Readiness as an operation.
(define ready (spawn-fiber (lambda () (perform-operation (wrap-operation (wait-until-port-readable-operation (car again)) (lambda () 'readable))))))
(yield-fiber)
(fiber-state ready)                          ; expect: parked
(send (cdr again) #u8(4))
(fiber-join ready)                           ; expect: readable
(perform-operation (wrap-operation (wait-until-port-writable-operation (car again)) (lambda () 'writable))) ; expect: writable

; Non-blocking descriptors answer at once, unless fibers are to wait on them.
(cancel-fiber serving)
(yield-fiber)
(define quick (socket AF_INET (+ SOCK_STREAM SOCK_NONBLOCK) 0))
(bind quick AF_INET INADDR_LOOPBACK 0)
(listen quick 5)
(accept quick)                               ; expect: #f
(define c (socket AF_INET SOCK_STREAM 0))
(define later (spawn-fiber (lambda () (sleep 0.002) (connect c (getsockname quick)))))
(run-fibers (lambda () (pair? (accept quick)))) ; expect: #t
