;;; (srfi srfi-69): hash tables that know how they compare their keys. [SRFI 69]
;;;
;;; A table is a record around one of the core's. Keys compared by eq?, eqv?, equal? or string=? go straight to the machine;
;;; for another equivalence the hash function is called, and the buckets are searched here. Guile's own hash-table? is about
;;; its core tables: this library's are of another kind.

(define-module (srfi srfi-69)
  #:export (alist->hash-table hash-table-equivalence-function hash-table-hash-function hash-table-ref
            hash-table-ref/default hash-table-set! hash-table-delete! hash-table-exists? hash-table-update!
            hash-table-update!/default hash-table-size hash-table-keys hash-table-values hash-table-walk hash-table-fold
            hash-table->alist hash-table-copy hash-table-merge! string-ci-hash hash-by-identity)
  #:replace (hash-table? hash string-hash make-hash-table))

(define-record-type (<hash-table> %keep-apart!)
  (%make-table same? hash how ref set remove core weakness)
  %table?
  (same? table-same?)
  (hash table-hash)
  ;; equal, eqv, eq: the machine does it; or #f: by the procedures
  (how table-how)
  ;; (ref core key default), (set core key value), (remove core key)
  (ref table-ref)
  (set table-set)
  (remove table-remove)
  (core table-core)
  (weakness table-weakness))

(set-record-type-printer! <hash-table>
  (lambda (table port) (write (table-core table) port)))

(define (%core table who)
  "The core table in TABLE, argument 1 of WHO."
  (if (%table? table) (table-core table) (%wrong-type who 1 "a hash table of SRFI 69" table)))

;; Uses the core table in TABLE, argument 1 of WHO: calls the machine's own procedure where there is one.
(define-syntax %use
  (syntax-rules ()
    ((_ who table (by-equal by-eqv by-eq other) argument ...)
     (let ((core (if (%table? table) (table-core table) (%core table 'who))))
       (case (table-how table)
         ((equal) (by-equal core argument ...))
         ((eqv) (by-eqv core argument ...))
         ((eq) (by-eq core argument ...))
         (else ((other table) core argument ...)))))))

(define-syntax %ref
  (syntax-rules () ((_ who table key default) (%use who table (hash-ref hashv-ref hashq-ref table-ref) key default))))

(define* (make-hash-table #:optional (same? equal?) (hash #f) #:rest args)
  "(make-hash-table [same? [hash arg ...]]): a new empty hash table whose keys are compared by SAME? (or equal?) and spread by
HASH. An argument weak: key, value or key-or-value, says what the table does not keep alive."
  (let* ((weakness (if (and (symbol? same?) (not hash)) same? (let ((w (memq #:weak args))) (if (and w (pair? (cdr w))) (cadr w) #f))))
         (core (case weakness
                 ((key) (make-weak-key-hash-table))
                 ((value) (make-weak-value-hash-table))
                 ((key-or-value key-and-value) (make-doubly-weak-hash-table))
                 (else ((@ (guile) make-hash-table))))))
    (if (not (procedure? same?)) (%wrong-type 'make-hash-table 1 "a procedure" same?))
    (cond ((eq? same? eq?) (%make-table same? (or hash hash-by-identity) 'eq #f #f #f core weakness))
          ((or (eq? same? eqv?) (eq? same? char=?)) (%make-table same? (or hash %eqv-hash) 'eqv #f #f #f core weakness))
          ((eq? same? =) (%make-table same? (or hash %eqv-hash) 'equal #f #f #f core weakness))
          ((or (eq? same? equal?) (eq? same? string=?))
           (%make-table same? (or hash (if (eq? same? equal?) %equal-hash string-hash)) 'equal #f #f #f core weakness))
          (else
           (let* ((hash (or hash (if (eq? same? string-ci=?) string-ci-hash %equal-hash)))
                  (size-hash (lambda (key size) (modulo (hash key) size)))
                  (assoc (lambda (key alist)
                           (let loop ((l alist))
                             (cond ((null? l) #f)
                                   ((same? (caar l) key) (car l))
                                   (else (loop (cdr l))))))))
             (%make-table same? hash #f
                          (lambda (core key default) (hashx-ref size-hash assoc core key default))
                          (lambda (core key value) (hashx-set! size-hash assoc core key value))
                          (lambda (core key) (hashx-remove! size-hash assoc core key))
                          core weakness))))))

(define (hash-table? obj)
  "(hash-table? obj): whether OBJ is a hash table of this library."
  (%table? obj))

(define* (alist->hash-table alist #:optional (same? equal?) (hash #f) #:rest args)
  "(alist->hash-table alist [same? [hash arg ...]]): a hash table of the entries of ALIST; of several for a key the first counts."
  (let ((table (apply make-hash-table same? hash args)))
    (for-each (lambda (pair)
                (if (not (hash-table-exists? table (car pair)))
                    (hash-table-set! table (car pair) (cdr pair))))
              alist)
    table))

(define (hash-table-equivalence-function table)
  "(hash-table-equivalence-function table): what compares the keys of TABLE."
  (table-same? table))

(define (hash-table-hash-function table)
  "(hash-table-hash-function table): what hashes the keys of TABLE."
  (table-hash table))

;; Stands for no value; nobody else has it.
(define %none (list 'none))

(define* (hash-table-ref table key #:optional fail (succeed #f))
  "(hash-table-ref table key [fail [succeed]]): the value under KEY in TABLE, given to SUCCEED if there is one; without a value,
what (FAIL) gives, or an error."
  (let ((value (%ref hash-table-ref table key %none)))
    (cond ((not (eq? value %none)) (if succeed (succeed value) value))
          (fail (fail))
          (else (error "hash-table-ref: no value associated with" key table)))))

(define (hash-table-ref/default table key default)
  "(hash-table-ref/default table key default): the value under KEY in TABLE, or DEFAULT."
  (%ref hash-table-ref/default table key default))

(define (hash-table-set! table key value)
  "(hash-table-set! table key value): puts VALUE under KEY into TABLE."
  (%use hash-table-set! table (hash-set! hashv-set! hashq-set! table-set) key value)
  (if #f #f))

(define (hash-table-delete! table key)
  "(hash-table-delete! table key): takes KEY and its value out of TABLE."
  (%use hash-table-delete! table (hash-remove! hashv-remove! hashq-remove! table-remove) key)
  (if #f #f))

(define (hash-table-exists? table key)
  "(hash-table-exists? table key): whether TABLE has KEY."
  (not (eq? (%ref hash-table-exists? table key %none) %none)))

(define* (hash-table-update! table key f #:optional fail)
  "(hash-table-update! table key f [fail]): puts what F gives for the value under KEY in its place. Without a value F gets what
 (FAIL) gives."
  (hash-table-set! table key (f (hash-table-ref table key fail))))

(define (hash-table-update!/default table key f default)
  "(hash-table-update!/default table key f default): puts what F gives for the value under KEY, or for DEFAULT, in its place."
  (hash-table-set! table key (f (hash-table-ref/default table key default))))

(define (hash-table-size table)
  "(hash-table-size table): how many entries TABLE has."
  (%hash-count (%core table 'hash-table-size)))

(define (hash-table-keys table)
  "(hash-table-keys table): a list of the keys of TABLE."
  (hash-map->list (lambda (key value) key) (%core table 'hash-table-keys)))

(define (hash-table-values table)
  "(hash-table-values table): a list of the values of TABLE."
  (hash-map->list (lambda (key value) value) (%core table 'hash-table-values)))

(define (hash-table-walk table f)
  "(hash-table-walk table f): calls (f key value) for each entry of TABLE."
  (hash-for-each f (%core table 'hash-table-walk)))

(define (hash-table-fold table f seed)
  "(hash-table-fold table f seed): (f key value (f key value ... seed)) over all entries of TABLE."
  (hash-fold f seed (%core table 'hash-table-fold)))

(define (hash-table->alist table)
  "(hash-table->alist table): an association list of the entries of TABLE."
  (hash-map->list cons (%core table 'hash-table->alist)))

(define* (hash-table-copy table #:optional mutable?)
  "(hash-table-copy table): a table of its own with the same entries as TABLE."
  (%make-table (table-same? table) (table-hash table) (table-how table) (table-ref table) (table-set table) (table-remove table)
               (%hash-copy (%core table 'hash-table-copy)) (table-weakness table)))

(define (hash-table-merge! into from)
  "(hash-table-merge! into from): puts the entries of the table FROM whose keys INTO does not have into that."
  (hash-table-walk from
    (lambda (key value)
      (if (not (hash-table-exists? into key)) (hash-table-set! into key value))))
  into)

(define (%equal-hash obj . bound)
  "The hash of OBJ that goes with equal?."
  ((@ (guile) hash) obj (if (pair? bound) (car bound) most-positive-fixnum)))

(define (%eqv-hash obj . bound)
  "The hash of OBJ that goes with eqv?."
  (hashv obj (if (pair? bound) (car bound) most-positive-fixnum)))

(define* (hash obj #:optional (bound most-positive-fixnum))
  "(hash obj [bound]): a number from 0 to below BOUND that is the same for objects that are equal?."
  ((@ (guile) hash) obj bound))

(define* (string-hash string #:optional (bound most-positive-fixnum))
  "(string-hash string [bound]): a number from 0 to below BOUND that is the same for strings with the same characters."
  ((@ (guile) string-hash) string bound))

(define* (string-ci-hash string #:optional (bound most-positive-fixnum))
  "(string-ci-hash string [bound]): as string-hash, but capital and small letters are the same."
  (string-hash-ci string bound))

(define* (hash-by-identity obj #:optional (bound most-positive-fixnum))
  "(hash-by-identity obj [bound]): a number from 0 to below BOUND that is the same for objects that are eq?."
  (hashq obj bound))
