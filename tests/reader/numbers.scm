; Section 6.2.5: every way to write a number.
(define-syntax same
  (syntax-rules () ((_ text value) (let ((n (string->number text))) (and (eqv? n value) #t)))))
0                                          ; expect: 0
-0                                         ; expect: 0
+5                                         ; expect: 5
007                                        ; expect: 7
#xff                                       ; expect: 255
#XFF                                       ; expect: 255
#xFf                                       ; expect: 255
#b101                                      ; expect: 5
#B-101                                     ; expect: -5
#o17                                       ; expect: 15
#d10                                       ; expect: 10
#x-1A                                      ; expect: -26
#x+1A                                      ; expect: 26
#e1.5                                      ; expect: 3/2
#e1e3                                      ; expect: 1000
#e1.2e-2                                   ; expect: 3/250
#i5                                        ; expect: 5.0
#i1/2                                      ; expect: 0.5
#x#e10                                     ; expect: 16
#e#x10                                     ; expect: 16
#i#x10                                     ; expect: 16.0
#x#i10                                     ; expect: 16.0
1/2                                        ; expect: 1/2
2/4                                        ; expect: 1/2
-6/4                                       ; expect: -3/2
4/2                                        ; expect: 2
0/5                                        ; expect: 0
#b10/11                                    ; expect: 2/3
#xA/F                                      ; expect: 2/3
1.                                         ; expect: 1.0
.5                                         ; expect: 0.5
-.5                                        ; expect: -0.5
+.5                                        ; expect: 0.5
1.5e2                                      ; expect: 150.0
1E2                                        ; expect: 100.0
1e+2                                       ; expect: 100.0
1e-2                                       ; expect: 0.01
1.e2                                       ; expect: 100.0
.1e1                                       ; expect: 1.0
-1e2                                       ; expect: -100.0
-0.0                                       ; expect: -0.0
+inf.0                                     ; expect: +inf.0
-inf.0                                     ; expect: -inf.0
+nan.0                                     ; expect: +nan.0
123456789012345678901234567890             ; expect: 123456789012345678901234567890
-123456789012345678901234567890            ; expect: -123456789012345678901234567890
#xDEADBEEFCAFEBABE0123                     ; expect: 1051570404360395033542947
1e400                                      ; expect: +inf.0
1e-400                                     ; expect: 0.0
#e1e20                                     ; expect: 100000000000000000000
4611686018427387904                        ; expect: 4611686018427387904
-4611686018427387905                       ; expect: -4611686018427387905
9007199254740993.0                         ; expect: 9007199254740992.0
0.1                                        ; expect: 0.1
(symbol? '+)                               ; expect: #t
(symbol? '-)                               ; expect: #t
(symbol? '1/)                              ; expect: #t
(symbol? '1/2/3)                           ; expect: #t
(symbol? '1e)                              ; expect: #t
(symbol? 'e1)                              ; expect: #t
(symbol? '+e1)                             ; expect: #t
(symbol? '--1)                             ; expect: #t
(symbol? '1+1)                             ; expect: #t
(same "1e2" 100.0)                         ; expect: #t
(same "#e0.1" 1/10)                        ; expect: #t
