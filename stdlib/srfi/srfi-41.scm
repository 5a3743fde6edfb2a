;;; (srfi srfi-41): streams, lists whose elements are computed when they are asked for. [SRFI 41]
;;;
;;; A stream is a record around a promise of (), or of a pair of the promise of an element and the stream of the others.

(define-module (srfi srfi-41)
  #:use-module (srfi srfi-9)
  #:export (stream-null stream-cons stream? stream-null? stream-pair? stream-car stream-cdr stream-lambda define-stream
            list->stream port->stream stream stream->list stream-append stream-concat stream-constant stream-drop
            stream-drop-while stream-filter stream-fold stream-for-each stream-from stream-iterate stream-length stream-let
            stream-map stream-match stream-of stream-range stream-ref stream-reverse stream-scan stream-take
            stream-take-while stream-unfold stream-unfolds stream-zip))

(define-record-type <stream>
  (%make-stream promise)
  stream?
  (promise stream-promise))

;;; ---- What arguments should be ------------------------------------------------------------------------------------

(define (%wrong who message obj)
  "Complains about OBJ, an argument of WHO, in the words that Guile's own library has for it."
  (throw 'wrong-type-arg who message '() (list obj)))

(define (%need-stream who obj)
  "Complains in the name of WHO unless OBJ is a stream."
  (if (not (stream? obj)) (%wrong who "non-stream argument" obj)))

(define (%need-procedure who obj)
  "Complains in the name of WHO unless OBJ is a procedure."
  (if (not (procedure? obj)) (%wrong who "non-procedural argument" obj)))

(define (%need-count who n what)
  "Complains in the name of WHO about WHAT unless N is a count."
  (cond ((not (integer? n)) (%wrong who (string-append "non-integer " what) n))
        ((negative? n) (%wrong who (string-append "negative " what) n))))

(define (%need-number who n what)
  "Complains in the name of WHO that WHAT is no number unless N is one."
  (if (not (number? n)) (%wrong who (string-append "non-numeric " what) n)))

;;; ---- Streams -----------------------------------------------------------------------------------------------------

(define (%print-stream stream port)
  "Writes the elements of STREAM that are known; ? is one that is not, and what follows those known is ..."
  (display "#<stream" port)
  (let loop ((promise (stream-promise stream)))
    (cond ((not (%promise-done? promise)) (display " ..." port))
          ((pair? (%promise-value promise))
           (let ((pair (%promise-value promise)))
             (display " " port)
             (if (%promise-done? (car pair)) (write (%promise-value (car pair)) port) (display "?" port))
             (loop (stream-promise (cdr pair)))))))
  (display ">" port))

(set-record-type-printer! <stream> %print-stream)

(define (%force stream)
  "() or the pair that STREAM comes to."
  (force (stream-promise stream)))

;; A stream of what the stream EXPRESSION is: chains of these take no space.
(define-syntax-rule (stream-lazy expression)
  (%make-stream (delay-force (stream-promise expression))))

(define stream-null (%make-stream (make-promise '())))

;; (stream-cons OBJ STREAM): a stream of OBJ and then STREAM, neither of them evaluated yet.
(define-syntax-rule (stream-cons obj stream)
  (%make-stream (make-promise (cons (delay obj) (stream-lazy stream)))))

(define (stream-pair? obj)
  "(stream-pair? obj): whether OBJ is a stream with an element."
  (and (stream? obj) (pair? (%force obj))))

(define (stream-null? obj)
  "(stream-null? obj): whether OBJ is an empty stream."
  (and (stream? obj) (null? (%force obj))))

(define (%need who stream)
  "The pair that STREAM, argument of WHO, comes to."
  (if (not (stream? stream)) (%wrong who "non-stream" stream))
  (let ((pair (%force stream)))
    (if (null? pair) (%wrong who "null stream" stream))
    pair))

(define (stream-car stream)
  "(stream-car stream): the first element of STREAM."
  (force (car (%need 'stream-car stream))))

(define (stream-cdr stream)
  "(stream-cdr stream): the stream of the elements of STREAM but the first."
  (cdr (%need 'stream-cdr stream)))

;; (stream-lambda PARAMETERS BODY ...): a procedure whose body, a stream, is evaluated when the stream is asked.
(define-syntax-rule (stream-lambda parameters body ...)
  (lambda parameters (stream-lazy (let () body ...))))

;; (define-stream (NAME PARAMETER ...) BODY ...)
(define-syntax-rule (define-stream (name . parameters) body ...)
  (define name (stream-lambda parameters body ...)))

;; (stream-let TAG ((NAME VALUE) ...) BODY ...): a named let whose body is a stream.
(define-syntax-rule (stream-let tag ((name value) ...) body ...)
  ((letrec ((tag (stream-lambda (name ...) body ...))) tag) value ...))

;; (stream OBJ ...): a stream of these, none of them evaluated yet.
(define-syntax stream
  (syntax-rules ()
    ((_) stream-null)
    ((_ x y ...) (stream-cons x (stream y ...)))))

(define (list->stream list)
  "(list->stream list): a stream of the elements of LIST."
  (if (not (list? list)) (%wrong 'list->stream "non-list argument" list))
  (let loop ((l list))
    (stream-lazy (if (null? l) stream-null (stream-cons (car l) (loop (cdr l)))))))

(define* (port->stream #:optional (port (current-input-port)))
  "(port->stream [port]): a stream of the characters that PORT gives."
  (if (not (input-port? port)) (%wrong 'port->stream "non-input-port argument" port))
  (let loop ()
    (stream-lazy
      (let ((c (read-char port)))
        (if (eof-object? c) stream-null (stream-cons c (loop)))))))

(define (stream->list first . rest)
  "(stream->list [n] stream): a list of the elements of STREAM, or of the first N."
  (let ((n (if (null? rest) -1 first)) (stream (if (null? rest) first (car rest))))
    (%need-stream 'stream->list stream)
    (if (pair? rest) (%need-count 'stream->list n "count"))
    (let loop ((n n) (s stream) (l '()))
      (if (or (= n 0) (stream-null? s))
          (reverse l)
          (loop (- n 1) (stream-cdr s) (cons (stream-car s) l))))))

(define (stream-append . streams)
  "(stream-append stream ...): a stream of the elements of the streams, one after the other."
  (for-each (lambda (stream) (%need-stream 'stream-append stream)) streams)
  (stream-concat (list->stream streams)))

(define (stream-concat streams)
  "(stream-concat stream): a stream of the elements of the streams in STREAM, one after the other."
  (%need-stream 'stream-concat streams)
  (let loop ((streams streams))
    (stream-lazy
      (if (stream-null? streams)
          stream-null
          (let inner ((s (let ((s (stream-car streams)))
                           (if (stream? s) s (%wrong 'stream-concat "non-stream object in input stream" s)))))
            (stream-lazy
              (if (stream-null? s)
                  (loop (stream-cdr streams))
                  (stream-cons (stream-car s) (inner (stream-cdr s))))))))))

(define (stream-constant . objs)
  "(stream-constant obj ...): a stream of the OBJS, over and over."
  (if (null? objs)
      stream-null
      (let loop ((l objs))
        (stream-lazy (if (null? l) (loop objs) (stream-cons (car l) (loop (cdr l))))))))

(define (stream-drop n stream)
  "(stream-drop n stream): STREAM without its first N elements."
  (%need-count 'stream-drop n "argument")
  (%need-stream 'stream-drop stream)
  (let loop ((n n) (s stream))
    (stream-lazy (if (or (= n 0) (stream-null? s)) s (loop (- n 1) (stream-cdr s))))))

(define (stream-drop-while out? stream)
  "(stream-drop-while out? stream): STREAM from the first element on for which OUT? is false."
  (%need-procedure 'stream-drop-while out?)
  (%need-stream 'stream-drop-while stream)
  (let loop ((s stream))
    (stream-lazy (if (and (stream-pair? s) (out? (stream-car s))) (loop (stream-cdr s)) s))))

(define (stream-filter keep? stream)
  "(stream-filter keep? stream): a stream of the elements for which KEEP? is true."
  (%need-procedure 'stream-filter keep?)
  (%need-stream 'stream-filter stream)
  (let loop ((s stream))
    (stream-lazy
      (cond ((stream-null? s) stream-null)
            ((keep? (stream-car s)) (stream-cons (stream-car s) (loop (stream-cdr s))))
            (else (loop (stream-cdr s)))))))

(define (stream-fold f seed stream)
  "(stream-fold f seed stream): from left to right, (f seed element) is the next seed; the last one is the answer."
  (%need-procedure 'stream-fold f)
  (%need-stream 'stream-fold stream)
  (let loop ((seed seed) (s stream))
    (if (stream-null? s)
        seed
        (loop (f seed (stream-car s)) (stream-cdr s)))))

(define (stream-for-each f stream . more)
  "(stream-for-each f stream ...): calls F on each element, or on the first elements of several streams and so on."
  (%need-procedure 'stream-for-each f)
  (for-each (lambda (stream) (%need-stream 'stream-for-each stream)) (cons stream more))
  (let loop ((streams (cons stream more)))
    (if (not (any stream-null? streams))
        (begin (apply f (map stream-car streams))
               (loop (map stream-cdr streams))))))

(define* (stream-from first #:optional (step 1))
  "(stream-from first [step]): the stream FIRST, FIRST + STEP, and so on without end."
  (%need-number 'stream-from first "starting number")
  (%need-number 'stream-from step "step size")
  (let loop ((n first))
    (stream-cons n (loop (+ n step)))))

(define (stream-iterate f base)
  "(stream-iterate f base): the stream BASE, (f base), (f (f base)) and so on without end."
  (%need-procedure 'stream-iterate f)
  (let loop ((x base))
    (stream-cons x (loop (f x)))))

(define (stream-length stream)
  "(stream-length stream): how many elements STREAM has."
  (%need-stream 'stream-length stream)
  (let loop ((n 0) (s stream))
    (if (stream-null? s) n (loop (+ n 1) (stream-cdr s)))))

(define (stream-map f stream . more)
  "(stream-map f stream ...): a stream of what F gives for each element, or for the first elements of several streams and so on."
  (%need-procedure 'stream-map f)
  (for-each (lambda (stream) (%need-stream 'stream-map stream)) (cons stream more))
  (let loop ((streams (cons stream more)))
    (stream-lazy
      (if (any stream-null? streams)
          stream-null
          (stream-cons (apply f (map stream-car streams)) (loop (map stream-cdr streams)))))))

(define* (stream-range first past #:optional step)
  "(stream-range first past [step]): the stream FIRST, FIRST + STEP, and so on, up to but without PAST."
  (%need-number 'stream-range first "starting number")
  (%need-number 'stream-range past "ending number")
  (if step (%need-number 'stream-range step "step size"))
  (let* ((step (or step (if (< first past) 1 -1))) (before? (if (> step 0) < >)))
    (let loop ((n first))
      (stream-lazy
        (if (before? n past)
            (stream-cons n (loop (+ n step)))
            stream-null)))))

(define (stream-ref stream n)
  "(stream-ref stream n): element N of STREAM; the first is element 0."
  (%need-stream 'stream-ref stream)
  (%need-count 'stream-ref n "argument")
  (let loop ((s stream) (n n))
    (if (stream-null? s) (%wrong 'stream-ref "beyond end of stream" stream))
    (if (= n 0) (stream-car s) (loop (stream-cdr s) (- n 1)))))

(define (stream-reverse stream)
  "(stream-reverse stream): a stream of the elements of STREAM, the last first."
  (%need-stream 'stream-reverse stream)
  (let loop ((s stream) (reversed stream-null))
    (stream-lazy
      (if (stream-null? s)
          reversed
          (loop (stream-cdr s) (stream-cons (stream-car s) reversed))))))

(define (stream-scan f base stream)
  "(stream-scan f base stream): the stream of the seeds of a fold: BASE, (f base first) and so on."
  (%need-procedure 'stream-scan f)
  (%need-stream 'stream-scan stream)
  (let loop ((base base) (s stream))
    (stream-lazy
      (if (stream-null? s)
          (stream-cons base stream-null)
          (stream-cons base (loop (f base (stream-car s)) (stream-cdr s)))))))

(define (stream-take n stream)
  "(stream-take n stream): a stream of the first N elements of STREAM."
  (%need-stream 'stream-take stream)
  (%need-count 'stream-take n "argument")
  (let loop ((n n) (s stream))
    (stream-lazy
      (if (or (= n 0) (stream-null? s))
          stream-null
          (stream-cons (stream-car s) (loop (- n 1) (stream-cdr s)))))))

(define (stream-take-while in? stream)
  "(stream-take-while in? stream): a stream of the first elements for which IN? is true."
  (%need-procedure 'stream-take-while in?)
  (%need-stream 'stream-take-while stream)
  (let loop ((s stream))
    (stream-lazy
      (if (and (stream-pair? s) (in? (stream-car s)))
          (stream-cons (stream-car s) (loop (stream-cdr s)))
          stream-null))))

(define (stream-unfold mapper goes-on? successor base)
  "(stream-unfold mapper goes-on? successor base): the stream of what MAPPER gives for BASE, (SUCCESSOR BASE) and so on, as long as
GOES-ON? is true of them."
  (if (not (procedure? mapper)) (%wrong 'stream-unfold "non-procedural mapper" mapper))
  (if (not (procedure? goes-on?)) (%wrong 'stream-unfold "non-procedural pred?" goes-on?))
  (if (not (procedure? successor)) (%wrong 'stream-unfold "non-procedural generator" successor))
  (let loop ((base base))
    (stream-lazy
      (if (goes-on? base)
          (stream-cons (mapper base) (loop (successor base)))
          stream-null))))

(define (stream-unfolds f seed)
  "(stream-unfolds f seed): as many streams as (f seed) gives values after the next seed; each of these is a list of an element,
#f for none now, or () for the end."
  (%need-procedure 'stream-unfolds f)
  (let* ((results
          (let loop ((seed seed))
            (stream-lazy
              (call-with-values (lambda () (f seed))
                (lambda (next . parts) (stream-cons parts (loop next)))))))
         (count (length (stream-car results))))
    (apply values
      (map (lambda (k)
             (let loop ((s results))
               (stream-lazy
                 (let ((part (list-ref (stream-car s) k)))
                   (cond ((pair? part) (stream-cons (car part) (loop (stream-cdr s))))
                         ((null? part) stream-null)
                         (else (loop (stream-cdr s))))))))
           (iota count)))))

(define (stream-zip stream . more)
  "(stream-zip stream ...): a stream of lists of the first elements, of the second ones, and so on."
  (for-each (lambda (stream) (%need-stream 'stream-zip stream)) (cons stream more))
  (apply stream-map list stream more))

;; (stream-match STREAM (PATTERN [GUARD] EXPRESSION) ...): patterns are (), (P . Q) and names, _ for anything.
(define-syntax stream-match
  (syntax-rules ()
    ((_ expression clause ...)
     (let ((s expression))
       (%need-stream 'stream-match s)
       (%match-clauses s clause ...)))))

(define-syntax %match-clauses
  (syntax-rules ()
    ((_ s) (throw 'match-error "match" "no matching pattern" s))
    ((_ s (pattern expression) clause ...)
     (let ((next (lambda () (%match-clauses s clause ...))))
       (%match-pattern s pattern expression (next))))
    ((_ s (pattern guard expression) clause ...)
     (let ((next (lambda () (%match-clauses s clause ...))))
       (%match-pattern s pattern (if guard expression (next)) (next))))))

(define-syntax %match-pattern
  (syntax-rules (_)
    ((k s () success failure) (if (stream-null? s) success failure))
    ((k s (_ . rest) success failure)
     (if (stream-pair? s)
         (let ((t (stream-cdr s))) (%match-pattern t rest success failure))
         failure))
    ((k s (name . rest) success failure)
     (if (stream-pair? s)
         (let ((name (stream-car s)) (t (stream-cdr s))) (%match-pattern t rest success failure))
         failure))
    ((k s _ success failure) success)
    ((k s name success failure) (let ((name s)) success))))

;; (stream-of EXPRESSION CLAUSE ...): clauses are (NAME in STREAM), (NAME is EXPRESSION) and tests.
(define-syntax stream-of
  (syntax-rules ()
    ((_ expression clause ...) (%stream-of expression stream-null clause ...))))

(define-syntax %stream-of
  (syntax-rules (in is)
    ((_ expression base) (stream-cons expression base))
    ((_ expression base (name in stream) clause ...)
     (let loop ((s stream))
       (stream-lazy
         (if (stream-null? s)
             base
             (let ((name (stream-car s)))
               (%stream-of expression (loop (stream-cdr s)) clause ...))))))
    ((_ expression base (name is value) clause ...)
     (let ((name value)) (%stream-of expression base clause ...)))
    ((_ expression base test clause ...)
     (stream-lazy (if test (%stream-of expression base clause ...) base)))))
