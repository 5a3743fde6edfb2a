;;; (srfi srfi-158): generators, procedures that give one object after the other, and accumulators, which take them. [SRFI 158]
;;;
;;; A generator gives the end-of-file object when it has no more. An accumulator called with that gives what it has gathered.

(define-module (srfi srfi-158)
  #:export (generator circular-generator make-iota-generator make-range-generator make-coroutine-generator list->generator
            vector->generator reverse-vector->generator string->generator bytevector->generator
            make-for-each-generator make-unfold-generator gcons* gappend gflatten ggroup gmerge gmap gcombine gfilter gremove
            gstate-filter gtake gdrop gtake-while gdrop-while gdelete gdelete-neighbor-dups gindex gselect
            generator->list generator->reverse-list generator->vector generator->vector! generator->string generator-fold
            generator-map->list generator-for-each generator-find generator-count generator-any generator-every
            generator-unfold make-accumulator count-accumulator list-accumulator reverse-list-accumulator vector-accumulator
            reverse-vector-accumulator vector-accumulator! string-accumulator bytevector-accumulator bytevector-accumulator!
            sum-accumulator product-accumulator))

(define %eof (eof-object))

;;; ---- Making generators -------------------------------------------------------------------------------------------

(define (generator . objs)
  "(generator obj ...): a generator of the OBJS."
  (list->generator objs))

(define (list->generator list)
  "(list->generator list): a generator of the elements of LIST."
  (lambda ()
    (if (pair? list)
        (let ((x (car list))) (set! list (cdr list)) x)
        %eof)))

(define (circular-generator first . rest)
  "(circular-generator obj ...): a generator of the OBJS over and over."
  (list->generator (apply circular-list first rest)))

(define* (make-iota-generator count #:optional (start 0) (step 1))
  "(make-iota-generator count [start [step]]): a generator of COUNT numbers from START, each STEP more than the one before."
  (let ((k 0))
    (lambda ()
      (if (< k count)
          (let ((x (+ start (* k step)))) (set! k (+ k 1)) x)
          %eof))))

(define* (make-range-generator start #:optional end (step 1))
  "(make-range-generator start [end [step]]): a generator of START, START + STEP and so on, as long as they are below END."
  (let ((n start))
    (lambda ()
      (if (or (not end) (< n end))
          (let ((x n)) (set! n (+ n step)) x)
          %eof))))

(define (make-coroutine-generator f)
  "(make-coroutine-generator f): a generator of what F gives to the procedure it is called with, time and again."
  (define return #f)
  (define (yield x)
    (call/cc
      (lambda (next)
        (set! resume next)
        (return x))))
  (define resume
    (lambda ignored
      (f yield)
      (set! resume (lambda ignored (return %eof)))
      (return %eof)))
  (lambda ()
    (call/cc
      (lambda (k)
        (set! return k)
        (resume #f)))))

(define (%places start end ref)
  "A generator of (REF i) for the places from START to before END."
  (lambda ()
    (if (< start end)
        (let ((x (ref start))) (set! start (+ start 1)) x)
        %eof)))

(define* (vector->generator vector #:optional (start 0) (end (vector-length vector)))
  "(vector->generator vector [start [end]]): a generator of the elements of VECTOR."
  (%places start end (lambda (i) (vector-ref vector i))))

(define* (reverse-vector->generator vector #:optional (start 0) (end (vector-length vector)))
  "(reverse-vector->generator vector [start [end]]): a generator of the elements of VECTOR, the last first."
  (let ((both (+ start end)))
    (%places start end (lambda (i) (vector-ref vector (- both i 1))))))

(define* (string->generator string #:optional (start 0) (end (string-length string)))
  "(string->generator string [start [end]]): a generator of the characters of STRING."
  (%places start end (lambda (i) (string-ref string i))))

(define* (bytevector->generator bytes #:optional (start 0) (end (bytevector-length bytes)))
  "(bytevector->generator bytevector [start [end]]): a generator of the bytes of BYTEVECTOR."
  (%places start end (lambda (i) (bytevector-u8-ref bytes i))))

(define (make-for-each-generator for-each obj)
  "(make-for-each-generator for-each obj): a generator of what (for-each PROC OBJ) calls PROC with."
  (make-coroutine-generator (lambda (yield) (for-each yield obj))))

(define (make-unfold-generator stop? mapper successor seed)
  "(make-unfold-generator stop? mapper successor seed): a generator of what MAPPER gives for SEED, (SUCCESSOR SEED) and so on until
STOP? is true of one."
  (lambda ()
    (if (stop? seed)
        %eof
        (let ((x (mapper seed))) (set! seed (successor seed)) x))))

;;; ---- Generators of generators ------------------------------------------------------------------------------------

(define (gcons* . args)
  "(gcons* obj ... generator): a generator of the OBJS and then of what GENERATOR gives."
  (lambda ()
    (if (null? (cdr args))
        ((car args))
        (let ((x (car args))) (set! args (cdr args)) x))))

(define (gappend . generators)
  "(gappend generator ...): a generator of what the generators give, one after the other."
  (lambda ()
    (let loop ()
      (if (null? generators)
          %eof
          (let ((x ((car generators))))
            (if (eof-object? x)
                (begin (set! generators (cdr generators)) (loop))
                x))))))

(define (gflatten generator)
  "(gflatten generator): a generator of what the generators that GENERATOR gives give; a list among them gives its elements."
  (let ((current #f))
    (lambda ()
      (let loop ()
        (if (eof-object? current)
            %eof
            (let ((x (if current (current) %eof)))
              (if (eof-object? x)
                  (let ((next (generator)))
                    (set! current (if (list? next) (list->generator next) next))
                    (loop))
                  x)))))))

(define* (ggroup generator k #:optional (padding %eof))
  "(ggroup generator k [padding]): a generator of lists of K objects; the last one may be shorter, or is filled with PADDING."
  (lambda ()
    (let loop ((n 0) (l '()))
      (if (= n k)
          (reverse l)
          (let ((x (generator)))
            (cond ((not (eof-object? x)) (loop (+ n 1) (cons x l)))
                  ((= n 0) %eof)
                  ((eof-object? padding) (reverse l))
                  (else (append (reverse l) (make-list (- k n) padding)))))))))

(define (gmerge less? . generators)
  "(gmerge less? generator ...): a generator of what the generators, each of them sorted, give, sorted."
  (let ((heads #f))
    (lambda ()
      (if (not heads) (set! heads (filter (lambda (pair) (not (eof-object? (car pair)))) (map (lambda (g) (cons (g) g)) generators))))
      (if (null? heads)
          %eof
          (let* ((first (fold (lambda (pair best) (if (less? (car pair) (car best)) pair best)) (car heads) (cdr heads)))
                 (x (car first))
                 (next ((cdr first))))
            (if (eof-object? next)
                (set! heads (delq first heads))
                (set-car! first next))
            x)))))

(define (gmap f generator . more)
  "(gmap f generator ...): a generator of what F gives for what the generators give."
  (let ((generators (cons generator more)))
    (lambda ()
      (let ((items (map (lambda (g) (g)) generators)))
        (if (any eof-object? items) %eof (apply f items))))))

(define (gcombine f seed generator . more)
  "(gcombine f seed generator ...): a generator of the first values of (f item ... seed), whose second values are the next seeds."
  (let ((generators (cons generator more)))
    (lambda ()
      (let ((items (map (lambda (g) (g)) generators)))
        (if (any eof-object? items)
            %eof
            (call-with-values (lambda () (apply f (append items (list seed))))
              (lambda (x next) (set! seed next) x)))))))

(define (gfilter keep? generator)
  "(gfilter keep? generator): a generator of what makes KEEP? true."
  (lambda ()
    (let loop ()
      (let ((x (generator)))
        (if (or (eof-object? x) (keep? x)) x (loop))))))

(define (gremove drop? generator)
  "(gremove drop? generator): a generator of what makes DROP? false."
  (gfilter (lambda (x) (not (drop? x))) generator))

(define (gstate-filter f seed generator)
  "(gstate-filter f seed generator): a generator of what makes the first value of (f item seed) true; the second is the next seed."
  (lambda ()
    (let loop ()
      (let ((x (generator)))
        (if (eof-object? x)
            x
            (call-with-values (lambda () (f x seed))
              (lambda (keep? next)
                (set! seed next)
                (if keep? x (loop)))))))))

(define* (gtake generator k #:optional (padding %eof))
  "(gtake generator k [padding]): a generator of K objects that GENERATOR gives, or PADDING where it ends before."
  (lambda ()
    (if (<= k 0)
        %eof
        (let ((x (generator)))
          (set! k (- k 1))
          (if (eof-object? x) padding x)))))

(define (gdrop generator k)
  "(gdrop generator k): a generator of what GENERATOR gives after its first K objects."
  (lambda ()
    (let loop ()
      (if (<= k 0)
          (generator)
          (begin
            (set! k (- k 1))
            (if (eof-object? (generator)) %eof (loop)))))))

(define (gtake-while in? generator)
  "(gtake-while in? generator): a generator of the first objects that make IN? true."
  (let ((ended? #f))
    (lambda ()
      (if ended?
          %eof
          (let ((x (generator)))
            (if (and (not (eof-object? x)) (in? x))
                x
                (begin (set! ended? #t) %eof)))))))

(define (gdrop-while out? generator)
  "(gdrop-while out? generator): a generator of the objects from the first one on that makes OUT? false."
  (let ((begun? #f))
    (lambda ()
      (if begun?
          (generator)
          (let loop ()
            (let ((x (generator)))
              (if (and (not (eof-object? x)) (out? x))
                  (loop)
                  (begin (set! begun? #t) x))))))))

(define* (gdelete obj generator #:optional (same? equal?))
  "(gdelete obj generator [same?]): a generator of what is not equal to OBJ."
  (gremove (lambda (x) (same? obj x)) generator))

(define* (gdelete-neighbor-dups generator #:optional (same? equal?))
  "(gdelete-neighbor-dups generator [same?]): a generator of what is not equal to the object before it."
  (let ((first? #t) (last #f))
    (lambda ()
      (let loop ()
        (let ((x (generator)))
          (cond ((eof-object? x) x)
                ((and (not first?) (same? last x)) (loop))
                (else (set! first? #f) (set! last x) x)))))))

(define (gindex values indices)
  "(gindex value-generator index-generator): a generator of the objects at these places, which rise."
  (let ((at 0))
    (lambda ()
      (let ((k (indices)))
        (if (eof-object? k)
            k
            (let loop ()
              (let ((x (values)))
                (set! at (+ at 1))
                (cond ((eof-object? x) x)
                      ((= (- at 1) k) x)
                      (else (loop))))))))))

(define (gselect values truths)
  "(gselect value-generator truth-generator): a generator of the objects beside which the other one gives something true."
  (lambda ()
    (let loop ()
      (let ((x (values)) (ok? (truths)))
        (cond ((or (eof-object? x) (eof-object? ok?)) %eof)
              (ok? x)
              (else (loop)))))))

;;; ---- Using generators --------------------------------------------------------------------------------------------

(define* (generator->reverse-list generator #:optional (k -1))
  "(generator->reverse-list generator [k]): a list of what GENERATOR gives, at most K objects, the last first."
  (let loop ((k k) (l '()))
    (if (= k 0)
        l
        (let ((x (generator)))
          (if (eof-object? x) l (loop (- k 1) (cons x l)))))))

(define* (generator->list generator #:optional (k -1))
  "(generator->list generator [k]): a list of what GENERATOR gives, at most K objects."
  (reverse (generator->reverse-list generator k)))

(define* (generator->vector generator #:optional (k -1))
  "(generator->vector generator [k]): a vector of what GENERATOR gives, at most K objects."
  (list->vector (generator->list generator k)))

(define (generator->vector! vector at generator)
  "(generator->vector! vector at generator): puts what GENERATOR gives into VECTOR from AT on; how many there were."
  (let loop ((i at))
    (if (= i (vector-length vector))
        (- i at)
        (let ((x (generator)))
          (if (eof-object? x)
              (- i at)
              (begin (vector-set! vector i x) (loop (+ i 1))))))))

(define* (generator->string generator #:optional (k -1))
  "(generator->string generator [k]): a string of the characters that GENERATOR gives, at most K."
  (list->string (generator->list generator k)))

(define (generator-fold f seed generator . more)
  "(generator-fold f seed generator ...): (f item ... seed) is the next seed; the last one is the answer."
  (let ((generators (cons generator more)))
    (let loop ((seed seed))
      (let ((items (map (lambda (g) (g)) generators)))
        (if (any eof-object? items)
            seed
            (loop (apply f (append items (list seed)))))))))

(define (generator-map->list f generator . more)
  "(generator-map->list f generator ...): a list of what F gives for what the generators give."
  (generator->list (apply gmap f generator more)))

(define (generator-for-each f generator . more)
  "(generator-for-each f generator ...): calls F with what the generators give."
  (let ((generators (cons generator more)))
    (let loop ()
      (let ((items (map (lambda (g) (g)) generators)))
        (if (not (any eof-object? items))
            (begin (apply f items) (loop)))))))

(define (generator-find wanted? generator)
  "(generator-find wanted? generator): the first object that makes WANTED? true, or #f."
  (let loop ()
    (let ((x (generator)))
      (cond ((eof-object? x) #f)
            ((wanted? x) x)
            (else (loop))))))

(define (generator-count wanted? generator)
  "(generator-count wanted? generator): how many objects make WANTED? true."
  (let loop ((n 0))
    (let ((x (generator)))
      (cond ((eof-object? x) n)
            ((wanted? x) (loop (+ n 1)))
            (else (loop n))))))

(define (generator-any ok? generator)
  "(generator-any ok? generator): the first true value that OK? gives for an object, or #f."
  (let loop ()
    (let ((x (generator)))
      (if (eof-object? x) #f (or (ok? x) (loop))))))

(define (generator-every ok? generator)
  "(generator-every ok? generator): #f as soon as OK? gives #f for an object, else what it gave for the last; #t if none."
  (let loop ((last #t))
    (let ((x (generator)))
      (if (eof-object? x)
          last
          (let ((y (ok? x))) (and y (loop y)))))))

(define (generator-unfold generator unfold . args)
  "(generator-unfold generator unfold arg ...): what UNFOLD makes of what GENERATOR gives."
  (apply unfold eof-object? (lambda (x) x) (lambda (x) (generator)) (generator) args))

;;; ---- Accumulators ------------------------------------------------------------------------------------------------

(define (make-accumulator f seed finish)
  "(make-accumulator f seed finish): an accumulator: (f obj seed) is the next seed, and (finish seed) what it gives in the end."
  (lambda (x)
    (if (eof-object? x)
        (finish seed)
        (set! seed (f x seed)))))

(define (count-accumulator)
  "(count-accumulator): an accumulator that counts."
  (make-accumulator (lambda (x n) (+ n 1)) 0 (lambda (n) n)))

(define (list-accumulator)
  "(list-accumulator): an accumulator to a list."
  (make-accumulator cons '() reverse))

(define (reverse-list-accumulator)
  "(reverse-list-accumulator): an accumulator to a list, the last first."
  (make-accumulator cons '() (lambda (l) l)))

(define (vector-accumulator)
  "(vector-accumulator): an accumulator to a vector."
  (make-accumulator cons '() (lambda (l) (list->vector (reverse l)))))

(define (reverse-vector-accumulator)
  "(reverse-vector-accumulator): an accumulator to a vector, the last first."
  (make-accumulator cons '() list->vector))

(define (vector-accumulator! vector at)
  "(vector-accumulator! vector at): an accumulator into VECTOR, from place AT on."
  (lambda (x)
    (if (eof-object? x)
        vector
        (begin (vector-set! vector at x)
               (set! at (+ at 1))))))

(define (string-accumulator)
  "(string-accumulator): an accumulator of characters to a string."
  (make-accumulator cons '() reverse-list->string))

(define (bytevector-accumulator)
  "(bytevector-accumulator): an accumulator of bytes to a bytevector."
  (make-accumulator cons '() (lambda (l) (u8-list->bytevector (reverse l)))))

(define (bytevector-accumulator! bytes at)
  "(bytevector-accumulator! bytevector at): an accumulator into BYTEVECTOR, from byte AT on."
  (lambda (x)
    (if (eof-object? x)
        bytes
        (begin (bytevector-u8-set! bytes at x)
               (set! at (+ at 1))))))

(define (sum-accumulator)
  "(sum-accumulator): an accumulator to the sum."
  (make-accumulator + 0 (lambda (n) n)))

(define (product-accumulator)
  "(product-accumulator): an accumulator to the product."
  (make-accumulator * 1 (lambda (n) n)))
