; Sections 6.4, 6.8, 6.9: external forms of pairs, vectors and bytevectors.
'()                                        ; expect: ()
'( )                                       ; expect: ()
'(a)                                       ; expect: (a)
'(a . b)                                   ; expect: (a . b)
'(a . (b))                                 ; expect: (a b)
'(a . (b . (c . ())))                      ; expect: (a b c)
'(a b . c)                                 ; expect: (a b . c)
'(a .b)                                    ; expect: (a .b)
'(a . ((b . c) d))                         ; expect: (a (b . c) d)
'((()))                                    ; expect: ((()))
'(1 .5)                                    ; expect: (1 0.5)
#()                                        ; expect: #()
#(1 2 3)                                   ; expect: #(1 2 3)
#(a #(b) (c))                              ; expect: #(a #(b) (c))
'#(1 "two" #\3)                            ; expect: #(1 "two" #\3)
#u8()                                      ; expect: #u8()
#u8(0 127 255)                             ; expect: #u8(0 127 255)
#u8(#x10 #b11)                             ; expect: #u8(16 3)
(bytevector? #u8(1))                       ; expect: #t
(vector? #(1))                             ; expect: #t
'(#t #f #true #false)                      ; expect: (#t #f #t #f)
'#t                                        ; expect: #t
#true                                      ; expect: #t
#false                                     ; expect: #f
