; A predicate of a record type, called as often as other instructions are: on its own records, on those of other types, on what is
; no record, and when the name has come to mean something else.
(define-record-type point (make-point x y) point? (x point-x) (y point-y))
(define-record-type line (make-line a) line? (a line-a))
(define things (list (make-point 1 2) (make-line 1) 1 'a "s" #f '() (vector 1) car (lambda (x) x) 1.5 (expt 10 30)))
(define (points l) (map (lambda (x) (if (point? x) 'point 'other)) l))
(points things)          ; expect: (point other other other other other other other other other other other)
(map line? things)       ; expect: (#f #t #f #f #f #f #f #f #f #f #f #f)
(define (count l n) (if (null? l) n (count (cdr l) (if (line? (car l)) (+ n 1) n))))
(count things 0)         ; expect: 1
; A subtype's records are the parent's, too.
(define parent (make-record-type 'parent '(a) #:extensible? #t))
(define child (make-record-type 'child '(b) #:parent parent))
(define parent? (record-predicate parent))
(define child? (record-predicate child))
(define (both x) (list (parent? x) (child? x)))
(both ((record-constructor child) 1 2))  ; expect: (#t #t)
(both ((record-constructor parent) 1))   ; expect: (#t #f)
(both (make-point 1 2))                  ; expect: (#f #f)
(both 'none)                             ; expect: (#f #f)
; In the same body the call is compiled before the predicate is there.
(define (local x) (define-record-type cell (make-cell v) cell? (v cell-v)) (list (cell? x) (cell? (make-cell x))))
(local 1)                ; expect: (#f #t)
(define (wrong x) (point? x 1))
(wrong 1)                ; error: point?: takes 1 argument
(define (mine x) (line? x))
(mine (make-line 1))     ; expect: #t
(set! line? (lambda (x) 'mine))
(mine (make-line 1))     ; expect: mine
(set! line? 5)
(mine (make-line 1))     ; error: this is 5
(set! line? point?)
(list (mine (make-line 1)) (mine (make-point 1 2))) ; expect: (#f #t)
