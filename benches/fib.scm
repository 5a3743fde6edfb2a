; fib: plain recursion, small integers.
(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
(check (fib 35) 9227465)
