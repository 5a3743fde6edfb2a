(define (total prices)
  (apply + (map (lambda (price) (* 100 (car price))) prices)))
(display "before\n")
(total '((1 apple) (2 pear) three))
