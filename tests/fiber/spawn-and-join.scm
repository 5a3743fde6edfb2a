; Fibers: starting, joining, turns, parameters of their own, errors, cancellation, deadlock.
(import (fibers) (fibers channels))
(fiber? (current-fiber))                     ; expect: #t
(define f (spawn-fiber (lambda () (* 6 7))))
(fiber-state f)                              ; expect: ready
(fiber-join f)                               ; expect: 42
(fiber-state f)                              ; expect: done
(fiber-join f)                               ; expect: 42
(fiber-join (current-fiber))                 ; error: its own end
(spawn-fiber 5)                              ; error: spawn-fiber: argument 1

; The run queue is first in, first out.
(define log '())
(define (note x) (set! log (cons x log)))
(define (noting name)
  (lambda ()
    (note name)
    (yield-fiber)
    (note name)))
(for-each fiber-join (map (lambda (name) (spawn-fiber (noting name))) '(a b c)))
(reverse log)                                ; expect: (a b c a b c)

; A fiber that never waits does not keep others from running.
(define spinning (spawn-fiber (lambda () (let loop () (loop)))))
(fiber-join (spawn-fiber (lambda () 'ran)))  ; expect: ran

; Cancelling runs winders, inside out, and no handler catches it.
(define wound '())
(define sleeper
  (spawn-fiber
    (lambda ()
      (guard (x (#t (set! wound (cons 'caught wound))))
        (dynamic-wind
          (lambda () (set! wound (cons 'in wound)))
          (lambda () (dynamic-wind (lambda () #f) (lambda () (sleep 1000)) (lambda () (set! wound (cons 'inner wound)))))
          (lambda () (set! wound (cons 'outer wound))))))))
(yield-fiber)
(cancel-fiber sleeper)
(cancel-fiber spinning)
(fiber-join sleeper)                         ; error: the fiber was cancelled
(reverse wound)                              ; expect: (in inner outer)
(fiber-state sleeper)                        ; expect: cancelled
(cancel-fiber sleeper)

; Waiting is no exit: winders do not run while a fiber is parked or pre-empted.
(set! wound '())
(define ch (make-channel))
(define waiting
  (spawn-fiber
    (lambda ()
      (dynamic-wind
        (lambda () (note 'in))
        (lambda () (get-message ch))
        (lambda () (note 'out))))))
(set! log '())
(yield-fiber)
log                                          ; expect: (in)
(put-message ch 5)
(fiber-join waiting)                         ; expect: 5
log                                          ; expect: (out in)

; Each fiber has its parameters and its handlers.
(define p (make-parameter 1))
(define inheriting (parameterize ((p 2)) (spawn-fiber (lambda () (yield-fiber) (let ((was (p))) (p 3) (list was (p)))))))
(list (p) (fiber-join inheriting) (p))       ; expect: (1 (2 3) 1)
(define failed (with-exception-handler (lambda (x) 'no) (lambda () (spawn-fiber (lambda () (raise 'oops))))))
(guard (x (#t (list 'raised x))) (fiber-join failed)) ; expect: (raised oops)
(fiber-state failed)                         ; expect: failed

; Continuations and fibers.
(define (generate n)
  (call/cc (lambda (return)
    (let loop ((i 0)) (if (= i n) (return i)) (yield-fiber) (loop (+ i 1))))))
(map fiber-join (map (lambda (n) (spawn-fiber (lambda () (generate n)))) '(3 1 2))) ; expect: (3 1 2)
(define k #f)
(define count 0)
(fiber-join (spawn-fiber (lambda () (let ((n (call/cc (lambda (c) (set! k c) 0)))) (yield-fiber) (set! count (+ count 1)) (if (< n 3) (k (+ n 1)) n))))) ; expect: 3
count                                        ; expect: 4

; Deep recursion, while others run.
(define (deep n) (if (= n 0) (begin (yield-fiber) 0) (+ 1 (deep (- n 1)))))
(map fiber-join (map (lambda (n) (spawn-fiber (lambda () (deep n)))) '(10 20000 300))) ; expect: (10 20000 300)

; When nothing can come any more, the program is told, and goes on.
(get-message (make-channel))                 ; error: deadlock
(define stuck (spawn-fiber (lambda () (get-message ch))))
(set-fiber-name! stuck "collector")
(fiber-join stuck)                           ; error: collector
(fiber-state stuck)                          ; expect: parked
(put-message ch 'freed)
(fiber-join stuck)                           ; expect: freed
