; Regular expressions as data; strings of bytes.
(use-modules (srfi srfi-115) (srfi srfi-207))
(regexp-matches? '(* num) "123")                                             ; expect: #t
(regexp-extract '(+ numeric) "192.168.0.1")                                  ; expect: ("192" "168" "0" "1")
(regexp-split '(+ space) " fee fi fo fum\n")                                 ; expect: ("" "fee" "fi" "fo" "fum" "")
(regexp-replace '(+ space) "one two three" "_")                              ; expect: "one_two three"
(regexp-replace-all '(+ space) "one two three" "_")                          ; expect: "one_two_three"
(regexp-match->list (regexp-search '(: ($ (+ alpha)) "=" (-> v (+ num))) "a=5")) ; expect: ("a=5" "a" "5")
(regexp-match-submatch (regexp-search '(: ($ (+ alpha)) "=" (-> v (+ num))) "x a=55") 'v) ; expect: "55"
(regexp-partition '(+ (or space punct)) "Hello, world!")                     ; expect: ("Hello" ", " "world" "!")
(regexp-matches? '(w/nocase "HELLO") "hello")                                ; expect: #t
(regexp-matches? '(: (~ #\a) (= 2 (- alnum (or #\x)))) "bcd")                ; expect: #t
(valid-sre? '(backref 1))                                                    ; expect: #f
(bytestring "ab" 0 #\c)                                                      ; expect: #u8(97 98 0 99)
(bytevector->base64 (bytestring "hello"))                                    ; expect: "aGVsbG8="
(base64->bytevector "aGVsbG8=")                                              ; expect: #u8(104 101 108 108 111)
(bytevector->hex-string #u8(1 255))                                          ; expect: "01ff"
(bytestring-split (bytestring "a:b") #\:)                                    ; expect: (#u8(97) #u8(98))
