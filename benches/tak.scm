; tak: recursion with three arguments and nested calls.
(define (tak x y z)
  (if (< y x)
      (tak (tak (- x 1) y z) (tak (- y 1) z x) (tak (- z 1) x y))
      z))
(define (run n) (if (= n 1) (tak 24 16 8) (begin (tak 24 16 8) (run (- n 1)))))
(check (run 20) 9)
