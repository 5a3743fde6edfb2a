; All patterns of (ice-9 match).
(use-modules (ice-9 match) (srfi srfi-9))
(define-record-type <pt> (mk x y) pt? (x px) (y py set-y!))
(match '(a (a (a b))) ((x *** 'b) x))                                  ; expect: (a a a)
(match '(1 2 3) ((a ... b) (list a b)))                                ; expect: ((1 2) 3)
(match '(1 2 3) ((a ..1) a))                                           ; expect: (1 2 3)
(match '(1) ((a ..2) a) (_ 'no))                                       ; expect: no
(match '(1 2 3) ((a =.. 3) a))                                         ; expect: 1
(match '(1 2 3) ((a ___) a))                                           ; expect: (1 2 3)
(match #(1 2 3) (#(a b ...) (list a b)))                               ; expect: (1 (2 3))
(match (mk 1 2) (($ <pt> a b) (list a b)))                             ; expect: (1 2)
(match (mk 1 2) (($ <pt> a) a))                                        ; expect: 1
(match 5 ((? number? n) n))                                            ; expect: 5
(match 5 ((? number? (? odd? n)) n))                                   ; expect: 5
(match 5 ((not 4) 'ok))                                                ; expect: ok
(match '(1 . 2) ((a . b) (list a b)))                                  ; expect: (1 2)
(match '(1 2) ((or (a 3) (a 2)) a))                                    ; expect: 1
(match "x" ("x" 'str))                                                 ; expect: str
(match '(k v) (('k x) x))                                              ; expect: v
(match '(1 2 3) ((= length n) n) )                                     ; expect: 3
(match '(1 2 3) ((and l (a b c)) (list l a)))                          ; expect: ((1 2 3) 1)
(match '(1 2) (`(1 ,x) x))                                             ; expect: 2
(match '((a 1) (b 2)) (((k v) ...) (list k v)))                        ; expect: ((a b) (1 2))
(match (list 1 2) ((a b) (=> next) (if (> a 5) a (next))) (_ 'second))  ; expect: second
(match (cons 1 2) ((get! g) (pair? (g))))                              ; expect: #t
(let ((l (list 1 2))) (match l (((set! s) . _) (s 9))) l)              ; expect: (9 2)
(let ((l (list 1 2))) (match l ((_ . (get! g)) (g))))                  ; expect: (2)
((match-lambda ((a b) (+ a b))) '(1 2))                                ; expect: 3
((match-lambda* ((a b) (+ a b)) ((a) a)) 1 2)                          ; expect: 3
(match-let (((a b) '(1 2)) (c 3)) (list a b c))                        ; expect: (1 2 3)
(match-let* (((a b) '(1 2)) ((c) (list a))) c)                         ; expect: 1
(match-letrec ((f (lambda (x) x))) (f 5))                              ; expect: 5
(match '() (() 'null))                                                 ; expect: null
(match #t (#t 'yes))                                                   ; expect: yes
(match 'x ((quote x) 'sym))                                            ; expect: sym
(match '(1 2 3 4 5) ((a b ... c d) (list a b c d)))                    ; expect: (1 (2 3) 4 5)
(match '(1 (2 3) (4 5)) ((x (y z) ...) (list x y z)))                  ; expect: (1 (2 4) (3 5))
(match '((1 2) (3 4 5)) (((a ...) ...) a))                             ; expect: ((1 2) (3 4 5))
(match 1.5 (1.5 'f))                                                   ; expect: f
(match #\a (#\a 'c))                                                   ; expect: c
(match '(a b c d) ((x y . z) (list x y z)))                            ; expect: (a b (c d))
(match #(1 (2 3)) (#(a (b c)) (list a b c)))                           ; expect: (1 2 3)
(match '(x) ((x) (match x ('x 'inner))))                               ; expect: inner
(match-let loop ((l '(1 2 3)) (s 0)) (match l (() s) ((a . b) (loop b (+ s a)))))  ; expect: 6
(match '(1 1) ((a a) 'same) (_ 'diff))                                 ; expect: same
(match '(1 2) ((a a) 'same) (_ 'diff))                                 ; expect: diff
(match '(html (head (title "x")) (body (p (b "deep")))) ((path *** ('b x)) (list path x)))  ; expect: ((html body p) "deep")
(match '(a (b 1) (c (d 2))) ((x *** 2) x) (_ 'no))                     ; expect: (a c d)
(match '(a (b 1)) ((x *** 9) x) (_ 'no))                               ; expect: no
(match 5 ((x *** 5) x))                                                ; expect: ()
(match '((a 1) ((b 2) (c (9 3)))) (((k v) *** (? number? n)) (list k v n)) (_ 'no))  ; expect: no
(let ((l (list 1 2 3))) (match l ((a . (set! s)) (s '(9)))) l)         ; expect: (1 9)
(let ((x 5)) (match x ((get! g) (g))))                                 ; expect: 5
