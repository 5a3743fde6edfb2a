; Section 6.10: call/cc: escaping, re-entering, generators, and being called as any procedure.
(call-with-current-continuation (lambda (exit) (for-each (lambda (x) (if (negative? x) (exit x))) '(54 0 37 -3 245 19)) #t)) ; expect: -3
(define list-length
  (lambda (obj) (call-with-current-continuation (lambda (return)
    (letrec ((r (lambda (obj) (cond ((null? obj) 0) ((pair? obj) (+ (r (cdr obj)) 1)) (else (return #f)))))) (r obj))))))
(list-length '(1 2 3 4))                   ; expect: 4
(list-length '(a b . c))                   ; expect: #f
(call/cc (lambda (k) 5))                   ; expect: 5
(call/cc (lambda (k) (k 5) 6))             ; expect: 5
(+ 1 (call/cc (lambda (k) (+ 10 (k 5)))))  ; expect: 6
(call/cc procedure?)                       ; expect: #t
(procedure? (call/cc (lambda (k) k)))      ; expect: #t
(call/cc (lambda (k) (apply k '(5))))      ; expect: 5
(call/cc (lambda (k) (map k '(1 2 3))))    ; expect: 1
(let ((k (call/cc (lambda (c) c)))) (if (procedure? k) (k 5) k)) ; expect: 5
(let ((n 0) (k #f)) (call/cc (lambda (c) (set! k c))) (set! n (+ n 1)) (if (< n 5) (k #f)) n) ; expect: 5
(let* ((k #f) (r (list 'a (call/cc (lambda (c) (set! k c) 'b)) 'c))) (if (eq? (cadr r) 'b) (k 'x) r)) ; expect: (a x c)
(let ((k #f) (n 0)) (let ((x (call/cc (lambda (c) (set! k c) 1)))) (set! n (+ n x)) (if (< x 4) (k (+ x 1)) n))) ; expect: 10
(define (make-generator proc)
  (define return #f)
  (define (yield x) (call/cc (lambda (next) (set! resume (lambda () (next #f))) (return x))))
  (define resume (lambda () (proc yield) (return 'done)))
  (lambda () (call/cc (lambda (r) (set! return r) (resume)))))
(define (tree-walker tree) (make-generator (lambda (yield) (let walk ((t tree)) (cond ((null? t) #f) ((pair? t) (walk (car t)) (walk (cdr t))) (else (yield t)))))))
(define g (tree-walker '(1 (2 (3 4)) 5)))
(let* ((a (g)) (b (g)) (c (g)) (d (g)) (e (g)) (f (g))) (list a b c d e f)) ; expect: (1 2 3 4 5 done)
(define (same-fringe? a b)
  (let ((ga (tree-walker a)) (gb (tree-walker b)))
    (let loop () (let ((x (ga)) (y (gb))) (cond ((not (eqv? x y)) #f) ((eq? x 'done) #t) (else (loop)))))))
(same-fringe? '(1 (2 3) 4) '((1 2) (3 (4)))) ; expect: #t
(same-fringe? '(1 (2 3) 4) '((1 2) (4 (3)))) ; expect: #f
(let ((g (make-generator (lambda (yield) (let loop ((i 0)) (if (< i 10000) (begin (yield i) (loop (+ i 1))))))))) (let loop ((sum 0)) (let ((x (g))) (if (eq? x 'done) sum (loop (+ sum x)))))) ; expect: 49995000
(define fail-stack '())
(define (fail) (if (null? fail-stack) 'no-more (let ((back (car fail-stack))) (set! fail-stack (cdr fail-stack)) (back back))))
(define (amb choices) (let ((cc (call/cc (lambda (c) c)))) (if (null? choices) (fail) (let ((choice (car choices))) (set! choices (cdr choices)) (set! fail-stack (cons cc fail-stack)) choice))))
(let* ((a (amb '(1 2 3 4 5 6 7))) (b (amb '(1 2 3 4 5 6 7))) (c (amb '(1 2 3 4 5 6 7)))) (if (and (= (* c c) (+ (* a a) (* b b))) (< b a)) (list a b c) (fail))) ; expect: (4 3 5)
(let ((k #f) (n 0) (all '()))
  (let ((r (map (lambda (x) (call/cc (lambda (c) (if (= x 2) (set! k c)) x))) '(1 2 3))))
    (set! all (cons r all)) (set! n (+ n 1))
    (if (< n 3) (k (* n 10)) (reverse all)))) ; expect: ((1 2 3) (1 10 3) (1 20 3))
(let ((k #f) (n 0) (all '()))
  (let ((r (map (lambda (x y) (call/cc (lambda (c) (if (= x 1) (set! k c)) (+ x y)))) '(1 2 3) '(10 20 30))))
    (set! all (cons r all)) (set! n (+ n 1))
    (if (< n 3) (k n) (reverse all))))     ; expect: ((11 22 33) (1 22 33) (2 22 33))
(let ((k #f) (n 0) (all '()))
  (let ((r (vector-map (lambda (x) (call/cc (lambda (c) (if (= x 2) (set! k c)) x))) #(1 2 3))))
    (set! all (cons r all)) (set! n (+ n 1))
    (if (< n 3) (k (* n 10)) (reverse all)))) ; expect: (#(1 2 3) #(1 10 3) #(1 20 3))
(let ((k #f) (n 0) (all '()))
  (let ((r (string-map (lambda (x) (call/cc (lambda (c) (if (char=? x #\b) (set! k c)) x))) "abc")))
    (set! all (cons r all)) (set! n (+ n 1))
    (if (< n 3) (k (if (= n 1) #\X #\Y)) (reverse all)))) ; expect: ("abc" "aXc" "aYc")
(let ((k #f) (n 0) (seen '()))
  (string-for-each (lambda (x) (call/cc (lambda (c) (if (char=? x #\b) (set! k c)))) (set! seen (cons x seen))) "abc")
  (set! n (+ n 1))
  (if (< n 3) (k #f) (reverse seen)))      ; expect: (#\a #\b #\c #\b #\c #\b #\c)
(let ((k #f) (n 0) (seen '()))
  (for-each (lambda (x) (call/cc (lambda (c) (if (= x 2) (set! k c)))) (set! seen (cons x seen))) '(1 2 3))
  (set! n (+ n 1))
  (if (< n 3) (k #f) (reverse seen)))      ; expect: (1 2 3 2 3 2 3)
(let ((k #f) (n 0) (seen '()))
  (vector-for-each (lambda (x) (call/cc (lambda (c) (if (= x 2) (set! k c)))) (set! seen (cons x seen))) #(1 2 3))
  (set! n (+ n 1))
  (if (< n 2) (k #f) (reverse seen)))      ; expect: (1 2 3 2 3)
(let ((k #f) (n 0) (all '()))
  (let ((r (sort '(3 1 2) (lambda (a b) (call/cc (lambda (c) (if (not k) (set! k c)) (< a b)))))))
    (set! all (cons r all)) (set! n (+ n 1))
    (if (= n 1) (k (> 1 2)) (list (length all) (cadr all))))) ; expect: (2 (1 2 3))
(let ((k #f) (n 0))
  (let ((r (apply + (list 1 (call/cc (lambda (c) (set! k c) 2)) 3))))
    (set! n (+ n 1))
    (if (< n 3) (k (* r 10)) r)))          ; expect: 644
(define k2 #f)
(define (deep n) (if (= n 0) (call/cc (lambda (c) (set! k2 c) 0)) (+ 1 (deep (- n 1)))))
(define deep-count 0)
(let ((r (deep 10000))) (set! deep-count (+ deep-count 1)) (if (< deep-count 3) (k2 r) r)) ; expect: 30000
(call-with-values (lambda () (call/cc (lambda (k) (k 1 2 3)))) list) ; expect: (1 2 3)
(begin (call/cc (lambda (k) (k 1 2))) 'ignored) ; expect: ignored
(let ((path '()) (c #f))
  (let ((add (lambda (s) (set! path (cons s path)))))
    (dynamic-wind (lambda () (add 'connect)) (lambda () (add (call/cc (lambda (c0) (set! c c0) 'talk1)))) (lambda () (add 'disconnect)))
    (if (< (length path) 4) (c 'talk2) (reverse path)))) ; expect: (connect talk1 disconnect connect talk2 disconnect)
(define (loop-with-k n) (let ((k #f) (i 0)) (call/cc (lambda (c) (set! k c))) (set! i (+ i 1)) (if (< i n) (k i) i)))
(loop-with-k 100000)                       ; expect: 100000
(call/cc 5)                                ; error: call/cc
(call-with-current-continuation 'x)        ; error: call-with-current-continuation
(call/cc (lambda () 1))                    ; error: argument

; A continuation captured inside of a begin at top level goes on with the rest of it, each time it is called.
(define again #f)
(define rounds '())
(begin (call/cc (lambda (k) (set! again k))) (set! rounds (cons (length rounds) rounds)))
(if (< (length rounds) 4) (again #f))
(if (< (length rounds) 4) (again #f))
(if (< (length rounds) 4) (again #f))
rounds                                                ; expect: (3 2 1 0)
(begin
  (define found (call/cc (lambda (k) (set! again k) 0)))
  (define-syntax twice (syntax-rules () ((_ e) (* 2 e))))
  (if (< found 5) (again (+ found 1)))
  (set! found (twice found)))
found                                                 ; expect: 10
