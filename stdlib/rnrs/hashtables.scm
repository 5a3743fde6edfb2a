;;; (rnrs hashtables): R6RS hash tables, on those of (srfi srfi-69). [R6RS libraries 13]

(define-module (rnrs hashtables)
  #:use-module (srfi srfi-9)
  #:use-module ((srfi srfi-69) #:prefix 69:)
  #:replace (string-hash symbol-hash)
  #:export (make-eq-hashtable make-eqv-hashtable make-hashtable hashtable? hashtable-size hashtable-ref hashtable-set!
            hashtable-delete! hashtable-contains? hashtable-update! hashtable-copy hashtable-clear! hashtable-keys
            hashtable-entries hashtable-equivalence-function hashtable-hash-function hashtable-mutable? equal-hash
            string-ci-hash))

(define-record-type <hashtable>
  (%make table hash mutable?)
  hashtable?
  (table %table %table!)
  (hash %hash)
  (mutable? hashtable-mutable?))

(define (make-eq-hashtable . size)
  "(make-eq-hashtable [size]): a new empty table whose keys are compared by eq?."
  (%make (69:make-hash-table eq?) #f #t))

(define (make-eqv-hashtable . size)
  "(make-eqv-hashtable [size]): a new empty table whose keys are compared by eqv?."
  (%make (69:make-hash-table eqv?) #f #t))

(define (make-hashtable hash same? . size)
  "(make-hashtable hash same? [size]): a new empty table whose keys are compared by SAME? and spread by HASH."
  (%make (69:make-hash-table same? hash) hash #t))

(define (hashtable-size table)
  "(hashtable-size table): how many entries TABLE has."
  (69:hash-table-size (%table table)))

(define (hashtable-ref table key default)
  "(hashtable-ref table key default): the value under KEY in TABLE, or DEFAULT."
  (69:hash-table-ref/default (%table table) key default))

(define (%changeable table who)
  "The table in TABLE, which must be one that may be changed."
  (if (hashtable-mutable? table) (%table table) (error (string-append who ": the hashtable is immutable") table)))

(define (hashtable-set! table key value)
  "(hashtable-set! table key value): puts VALUE under KEY into TABLE."
  (69:hash-table-set! (%changeable table "hashtable-set!") key value))

(define (hashtable-delete! table key)
  "(hashtable-delete! table key): takes KEY and its value out of TABLE."
  (69:hash-table-delete! (%changeable table "hashtable-delete!") key))

(define (hashtable-contains? table key)
  "(hashtable-contains? table key): whether TABLE has KEY."
  (69:hash-table-exists? (%table table) key))

(define (hashtable-update! table key f default)
  "(hashtable-update! table key f default): puts what F gives for the value under KEY, or for DEFAULT, in its place."
  (69:hash-table-update!/default (%changeable table "hashtable-update!") key f default))

(define* (hashtable-copy table #:optional mutable?)
  "(hashtable-copy table [mutable?]): a table with the same entries, which may be changed if MUTABLE? is true."
  (%make (69:hash-table-copy (%table table)) (%hash table) mutable?))

(define* (hashtable-clear! table #:optional size)
  "(hashtable-clear! table [size]): takes all entries out of TABLE."
  (let ((core (%changeable table "hashtable-clear!")))
    (for-each (lambda (key) (69:hash-table-delete! core key)) (69:hash-table-keys core))))

(define (hashtable-keys table)
  "(hashtable-keys table): a vector of the keys of TABLE."
  (list->vector (69:hash-table-keys (%table table))))

(define (hashtable-entries table)
  "(hashtable-entries table): two values, a vector of the keys of TABLE and one of their values."
  (let ((alist (69:hash-table->alist (%table table))))
    (values (list->vector (map car alist)) (list->vector (map cdr alist)))))

(define (hashtable-equivalence-function table)
  "(hashtable-equivalence-function table): what compares the keys of TABLE."
  (69:hash-table-equivalence-function (%table table)))

(define (hashtable-hash-function table)
  "(hashtable-hash-function table): what hashes the keys of TABLE; #f if they are compared by eq? or eqv?."
  (%hash table))

(define (equal-hash obj)
  "(equal-hash obj): a number that is the same for objects that are equal?."
  (hash obj most-positive-fixnum))

(define (string-hash string)
  "(string-hash string): a number that is the same for strings with the same characters."
  ((@ (guile) string-hash) string))

(define (string-ci-hash string)
  "(string-ci-hash string): as string-hash, but capital and small letters are the same."
  (string-hash-ci string))

(define (symbol-hash symbol)
  "(symbol-hash symbol): a number that is the same each time for SYMBOL."
  ((@ (guile) symbol-hash) symbol))
