;;; Vectors and arrays of one dimension: what Guile has in its core besides R7RS.

(define (vector-move-left! v1 start1 end1 v2 start2)
  "(vector-move-left! v1 start1 end1 v2 start2): puts the elements of V1 from START1 to before END1 into V2 from START2 on."
  (vector-copy! v2 start2 v1 start1 end1))

(define (vector-move-right! v1 start1 end1 v2 start2)
  "(vector-move-right! v1 start1 end1 v2 start2): the same as vector-move-left!."
  (vector-copy! v2 start2 v1 start1 end1))

;;; ---- Bitvectors --------------------------------------------------------------------------------------------------

(define (bitvector-set-bits! bits mask)
  "(bitvector-set-bits! bits mask): sets the bits of BITS that are set in the bitvector MASK."
  (let ((n (bitvector-length mask)))
    (let loop ((i 0))
      (if (< i n)
          (begin (if (bitvector-ref mask i) (bitvector-set-bit! bits i)) (loop (+ i 1)))))))

(define (bitvector-clear-bits! bits mask)
  "(bitvector-clear-bits! bits mask): clears the bits of BITS that are set in the bitvector MASK."
  (let ((n (bitvector-length mask)))
    (let loop ((i 0))
      (if (< i n)
          (begin (if (bitvector-ref mask i) (bitvector-clear-bit! bits i)) (loop (+ i 1)))))))

(define (bitvector-count-bits bits mask)
  "(bitvector-count-bits bits mask): how many bits of BITS are set that are set in the bitvector MASK, too."
  (let ((n (bitvector-length mask)))
    (let loop ((i 0) (count 0))
      (if (< i n)
          (loop (+ i 1) (if (and (bitvector-ref mask i) (bitvector-ref bits i)) (+ count 1) count))
          count))))

(define (bitvector-fill! bits bit)
  "(bitvector-fill! bits bit): sets all bits of BITS if BIT is true, else clears them."
  (if bit (bitvector-set-all-bits! bits) (bitvector-clear-all-bits! bits)))
