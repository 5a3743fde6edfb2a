; (ice-9 format). guile: same
(use-modules (ice-9 format))
(format #f "~a ~s" "x" "x")                                                  ; expect: "x \"x\""
(format #f "~10a|~10@a|~8,3,2,'*@a|" "ab" "ab" "ab")                         ; expect: "ab        |        ab|********ab|"
(format #f "~d ~5d ~5,'0d ~@d ~:d ~,,'.:d" 42 42 42 42 1234567 1234567)      ; expect: "42    42 00042 +42 1,234,567 1.234.567"
(format #f "~x ~o ~b ~:x ~8,'0b" 255 8 5 65535 5)                            ; expect: "ff 10 101 f,fff 00000101"
(format #f "~r ~r ~:r ~:r ~@r ~3r" 4 -21 23 100 1994 10)                     ; expect: "four minus twenty-one twenty-third one hundredth MCMXCIV 101"
(format #f "~r" 123456789)                                                   ; expect: "one hundred twenty-three million, four hundred fifty-six thousand, seven hundred eighty-nine"
(format #f "~c ~:c ~@c" #\a #\nul #\space)                                   ; expect: "a ^@ #\\space"
(format #f "~f ~,2f ~8,3f| ~8,3@f| ~,0f" 3.14159 3.14159 3.14159 3.14159 2.5) ; expect: "3.14159 3.14    3.142|   +3.142| 3."
(format #f "~,2f ~,2f ~4,2,,'*f ~,1f ~5,1f|" 0.125 10 1234.5 9.96 99.96)     ; expect: "0.13 10.00 **** 10.0 100.0|"
(format #f "~e ~,3e ~10,2e| ~12,4,3e|" 314.159 314.159 314.159 314.159)      ; expect: "3.14159E+2 3.142E+2    3.14E+2|  3.1416E+002|"
(format #f "~g ~,4g| ~$ ~3$ ~2,4,10$|" 3.14 0.001 3.14159 2.5 3.14)          ; expect: "3.14     1.0000E-3| 3.14 2.500    0003.14|"
(format #f "~i ~,2i" 1+2i 1.234-5.678i)                                      ; expect: "1.0+2.0i 1.23-5.68i"
(format #f "dog~p cat~:p ~d fl~:@p ~d fl~@p" 2 1 1 2 2)                      ; expect: "dogs cats 1 fly 1 flies"
(format #f "a~%b~3%c~~~&d")                                                  ; expect: "a\nb\n\n\nc~\nd"
(format #f "a~5tb~10,5tc~3@td")                                              ; expect: "a    b    c   d"
(format #f "~? ~a ~@? ~a" "~a-~a" '(1 2) 3 "~a~a" 4 5 6)                     ; expect: "1-2 3 45 6"
(format #f "~a ~* ~a ~:*~a ~0@*~a" 1 2 3)                                    ; expect: "1  3 3 1"
(format #f "~(HELLO~) ~:@(hello~)")                                          ; expect: "hello HELLO"
(format #f "~[zero~;one~;two~] ~[zero~;one~:;many~]" 1 7)                    ; expect: "one many"
(format #f "~:[false~;true~] ~@[x=~a ~]y~@[z~a~]" #f 5 #f)                   ; expect: "false x=5 y"
(format #f "~#[none~;one~;two~:;many~]" 1 2)                                 ; expect: "two"
(format #f "~{~a~^, ~} ~:{<~a,~a>~} ~2{~a~}" '(1 2 3) '((1 2) (3 4)) '(1 2 3)) ; expect: "1, 2, 3 <1,2><3,4> 12"
(format #f "~@{~a~^,~}" 1 2 3)                                               ; expect: "1,2,3"
(format #f "~{~{~a~}|~}" '((1 2) (3)))                                       ; expect: "12|3|"
(format #f "~{~a~#[~; and ~:;, ~]~}" '(1 2 3))                               ; expect: "1, 2 and 3"
(format #f "~vd|~v,'xd ~#d" 5 42 4 7 3)                                      ; expect: "   42|xxx7 3"
(with-output-to-string (lambda () (format #t "~a" 5)))                       ; expect: "5"
(call-with-output-string (lambda (p) (format p "x~a" 5)))                    ; expect: "x5"
(format #f "~d" 'a)                                                          ; error: not an integer
(format #f "~d")                                                             ; error: missing argument
(format #f "~z" 1)                                                           ; error: unknown directive
(format #f "~[a")                                                            ; error: there is no ~]
