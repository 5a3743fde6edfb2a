; Character sets. guile: same but for two faults of its own
(use-modules (srfi srfi-14))
(char-set? char-set:letter)                ; expect: #t
(char-set->list (char-set #\c #\a #\b))    ; expect: (#\a #\b #\c)
(char-set->string (string->char-set "hello")) ; expect: "ehlo"
(char-set-size (ucs-range->char-set 65 70)) ; expect: 5
(char-set= (char-set #\a #\b) (list->char-set '(#\b #\a))) ; expect: #t
(char-set<= (char-set #\a) (char-set #\a #\b) char-set:full) ; expect: #t
(char-set-contains? char-set:whitespace #\tab) ; expect: #t
(char-set-contains? char-set:letter #\λ)   ; expect: #t
(char-set-contains? char-set:punctuation #\!) ; expect: #t
(char-set-contains? char-set:symbol #\+)   ; expect: #t
(char-set-contains? char-set:graphic #\space) ; expect: #f
(char-set-contains? char-set:printing #\space) ; expect: #t
(map char-set-size (list char-set:ascii char-set:hex-digit char-set:iso-control char-set:empty char-set:full)) ; expect: (128 22 65 0 1112064)
(char-set->string (char-set-adjoin (char-set #\a) #\z #\b)) ; expect: "abz"
(char-set->string (char-set-delete (string->char-set "abc") #\b)) ; expect: "ac"
(char-set->string (char-set-union (char-set #\a) (char-set #\c) (char-set #\b))) ; expect: "abc"
(char-set->string (char-set-intersection (string->char-set "abcd") (string->char-set "bcde"))) ; expect: "bcd"
(char-set->string (char-set-difference (string->char-set "abcd") (char-set #\a) (char-set #\d))) ; expect: "bc"
(char-set->string (char-set-xor (string->char-set "abc") (string->char-set "bcd"))) ; expect: "ad"
(char-set-contains? (char-set-complement (char-set #\a)) #\a) ; expect: #f
(char-set-size (char-set-complement (char-set #\a))) ; expect: 1112063
(call-with-values (lambda () (char-set-diff+intersection (string->char-set "abc") (char-set #\b))) (lambda (d i) (list (char-set->string d) (char-set->string i)))) ; expect: ("ac" "b")
(char-set-fold cons '() (string->char-set "abc")) ; expect: (#\c #\b #\a)
(char-set->string (char-set-map char-upcase (string->char-set "abc"))) ; expect: "ABC"
(char-set->string (char-set-filter char-numeric? (string->char-set "a1b2"))) ; expect: "12"
(char-set->string (char-set-filter char-numeric? (string->char-set "a1b2") (char-set #\x))) ; expect: "12x"
(char-set-count char-numeric? (string->char-set "a1b2")) ; expect: 2
(char-set-any char-numeric? (string->char-set "a1")) ; expect: #t
(char-set-every char-numeric? (string->char-set "a1")) ; expect: #f
(char-set->string (char-set-unfold null? car cdr '(#\a #\c))) ; expect: "ac"
(let loop ((c (char-set-cursor (string->char-set "xyz"))) (l '())) (if (end-of-char-set? c) l (loop (char-set-cursor-next (string->char-set "xyz") c) (cons (char-set-ref (string->char-set "xyz") c) l)))) ; expect: (#\z #\y #\x)
(char-set->string (->char-set "ba"))       ; expect: "ab"
(char-set->string (->char-set #\a))        ; expect: "a"
(= (char-set-hash (char-set #\a #\b)) (char-set-hash (string->char-set "ba"))) ; expect: #t
(char-set #\a #\b #\c #\x)                 ; expect: #<charset {#\a..#\c #\x}>
(char-set-contains? "abc" #\a)             ; error: char-set-contains?
(char-set-contains? char-set:letter "a")   ; error: char-set-contains?
(char-set-fold 1 2 char-set:digit)         ; error: char-set-fold
(ucs-range->char-set 10 5)                 ; error: ucs-range->char-set
