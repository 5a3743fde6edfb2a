;;; (srfi srfi-35): condition objects of types with fields. [SRFI 35]
;;;
;;; A condition holds, for each of its simple conditions, the type and an association list of fields.

(define-module (srfi srfi-35)
  #:use-module (srfi srfi-9)
  #:export (make-condition-type condition-type? make-condition condition? condition-has-type? condition-ref
            make-compound-condition extract-condition define-condition-type condition &condition &message message-condition?
            condition-message &serious serious-condition? &error)
  #:replace (error?))

(define-record-type <condition-type>
  (%make-type id parent fields all-fields)
  condition-type?
  (id type-id)
  (parent type-parent)
  (fields type-fields)
  (all-fields type-all-fields))

(define-record-type <condition>
  (%make-condition parts)
  condition?
  ;; A list of (type . ((field . value) ...)).
  (parts condition-parts))

(define &condition (%make-type '&condition #f '() '()))

(define (make-condition-type id parent fields)
  "(make-condition-type id parent fields): a new type of conditions called ID, below PARENT, with FIELDS of its own."
  (if (not (condition-type? parent)) (%wrong-type 'make-condition-type 2 "a condition type" parent))
  (for-each (lambda (field)
              (if (memq field (type-all-fields parent)) (error "make-condition-type: the parent has this field already:" field)))
            fields)
  (%make-type id parent fields (append (type-all-fields parent) fields)))

(define (%below? type ancestor)
  "Whether TYPE is ANCESTOR or below it."
  (and type (or (eq? type ancestor) (%below? (type-parent type) ancestor))))

(define (make-condition type . fields)
  "(make-condition type field value ...): a condition of TYPE with these values of its fields, all of them."
  (let ((alist (let loop ((l fields)) (if (null? l) '() (cons (cons (car l) (cadr l)) (loop (cddr l)))))))
    (%checked type alist)))

(define (%checked type alist)
  "A condition of TYPE with the fields of ALIST, which must be just its fields."
  (for-each (lambda (field) (if (not (assq field alist)) (error "make-condition: no value for the field" field))) (type-all-fields type))
  (for-each (lambda (pair) (if (not (memq (car pair) (type-all-fields type))) (error "make-condition: the type has no such field:" (car pair)))) alist)
  (%make-condition (list (cons type alist))))

(define (condition-has-type? condition type)
  "(condition-has-type? condition type): whether CONDITION is of TYPE or of one below it."
  (any (lambda (part) (%below? (car part) type)) (condition-parts condition)))

(define (condition-ref condition field)
  "(condition-ref condition field): the value of FIELD in CONDITION."
  (let loop ((parts (condition-parts condition)))
    (if (null? parts)
        (error "condition-ref: the condition has no such field:" field condition)
        (let ((pair (assq field (cdar parts))))
          (if pair (cdr pair) (loop (cdr parts)))))))

(define (make-compound-condition condition . more)
  "(make-compound-condition condition ...): a condition that is all these."
  (%make-condition (append-map condition-parts (cons condition more))))

(define (extract-condition condition type)
  "(extract-condition condition type): the part of CONDITION that is of TYPE, as a condition of just that."
  (let ((part (find (lambda (part) (%below? (car part) type)) (condition-parts condition))))
    (if (not part) (error "extract-condition: the condition is not of this type:" (type-id type) condition))
    (%make-condition
      (list (cons type (map (lambda (field) (assq field (cdr part))) (type-all-fields type)))))))

;; (define-condition-type NAME PARENT PREDICATE (FIELD ACCESSOR) ...)
(define-syntax-rule (define-condition-type name parent predicate (field accessor) ...)
  (begin
    (define name (make-condition-type 'name parent '(field ...)))
    (define (predicate obj) (and (condition? obj) (condition-has-type? obj name)))
    (define (accessor condition) (condition-ref condition 'field))
    ...))

;; (condition (TYPE (FIELD VALUE) ...) ...): a condition of these types. A field may be of another of the types.
(define-syntax-rule (condition (type (field value) ...) ...)
  (%condition (list (cons type (list (cons 'field value) ...)) ...)))

(define (%condition parts)
  "The condition of PARTS, whose fields may stand with any of them."
  (let ((all (append-map cdr parts)))
    (%make-condition
      (map (lambda (part)
             (cons (car part)
                   (map (lambda (field)
                          (or (assq field (cdr part)) (assq field all) (error "condition: no value for the field" field)))
                        (type-all-fields (car part)))))
           parts))))

(define &message (make-condition-type '&message &condition '(message)))

(define (message-condition? obj)
  "(message-condition? obj): whether OBJ is a condition with a message."
  (and (condition? obj) (condition-has-type? obj &message)))

(define (condition-message condition)
  "(condition-message condition): the message of CONDITION."
  (condition-ref condition 'message))

(define &serious (make-condition-type '&serious &condition '()))

(define (serious-condition? obj)
  "(serious-condition? obj): whether OBJ is a condition that a program cannot overlook."
  (and (condition? obj) (condition-has-type? obj &serious)))

(define &error (make-condition-type '&error &serious '()))

(define (error? obj)
  "(error? obj): whether OBJ is a condition that reports an error."
  (and (condition? obj) (condition-has-type? obj &error)))
