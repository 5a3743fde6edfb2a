; ctak: tak with a continuation captured at each call.
(define (ctak x y z) (call-with-current-continuation (lambda (k) (ctak-aux k x y z))))
(define (ctak-aux k x y z)
  (if (not (< y x))
      (k z)
      (call-with-current-continuation
        (lambda (k)
          (ctak-aux k
            (call-with-current-continuation (lambda (k) (ctak-aux k (- x 1) y z)))
            (call-with-current-continuation (lambda (k) (ctak-aux k (- y 1) z x)))
            (call-with-current-continuation (lambda (k) (ctak-aux k (- z 1) x y))))))))
(check (ctak 15 9 3) 4)
