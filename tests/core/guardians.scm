; A guardian gives back what nothing else holds, once, and keeps it alive until then.
(define g (make-guardian))
(procedure? g)                             ; expect: #t
(g)                                        ; expect: #f
(begin (g (list 1 2)) (g (vector 3)) (if #f #f))
(define kept (list 'kept))
(begin (g kept) (gc))
(sort (map vector? (list (g) (g))) (lambda (a b) a)) ; expect: (#t #f)
(g)                                        ; expect: #f
(begin (set! kept #f) (gc))
(g)                                        ; expect: (kept)
(g)                                        ; expect: #f
; It may be given to the guardian again, and to several: each gives it.
(define h (make-guardian))
(h (string #\a))
(gc)
(let ((s (h))) (g s) (h s))
(gc)
(list (g) (h) (g) (h))                     ; expect: ("a" "a" #f #f)
(begin (let ((s (list 'twice))) (h s) (h s)) (gc))
(list (h) (h) (h))                         ; expect: ((twice) (twice) #f)
; What is never let go is never given: numbers, symbols, procedures of the base.
(begin (for-each h (list 1 'a #\a #t '() car)) (gc))
(h)                                        ; expect: #f
; A cycle is given whole, and a guardian may watch over another one.
(begin (let ((c (list 1))) (set-cdr! c c) (h c)) (gc))
(let ((c (h))) (eq? c (cdr c)))            ; expect: #t
(begin (let ((inner (make-guardian))) (inner (list 'inner)) (h inner)) (gc))
((h))                                      ; expect: (inner)
; What a lost guardian watched over is lost with it.
(define weak (make-weak-key-hash-table))
(begin (let ((lost (make-guardian)) (o (list 'lost))) (hashq-set! weak o 1) (lost o)) (gc) (gc))
(hash-count (lambda (k v) #t) weak)        ; expect: 0
; An entry of a weak table stays as long as the guardian holds its key.
(begin (let ((o (list 'guarded))) (hashq-set! weak o 'value) (h o)) (gc))
(hashq-ref weak (h))                       ; expect: value
; Ports that nobody closed.
(define ports (make-guardian))
(begin (ports (open-input-string "left open")) (gc))
(let ((port (ports))) (close-port port) (port-closed? port)) ; expect: #t
; Many, while others are let go.
(define (watch i) (if (< i 20000) (begin (g (list i)) (make-vector 10 i) (watch (+ i 1)))))
(begin (watch 0) (gc))
(let loop ((sum 0) (count 0))
  (let ((o (g))) (if o (loop (+ sum (car o)) (+ count 1)) (list sum count)))) ; expect: (199990000 20000)
(g 1 2)                                    ; error: guardian: takes
; Collections can be put off, and are counted.
(define (times) (assq-ref (gc-stats) 'gc-times))
(begin (gc) (if #f #f))
(< 0 (times))                              ; expect: #t
(define before #f)
(begin (gc-disable) (gc-disable) (gc-enable) (if #f #f))
(set! before (times))
(let loop ((i 0) (l '())) (if (< i 300000) (loop (+ i 1) (cons i l)) (length l))) ; expect: 300000
(= before (times))                         ; expect: #t
(begin (gc-enable) (gc) (if #f #f))
(< before (times))                         ; expect: #t
(<= 0 (gc-run-time) (assq-ref (gc-stats) 'gc-time-taken)) ; expect: #t
(map car (gc-stats)) ; expect: (gc-time-taken heap-size heap-free-size heap-total-allocated heap-allocated-since-gc protected-objects gc-times)
