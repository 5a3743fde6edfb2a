; float-sum: a counting loop that adds floats.
(define (sum n)
  (let loop ((i 0) (s 0.0))
    (if (= i n) s (loop (+ i 1) (+ s (* 0.5 (exact->inexact i)))))))
(check (sum 10000000) 24999997500000.0)
