; Pipelines and byte strings.
(use-modules (srfi srfi-197) (srfi srfi-207) (srfi srfi-88) (srfi srfi-1))
(chain "foo bar" (string-append _ "baz")) ; expect: "foo barbaz"
(chain '() (cons 'a _) (cons 'b _)) ; expect: (b a)
(chain (values 1 2) (list _ _)) ; expect: (1 2)
(chain (values 1 2 3) (list _ _ ...)) ; expect: (1 2 3)
(chain 1 <> (+ <> 2)) ; expect: 3
(chain-and 5 (+ _ 1) (* _ 2)) ; expect: 12
(chain-when 5 (#t (+ _ 1)) (#f (* _ 100)) ((+ _ 10))) ; expect: 16
((chain-lambda (+ _ 1) (* _ 2)) 3) ; expect: 8
((chain-lambda (cons _ _) (list _)) 1 2) ; expect: ((1 . 2))
(nest (+ 1 _) (* 2 _) 3) ; expect: 7
(nest-reverse 3 (* 2 _) (+ 1 _)) ; expect: 7
(bytestring "lo" #\r #x65 #u8(#x6d)) ; expect: #u8(108 111 114 101 109)
(bytestring) ; expect: #u8()
(let ((b (make-bytevector 5 0))) (make-bytestring! b 1 '("ab" 1)) b) ; expect: #u8(0 97 98 1 0)
(make-bytestring '("lo" #\r #x65 #u8(#x6d))) ; expect: #u8(108 111 114 101 109)
(bytevector->hex-string #u8(1 10 255)) ; expect: "010aff"
(hex-string->bytevector "010aff") ; expect: #u8(1 10 255)
(bytevector->base64 #u8(1 2 3 4)) ; expect: "AQIDBA=="
(bytevector->base64 #u8(255 254 253) "-_") ; expect: "__79"
(base64->bytevector "AQIDBA==") ; expect: #u8(1 2 3 4)
(base64->bytevector "__79" "-_") ; expect: #u8(255 254 253)
(bytestring->list #u8(65 128)) ; expect: (#\A 128)
(bytestring->list (bytestring "lorem")) ; expect: (#\l #\o #\r #\e #\m)
(bytestring-index #u8(1 2 3) even?) ; expect: 1
(bytestring-index-right #u8(1 2 3 4) even?) ; expect: 3
(call-with-values (lambda () (bytestring-break #u8(1 2 3) even?)) list) ; expect: (#u8(1) #u8(2 3))
(call-with-values (lambda () (bytestring-span #u8(1 3 2) odd?)) list) ; expect: (#u8(1 3) #u8(2))
(bytestring-pad #u8(1) 3 0) ; expect: #u8(0 0 1)
(bytestring-pad (bytestring "Zorch") 8 #\space) ; expect: #u8(32 32 32 90 111 114 99 104)
(bytestring-pad-right #u8(1) 3 0) ; expect: #u8(1 0 0)
(bytestring-trim #u8(0 1 0) zero?) ; expect: #u8(1 0)
(bytestring-trim-right #u8(0 1 0) zero?) ; expect: #u8(0 1)
(bytestring-trim-both #u8(0 1 0) zero?) ; expect: #u8(1)
(bytestring-replace (bytestring "abcdef") (bytestring "XY") 1 3) ; expect: #u8(97 88 89 100 101 102)
(bytestring-replace (bytestring "abcdef") (bytestring "XYZ") 1 3 1 2) ; expect: #u8(97 89 100 101 102)
(bytestring<? #u8(1 2) #u8(1 3)) ; expect: #t
(bytestring<=? #u8(1 2) #u8(1 2)) ; expect: #t
(bytestring>? #u8(2) #u8(1 9)) ; expect: #t
(bytestring-join (list #u8(1) #u8(2)) 0) ; expect: #u8(1 0 2)
(bytestring-join (list #u8(1) #u8(2)) #u8(9) 'suffix) ; expect: #u8(1 9 2 9)
(bytestring-split (bytestring "a,b,,c") #\,) ; expect: (#u8(97) #u8(98) #u8() #u8(99))
(bytestring-split (bytestring ",a,") #\, 'prefix) ; expect: (#u8(97) #u8())
(bytestring->list #u8(1 65) 1) ; expect: (#\A)
(call-with-output-string (lambda (p) (write-textual-bytestring #u8(97 7 128 34) p))) ; expect: "#u8\"a\\a\\x80;\\\"\""
(read-textual-bytestring #t (open-input-string "#u8\"ab\\x1;\"")) ; expect: #u8(97 98 1)
(read-textual-bytestring #f (open-input-string "\"ab\"")) ; expect: #u8(97 98)
(bytestring-error? 1) ; expect: #f
#u8"abc" ; expect: #u8(97 98 99)
(call-with-output-bytevector (lambda (p) (write-binary-bytestring p "ab" 1))) ; expect: #u8(97 98 1)
(chain "a" <> (string-append <> "x")) ; expect: "ax"
(chain (values 1 2 3) <> --- (list 'x <> <> --- 'y)) ; expect: (x 1 2 3 y)
(chain (values 1 2 3) (list _ ...)) ; expect: (1 2 3)
(chain-and 5 <> (+ <> 1)) ; expect: 6
(chain-when '() ((odd? 3) (cons "odd" _)) ((even? 3) (cons "even" _)) ((cons 'end _))) ; expect: (end "odd")
((chain-lambda <> (+ <> 1)) 3) ; expect: 4
(nest (quote _) (1 2 _) (3 _) (_ 5) 4) ; expect: (1 2 (3 (4 5)))
(nest <> (quote <>) (1 2 <>) 3) ; expect: (1 2 3)
(nest-reverse 4 <> (<> 5) (3 <>) (quote <>)) ; expect: (3 (4 5))
(nest '_ (_ 2) 1) ; expect: (1 2)
