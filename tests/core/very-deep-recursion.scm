; Ten million calls deep: the only limit is memory.
; slow: ten million calls
(define (count n) (if (= n 0) 0 (+ 1 (count (- n 1)))))
(count 10000000)                           ; expect: 10000000
