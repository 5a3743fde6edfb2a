;;; (ice-9 hash-table): the core's hash tables from association lists. [Guile: Hash Table Reference]

(define-module (ice-9 hash-table)
  #:export (alist->hash-table alist->hashq-table alist->hashv-table alist->hashx-table))

(define (%fill set alist)
  "A new table of the entries of ALIST, put in by SET; of several for a key the first counts."
  (let ((table (make-hash-table)))
    (for-each (lambda (pair) (set table (car pair) (cdr pair))) (reverse alist))
    table))

(define (alist->hash-table alist)
  "(alist->hash-table alist): a hash table of the entries of ALIST, with keys compared by equal?."
  (%fill hash-set! alist))

(define (alist->hashq-table alist)
  "(alist->hashq-table alist): a hash table of the entries of ALIST, with keys compared by eq?."
  (%fill hashq-set! alist))

(define (alist->hashv-table alist)
  "(alist->hashv-table alist): a hash table of the entries of ALIST, with keys compared by eqv?."
  (%fill hashv-set! alist))

(define (alist->hashx-table hash assoc alist)
  "(alist->hashx-table hash assoc alist): a hash table of the entries of ALIST, for hashx-ref and the like with HASH and ASSOC."
  (%fill (lambda (table key value) (hashx-set! hash assoc table key value)) alist))
