;;; (rnrs arithmetic fixnums): arithmetic on integers of 62 bits, as Guile has them. [R6RS libraries 11.2]
;;;
;;; A result that is none is refused, as R6RS wants it, with the exception of an implementation's restriction.

(define-module (rnrs arithmetic fixnums)
  #:use-module (rnrs arithmetic bitwise)
  #:export (fixnum-width fixnum? fx* fx*/carry fx+ fx+/carry fx- fx-/carry fx<=? fx<? fx=? fx>=? fx>? fxand
            fxarithmetic-shift fxarithmetic-shift-left fxarithmetic-shift-right fxbit-count fxbit-field fxbit-set?
            fxcopy-bit fxcopy-bit-field fxdiv fxdiv-and-mod fxdiv0 fxdiv0-and-mod0 fxeven? fxfirst-bit-set fxif fxior
            fxlength fxmax fxmin fxmod fxmod0 fxnegative? fxnot fxodd? fxpositive? fxreverse-bit-field
            fxrotate-bit-field fxxor fxzero? greatest-fixnum least-fixnum))

(define %greatest (- (expt 2 61) 1))
(define %least (- (expt 2 61)))
(define %modulus (expt 2 62))

(define (%fixnum who position obj)
  "OBJ, argument POSITION of WHO, which must be a fixnum."
  (if (not (fixnum? obj)) (%wrong-type who position "a fixnum" obj))
  obj)

(define (%fixnums who objects)
  "OBJECTS, the arguments of WHO, which must be fixnums."
  (let loop ((rest objects) (position 1))
    (if (pair? rest)
        (begin (%fixnum who position (car rest)) (loop (cdr rest) (+ position 1)))))
  objects)

(define (%result who n)
  "N, the result of WHO, which must be a fixnum."
  (if (not (fixnum? n))
      (raise (make-exception (make-implementation-restriction-error) (make-exception-with-origin who)
                             (make-exception-with-message "the result is no fixnum") (make-exception-with-irritants (list n)))))
  n)

(define (fixnum? obj)
  "(fixnum? obj): whether OBJ is an integer that fits a word of the machine."
  (and (exact-integer? obj) (<= %least obj %greatest)))

(define (fixnum-width)
  "(fixnum-width): how many bits a fixnum has."
  62)

(define (least-fixnum)
  "(least-fixnum): the least fixnum."
  %least)

(define (greatest-fixnum)
  "(greatest-fixnum): the greatest fixnum."
  %greatest)

(define (fx=? a b . more)
  "(fx=? a b ...): whether the fixnums are equal."
  (apply = (%fixnums 'fx=? (cons* a b more))))

(define (fx<? a b . more)
  "(fx<? a b ...): whether the fixnums are in rising order."
  (apply < (%fixnums 'fx<? (cons* a b more))))

(define (fx>? a b . more)
  "(fx>? a b ...): whether the fixnums are in falling order."
  (apply > (%fixnums 'fx>? (cons* a b more))))

(define (fx<=? a b . more)
  "(fx<=? a b ...): whether the fixnums are in rising order or equal."
  (apply <= (%fixnums 'fx<=? (cons* a b more))))

(define (fx>=? a b . more)
  "(fx>=? a b ...): whether the fixnums are in falling order or equal."
  (apply >= (%fixnums 'fx>=? (cons* a b more))))

(define (fxzero? n)
  "(fxzero? n): whether the fixnum N is zero."
  (zero? (%fixnum 'fxzero? 1 n)))

(define (fxpositive? n)
  "(fxpositive? n): whether the fixnum N is above zero."
  (positive? (%fixnum 'fxpositive? 1 n)))

(define (fxnegative? n)
  "(fxnegative? n): whether the fixnum N is below zero."
  (negative? (%fixnum 'fxnegative? 1 n)))

(define (fxodd? n)
  "(fxodd? n): whether the fixnum N is odd."
  (odd? (%fixnum 'fxodd? 1 n)))

(define (fxeven? n)
  "(fxeven? n): whether the fixnum N is even."
  (even? (%fixnum 'fxeven? 1 n)))

(define (fxmax a . more)
  "(fxmax a ...): the greatest of the fixnums."
  (apply max (%fixnums 'fxmax (cons a more))))

(define (fxmin a . more)
  "(fxmin a ...): the least of the fixnums."
  (apply min (%fixnums 'fxmin (cons a more))))

(define (fx+ a b)
  "(fx+ a b): the sum of two fixnums, which must be one."
  (%result 'fx+ (+ (%fixnum 'fx+ 1 a) (%fixnum 'fx+ 2 b))))

(define (fx* a b)
  "(fx* a b): the product of two fixnums, which must be one."
  (%result 'fx* (* (%fixnum 'fx* 1 a) (%fixnum 'fx* 2 b))))

(define (fx- a . more)
  "(fx- a [b]): the difference of two fixnums, or A with the other sign; it must be a fixnum."
  (%result 'fx- (apply - (%fixnums 'fx- (cons a more)))))

(define (fxdiv a b)
  "(fxdiv a b): the quotient, as div has it."
  (%result 'fxdiv (euclidean-quotient (%fixnum 'fxdiv 1 a) (%fixnum 'fxdiv 2 b))))

(define (fxmod a b)
  "(fxmod a b): the remainder, as mod has it."
  (%result 'fxmod (euclidean-remainder (%fixnum 'fxmod 1 a) (%fixnum 'fxmod 2 b))))

(define (fxdiv0 a b)
  "(fxdiv0 a b): the quotient, as div0 has it."
  (%result 'fxdiv0 (centered-quotient (%fixnum 'fxdiv0 1 a) (%fixnum 'fxdiv0 2 b))))

(define (fxmod0 a b)
  "(fxmod0 a b): the remainder, as mod0 has it."
  (%result 'fxmod0 (centered-remainder (%fixnum 'fxmod0 1 a) (%fixnum 'fxmod0 2 b))))

(define (fxdiv-and-mod a b)
  "(fxdiv-and-mod a b): two values, of fxdiv and of fxmod."
  (values (fxdiv a b) (fxmod a b)))

(define (fxdiv0-and-mod0 a b)
  "(fxdiv0-and-mod0 a b): two values, of fxdiv0 and of fxmod0."
  (values (fxdiv0 a b) (fxmod0 a b)))

(define (fx+/carry a b c)
  "(fx+/carry a b c): two values: the lowest bits of (+ A B C), a fixnum, and what is carried over."
  (let* ((all (+ a b c)) (low (centered-remainder all %modulus)))
    (values low (quotient (- all low) %modulus))))

(define (fx-/carry a b c)
  "(fx-/carry a b c): two values: the lowest bits of (- A B C), a fixnum, and what is carried over."
  (let* ((all (- a b c)) (low (centered-remainder all %modulus)))
    (values low (quotient (- all low) %modulus))))

(define (fx*/carry a b c)
  "(fx*/carry a b c): two values: the lowest bits of (+ (* A B) C), a fixnum, and what is carried over."
  (let* ((all (+ (* a b) c)) (low (centered-remainder all %modulus)))
    (values low (quotient (- all low) %modulus))))

(define (fxnot n)
  "(fxnot n): N with all bits turned over."
  (lognot (%fixnum 'fxnot 1 n)))

(define (fxand . more)
  "(fxand ...): the bits that all have."
  (apply logand (%fixnums 'fxand more)))

(define (fxior . more)
  "(fxior ...): the bits that any has."
  (apply logior (%fixnums 'fxior more)))

(define (fxxor . more)
  "(fxxor ...): the bits that an odd number of them have."
  (apply logxor (%fixnums 'fxxor more)))

(define (fxif a b c)
  "(fxif a b c): the bits of B where A has ones, and those of C elsewhere."
  (logior (logand a b) (logand (lognot a) c)))

(define (fxbit-count n)
  "(fxbit-count n): how many ones N has; if it is negative, minus one less the number of zeros."
  (bitwise-bit-count (%fixnum 'fxbit-count 1 n)))

(define (fxlength n)
  "(fxlength n): how many bits N takes."
  (integer-length (%fixnum 'fxlength 1 n)))

(define (fxfirst-bit-set n)
  "(fxfirst-bit-set n): the place of the lowest one of N, or -1."
  (bitwise-first-bit-set (%fixnum 'fxfirst-bit-set 1 n)))

(define (fxbit-set? n k)
  "(fxbit-set? n k): whether bit K of N is one."
  (logbit? k (%fixnum 'fxbit-set? 1 n)))

(define (fxcopy-bit n k bit)
  "(fxcopy-bit n k bit): N with BIT in place K."
  (%result 'fxcopy-bit (bitwise-copy-bit n k bit)))

(define (fxbit-field n start end)
  "(fxbit-field n start end): the bits of N from START to END."
  (%result 'fxbit-field (bitwise-bit-field n start end)))

(define (fxcopy-bit-field n start end from)
  "(fxcopy-bit-field n start end from): N with the lowest bits of FROM in the places from START to END."
  (%result 'fxcopy-bit-field (bitwise-copy-bit-field n start end from)))

(define (fxrotate-bit-field n start end count)
  "(fxrotate-bit-field n start end count): N with the bits from START to END turned round by COUNT."
  (%result 'fxrotate-bit-field (bitwise-rotate-bit-field n start end count)))

(define (fxreverse-bit-field n start end)
  "(fxreverse-bit-field n start end): N with the bits from START to END in the other order."
  (%result 'fxreverse-bit-field (bitwise-reverse-bit-field n start end)))

(define (fxarithmetic-shift n count)
  "(fxarithmetic-shift n count): N shifted to the left by COUNT, or to the right if that is negative."
  (%result 'fxarithmetic-shift (ash (%fixnum 'fxarithmetic-shift 1 n) count)))

(define (fxarithmetic-shift-left n count)
  "(fxarithmetic-shift-left n count): N shifted to the left by COUNT."
  (%result 'fxarithmetic-shift-left (ash (%fixnum 'fxarithmetic-shift-left 1 n) count)))

(define (fxarithmetic-shift-right n count)
  "(fxarithmetic-shift-right n count): N shifted to the right by COUNT."
  (ash (%fixnum 'fxarithmetic-shift-right 1 n) (- count)))
