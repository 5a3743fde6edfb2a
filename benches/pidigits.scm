; pidigits: digits of pi by a spigot on big integers.
(define (digits n)
  (let loop ((q 1) (r 0) (t 1) (k 1) (m 3) (x 3) (count 0) (out 0))
    (if (= count n)
        (modulo out 10000000000)
        (if (< (+ (* 4 q) (- r t)) (* m t))
            (loop (* 10 q) (* 10 (- r (* m t))) t k
                  (- (quotient (* 10 (+ (* 3 q) r)) t) (* 10 m)) x (+ count 1) (modulo (+ (* 10 out) m) 10000000000))
            (loop (* q k) (* (+ (* 2 q) r) x) (* t x) (+ k 1)
                  (quotient (+ (* q (+ (* 7 k) 2)) (* r x)) (* t x)) (+ x 2) count out)))))
(check (digits 1500) 9750930295)
