; Section 6.2.6: floor/ truncate/ and their kin, gcd, lcm.
(define-syntax both (syntax-rules () ((_ e) (call-with-values (lambda () e) list))))
(both (floor/ 5 2))                        ; expect: (2 1)
(both (floor/ -5 2))                       ; expect: (-3 1)
(both (floor/ 5 -2))                       ; expect: (-3 -1)
(both (floor/ -5 -2))                      ; expect: (2 -1)
(both (truncate/ 5 2))                     ; expect: (2 1)
(both (truncate/ -5 2))                    ; expect: (-2 -1)
(both (truncate/ 5 -2))                    ; expect: (-2 1)
(both (truncate/ -5 -2))                   ; expect: (2 -1)
(both (truncate/ -5.0 2))                  ; expect: (-2.0 -1.0)
(both (floor/ -5.0 2))                     ; expect: (-3.0 1.0)
(both (floor/ 4 2))                        ; expect: (2 0)
(both (floor/ -4 2))                       ; expect: (-2 0)
(both (floor/ 0 5))                        ; expect: (0 0)
(both (floor/ 100000000000000000000 7))    ; expect: (14285714285714285714 2)
(both (floor/ -100000000000000000000 7))   ; expect: (-14285714285714285715 5)
(both (truncate/ -100000000000000000000 7)) ; expect: (-14285714285714285714 -2)
(both (floor/ 7 100000000000000000000))    ; expect: (0 7)
(both (floor/ -7 100000000000000000000))   ; expect: (-1 99999999999999999993)
(both (floor/ 7 -100000000000000000000))   ; expect: (-1 -99999999999999999993)
(both (truncate/ 100000000000000000000 -10000000000)) ; expect: (-10000000000 0)
(map quotient '(13 -13 13 -13) '(4 4 -4 -4)) ; expect: (3 -3 -3 3)
(map remainder '(13 -13 13 -13) '(4 4 -4 -4)) ; expect: (1 -1 1 -1)
(map modulo '(13 -13 13 -13) '(4 4 -4 -4)) ; expect: (1 3 -3 -1)
(map floor-quotient '(13 -13 13 -13) '(4 4 -4 -4)) ; expect: (3 -4 -4 3)
(map floor-remainder '(13 -13 13 -13) '(4 4 -4 -4)) ; expect: (1 3 -3 -1)
(map truncate-quotient '(13 -13 13 -13) '(4 4 -4 -4)) ; expect: (3 -3 -3 3)
(map truncate-remainder '(13 -13 13 -13) '(4 4 -4 -4)) ; expect: (1 -1 1 -1)
(quotient 13.0 4)                          ; expect: 3.0
(remainder -13 4.0)                        ; expect: -1.0
(modulo -13 4.0)                           ; expect: 3.0
(modulo -13.0 4.0)                         ; expect: 3.0
(quotient -2305843009213693952 -1)         ; expect: 2305843009213693952
(quotient -4611686018427387904 -1)         ; expect: 4611686018427387904
(quotient -9223372036854775808 -1)         ; expect: 9223372036854775808
(remainder -9223372036854775808 -1)        ; expect: 0
(modulo -9223372036854775808 -1)           ; expect: 0
(modulo 5 100000000000000000000)           ; expect: 5
(modulo -5 100000000000000000000)          ; expect: 99999999999999999995
(remainder 100000000000000000000 99999999999) ; expect: 1000000000
(remainder 123456789012345678901234567890 987654321) ; expect: 574845669
(quotient 123456789012345678901234567890 987654321098765432) ; expect: 124999998860
(quotient 1 0)                             ; error: quotient
(remainder 1 0)                            ; error: remainder
(modulo 1 0)                               ; error: modulo
(modulo 10.0 0)                            ; error: modulo
(floor/ 1 0)                               ; error: floor/
(truncate/ 1 0)                            ; error: truncate/
(floor-quotient 1 0)                       ; error: floor-quotient
(quotient 1.5 2)                           ; error: quotient
(modulo 1/2 2)                             ; error: modulo
(remainder 'a 2)                           ; error: remainder
(gcd 32 -36)                               ; expect: 4
(gcd)                                      ; expect: 0
(gcd 5)                                    ; expect: 5
(gcd -5)                                   ; expect: 5
(gcd 0 5)                                  ; expect: 5
(gcd 12 18 27)                             ; expect: 3
(gcd 32.0 -36)                             ; expect: 4.0
(gcd 100000000000000000000 15)             ; expect: 5
(gcd 123456789012345678901234567890 987654321098765432109876543210) ; expect: 9000000000900000000090
(lcm 32 -36)                               ; expect: 288
(lcm 32.0 -36)                             ; expect: 288.0
(lcm)                                      ; expect: 1
(lcm 4)                                    ; expect: 4
(lcm 0 5)                                  ; expect: 0
(lcm 2 3 4 5 6 7 8 9 10)                   ; expect: 2520
(lcm 100000000000000000000 3)              ; expect: 300000000000000000000
(gcd 'a)                                   ; error: gcd
(lcm 1 "2")                                ; error: lcm
(let loop ((a -20) (ok #t))
  (if (> a 20) ok
    (loop (+ a 1)
      (let inner ((b -7) (ok ok))
        (cond ((> b 7) ok) ((= b 0) (inner 1 ok))
          (else (inner (+ b 1)
            (and ok (= a (+ (* b (floor-quotient a b)) (floor-remainder a b)))
                 (= a (+ (* b (truncate-quotient a b)) (truncate-remainder a b)))
                 (< (abs (modulo a b)) (abs b)) (<= 0 (* b (modulo a b))) (<= 0 (* a (remainder a b))))))))))) ; expect: #t
