; Compare procedures. guile: same
(use-modules (srfi srfi-67))
(list (integer-compare 1 2) (string-compare "b" "a") (symbol-compare 'a 'a) (boolean-compare #f #t) (char-compare-ci #\A #\a)) ; expect: (-1 1 0 -1 0)
(list (default-compare '(1 2) '(1 3)) (default-compare #(1) #(1 2)) (default-compare "a" 'a) (default-compare '() '(1))) ; expect: (-1 -1 -1 -1)
(list (list-compare integer-compare '(1 2) '(1 2 3)) (vector-compare integer-compare #(2) #(1 1)) (vector-compare-as-list integer-compare #(2) #(1 1))) ; expect: (-1 -1 1)
(if3 (integer-compare 1 2) 'less 'equal 'greater)                            ; expect: less
(if<? (integer-compare 3 2) 'yes 'no)                                        ; expect: no
(refine-compare 0 1 -1)                                                      ; expect: 1
(select-compare 1 "a" (string? 0) (else 1))                                  ; expect: 1
(cond-compare (((null? '()) (null? '(1))) 0) (else 1))                       ; expect: -1
(list (<? 1 2) (=? string-compare-ci "A" "a") ((>? integer-compare) 2 1) (</<=? 1 2 2) (not=? 1 2)) ; expect: (#t #t #t #t #t)
(list (chain<? integer-compare 1 2 3) (chain=? integer-compare 1 1) (chain<=? integer-compare 1 1 0) (pairwise-not=? integer-compare 1 2 1)) ; expect: (#t #t #f #f)
(list (min-compare integer-compare 3 1 2) (max-compare integer-compare 3 1 2) (kth-largest integer-compare 1 3 1 2)) ; expect: (1 3 2)
(list ((compare-by< <) 1 2) (compare-by>= >= 2 1) (compare-by=/< = < 1 1))   ; expect: (-1 1 0)
(pair-compare integer-compare integer-compare '(1 . 2) '(1 . 3))             ; expect: -1
((debug-compare integer-compare) 1 2)                                        ; expect: -1
(integer-compare 1 'a)                                                       ; error:
