; SRFI 18: threads that are started, joined and terminated; mutexes and their states; condition variables.
(import (scheme base) (only (guile) sort) (srfi 18))
(define t (make-thread (lambda () 'done) 'name))
(thread? t)                                  ; expect: #t
(thread-name t)                              ; expect: name
(thread-join! t 0.001 'not-started)          ; expect: not-started
(eq? (thread-start! t) t)                    ; expect: #t
(thread-join! t)                             ; expect: done
(thread-start! t)                            ; error: has been started
(thread-start! (current-thread))             ; error: make-thread
(thread-specific-set! t '(a b))
(thread-specific t)                          ; expect: (a b)
(thread-specific-set! (current-thread) 5)
(thread-specific (current-thread))           ; expect: 5
(make-thread 1)                              ; error: make-thread
(define order '())
(define (start thunk) (thread-start! (make-thread thunk)))
(for-each thread-join! (map (lambda (i) (start (lambda () (set! order (cons i order)) (thread-yield!) (set! order (cons i order))))) '(1 2)))
order                                        ; expect: (2 1 2 1)

; Ends other than returning.
(define raising (start (lambda () (raise 'oops))))
(guard (e ((uncaught-exception? e) (uncaught-exception-reason e))) (thread-join! raising)) ; expect: oops
(guard (e ((uncaught-exception? e) (uncaught-exception-reason e))) (thread-join! raising 1 'x)) ; expect: oops
(define sleeping (start (lambda () (thread-sleep! 100))))
(guard (e ((join-timeout-exception? e) 'late)) (thread-join! sleeping 0.001)) ; expect: late
(thread-join! sleeping 0.001 'late)          ; expect: late
(thread-join! sleeping (seconds->time (+ 0.001 (time->seconds (current-time)))) 'late) ; expect: late
(define after #f)
(define winding (start (lambda () (dynamic-wind (lambda () #f) (lambda () (thread-sleep! 100)) (lambda () (set! after #t))))))
(thread-yield!)
(thread-terminate! winding)
after                                        ; expect: #t
(guard (e ((terminated-thread-exception? e) 'terminated)) (thread-join! winding)) ; expect: terminated
(thread-terminate! sleeping)
(thread-terminate! t)
(thread-join! t)                             ; expect: done
(map (lambda (is?) (is? 5)) (list join-timeout-exception? abandoned-mutex-exception? terminated-thread-exception? uncaught-exception?)) ; expect: (#f #f #f #f)
(define never (make-thread (lambda () 1)))
(thread-terminate! never)
(guard (e ((terminated-thread-exception? e) 'terminated)) (thread-join! never)) ; expect: terminated

; Mutexes and their states.
(define m (make-mutex 'm))
(list (mutex? m) (mutex-name m) (mutex-state m)) ; expect: (#t m not-abandoned)
(mutex-specific-set! m 'x)
(mutex-specific m)                           ; expect: x
(mutex-lock! m)                              ; expect: #t
(eq? (mutex-state m) (current-thread))       ; expect: #t
(mutex-lock! m 0.001)                        ; expect: #f
(mutex-lock! m 0)                            ; expect: #f
(mutex-unlock! m)                            ; expect: #t
(mutex-unlock! m)                            ; expect: #t
(mutex-lock! m #f #f)                        ; expect: #t
(mutex-state m)                              ; expect: not-owned
; Anybody may unlock.
(thread-join! (start (lambda () (mutex-unlock! m)))) ; expect: #t
(mutex-lock! m #f t)                         ; expect: #t
(mutex-state m)                              ; expect: not-abandoned
(define owner (start (lambda () (mutex-lock! m))))
(thread-join! owner)
(mutex-state m)                              ; expect: abandoned
(guard (e ((abandoned-mutex-exception? e) (list 'abandoned (eq? (mutex-state m) (current-thread))))) (mutex-lock! m)) ; expect: (abandoned #t)
(mutex-unlock! m)
; Who waits for a mutex hears of its owner's end.
(define holder (start (lambda () (mutex-lock! m) (thread-sleep! 100))))
(thread-yield!)
(define waiter (start (lambda () (guard (e ((abandoned-mutex-exception? e) 'abandoned)) (mutex-lock! m)))))
(thread-yield!)
(thread-terminate! holder)
(thread-join! waiter)                        ; expect: abandoned
; Who is called away when its turn comes leaves it to the next.
(define m (make-mutex))
(mutex-lock! m)
(define first (start (lambda () (mutex-lock! m) 'first)))
(define second (start (lambda () (mutex-lock! m) (mutex-unlock! m) 'second)))
(thread-yield!)
(mutex-unlock! m)
(thread-terminate! first)
(thread-join! second)                        ; expect: second

; Condition variables.
(define c (make-condition-variable 'c))
(list (condition-variable? c) (condition-variable-name c)) ; expect: (#t c)
(condition-variable-specific-set! c 1)
(condition-variable-specific c)              ; expect: 1
(mutex-lock! m)
(mutex-unlock! m c 0.001)                    ; expect: #f
(mutex-state m)                              ; expect: not-abandoned
(define woken '())
(define sleepers (map (lambda (i) (start (lambda () (mutex-lock! m) (let ((r (mutex-unlock! m c))) (set! woken (cons (list i r) woken)))))) '(1 2 3)))
(thread-yield!)
(condition-variable-signal! c)
(thread-yield!)
woken                                        ; expect: ((1 #t))
(condition-variable-broadcast! c)
(for-each thread-join! sleepers)
(map car woken)                              ; expect: (3 2 1)

; Time.
(define now (current-time))
(time? now)                                  ; expect: #t
(time? 5)                                    ; expect: #f
(< (abs (- (time->seconds (seconds->time 12.5)) 12.5)) 0.001) ; expect: #t
(thread-sleep! (seconds->time (+ (time->seconds now) 0.003)))
(>= (time->seconds (current-time)) (+ (time->seconds now) 0.003)) ; expect: #t
(thread-sleep! 'long)                        ; error: thread-sleep!
