; Closures: capture by variable, assignment shared between closures, loops making fresh bindings.
(define (make-account balance)
  (define (withdraw n) (if (> n balance) 'insufficient (begin (set! balance (- balance n)) balance)))
  (define (deposit n) (set! balance (+ balance n)) balance)
  (lambda (m . args) (apply (case m ((withdraw) withdraw) ((deposit) deposit)) args)))
(define a (make-account 100))
(define b (make-account 50))
(a 'withdraw 30)                           ; expect: 70
(b 'withdraw 30)                           ; expect: 20
(a 'deposit 100)                           ; expect: 170
(b 'withdraw 30)                           ; expect: insufficient
(define (pair-of-closures) (let ((n 0)) (cons (lambda () (set! n (+ n 1)) n) (lambda () n))))
(let ((p (pair-of-closures))) ((car p)) ((car p)) ((cdr p))) ; expect: 2
(map (lambda (f) (f)) (map (lambda (x) (lambda () (* x x))) '(1 2 3))) ; expect: (1 4 9)
(let loop ((i 0) (fs '())) (if (< i 3) (loop (+ i 1) (cons (lambda () i) fs)) (map (lambda (f) (f)) fs))) ; expect: (2 1 0)
(let ((fs (do ((i 0 (+ i 1)) (fs '() (cons (lambda () (set! i (+ i 10)) i) fs))) ((= i 3) fs)))) (map (lambda (f) (f)) fs)) ; expect: (12 11 10)
(define (curry f . args) (lambda more (apply f (append args more))))
((curry + 1 2) 3 4)                        ; expect: 10
(define (compose . fs) (if (null? fs) (lambda (x) x) (lambda (x) ((car fs) ((apply compose (cdr fs)) x)))))
((compose (lambda (x) (* x 2)) (lambda (x) (+ x 1))) 5) ; expect: 12
(define (fix f) ((lambda (x) (f (lambda (v) ((x x) v)))) (lambda (x) (f (lambda (v) ((x x) v))))))
((fix (lambda (self) (lambda (n) (if (= n 0) 1 (* n (self (- n 1))))))) 10) ; expect: 3628800
(define (church n) (lambda (f) (lambda (x) (if (= n 0) x (f (((church (- n 1)) f) x))))))
(((church 7) (lambda (x) (+ x 1))) 0)      ; expect: 7
(let ((x 1)) (define (f) x) (set! x 2) (f)) ; expect: 2
(let ((x 1)) (let ((f (lambda () x))) (let ((x 5)) (f)))) ; expect: 1
(define (nested a) (lambda (b) (lambda (c) (lambda (d) (list a b c d)))))
((((nested 1) 2) 3) 4)                     ; expect: (1 2 3 4)
(define (many a b c d e f g h i j) (lambda () (+ a b c d e f g h i j)))
((many 1 2 3 4 5 6 7 8 9 10))              ; expect: 55
(define (set-arg x) (let ((g (lambda () (set! x (+ x 1)) x))) (g) (g)))
(set-arg 10)                               ; expect: 12
(define (set-rest . r) (let ((g (lambda () (set! r (cons 0 r)) r))) (g)))
(set-rest 1 2)                             ; expect: (0 1 2)
(letrec ((tree-insert (lambda (tree x) (cond ((null? tree) (list x '() '())) ((< x (car tree)) (list (car tree) (tree-insert (cadr tree) x) (caddr tree))) (else (list (car tree) (cadr tree) (tree-insert (caddr tree) x))))))
         (walk (lambda (tree) (if (null? tree) '() (append (walk (cadr tree)) (list (car tree)) (walk (caddr tree)))))))
  (walk (let loop ((l '(5 3 8 1 4 7 9)) (t '())) (if (null? l) t (loop (cdr l) (tree-insert t (car l))))))) ; expect: (1 3 4 5 7 8 9)
(define x 10)
(define (get-x) x)
(let ((x 20)) (get-x))                     ; expect: 10
(set! x 30)
(get-x)                                    ; expect: 30
(define (redefined) 1)
(define (calls-redefined) (redefined))
(calls-redefined)                          ; expect: 1
(define (redefined) 2)
(calls-redefined)                          ; expect: 2
(let ((car cdr)) (map car '((1 2) (3 4)))) ; expect: ((2) (4))
(define (shadow + a b) (+ a b))
(shadow * 3 4)                             ; expect: 12
(let loop ((i 0) (j 10)) (let ((k (lambda () (list i j)))) (if (< i j) (loop (+ i 1) (- j 1)) (k)))) ; expect: (5 5)
(let ((f #f)) (let loop ((i 0)) (if (= i 3) (set! f (lambda () i))) (if (< i 10) (loop (+ i 1)))) (f)) ; expect: 3
((lambda (f) (f f 5)) (lambda (self n) (if (= n 0) '() (cons n (self self (- n 1)))))) ; expect: (5 4 3 2 1)
