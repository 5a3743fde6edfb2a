; Functional records, conditions, boxes, several values. guile: same
(use-modules (srfi srfi-9) (srfi srfi-9 gnu) (ice-9 common-list) (srfi srfi-35) (srfi srfi-45) (srfi srfi-71) (srfi srfi-88) (srfi srfi-111) (srfi srfi-37) (ice-9 hash-table))
(define-immutable-record-type <p> (mk x y) p? (x px set-px) (y py set-py))
(define r (mk 1 (mk 2 3)))
(define-condition-type &c &condition c? (a c-a))
(px (set-px r 5))                                                            ; expect: 5
(px r)                                                                       ; expect: 1
(px (py (set-field r (py px) 9)))                                            ; expect: 9
(let ((q (set-fields r ((px) 7) ((py py) 8)))) (list (px q) (py (py q)) (px (py q)))) ; expect: (7 8 2)
(let ((c (condition (&c (a 5)) (&message (message "hi"))))) (list (c? c) (c-a c) (condition-message c) (error? c))) ; expect: (#t 5 "hi" #f)
(condition-has-type? (make-condition &c 'a 1) &condition)                    ; expect: #t
(force (lazy (eager 5)))                                                     ; expect: 5
(let ((a b (values 1 2)) (c 3)) (list a b c))                                ; expect: (1 2 3)
(let* ((a b (values 1 2)) (c (+ a b))) c)                                    ; expect: 3
(let (((values x . y) (values 1 2 3))) (list x y))                           ; expect: (1 (2 3))
(values->list (values 1 2))                                                  ; expect: (1 2)
(keyword->string (string->keyword "ab"))                                     ; expect: "ab"
(let ((b (box 1))) (set-box! b 2) (list (box? b) (unbox b)))                 ; expect: (#t 2)
(hash-ref (alist->hash-table '(("a" . 1))) "a")                              ; expect: 1
