; Section 6.2.7: number->string and string->number.
(number->string 0)                         ; expect: "0"
(number->string 255 16)                    ; expect: "ff"
(number->string -255 16)                   ; expect: "-ff"
(number->string 255 2)                     ; expect: "11111111"
(number->string 255 8)                     ; expect: "377"
(number->string 255 10)                    ; expect: "255"
(number->string 1/3)                       ; expect: "1/3"
(number->string -10/11 2)                  ; expect: "-1010/1011"
(number->string 1.5)                       ; expect: "1.5"
(number->string 100.0)                     ; expect: "100.0"
(number->string 0.1)                       ; expect: "0.1"
(number->string -0.0)                      ; expect: "-0.0"
(number->string 123456.789)                ; expect: "123456.789"
(number->string 0.001)                     ; expect: "0.001"
(number->string +inf.0)                    ; expect: "+inf.0"
(number->string -inf.0)                    ; expect: "-inf.0"
(number->string +nan.0)                    ; expect: "+nan.0"
(number->string 100000000000000000000)     ; expect: "100000000000000000000"
(number->string (expt 2 100) 16)           ; expect: "10000000000000000000000000"
(number->string (- (expt 2 70)) 2)         ; expect: "-10000000000000000000000000000000000000000000000000000000000000000000000"
(number->string (expt 3 50) 8)             ; expect: "230012517606662772047361711"
(string-length (number->string (expt 7 1000))) ; expect: 846
(string->number "100")                     ; expect: 100
(string->number "100" 16)                  ; expect: 256
(string->number "1e2")                     ; expect: 100.0
(string->number "ff" 16)                   ; expect: 255
(string->number "FF" 16)                   ; expect: 255
(string->number "-ff" 16)                  ; expect: -255
(string->number "101" 2)                   ; expect: 5
(string->number "777" 8)                   ; expect: 511
(string->number "1/2")                     ; expect: 1/2
(string->number "#xff")                    ; expect: 255
(string->number "#xff" 10)                 ; expect: 255
(string->number "#b101" 16)                ; expect: 5
(string->number "#e1.5")                   ; expect: 3/2
(string->number "#i1/4")                   ; expect: 0.25
(string->number "#e#x10")                  ; expect: 16
(string->number "1/2" 16)                  ; expect: 1/2
(string->number "a/b" 16)                  ; expect: 10/11
(string->number ".5")                      ; expect: 0.5
(string->number "5.")                      ; expect: 5.0
(string->number "+5")                      ; expect: 5
(string->number "-0")                      ; expect: 0
(string->number "+inf.0")                  ; expect: +inf.0
(string->number "-inf.0")                  ; expect: -inf.0
(nan? (string->number "+nan.0"))           ; expect: #t
(string->number "1e-3")                    ; expect: 0.001
(string->number "1.5E2")                   ; expect: 150.0
(map string->number '("" "." "+" "-" "a" "1a" "--1" "+-1" "1.2.3" "1/" "/2" "1//2" "1/2/3" "1e" "e1" "1e+" "1e1.5" "#x" "#xg" "#b2" "#o8" "1 2" " 1" "1 " "#e" "#z1" "#x#x1" "0x10" "inf" "+inf" "nan" "+nan.1" "1_000" "1,5" "$1" "..." ".e1" "-." "1/2.5" "1.5/2" "#e+inf.0" "١")) ; expect: (#f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f #f)
(string->number "1/0")                     ; expect: #f
(string->number "1.5" 16)                  ; expect: #f
(string->number "12" 2)                    ; expect: #f
(string->number "9" 8)                     ; expect: #f
(string->number "1e1" 16)                  ; expect: 481
(string->number "123456789012345678901234567890") ; expect: 123456789012345678901234567890
(string->number "-123456789012345678901234567890") ; expect: -123456789012345678901234567890
(string->number "4611686018427387904")     ; expect: 4611686018427387904
(string->number "1e400")                   ; expect: +inf.0
(string->number "-1e400")                  ; expect: -inf.0
(string->number "1e-400")                  ; expect: 0.0
(string->number "0.1e1")                   ; expect: 1.0
(string->number "179769313486231570000e288") ; expect: 1.7976931348623157e308
(string->number "4.9406564584124654e-324") ; expect: 5.0e-324
(string->number "2.2250738585072011e-308") ; expect: 2.225073858507201e-308
(string->number "9007199254740993.0")      ; expect: 9007199254740992.0
(let loop ((i 0)) (or (= i 2000) (and (= i (string->number (number->string i 2) 2)) (= i (string->number (number->string i 16) 16)) (loop (+ i 1))))) ; expect: #t
(let loop ((i 0) (x 1.1)) (or (= i 300) (and (eqv? x (string->number (number->string x))) (loop (+ i 1) (* x 1.7))))) ; expect: #t
(let loop ((i 0) (x 0.9)) (or (= i 300) (and (eqv? x (string->number (number->string x))) (loop (+ i 1) (/ x 1.3))))) ; expect: #t
(let loop ((i 0) (x 7)) (or (= i 100) (and (eqv? x (string->number (number->string x 8) 8)) (loop (+ i 1) (* x 13))))) ; expect: #t
(number->string 'a)                        ; error: number->string
(number->string 10 'x)                     ; error: number->string
(string->number 5)                         ; error: string->number
(string->number "1" 'x)                    ; error: string->number
