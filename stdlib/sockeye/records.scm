;;; Record types as objects. [Guile: Records]

(define* (make-record-type name fields #:optional printer #:key parent uid extensible? allow-duplicate-field-names? opaque?)
  "(make-record-type name fields [printer] [#:parent parent]): a new record type; FIELDS is a list of symbols, or of lists
whose second element is one; (printer record port) prints its records. Other keywords are accepted and mean nothing here."
  (let ((names (map (lambda (field) (if (pair? field) (cadr field) field)) fields)))
    (if (and parent (not (%record-type? parent))) (%wrong-type 'make-record-type 3 "a record type" parent))
    (let* ((name (if (string? name) (string->symbol name) name))
           (all (append (if parent (vector->list (%record-type-fields parent)) '()) names))
           (type (if parent
                     (%make-record-type name (list->vector all) parent)
                     (%make-record-type name (list->vector all)))))
      (if printer (set-record-type-printer! type printer))
      type)))

(define (set-record-type-printer! type printer)
  "(set-record-type-printer! type printer): from now on (printer record port) prints records of TYPE; with #f, they are printed
as others are. [Guile: SRFI-9]"
  (if (not (%record-type? type)) (%wrong-type 'set-record-type-printer! 1 "a record type" type))
  (if (not (or (not printer) (procedure? printer))) (%wrong-type 'set-record-type-printer! 2 "a procedure or #f" printer))
  (%set-record-printer! type printer %print-records))

(define (%print-records records builtin arguments)
  "Calls BUILTIN again, which wants to know what RECORDS print as."
  (let ((texts (map (lambda (record)
                      (cons record (call-with-output-string (lambda (port) ((%record-printer record) record port)))))
                    records)))
    (%set-printed! texts)
    (apply builtin arguments)))

(define (record? obj)
  "(record? obj): whether OBJ is a record."
  (%record? obj))

(define (record-type? obj)
  "(record-type? obj): whether OBJ is a record type."
  (%record-type? obj))

(define (record-type-descriptor record)
  "(record-type-descriptor record): the type of RECORD."
  (%record-type record))

(define (record-type-name type)
  "(record-type-name type): the name of a record type, a symbol."
  (%record-type-name type))

(define (record-type-fields type)
  "(record-type-fields type): a list of the names of all fields of a record type."
  (vector->list (%record-type-fields type)))

(define (record-type-parent type)
  "(record-type-parent type): the type that TYPE extends, or #f."
  (%record-type-parent type))

(define (record-type-parents type)
  "(record-type-parents type): a vector of the types that TYPE extends, its parent last."
  (let loop ((type (%record-type-parent type)) (out '()))
    (if type
        (loop (%record-type-parent type) (cons type out))
        (list->vector out))))

(define (record-type-constructor type)
  "(record-type-constructor type): a procedure that makes a record of TYPE from the values of all fields."
  (record-constructor type))

(define (record-type-has-parent? type parent)
  "(record-type-has-parent? type parent): whether TYPE extends PARENT, directly or not."
  (let loop ((type (%record-type-parent type)))
    (and type (or (eq? type parent) (loop (%record-type-parent type))))))

(define (%field-index who type name)
  "The index of the field NAME of TYPE."
  (let ((fields (%record-type-fields type)))
    (let loop ((k (- (vector-length fields) 1)))
      (cond ((< k 0) (scm-error 'misc-error who "no such field ~S in ~S" (list name type) #f))
            ((eq? (vector-ref fields k) name) k)
            (else (loop (- k 1)))))))

(define (record-constructor type . names)
  "(record-constructor type [names]): a procedure that makes a record of TYPE from the values of the fields NAMES, or of
all fields."
  (if (not (%record-type? type)) (%wrong-type 'record-constructor 1 "a record type" type))
  (let ((count (vector-length (%record-type-fields type))))
    (if (or (null? names) (not (car names)))
        (lambda values
          (if (not (= (length values) count))
              (scm-error 'wrong-number-of-args #f "Wrong number of arguments to ~A" (list type) #f))
          (apply %record type values))
        (let ((places (map (lambda (name) (%field-index 'record-constructor type name)) (car names))))
          (lambda values
            (if (not (= (length values) (length places)))
                (scm-error 'wrong-number-of-args #f "Wrong number of arguments to ~A" (list type) #f))
            (let ((all (make-vector count #f)))
              (for-each (lambda (k value) (vector-set! all k value)) places values)
              (apply %record type (vector->list all))))))))

(define (record-predicate type)
  "(record-predicate type): a procedure that tells whether an object is a record of TYPE."
  (if (not (%record-type? type)) (%wrong-type 'record-predicate 1 "a record type" type))
  (lambda (obj) (%record? obj type)))

(define (record-accessor type name)
  "(record-accessor type name): a procedure that gives the field NAME of a record of TYPE."
  (if (not (%record-type? type)) (%wrong-type 'record-accessor 1 "a record type" type))
  (let ((k (%field-index 'record-accessor type name)))
    (lambda (record) (%record-ref record type k name))))

(define (record-modifier type name)
  "(record-modifier type name): a procedure that changes the field NAME of a record of TYPE."
  (if (not (%record-type? type)) (%wrong-type 'record-modifier 1 "a record type" type))
  (let ((k (%field-index 'record-modifier type name)))
    (lambda (record value) (%record-set! record type k value name))))
