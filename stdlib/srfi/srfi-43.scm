;;; (srfi srfi-43): vectors; procedures get the place in front of the elements. [SRFI 43]

(define-module (srfi srfi-43)
  #:re-export (make-vector vector vector? vector-ref vector-length vector-set! vector-append)
  #:replace (vector-copy vector-map vector-for-each vector-fill! vector->list list->vector vector-copy!)
  #:export (vector-unfold vector-unfold-right vector-reverse-copy vector-concatenate vector-empty? vector= vector-fold
            vector-fold-right vector-map! vector-count vector-index vector-index-right vector-skip vector-skip-right
            vector-binary-search vector-any vector-every vector-swap! vector-reverse! vector-reverse-copy!
            reverse-vector->list reverse-list->vector))

(define (%end who vector start end)
  "END, or the length of VECTOR, checked with START to be a range of it."
  (if (not (vector? vector)) (%wrong-type who 1 "a vector" vector))
  (let* ((n (vector-length vector)) (end (or end n)))
    (if (not (and (exact-integer? start) (exact-integer? end) (<= 0 start end n)))
        (error (string-append (symbol->string who) ": there is no such range in the vector:") start end))
    end))

(define (%shortest vectors)
  "The length of the shortest of VECTORS."
  (apply min (map vector-length vectors)))

(define (%refs vectors i)
  "Element I of each of VECTORS."
  (map (lambda (vector) (vector-ref vector i)) vectors))

(define (vector-unfold f n . seeds)
  "(vector-unfold f n seed ...): a vector of N elements, from left to right: each is the first value of (F place seed ...), whose
other values are the next seeds."
  (let ((vector (make-vector n)))
    (let loop ((i 0) (seeds seeds))
      (if (< i n)
          (call-with-values (lambda () (apply f i seeds))
            (lambda (x . seeds)
              (vector-set! vector i x)
              (loop (+ i 1) seeds)))
          vector))))

(define (vector-unfold-right f n . seeds)
  "(vector-unfold-right f n seed ...): as vector-unfold, but from right to left."
  (let ((vector (make-vector n)))
    (let loop ((i (- n 1)) (seeds seeds))
      (if (>= i 0)
          (call-with-values (lambda () (apply f i seeds))
            (lambda (x . seeds)
              (vector-set! vector i x)
              (loop (- i 1) seeds)))
          vector))))

(define* (vector-copy vector #:optional (start 0) end (fill (if #f #f)))
  "(vector-copy vector [start [end [fill]]]): a new vector of the elements of VECTOR from START to before END; past its end FILL."
  (let* ((n (vector-length vector)) (end (or end n)))
    (if (not (and (<= 0 start) (<= start (min end n)))) (error "vector-copy: there is no such range in the vector:" start end))
    (let ((new (make-vector (- end start) fill)))
      ((@ (guile) vector-copy!) new 0 vector start (min end n))
      new)))

(define* (vector-reverse-copy vector #:optional (start 0) end)
  "(vector-reverse-copy vector [start [end]]): a new vector of the elements of VECTOR from START to before END, the last first."
  (let* ((end (%end 'vector-reverse-copy vector start end)) (new (make-vector (- end start))))
    (vector-reverse-copy! new 0 vector start end)
    new))

(define (vector-concatenate vectors)
  "(vector-concatenate vectors): the elements of the vectors in the list VECTORS, one vector after the other."
  (apply vector-append vectors))

(define (vector-empty? vector)
  "(vector-empty? vector): whether VECTOR has no elements."
  (= (vector-length vector) 0))

(define (vector= same? . vectors)
  "(vector= same? vector ...): whether all vectors have the same length and elements that are SAME?."
  (or (null? vectors)
      (let next ((a (car vectors)) (rest (cdr vectors)))
        (or (null? rest)
            (let* ((b (car rest)) (n (vector-length a)))
              (and (or (eq? a b)
                       (and (= n (vector-length b))
                            (let loop ((i 0))
                              (or (= i n)
                                  (and (same? (vector-ref a i) (vector-ref b i)) (loop (+ i 1)))))))
                   (next b (cdr rest))))))))

(define (vector-fold f seed vector . more)
  "(vector-fold f seed vector ...): from left to right, (f place seed element ...) is the next seed; the last one is the answer."
  (let* ((vectors (cons vector more)) (n (%shortest vectors)))
    (let loop ((i 0) (seed seed))
      (if (< i n)
          (loop (+ i 1) (apply f i seed (%refs vectors i)))
          seed))))

(define (vector-fold-right f seed vector . more)
  "(vector-fold-right f seed vector ...): as vector-fold, but from right to left."
  (let ((vectors (cons vector more)))
    (let loop ((i (- (%shortest vectors) 1)) (seed seed))
      (if (>= i 0)
          (loop (- i 1) (apply f i seed (%refs vectors i)))
          seed))))

(define (vector-map f vector . more)
  "(vector-map f vector ...): the vector of what (f place element ...) gives for each place."
  (let* ((vectors (cons vector more)) (n (%shortest vectors)))
    (let loop ((i 0) (results '()))
      (if (< i n)
          (loop (+ i 1) (cons (apply f i (%refs vectors i)) results))
          (reverse-list->vector results)))))

(define (vector-map! f vector . more)
  "(vector-map! f vector ...): puts what (f place element ...) gives for each place into the first vector."
  (let* ((vectors (cons vector more)) (n (%shortest vectors)))
    (let loop ((i 0))
      (if (< i n)
          (begin (vector-set! vector i (apply f i (%refs vectors i)))
                 (loop (+ i 1)))))))

(define (vector-for-each f vector . more)
  "(vector-for-each f vector ...): calls (f place element ...) for each place from left to right."
  (let* ((vectors (cons vector more)) (n (%shortest vectors)))
    (let loop ((i 0))
      (if (< i n)
          (begin (apply f i (%refs vectors i)) (loop (+ i 1)))))))

(define (vector-count wanted? vector . more)
  "(vector-count wanted? vector ...): for how many places (wanted? place element ...) is true."
  (let* ((vectors (cons vector more)) (n (%shortest vectors)))
    (let loop ((i 0) (count 0))
      (cond ((= i n) count)
            ((apply wanted? i (%refs vectors i)) (loop (+ i 1) (+ count 1)))
            (else (loop (+ i 1) count))))))

(define (vector-index wanted? vector . more)
  "(vector-index wanted? vector ...): the first place whose elements make WANTED? true, or #f."
  (let* ((vectors (cons vector more)) (n (%shortest vectors)))
    (let loop ((i 0))
      (cond ((= i n) #f)
            ((apply wanted? (%refs vectors i)) i)
            (else (loop (+ i 1)))))))

(define (vector-index-right wanted? vector . more)
  "(vector-index-right wanted? vector ...): the last place whose elements make WANTED? true, or #f."
  (let ((vectors (cons vector more)))
    (let loop ((i (- (%shortest vectors) 1)))
      (cond ((< i 0) #f)
            ((apply wanted? (%refs vectors i)) i)
            (else (loop (- i 1)))))))

(define (vector-skip unwanted? vector . more)
  "(vector-skip unwanted? vector ...): the first place whose elements make UNWANTED? false, or #f."
  (apply vector-index (lambda elements (not (apply unwanted? elements))) vector more))

(define (vector-skip-right unwanted? vector . more)
  "(vector-skip-right unwanted? vector ...): the last place whose elements make UNWANTED? false, or #f."
  (apply vector-index-right (lambda elements (not (apply unwanted? elements))) vector more))

(define* (vector-binary-search vector value compare #:optional (start 0) end)
  "(vector-binary-search vector value compare): a place in the sorted VECTOR whose element X makes (compare X value) 0, or #f;
COMPARE gives a negative number if X comes before."
  (let loop ((low start) (high (%end 'vector-binary-search vector start end)))
    (and (< low high)
         (let* ((middle (quotient (+ low high) 2)) (order (compare (vector-ref vector middle) value)))
           (cond ((= order 0) middle)
                 ((< order 0) (loop (+ middle 1) high))
                 (else (loop low middle)))))))

(define (vector-any ok? vector . more)
  "(vector-any ok? vector ...): the first true value OK? gives for the elements of a place, or #f."
  (let* ((vectors (cons vector more)) (n (%shortest vectors)))
    (let loop ((i 0))
      (and (< i n)
           (or (apply ok? (%refs vectors i)) (loop (+ i 1)))))))

(define (vector-every ok? vector . more)
  "(vector-every ok? vector ...): #f as soon as OK? gives #f for the elements of a place, else what it gave for the last."
  (let* ((vectors (cons vector more)) (n (%shortest vectors)))
    (let loop ((i 0) (last #t))
      (if (< i n)
          (let ((x (apply ok? (%refs vectors i)))) (and x (loop (+ i 1) x)))
          last))))

(define (vector-swap! vector i j)
  "(vector-swap! vector i j): exchanges elements I and J of VECTOR."
  (let ((x (vector-ref vector i)))
    (vector-set! vector i (vector-ref vector j))
    (vector-set! vector j x)))

(define* (vector-fill! vector fill #:optional (start 0) end)
  "(vector-fill! vector fill [start [end]]): puts FILL into the elements of VECTOR from START to before END."
  ((@ (guile) vector-fill!) vector fill start (%end 'vector-fill! vector start end)))

(define* (vector-reverse! vector #:optional (start 0) end)
  "(vector-reverse! vector [start [end]]): reverses the elements of VECTOR from START to before END in place."
  (let loop ((i start) (j (- (%end 'vector-reverse! vector start end) 1)))
    (if (< i j)
        (begin (vector-swap! vector i j)
               (loop (+ i 1) (- j 1))))))

(define* (vector-copy! to at from #:optional (start 0) end)
  "(vector-copy! to at from [start [end]]): puts the elements of FROM from START to before END into TO, from place AT on."
  ((@ (guile) vector-copy!) to at from start (%end 'vector-copy! from start end)))

(define* (vector-reverse-copy! to at from #:optional (start 0) end)
  "(vector-reverse-copy! to at from [start [end]]): as vector-copy!, the last element first."
  (let ((end (%end 'vector-reverse-copy! from start end)))
    ((@ (guile) vector-copy!) to at from start end)
    (vector-reverse! to at (+ at (- end start)))))

(define* (vector->list vector #:optional (start 0) end)
  "(vector->list vector [start [end]]): a list of the elements of VECTOR from START to before END."
  ((@ (guile) vector->list) vector start (%end 'vector->list vector start end)))

(define* (reverse-vector->list vector #:optional (start 0) end)
  "(reverse-vector->list vector [start [end]]): as vector->list, the last element first."
  (reverse (vector->list vector start end)))

(define* (list->vector list #:optional (start 0) end)
  "(list->vector list [start [end]]): a vector of the elements of LIST from START to before END."
  (let ((vector ((@ (guile) list->vector) list)))
    (if (and (= start 0) (not end)) vector (vector-copy vector start end))))

(define* (reverse-list->vector list #:optional (start 0) end)
  "(reverse-list->vector list [start [end]]): as list->vector, the last element first."
  ((@ (guile) list->vector) (reverse (if (and (= start 0) (not end)) list (vector->list (list->vector list start end))))))
