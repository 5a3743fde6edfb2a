;;; Guile's arrays: vectors, strings, uniform vectors and bitvectors seen in any number of dimensions. [Guile: Arrays]
;;;
;;; An array of several dimensions is an object around one of those, its root: where its first element is there, and for each
;;; dimension the bounds and how far apart neighbors are. An array of one dimension from 0 on, whole, is its root itself.

(define (%array root offset bounds steps)
  "An array of ROOT; BOUNDS is a list of (low . high), STEPS one of the distances of neighbors."
  (if (and (= (length bounds) 1) (= offset 0) (equal? steps '(1)) (eqv? (caar bounds) 0)
           (= (+ 1 (cdar bounds)) (%root-length root)))
      root
      (%make-array root offset bounds steps)))

(define (%root? obj)
  "Whether OBJ can be the root of an array."
  (or (vector? obj) (string? obj) (bytevector? obj) (bitvector? obj)))

(define (%root-length root)
  "How many elements ROOT has."
  (cond ((vector? root) (vector-length root))
        ((string? root) (string-length root))
        ((bitvector? root) (bitvector-length root))
        (else (%uniform-length root))))

(define (%uniform-length root)
  "How many elements the uniform vector ROOT has."
  (quotient (bytevector-length root)
            (case (%uniform-type root) ((u8 s8) 1) ((u16 s16) 2) ((u32 s32 f32) 4) ((u64 s64 f64 c32) 8) (else 16))))

(define (%root-ref root i)
  "Element I of ROOT."
  (cond ((vector? root) (vector-ref root i))
        ((string? root) (string-ref root i))
        ((bitvector? root) (bitvector-ref root i))
        (else ((%uniform-access root %uniform-refs) root i))))

(define (%root-set! root i obj)
  "Makes OBJ element I of ROOT."
  (cond ((vector? root) (vector-set! root i obj))
        ((string? root) (string-set! root i obj))
        ((bitvector? root) (bitvector-set! root i obj))
        (else ((%uniform-access root %uniform-sets) root i obj))))

(define (%uniform-access root table)
  "The procedure of TABLE for the type of ROOT."
  (cdr (assq (%uniform-type root) table)))

(define %uniform-refs
  (list (cons 'u8 u8vector-ref) (cons 's8 s8vector-ref) (cons 'u16 u16vector-ref) (cons 's16 s16vector-ref)
        (cons 'u32 u32vector-ref) (cons 's32 s32vector-ref) (cons 'u64 u64vector-ref) (cons 's64 s64vector-ref)
        (cons 'f32 f32vector-ref) (cons 'f64 f64vector-ref) (cons 'c32 c32vector-ref) (cons 'c64 c64vector-ref)))

(define %uniform-sets
  (list (cons 'u8 u8vector-set!) (cons 's8 s8vector-set!) (cons 'u16 u16vector-set!) (cons 's16 s16vector-set!)
        (cons 'u32 u32vector-set!) (cons 's32 s32vector-set!) (cons 'u64 u64vector-set!) (cons 's64 s64vector-set!)
        (cons 'f32 f32vector-set!) (cons 'f64 f64vector-set!) (cons 'c32 c32vector-set!) (cons 'c64 c64vector-set!)))

(define %uniform-makers
  (list (cons 'u8 make-u8vector) (cons 'vu8 make-u8vector) (cons 's8 make-s8vector) (cons 'u16 make-u16vector)
        (cons 's16 make-s16vector) (cons 'u32 make-u32vector) (cons 's32 make-s32vector) (cons 'u64 make-u64vector)
        (cons 's64 make-s64vector) (cons 'f32 make-f32vector) (cons 'f64 make-f64vector) (cons 'c32 make-c32vector)
        (cons 'c64 make-c64vector) (cons #t make-vector) (cons 'a make-string) (cons 'b make-bitvector)))

(define (%need-array who array)
  "Complains in the name of WHO unless ARRAY is an array."
  (if (not (or (%root? array) (%array? array))) (%wrong-type who 1 "an array" array)))

(define (%need-indices array indices)
  "Complains unless there are as many INDICES as ARRAY has dimensions."
  (let ((rank (length (%bounds array))))
    (if (not (= (length indices) rank)) (scm-error 'misc-error #f "wrong number of indices, expecting ~a" (list rank) #f))))

(define (%bounds array)
  "The list of bounds of ARRAY."
  (if (%array? array)
      (%array-field array 2)
      (list (cons 0 (- (%root-length array) 1)))))

(define (%steps array)
  "The list of distances of neighbors in ARRAY."
  (if (%array? array) (%array-field array 3) '(1)))

(define (%place who array indices)
  "The place in the root of the element of ARRAY with these INDICES, as many as there are dimensions or fewer."
  (let loop ((place (shared-array-offset array)) (l indices) (bounds (%bounds array)) (steps (%steps array)))
    (cond ((null? l) place)
          ((null? bounds) (error (string-append (symbol->string who) ": there are too many indices for the array")))
          ((not (and (exact-integer? (car l)) (<= (caar bounds) (car l) (cdar bounds))))
           (throw 'out-of-range (symbol->string who) "Value out of range ~S to ~S: ~S" (list (caar bounds) (cdar bounds) (car l)) (list (car l))))
          (else (loop (+ place (* (- (car l) (caar bounds)) (car steps))) (cdr l) (cdr bounds) (cdr steps))))))

;;; ---- Asking ------------------------------------------------------------------------------------------------------

(define (array? obj #!optional type)
  "(array? obj): whether OBJ is an array: a vector, string, uniform vector, bitvector, or one of several dimensions."
  (or (%root? obj) (%array? obj)))

(define (typed-array? obj type)
  "(typed-array? obj type): whether OBJ is an array whose elements are of TYPE, as array-type names it."
  (and (array? obj) (eq? (array-type obj) type)))

(define (array-type array)
  "(array-type array): the type of the elements: #t for any, a for characters, b for bits, or that of a uniform vector."
  (%need-array 'array-type array)
  (let ((root (shared-array-root array)))
    (cond ((vector? root) #t)
          ((string? root) 'a)
          ((bitvector? root) 'b)
          (else (%uniform-type root)))))

(define (array-type-code array)
  "(array-type-code array): the same as array-type."
  (array-type array))

(define (array-rank array)
  "(array-rank array): how many dimensions ARRAY has."
  (%need-array 'array-rank array)
  (length (%bounds array)))

(define (array-length array)
  "(array-length array): how many elements ARRAY has in its first dimension."
  (%need-array 'array-length array)
  (let ((bounds (%bounds array)))
    (if (null? bounds) (%wrong-type 'array-length 1 "an array with a dimension" array))
    (+ 1 (- (cdar bounds) (caar bounds)))))

(define (array-shape array)
  "(array-shape array): a list of the bounds, lowest and highest index, of each dimension."
  (%need-array 'array-shape array)
  (map (lambda (b) (list (car b) (cdr b))) (%bounds array)))

(define (array-dimensions array)
  "(array-dimensions array): a list of the length of each dimension, or of its bounds if it does not begin with 0."
  (%need-array 'array-dimensions array)
  (map (lambda (b) (if (= (car b) 0) (+ 1 (cdr b)) (list (car b) (cdr b)))) (%bounds array)))

(define (array-in-bounds? array . indices)
  "(array-in-bounds? array index ...): whether ARRAY has an element there."
  (%need-array 'array-in-bounds? array)
  (let ((bounds (%bounds array)))
    (and (= (length bounds) (length indices))
         (every (lambda (i b) (and (exact-integer? i) (<= (car b) i (cdr b)))) indices bounds))))

(define (shared-array-root array)
  "(shared-array-root array): the vector, string or the like that holds the elements."
  (if (%array? array) (%array-field array 0) array))

(define (shared-array-offset array)
  "(shared-array-offset array): the place of the first element in the root."
  (if (%array? array) (%array-field array 1) 0))

(define (shared-array-increments array)
  "(shared-array-increments array): for each dimension, how far apart in the root neighbors are."
  (%steps array))

;;; ---- Elements ----------------------------------------------------------------------------------------------------

(define (array-ref array . indices)
  "(array-ref array index ...): the element of ARRAY there."
  (%need-array 'array-ref array)
  (%need-indices array indices)
  (%root-ref (shared-array-root array) (%place 'array-ref array indices)))

(define (array-set! array obj . indices)
  "(array-set! array obj index ...): makes OBJ the element of ARRAY there."
  (%need-array 'array-set! array)
  (%need-indices array indices)
  (%root-set! (shared-array-root array) (%place 'array-set! array indices) obj))

(define (array-slice array . indices)
  "(array-slice array index ...): the part of ARRAY with these first indices: an array of the other dimensions, of the same root."
  (%need-array 'array-slice array)
  (let ((n (length indices)))
    (%make-array (shared-array-root array) (%place 'array-slice array indices)
             (list-tail (%bounds array) n) (list-tail (%steps array) n))))

(define (array-cell-ref array . indices)
  "(array-cell-ref array index ...): the element with these indices, or, if they are fewer than the dimensions, that part."
  (if (= (length indices) (length (%bounds array)))
      (apply array-ref array indices)
      (apply array-slice array indices)))

(define (array-cell-set! array obj . indices)
  "(array-cell-set! array obj index ...): puts OBJ where array-cell-ref looks: an element, or an array that is copied."
  (if (= (length indices) (length (%bounds array)))
      (apply array-set! array obj indices)
      (array-copy! obj (apply array-slice array indices)))
  array)

;;; ---- Making ------------------------------------------------------------------------------------------------------

(define (%to-bounds dimension)
  "The bounds that DIMENSION, a length or a list of bounds, says."
  (if (pair? dimension) (cons (car dimension) (cadr dimension)) (cons 0 (- dimension 1))))

(define (%size bounds)
  "How many elements there are in BOUNDS."
  (fold (lambda (b n) (* n (max 0 (+ 1 (- (cdr b) (car b)))))) 1 bounds))

(define (%row-steps bounds)
  "The steps of an array with BOUNDS whose last index runs fastest."
  (let loop ((l (reverse bounds)) (step 1) (steps '()))
    (if (null? l)
        steps
        (loop (cdr l) (* step (max 0 (+ 1 (- (cdar l) (caar l))))) (cons step steps)))))

(define (make-array fill . dimensions)
  "(make-array fill dimension ...): a new array with FILL for its elements; a DIMENSION is a length or a list of two bounds."
  (apply make-typed-array #t fill dimensions))

(define (make-typed-array type fill . dimensions)
  "(make-typed-array type fill dimension ...): a new array of elements of TYPE."
  (let* ((bounds (map %to-bounds dimensions))
         (maker (or (assv type %uniform-makers) (%wrong-type 'make-typed-array 1 "a type of arrays" type)))
         (size (%size bounds)))
    (%array (if (unspecified? fill) ((cdr maker) size) ((cdr maker) size fill)) 0 bounds (%row-steps bounds))))

(define (list->array dimensions list)
  "(list->array dimensions list): an array of the elements of LIST, lists in lists; DIMENSIONS is their number, or a list of the first
index of each."
  (list->typed-array #t dimensions list))

(define (list->typed-array type dimensions list)
  "(list->typed-array type dimensions list): as list->array, for elements of TYPE."
  (let* ((firsts (if (pair? dimensions) (map (lambda (d) (if (pair? d) (car d) d)) dimensions) (make-list dimensions 0)))
         (bounds (let loop ((firsts firsts) (l list))
                   (if (null? firsts)
                       '()
                       (cons (cons (car firsts) (+ (car firsts) (length l) -1))
                             (loop (cdr firsts) (if (pair? l) (car l) '()))))))
         (array (apply make-typed-array type (if #f #f) (map (lambda (b) (cons (car b) (cons (cdr b) '()))) bounds)))
         (root (shared-array-root array)) (at 0))
    (let walk ((depth (length bounds)) (l list))
      (if (= depth 0)
          (begin (%root-set! root at l) (set! at (+ at 1)))
          (for-each (lambda (x) (walk (- depth 1) x)) l)))
    array))

(define (array->list array)
  "(array->list array): the elements of ARRAY as lists in lists."
  (%need-array 'array->list array)
  (let ((root (shared-array-root array)))
    (let walk ((place (shared-array-offset array)) (bounds (%bounds array)) (steps (%steps array)))
      (if (null? bounds)
          (%root-ref root place)
          (map (lambda (k) (walk (+ place (* k (car steps))) (cdr bounds) (cdr steps)))
               (iota (max 0 (+ 1 (- (cdar bounds) (caar bounds))))))))))

(define (make-shared-array array map-index . dimensions)
  "(make-shared-array array map-index dimension ...): an array of the same root, whose element at some indices is that of ARRAY at the
list of indices that (map-index index ...), which is linear, gives."
  (let* ((bounds (map %to-bounds dimensions))
         (lows (map car bounds))
         (place (lambda (indices) (%place 'make-shared-array array (apply map-index indices)))))
    (if (= 0 (%size bounds))
        (%array (shared-array-root array) 0 bounds (map (lambda (b) 0) bounds))
        (let ((first (place lows)))
          (%array (shared-array-root array) first bounds
                  (map (lambda (k)
                         (let ((b (list-ref bounds k)))
                           (if (= (car b) (cdr b))
                               0
                               (let ((next (list-copy lows)))
                                 (list-set! next k (+ 1 (car b)))
                                 (- (place next) first)))))
                       (iota (length bounds))))))))

(define (transpose-array array . dimensions)
  "(transpose-array array dimension ...): an array of the same root, dimension K of ARRAY being that of the Kth number."
  (let* ((bounds (%bounds array)) (steps (%steps array)) (n (+ 1 (fold max -1 dimensions))))
    (%array (shared-array-root array) (shared-array-offset array)
            (map (lambda (k)
                   (fold (lambda (d b best) (if (= d k) (if best (cons (max (car b) (car best)) (min (cdr b) (cdr best))) b) best))
                         #f dimensions bounds))
                 (iota n))
            (map (lambda (k) (fold (lambda (d s sum) (if (= d k) (+ s sum) sum)) 0 dimensions steps)) (iota n)))))

(define (array-contents array #!optional strict)
  "(array-contents array): the elements of ARRAY as an array of one dimension of the same root, or #f if they do not stand together."
  (let ((bounds (%bounds array)) (root (shared-array-root array)))
    (and (equal? (%steps array) (%row-steps bounds))
         (let ((size (%size bounds)))
           (%array root (shared-array-offset array) (list (cons 0 (- size 1))) '(1))))))

;;; ---- Whole arrays ------------------------------------------------------------------------------------------------

(define (%each-index bounds f)
  "Calls F with each list of indices in BOUNDS, the last index running fastest."
  (let walk ((bounds bounds) (front '()))
    (if (null? bounds)
        (f (reverse front))
        (let loop ((i (caar bounds)))
          (if (<= i (cdar bounds))
              (begin (walk (cdr bounds) (cons i front))
                     (loop (+ i 1))))))))

(define (array-fill! array fill)
  "(array-fill! array fill): makes FILL all elements of ARRAY."
  (%need-array 'array-fill! array)
  (%each-index (%bounds array) (lambda (indices) (apply array-set! array fill indices))))

(define (array-index-map! array f)
  "(array-index-map! array f): puts what (f index ...) gives into each element of ARRAY."
  (%need-array 'array-index-map! array)
  (%each-index (%bounds array) (lambda (indices) (apply array-set! array (apply f indices) indices))))

(define (array-map! to f . arrays)
  "(array-map! to f array ...): puts what F gives for the elements of the ARRAYS at each place into TO."
  (%need-array 'array-map! to)
  (%each-index (%bounds to)
    (lambda (indices)
      (apply array-set! to (apply f (map (lambda (array) (apply array-ref array indices)) arrays)) indices))))

(define (array-map-in-order! to f . arrays)
  "(array-map-in-order! to f array ...): the same as array-map!, which goes in order."
  (apply array-map! to f arrays))

(define (array-for-each f array . more)
  "(array-for-each f array ...): calls F on the elements at each place."
  (%need-array 'array-for-each array)
  (%each-index (%bounds array)
    (lambda (indices)
      (apply f (map (lambda (array) (apply array-ref array indices)) (cons array more))))))

(define (array-copy! from to)
  "(array-copy! from to): puts the elements of FROM into TO, which has the same shape."
  (array-map! to (lambda (x) x) from))

(define (array-copy-in-order! from to)
  "(array-copy-in-order! from to): the same as array-copy!."
  (array-copy! from to))

(define (array-slice-for-each rank f . arrays)
  "(array-slice-for-each rank f array ...): calls F on the parts of the ARRAYS for each list of their first RANK indices."
  (%each-index (list-head (%bounds (car arrays)) rank)
    (lambda (indices)
      (apply f (map (lambda (array) (apply array-slice array indices)) arrays)))))

(define (array-slice-for-each-in-order rank f . arrays)
  "(array-slice-for-each-in-order rank f array ...): the same as array-slice-for-each."
  (apply array-slice-for-each rank f arrays))

(define (array-equal? . arrays)
  "(array-equal? array ...): whether the arrays have the same shape, type and elements."
  (or (null? arrays) (null? (cdr arrays))
      (and (equal? (car arrays) (cadr arrays))
           (apply array-equal? (cdr arrays)))))
