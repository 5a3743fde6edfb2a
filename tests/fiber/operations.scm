; Operations: channels, choice, wrap, conditions, timers, operations of one's own.
(import (fibers) (fibers operations) (fibers channels) (fibers conditions) (fibers timers) (fibers scheduler))
(define a (make-channel))
(define b (make-channel))

; Rendezvous: who puts waits for who gets, and the other way round.
(define order '())
(define (note x) (set! order (cons x order)))
(define putter (spawn-fiber (lambda () (put-message a 1) (note 'put))))
(yield-fiber)
order                                        ; expect: ()
(get-message a)                              ; expect: 1
(fiber-join putter)
order                                        ; expect: (put)

; Messages keep their order, and each is had once.
(define (count-to n channel) (let loop ((i 0)) (if (< i n) (begin (put-message channel i) (loop (+ i 1))))))
(define got (make-vector 100 0))
(define writers (map (lambda (i) (spawn-fiber (lambda () (put-message a i)))) (list-tabulate 100 values)))
(define readers
  (map (lambda (i)
         (spawn-fiber (lambda () (let ((m (get-message a))) (vector-set! got m (+ 1 (vector-ref got m)))))))
       (list-tabulate 100 values)))
(for-each fiber-join (append writers readers))
(equal? got (make-vector 100 1))             ; expect: #t

; Choice does one thing only; what was not chosen has not happened.
(define chosen (spawn-fiber (lambda () (perform-operation (choice-operation (get-operation a) (get-operation b))))))
(yield-fiber)
(put-message b 'from-b)
(fiber-join chosen)                          ; expect: from-b
(define late (spawn-fiber (lambda () (put-message a 'kept))))
(yield-fiber)
(get-message a)                              ; expect: kept
(perform-operation (choice-operation (wrap-operation (get-operation a) (lambda (x) (list 'got x)))
                                     (wrap-operation (sleep-operation 0.001) (lambda () 'timeout)))) ; expect: timeout
(define offering (spawn-fiber (lambda () (perform-operation (choice-operation (wrap-operation (put-operation a 1) (lambda () 'put)) (get-operation b))))))
(yield-fiber)
(get-message a)                              ; expect: 1
(fiber-join offering)                        ; expect: put

; A fiber does not meet itself.
(perform-operation (choice-operation (get-operation a) (put-operation a 1) (wrap-operation (sleep-operation 0.001) (lambda () 'nobody)))) ; expect: nobody

; Two choices meet.
(define (either) (spawn-fiber (lambda () (perform-operation (choice-operation (wrap-operation (put-operation a 'x) (lambda () 'put)) (get-operation a))))))
(define one (either))
(define two (either))
(let ((results (list (fiber-join one) (fiber-join two))))
  (if (member results '((put x) (x put))) 'met results)) ; expect: met

; Choice is fair: over many rounds each has its turn.
(define counts (make-vector 2 0))
(define p1 (spawn-fiber (lambda () (let loop () (put-message a 0) (loop)))))
(define p2 (spawn-fiber (lambda () (let loop () (put-message b 1) (loop)))))
(let loop ((i 0))
  (if (< i 200)
      (let ((m (perform-operation (choice-operation (get-operation a) (get-operation b)))))
        (vector-set! counts m (+ 1 (vector-ref counts m)))
        (loop (+ i 1)))))
(> (vector-ref counts 0) 20)                 ; expect: #t
(> (vector-ref counts 1) 20)                 ; expect: #t
(cancel-fiber p1)
(cancel-fiber p2)
(yield-fiber)

; wrap goes through, inside out, with all values.
(define c (spawn-fiber (lambda () (put-message a 10))))
(perform-operation (wrap-operation (wrap-operation (get-operation a) (lambda (x) (values x (+ x 1)))) list)) ; expect: (10 11)
(perform-operation (wrap-operation (choice-operation (sleep-operation 0) (get-operation a)) (lambda x (cons 'w x)))) ; expect: (w)

; A cancelled fiber takes no message with it.
(define gone (spawn-fiber (lambda () (get-message a))))
(yield-fiber)
(cancel-fiber gone)
(define sender (spawn-fiber (lambda () (put-message a 'safe))))
(yield-fiber)
(get-message a)                              ; expect: safe

; Conditions wake everybody, once and for all.
(define cond (make-condition))
(define waiters (map (lambda (i) (spawn-fiber (lambda () (wait cond) i))) '(1 2 3)))
(yield-fiber)
(signal-condition! cond)                     ; expect: #t
(map fiber-join waiters)                     ; expect: (1 2 3)
(wait cond)
(perform-operation (wrap-operation (wait-operation cond) (lambda () 'signalled))) ; expect: signalled

; Operations of one's own, as guile-fibers has them.
(define (box-operation full? take enlist)
  (make-base-operation #f
    (lambda () (and (full?) (let ((x (take))) (lambda () x))))
    (lambda (flag scheduler resume) (enlist resume))))
(define content #f)
(define resumes '())
(define own (box-operation (lambda () content) (lambda () content) (lambda (r) (set! resumes (cons r resumes)))))
(define waiter (spawn-fiber (lambda () (perform-operation (choice-operation own (get-operation b))))))
(yield-fiber)
((car resumes) (lambda () 'resumed))
(fiber-join waiter)                          ; expect: resumed
(set! content 7)
(perform-operation own)                      ; expect: 7
(perform-operation 5)                        ; error: perform-operation: argument 1
(choice-operation 5)                         ; error: choice-operation: argument 1

; Tasks of the scheduler.
(define task #f)
(define suspended (spawn-fiber (lambda () (suspend-current-task (lambda (scheduler go-on) (set! task go-on))))))
(yield-fiber)
(task (lambda () 'went-on))
(fiber-join suspended)                       ; expect: went-on
