;;; (ice-9 weak-vector): vectors that do not keep their elements alive. [Guile: Weak vectors]
;;;
;;; The elements are the values of a weak table, by their places.

(define-module (ice-9 weak-vector)
  #:use-module (srfi srfi-9)
  #:export (make-weak-vector weak-vector list->weak-vector weak-vector? weak-vector-length weak-vector-ref weak-vector-set!))

(define-record-type (<weak-vector> %keep-apart!)
  (%make-weak-vector size table)
  weak-vector?
  (size weak-vector-length)
  (table weak-vector-table))

(define* (make-weak-vector size #:optional (fill #f))
  "(make-weak-vector size [fill]): a new weak vector of SIZE elements, each FILL."
  (let ((vector (%make-weak-vector size (make-weak-value-hash-table size))))
    (if fill
        (let loop ((i 0))
          (if (< i size) (begin (weak-vector-set! vector i fill) (loop (+ i 1))))))
    vector))

(define (weak-vector . objs)
  "(weak-vector obj ...): a new weak vector of the OBJS."
  (list->weak-vector objs))

(define (list->weak-vector list)
  "(list->weak-vector list): a new weak vector of the elements of LIST."
  (let ((vector (make-weak-vector (length list))))
    (let loop ((l list) (i 0))
      (if (pair? l)
          (begin (weak-vector-set! vector i (car l))
                 (loop (cdr l) (+ i 1)))))
    vector))

(define (%check vector k who)
  "Complains in the name of WHO unless K is a place in VECTOR."
  (if (not (and (exact-integer? k) (< -1 k (weak-vector-length vector))))
      (throw 'out-of-range who "Argument ~A out of range: ~S" (list 2 k) (list k))))

(define (weak-vector-ref vector k)
  "(weak-vector-ref vector k): element K of VECTOR, or #f if it is gone."
  (%check vector k "weak-vector-ref")
  (hashv-ref (weak-vector-table vector) k))

(define (weak-vector-set! vector k obj)
  "(weak-vector-set! vector k obj): makes OBJ element K of VECTOR."
  (%check vector k "weak-vector-set!")
  (hashv-set! (weak-vector-table vector) k obj))
