; Weak tables lose what nothing else holds. Entries of an object that is still held stay, and their handles are not to be had.
(define (const x) (lambda ignored x))
(define (fill! table n) (for-each (lambda (i) (hashq-set! table (list i) i)) (iota n)))
(define k (make-weak-key-hash-table))
(define held (list 'held))
(fill! k 50)
(hashq-set! k held 'value)                 ; expect: value
(hashq-set! k 'symbol 1)                   ; expect: 1
(gc)
(sort (hash-map->list (lambda (k v) (if (symbol? k) k 'pair)) k) symbol<?) ; expect: (pair symbol)
(hashq-ref k held)                         ; expect: value
; A value that leads to its key does not keep the entry.
(let ((key (list 1))) (hashq-set! k key (vector key))) (gc)
(hash-count (const #t) k)                  ; expect: 2
(define v (make-weak-value-hash-table))
(hash-set! v 'lost (list 1))               ; expect: (1)
(hash-set! v 'kept held)                   ; expect: (held)
(gc)
(hash-map->list cons v)                    ; expect: ((kept held))
(define d (make-doubly-weak-hash-table))
(hashq-set! d held held)                   ; expect: (held)
(hashq-set! d (list 1) held)               ; expect: (held)
(hashq-set! d held held)                   ; expect: (held)
(gc)
(hash-map->list (lambda (k v) (eq? k v)) d) ; expect: (#t)
(list (weak-key-hash-table? k) (weak-value-hash-table? v) (doubly-weak-hash-table? d)) ; expect: (#t #t #t)
(begin (set! held #f) (gc) (list (hash-count (const #t) k) (hash-count (const #t) v) (hash-count (const #t) d))) ; expect: (1 0 0)
