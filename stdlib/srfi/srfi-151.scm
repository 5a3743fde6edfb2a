;;; (srfi srfi-151): integers as bits, for R7RS. [SRFI 151]

(define-module (srfi srfi-151)
  #:re-export (bitwise-not bitwise-and bitwise-ior bitwise-xor arithmetic-shift integer-length bitwise-if bit-set? first-set-bit)
  #:replace (bit-count copy-bit bit-field)
  #:export (bitwise-eqv bitwise-nand bitwise-nor bitwise-andc1 bitwise-andc2 bitwise-orc1 bitwise-orc2 bit-swap any-bit-set?
            every-bit-set? bit-field-any? bit-field-every? bit-field-clear bit-field-set bit-field-replace
            bit-field-replace-same bit-field-rotate bit-field-reverse bits->list list->bits bits->vector vector->bits bits
            bitwise-fold bitwise-for-each bitwise-unfold make-bitwise-generator))

(define (bitwise-eqv . ns)
  "(bitwise-eqv n ...): the complement of bitwise-xor, two numbers at a time."
  (fold (lambda (n m) (lognot (logxor m n))) -1 ns))

(define (bitwise-nand a b)
  "(bitwise-nand a b): the complement of bitwise-and."
  (lognot (logand a b)))

(define (bitwise-nor a b)
  "(bitwise-nor a b): the complement of bitwise-ior."
  (lognot (logior a b)))

(define (bitwise-andc1 a b)
  "(bitwise-andc1 a b): bitwise-and of the complement of A and of B."
  (logand (lognot a) b))

(define (bitwise-andc2 a b)
  "(bitwise-andc2 a b): bitwise-and of A and of the complement of B."
  (logand a (lognot b)))

(define (bitwise-orc1 a b)
  "(bitwise-orc1 a b): bitwise-ior of the complement of A and of B."
  (logior (lognot a) b))

(define (bitwise-orc2 a b)
  "(bitwise-orc2 a b): bitwise-ior of A and of the complement of B."
  (logior a (lognot b)))

(define (bit-count n)
  "(bit-count n): how many bits of N are one; of a negative N, how many are zero."
  (logcount n))

(define (copy-bit k n bit)
  "(copy-bit k n bit): N with bit K one if BIT is true, else zero."
  (if bit (logior n (ash 1 k)) (logand n (lognot (ash 1 k)))))

(define (bit-swap i j n)
  "(bit-swap i j n): N with bits I and J exchanged."
  (copy-bit i (copy-bit j n (logbit? i n)) (logbit? j n)))

(define (any-bit-set? test n)
  "(any-bit-set? test n): whether any bit that is one in TEST is one in N."
  (logtest test n))

(define (every-bit-set? test n)
  "(every-bit-set? test n): whether all bits that are one in TEST are one in N."
  (= test (logand test n)))

(define (%mask start end)
  "The number whose bits from START to before END are one."
  (ash (- (ash 1 (- end start)) 1) start))

(define (bit-field n start end)
  "(bit-field n start end): the bits of N from START to before END, as a number."
  (ash (logand n (%mask start end)) (- start)))

(define (bit-field-any? n start end)
  "(bit-field-any? n start end): whether any bit of N from START to before END is one."
  (not (= 0 (bit-field n start end))))

(define (bit-field-every? n start end)
  "(bit-field-every? n start end): whether all bits of N from START to before END are one."
  (= (bit-field n start end) (%mask 0 (- end start))))

(define (bit-field-clear n start end)
  "(bit-field-clear n start end): N with its bits from START to before END zero."
  (logand n (lognot (%mask start end))))

(define (bit-field-set n start end)
  "(bit-field-set n start end): N with its bits from START to before END one."
  (logior n (%mask start end)))

(define (bit-field-replace to from start end)
  "(bit-field-replace to from start end): TO with its bits from START to before END those of FROM, from the lowest on."
  (copy-bit-field to from start end))

(define (bit-field-replace-same to from start end)
  "(bit-field-replace-same to from start end): TO with its bits from START to before END those of FROM at the same places."
  (bitwise-if (%mask start end) from to))

(define (bit-field-rotate n count start end)
  "(bit-field-rotate n count start end): N with its bits from START to before END rotated up by COUNT places."
  (rotate-bit-field n count start end))

(define (bit-field-reverse n start end)
  "(bit-field-reverse n start end): N with its bits from START to before END in reverse order."
  (reverse-bit-field n start end))

(define* (bits->list n #:optional (length (integer-length n)))
  "(bits->list n [length]): a list of the lowest LENGTH bits of N, the lowest first, as #t and #f."
  (map (lambda (k) (logbit? k n)) (iota length)))

(define (list->bits list)
  "(list->bits list): the number whose bits, the lowest first, are the elements of LIST."
  (fold-right (lambda (bit n) (+ (* 2 n) (if bit 1 0))) 0 list))

(define* (bits->vector n #:optional (length (integer-length n)))
  "(bits->vector n [length]): as bits->list, but a vector."
  (list->vector (bits->list n length)))

(define (vector->bits vector)
  "(vector->bits vector): the number whose bits, the lowest first, are the elements of VECTOR."
  (list->bits (vector->list vector)))

(define (bits . bits)
  "(bits bit ...): the number with these bits, the lowest first."
  (list->bits bits))

(define (bitwise-fold f seed n)
  "(bitwise-fold f seed n): (f bit seed) for each bit of N, the lowest first."
  (fold f seed (bits->list n)))

(define (bitwise-for-each f n)
  "(bitwise-for-each f n): calls F with each bit of N, the lowest first."
  (for-each f (bits->list n)))

(define (bitwise-unfold stop? mapper successor seed)
  "(bitwise-unfold stop? mapper successor seed): the number whose bits, the lowest first, MAPPER gives for SEED, (SUCCESSOR SEED) and
so on until STOP? is true of one."
  (let loop ((seed seed) (k 0) (n 0))
    (if (stop? seed)
        n
        (loop (successor seed) (+ k 1) (if (mapper seed) (logior n (ash 1 k)) n)))))

(define (make-bitwise-generator n)
  "(make-bitwise-generator n): a procedure that gives the bits of N one by one, the lowest first, without end."
  (let ((k -1))
    (lambda ()
      (set! k (+ k 1))
      (logbit? k n))))
