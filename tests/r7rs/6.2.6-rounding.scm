; Section 6.2.6: numerator, denominator, floor, ceiling, truncate, round, rationalize.
(numerator (/ 6 4))                        ; expect: 3
(denominator (/ 6 4))                      ; expect: 2
(denominator 0)                            ; expect: 1
(numerator 0)                              ; expect: 0
(numerator -3/6)                           ; expect: -1
(denominator (inexact (/ 6 4)))            ; expect: 2.0
(numerator 0.75)                           ; expect: 3.0
(denominator 5)                            ; expect: 1
(map floor '(-4.3 -3.5 3.5 4.3 -0.5 0.5 7 7/2 -7/2)) ; expect: (-5.0 -4.0 3.0 4.0 -1.0 0.0 7 3 -4)
(map ceiling '(-4.3 -3.5 3.5 4.3 0.5 7 7/2 -7/2)) ; expect: (-4.0 -3.0 4.0 5.0 1.0 7 4 -3)
(map truncate '(-4.3 -3.5 3.5 4.3 0.5 7 7/2 -7/2)) ; expect: (-4.0 -3.0 3.0 4.0 0.0 7 3 -3)
(map round '(-4.3 -3.5 3.5 4.3 0.5 1.5 2.5 -2.5 7 7/2 5/2 -7/2 -5/2 9/4)) ; expect: (-4.0 -4.0 4.0 4.0 0.0 2.0 2.0 -2.0 7 4 2 -4 -2 2)
(ceiling -0.5)                             ; expect: -0.0
(round -0.4)                               ; expect: -0.0
(truncate -0.4)                            ; expect: -0.0
(= (floor 1e300) 1e300)                    ; expect: #t
(floor +inf.0)                             ; expect: +inf.0
(nan? (round +nan.0))                      ; expect: #t
(round 4503599627370497.5)                 ; expect: 4503599627370498.0
(round 0.49999999999999994)                ; expect: 0.0
(exact (floor 2.5))                        ; expect: 2
(exact (round 3.7))                        ; expect: 4
(rationalize (exact .3) 1/10)              ; expect: 1/3
(rationalize .3 1/10)                      ; expect: 0.3333333333333333
(rationalize 3/10 1/10)                    ; expect: 1/3
(rationalize 1/4 1/12)                     ; expect: 1/3
(rationalize -3/10 1/10)                   ; expect: -1/3
(rationalize 5 1/2)                        ; expect: 5
(rationalize 1/2 1)                        ; expect: 0
(floor 'a)                                 ; error: floor
(ceiling "1")                              ; error: ceiling
(truncate #f)                              ; error: truncate
(round '())                                ; error: round
(numerator 'a)                             ; error: numerator
(denominator "x")                          ; error: denominator
