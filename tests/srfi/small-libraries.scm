; Libraries of a few procedures each. guile: same
(use-modules (srfi srfi-1) (ice-9 q) (ice-9 string-fun) (ice-9 list) (ice-9 vlist) (srfi srfi-2) (srfi srfi-26) (srfi srfi-31) (srfi srfi-60) (rnrs bytevectors))
(define vh (fold (lambda (i h) (vhash-cons (number->string i) i h)) vlist-null (iota 50)))
(let ((q (make-q))) (enq! q 1) (enq! q 2) (q-push! q 0) (list (q? q) (deq! q) (q-front q) (q-rear q) (q-length q))) ; expect: (#t 0 1 2 2)
(deq! (make-q))                                                              ; error:
(string-replace-substring "a<b<c" "<" "&lt;")                                ; expect: "a&lt;b&lt;c"
(split-discarding-char #\= "a=b=c" list)                                     ; expect: ("a" "b=c")
(split-after-char-last #\/ "a/b/c" list)                                     ; expect: ("a/b/" "c")
(separate-fields-discarding-char #\: "a:b:c" list)                           ; expect: ("a" "b" "c")
(rassoc "x" '((1 . "y") (2 . "x")))                                          ; expect: (2 . "x")
(let ((v (list->vlist (iota 100)))) (list (vlist-length v) (vlist-ref v 57) (vlist->list (vlist-take v 3)) (vlist-head (vlist-drop v 99)) (vlist-fold + 0 v))) ; expect: (100 57 (0 1 2) 99 4950)
(vhash-assoc "7" vh)                                                         ; expect: ("7" . 7)
(vhash-assoc "70" vh)                                                        ; expect: #f
(vhash-assoc "7" (vhash-cons "7" 'new vh))                                   ; expect: ("7" . new)
(vhash-assoc "7" (vhash-delete "7" vh))                                      ; expect: #f
(vhash-fold* cons '() "7" (vhash-cons "7" 'new vh))                          ; expect: (7 new)
(and-let* ((x 5) ((> x 3)) (y (* x 2))) y)                                   ; expect: 10
(and-let* ((x #f)) (car x))                                                  ; expect: #f
((cut list 1 <> 3 <>) 2 4)                                                   ; expect: (1 2 3 4)
((cut list 1 <> <...>) 2 3 4)                                                ; expect: (1 2 3 4)
((cute + (* 2 3) <>) 1)                                                      ; expect: 7
((rec (f n) (if (= n 0) 1 (* n (f (- n 1))))) 5)                             ; expect: 120
(list (bit-field 13 1 3) (copy-bit 1 0 #t) (bitwise-if 12 10 5) (integer->list 5 4) (list->integer '(#t #f #t)) (reverse-bit-field 6 0 3) (rotate-bit-field 6 1 0 3) (log2-binary-factors 8) (any-bits-set? 5 2) (bit-set? 2 5)) ; expect: (2 2 9 (#f #t #f #t) 5 3 5 3 #f #t)
(bytevector-uint-ref #vu8(1 2 3) 0 (endianness big) 3)                       ; expect: 66051
(bytevector-sint-ref #vu8(255 255 254) 0 'big 3)                             ; expect: -2
(bytevector->uint-list #vu8(0 1 0 2) (endianness big) 2)                     ; expect: (1 2)
(bytevector->u8-list (sint-list->bytevector '(1 -1) (endianness little) 2))  ; expect: (1 0 255 255)
(bytevector->u8-list (string->utf16 "aλ"))                                   ; expect: (0 97 3 187)
(utf16->string (u8-list->bytevector '(0 97 3 187)))                          ; expect: "aλ"
(utf32->string (string->utf32 "λ" (endianness little)) 'little)              ; expect: "λ"
(let ((b (make-bytevector 9 0))) (bytevector-sint-set! b 0 -123456789012345678901 (endianness big) 9) (bytevector-sint-ref b 0 (endianness big) 9)) ; expect: -123456789012345678901
