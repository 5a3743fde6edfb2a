; Depth of data is bounded by memory, not by the reader's or printer's stack.
(define (nested n) (string-append (make-string n #\() (make-string n #\))))
(define (depth x) (let loop ((x x) (n 0)) (if (pair? x) (loop (car x) (+ n 1)) n)))
(depth (read (open-input-string (nested 100000)))) ; expect: 99999
(define deep (let loop ((i 0) (x '())) (if (= i 100000) x (loop (+ i 1) (list x)))))
(string-length (let ((p (open-output-string))) (write deep p) (get-output-string p))) ; expect: 200002
(equal? deep (let loop ((i 0) (x '())) (if (= i 100000) x (loop (+ i 1) (list x))))) ; expect: #t
(string-length (let ((p (open-output-string))) (write (let loop ((i 0) (x 'x)) (if (= i 50000) x (loop (+ i 1) (vector x)))) p) (get-output-string p))) ; expect: 150001
