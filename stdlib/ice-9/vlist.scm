;;; (ice-9 vlist): lists with quick access to their elements, and hash lists on them. [Guile: VLists, VHashes]
;;;
;;; Bagwell, "Fast functional lists, hash-lists, deques and variable length arrays" (2002): a list of blocks, each twice as large
;;; as the one it stands on. A vlist names a block and a place in it; adding to the newest place of a block uses it, adding to
;;; an older one begins a new block, so nothing that was handed out changes. A vhash also has, in each block of its own, chains
;;; of the places of keys with the same hash.

(define-module (ice-9 vlist)
  #:use-module (srfi srfi-9)
  #:export (vlist? vlist-cons vlist-head vlist-tail vlist-null? vlist-null list->vlist vlist-ref vlist-drop vlist-take
            vlist-length vlist-fold vlist-fold-right vlist-map vlist-unfold vlist-unfold-right vlist-append vlist-reverse
            vlist-filter vlist-delete vlist->list vlist-for-each block-growth-factor
            vhash? vhash-cons vhash-consq vhash-consv vhash-assoc vhash-assq vhash-assv vhash-delete vhash-delq vhash-delv
            vhash-fold vhash-fold-right vhash-fold* vhash-foldq* vhash-foldv* alist->vhash))

(define block-growth-factor (make-parameter 2))

(define-record-type <block>
  (%make-block items base base-place before used index)
  %block?
  (items block-items)
  ;; The vlist below: a block, or #f, and the place of its head.
  (base block-base)
  (base-place block-base-place)
  ;; How many elements there are below this block.
  (before block-before)
  (used block-used set-block-used!)
  ;; Of a vhash: a hash table from hashes to lists of places, the newest first.
  (index block-index))

(define-record-type <vlist>
  (%make-vlist block place)
  vlist?
  (block vlist-block)
  (place vlist-place))

(set-record-type-printer! <vlist>
  (lambda (vlist port)
    (if (vhash? vlist)
        (begin (display "#<vhash " port) (display (vlist-length vlist) port) (display " pairs>" port))
        (begin (display "#<vlist " port) (write (vlist->list vlist) port) (display ">" port)))))

(define vlist-null (%make-vlist #f -1))

(define (vlist-null? vlist)
  "(vlist-null? vlist): whether VLIST has no elements."
  (not (vlist-block vlist)))

(define (%add item vlist hashed?)
  "VLIST with ITEM in front; HASHED?: for a vhash."
  (let ((block (vlist-block vlist)) (place (vlist-place vlist)))
    (if (and block
             (= (+ place 1) (block-used block))
             (< (block-used block) (vector-length (block-items block)))
             (eq? hashed? (if (block-index block) #t #f)))
        (begin
          (vector-set! (block-items block) (+ place 1) item)
          (set-block-used! block (+ place 2))
          (%make-vlist block (+ place 1)))
        (let* ((size (if block (min 65536 (* (block-growth-factor) (vector-length (block-items block)))) 1))
               (items (make-vector size)))
          (vector-set! items 0 item)
          (%make-vlist
            (%make-block items block place (if block (+ (block-before block) place 1) 0) 1
                         (if hashed? (make-hash-table) #f))
            0)))))

(define (vlist-cons item vlist)
  "(vlist-cons item vlist): VLIST with ITEM in front."
  (if (not (vlist? vlist)) (%wrong-type 'vlist-cons 2 "a vlist" vlist))
  (%add item vlist #f))

(define (%need who vlist)
  "Complains in the name of WHO unless VLIST is one with elements."
  (if (not (and (vlist? vlist) (vlist-block vlist))) (%wrong-type who 1 "a vlist that is not empty" vlist)))

(define (vlist-head vlist)
  "(vlist-head vlist): the first element of VLIST."
  (%need 'vlist-head vlist)
  (vector-ref (block-items (vlist-block vlist)) (vlist-place vlist)))

(define (vlist-tail vlist)
  "(vlist-tail vlist): VLIST without its first element."
  (%need 'vlist-tail vlist)
  (let ((block (vlist-block vlist)) (place (vlist-place vlist)))
    (cond ((> place 0) (%make-vlist block (- place 1)))
          ((block-base block) (%make-vlist (block-base block) (block-base-place block)))
          (else vlist-null))))

(define (vlist-length vlist)
  "(vlist-length vlist): how many elements VLIST has."
  (if (not (vlist? vlist)) (%wrong-type 'vlist-length 1 "a vlist" vlist))
  (let ((block (vlist-block vlist)))
    (if block (+ (block-before block) (vlist-place vlist) 1) 0)))

(define (vlist-drop vlist n)
  "(vlist-drop vlist n): VLIST without its first N elements."
  (let loop ((block (vlist-block vlist)) (place (vlist-place vlist)) (n n))
    (cond ((= n 0) (if block (%make-vlist block place) vlist-null))
          ((not block) (throw 'out-of-range "vlist-drop" "Argument ~A out of range: ~S" (list 2 n) (list n)))
          ((<= n place) (%make-vlist block (- place n)))
          (else (loop (block-base block) (block-base-place block) (- n place 1))))))

(define (vlist-ref vlist n)
  "(vlist-ref vlist n): element N of VLIST; the first is element 0."
  (if (not (and (exact-integer? n) (< -1 n (vlist-length vlist))))
      (throw 'out-of-range "vlist-ref" "Argument ~A out of range: ~S" (list 2 n) (list n)))
  (vlist-head (vlist-drop vlist n)))

(define (vlist-fold f seed vlist)
  "(vlist-fold f seed vlist): (f last ... (f second (f first seed)))."
  (let loop ((v vlist) (seed seed))
    (if (vlist-null? v)
        seed
        (loop (vlist-tail v) (f (vlist-head v) seed)))))

(define (vlist-fold-right f seed vlist)
  "(vlist-fold-right f seed vlist): (f first (f second ... (f last seed)))."
  (fold f seed (vlist-fold cons '() vlist)))

(define (list->vlist list)
  "(list->vlist list): a vlist of the elements of LIST."
  (fold vlist-cons vlist-null (reverse list)))

(define (vlist->list vlist)
  "(vlist->list vlist): a list of the elements of VLIST."
  (reverse (vlist-fold cons '() vlist)))

(define (vlist-reverse vlist)
  "(vlist-reverse vlist): the elements of VLIST, the last first."
  (vlist-fold vlist-cons vlist-null vlist))

(define (vlist-map f vlist)
  "(vlist-map f vlist): a vlist of what F gives for each element."
  (list->vlist (map f (vlist->list vlist))))

(define (vlist-for-each f vlist)
  "(vlist-for-each f vlist): calls F on each element from the first to the last."
  (vlist-fold (lambda (x ignored) (f x)) #f vlist)
  (if #f #f))

(define (vlist-take vlist n)
  "(vlist-take vlist n): a vlist of the first N elements of VLIST."
  (let loop ((v vlist) (n n) (l '()))
    (if (= n 0)
        (fold vlist-cons vlist-null l)
        (loop (vlist-tail v) (- n 1) (cons (vlist-head v) l)))))

(define (vlist-filter keep? vlist)
  "(vlist-filter keep? vlist): a vlist of the elements for which KEEP? is true."
  (list->vlist (filter keep? (vlist->list vlist))))

(define* (vlist-delete x vlist #:optional (same? equal?))
  "(vlist-delete x vlist [same?]): a vlist of the elements that are not equal to X."
  (vlist-filter (lambda (y) (not (same? x y))) vlist))

(define* (vlist-unfold stop? mapper successor seed #:optional (tail (lambda (seed) vlist-null)))
  "(vlist-unfold stop? mapper successor seed [tail]): the vlist of what MAPPER gives for SEED, (SUCCESSOR SEED) and so on until
STOP? is true of one, on what TAIL gives for that."
  (let loop ((seed seed) (l '()))
    (if (stop? seed)
        (fold vlist-cons (tail seed) l)
        (loop (successor seed) (cons (mapper seed) l)))))

(define* (vlist-unfold-right stop? mapper successor seed #:optional (tail vlist-null))
  "(vlist-unfold-right stop? mapper successor seed [tail]): as vlist-unfold, but the list is made from its end to its beginning."
  (let loop ((seed seed) (v tail))
    (if (stop? seed)
        v
        (loop (successor seed) (vlist-cons (mapper seed) v)))))

(define (vlist-append . vlists)
  "(vlist-append vlist ...): the elements of the vlists, one after the other."
  (if (null? vlists)
      vlist-null
      (let loop ((l vlists))
        (if (null? (cdr l))
            (car l)
            (vlist-fold-right vlist-cons (loop (cdr l)) (car l))))))

;;; ---- Hash lists --------------------------------------------------------------------------------------------------

(define (vhash? obj)
  "(vhash? obj): whether OBJ is a vlist of keys and values with a hash."
  (and (vlist? obj)
       (let ((block (vlist-block obj)))
         (if block (if (block-index block) #t #f) #f))))

(define (%hash-cons key value vhash number)
  "VHASH with the pair of KEY and VALUE in front, NUMBER being the hash of KEY."
  (let* ((new (%add (cons key value) vhash #t)) (index (block-index (vlist-block new))))
    (hashv-set! index number (cons (vlist-place new) (hashv-ref index number '())))
    new))

(define %largest 1073741823)

(define* (vhash-cons key value vhash #:optional (hash hash))
  "(vhash-cons key value vhash [hash]): VHASH with the pair of KEY and VALUE in front; HASH is called with KEY and a size."
  (%hash-cons key value vhash (hash key %largest)))

(define (vhash-consq key value vhash)
  "(vhash-consq key value vhash): as vhash-cons, for keys compared by eq?."
  (%hash-cons key value vhash (hashq key %largest)))

(define (vhash-consv key value vhash)
  "(vhash-consv key value vhash): as vhash-cons, for keys compared by eqv?."
  (%hash-cons key value vhash (hashv key %largest)))

(define (%fold-key f seed key number vhash same?)
  "(F pair seed stop) for each pair of VHASH whose key is SAME? as KEY, the newest first, until STOP is called."
  (let outer ((block (vlist-block vhash)) (place (vlist-place vhash)) (seed seed))
    (if (not block)
        seed
        (let inner ((places (if (block-index block) (hashv-ref (block-index block) number '()) '())) (seed seed))
          (cond ((null? places) (outer (block-base block) (block-base-place block) seed))
                ;; Places past this vlist's head are of other lists.
                ((> (car places) place) (inner (cdr places) seed))
                (else
                 (let ((pair (vector-ref (block-items block) (car places))))
                   (if (same? key (car pair))
                       (f pair seed (lambda (seed) (inner (cdr places) seed)))
                       (inner (cdr places) seed)))))))))

(define (%hash-find key number vhash same?)
  "The newest pair of VHASH for KEY, or #f."
  (%fold-key (lambda (pair seed continue) pair) #f key number vhash same?))

(define* (vhash-assoc key vhash #:optional (same? equal?) (hash hash))
  "(vhash-assoc key vhash [same? [hash]]): the newest pair of VHASH whose key is equal to KEY, or #f."
  (%hash-find key (hash key %largest) vhash same?))

(define (vhash-assq key vhash)
  "(vhash-assq key vhash): the newest pair of VHASH whose key is eq? to KEY, or #f."
  (%hash-find key (hashq key %largest) vhash eq?))

(define (vhash-assv key vhash)
  "(vhash-assv key vhash): the newest pair of VHASH whose key is eqv? to KEY, or #f."
  (%hash-find key (hashv key %largest) vhash eqv?))

(define (%fold-values f seed key number vhash same?)
  "(F value seed) for each value under KEY, the newest first."
  (%fold-key (lambda (pair seed continue) (continue (f (cdr pair) seed))) seed key number vhash same?))

(define* (vhash-fold* f seed key vhash #:optional (same? equal?) (hash hash))
  "(vhash-fold* f seed key vhash [same? [hash]]): (f value seed) for each value under KEY, the newest first."
  (%fold-values f seed key (hash key %largest) vhash same?))

(define (vhash-foldq* f seed key vhash)
  "(vhash-foldq* f seed key vhash): as vhash-fold*, for keys compared by eq?."
  (%fold-values f seed key (hashq key %largest) vhash eq?))

(define (vhash-foldv* f seed key vhash)
  "(vhash-foldv* f seed key vhash): as vhash-fold*, for keys compared by eqv?."
  (%fold-values f seed key (hashv key %largest) vhash eqv?))

(define (vhash-fold f seed vhash)
  "(vhash-fold f seed vhash): (f key value seed) for each pair of VHASH, the newest first."
  (vlist-fold (lambda (pair seed) (f (car pair) (cdr pair) seed)) seed vhash))

(define (vhash-fold-right f seed vhash)
  "(vhash-fold-right f seed vhash): (f key value seed) for each pair of VHASH, the oldest first."
  (vlist-fold-right (lambda (pair seed) (f (car pair) (cdr pair) seed)) seed vhash))

(define (%without key vhash same? add)
  "VHASH without the pairs whose key is SAME? as KEY; ADD puts a key and a value in front of one."
  (vlist-fold-right (lambda (pair v) (if (same? key (car pair)) v (add (car pair) (cdr pair) v))) vlist-null vhash))

(define* (vhash-delete key vhash #:optional (same? equal?) (hash hash))
  "(vhash-delete key vhash [same? [hash]]): VHASH without the pairs whose key is equal to KEY."
  (if (vhash-assoc key vhash same? hash)
      (%without key vhash same? (lambda (key value v) (vhash-cons key value v hash)))
      vhash))

(define (vhash-delq key vhash)
  "(vhash-delq key vhash): VHASH without the pairs whose key is eq? to KEY."
  (if (vhash-assq key vhash) (%without key vhash eq? vhash-consq) vhash))

(define (vhash-delv key vhash)
  "(vhash-delv key vhash): VHASH without the pairs whose key is eqv? to KEY."
  (if (vhash-assv key vhash) (%without key vhash eqv? vhash-consv) vhash))

(define* (alist->vhash alist #:optional (hash hash))
  "(alist->vhash alist [hash]): a vhash of the pairs of ALIST, the first in front."
  (fold (lambda (pair v) (vhash-cons (car pair) (cdr pair) v hash)) vlist-null (reverse alist)))
