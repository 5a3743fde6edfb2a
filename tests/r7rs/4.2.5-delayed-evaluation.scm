; Section 4.2.5: delay, delay-force, force, make-promise.
(force (delay (+ 1 2)))                    ; expect: 3
(let ((p (delay (+ 1 2)))) (list (force p) (force p))) ; expect: (3 3)
(define integers (letrec ((next (lambda (n) (delay (cons n (next (+ n 1))))))) (next 0)))
(define (head stream) (car (force stream)))
(define (tail stream) (cdr (force stream)))
(head (tail (tail integers)))              ; expect: 2
(define (stream-filter p? s)
  (delay-force (if (null? (force s)) (delay '())
    (let ((h (car (force s))) (t (cdr (force s))))
      (if (p? h) (delay (cons h (stream-filter p? t))) (stream-filter p? t))))))
(head (tail (tail (stream-filter odd? integers)))) ; expect: 5
(define count 0)
(define p (delay (begin (set! count (+ count 1)) (if (> count x) count (force p)))))
(define x 5)
(promise? p)                               ; expect: #t
(force p)                                  ; expect: 6
(promise? p)                               ; expect: #t
(begin (set! x 10) (force p))              ; expect: 6
(define n 0)
(define q (delay (begin (set! n (+ n 1)) n)))
(list (force q) (force q) n)               ; expect: (1 1 1)
(define r (delay (begin (set! n (+ n 1)) 'no)))
n                                          ; expect: 1
(promise? r)                               ; expect: #t
(promise? 5)                               ; expect: #f
(promise? (lambda () 5))                   ; expect: #f
(promise? (make-promise 5))                ; expect: #t
(force (make-promise 5))                   ; expect: 5
(let ((p (delay 1))) (eq? p (make-promise p))) ; expect: #t
(force (make-promise (make-promise 6)))    ; expect: 6
(procedure? (delay 1))                     ; expect: #f
(force (delay-force (delay 7)))            ; expect: 7
(force (delay-force (make-promise 8)))     ; expect: 8
(promise? (force (delay (delay 1))))       ; expect: #t
(force (force (delay (delay 9))))          ; expect: 9
(define s (letrec ((loop (lambda (n) (if (= n 0) (delay 'bottom) (delay-force (loop (- n 1))))))) (loop 300000)))
(force s)                                  ; expect: bottom
(define (stream-from n) (delay (cons n (stream-from (+ n 1)))))
(define (nth s n) (if (= n 0) (head s) (nth (tail s) (- n 1))))
(nth (stream-from 0) 50000)                ; expect: 50000
(define (big-filter) (stream-filter (lambda (n) (> n 100000)) (stream-from 0)))
(head (big-filter))                        ; expect: 100001
(define shared-count 0)
(define a (delay (begin (set! shared-count (+ shared-count 1)) 'value)))
(define b (delay-force a))
(define c (delay-force b))
(list (force c) (force b) (force a) shared-count) ; expect: (value value value 1)
(define again (let ((first? #t)) (delay (if first? (begin (set! first? #f) (force again)) 'second))))
(force again)                              ; expect: second
(define failing (let ((tries 0)) (delay (begin (set! tries (+ tries 1)) (if (< tries 3) (raise tries) tries)))))
(define (attempt) (guard (e (#t (list 'failed e))) (force failing)))
(list (attempt) (attempt) (attempt) (attempt)) ; expect: ((failed 1) (failed 2) 3 3)
(let ((p (delay (values 5)))) (force p))   ; expect: 5
(let ((x 1)) (let ((p (delay x))) (set! x 2) (force p))) ; expect: 2
