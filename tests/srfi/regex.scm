; (ice-9 regex). guile: same
(use-modules (ice-9 regex))
(map match:substring (list-matches "[a-z]+" "abc 42 def 78"))                ; expect: ("abc" "def")
(map (lambda (m) (cons (match:start m) (match:end m))) (list-matches "b*" "abba")) ; expect: ((0 . 0) (1 . 3) (4 . 4))
(regexp-substitute/global #f "[ \t]+" "this   is  text" 'pre "-" 'post)      ; expect: "this-is-text"
(regexp-substitute/global #f "([a-z]+)=([0-9]+)" "a=1 b=2" 'pre 2 "=" 1 'post) ; expect: "1=a 2=b"
(regexp-substitute/global #f "[a-z]+" "ab 12 cd" 'pre (lambda (m) (string-upcase (match:substring m))) 'post) ; expect: "AB 12 CD"
(regexp-substitute #f (string-match "[0-9]+" "ab12cd") 'pre "N" 'post)       ; expect: "abNcd"
(regexp-quote "a.b*c$[x](y)+?")                                              ; expect: "a\\.b\\*c\\$\\[x][(]y[)][+][?]"
(regexp-substitute/global #f "x" "axbxc" 'pre "y")                           ; expect: "ay"
(fold-matches "[a-z]" "a1b2" 0 (lambda (m n) (+ n 1)))                       ; expect: 2
(string-match "x" "abc")                                                     ; expect: #f
(let ((m (string-match "(b)(c)?" "abd"))) (list (match:count m) (match:prefix m) (match:suffix m) (match:substring m 2) (match:start m 1) (match:string m))) ; expect: (3 "a" "d" #f 1 "abd")
(list-matches "^a" "aaa")                                                    ; expect: (#("aaa" (0 . 1)))
(regexp-match? 5)                                                            ; expect: #f
