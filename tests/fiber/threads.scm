; (ice-9 threads): threads, mutexes, condition variables, monitors, and several things at once.
(import (ice-9 threads))
(define t (call-with-new-thread (lambda () (+ 1 2))))
(thread? t)                                  ; expect: #t
(thread? 1)                                  ; expect: #f
(join-thread t)                              ; expect: 3
(thread-exited? t)                           ; expect: #t
(join-thread (begin-thread 'a 'b))           ; expect: b
(join-thread (make-thread + 1 2 3))          ; expect: 6
(join-thread (current-thread))               ; error: current thread
(join-thread 5)                              ; error: join-thread
(and (memq (current-thread) (all-threads)) #t) ; expect: #t
(define sleepy (call-with-new-thread (lambda () (sleep 100) 'slept)))
(join-thread sleepy (+ (current-time) 0) 'late) ; expect: late
(let ((now (gettimeofday))) (join-thread sleepy (cons (car now) (cdr now)))) ; expect: #f
(cancel-thread sleepy)
(join-thread sleepy)
(thread-exited? sleepy)                      ; expect: #t
(define seen #f)
(join-thread (call-with-new-thread (lambda () (error "wrong")) (lambda (key . args) (set! seen key) 'handled))) ; expect: handled
seen                                         ; expect: misc-error

; Mutexes.
(define m (make-mutex))
(mutex? m)                                   ; expect: #t
(mutex-locked? m)                            ; expect: #f
(lock-mutex m)                               ; expect: #t
(list (mutex-locked? m) (mutex-level m) (eq? (mutex-owner m) (current-thread))) ; expect: (#t 1 #t)
(lock-mutex m)                               ; error: already locked
(try-mutex m)                                ; expect: #f
(join-thread (begin-thread (try-mutex m)))   ; expect: #f
(join-thread (begin-thread (lock-mutex m (current-time)))) ; expect: #f
(unlock-mutex m)                             ; expect: #t
(unlock-mutex m)                             ; error: not locked
(join-thread (begin-thread (lock-mutex m)))  ; expect: #t
(define m (make-mutex))
(lock-mutex m)
(join-thread (begin-thread (catch #t (lambda () (unlock-mutex m)) (lambda (key . args) key)))) ; expect: misc-error
(unlock-mutex m)
(define r (make-recursive-mutex))
(list (lock-mutex r) (lock-mutex r) (mutex-level r)) ; expect: (#t #t 2)
(list (unlock-mutex r) (mutex-locked? r) (unlock-mutex r) (mutex-locked? r)) ; expect: (#t #t #t #f)
(define free (make-mutex 'allow-external-unlock))
(lock-mutex free)
(join-thread (begin-thread (unlock-mutex free))) ; expect: #t
(make-mutex 'wish)                           ; error: make-mutex

; In turn, and each only once.
(define log '())
(define (note x) (set! log (cons x log)))
(lock-mutex m)
(define waiting (map (lambda (i) (begin-thread (with-mutex m (note i) (yield) (note i)))) '(1 2 3)))
(yield)
log                                          ; expect: ()
(unlock-mutex m)
(for-each join-thread waiting)
(reverse log)                                ; expect: (1 1 2 2 3 3)

; Who is called away when its turn comes passes the mutex on.
(lock-mutex m)
(define first (begin-thread (with-mutex m 'first)))
(define second (begin-thread (with-mutex m 'second)))
(yield)
(unlock-mutex m)
(cancel-thread first)
(join-thread second)                         ; expect: second
(mutex-locked? m)                            ; expect: #f
(define count 0)
(for-each join-thread
  (map (lambda (i) (begin-thread (let loop ((n 0)) (if (< n 100) (begin (with-mutex m (let ((was count)) (yield) (set! count (+ was 1)))) (loop (+ n 1)))))))
       '(1 2 3 4 5)))
count                                        ; expect: 500
(catch #t (lambda () (with-mutex m (error "out"))) (lambda (key . args) (mutex-locked? m))) ; expect: #f

; Condition variables.
(define c (make-condition-variable))
(define queue '())
(define consumer
  (begin-thread
    (lock-mutex m)
    (let loop ((n 0) (sum 0))
      (cond ((= n 10) (unlock-mutex m) sum)
            ((null? queue) (wait-condition-variable c m) (loop n sum))
            (else (let ((x (car queue))) (set! queue (cdr queue)) (loop (+ n 1) (+ sum x))))))))
(do ((i 1 (+ i 1))) ((> i 10)) (with-mutex m (set! queue (cons i queue)) (signal-condition-variable c)) (if (odd? i) (yield)))
(join-thread consumer)                       ; expect: 55
(lock-mutex m)
(wait-condition-variable c m (+ 0.002 (current-time))) ; expect: #f
(let ((now (gettimeofday))) (wait-condition-variable c m (cons (car now) (cdr now)))) ; expect: #f
(mutex-locked? m)                            ; expect: #t
(unlock-mutex m)
(define woken 0)
(define all (map (lambda (i) (begin-thread (with-mutex m (wait-condition-variable c m) (set! woken (+ woken 1))))) '(1 2 3)))
(yield)
(signal-condition-variable c)
(yield)
woken                                        ; expect: 1
(broadcast-condition-variable c)
(for-each join-thread all)
woken                                        ; expect: 3
(wait-condition-variable 1 m)                ; error: wait-condition-variable
(condition-variable? c)                      ; expect: #t

; A monitor is one for all who pass its place.
(define inside 0)
(define most 0)
(define (pass) (monitor (set! inside (+ inside 1)) (set! most (max most inside)) (yield) (set! inside (- inside 1))))
(for-each join-thread (map (lambda (i) (begin-thread (pass))) '(1 2 3 4)))
most                                         ; expect: 1

; Several things at once.
(call-with-values (lambda () (parallel 1 (begin (yield) 2) 3)) list) ; expect: (1 2 3)
(letpar ((a 1) (b (+ 1 1))) (list a b))      ; expect: (1 2)
(par-map + '(1 2 3) '(10 20 30))             ; expect: (11 22 33)
(define out '())
(par-for-each (lambda (x) (set! out (cons x out))) '(1 2 3))
(sort out <)                                 ; expect: (1 2 3)
(n-par-map 2 (lambda (x) (yield) (* x x)) '(1 2 3 4 5)) ; expect: (1 4 9 16 25)
(set! out '())
(n-for-each-par-map 2 (lambda (x) (set! out (cons x out))) (lambda (x) (* 10 x)) '(1 2 3))
out                                          ; expect: (30 20 10)
(>= (current-processor-count) 1)             ; expect: #t
