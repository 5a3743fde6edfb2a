;;; (srfi srfi-128): comparators: what type, equality, order and hash of some objects are, in one object. [SRFI 128]

(define-module (srfi srfi-128)
  #:use-module (srfi srfi-9)
  #:replace (string-hash symbol-hash)
  #:export (comparator? comparator-ordered? comparator-hashable? make-comparator make-pair-comparator make-list-comparator
            make-vector-comparator make-eq-comparator make-eqv-comparator make-equal-comparator boolean-hash char-hash
            char-ci-hash string-ci-hash number-hash make-default-comparator default-hash comparator-register-default!
            comparator-type-test-predicate comparator-equality-predicate comparator-ordering-predicate
            comparator-hash-function comparator-test-type comparator-check-type comparator-hash hash-bound hash-salt
            =? <? >? <=? >=? comparator-if<=>))

(define-record-type <comparator>
  (%make-comparator type-test equality ordering hash ordered? hashable?)
  comparator?
  (type-test comparator-type-test-predicate)
  (equality comparator-equality-predicate)
  (ordering comparator-ordering-predicate)
  (hash comparator-hash-function)
  (ordered? comparator-ordered?)
  (hashable? comparator-hashable?))

(define (make-comparator type-test equality ordering hash)
  "(make-comparator type-test equality ordering hash): a new comparator. TYPE-TEST may be #t, for any object; EQUALITY may be #t, to
come from ORDERING; ORDERING and HASH may be #f."
  (%make-comparator
    (if (eq? type-test #t) (lambda (x) #t) type-test)
    (if (eq? equality #t)
        (lambda (a b) (and (not (ordering a b)) (not (ordering b a))))
        equality)
    (or ordering (lambda (a b) (error "this comparator has no ordering predicate")))
    (or hash (lambda (x) (error "this comparator has no hash function")))
    (if ordering #t #f)
    (if hash #t #f)))

(define (comparator-test-type comparator obj)
  "(comparator-test-type comparator obj): whether COMPARATOR is for objects like OBJ."
  ((comparator-type-test-predicate comparator) obj))

(define (comparator-check-type comparator obj)
  "(comparator-check-type comparator obj): #t if COMPARATOR is for objects like OBJ; else an error."
  (or (comparator-test-type comparator obj) (error "this object is not of the comparator's type:" obj comparator)))

(define (comparator-hash comparator obj)
  "(comparator-hash comparator obj): the hash of OBJ."
  ((comparator-hash-function comparator) obj))

(define %largest-hash 33554432)

;; (hash-bound) and (hash-salt): what hash functions of this library count with.
(define-syntax-rule (hash-bound) %largest-hash)
(define-syntax-rule (hash-salt) 16064047)

(define (make-eq-comparator)
  "(make-eq-comparator): a comparator of any objects by eq?."
  (make-comparator #t eq? #f default-hash))

(define (make-eqv-comparator)
  "(make-eqv-comparator): a comparator of any objects by eqv?."
  (make-comparator #t eqv? #f default-hash))

(define (make-equal-comparator)
  "(make-equal-comparator): a comparator of any objects by equal?."
  (make-comparator #t equal? #f default-hash))

(define (%mix a b)
  "A hash of the hashes A and B."
  (modulo (+ (* 33 a) b) %largest-hash))

(define (make-pair-comparator car-comparator cdr-comparator)
  "(make-pair-comparator car-comparator cdr-comparator): a comparator of pairs by their halves."
  (make-comparator
    (lambda (x) (and (pair? x) (comparator-test-type car-comparator (car x)) (comparator-test-type cdr-comparator (cdr x))))
    (lambda (a b) (and (=? car-comparator (car a) (car b)) (=? cdr-comparator (cdr a) (cdr b))))
    (and (comparator-ordered? car-comparator) (comparator-ordered? cdr-comparator)
         (lambda (a b)
           (if (=? car-comparator (car a) (car b))
               (<? cdr-comparator (cdr a) (cdr b))
               (<? car-comparator (car a) (car b)))))
    (and (comparator-hashable? car-comparator) (comparator-hashable? cdr-comparator)
         (lambda (x) (%mix (comparator-hash car-comparator (car x)) (comparator-hash cdr-comparator (cdr x)))))))

(define* (make-list-comparator element #:optional (type-test list?) (empty? null?) (head car) (tail cdr))
  "(make-list-comparator element [type-test [empty? [head [tail]]]]): a comparator of lists, or what is like lists, element by
element."
  (make-comparator
    (lambda (x)
      (and (type-test x)
           (let loop ((x x))
             (or (empty? x) (and (comparator-test-type element (head x)) (loop (tail x)))))))
    (lambda (a b)
      (let loop ((a a) (b b))
        (cond ((empty? a) (empty? b))
              ((empty? b) #f)
              (else (and (=? element (head a) (head b)) (loop (tail a) (tail b)))))))
    (and (comparator-ordered? element)
         (lambda (a b)
           (let loop ((a a) (b b))
             (cond ((empty? a) (not (empty? b)))
                   ((empty? b) #f)
                   ((=? element (head a) (head b)) (loop (tail a) (tail b)))
                   (else (<? element (head a) (head b)))))))
    (and (comparator-hashable? element)
         (lambda (x)
           (let loop ((x x) (h 5381))
             (if (empty? x) h (loop (tail x) (%mix h (comparator-hash element (head x))))))))))

(define* (make-vector-comparator element #:optional (type-test vector?) (length vector-length) (ref vector-ref))
  "(make-vector-comparator element [type-test [length [ref]]]): a comparator of vectors, or what is like them: the shorter comes
first, then element by element."
  (define (first-difference a b n)
    (let loop ((i 0))
      (cond ((= i n) #f)
            ((=? element (ref a i) (ref b i)) (loop (+ i 1)))
            (else i))))
  (make-comparator
    (lambda (x)
      (and (type-test x)
           (let ((n (length x)))
             (let loop ((i 0)) (or (= i n) (and (comparator-test-type element (ref x i)) (loop (+ i 1))))))))
    (lambda (a b) (and (= (length a) (length b)) (not (first-difference a b (length a)))))
    (and (comparator-ordered? element)
         (lambda (a b)
           (cond ((< (length a) (length b)) #t)
                 ((> (length a) (length b)) #f)
                 (else
                  (let ((i (first-difference a b (length a))))
                    (and i (<? element (ref a i) (ref b i))))))))
    (and (comparator-hashable? element)
         (lambda (x)
           (let loop ((i 0) (h 5381))
             (if (= i (length x)) h (loop (+ i 1) (%mix h (comparator-hash element (ref x i))))))))))

;;; ---- Hashes ------------------------------------------------------------------------------------------------------

(define (boolean-hash obj)
  "(boolean-hash obj): a hash of a boolean."
  (if obj 1 0))

(define (char-hash char)
  "(char-hash char): a hash of a character."
  (char->integer char))

(define (char-ci-hash char)
  "(char-ci-hash char): as char-hash, but capital and small letters are the same."
  (char->integer (char-foldcase char)))

(define (number-hash n)
  "(number-hash n): a hash of a number, the same for numbers that are =."
  (if (and (exact? n) (integer? n))
      (hash n %largest-hash)
      (if (and (real? n) (not (nan? n)) (not (inf? n)))
          (let ((exact (inexact->exact n)))
            (hash (if (integer? exact) exact (exact->inexact exact)) %largest-hash))
          (hash (exact->inexact n) %largest-hash))))

(define (string-hash string)
  "(string-hash string): a hash of a string."
  ((@ (guile) string-hash) string %largest-hash))

(define (string-ci-hash string)
  "(string-ci-hash string): as string-hash, but capital and small letters are the same."
  (string-hash-ci string %largest-hash))

(define (symbol-hash symbol)
  "(symbol-hash symbol): a hash of a symbol."
  (string-hash (symbol->string symbol)))

;;; ---- The default comparator --------------------------------------------------------------------------------------

;; A list whose one element is the list of comparators that programs have added, the earliest first.
(define %registry (list '()))

(define (comparator-register-default! comparator)
  "(comparator-register-default! comparator): makes default comparators use COMPARATOR for its objects from now on."
  (set-car! %registry (append (car %registry) (list comparator))))

(define (%class obj)
  "The number of the sort of objects that OBJ is of, in the order that these have; the registered ones behind them."
  (cond ((null? obj) 0)
        ((pair? obj) 1)
        ((boolean? obj) 2)
        ((char? obj) 3)
        ((string? obj) 4)
        ((symbol? obj) 5)
        ((number? obj) 6)
        ((vector? obj) 7)
        ((bytevector? obj) 8)
        (else
         (let loop ((l (car %registry)) (k 9))
           (cond ((null? l) k)
                 ((comparator-test-type (car l) obj) k)
                 (else (loop (cdr l) (+ k 1))))))))

(define (%registered-for k)
  "The registered comparator of sort K, or #f."
  (let ((k (- k 9)))
    (and (< k (length (car %registry))) (list-ref (car %registry) k))))

(define (make-default-comparator)
  "(make-default-comparator): a comparator of all common objects, of one sort after the other."
  (make-comparator #t %default=? %default<? default-hash))

(define (%default=? a b)
  "Whether A and B are the same to the default comparator."
  (let ((k (%class a)))
    (and (= k (%class b))
         (case k
           ((1) (and (%default=? (car a) (car b)) (%default=? (cdr a) (cdr b))))
           ((6) (= a b))
           ((7) (let ((n (vector-length a)))
                  (and (= n (vector-length b))
                       (let loop ((i 0)) (or (= i n) (and (%default=? (vector-ref a i) (vector-ref b i)) (loop (+ i 1))))))))
           (else
            (let ((comparator (and (> k 8) (%registered-for k))))
              (if comparator (=? comparator a b) (equal? a b))))))))

(define (%default<? a b)
  "Whether A comes before B to the default comparator."
  (let ((k (%class a)) (m (%class b)))
    (cond ((< k m) #t)
          ((> k m) #f)
          (else
           (case k
             ((0) #f)
             ((1) (if (%default=? (car a) (car b)) (%default<? (cdr a) (cdr b)) (%default<? (car a) (car b))))
             ((2) (and (not a) b))
             ((3) (char<? a b))
             ((4) (string<? a b))
             ((5) (string<? (symbol->string a) (symbol->string b)))
             ((6) (if (and (real? a) (real? b))
                      (< a b)
                      (or (< (real-part a) (real-part b))
                          (and (= (real-part a) (real-part b)) (< (imag-part a) (imag-part b))))))
             ((7) (let ((n (vector-length a)))
                    (cond ((< n (vector-length b)) #t)
                          ((> n (vector-length b)) #f)
                          (else
                           (let loop ((i 0))
                             (cond ((= i n) #f)
                                   ((%default=? (vector-ref a i) (vector-ref b i)) (loop (+ i 1)))
                                   (else (%default<? (vector-ref a i) (vector-ref b i)))))))))
             ((8) (let ((n (bytevector-length a)))
                    (cond ((< n (bytevector-length b)) #t)
                          ((> n (bytevector-length b)) #f)
                          (else
                           (let loop ((i 0))
                             (cond ((= i n) #f)
                                   ((= (bytevector-u8-ref a i) (bytevector-u8-ref b i)) (loop (+ i 1)))
                                   (else (< (bytevector-u8-ref a i) (bytevector-u8-ref b i)))))))))
             (else
              (let ((comparator (%registered-for k)))
                (if comparator
                    (<? comparator a b)
                    (error "default comparator: these objects have no order:" a b)))))))))

(define (default-hash obj)
  "(default-hash obj): the hash of OBJ by the default comparator."
  (let ((k (%class obj)))
    (cond ((= k 6) (number-hash obj))
          ((= k 1) (%mix (default-hash (car obj)) (default-hash (cdr obj))))
          ((= k 7) (fold (lambda (x h) (%mix h (default-hash x))) 5381 (vector->list obj)))
          ((and (> k 8) (%registered-for k)) => (lambda (comparator) (comparator-hash comparator obj)))
          (else (hash obj %largest-hash)))))

;;; ---- Comparing ---------------------------------------------------------------------------------------------------

(define (%chain holds? objs)
  "Whether HOLDS? is true of all neighbors in OBJS."
  (let loop ((l objs))
    (or (null? (cdr l))
        (and (holds? (car l) (cadr l)) (loop (cdr l))))))

(define (=? comparator a b . more)
  "(=? comparator a b ...): whether the objects are all equal."
  (%chain (comparator-equality-predicate comparator) (cons* a b more)))

(define (<? comparator a b . more)
  "(<? comparator a b ...): whether the objects rise."
  (%chain (comparator-ordering-predicate comparator) (cons* a b more)))

(define (>? comparator a b . more)
  "(>? comparator a b ...): whether the objects fall."
  (let ((less? (comparator-ordering-predicate comparator)))
    (%chain (lambda (a b) (less? b a)) (cons* a b more))))

(define (<=? comparator a b . more)
  "(<=? comparator a b ...): whether the objects nowhere fall."
  (let ((less? (comparator-ordering-predicate comparator)))
    (%chain (lambda (a b) (not (less? b a))) (cons* a b more))))

(define (>=? comparator a b . more)
  "(>=? comparator a b ...): whether the objects nowhere rise."
  (let ((less? (comparator-ordering-predicate comparator)))
    (%chain (lambda (a b) (not (less? a b))) (cons* a b more))))

;; (comparator-if<=> [COMPARATOR] A B LESS EQUAL GREATER): the value of one of the last three.
(define-syntax comparator-if<=>
  (syntax-rules ()
    ((_ a b less equal greater)
     (comparator-if<=> (make-default-comparator) a b less equal greater))
    ((_ comparator a b less equal greater)
     (let ((c comparator) (x a) (y b))
       (cond ((=? c x y) equal)
             ((<? c x y) less)
             (else greater))))))
