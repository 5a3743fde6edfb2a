; The string library of SRFI 13, which Guile has in its core. guile: same
(use-modules (srfi srfi-13) (srfi srfi-14))
(string-null? "")                          ; expect: #t
(string-every char-numeric? "123")         ; expect: #t
(string-every (lambda (c) (and (char-numeric? c) c)) "123") ; expect: #\3
(string-every char-numeric? "")            ; expect: #t
(string-every #\a "aab")                   ; expect: #f
(string-any char-numeric? "ab3")           ; expect: #t
(string-any char-set:digit "abc")          ; expect: #f
(string-any (lambda (c) (memv c '(#\b))) "abc") ; expect: (#\b)
(string-any #\c "abcd" 0 2)                ; expect: #f
(string-tabulate (lambda (i) (integer->char (+ i 97))) 4) ; expect: "abcd"
(string->list "hello" 2 4)                 ; expect: (#\l #\l)
(reverse-list->string '(#\a #\B #\c))      ; expect: "cBa"
(string-join '("foo" "bar" "baz") ":")     ; expect: "foo:bar:baz"
(string-join '("foo" "bar" "baz") ":" 'suffix) ; expect: "foo:bar:baz:"
(string-join '() ":")                      ; expect: ""
(string-join '("") ":")                    ; expect: ""
(string-join '() ":" 'suffix)              ; expect: ""
(string-join '("") ":" 'suffix)            ; expect: ":"
(string-join '() ":" 'strict-infix)        ; error: string-join
(string-copy "hello world" 6)              ; expect: "world"
(substring/shared "beta" 1 3)              ; expect: "et"
(let ((s (string-copy "abcdef"))) (string-copy! s 1 "XYZ" 1 3) s) ; expect: "aYZdef"
(string-take "Pete Szilagyi" 6)            ; expect: "Pete S"
(string-drop "Pete Szilagyi" 6)            ; expect: "zilagyi"
(string-take-right "Beta rules" 5)         ; expect: "rules"
(string-drop-right "Beta rules" 5)         ; expect: "Beta "
(string-take "foo" 37)                     ; error: string-take
(string-pad "325" 5)                       ; expect: "  325"
(string-pad "71325" 5)                     ; expect: "71325"
(string-pad "8871325" 5)                   ; expect: "71325"
(string-pad-right "325" 5 #\*)             ; expect: "325**"
(string-pad-right "8871325" 5)             ; expect: "88713"
(string-pad "abcdef" 8 #\- 2 4)            ; expect: "------cd"
(string-trim-both "  The outlook wasn't brilliant,  \n\r") ; expect: "The outlook wasn't brilliant,"
(string-trim "xxyx" #\x)                   ; expect: "yx"
(string-trim-right "xxyx" #\x)             ; expect: "xxy"
(string-trim-both "12ab21" char-numeric?)  ; expect: "ab"
(string-trim-both "12ab21" char-set:digit) ; expect: "ab"
(string-trim "  xyz" char-whitespace? 1 4) ; expect: "xy"
(let ((s (make-string 3 #\a))) (string-fill! s #\b 1 2) s) ; expect: "aba"
(string-compare "The cat in the hat" "abcdefgh" values values values 4 6 2 4) ; expect: 5
(string= "abc" "xabcx" 0 3 1 4)            ; expect: #t
(string< "abc" "abd")                      ; expect: #t
(string> "abc" "abd")                      ; expect: #f
(string<> "abc" "abc")                     ; expect: #f
(string-ci= "ABC" "abc")                   ; expect: #t
(string-prefix-length "socket" "sockeye")  ; expect: 5
(string-suffix-length "barking" "running") ; expect: 3
(string-prefix? "sock" "sockeye")          ; expect: #t
(string-suffix? "eye" "sockeye")           ; expect: #t
(string-prefix-ci? "SOCK" "sockeye")       ; expect: #t
(string-index "hello" #\l)                 ; expect: 2
(string-index "hello" char-upper-case?)    ; expect: #f
(string-index "hello" char-set:letter 3)   ; expect: 3
(string-index-right "hello" #\l)           ; expect: 3
(string-rindex "hello" #\l 0 3)            ; expect: 2
(string-skip "  hello" #\space)            ; expect: 2
(string-skip-right "hello  " char-whitespace?) ; expect: 4
(string-count "banana" #\a)                ; expect: 3
(string-count "banana" (char-set #\a #\n) 2) ; expect: 4
(string-contains "eek -- what a geek." "ee" 12 18) ; expect: 15
(string-contains "eek" "k" 0 2)            ; expect: #f
(string-contains-ci "Foo Bar" "BAR")       ; expect: 4
(string-titlecase "--capitalize tHIS sentence.") ; expect: "--Capitalize This Sentence."
(string-titlecase "3com makes routers.")   ; expect: "3Com Makes Routers."
(string-upcase "grün" 1)                   ; expect: "RÜN"
(string-reverse "hello" 1 4)               ; expect: "hlleo"
(let ((s (string-copy "hello"))) (string-reverse! s 1 4) s) ; expect: "hlleo"
(string-concatenate '("a" "b" "c"))        ; expect: "abc"
(string-concatenate-reverse '(" must be" "Hello, I") " going.XXXX" 7) ; expect: "Hello, I must be going."
(string-fold cons '() "abc")               ; expect: (#\c #\b #\a)
(string-fold-right cons '() "abc" 1)       ; expect: (#\b #\c)
(string-unfold null? car cdr '(#\a #\b #\c)) ; expect: "abc"
(string-unfold null? car cdr '(#\a #\b) "<" (lambda (x) ">")) ; expect: "<ab>"
(string-unfold-right null? car cdr '(#\a #\b #\c)) ; expect: "cba"
(let ((l '())) (string-for-each (lambda (c) (set! l (cons c l))) "abc" 1) l) ; expect: (#\c #\b)
(string-map char-upcase "abc" 1)           ; expect: "BC"
(xsubstring "abcdef" 2)                    ; expect: "cdefab"
(xsubstring "abcdef" -2)                   ; expect: "efabcd"
(xsubstring "abc" 0 7)                     ; expect: "abcabca"
(string-replace "The TCL programmer endured daily ridicule." "another miserable perl drone" 4 7 8 22) ; expect: "The miserable perl programmer endured daily ridicule."
(string-replace "It's easy to code it up in Scheme." "really" 5 5) ; expect: "It's reallyeasy to code it up in Scheme."
(string-tokenize "Help make programs run, run, RUN!") ; expect: ("Help" "make" "programs" "run," "run," "RUN!")
(string-tokenize "a1bc2" char-set:letter)  ; expect: ("a" "bc")
(string-filter char-alphabetic? "a1b2")    ; expect: "ab"
(string-delete #\a "banana")               ; expect: "bnn"
(string-split "root:x:0" #\:)              ; expect: ("root" "x" "0")
(string-split "a b,c" (char-set #\space #\,)) ; expect: ("a" "b" "c")
(string-split "a1b22c" char-numeric?)      ; expect: ("a" "b" "" "c")
(string-split "" #\:)                      ; expect: ("")
(string-capitalize "hello wORLD")          ; expect: "Hello World"
(= (string-hash "abc" 1000) (string-hash (string #\a #\b #\c) 1000)) ; expect: #t
(< -1 (string-hash "hello" 10) 10)         ; expect: #t
(string-index "abc" 5)                     ; error: string-index
(string-index "abc" #\a 4)                 ; error: string-index
(string-index 5 char-numeric?)             ; error: string-index
(string-fold 1 2 "x")                      ; error: string-fold
