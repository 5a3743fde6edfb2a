; Section 4.2.1: cond, case, and, or, when, unless, cond-expand.
(cond ((> 3 2) 'greater) ((< 3 2) 'less))  ; expect: greater
(cond ((> 3 3) 'greater) ((< 3 3) 'less) (else 'equal)) ; expect: equal
(cond ((assv 'b '((a 1) (b 2))) => cadr) (else #f)) ; expect: 2
(cond ((assv 'z '((a 1) (b 2))) => cadr) (else 'none)) ; expect: none
(cond (5))                                 ; expect: 5
(cond (#f 1) (6))                          ; expect: 6
(cond (#f 1) (6) (else 7))                 ; expect: 6
(cond (#t 1 2 3))                          ; expect: 3
(cond (else 1 2 3))                        ; expect: 3
(cond ((+ 1 1) => (lambda (x) (* x x))))   ; expect: 4
(cond (1 => list) (else 2))                ; expect: (1)
(cond ((memq 'x '(a x y)) => cdr) (else 0)) ; expect: (y)
(let ((n 0)) (cond ((begin (set! n (+ n 1)) n) => (lambda (x) (list x n))))) ; expect: (1 1)
(cond ('() 'yes) (else 'no))               ; expect: yes
(case (* 2 3) ((2 3 5 7) 'prime) ((1 4 6 8 9) 'composite)) ; expect: composite
(case (car '(c d)) ((a e i o u) 'vowel) ((w y) 'semivowel) (else => (lambda (x) x))) ; expect: c
(case 'e ((a e i o u) 'vowel) (else 'other)) ; expect: vowel
(case 5 ((1 2 3) 'low) ((4 5 6) => (lambda (n) (* n 10))) (else 'high)) ; expect: 50
(case #\b ((#\a) 1) ((#\b #\c) 2))         ; expect: 2
(case '() ((()) 'nil) (else 'other))       ; expect: nil
(case #t ((#f) 'no) ((#t) 'yes))           ; expect: yes
(case 2.0 ((2) 'exact) ((2.0) 'inexact) (else 'none)) ; expect: inexact
(case "a" (("a") 'string) (else 'none))    ; expect: none
(case 'x ((x) 1 2 3))                      ; expect: 3
(case 'y ((x) 1) (else 2 3))               ; expect: 3
(case 100000000000000000000 ((100000000000000000000) 'big) (else 'no)) ; expect: big
(case 1/2 ((1/2) 'half) (else 'no))        ; expect: half
(case 'else ((else) 'symbol) (else 'clause)) ; expect: symbol
(case (begin 3) ((1) 1) ((2) 2) (else => -)) ; expect: -3
(let ((n 0)) (case (begin (set! n (+ n 1)) n) ((0) 'a) ((1) 'b) ((2) 'c))) ; expect: b
(map (lambda (x) (case x ((0) 'zero) ((1 2 3) 'few) ((4 5 6 7 8 9) 'many) ((a b) 'letter) ((#\a) 'char) (else 'else))) '(0 2 9 10 a b c #\a #\b)) ; expect: (zero few many else letter letter else char else)
(and (= 2 2) (> 2 1))                      ; expect: #t
(and (= 2 2) (< 2 1))                      ; expect: #f
(and 1 2 'c '(f g))                        ; expect: (f g)
(and)                                      ; expect: #t
(and 5)                                    ; expect: 5
(and #f (car '()))                         ; expect: #f
(or (= 2 2) (> 2 1))                       ; expect: #t
(or (= 2 2) (< 2 1))                       ; expect: #t
(or #f #f #f)                              ; expect: #f
(or (memq 'b '(a b c)) (/ 3 0))            ; expect: (b c)
(or)                                       ; expect: #f
(or 7)                                     ; expect: 7
(or #f 8)                                  ; expect: 8
(let ((t 5)) (or #f t))                    ; expect: 5
(if (and #t (or #f 1) (not #f)) 'a 'b)     ; expect: a
(if (or (and #t #f) (not #t)) 'a 'b)       ; expect: b
(list (and 1 #f) (or #f #f) (not (and)))   ; expect: (#f #f #f)
(when (= 1 1) 'a 'b)                       ; expect: b
(when #t 1)                                ; expect: 1
(unless (= 1 2) 'a 'b)                     ; expect: b
(unless #f 1)                              ; expect: 1
(let ((x 0)) (when #f (set! x 1)) (unless #t (set! x 2)) x) ; expect: 0
(let ((x 0)) (when 'anything (set! x 1)) x) ; expect: 1
(cond-expand (r7rs 'yes) (else 'no))       ; expect: yes
(cond-expand ((not r7rs) 'no) (else 'yes)) ; expect: yes
(cond-expand ((and r7rs full-unicode) 'both) (else 'no)) ; expect: both
(cond-expand ((or no-such-thing r7rs) 'one) (else 'no)) ; expect: one
(cond-expand (no-such-thing 'no) (else 'fallback)) ; expect: fallback
(cond-expand ((library (scheme base)) 'lib) (else 'no)) ; expect: lib
(cond-expand ((library (no such library)) 'lib) (else 'no)) ; expect: no
(cond-expand ((and) 'empty-and) (else 'no)) ; expect: empty-and
(cond-expand ((or) 'empty-or) (else 'no))  ; expect: no
(cond-expand (exact-closed 'exact) (else 'no)) ; expect: exact
(cond-expand (r7rs (define ce1 1) (define ce2 2)))
(list ce1 ce2)                             ; expect: (1 2)
(let () (cond-expand (r7rs (define inner 5))) inner) ; expect: 5
(cond (1 => ))                             ; error: cond
(case)                                     ; error: case
