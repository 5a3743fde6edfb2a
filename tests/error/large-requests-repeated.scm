; A place that asks for much memory again and again gets it, as long as what it had before is garbage.
(define (churn n) (if (> n 0) (begin (make-vector 50000000 n) (churn (- n 1))) 'done))
(churn 8)                                              ; expect: done
(define v (make-vector 50000000 1))
(let loop ((n 5)) (if (> n 0) (begin (vector-copy v) (loop (- n 1))) 'done)) ; expect: done
(set! v #f)
