;;; (srfi srfi-9 gnu): records that are not changed but copied, and fields inside of fields. [Guile: SRFI-9]

(define-module (srfi srfi-9 gnu)
  #:use-module (srfi srfi-9)
  #:export (define-immutable-record-type set-field set-fields)
  #:re-export (set-record-type-printer!))

;; (define-immutable-record-type NAME (MAKE FIELD ...) PREDICATE (FIELD ACCESSOR [SETTER]) ...): a SETTER gives a copy of a record
;; with another value.
(define-syntax define-immutable-record-type
  (syntax-rules ()
    ((_ name constructor predicate (field accessor . setter) ...)
     (begin
       (define-record-type name constructor predicate (field accessor) ...)
       (%define-setter accessor . setter) ...))))

(define-syntax %define-setter
  (syntax-rules ()
    ((_ accessor) (begin))
    ((_ accessor setter) (define (setter record value) (%with record accessor value)))))

(define (%copy record)
  "A new record like RECORD."
  (let ((type (%record-type record)))
    (apply %record type (map (lambda (k) (%record-ref record type k)) (iota (vector-length (%record-type-fields type)))))))

(define (%field record accessor)
  "The number of the field that ACCESSOR gives of records like RECORD: a record of numbers tells."
  (let* ((type (%record-type record)) (n (vector-length (%record-type-fields type))) (marks (map list (iota n)))
         (mark (accessor (apply %record type marks))))
    (if (not (memq mark marks)) (error "set-field: this is no accessor of the record:" accessor record))
    (car mark)))

(define (%with record accessor value)
  "A copy of RECORD with VALUE in the field of ACCESSOR."
  (if (not (%record? record)) (%wrong-type 'set-field 1 "a record" record))
  (let ((new (%copy record)))
    (%record-set! new (%record-type record) (%field record accessor) value)
    new))

(define (%with-path record path value)
  "A copy of RECORD with VALUE in the field that the accessors of PATH lead to, each inside of the one before."
  (if (null? (cdr path))
      (%with record (car path) value)
      (%with record (car path) (%with-path ((car path) record) (cdr path) value))))

;; (set-field RECORD (ACCESSOR ...) VALUE): a copy with VALUE in the field the accessors lead to.
(define-syntax-rule (set-field record (accessor ...) value)
  (%with-path record (list accessor ...) value))

;; (set-fields RECORD ((ACCESSOR ...) VALUE) ...): the same for several fields.
(define-syntax set-fields
  (syntax-rules ()
    ((_ record) record)
    ((_ record (path value) more ...) (set-fields (set-field record path value) more ...))))
