; Hash tables of SRFI 69. guile: same
(use-modules (srfi srfi-69))
(define h (make-hash-table string=?))
(hash-table-set! h "a" 1)
(hash-table-set! h "b" 2)
(hash-table-update! h "a" (lambda (x) (+ x 10)))
(hash-table-update!/default h "c" (lambda (x) (+ x 1)) 0)
(define ci (alist->hash-table '(("Foo" . 1) ("foo" . 2)) string-ci=? string-ci-hash))
(hash-table-ref h "a")                                              ; expect: 11
(hash-table-ref/default h "z" 'no)                                  ; expect: no
(hash-table-size h)                                                 ; expect: 3
(sort (hash-table-keys h) string<?)                                 ; expect: ("a" "b" "c")
(sort (hash-table-values h) <)                                      ; expect: (1 2 11)
(hash-table-fold h (lambda (k v s) (+ v s)) 0)                      ; expect: 14
(hash-table-exists? h "b")                                          ; expect: #t
(begin (hash-table-delete! h "b") (hash-table-exists? h "b"))       ; expect: #f
(hash-table-ref ci "FOO")                                           ; expect: 1
(hash-table-size ci)                                                ; expect: 1
(hash-table-ref h "zz")                                             ; error:
(hash-table-ref h "zz" (lambda () 'failed))                         ; expect: failed
(hash-table-size (hash-table-copy h))                               ; expect: 2
(hash-table-size (hash-table-merge! h ci))                          ; expect: 3
(let ((n 0)) (hash-table-walk h (lambda (k v) (set! n (+ n v)))) n) ; expect: 13
(hash-table->alist (alist->hash-table '((1 . 2)) eqv?))             ; expect: ((1 . 2))
