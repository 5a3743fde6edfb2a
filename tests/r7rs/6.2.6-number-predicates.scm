; Section 6.2.6: classes of numbers, exactness, sign and parity.
(map number? '(0 -1 1/2 1.5 1e10 a "1" #\1 () #t)) ; expect: (#t #t #t #t #t #f #f #f #f #f)
(map complex? (list 0 1/2 1.5))            ; expect: (#t #t #t)
(map real? (list 0 1/2 1.5 +inf.0 +nan.0 'x)) ; expect: (#t #t #t #t #t #f)
(map rational? (list 0 1/2 1.5 6/10 6/3 +inf.0 -inf.0 +nan.0 "x")) ; expect: (#t #t #t #t #t #f #f #f #f)
(map integer? (list 0 3.0 8/4 1/2 1.5 -0.0 1e300 +inf.0 +nan.0 'a)) ; expect: (#t #t #t #f #f #t #t #f #f #f)
(map exact? (list 0 1/2 1.5 2.0 100000000000000000000)) ; expect: (#t #t #f #f #t)
(map inexact? (list 0 1/2 1.5 +inf.0))     ; expect: (#f #f #t #t)
(map exact-integer? (list 32 32.0 32/5 100000000000000000000 'a "1")) ; expect: (#t #f #f #t #f #f)
(map finite? (list 3 1/2 1.5 +inf.0 -inf.0 +nan.0)) ; expect: (#t #t #t #f #f #f)
(map infinite? (list 3 1.5 +inf.0 -inf.0 +nan.0)) ; expect: (#f #f #t #t #f)
(map nan? (list 32 1.5 +inf.0 +nan.0))     ; expect: (#f #f #f #t)
(map zero? (list 0 0.0 -0.0 1 1e-300 0/5)) ; expect: (#t #t #t #f #f #t)
(map positive? (list 1 0 -1 0.1 -0.0 +inf.0 1/2 100000000000000000000)) ; expect: (#t #f #f #t #f #t #t #t)
(map negative? (list 1 0 -1 -0.1 -0.0 -inf.0 -1/2 -100000000000000000000)) ; expect: (#f #f #t #t #f #t #t #t)
(map odd? (list 1 2 -1 0 3.0 100000000000000000001)) ; expect: (#t #f #t #f #t #t)
(map even? (list 1 2 -2 0 4.0 100000000000000000000)) ; expect: (#f #t #t #t #t #t)
(odd? 1.5)                                 ; error: odd?
(even? 1/2)                                ; error: even?
(zero? 'a)                                 ; error: zero?
(positive? "1")                            ; error: positive?
(exact? 'a)                                ; error: exact?
(nan? 'x)                                  ; error: nan?
(finite? "x")                              ; error: finite?
