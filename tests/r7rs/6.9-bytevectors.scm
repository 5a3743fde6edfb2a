; Section 6.9: bytevectors, utf8->string and string->utf8.
(map bytevector? (list #u8() #u8(1) #(1) '(1) "b" (make-bytevector 2 0))) ; expect: (#t #t #f #f #f #t)
(make-bytevector 2 12)                     ; expect: #u8(12 12)
(make-bytevector 0)                        ; expect: #u8()
(bytevector-length (make-bytevector 7))    ; expect: 7
(bytevector 1 3 5 1 3 5)                   ; expect: #u8(1 3 5 1 3 5)
(bytevector)                               ; expect: #u8()
(bytevector 256)                           ; error: bytevector
(bytevector -1)                            ; error: bytevector
(bytevector 'a)                            ; error: bytevector
(bytevector 1.0)                           ; error: bytevector
(make-bytevector 2 256)                    ; error: make-bytevector
(make-bytevector -1 0)                     ; error: make-bytevector
(bytevector-length #u8(1 2 3))             ; expect: 3
(bytevector-u8-ref '#u8(1 1 2 3 5 8 13 21) 5) ; expect: 8
(bytevector-u8-ref #u8(1 2) 2)             ; error: bytevector-u8-ref
(bytevector-u8-ref #u8(1 2) -1)            ; error: bytevector-u8-ref
(bytevector-u8-ref #u8(1 2) 'a)            ; error: bytevector-u8-ref
(bytevector-u8-ref #(1 2) 0)               ; error: bytevector-u8-ref
(let ((bv (bytevector 1 2 3 4))) (bytevector-u8-set! bv 1 3) bv) ; expect: #u8(1 3 3 4)
(bytevector-u8-set! (bytevector 1) 1 0)    ; error: bytevector-u8-set!
(bytevector-u8-set! (bytevector 1) 0 256)  ; error: bytevector-u8-set!
(bytevector-u8-set! (bytevector 1) 0 -1)   ; error: bytevector-u8-set!
(bytevector-copy #u8(1 2 3 4 5) 2 4)       ; expect: #u8(3 4)
(bytevector-copy #u8(1 2 3))               ; expect: #u8(1 2 3)
(bytevector-copy #u8(1 2 3) 1)             ; expect: #u8(2 3)
(bytevector-copy #u8(1 2 3) 3)             ; expect: #u8()
(let* ((a (bytevector 1 2)) (b (bytevector-copy a))) (bytevector-u8-set! b 0 9) (list a b)) ; expect: (#u8(1 2) #u8(9 2))
(bytevector-copy #u8(1 2) 3)               ; error: bytevector-copy
(bytevector-copy #u8(1 2) 2 1)             ; error: bytevector-copy
(define (changed to . args) (apply bytevector-copy! to args) to)
(changed (bytevector 10 20 30 40 50) 1 #u8(1 2 3 4 5) 0 2) ; expect: #u8(10 1 2 40 50)
(changed (bytevector 1 2 3) 0 #u8(9))      ; expect: #u8(9 2 3)
(changed (bytevector 1 2 3) 1 #u8(7 8 9) 1) ; expect: #u8(1 8 9)
(let ((b (bytevector 1 2 3 4 5))) (bytevector-copy! b 1 b 0 3) b) ; expect: #u8(1 1 2 3 5)
(let ((b (bytevector 1 2 3 4 5))) (bytevector-copy! b 0 b 2) b) ; expect: #u8(3 4 5 4 5)
(changed (bytevector 1 2) 1 #u8(8 9))      ; error: bytevector-copy!
(changed (bytevector 1 2) 3 #u8())         ; error: bytevector-copy!
(changed (bytevector 1 2 3) 0 #u8(1) 1 2)  ; error: bytevector-copy!
(bytevector-append #u8(0 1 2) #u8(3 4 5))  ; expect: #u8(0 1 2 3 4 5)
(bytevector-append)                        ; expect: #u8()
(bytevector-append #u8(1) #u8() #u8(2))    ; expect: #u8(1 2)
(bytevector-append #u8(1) #(2))            ; error: bytevector-append
(utf8->string #u8(#x41))                   ; expect: "A"
(utf8->string #u8())                       ; expect: ""
(utf8->string #u8(#xCE #xBB))              ; expect: "λ"
(utf8->string #u8(#xF0 #x9F #x98 #x80))    ; expect: "😀"
(utf8->string #u8(65 66 67 68) 1)          ; expect: "BCD"
(utf8->string #u8(65 66 67 68) 1 3)        ; expect: "BC"
(utf8->string #u8(65) 2)                   ; error: utf8->string
(utf8->string #u8(65 66) 2 1)              ; error: utf8->string
(string->utf8 "λ")                         ; expect: #u8(206 187)
(string->utf8 "")                          ; expect: #u8()
(string->utf8 "abc" 1)                     ; expect: #u8(98 99)
(string->utf8 "abc" 1 2)                   ; expect: #u8(98)
(string->utf8 "aλ😀" 1 2)                  ; expect: #u8(206 187)
(string->utf8 "aλ😀" 2)                    ; expect: #u8(240 159 152 128)
(string->utf8 "abc" 4)                     ; error: string->utf8
(string->utf8 'abc)                        ; error: string->utf8
(utf8->string "abc")                       ; error: utf8->string
(string=? "grüße, λ!" (utf8->string (string->utf8 "grüße, λ!"))) ; expect: #t
(bytevector-length '(1))                   ; error: bytevector-length
(define big (make-bytevector 100000 7))
(bytevector-u8-set! big 99999 8)
(list (bytevector-u8-ref big 0) (bytevector-u8-ref big 99999) (bytevector-length (bytevector-append big big))) ; expect: (7 8 200000)
