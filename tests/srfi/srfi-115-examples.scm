; Regular expressions as data.
(use-modules (srfi srfi-115))
(regexp-match? (regexp-matches '(: (* "a") "b") "aab")) ; expect: #t
(regexp-matches? '(* digit) "123x") ; expect: #f
(regexp-match->list (regexp-search '(: ($ (+ alpha)) "@" ($ (+ alpha))) "x foo@bar y")) ; expect: ("foo@bar" "foo" "bar")
(regexp-replace '(+ space) "one two three" "_") ; expect: "one_two three"
(regexp-replace '(+ space) "one two three" "_" 1 10) ; expect: "ne_two th"
(regexp-replace '(+ space) "one two three" "_" 0 #f 0) ; expect: "one_two three"
(regexp-replace '(+ space) "one two three" "_" 0 #f 1) ; expect: "one two_three"
(regexp-replace '(+ space) "one two three" "_" 0 #f 2) ; expect: "one two three"
(regexp-replace-all '(+ space) "one two three" "_") ; expect: "one_two_three"
(regexp-fold 'word (lambda (i m str acc) (let ((s (regexp-match-submatch m 0))) (if (assoc s acc) acc (cons (cons s 1) acc)))) '() "to be or not to be") ; expect: (("not" . 1) ("or" . 1) ("be" . 1) ("to" . 1))
(regexp-extract '(+ numeric) "192.168.0.1") ; expect: ("192" "168" "0" "1")
(regexp-split '(+ space) " fee fi fo fum\n") ; expect: ("" "fee" "fi" "fo" "fum" "")
(regexp-split '(",;") "a,,b,") ; expect: ("a" "" "b" "")
(regexp-partition '(+ (or space punct)) "") ; expect: ("")
(regexp-partition '(+ (or space punct)) "Hello, world!\n") ; expect: ("Hello" ", " "world" "!\n")
(regexp-partition '(* numeric) "abc123def456ghi789") ; expect: ("abc" "123" "def" "456" "ghi" "789")
(regexp? (regexp '(w/nocase "abc"))) ; expect: #t
(regexp-match-count (regexp-search '(: ($ "a") ($ "b")) "ab")) ; expect: 2
(regexp-match-submatch (regexp-search '(: (-> x (+ digit))) "a12") 'x) ; expect: "12"
(regexp-match-submatch-start (regexp-search '(+ digit) "a12") 0) ; expect: 1
(regexp-match-submatch-end (regexp-search '(+ digit) "a12")) ; expect: 3
(regexp-match->list (regexp-search '(? "b") "abc")) ; expect: ("")
(regexp-search '(= 3 "a") "aa") ; expect: #f
(regexp-match->list (regexp-search '(>= 2 "a") "aaa")) ; expect: ("aaa")
(regexp-match->list (regexp-search '(** 1 2 "a") "aaa")) ; expect: ("aa")
(regexp-match->list (regexp-search '(*? "a") "aaa")) ; expect: ("")
(regexp-match->list (regexp-search '(: "<" (**? 1 5 any) ">") "<a><b>")) ; expect: ("<a>")
(regexp-match->list (regexp-search '(~ ("abc")) "abcd")) ; expect: ("d")
(regexp-match->list (regexp-search '(- alpha ("aeiou")) "aeb")) ; expect: ("b")
(regexp-match->list (regexp-search '(& alpha (/ "am")) "zb")) ; expect: ("b")
(regexp-match->list (regexp-search '(/ "az" #\0 #\9) "-5")) ; expect: ("5")
(regexp-match->list (regexp-search `(: bos ,(char-set #\a) eos) "a")) ; expect: ("a")
(regexp-match->list (regexp-search '(: bol "b" eol) "a\nb\nc")) ; expect: ("b")
(regexp-match->list (regexp-search '(word+ alpha) "1 abc")) ; expect: ("abc")
(regexp-match->list (regexp-search '(seq "a" (or "b" "c")) "ac")) ; expect: ("ac")
(regexp-match->list (regexp-search '(w/case "a") "A a")) ; expect: ("a")
(regexp-match->list (regexp-search '(w/ascii alpha) "éa")) ; expect: ("a")
(regexp-match->list (regexp-search '(: grapheme) "abc")) ; expect: ("a")
(regexp->sre (regexp '(+ digit))) ; expect: (+ digit)
(char-set? (char-set #\a)) ; expect: #t
(valid-sre? '(* "a")) ; expect: #t
(valid-sre? '(foo "a")) ; expect: #f
(regexp-replace '(: ($ (+ alpha)) " " ($ (+ alpha))) "hello world" '(2 " " 1)) ; expect: "world hello"
(regexp-replace-all '($ digit) "a1b2" (lambda (m) (string-append "<" (regexp-match-submatch m 0) ">"))) ; expect: "a<1>b<2>"
(regexp-replace "b" "abc" '(pre "-" post)) ; expect: "aa-cc"
(regexp-match->list (regexp-matches (rx ($ (+ digit)) "-" ($ any)) "12-x")) ; expect: ("12-x" "12" "x")
(regexp-matches '(: "a" nwb) "a") ; expect: #f
