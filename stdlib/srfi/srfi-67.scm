;;; (srfi srfi-67): compare procedures, which give -1, 0 or 1. [SRFI 67]

(define-module (srfi srfi-67)
  #:replace (string-compare string-compare-ci)
  #:export (</<=? </<? <=/<=? <=/<? <=? <? =? >/>=? >/>? >=/>=? >=/>? >=? >? boolean-compare chain<=? chain<? chain=? chain>=?
            chain>? char-compare char-compare-ci compare-by< compare-by<= compare-by=/< compare-by=/> compare-by> compare-by>=
            complex-compare cond-compare debug-compare default-compare if-not=? if3 if<=? if<? if=? if>=? if>? integer-compare
            kth-largest list-compare list-compare-as-vector max-compare min-compare not=? number-compare pair-compare
            pair-compare-car pair-compare-cdr pairwise-not=? rational-compare real-compare refine-compare select-compare
            symbol-compare vector-compare vector-compare-as-list))

;;; ---- Choosing by a comparison ------------------------------------------------------------------------------------

;; (if3 C LESS EQUAL GREATER): the value of one of the last three.
(define-syntax-rule (if3 c less equal greater)
  (case c
    ((-1) less)
    ((0) equal)
    ((1) greater)
    (else (error "if3: this should be -1, 0 or 1, what a compare procedure gives"))))

;; (if=? C THEN [ELSE]) and its like.
(define-syntax if=?
  (syntax-rules ()
    ((_ c a) (if=? c a (if #f #f)))
    ((_ c a b) (if3 c b a b))))

(define-syntax if<?
  (syntax-rules ()
    ((_ c a) (if<? c a (if #f #f)))
    ((_ c a b) (if3 c a b b))))

(define-syntax if>?
  (syntax-rules ()
    ((_ c a) (if>? c a (if #f #f)))
    ((_ c a b) (if3 c b b a))))

(define-syntax if<=?
  (syntax-rules ()
    ((_ c a) (if<=? c a (if #f #f)))
    ((_ c a b) (if3 c a a b))))

(define-syntax if>=?
  (syntax-rules ()
    ((_ c a) (if>=? c a (if #f #f)))
    ((_ c a b) (if3 c b a a))))

(define-syntax if-not=?
  (syntax-rules ()
    ((_ c a) (if-not=? c a (if #f #f)))
    ((_ c a b) (if3 c a b a))))

;; (refine-compare C ...): the first C that is not 0.
(define-syntax refine-compare
  (syntax-rules ()
    ((_) 0)
    ((_ c) c)
    ((_ c more ...) (if3 c -1 (refine-compare more ...) 1))))

;; (select-compare X Y (TEST C ...) ... [(else C ...)]): of the first test that is true of X or Y; if of X alone, X comes before.
(define-syntax select-compare
  (syntax-rules (else)
    ((_ x y) 0)
    ((_ x y (else c ...)) (refine-compare c ...))
    ((_ x y (test c ...) clause ...)
     (let ((a x) (b y) (t test))
       (if (t a)
           (if (t b) (refine-compare c ...) -1)
           (if (t b) 1 (select-compare a b clause ...)))))))

;; (cond-compare ((TEST-X TEST-Y) C ...) ... [(else C ...)]): the same with a test for each.
(define-syntax cond-compare
  (syntax-rules (else)
    ((_) 0)
    ((_ (else c ...)) (refine-compare c ...))
    ((_ ((tx ty) c ...) clause ...)
     (let ((a tx) (b ty))
       (if a
           (if b (refine-compare c ...) -1)
           (if b 1 (cond-compare clause ...)))))))

;;; ---- Compare procedures of kinds of objects ----------------------------------------------------------------------

(define (%kind who ok? a b)
  "Complains in the name of WHO unless A and B are OK?."
  (if (not (and (ok? a) (ok? b))) (error (string-append (symbol->string who) ": these are not of the right type:") a b)))

(define (%by who ok? less?)
  "The compare procedure WHO of objects that are OK?, by LESS?."
  (lambda (a b)
    (%kind who ok? a b)
    (cond ((less? a b) -1) ((less? b a) 1) (else 0))))

(define (boolean-compare a b)
  "(boolean-compare a b): the order of booleans, #f first."
  ((%by 'boolean-compare boolean? (lambda (a b) (and (not a) b))) a b))

(define (char-compare a b)
  "(char-compare a b): the order of characters."
  ((%by 'char-compare char? char<?) a b))

(define (char-compare-ci a b)
  "(char-compare-ci a b): the order of characters, capital and small letters being the same."
  ((%by 'char-compare-ci char? char-ci<?) a b))

(define (string-compare a b)
  "(string-compare a b): the order of strings."
  ((%by 'string-compare string? string<?) a b))

(define (string-compare-ci a b)
  "(string-compare-ci a b): the order of strings, capital and small letters being the same."
  ((%by 'string-compare-ci string? string-ci<?) a b))

(define (symbol-compare a b)
  "(symbol-compare a b): the order of symbols, by their names."
  ((%by 'symbol-compare symbol? (lambda (a b) (string<? (symbol->string a) (symbol->string b)))) a b))

(define (integer-compare a b)
  "(integer-compare a b): the order of integers."
  ((%by 'integer-compare integer? <) a b))

(define (rational-compare a b)
  "(rational-compare a b): the order of rational numbers."
  ((%by 'rational-compare rational? <) a b))

(define (real-compare a b)
  "(real-compare a b): the order of real numbers."
  ((%by 'real-compare real? <) a b))

(define (complex-compare a b)
  "(complex-compare a b): an order of numbers: by their real parts, then by their imaginary ones."
  (%kind 'complex-compare complex? a b)
  (if (and (real? a) (real? b))
      (real-compare a b)
      (refine-compare (real-compare (real-part a) (real-part b)) (real-compare (imag-part a) (imag-part b)))))

(define (number-compare a b)
  "(number-compare a b): the same as complex-compare."
  (%kind 'number-compare number? a b)
  (complex-compare a b))

(define (default-compare a b)
  "(default-compare a b): an order of all common objects, of one kind after the other."
  (select-compare a b
    (null? 0)
    (pair? (default-compare (car a) (car b)) (default-compare (cdr a) (cdr b)))
    (boolean? (boolean-compare a b))
    (char? (char-compare a b))
    (string? (string-compare a b))
    (symbol? (symbol-compare a b))
    (number? (number-compare a b))
    (vector? (vector-compare default-compare a b))
    (else (error "default-compare: these objects have no order:" a b))))

(define (pair-compare-car compare)
  "(pair-compare-car compare): a compare procedure of pairs by their cars."
  (lambda (a b) (compare (car a) (car b))))

(define (pair-compare-cdr compare)
  "(pair-compare-cdr compare): a compare procedure of pairs by their cdrs."
  (lambda (a b) (compare (cdr a) (cdr b))))

(define pair-compare
  (case-lambda
    ((car-compare cdr-compare a b)
     (refine-compare (car-compare (car a) (car b)) (cdr-compare (cdr a) (cdr b))))
    ((compare a b)
     (cond-compare
       (((null? a) (null? b)) 0)
       (((pair? a) (pair? b)) (compare (car a) (car b)) (pair-compare compare (cdr a) (cdr b)))
       (else (compare a b))))
    ((a b) (pair-compare default-compare a b))))

(define list-compare
  (case-lambda
    ((compare a b empty? head tail)
     (let loop ((a a) (b b))
       (cond ((empty? a) (if (empty? b) 0 -1))
             ((empty? b) 1)
             (else (refine-compare (compare (head a) (head b)) (loop (tail a) (tail b)))))))
    ((compare a b) (list-compare compare a b null? car cdr))
    ((a b) (list-compare default-compare a b null? car cdr))
    ((a b empty? head tail) (list-compare default-compare a b empty? head tail))))

(define list-compare-as-vector
  (case-lambda
    ((compare a b empty? head tail)
     (let ((size (lambda (l) (let loop ((l l) (n 0)) (if (empty? l) n (loop (tail l) (+ n 1)))))))
       (refine-compare (integer-compare (size a) (size b)) (list-compare compare a b empty? head tail))))
    ((compare a b) (list-compare-as-vector compare a b null? car cdr))
    ((a b) (list-compare-as-vector default-compare a b null? car cdr))
    ((a b empty? head tail) (list-compare-as-vector default-compare a b empty? head tail))))

(define vector-compare
  (case-lambda
    ((compare a b size ref)
     (refine-compare (integer-compare (size a) (size b))
                     (let ((n (size a)))
                       (let loop ((i 0))
                         (if (= i n) 0 (refine-compare (compare (ref a i) (ref b i)) (loop (+ i 1))))))))
    ((compare a b) (vector-compare compare a b vector-length vector-ref))
    ((a b) (vector-compare default-compare a b vector-length vector-ref))
    ((a b size ref) (vector-compare default-compare a b size ref))))

(define vector-compare-as-list
  (case-lambda
    ((compare a b size ref)
     (let ((n (min (size a) (size b))))
       (let loop ((i 0))
         (if (= i n)
             (integer-compare (size a) (size b))
             (refine-compare (compare (ref a i) (ref b i)) (loop (+ i 1)))))))
    ((compare a b) (vector-compare-as-list compare a b vector-length vector-ref))
    ((a b) (vector-compare-as-list default-compare a b vector-length vector-ref))
    ((a b size ref) (vector-compare-as-list default-compare a b size ref))))

;;; ---- Predicates of compare procedures ----------------------------------------------------------------------------

(define (%predicate holds?)
  "The procedure like <?: of an optional compare procedure and two objects, or none, for a predicate."
  (define (with compare) (lambda (a b) (holds? (compare a b))))
  (case-lambda
    (() (with default-compare))
    ((compare) (with compare))
    ((a b) (holds? (default-compare a b)))
    ((compare a b)
     (if (procedure? compare)
         (holds? (compare a b))
         (error "this should be a compare procedure:" compare)))))

(define =? (%predicate (lambda (c) (if=? c #t #f))))

(define <? (%predicate (lambda (c) (if<? c #t #f))))

(define >? (%predicate (lambda (c) (if>? c #t #f))))

(define <=? (%predicate (lambda (c) (if<=? c #t #f))))

(define >=? (%predicate (lambda (c) (if>=? c #t #f))))

(define not=? (%predicate (lambda (c) (if-not=? c #t #f))))

(define (%between first? second?)
  "The procedure like </<?: of an optional compare procedure and three objects, or none, for a predicate."
  (define (test compare a b c) (and (first? compare a b) (second? compare b c)))
  (case-lambda
    (() (lambda (a b c) (test default-compare a b c)))
    ((compare) (lambda (a b c) (test compare a b c)))
    ((a b c) (test default-compare a b c))
    ((compare a b c) (test compare a b c))))

(define </<? (%between <? <?))

(define </<=? (%between <? <=?))

(define <=/<? (%between <=? <?))

(define <=/<=? (%between <=? <=?))

(define >/>? (%between >? >?))

(define >/>=? (%between >? >=?))

(define >=/>? (%between >=? >?))

(define >=/>=? (%between >=? >=?))

(define (%chain holds? compare objs)
  "Whether (HOLDS? compare a b) for all neighbors in OBJS."
  (if (and (pair? objs) (null? (cdr objs))) (compare (car objs) (car objs)))
  (let loop ((l objs))
    (or (null? l) (null? (cdr l))
        (and (holds? compare (car l) (cadr l)) (loop (cdr l))))))

(define (chain=? compare . objs)
  "(chain=? compare obj ...): whether the objects are all equal."
  (%chain =? compare objs))

(define (chain<? compare . objs)
  "(chain<? compare obj ...): whether the objects rise."
  (%chain <? compare objs))

(define (chain>? compare . objs)
  "(chain>? compare obj ...): whether the objects fall."
  (%chain >? compare objs))

(define (chain<=? compare . objs)
  "(chain<=? compare obj ...): whether the objects nowhere fall."
  (%chain <=? compare objs))

(define (chain>=? compare . objs)
  "(chain>=? compare obj ...): whether the objects nowhere rise."
  (%chain >=? compare objs))

(define (pairwise-not=? compare . objs)
  "(pairwise-not=? compare obj ...): whether no two of the objects are equal."
  (or (null? objs)
      (let ((sorted (sort objs (lambda (a b) (<? compare a b)))))
        (%chain not=? compare sorted))))

(define (min-compare compare first . rest)
  "(min-compare compare obj ...): the least of the objects, the first of several."
  (fold (lambda (x least) (if (<? compare x least) x least)) first rest))

(define (max-compare compare first . rest)
  "(max-compare compare obj ...): the greatest of the objects, the first of several."
  (fold (lambda (x most) (if (>? compare x most) x most)) first rest))

(define (kth-largest compare k first . rest)
  "(kth-largest compare k obj ...): object K of the objects when they are sorted; the least is object 0."
  (let ((sorted (sort (cons first rest) (lambda (a b) (<? compare a b)))))
    (list-ref sorted (modulo k (length sorted)))))

;;; ---- Compare procedures of predicates ----------------------------------------------------------------------------

(define (%compare-by f)
  "The procedure like compare-by<: F compares two objects by the predicates in front of them."
  (case-lambda
    ((p) (lambda (a b) (f p a b)))
    ((p a b) (f p a b))))

(define compare-by< (%compare-by (lambda (lt a b) (cond ((lt a b) -1) ((lt b a) 1) (else 0)))))

(define compare-by> (%compare-by (lambda (gt a b) (cond ((gt a b) 1) ((gt b a) -1) (else 0)))))

(define compare-by<= (%compare-by (lambda (le a b) (if (le a b) (if (le b a) 0 -1) 1))))

(define compare-by>= (%compare-by (lambda (ge a b) (if (ge a b) (if (ge b a) 0 1) -1))))

(define compare-by=/<
  (case-lambda
    ((same less) (lambda (a b) (cond ((same a b) 0) ((less a b) -1) (else 1))))
    ((same less a b) ((compare-by=/< same less) a b))))

(define compare-by=/>
  (case-lambda
    ((same greater) (lambda (a b) (cond ((same a b) 0) ((greater a b) 1) (else -1))))
    ((same greater a b) ((compare-by=/> same greater) a b))))

(define (debug-compare compare)
  "(debug-compare compare): COMPARE with checks that it is an order of what it has been called with."
  (let ((seen '()))
    (define (check a b)
      (let ((c (compare a b)))
        (if (not (memv c '(-1 0 1))) (error "debug-compare: the answer should be -1, 0 or 1:" c a b))
        c))
    (lambda (a b)
      (let ((c (check a b)))
        (if (not (eqv? c (- (check b a)))) (error "debug-compare: the order is not antisymmetric:" a b))
        (if (not (eqv? 0 (check a a))) (error "debug-compare: the order is not reflexive:" a))
        (for-each
          (lambda (x)
            (let ((ax (check a x)) (xb (check x b)))
              (if (and (<= ax 0) (<= xb 0) (> c 0)) (error "debug-compare: the order is not transitive:" a x b))))
          seen)
        (set! seen (take (cons a seen) (min 3 (+ 1 (length seen)))))
        c))))
