; Section 6.2.6: =, <, >, <=, >=, max, min.
(= 1 1)                                    ; expect: #t
(= 1 1.0)                                  ; expect: #t
(= 1 2)                                    ; expect: #f
(= 1 1 1)                                  ; expect: #t
(= 1 1 2)                                  ; expect: #f
(= 1/2 0.5)                                ; expect: #t
(= 1/3 0.3333333333333333)                 ; expect: #f
(= 0.0 -0.0)                               ; expect: #t
(= +nan.0 +nan.0)                          ; expect: #f
(= +inf.0 +inf.0)                          ; expect: #t
(= 100000000000000000000 100000000000000000000) ; expect: #t
(= 9007199254740993 9007199254740992.0)    ; expect: #f
(< 9007199254740992.0 9007199254740993)    ; expect: #t
(= 9007199254740992 9007199254740992.0)    ; expect: #t
(< 1 2)                                    ; expect: #t
(< 2 1)                                    ; expect: #f
(< 1 1)                                    ; expect: #f
(< 1 2 3 4)                                ; expect: #t
(< 1 2 2 3)                                ; expect: #f
(<= 1 2 2 3)                               ; expect: #t
(<= 2 1)                                   ; expect: #f
(> 3 2 1)                                  ; expect: #t
(> 3 3)                                    ; expect: #f
(>= 3 3 2)                                 ; expect: #t
(>= 1 2)                                   ; expect: #f
(< 1/3 1/2)                                ; expect: #t
(< 1/3 0.34)                               ; expect: #t
(< -1 0 1/2 0.75 1 100000000000000000000)  ; expect: #t
(< -100000000000000000000 0)               ; expect: #t
(< -inf.0 -1e308)                          ; expect: #t
(< 1e308 +inf.0)                           ; expect: #t
(< 100000000000000000000 +inf.0)           ; expect: #t
(< +nan.0 1)                               ; expect: #f
(> +nan.0 1)                               ; expect: #f
(< 4611686018427387903 4611686018427387904) ; expect: #t
(< 9223372036854775807 9223372036854775808) ; expect: #t
(< -9223372036854775809 -9223372036854775808) ; expect: #t
(= 1 1 'a)                                 ; error: =
(< 1 'a)                                   ; error: <
(> "2" 1)                                  ; error: >
(<= 1 #f)                                  ; error: <=
(>= '() 1)                                 ; error: >=
(max 3 4)                                  ; expect: 4
(max 3.9 4)                                ; expect: 4.0
(max 1)                                    ; expect: 1
(max 1 5 3)                                ; expect: 5
(max 1/2 1/3)                              ; expect: 1/2
(max 1 2.0 3)                              ; expect: 3.0
(max -1 -2)                                ; expect: -1
(max 1 +inf.0)                             ; expect: +inf.0
(min 3 4)                                  ; expect: 3
(min 3 4.9)                                ; expect: 3.0
(min 5 1 3)                                ; expect: 1
(min 1/2 1/3)                              ; expect: 1/3
(min 1 -inf.0)                             ; expect: -inf.0
(max 100000000000000000000 1)              ; expect: 100000000000000000000
(min -100000000000000000000 1)             ; expect: -100000000000000000000
(max 'a 1)                                 ; error: max
(min)                                      ; error: min
(nan? (max 1 +nan.0))                      ; expect: #t
