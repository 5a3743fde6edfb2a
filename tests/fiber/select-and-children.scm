; select, pipes and children, while other fibers run.
(import (fibers))
(define ticks 0)
(define ticking (spawn-fiber (lambda () (let loop () (sleep 0.001) (set! ticks (+ ticks 1)) (loop)))))
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define q (socketpair AF_UNIX SOCK_STREAM 0))
(define chosen (spawn-fiber (lambda () (select (list (car p) (car q)) '() '()))))
(yield-fiber)
(fiber-state chosen)                         ; expect: parked
(send (cdr q) #u8(1))                        ; expect: 1
(equal? (fiber-join chosen) (list (list (car q)) '() '())) ; expect: #t
(select (list (car p)) '() '() 0 5000)       ; expect: (() () ())
(> ticks 0)                                  ; expect: #t

; Pipes.
(define ends (pipe))
(define reading (spawn-fiber (lambda () (read-line (car ends)))))
(yield-fiber)
(write-string "through the pipe\n" (cdr ends))
(force-output (cdr ends))
(fiber-join reading)                         ; expect: "through the pipe"
(define closed (spawn-fiber (lambda () (guard (x (#t 'closed)) (read-line (car ends))))))
(yield-fiber)
(close-port (car ends))
(fiber-join closed)                          ; expect: closed

; The end of a child; the child itself has only the fiber that forked.
(define before ticks)
(define child (primitive-fork))
(if (= child 0) (begin (sleep 0.02) (primitive-_exit (if (= ticks before) 7 8))))
(status:exit-val (cdr (waitpid child)))      ; expect: 7
(> ticks before)                             ; expect: #t
(cancel-fiber ticking)
