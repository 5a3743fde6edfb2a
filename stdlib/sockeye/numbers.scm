;;; Numbers: constants and procedures of Guile's core, random numbers with states of their own, SRFI 60.

(define most-positive-fixnum 2305843009213693951)
(define most-negative-fixnum -2305843009213693952)

(define (inf)
  "(inf): the float of positive infinity."
  +inf.0)

(define (nan)
  "(nan): the float that is not a number."
  +nan.0)

;;; ---- Random numbers ----------------------------------------------------------------------------------------------

(define *random-state* (%default-random-state))

(define (random:normal-vector! vector #!optional state)
  "(random:normal-vector! vector [state]): fills VECTOR with random floats of the normal distribution."
  (let ((n (vector-length vector)))
    (let loop ((i 0))
      (if (< i n)
          (begin (vector-set! vector i (random:normal state)) (loop (+ i 1)))))))

(define (random:hollow-sphere! vector #!optional state)
  "(random:hollow-sphere! vector [state]): makes VECTOR a random point on the unit sphere of so many dimensions."
  (random:normal-vector! vector state)
  (%scale-vector! vector (/ 1 (sqrt (%square-sum vector)))))

(define (random:solid-sphere! vector #!optional state)
  "(random:solid-sphere! vector [state]): makes VECTOR a random point in the unit ball of so many dimensions."
  (random:hollow-sphere! vector state)
  (%scale-vector! vector (expt (random:uniform state) (/ 1 (vector-length vector)))))

(define (%square-sum vector)
  "The sum of the squares of the elements of VECTOR."
  (let loop ((i 0) (sum 0))
    (if (< i (vector-length vector))
        (loop (+ i 1) (+ sum (* (vector-ref vector i) (vector-ref vector i))))
        sum)))

(define (%scale-vector! vector factor)
  "Multiplies each element of VECTOR by FACTOR."
  (let loop ((i 0))
    (if (< i (vector-length vector))
        (begin (vector-set! vector i (* factor (vector-ref vector i)))
               (loop (+ i 1))))))

;;; ---- Integers as bits (SRFI 60) ----------------------------------------------------------------------------------

(define (bitwise-if mask a b)
  "(bitwise-if mask a b): the bits of A where MASK has ones and those of B where it has zeros."
  (logior (logand mask a) (logand (lognot mask) b)))

(define (bitwise-merge mask a b)
  "(bitwise-merge mask a b): the same as bitwise-if."
  (bitwise-if mask a b))

(define (any-bits-set? a b)
  "(any-bits-set? a b): whether some bit is one in both A and B."
  (logtest a b))

(define (log2-binary-factors n)
  "(log2-binary-factors n): how many zero bits N has below its lowest one; -1 if it is 0."
  (if (= n 0) -1 (- (integer-length (logxor n (- n 1))) 1)))

(define (first-set-bit n)
  "(first-set-bit n): the same as log2-binary-factors."
  (log2-binary-factors n))

(define (bit-set? k n)
  "(bit-set? k n): whether bit K of N is one."
  (logbit? k n))

(define (bit-field n start end)
  "(bit-field n start end): the bits of N from START to before END, as a number."
  (logand (ash n (- start)) (- (ash 1 (- end start)) 1)))

(define (copy-bit k n bit)
  "(copy-bit k n bit): N with bit K one if BIT is true, else zero."
  (if bit
      (logior n (ash 1 k))
      (logand n (lognot (ash 1 k)))))

(define (copy-bit-field to from start end)
  "(copy-bit-field to from start end): TO with its bits from START to before END those of FROM, from the lowest on."
  (bitwise-if (ash (- (ash 1 (- end start)) 1) start) (ash from start) to))

(define (arithmetic-shift n count)
  "(arithmetic-shift n count): N with its bits moved up by COUNT places, or down by -COUNT."
  (ash n count))

(define (rotate-bit-field n count start end)
  "(rotate-bit-field n count start end): N with its bits from START to before END moved up by COUNT places, those that leave at
the top coming in at the bottom."
  (let* ((width (- end start)))
    (if (<= width 0)
        n
        (let* ((count (modulo count width))
               (field (bit-field n start end)))
          (copy-bit-field n
                          (logior (ash field count) (ash field (- count width)))
                          start end)))))

(define (reverse-bit-field n start end)
  "(reverse-bit-field n start end): N with its bits from START to before END in reverse order."
  (let loop ((i start) (field 0))
    (if (< i end)
        (loop (+ i 1) (logior (ash field 1) (if (logbit? i n) 1 0)))
        (copy-bit-field n field start end))))

(define (integer->list n #!optional length)
  "(integer->list n [length]): a list of the lowest LENGTH bits of N (or all that count), the highest first, as #t and #f."
  (let ((length (if (%default? length) (integer-length n) length)))
    (let loop ((i 0) (list '()))
      (if (< i length)
          (loop (+ i 1) (cons (logbit? i n) list))
          list))))

(define (list->integer list)
  "(list->integer list): the number whose bits, the highest first, are the elements of LIST."
  (fold (lambda (bit n) (+ (* 2 n) (if bit 1 0))) 0 list))

(define (booleans->integer . booleans)
  "(booleans->integer bit ...): the number with these bits, the highest first."
  (list->integer booleans))

(define (bit-count n #!optional bits)
  "(bit-count n): how many bits of N are one, or zero if N is negative. Guile's old (bit-count bit bitvector) counts the bits of a
bitvector that are as BIT says."
  (cond ((%default? bits) (logcount n))
        (n (bitvector-count bits))
        (else (- (bitvector-length bits) (bitvector-count bits)))))
