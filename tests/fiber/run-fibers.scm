; run-fibers: values, draining, what is left over, nesting.
(import (fibers) (fibers channels) (fibers conditions))
(run-fibers (lambda () 5))                   ; expect: 5
(call-with-values (lambda () (run-fibers (lambda () (values 1 2)))) list) ; expect: (1 2)
(run-fibers (lambda () (raise 'failed)))     ; error: failed
(define done '())
(run-fibers
  (lambda () (for-each (lambda (i) (spawn-fiber (lambda () (sleep (/ i 1000)) (set! done (cons i done))))) '(3 1 2)) 'started)
  #:hz 100 #:parallelism 1 #:drain? #t)      ; expect: started
done                                         ; expect: (3 2 1)

; Without draining, what is left does not run any more.
(define ticks 0)
(run-fibers (lambda () (spawn-fiber (lambda () (let loop () (set! ticks (+ ticks 1)) (yield-fiber) (loop)))) (sleep 0.002)))
(define then ticks)
(> then 0)                                   ; expect: #t
(sleep 0.002)
(= then ticks)                               ; expect: #t

(run-fibers (lambda () (run-fibers (lambda () (spawn-fiber (lambda () (sleep 0.001))) 'inner) #:drain? #t))) ; expect: inner
(run-fibers (lambda () (get-message (make-channel)))) ; error: deadlock
(run-fibers)

; Outside of it, fibers run while the main line waits.
(define c (make-condition))
(define f (spawn-fiber (lambda () (signal-condition! c))))
(wait c)
(signal-condition! c)                        ; expect: #f
