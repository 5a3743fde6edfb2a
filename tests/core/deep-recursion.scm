; Recursion is as deep as memory allows: the Scheme stack is not the machine's.
(define (count-up n) (if (= n 0) 0 (+ 1 (count-up (- n 1)))))
(count-up 1000000)                         ; expect: 1000000
(define (build n) (if (= n 0) '() (cons n (build (- n 1)))))
(length (build 500000))                    ; expect: 500000
(define (sum l) (if (null? l) 0 (+ (car l) (sum (cdr l)))))
(sum (build 300000))                       ; expect: 45000150000
(apply + (map (lambda (x) 1) (build 300000))) ; expect: 300000
(fold-right + 0 (build 200000))            ; expect: 20000100000
(define (deep-guard n) (if (= n 0) (raise 'bottom) (+ 1 (deep-guard (- n 1)))))
(guard (e (#t e)) (deep-guard 300000))     ; expect: bottom
(define (escape-from n k) (if (= n 0) (k 'escaped) (+ 1 (escape-from (- n 1) k))))
(call/cc (lambda (k) (escape-from 300000 k))) ; expect: escaped
(define (tree n) (if (= n 0) '() (cons (tree (- n 1)) '())))
(define (tree-depth t) (if (null? t) 0 (+ 1 (tree-depth (car t)))))
(tree-depth (tree 200000))                 ; expect: 200000
(equal? (tree 100000) (tree 100000))       ; expect: #t
(define (ack m n) (cond ((= m 0) (+ n 1)) ((= n 0) (ack (- m 1) 1)) (else (ack (- m 1) (ack m (- n 1))))))
(ack 2 300)                                ; expect: 603
(string-length (let loop ((n 100000)) (if (= n 0) "" (let ((s (loop (- n 1)))) (if (= 0 (modulo n 1000)) (string-append s "x") s))))) ; expect: 100
