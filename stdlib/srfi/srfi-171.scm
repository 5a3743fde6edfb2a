;;; (srfi srfi-171): transducers. [SRFI 171]
;;;
;;; A reducer has three faces: () a first value, (value) the end, (value input) a step. A transducer makes a reducer of a reducer.
;;; A step that answers a %reduced wants no more input.

(define-module (srfi srfi-171)
  #:use-module (srfi srfi-9)
  #:export (rcons reverse-rcons rcount rany revery list-transduce vector-transduce string-transduce bytevector-u8-transduce
            port-transduce generator-transduce tmap tfilter tremove treplace tfilter-map tdrop tdrop-while ttake ttake-while
            tconcatenate tappend-map tdelete-neighbor-duplicates tdelete-duplicates tflatten tsegment tpartition
            tadd-between tenumerate tlog reduced reduced? unreduce ensure-reduced preserving-reduced))

(define-record-type <reduced>
  (reduced value)
  reduced?
  (value unreduce))

(define (ensure-reduced x)
  "(ensure-reduced x): X as the last value of a reduction."
  (if (reduced? x) x (reduced x)))

(define (preserving-reduced reducer)
  "(preserving-reduced reducer): REDUCER for an inner reduction whose end ends the outer one."
  (lambda (a b)
    (let ((x (reducer a b)))
      (if (reduced? x) (reduced x) x))))

;;; ---- Reducers ----------------------------------------------------------------------------------------------------

(define rcons
  (case-lambda
    (() '())
    ((l) (reverse l))
    ((l x) (cons x l))))

(define reverse-rcons
  (case-lambda
    (() '())
    ((l) l)
    ((l x) (cons x l))))

(define rcount
  (case-lambda
    (() 0)
    ((n) n)
    ((n x) (+ n 1))))

(define (rany ok?)
  "(rany ok?): a reducer to the first true value OK? gives, or #f."
  (case-lambda
    (() #f)
    ((x) x)
    ((x input) (let ((y (ok? input))) (if y (reduced y) #f)))))

(define (revery ok?)
  "(revery ok?): a reducer to what OK? gives for the last input, or to the first #f."
  (case-lambda
    (() #t)
    ((x) x)
    ((x input) (let ((y (ok? input))) (if (and x y) y (reduced #f))))))

;;; ---- Reducing ----------------------------------------------------------------------------------------------------

(define (%reduce reducer seed next)
  "The value of REDUCER, from SEED on, with the inputs that (NEXT) gives until it gives the end of file."
  (let loop ((value seed))
    (let ((input (next)))
      (if (eof-object? input)
          value
          (let ((value (reducer value input)))
            (if (reduced? value) (unreduce value) (loop value)))))))

(define (%transduce transducer reducer seed next)
  "The end value of REDUCER behind TRANSDUCER."
  (let ((reducer (transducer reducer)))
    (reducer (%reduce reducer seed next))))

(define (%items length ref)
  "A procedure that gives each (REF i) for I below LENGTH, then the end of file."
  (let ((i -1))
    (lambda ()
      (set! i (+ i 1))
      (if (< i length) (ref i) (eof-object)))))

(define (%list-items list)
  "A procedure that gives each element of LIST, then the end of file."
  (lambda ()
    (if (pair? list)
        (let ((x (car list))) (set! list (cdr list)) x)
        (eof-object))))

(define (list-transduce transducer reducer . args)
  "(list-transduce transducer reducer [seed] list): reduces the elements of LIST as TRANSDUCER passes them on."
  (%with-seed reducer args (lambda (seed list)
    (let ((reducer (transducer reducer)))
      (let loop ((l list) (value seed))
        (if (pair? l)
            (let ((value (reducer value (car l))))
              (if (reduced? value) (reducer (unreduce value)) (loop (cdr l) value)))
            (reducer value)))))))

(define (%with-seed reducer args f)
  "Calls F with the seed and the data of ARGS."
  (if (null? (cdr args))
      (f (reducer) (car args))
      (f (car args) (cadr args))))

(define (vector-transduce transducer reducer . args)
  "(vector-transduce transducer reducer [seed] vector): reduces the elements of VECTOR as TRANSDUCER passes them on."
  (%with-seed reducer args (lambda (seed vector)
    (%transduce-items transducer reducer seed (vector-length vector) (lambda (i) (vector-ref vector i))))))

(define (%transduce-items transducer reducer seed length ref)
  "Reduces (REF i) for each I below LENGTH."
  (let ((reducer (transducer reducer)))
    (let loop ((i 0) (value seed))
      (if (< i length)
          (let ((value (reducer value (ref i))))
            (if (reduced? value) (reducer (unreduce value)) (loop (+ i 1) value)))
          (reducer value)))))

(define (string-transduce transducer reducer . args)
  "(string-transduce transducer reducer [seed] string): reduces the characters of STRING as TRANSDUCER passes them on."
  (%with-seed reducer args (lambda (seed string)
    (%transduce-items transducer reducer seed (string-length string) (lambda (i) (string-ref string i))))))

(define (bytevector-u8-transduce transducer reducer . args)
  "(bytevector-u8-transduce transducer reducer [seed] bytevector): reduces the bytes of BYTEVECTOR as TRANSDUCER passes them on."
  (%with-seed reducer args (lambda (seed bytes)
    (%transduce-items transducer reducer seed (bytevector-length bytes) (lambda (i) (bytevector-u8-ref bytes i))))))

(define (generator-transduce transducer reducer . args)
  "(generator-transduce transducer reducer [seed] generator): reduces what (generator) gives, until the end of file."
  (%with-seed reducer args (lambda (seed generator)
    (%transduce transducer reducer seed generator))))

(define (port-transduce transducer reducer . args)
  "(port-transduce transducer reducer [seed] read [port]): reduces what (read port) gives, until the end of file. Without a seed
and with a port there are three arguments after TRANSDUCER, too: then READ is the procedure."
  (let ((run (lambda (seed read port) (%transduce transducer reducer seed (lambda () (read port))))))
    (cond ((null? (cdr args)) (run (reducer) (car args) (current-input-port)))
          ((null? (cddr args))
           (if (port? (cadr args))
               (run (reducer) (car args) (cadr args))
               (run (car args) (cadr args) (current-input-port))))
          (else (run (car args) (cadr args) (caddr args))))))

;;; ---- Transducers -------------------------------------------------------------------------------------------------

;; A transducer whose step is the body; START and END go through.
(define-syntax-rule (%transducer reducer (value input) body ...)
  (lambda (reducer)
    (case-lambda
      (() (reducer))
      ((value) (reducer value))
      ((value input) body ...))))

(define (tmap f)
  "(tmap f): passes on what F gives for each input."
  (%transducer reducer (value input) (reducer value (f input))))

(define (tfilter keep?)
  "(tfilter keep?): passes on the inputs for which KEEP? is true."
  (%transducer reducer (value input) (if (keep? input) (reducer value input) value)))

(define (tremove drop?)
  "(tremove drop?): passes on the inputs for which DROP? is false."
  (%transducer reducer (value input) (if (drop? input) value (reducer value input))))

(define (tfilter-map f)
  "(tfilter-map f): passes on what F gives for each input unless that is #f."
  (%transducer reducer (value input) (let ((x (f input))) (if x (reducer value x) value))))

(define (treplace map)
  "(treplace map): replaces inputs: MAP is an association list, a hash table, or a procedure."
  (let ((replace
         (cond ((procedure? map) map)
               ((hash-table? map) (lambda (x) (hash-ref map x x)))
               (else (lambda (x) (let ((pair (assoc x map))) (if pair (cdr pair) x)))))))
    (tmap replace)))

(define (tdrop n)
  "(tdrop n): passes on all but the first N inputs."
  (lambda (reducer)
    (let ((left n))
      (case-lambda
        (() (reducer))
        ((value) (reducer value))
        ((value input)
         (if (> left 0)
             (begin (set! left (- left 1)) value)
             (reducer value input)))))))

(define (tdrop-while out?)
  "(tdrop-while out?): passes on the inputs from the first one on for which OUT? is false."
  (lambda (reducer)
    (let ((dropping? #t))
      (case-lambda
        (() (reducer))
        ((value) (reducer value))
        ((value input)
         (if (and dropping? (out? input))
             value
             (begin (set! dropping? #f) (reducer value input))))))))

(define (ttake n)
  "(ttake n): passes on the first N inputs, and ends the reduction."
  (lambda (reducer)
    (let ((left n))
      (case-lambda
        (() (reducer))
        ((value) (reducer value))
        ((value input)
         (set! left (- left 1))
         (cond ((< left 0) (ensure-reduced value))
               ((= left 0) (ensure-reduced (reducer value input)))
               (else (reducer value input))))))))

(define* (ttake-while in? #:optional (end (lambda (value input) value)))
  "(ttake-while in? [end]): passes on inputs until IN? is false of one; that goes to END, with the value so far, which gives the
last value."
  (lambda (reducer)
    (let ((taking? #t))
      (case-lambda
        (() (reducer))
        ((value) (reducer value))
        ((value input)
         (if (and taking? (in? input))
             (reducer value input)
             (begin (set! taking? #f)
                    (ensure-reduced (end value input)))))))))

(define (tconcatenate reducer)
  "Used as a transducer: passes on the elements of its inputs, which are lists."
  (let ((inner (preserving-reduced reducer)))
    (case-lambda
      (() (reducer))
      ((value) (reducer value))
      ((value input)
       (let loop ((l input) (value value))
         (if (pair? l)
             (let ((value (inner value (car l))))
               (if (reduced? value) (unreduce value) (loop (cdr l) value)))
             value))))))

(define (tappend-map f)
  "(tappend-map f): passes on the elements of the lists that F gives for the inputs."
  (lambda (reducer) ((tmap f) (tconcatenate reducer))))

(define (tflatten reducer)
  "Used as a transducer: passes on what is in its inputs, lists in lists, that is no list."
  (let ((inner #f))
    (set! inner
      (case-lambda
        (() (reducer))
        ((value) (reducer value))
        ((value input)
         (if (or (pair? input) (null? input))
             (let loop ((l input) (value value))
               (if (pair? l)
                   (let ((value (inner value (car l))))
                     (if (reduced? value) value (loop (cdr l) value)))
                   value))
             (reducer value input)))))
    inner))

(define* (tdelete-neighbor-duplicates #:optional (same? equal?))
  "(tdelete-neighbor-duplicates [same?]): passes on the inputs that are not SAME? as the one before."
  (lambda (reducer)
    (let ((first? #t) (last #f))
      (case-lambda
        (() (reducer))
        ((value) (reducer value))
        ((value input)
         (if (and (not first?) (same? last input))
             value
             (begin (set! first? #f)
                    (set! last input)
                    (reducer value input))))))))

(define* (tdelete-duplicates #:optional (same? equal?))
  "(tdelete-duplicates [same?]): passes on the inputs that are not SAME? as any before."
  (lambda (reducer)
    (let ((seen '()))
      (case-lambda
        (() (reducer))
        ((value) (reducer value))
        ((value input)
         (if (any (lambda (x) (same? x input)) seen)
             value
             (begin (set! seen (cons input seen))
                    (reducer value input))))))))

(define (%pass-rest reducer value collected)
  "The end value of REDUCER after what was COLLECTED, unless that is empty."
  (reducer
    (if (null? collected)
        value
        (let ((value (reducer value (reverse collected))))
          (if (reduced? value) (unreduce value) value)))))

(define (tsegment n)
  "(tsegment n): passes on lists of N inputs; the last one may be shorter."
  (lambda (reducer)
    (let ((collected '()) (count 0))
      (case-lambda
        (() (reducer))
        ((value)
         (let ((rest collected))
           (set! collected '())
           (%pass-rest reducer value rest)))
        ((value input)
         (set! collected (cons input collected))
         (set! count (+ count 1))
         (if (< count n)
             value
             (let ((segment (reverse collected)))
               (set! collected '())
               (set! count 0)
               (reducer value segment))))))))

(define (tpartition f)
  "(tpartition f): passes on lists of inputs that follow each other and for which F gives the same."
  (lambda (reducer)
    (let ((collected '()) (last #f))
      (case-lambda
        (() (reducer))
        ((value)
         (let ((rest collected))
           (set! collected '())
           (%pass-rest reducer value rest)))
        ((value input)
         (let ((x (f input)))
           (cond ((or (null? collected) (equal? x last))
                  (set! collected (cons input collected))
                  (set! last x)
                  value)
                 (else
                  (let ((part (reverse collected)))
                    (set! collected (list input))
                    (set! last x)
                    (let ((value (reducer value part)))
                      (if (reduced? value) (set! collected '()))
                      value))))))))))

(define (tadd-between obj)
  "(tadd-between obj): passes on the inputs with OBJ between them."
  (lambda (reducer)
    (let ((first? #t))
      (case-lambda
        (() (reducer))
        ((value) (reducer value))
        ((value input)
         (if first?
             (begin (set! first? #f) (reducer value input))
             (let ((value (reducer value obj)))
               (if (reduced? value) value (reducer value input)))))))))

(define* (tenumerate #:optional (start 0))
  "(tenumerate [start]): passes on pairs of a number, from START on, and an input."
  (lambda (reducer)
    (let ((n start))
      (case-lambda
        (() (reducer))
        ((value) (reducer value))
        ((value input)
         (let ((pair (cons n input)))
           (set! n (+ n 1))
           (reducer value pair)))))))

(define* (tlog #:optional (log (lambda (value input) (write input) (newline))))
  "(tlog [log]): calls LOG with the value so far and each input, and passes that on."
  (%transducer reducer (value input)
    (log value input)
    (reducer value input)))
