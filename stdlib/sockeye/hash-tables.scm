;;; Hash tables: what calls procedures. A walk goes over the entries that were there when it began, so the table may be
;;; changed meanwhile, and a continuation may come back.

(define (hash-for-each f table)
  "(hash-for-each f table): calls (f key value) for each entry of TABLE."
  (if (not (procedure? f)) (%wrong-type 'hash-for-each 1 "a procedure" f))
  (let loop ((l (%hash-handles table 'hash-for-each 2)))
    (if (pair? l)
        (begin (f (caar l) (cdar l)) (loop (cdr l))))))

(define (hash-for-each-handle f table)
  "(hash-for-each-handle f table): calls (f handle) for each entry of TABLE, a pair of key and value."
  (if (not (procedure? f)) (%wrong-type 'hash-for-each-handle 1 "a procedure" f))
  (let loop ((l (%hash-handles table 'hash-for-each-handle 2)))
    (if (pair? l)
        (begin (f (car l)) (loop (cdr l))))))

(define (hash-fold f seed table)
  "(hash-fold f seed table): (f key value (f key value ... seed)) over all entries of TABLE."
  (if (not (procedure? f)) (%wrong-type 'hash-fold 1 "a procedure" f))
  (let loop ((l (%hash-handles table 'hash-fold 3)) (seed seed))
    (if (pair? l)
        (loop (cdr l) (f (caar l) (cdar l) seed))
        seed)))

(define (hash-map->list f table)
  "(hash-map->list f table): the list of what (f key value) gives for the entries of TABLE."
  (if (not (procedure? f)) (%wrong-type 'hash-map->list 1 "a procedure" f))
  (let loop ((l (%hash-handles table 'hash-map->list 2)))
    (if (pair? l)
        (let ((x (f (caar l) (cdar l)))) (cons x (loop (cdr l))))
        '())))

(define (hash-count wanted? table)
  "(hash-count wanted? table): how many entries of TABLE make (wanted? key value) true."
  (if (not (procedure? wanted?)) (%wrong-type 'hash-count 1 "a procedure" wanted?))
  (let loop ((l (%hash-handles table 'hash-count 2)) (n 0))
    (cond ((null? l) n)
          ((wanted? (caar l) (cdar l)) (loop (cdr l) (+ n 1)))
          (else (loop (cdr l) n)))))

;;; ---- Tables that compare by procedures ---------------------------------------------------------------------------
;;;
;;; HASH is called with a key and this size, whatever the number of buckets: so the number it gives stays good when the
;;; table grows. ASSOC looks for a key in a list of pairs.

(define (%hashx-size)
  "The size that hash procedures are called with."
  1073741823)

(define (hashx-get-handle hash assoc table key)
  "(hashx-get-handle hash assoc table key): the pair of KEY and its value in TABLE, or #f; the key is found by (hash key size)
and (assoc key alist)."
  (assoc key (%hash-bucket table (hash key (%hashx-size)))))

(define (hashx-ref hash assoc table key #!optional default)
  "(hashx-ref hash assoc table key [default]): the value under KEY in TABLE, found by (hash key size) and (assoc key alist);
DEFAULT (or #f) if there is none."
  (let ((handle (hashx-get-handle hash assoc table key)))
    (cond (handle (cdr handle))
          ((%default? default) #f)
          (else default))))

(define (hashx-set! hash assoc table key value)
  "(hashx-set! hash assoc table key value): puts VALUE under KEY into TABLE, found by (hash key size) and (assoc key alist)."
  (%hashx-put! hash table (hashx-get-handle hash assoc table key) key value)
  value)

(define (%hashx-put! hash table handle key value)
  "Puts VALUE under the key of HANDLE into TABLE, or if that is #f, under KEY."
  (%hash-bucket-set! table (hash key (%hashx-size)) (if handle (car handle) key) value))

(define (hashx-create-handle! hash assoc table key init)
  "(hashx-create-handle! hash assoc table key init): the pair of KEY and its value in TABLE; if there is none, INIT is put there
first."
  (or (hashx-get-handle hash assoc table key)
      (begin (%hashx-put! hash table #f key init)
             (hashx-get-handle hash assoc table key))))

(define (hashx-remove! hash assoc table key)
  "(hashx-remove! hash assoc table key): takes KEY, found by (hash key size) and (assoc key alist), and its value out of TABLE:
the pair that they were, or #f."
  (let ((handle (hashx-get-handle hash assoc table key)))
    (and handle (%hash-bucket-remove! table (hash key (%hashx-size)) (car handle)))))
