;;; (rnrs records procedural): record types made by procedures. [R6RS libraries 6.3]
;;;
;;; A descriptor is a record type as all others; what only R6RS wants to know of it stands in a table that does not keep it alive.

(define-module (rnrs records procedural)
  #:replace (record-constructor record-accessor record-predicate)
  #:export (make-record-type-descriptor record-type-descriptor? make-record-constructor-descriptor record-mutator %facts))

(define %facts-of (make-weak-key-hash-table))
(define %by-uid (make-hash-table))
(define %rcd-type (%make-record-type 'record-constructor-descriptor #(rtd parent protocol)))

(define (%facts rtd)
  "What was said of RTD when it was made: a vector of its uid, whether it is sealed and opaque, and its own fields as they were
given."
  (or (hashq-ref %facts-of rtd)
      (let* ((all (vector->list (%record-type-fields rtd)))
             (parent (%record-type-parent rtd))
             (inherited (if parent (vector-length (%record-type-fields parent)) 0)))
        (vector #f #f #f (list->vector (map (lambda (name) (list 'mutable name)) (list-tail all inherited)))))))

(define (make-record-type-descriptor name parent uid sealed? opaque? fields)
  "(make-record-type-descriptor name parent uid sealed? opaque? fields): a record type that extends PARENT or #f. FIELDS is a
vector of lists such as (mutable x) and (immutable y). With the same UID, a symbol, the type is made once."
  (if (not (symbol? name)) (%wrong-type 'make-record-type-descriptor 1 "a symbol" name))
  (if (not (or (not parent) (%record-type? parent))) (%wrong-type 'make-record-type-descriptor 2 "a record type or #f" parent))
  (if (and parent (vector-ref (%facts parent) 1)) (%wrong-type 'make-record-type-descriptor 2 "a type that is not sealed" parent))
  (or (and uid (hashq-ref %by-uid uid))
      (let* ((own (map cadr (vector->list fields)))
             (all (append (if parent (vector->list (%record-type-fields parent)) '()) own))
             (rtd (if parent
                      (%make-record-type name (list->vector all) parent)
                      (%make-record-type name (list->vector all)))))
        (hashq-set! %facts-of rtd (vector uid sealed? (or opaque? (and parent (vector-ref (%facts parent) 2))) fields))
        (if uid (hashq-set! %by-uid uid rtd))
        rtd)))

(define (record-type-descriptor? obj)
  "(record-type-descriptor? obj): whether OBJ is a record type."
  (%record-type? obj))

(define (%own-count rtd)
  "How many fields RTD has besides its parent's."
  (vector-length (vector-ref (%facts rtd) 3)))

(define (make-record-constructor-descriptor rtd parent protocol)
  "(make-record-constructor-descriptor rtd parent protocol): how records of RTD are made. PARENT tells it of the parent's fields,
or is #f; PROTOCOL is called with a procedure that makes a record of the fields' values, or is #f."
  (if (not (%record-type? rtd)) (%wrong-type 'make-record-constructor-descriptor 1 "a record type" rtd))
  (let ((parent-rtd (%record-type-parent rtd)))
    (%record %rcd-type rtd
             (or parent (and parent-rtd (make-record-constructor-descriptor parent-rtd #f #f)))
             (or protocol
                 (if parent-rtd
                     (lambda (make)
                       (lambda values
                         (let ((inherited (- (length values) (%own-count rtd))))
                           (apply (apply make (list-head values inherited)) (list-tail values inherited)))))
                     (lambda (make) make))))))

(define (record-constructor rcd)
  "(record-constructor rcd): the procedure that makes records as RCD says."
  (if (not (%record? rcd %rcd-type)) (%wrong-type 'record-constructor 1 "a constructor descriptor" rcd))
  (let ((rtd (%record-ref rcd %rcd-type 0)))
    (%constructor rcd (lambda values (apply %record rtd values)))))

(define (%constructor rcd finish)
  "What RCD's protocol makes of a procedure that ends in FINISH, called with the values of its fields and of those it inherits."
  (let ((parent (%record-ref rcd %rcd-type 1)) (protocol (%record-ref rcd %rcd-type 2)))
    (protocol
      (if parent
          (lambda arguments
            (lambda own
              (apply (%constructor parent (lambda inherited (apply finish (append inherited own)))) arguments)))
          finish))))

(define (record-predicate rtd)
  "(record-predicate rtd): a procedure that tells whether an object is a record of RTD."
  (if (not (%record-type? rtd)) (%wrong-type 'record-predicate 1 "a record type" rtd))
  (lambda (obj) (%record? obj rtd)))

(define (%index who rtd k)
  "Where field K of RTD's own fields stands among all."
  (if (not (%record-type? rtd)) (%wrong-type who 1 "a record type" rtd))
  (let ((own (%own-count rtd)))
    (if (not (and (exact-integer? k) (< -1 k own))) (%wrong-type who 2 "the number of a field" k))
    (+ k (- (vector-length (%record-type-fields rtd)) own))))

(define (record-accessor rtd k)
  "(record-accessor rtd k): a procedure that gives field K, counted from 0 behind the parent's, of records of RTD."
  (let ((index (%index 'record-accessor rtd k)))
    (lambda (record) (%record-ref record rtd index))))

(define (record-mutator rtd k)
  "(record-mutator rtd k): a procedure that changes field K, counted from 0 behind the parent's, of records of RTD."
  (let ((index (%index 'record-mutator rtd k)))
    (if (not (eq? (car (vector-ref (vector-ref (%facts rtd) 3) k)) 'mutable))
        (%wrong-type 'record-mutator 2 "the number of a mutable field" k))
    (lambda (record value) (%record-set! record rtd index value))))
