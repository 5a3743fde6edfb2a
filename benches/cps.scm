; cps: tak in continuation-passing style: closures made and called, no stack.
(define (cps-tak x y z k)
  (if (< y x)
      (cps-tak (- x 1) y z
        (lambda (a)
          (cps-tak (- y 1) z x
            (lambda (b)
              (cps-tak (- z 1) x y
                (lambda (c) (cps-tak a b c k)))))))
      (k z)))
(define (run n) (let ((v (cps-tak 18 12 6 (lambda (a) a)))) (if (= n 1) v (run (- n 1)))))
(check (run 250) 7)
