; Section 6.7: strings: making, reading, changing, comparing, copying.
(map string? (list "" "a" 'a #\a 1 (string) (make-string 2 #\x))) ; expect: (#t #t #f #f #f #t #t)
(make-string 3 #\*)                        ; expect: "***"
(make-string 0 #\*)                        ; expect: ""
(string-length (make-string 4))            ; expect: 4
(make-string 2 #\λ)                        ; expect: "λλ"
(string)                                   ; expect: ""
(string #\a #\b)                           ; expect: "ab"
(string #\λ #\x1F600)                      ; expect: "λ😀"
(string-length "")                         ; expect: 0
(string-length "abc")                      ; expect: 3
(string-length "λ😀é")                     ; expect: 3
(string-ref "abc" 0)                       ; expect: #\a
(string-ref "abc" 2)                       ; expect: #\c
(string-ref "aλ😀z" 1)                     ; expect: #\λ
(string-ref "aλ😀z" 2)                     ; expect: #\😀
(string-ref "aλ😀z" 3)                     ; expect: #\z
(string-ref "abc" 3)                       ; error: string-ref
(string-ref "abc" -1)                      ; error: string-ref
(string-ref "" 0)                          ; error: string-ref
(string-ref "abc" 1.0)                     ; error: string-ref
(string-ref 'abc 0)                        ; error: string-ref
(let ((s (make-string 3 #\*))) (string-set! s 0 #\?) s) ; expect: "?**"
(let ((s (string-copy "abc"))) (string-set! s 1 #\λ) (string-set! s 2 #\😀) s) ; expect: "aλ😀"
(let ((s (string-copy "λλλ"))) (string-set! s 1 #\a) (list s (string-length s) (string-ref s 2))) ; expect: ("λaλ" 3 #\λ)
(let ((s (make-string 2 #\a))) (string-set! s 2 #\b)) ; error: string-set!
(let ((s (make-string 2 #\a))) (string-set! s 0 "b")) ; error: string-set!
(let ((s (make-string 2 #\a))) (string-set! s -1 #\b)) ; error: string-set!
(string=? "abc" "abc")                     ; expect: #t
(string=? "abc" "abd")                     ; expect: #f
(string=? "abc" "ab")                      ; expect: #f
(string=? "" "")                           ; expect: #t
(string=? "a" "a" "a")                     ; expect: #t
(string=? "a" "a" "b")                     ; expect: #f
(string<? "abc" "abd")                     ; expect: #t
(string<? "ab" "abc")                      ; expect: #t
(string<? "abc" "ab")                      ; expect: #f
(string<? "" "a")                          ; expect: #t
(string<? "a" "b" "c")                     ; expect: #t
(string<? "a" "c" "b")                     ; expect: #f
(string<? "Z" "a")                         ; expect: #t
(string<? "z" "λ")                         ; expect: #t
(string>? "b" "a")                         ; expect: #t
(string>? "c" "b" "a")                     ; expect: #t
(string>? "a" "a")                         ; expect: #f
(string<=? "a" "a" "b")                    ; expect: #t
(string<=? "b" "a")                        ; expect: #f
(string>=? "b" "b" "a")                    ; expect: #t
(string>=? "a" "b")                        ; expect: #f
(string-ci=? "AbC" "aBc")                  ; expect: #t
(string-ci=? "abc" "abd")                  ; expect: #f
(string-ci=? "Straße" "STRASSE")           ; expect: #t
(string-ci=? "ΧΑΟΣ" "χαος" "χαοσ")         ; expect: #t
(string-ci<? "a" "B" "c")                  ; expect: #t
(string-ci>? "B" "a")                      ; expect: #t
(string-ci<=? "A" "a" "b")                 ; expect: #t
(string-ci>=? "b" "B" "a")                 ; expect: #t
(string-upcase "Hello")                    ; expect: "HELLO"
(string-upcase "Straße")                   ; expect: "STRASSE"
(string-upcase "ﬁ")                        ; expect: "FI"
(string-upcase "χαος")                     ; expect: "ΧΑΟΣ"
(string-upcase "")                         ; expect: ""
(string-downcase "HeLLo")                  ; expect: "hello"
(string-downcase "ΧΑΟΣ")                   ; expect: "χαος"
(string-downcase "ΧΑΟΣΣ")                  ; expect: "χαοσς"
(string-downcase "ΧΑΟΣ Σ")                 ; expect: "χαος σ"
(string-downcase "ÉÀ")                     ; expect: "éà"
(string-foldcase "ΧΑΟΣ")                   ; expect: "χαοσ"
(string-foldcase "Straße")                 ; expect: "strasse"
(string-foldcase "HELLO")                  ; expect: "hello"
(substring "abcde" 1 3)                    ; expect: "bc"
(substring "abcde" 0 5)                    ; expect: "abcde"
(substring "abcde" 2 2)                    ; expect: ""
(substring "aλ😀z" 1 3)                    ; expect: "λ😀"
(substring "abc" 2 1)                      ; error: substring
(substring "abc" 0 4)                      ; error: substring
(substring "abc" -1 2)                     ; error: substring
(string-append)                            ; expect: ""
(string-append "abc")                      ; expect: "abc"
(string-append "abc" "def" "" "g")         ; expect: "abcdefg"
(string-append "λ" "😀")                   ; expect: "λ😀"
(let ((s "abc")) (eq? s (string-append s))) ; expect: #f
(string-append "a" 'b)                     ; error: string-append
(string->list "abc")                       ; expect: (#\a #\b #\c)
(string->list "abcde" 2)                   ; expect: (#\c #\d #\e)
(string->list "abcde" 2 4)                 ; expect: (#\c #\d)
(string->list "")                          ; expect: ()
(string->list "λ😀")                       ; expect: (#\λ #\😀)
(string->list "abc" 4)                     ; error: string->list
(string->list "abc" 2 1)                   ; error: string->list
(list->string '(#\a #\b))                  ; expect: "ab"
(list->string '())                         ; expect: ""
(list->string '(#\a . #\b))                ; error: list->string
(list->string '(#\a 1))                    ; error: list->string
(list->string "abc")                       ; error: list->string
(string-copy "hello")                      ; expect: "hello"
(string-copy "hello" 1)                    ; expect: "ello"
(string-copy "hello" 1 4)                  ; expect: "ell"
(string-copy "hello" 5)                    ; expect: ""
(let* ((a "abc") (b (string-copy a))) (string-set! b 0 #\z) (list a b)) ; expect: ("abc" "zbc")
(string-copy "abc" 4)                      ; error: string-copy
(string-copy "abc" 2 1)                    ; error: string-copy
(define (changed s . args) (apply string-copy! s args) s)
(changed (make-string 5 #\-) 1 "abc")      ; expect: "-abc-"
(changed (make-string 5 #\-) 0 "abcde")    ; expect: "abcde"
(changed (make-string 5 #\-) 2 "abcde" 2)  ; expect: "--cde"
(changed (make-string 5 #\-) 2 "abcde" 1 3) ; expect: "--bc-"
(changed (make-string 5 #\-) 5 "abc" 3)    ; expect: "-----"
(changed (make-string 3 #\-) 0 "λ😀z")     ; expect: "λ😀z"
(let ((s (string-copy "abcdef"))) (string-copy! s 2 s 0 4) s) ; expect: "ababcd"
(let ((s (string-copy "abcdef"))) (string-copy! s 0 s 2 6) s) ; expect: "cdefef"
(let ((s (string-copy "aλ😀zéx"))) (string-copy! s 1 s 0 3) s) ; expect: "aaλ😀éx"
(let ((s (string-copy "abc"))) (string-copy! s 0 s) s) ; expect: "abc"
(changed (make-string 2 #\-) 1 "abc")      ; error: string-copy!
(changed (make-string 2 #\-) 3 "")         ; error: string-copy!
(changed (make-string 2 #\-) -1 "a")       ; error: string-copy!
(changed (make-string 4 #\-) 0 "abc" 2 1)  ; error: string-copy!
(changed (make-string 4 #\-) 0 "abc" 0 4)  ; error: string-copy!
(define (filled s . args) (apply string-fill! s args) s)
(filled (make-string 3 #\a) #\b)           ; expect: "bbb"
(filled (string-copy "abcde") #\x 2)       ; expect: "abxxx"
(filled (string-copy "abcde") #\x 1 3)     ; expect: "axxde"
(filled (string-copy "abcde") #\λ 1 3)     ; expect: "aλλde"
(filled (string-copy "abc") #\x 3)         ; expect: "abc"
(filled (string-copy "abc") #\x 4)         ; error: string-fill!
(filled (string-copy "abc") #\x 2 1)       ; error: string-fill!
(filled (string-copy "abc") "x")           ; error: string-fill!
(make-string -1 #\a)                       ; error: make-string
(make-string 2 "a")                        ; error: make-string
(make-string 'a)                           ; error: make-string
(string-length 'a)                         ; error: string-length
(string-upcase 'a)                         ; error: string-upcase
(string=? "a" 'a)                          ; error: string=?
(string<? 1 "a")                           ; error: string<?
(string-length (let loop ((i 0) (s "")) (if (= i 200) s (loop (+ i 1) (string-append s "λab"))))) ; expect: 600
(let ((s (make-string 1000 #\a)))
  (let loop ((i 0)) (if (< i 1000) (begin (string-set! s i (integer->char (+ 900 i))) (loop (+ i 1)))))
  (let loop ((i 0)) (or (= i 1000) (and (= (char->integer (string-ref s i)) (+ 900 i)) (loop (+ i 1)))))) ; expect: #t
