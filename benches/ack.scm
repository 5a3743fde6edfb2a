; ack: Ackermann's function, deep and unbalanced recursion.
(define (ack m n)
  (cond ((= m 0) (+ n 1))
        ((= n 0) (ack (- m 1) 1))
        (else (ack (- m 1) (ack m (- n 1))))))
(define (run n) (if (= n 1) (ack 3 9) (begin (ack 3 9) (run (- n 1)))))
(check (run 4) 4093)
