;;; (rnrs arithmetic bitwise): integers as bits. [R6RS libraries 11.4]

(define-module (rnrs arithmetic bitwise)
  #:re-export (bitwise-not bitwise-and bitwise-ior bitwise-xor bitwise-if)
  #:export (bitwise-bit-count bitwise-length bitwise-first-bit-set bitwise-bit-set? bitwise-copy-bit bitwise-bit-field
            bitwise-copy-bit-field bitwise-arithmetic-shift bitwise-arithmetic-shift-left bitwise-arithmetic-shift-right
            bitwise-rotate-bit-field bitwise-reverse-bit-field))

(define (bitwise-bit-count n)
  "(bitwise-bit-count n): how many bits of N are one; of a negative N, the complement of how many are zero."
  (if (negative? n) (lognot (logcount n)) (logcount n)))

(define (bitwise-length n)
  "(bitwise-length n): how many bits N takes without its sign."
  (integer-length n))

(define (bitwise-first-bit-set n)
  "(bitwise-first-bit-set n): the place of the lowest bit of N that is one; -1 if there is none."
  (first-set-bit n))

(define (bitwise-bit-set? n k)
  "(bitwise-bit-set? n k): whether bit K of N is one."
  (logbit? k n))

(define (bitwise-copy-bit n k bit)
  "(bitwise-copy-bit n k bit): N with bit K replaced by BIT, which is 0 or 1."
  (copy-bit k n (= bit 1)))

(define (bitwise-bit-field n start end)
  "(bitwise-bit-field n start end): the bits of N from START to before END, as a number."
  (bit-field n start end))

(define (bitwise-copy-bit-field to start end from)
  "(bitwise-copy-bit-field to start end from): TO with its bits from START to before END those of FROM."
  (copy-bit-field to from start end))

(define (bitwise-arithmetic-shift n count)
  "(bitwise-arithmetic-shift n count): N with its bits moved up by COUNT places, or down by -COUNT."
  (ash n count))

(define (bitwise-arithmetic-shift-left n count)
  "(bitwise-arithmetic-shift-left n count): N with its bits moved up by COUNT places."
  (ash n count))

(define (bitwise-arithmetic-shift-right n count)
  "(bitwise-arithmetic-shift-right n count): N with its bits moved down by COUNT places."
  (ash n (- count)))

(define (bitwise-rotate-bit-field n start end count)
  "(bitwise-rotate-bit-field n start end count): N with its bits from START to before END rotated up by COUNT places."
  (rotate-bit-field n count start end))

(define (bitwise-reverse-bit-field n start end)
  "(bitwise-reverse-bit-field n start end): N with its bits from START to before END in reverse order."
  (reverse-bit-field n start end))
