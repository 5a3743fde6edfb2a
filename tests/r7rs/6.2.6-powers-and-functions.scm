; Section 6.2.6: square, sqrt, expt, exp, log and the trigonometric functions.
(define (near? a b) (< (abs (- a b)) 1e-12))
(square 42)                                ; expect: 1764
(square 2.0)                               ; expect: 4.0
(square -1/2)                              ; expect: 1/4
(square 4294967296)                        ; expect: 18446744073709551616
(sqrt 9)                                   ; expect: 3
(sqrt 16)                                  ; expect: 4
(sqrt 0)                                   ; expect: 0
(sqrt 1/4)                                 ; expect: 1/2
(sqrt 4/9)                                 ; expect: 2/3
(sqrt 9.0)                                 ; expect: 3.0
(sqrt 2)                                   ; expect: 1.4142135623730951
(sqrt 1/2)                                 ; expect: 0.7071067811865476
(sqrt 100000000000000000000)               ; expect: 10000000000
(sqrt 10000000000000000000000000000000000000000) ; expect: 100000000000000000000
(sqrt +inf.0)                              ; expect: +inf.0
(expt 2 10)                                ; expect: 1024
(expt 2 0)                                 ; expect: 1
(expt 0 0)                                 ; expect: 1
(expt 0 5)                                 ; expect: 0
(expt 2 -2)                                ; expect: 1/4
(expt -2 3)                                ; expect: -8
(expt -2 -3)                               ; expect: -1/8
(expt 2/3 3)                               ; expect: 8/27
(expt 2/3 -3)                              ; expect: 27/8
(expt 2.0 3)                               ; expect: 8.0
(expt 2 3.0)                               ; expect: 8.0
(expt 2 0.5)                               ; expect: 1.4142135623730951
(expt 2 100)                               ; expect: 1267650600228229401496703205376
(expt -1 1000001)                          ; expect: -1
(expt 1 100000000000000000000)             ; expect: 1
(expt 10 25)                               ; expect: 10000000000000000000000000
(expt 0 2.0)                               ; expect: 0.0
(expt 2. -1)                               ; expect: 0.5
(expt -2.0 3)                              ; expect: -8.0
(expt 0 -1)                                ; error: expt
(expt 'a 2)                                ; error: expt
(expt 2 'a)                                ; error: expt
(near? (exp 0) 1)                          ; expect: #t
(near? (exp 1) 2.718281828459045)          ; expect: #t
(near? (log 1) 0)                          ; expect: #t
(near? (log 2.718281828459045) 1)          ; expect: #t
(near? (log 8 2) 3)                        ; expect: #t
(near? (log 100 10) 2)                     ; expect: #t
(near? (log 1024 2) 10)                    ; expect: #t
(log 0.0)                                  ; expect: -inf.0
(near? (log (expt 10 500)) 1151.2925464970228) ; expect: #t
(near? (sin 0) 0)                          ; expect: #t
(near? (cos 0) 1)                          ; expect: #t
(near? (tan 0) 0)                          ; expect: #t
(near? (asin 0) 0)                         ; expect: #t
(near? (acos 1) 0)                         ; expect: #t
(near? (atan 0) 0)                         ; expect: #t
(sin 0.0)                                  ; expect: 0.0
(near? (sin 1) 0.8414709848078965)         ; expect: #t
(near? (cos 1) 0.5403023058681398)         ; expect: #t
(near? (tan 1) 1.5574077246549023)         ; expect: #t
(near? (asin 1) 1.5707963267948966)        ; expect: #t
(near? (acos 0) 1.5707963267948966)        ; expect: #t
(near? (atan 1) 0.7853981633974483)        ; expect: #t
(near? (atan 1 1) 0.7853981633974483)      ; expect: #t
(near? (atan -1 1) -0.7853981633974483)    ; expect: #t
(near? (atan 1 -1) 2.356194490192345)      ; expect: #t
(near? (atan -1 -1) -2.356194490192345)    ; expect: #t
(near? (atan 1 0) 1.5707963267948966)      ; expect: #t
(near? (atan -1 0) -1.5707963267948966)    ; expect: #t
(near? (atan 0 -1) 3.141592653589793)      ; expect: #t
(near? (atan 0.0 -1) 3.141592653589793)    ; expect: #t
(near? (atan +inf.0) 1.5707963267948966)   ; expect: #t
(sqrt 'a)                                  ; error: sqrt
(exp 'a)                                   ; error: exp
(log "1")                                  ; error: log
(sin #\a)                                  ; error: sin
(cos '())                                  ; error: cos
(tan 'a)                                   ; error: tan
(atan 'a)                                  ; error: atan
(atan 1 'a)                                ; error: atan
