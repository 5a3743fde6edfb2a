; Section 4.1.3: operator and operands are all evaluated, each once, whatever they are.
(define log '())
(define (note x) (set! log (cons x log)) x)
(define (clear) (set! log '()))
(clear)
(+ (note 1) (note 2) (note 3))             ; expect: 6
(sort log <)                               ; expect: (1 2 3)
(clear)
((begin (note 'operator) list) (note 'operand)) ; expect: (operand)
(length log)                               ; expect: 2
(let ((n 0)) (define (next) (set! n (+ n 1)) n) (let ((r (list (next) (next) (next)))) (sort r <))) ; expect: (1 2 3)
(let ((x 1)) (+ (begin (set! x 10) x) 5))  ; expect: 15
(let ((f +)) (set! f *) (f 3 4))           ; expect: 12
(let ((+ *)) (+ 3 4))                      ; expect: 12
(let ((list vector)) (list 1 2))           ; expect: #(1 2)
(let ((car cdr)) (car '(1 2)))             ; expect: (2)
(let ((if list)) (if 1 2 3))               ; expect: (1 2 3)
(let ((quote -)) '5)                       ; expect: -5
(let ((define list)) (define 1 2))         ; expect: (1 2)
(let ((begin list)) (begin 1 2))           ; expect: (1 2)
(let ((lambda list)) (lambda 1 2))         ; expect: (1 2)
(let ((let list)) (let 1 2))               ; expect: (1 2)
(let ((else #f)) (cond (else 1) (#t 2)))   ; expect: 2
(let ((=> #f)) (cond (#t => 'ok)))         ; expect: ok
(apply + (let loop ((i 0)) (if (= i 1000) '() (cons i (loop (+ i 1)))))) ; expect: 499500
(length (apply list (make-list 5000 'x)))  ; expect: 5000
