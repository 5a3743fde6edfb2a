; Section 4.2.4: do and named let.
(do ((vec (make-vector 5)) (i 0 (+ i 1))) ((= i 5) vec) (vector-set! vec i i)) ; expect: #(0 1 2 3 4)
(let ((x '(1 3 5 7 9))) (do ((x x (cdr x)) (sum 0 (+ sum (car x)))) ((null? x) sum))) ; expect: 25
(do ((i 0 (+ i 1))) ((= i 3) 'done))       ; expect: done
(do ((i 0 (+ i 1)) (j 10 (- j 1))) ((= i j) (list i j))) ; expect: (5 5)
(do ((a 1 b) (b 2 a) (i 0 (+ i 1))) ((= i 3) (list a b))) ; expect: (2 1)
(do ((i 0 (+ i 1)) (k 7)) ((= i 3) k))     ; expect: 7
(do ((i 0 (+ i 1))) ((= i 3) 'a 'b 'c))    ; expect: c
(let ((n 0)) (do () ((= n 4) n) (set! n (+ n 1)))) ; expect: 4
(let ((fs '())) (do ((i 0 (+ i 1))) ((= i 3)) (set! fs (cons (lambda () i) fs))) (map (lambda (f) (f)) fs)) ; expect: (2 1 0)
(let ((x 0)) (do ((i 0 (+ i 1))) ((= i 3)) (set! x (+ x i)) (set! x (* x 2))) x) ; expect: 8
(let loop ((numbers '(3 -2 1 6 -5)) (nonneg '()) (neg '()))
  (cond ((null? numbers) (list nonneg neg))
        ((>= (car numbers) 0) (loop (cdr numbers) (cons (car numbers) nonneg) neg))
        ((< (car numbers) 0) (loop (cdr numbers) nonneg (cons (car numbers) neg))))) ; expect: ((6 1 3) (-5 -2))
(let loop () 5)                            ; expect: 5
(let loop ((i 0)) (if (< i 10) (loop (+ i 1)) i)) ; expect: 10
(let loop ((i 0) (acc '())) (if (= i 5) acc (loop (+ i 1) (cons i acc)))) ; expect: (4 3 2 1 0)
(let f ((n 5)) (if (= n 0) 1 (* n (f (- n 1))))) ; expect: 120
(let loop ((i 0)) (if (< i 3) (begin (display i) (loop (+ i 1))))) ; prints: 012
(let loop ((i 0) (fs '())) (if (= i 3) (map (lambda (f) (f)) fs) (loop (+ i 1) (cons (lambda () i) fs)))) ; expect: (2 1 0)
(let loop ((i 0)) (define (next) (+ i 1)) (if (< i 4) (loop (next)) i)) ; expect: 4
(let ((loop (lambda (x) (list 'outer x)))) (let loop ((x (loop 1))) x)) ; expect: (outer 1)
(let loop ((x 1)) (let ((loop list)) (loop x))) ; expect: (1)
(procedure? (let loop ((i 0)) loop))       ; expect: #t
((let loop ((i 0)) (if (= i 0) loop (list i))) 7) ; expect: (7)
(let outer ((i 0) (out '())) (if (= i 3) (reverse out) (let inner ((j 0) (out out)) (if (= j 2) (outer (+ i 1) out) (inner (+ j 1) (cons (list i j) out)))))) ; expect: ((0 0) (0 1) (1 0) (1 1) (2 0) (2 1))
(let loop ((i 0) (n 0)) (if (= i 10) n (loop (+ i 1) (let inner ((j 0) (m n)) (if (= j i) m (inner (+ j 1) (+ m 1))))))) ; expect: 45
(let loop ((i 0)) (set! i (+ i 1)) (if (< i 5) (loop i) i)) ; expect: 5
(let loop ((l '(1 2 3))) (if (pair? l) (cons (* 2 (car l)) (loop (cdr l))) '())) ; expect: (2 4 6)
(let loop ((i 0) . rest) i)                ; error: let
(do ((i 0 1 2)) (#t))                      ; error: do
(do)                                       ; error: do
