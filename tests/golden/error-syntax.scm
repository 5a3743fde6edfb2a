(define (f x)
  (let ((y 1) z)
    (+ x y)))
