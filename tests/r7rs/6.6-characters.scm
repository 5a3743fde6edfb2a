; Section 6.6: characters: comparison, classes, case, numbers. Unicode throughout.
(map char? (list #\a #\space "a" 97 'a #f)) ; expect: (#t #t #f #f #f #f)
(char=? #\a #\a)                           ; expect: #t
(char=? #\a #\b)                           ; expect: #f
(char=? #\a #\a #\a)                       ; expect: #t
(char=? #\a #\a #\b)                       ; expect: #f
(char<? #\a #\b #\c)                       ; expect: #t
(char<? #\a #\a)                           ; expect: #f
(char<? #\A #\a)                           ; expect: #t
(char<? #\z #\λ)                           ; expect: #t
(char>? #\c #\b #\a)                       ; expect: #t
(char>? #\a #\b)                           ; expect: #f
(char<=? #\a #\a #\b)                      ; expect: #t
(char<=? #\b #\a)                          ; expect: #f
(char>=? #\b #\b #\a)                      ; expect: #t
(char>=? #\a #\b)                          ; expect: #f
(char-ci=? #\a #\A)                        ; expect: #t
(char-ci=? #\a #\b)                        ; expect: #f
(char-ci=? #\λ #\Λ)                        ; expect: #t
(char-ci=? #\ς #\σ #\Σ)                    ; expect: #t
(char-ci<? #\a #\B #\c)                    ; expect: #t
(char-ci>? #\C #\b #\A)                    ; expect: #t
(char-ci<=? #\a #\A #\b)                   ; expect: #t
(char-ci>=? #\b #\B #\a)                   ; expect: #t
(map char-alphabetic? (list #\a #\Z #\λ #\é #\字 #\1 #\space #\- #\ß)) ; expect: (#t #t #t #t #t #f #f #f #t)
(map char-numeric? (list #\0 #\9 #\a #\space #\x0664 #\x0E50 #\-)) ; expect: (#t #t #f #f #t #t #f)
(map char-whitespace? (list #\space #\tab #\newline #\return #\xA0 #\x2003 #\x1680 #\a #\_)) ; expect: (#t #t #t #t #t #t #t #f #f)
(map char-upper-case? (list #\A #\a #\Λ #\λ #\1 #\É)) ; expect: (#t #f #t #f #f #t)
(map char-lower-case? (list #\A #\a #\Λ #\λ #\1 #\é #\ß)) ; expect: (#f #t #f #t #f #t #t)
(map digit-value (list #\3 #\0 #\9 #\x0664 #\x0AE6 #\x0EA6 #\a)) ; expect: (3 0 9 4 0 #f #f)
(digit-value #\x0966)                      ; expect: 0
(digit-value #\xFF15)                      ; expect: 5
(digit-value #\x1D7D8)                     ; expect: 0
(digit-value #\xB2)                        ; expect: #f
(char->integer #\A)                        ; expect: 65
(char->integer #\x3bb)                     ; expect: 955
(integer->char 955)                        ; expect: #\λ
(integer->char 97)                         ; expect: #\a
(integer->char 0)                          ; expect: #\null
(integer->char #x10FFFF)                   ; expect: #\x10ffff
(char->integer (integer->char #xD7FF))     ; expect: 55295
(char->integer (integer->char #xE000))     ; expect: 57344
(integer->char #xD800)                     ; error: integer->char
(integer->char #xDFFF)                     ; error: integer->char
(integer->char #x110000)                   ; error: integer->char
(integer->char -1)                         ; error: integer->char
(integer->char 1.0)                        ; error: integer->char
(integer->char 100000000000000000000)      ; error: integer->char
(char-upcase #\i)                          ; expect: #\I
(char-upcase #\λ)                          ; expect: #\Λ
(char-upcase #\1)                          ; expect: #\1
(char-upcase #\ß)                          ; expect: #\ß
(char-upcase #\ÿ)                          ; expect: #\Ÿ
(char-upcase #\ς)                          ; expect: #\Σ
(char-upcase #\x1C6)                       ; expect: #\Ǆ
(char-downcase #\A)                        ; expect: #\a
(char-downcase #\Σ)                        ; expect: #\σ
(char-downcase #\É)                        ; expect: #\é
(char-downcase #\x1E9E)                    ; expect: #\ß
(char-foldcase #\A)                        ; expect: #\a
(char-foldcase #\Σ)                        ; expect: #\σ
(char-foldcase #\ς)                        ; expect: #\σ
(char-foldcase #\1)                        ; expect: #\1
(char->integer 'a)                         ; error: char->integer
(char->integer "a")                        ; error: char->integer
(char=? #\a "a")                           ; error: char=?
(char<? 1 #\a)                             ; error: char<?
(char-ci=? #\a 'a)                         ; error: char-ci=?
(char-upcase "a")                          ; error: char-upcase
(char-alphabetic? 1)                       ; error: char-alphabetic?
(digit-value 5)                            ; error: digit-value
(char-numeric? "1")                        ; error: char-numeric?
