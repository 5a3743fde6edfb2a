; Section 5.5: define-record-type.
(define-record-type <pare> (kons x y) pare? (x kar set-kar!) (y kdr))
(pare? (kons 1 2))                         ; expect: #t
(pare? (cons 1 2))                         ; expect: #f
(kar (kons 1 2))                           ; expect: 1
(kdr (kons 1 2))                           ; expect: 2
(let ((k (kons 1 2))) (set-kar! k 3) (kar k)) ; expect: 3
(pair? (kons 1 2))                         ; expect: #f
(vector? (kons 1 2))                       ; expect: #f
(procedure? kons)                          ; expect: #t
(procedure? kar)                           ; expect: #t
(define-record-type point (make-point x y) point? (x point-x set-point-x!) (y point-y set-point-y!))
(define-record-type point3 (make-point3 z) point3? (z point3-z))
(point? (make-point3 1))                   ; expect: #f
(point3? (make-point 1 2))                 ; expect: #f
(map point? (list 1 'a "s" #\c '() #t car (make-point 1 2) (vector 1 2))) ; expect: (#f #f #f #f #f #f #f #t #f)
(define-record-type reordered (make-reordered b a) reordered? (a ra) (b rb))
(let ((r (make-reordered 1 2))) (list (ra r) (rb r))) ; expect: (2 1)
(define-record-type partial (make-partial a) partial? (a pa) (b pb set-pb!))
(let ((p (make-partial 1))) (set-pb! p 9) (list (pa p) (pb p))) ; expect: (1 9)
(define-record-type empty (make-empty) empty?)
(empty? (make-empty))                      ; expect: #t
(eq? (make-empty) (make-empty))            ; expect: #f
(let ((p (make-point 1 2))) (list (eq? p p) (eqv? p p) (equal? p p))) ; expect: (#t #t #t)
(eqv? (make-point 1 2) (make-point 1 2))   ; expect: #f
(let ((a (make-point 1 2))) (let ((b a)) (set-point-x! b 10) (point-x a))) ; expect: 10
(make-point 1)                             ; error: make-point
(make-point 1 2 3)                         ; error: make-point
(kar 5)                                    ; error: kar
(kar (make-point 1 2))                     ; error: kar
(set-kar! 5 1)                             ; error: set-kar!
(kar)                                      ; error: kar
(guard (e (#t (error-object? e))) (point-x (kons 1 2))) ; expect: #t
(define old-point? point?)
(define old (make-point 1 2))
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(list (point? old) (old-point? old) (old-point? (make-point 1 2))) ; expect: (#f #t #f)
(let () (define-record-type local (mk a) local? (a get)) (get (mk 7))) ; expect: 7
(define-record-type node (make-node value next) node? (value node-value) (next node-next set-node-next!))
(let ((n (make-node 1 '()))) (set-node-next! n n) (eq? n (node-next (node-next n)))) ; expect: #t
(let loop ((i 0) (n '())) (if (= i 1000) (let sum ((n n) (s 0)) (if (null? n) s (sum (node-next n) (+ s (node-value n))))) (loop (+ i 1) (make-node i n)))) ; expect: 499500
