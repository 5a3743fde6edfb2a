;;; (srfi srfi-125): hash tables with all one could wish for, on those of (srfi srfi-69). [SRFI 125]

(define-module (srfi srfi-125)
  #:use-module ((srfi srfi-69) #:prefix 69:)
  #:use-module (srfi srfi-128)
  #:replace (make-hash-table hash-table? string-hash)
  #:export (hash-table hash-table-unfold alist->hash-table hash-table-contains? hash-table-exists? hash-table-empty?
            hash-table=? hash-table-mutable? hash-table-ref hash-table-ref/default hash-table-set! hash-table-delete!
            hash-table-intern! hash-table-update! hash-table-update!/default hash-table-pop! hash-table-clear!
            hash-table-size hash-table-keys hash-table-values hash-table-entries hash-table-find hash-table-count
            hash-table-map hash-table-for-each hash-table-walk hash-table-map! hash-table-map->list hash-table-fold
            hash-table-prune! hash-table-copy hash-table-empty-copy hash-table->alist hash-table-union!
            hash-table-merge! hash-table-intersection! hash-table-difference! hash-table-xor!
            hash-table-equivalence-function hash-table-hash-function hash string-ci-hash hash-by-identity))

(define (%new comparator args)
  "A new table whose keys COMPARATOR, a comparator or an equivalence, compares."
  (if (comparator? comparator)
      (let ((same? (comparator-equality-predicate comparator)))
        (69:make-hash-table same? (comparator-hash-function comparator)))
      (apply 69:make-hash-table comparator (if (and (pair? args) (procedure? (car args))) (list (car args)) '()))))

(define (make-hash-table comparator . args)
  "(make-hash-table comparator arg ...): a new empty table. COMPARATOR may be a procedure, and the first ARG its hash function."
  (%new comparator args))

(define (hash-table comparator . args)
  "(hash-table comparator key value ...): a table of these entries."
  (let ((table (%new comparator '())))
    (let loop ((l args))
      (if (pair? l)
          (begin
            (if (hash-table-contains? table (car l)) (error "hash-table: two equal keys:" (car l)))
            (hash-table-set! table (car l) (cadr l))
            (loop (cddr l)))))
    table))

(define (hash-table-unfold stop? mapper successor seed comparator . args)
  "(hash-table-unfold stop? mapper successor seed comparator arg ...): a table of the entries, two values, that MAPPER gives for SEED,
 (SUCCESSOR SEED) and so on until STOP? is true of one."
  (let ((table (%new comparator args)))
    (let loop ((seed seed))
      (if (stop? seed)
          table
          (begin
            (call-with-values (lambda () (mapper seed)) (lambda (key value) (hash-table-set! table key value)))
            (loop (successor seed)))))))

(define (alist->hash-table alist comparator . args)
  "(alist->hash-table alist comparator arg ...): a table of the entries of ALIST; of several for a key the first counts."
  (let ((table (%new comparator args)))
    (for-each (lambda (pair)
                (if (not (hash-table-contains? table (car pair))) (hash-table-set! table (car pair) (cdr pair))))
              alist)
    table))

(define (hash-table? obj)
  "(hash-table? obj): whether OBJ is a hash table of this library."
  (69:hash-table? obj))

(define (hash-table-contains? table key)
  "(hash-table-contains? table key): whether TABLE has KEY."
  (69:hash-table-exists? table key))

(define (hash-table-exists? table key)
  "(hash-table-exists? table key): the same as hash-table-contains?."
  (69:hash-table-exists? table key))

(define (hash-table-empty? table)
  "(hash-table-empty? table): whether TABLE has no entries."
  (= (hash-table-size table) 0))

(define (hash-table=? comparator a b)
  "(hash-table=? comparator a b): whether the tables A and B have the same keys with values that are equal to COMPARATOR."
  (and (= (hash-table-size a) (hash-table-size b))
       (every (lambda (pair)
                (let ((value (hash-table-ref b (car pair) (lambda () %none))))
                  (and (not (eq? value %none)) (=? comparator (cdr pair) value))))
              (hash-table->alist a))))

;; Stands for no value; nobody else has it.
(define %none (list 'none))

(define (hash-table-mutable? table)
  "(hash-table-mutable? table): #t: all tables can be changed."
  #t)

(define* (hash-table-ref table key #:optional fail succeed)
  "(hash-table-ref table key [fail [succeed]]): the value under KEY, given to SUCCEED if there is one; without a value what (FAIL)
gives, or an error."
  (69:hash-table-ref table key fail succeed))

(define (hash-table-ref/default table key default)
  "(hash-table-ref/default table key default): the value under KEY, or DEFAULT."
  (69:hash-table-ref/default table key default))

(define (hash-table-set! table . args)
  "(hash-table-set! table key value ...): puts each VALUE under its KEY."
  (let loop ((l args))
    (if (pair? l)
        (begin (69:hash-table-set! table (car l) (cadr l))
               (loop (cddr l))))))

(define (hash-table-delete! table . keys)
  "(hash-table-delete! table key ...): takes the KEYS and their values out; how many there were."
  (let ((before (hash-table-size table)))
    (for-each (lambda (key) (69:hash-table-delete! table key)) keys)
    (- before (hash-table-size table))))

(define (hash-table-intern! table key fail)
  "(hash-table-intern! table key fail): the value under KEY; if there is none, (FAIL) is put there first."
  (let ((value (hash-table-ref/default table key %none)))
    (if (eq? value %none)
        (let ((value (fail))) (hash-table-set! table key value) value)
        value)))

(define* (hash-table-update! table key f #:optional fail succeed)
  "(hash-table-update! table key f [fail [succeed]]): puts what F gives for the value of hash-table-ref in its place."
  (hash-table-set! table key (f (hash-table-ref table key fail succeed))))

(define (hash-table-update!/default table key f default)
  "(hash-table-update!/default table key f default): puts what F gives for the value under KEY, or for DEFAULT, in its place."
  (hash-table-set! table key (f (hash-table-ref/default table key default))))

(define (hash-table-pop! table)
  "(hash-table-pop! table): takes some entry out of TABLE: two values, its key and its value."
  (let ((alist (hash-table->alist table)))
    (if (null? alist) (error "hash-table-pop!: the table is empty" table))
    (69:hash-table-delete! table (caar alist))
    (values (caar alist) (cdar alist))))

(define (hash-table-clear! table)
  "(hash-table-clear! table): takes all entries out of TABLE."
  (for-each (lambda (key) (69:hash-table-delete! table key)) (hash-table-keys table)))

(define (hash-table-size table)
  "(hash-table-size table): how many entries TABLE has."
  (69:hash-table-size table))

(define (hash-table-keys table)
  "(hash-table-keys table): a list of the keys."
  (69:hash-table-keys table))

(define (hash-table-values table)
  "(hash-table-values table): a list of the values."
  (69:hash-table-values table))

(define (hash-table-entries table)
  "(hash-table-entries table): two values, a list of the keys and one of the values, in the same order."
  (let ((alist (hash-table->alist table)))
    (values (map car alist) (map cdr alist))))

(define* (hash-table-find f table #:optional (failure (lambda () #f)))
  "(hash-table-find f table [failure]): the first true value that (f key value) gives for an entry, or what (failure) gives."
  (or (any (lambda (pair) (f (car pair) (cdr pair))) (hash-table->alist table))
      (failure)))

(define (hash-table-count wanted? table)
  "(hash-table-count wanted? table): how many entries make (wanted? key value) true."
  (count (lambda (pair) (wanted? (car pair) (cdr pair))) (hash-table->alist table)))

(define (hash-table-map f comparator table)
  "(hash-table-map f comparator table): a table, whose keys COMPARATOR compares, of the keys and of what F gives for the values."
  (let ((new (%new comparator '())))
    (hash-table-walk table (lambda (key value) (hash-table-set! new key (f value))))
    new))

(define (hash-table-for-each f table)
  "(hash-table-for-each f table): calls (f key value) for each entry."
  (if (hash-table? f)
      (69:hash-table-walk f table)
      (69:hash-table-walk table f)))

(define (hash-table-walk table f)
  "(hash-table-walk table f): calls (f key value) for each entry."
  (69:hash-table-walk table f))

(define (hash-table-map! f table)
  "(hash-table-map! f table): puts what (f key value) gives in the place of each value."
  (hash-table-walk table (lambda (key value) (hash-table-set! table key (f key value)))))

(define (hash-table-map->list f table)
  "(hash-table-map->list f table): a list of what (f key value) gives for the entries."
  (map (lambda (pair) (f (car pair) (cdr pair))) (hash-table->alist table)))

(define (hash-table-fold f seed table)
  "(hash-table-fold f seed table): (f key value seed) is the next seed; the last one is the answer."
  (if (hash-table? f)
      (69:hash-table-fold f seed table)
      (69:hash-table-fold table f seed)))

(define (hash-table-prune! drop? table)
  "(hash-table-prune! drop? table): takes out the entries that make (drop? key value) true."
  (hash-table-walk table (lambda (key value) (if (drop? key value) (69:hash-table-delete! table key)))))

(define* (hash-table-copy table #:optional mutable?)
  "(hash-table-copy table [mutable?]): a table of its own with the same entries."
  (69:hash-table-copy table))

(define (hash-table-empty-copy table)
  "(hash-table-empty-copy table): a new empty table that compares its keys like TABLE."
  (69:make-hash-table (69:hash-table-equivalence-function table) (69:hash-table-hash-function table)))

(define (hash-table->alist table)
  "(hash-table->alist table): an association list of the entries."
  (69:hash-table->alist table))

(define (hash-table-union! a b)
  "(hash-table-union! a b): adds to the table A the entries of B whose keys it does not have."
  (69:hash-table-merge! a b))

(define (hash-table-merge! a b)
  "(hash-table-merge! a b): the same as hash-table-union!."
  (69:hash-table-merge! a b))

(define (hash-table-intersection! a b)
  "(hash-table-intersection! a b): takes the entries out of the table A whose keys B does not have."
  (hash-table-prune! (lambda (key value) (not (hash-table-contains? b key))) a)
  a)

(define (hash-table-difference! a b)
  "(hash-table-difference! a b): takes the entries out of the table A whose keys B has."
  (hash-table-prune! (lambda (key value) (hash-table-contains? b key)) a)
  a)

(define (hash-table-xor! a b)
  "(hash-table-xor! a b): takes the entries out of the table A whose keys B has, and adds the others of B."
  (hash-table-walk b
    (lambda (key value)
      (if (hash-table-contains? a key)
          (69:hash-table-delete! a key)
          (hash-table-set! a key value))))
  a)

(define (hash-table-equivalence-function table)
  "(hash-table-equivalence-function table): what compares the keys."
  (69:hash-table-equivalence-function table))

(define (hash-table-hash-function table)
  "(hash-table-hash-function table): what hashes the keys."
  (69:hash-table-hash-function table))

(define* (string-hash string #:optional (bound 33554432))
  "(string-hash string [bound]): a hash of a string."
  ((@ (guile) string-hash) string bound))

(define* (hash obj #:optional (bound 33554432))
  "(hash obj [bound]): a number below BOUND that is the same for objects that are equal; default-hash of SRFI 128 is what tables
want."
  ((@ (guile) hash) obj bound))

(define* (string-ci-hash string #:optional (bound 33554432))
  "(string-ci-hash string [bound]): as string-hash, but capital and small letters are the same."
  (string-hash-ci string bound))

(define* (hash-by-identity obj #:optional (bound 33554432))
  "(hash-by-identity obj [bound]): a hash of the object itself."
  (hashq obj bound))
