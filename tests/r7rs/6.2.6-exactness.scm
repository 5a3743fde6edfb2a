; Section 6.2.6: exact, inexact and exact-integer-sqrt.
(exact 2.0)                                ; expect: 2
(exact 2.5)                                ; expect: 5/2
(exact -0.125)                             ; expect: -1/8
(exact 0.1)                                ; expect: 3602879701896397/36028797018963968
(exact 1e20)                               ; expect: 100000000000000000000
(exact 1e18)                               ; expect: 1000000000000000000
(exact -0.0)                               ; expect: 0
(exact 5)                                  ; expect: 5
(exact 1/3)                                ; expect: 1/3
(exact 4611686018427387904.0)              ; expect: 4611686018427387904
(exact 1e-5)                               ; expect: 5902958103587057/590295810358705651712
(exact +inf.0)                             ; error: exact
(exact +nan.0)                             ; error: exact
(exact 'a)                                 ; error: exact
(inexact 1)                                ; expect: 1.0
(inexact 1/3)                              ; expect: 0.3333333333333333
(inexact 1.5)                              ; expect: 1.5
(eqv? (inexact 100000000000000000000) 1e20) ; expect: #t
(inexact 9007199254740993)                 ; expect: 9007199254740992.0
(inexact 9007199254740995)                 ; expect: 9007199254740996.0
(= (inexact 123456789012345678) 123456789012345680) ; expect: #t
(inexact (expt 10 400))                    ; expect: +inf.0
(inexact (- (expt 10 400)))                ; expect: -inf.0
(inexact (/ (expt 10 400) (+ (expt 10 399) 1))) ; expect: 10.0
(inexact (/ 1 (expt 10 400)))              ; expect: 0.0
(inexact 2/3)                              ; expect: 0.6666666666666666
(inexact -7/2)                             ; expect: -3.5
(inexact 'a)                               ; error: inexact
(exact->inexact 1/4)                       ; expect: 0.25
(inexact->exact 0.25)                      ; expect: 1/4
(call-with-values (lambda () (exact-integer-sqrt 17)) list) ; expect: (4 1)
(call-with-values (lambda () (exact-integer-sqrt 4)) list) ; expect: (2 0)
(call-with-values (lambda () (exact-integer-sqrt 5)) list) ; expect: (2 1)
(call-with-values (lambda () (exact-integer-sqrt 0)) list) ; expect: (0 0)
(call-with-values (lambda () (exact-integer-sqrt 1)) list) ; expect: (1 0)
(call-with-values (lambda () (exact-integer-sqrt 15)) list) ; expect: (3 6)
(call-with-values (lambda () (exact-integer-sqrt 4503599761588223)) list) ; expect: (67108864 134217727)
(call-with-values (lambda () (exact-integer-sqrt 4503599761588224)) list) ; expect: (67108864 134217728)
(call-with-values (lambda () (exact-integer-sqrt 100000000000000000000)) list) ; expect: (10000000000 0)
(call-with-values (lambda () (exact-integer-sqrt 100000000000000000001)) list) ; expect: (10000000000 1)
(call-with-values (lambda () (exact-integer-sqrt (expt 10 61))) (lambda (s r) (and (= (+ (* s s) r) (expt 10 61)) (< r (+ s s 1))))) ; expect: #t
(exact-integer-sqrt -1)                    ; error: exact-integer-sqrt
(exact-integer-sqrt 4.0)                   ; error: exact-integer-sqrt
(exact-integer-sqrt 'a)                    ; error: exact-integer-sqrt
