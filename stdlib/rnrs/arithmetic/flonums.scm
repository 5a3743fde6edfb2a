;;; (rnrs arithmetic flonums): arithmetic on inexact real numbers. [R6RS libraries 11.3]

(define-module (rnrs arithmetic flonums)
  #:use-module (ice-9 exceptions)
  #:export (&no-infinities make-no-infinities-violation no-infinities-violation? &no-nans make-no-nans-violation
            no-nans-violation? flonum? real->flonum fixnum->flonum fl=? fl<? fl>? fl<=? fl>=? flinteger? flzero?
            flpositive? flnegative? flodd? fleven? flfinite? flinfinite? flnan? flmax flmin fl+ fl* fl- fl/ flabs
            flnumerator fldenominator flfloor flceiling fltruncate flround flexp flsin flcos fltan flasin flacos
            flsqrt flatan fllog flexpt fldiv flmod fldiv0 flmod0 fldiv-and-mod fldiv0-and-mod0))

(define &no-infinities (make-exception-type '&no-infinities &implementation-restriction '()))
(define &no-nans (make-exception-type '&no-nans &implementation-restriction '()))

(define (make-no-infinities-violation)
  "(make-no-infinities-violation): a condition that says that there are no infinities here."
  (%record &no-infinities))

(define (no-infinities-violation? obj)
  "(no-infinities-violation? obj): whether OBJ is such a condition."
  ((exception-predicate &no-infinities) obj))

(define (make-no-nans-violation)
  "(make-no-nans-violation): a condition that says that there is nothing here that is no number."
  (%record &no-nans))

(define (no-nans-violation? obj)
  "(no-nans-violation? obj): whether OBJ is such a condition."
  ((exception-predicate &no-nans) obj))

(define (%flonum who position obj)
  "OBJ, argument POSITION of WHO, which must be a flonum."
  (if (not (flonum? obj)) (%wrong-type who position "a flonum" obj))
  obj)

(define (%flonums who objects)
  "OBJECTS, the arguments of WHO, which must be flonums."
  (let loop ((rest objects) (position 1))
    (if (pair? rest)
        (begin (%flonum who position (car rest)) (loop (cdr rest) (+ position 1)))))
  objects)

(define (%real z)
  "Z, or what is no number if it is not real."
  (if (real? z) (exact->inexact z) +nan.0))

(define (flonum? obj)
  "(flonum? obj): whether OBJ is an inexact real number."
  (and (real? obj) (inexact? obj)))

(define (real->flonum x)
  "(real->flonum x): X as an inexact number."
  (exact->inexact x))

(define (fixnum->flonum n)
  "(fixnum->flonum n): N as an inexact number."
  (exact->inexact n))

(define (fl=? a b . more)
  "(fl=? a b ...): whether the flonums are equal."
  (apply = (%flonums 'fl=? (cons* a b more))))

(define (fl<? a b . more)
  "(fl<? a b ...): whether the flonums are in rising order."
  (apply < (%flonums 'fl<? (cons* a b more))))

(define (fl>? a b . more)
  "(fl>? a b ...): whether the flonums are in falling order."
  (apply > (%flonums 'fl>? (cons* a b more))))

(define (fl<=? a b . more)
  "(fl<=? a b ...): whether the flonums are in rising order or equal."
  (apply <= (%flonums 'fl<=? (cons* a b more))))

(define (fl>=? a b . more)
  "(fl>=? a b ...): whether the flonums are in falling order or equal."
  (apply >= (%flonums 'fl>=? (cons* a b more))))

(define (flinteger? x)
  "(flinteger? x): whether the flonum X is whole."
  (integer? (%flonum 'flinteger? 1 x)))

(define (flzero? x)
  "(flzero? x): whether the flonum X is zero."
  (zero? (%flonum 'flzero? 1 x)))

(define (flpositive? x)
  "(flpositive? x): whether the flonum X is above zero."
  (positive? (%flonum 'flpositive? 1 x)))

(define (flnegative? x)
  "(flnegative? x): whether the flonum X is below zero."
  (negative? (%flonum 'flnegative? 1 x)))

(define (flodd? x)
  "(flodd? x): whether the flonum X is odd."
  (odd? (%flonum 'flodd? 1 x)))

(define (fleven? x)
  "(fleven? x): whether the flonum X is even."
  (even? (%flonum 'fleven? 1 x)))

(define (flfinite? x)
  "(flfinite? x): whether the flonum X is finite."
  (finite? (%flonum 'flfinite? 1 x)))

(define (flinfinite? x)
  "(flinfinite? x): whether the flonum X is infinite."
  (infinite? (%flonum 'flinfinite? 1 x)))

(define (flnan? x)
  "(flnan? x): whether the flonum X is no number."
  (nan? (%flonum 'flnan? 1 x)))

(define (flmax a . more)
  "(flmax a ...): the greatest of the flonums."
  (apply max (%flonums 'flmax (cons a more))))

(define (flmin a . more)
  "(flmin a ...): the least of the flonums."
  (apply min (%flonums 'flmin (cons a more))))

(define (fl+ . more)
  "(fl+ ...): the sum of the flonums."
  (exact->inexact (apply + (%flonums 'fl+ more))))

(define (fl* . more)
  "(fl* ...): the product of the flonums."
  (exact->inexact (apply * (%flonums 'fl* more))))

(define (fl- a . more)
  "(fl- a ...): A without the others, or with the other sign."
  (apply - (%flonums 'fl- (cons a more))))

(define (fl/ a . more)
  "(fl/ a ...): A divided by the others, or one divided by A."
  (apply / (%flonums 'fl/ (cons a more))))

(define (flabs x)
  "(flabs x): the size of X."
  (abs (%flonum 'flabs 1 x)))

(define (flnumerator x)
  "(flnumerator x): the numerator of X."
  (numerator (%flonum 'flnumerator 1 x)))

(define (fldenominator x)
  "(fldenominator x): the denominator of X."
  (denominator (%flonum 'fldenominator 1 x)))

(define (flfloor x)
  "(flfloor x): the whole number at or below X."
  (floor (%flonum 'flfloor 1 x)))

(define (flceiling x)
  "(flceiling x): the whole number at or above X."
  (ceiling (%flonum 'flceiling 1 x)))

(define (fltruncate x)
  "(fltruncate x): X without its fraction."
  (truncate (%flonum 'fltruncate 1 x)))

(define (flround x)
  "(flround x): the whole number nearest to X."
  (round (%flonum 'flround 1 x)))

(define (flexp x)
  "(flexp x): the exponential of X."
  (exp (%flonum 'flexp 1 x)))

(define (flsin x)
  "(flsin x): the sine of X."
  (sin (%flonum 'flsin 1 x)))

(define (flcos x)
  "(flcos x): the cosine of X."
  (cos (%flonum 'flcos 1 x)))

(define (fltan x)
  "(fltan x): the tangent of X."
  (tan (%flonum 'fltan 1 x)))

(define (flasin x)
  "(flasin x): the arc sine of X; what is not real is no number."
  (%real (asin (%flonum 'flasin 1 x))))

(define (flacos x)
  "(flacos x): the arc cosine of X; what is not real is no number."
  (%real (acos (%flonum 'flacos 1 x))))

(define (flsqrt x)
  "(flsqrt x): the square root of X; what is not real is no number."
  (%real (sqrt (%flonum 'flsqrt 1 x))))

(define (flatan x . more)
  "(flatan x ...): the arc tangent of X, or of X divided by a second one."
  (apply atan (%flonums 'flatan (cons x more))))

(define (fllog x . more)
  "(fllog x ...): the logarithm of X, natural or to the base of a second one."
  (%real (apply log (%flonums 'fllog (cons x more)))))

(define (flexpt x y)
  "(flexpt x y): X to the power Y."
  (%real (expt (%flonum 'flexpt 1 x) (%flonum 'flexpt 2 y))))

(define (fldiv a b)
  "(fldiv a b): the quotient, as div has it."
  (euclidean-quotient (%flonum 'fldiv 1 a) (%flonum 'fldiv 2 b)))

(define (flmod a b)
  "(flmod a b): the remainder, as mod has it."
  (euclidean-remainder (%flonum 'flmod 1 a) (%flonum 'flmod 2 b)))

(define (fldiv0 a b)
  "(fldiv0 a b): the quotient, as div0 has it."
  (centered-quotient (%flonum 'fldiv0 1 a) (%flonum 'fldiv0 2 b)))

(define (flmod0 a b)
  "(flmod0 a b): the remainder, as mod0 has it."
  (centered-remainder (%flonum 'flmod0 1 a) (%flonum 'flmod0 2 b)))

(define (fldiv-and-mod a b)
  "(fldiv-and-mod a b): two values, of fldiv and of flmod."
  (values (fldiv a b) (flmod a b)))

(define (fldiv0-and-mod0 a b)
  "(fldiv0-and-mod0 a b): two values, of fldiv0 and of flmod0."
  (values (fldiv0 a b) (flmod0 a b)))
