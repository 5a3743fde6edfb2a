;;; (srfi srfi-35): condition objects of types with fields. [SRFI 35]
;;;
;;; As in Guile, these are the exceptions of (ice-9 exceptions) under other names, so that what error and failing procedures
;;; raise is a condition too: &serious is a failure, and &error one that the outside is to blame for.

(define-module (srfi srfi-35)
  #:use-module (ice-9 exceptions)
  #:re-export ((make-exception-type . make-condition-type) (exception-type? . condition-type?) (exception? . condition?)
               (make-exception . make-compound-condition) (&exception . &condition) &message
               (exception-with-message? . message-condition?) (exception-message . condition-message)
               (&error . &serious) (error? . serious-condition?) (&external-error . &error))
  #:re-export-and-replace ((external-error? . error?))
  #:export (make-condition condition-has-type? condition-ref extract-condition define-condition-type condition))

(define (make-condition type . fields)
  "(make-condition type field value ...): a condition of TYPE with these values of its fields, all of them."
  (let ((alist (let loop ((l fields))
                 (cond ((null? l) '())
                       ((pair? (cdr l)) (cons (cons (car l) (cadr l)) (loop (cddr l))))
                       (else (error "no value for the field" (car l)))))))
    (%condition (list (cons type alist)))))

(define (%type-fields type)
  "All fields of TYPE, those of its ancestors first."
  (if (not (exception-type? type)) (%wrong-type 'make-condition 1 "a condition type" type))
  (vector->list (%record-type-fields type)))

(define (%condition parts)
  "The condition of PARTS, each a type and an association list of fields; a field may stand with any of the types that have it."
  (let ((all (append-map cdr parts)))
    (apply make-exception
      (map (lambda (part)
             (let ((fields (%type-fields (car part))))
               (for-each (lambda (pair) (if (not (memq (car pair) fields)) (error "unknown field" (car pair)))) (cdr part))
               (apply %record (car part)
                      (map (lambda (field)
                             (cdr (or (assq field (cdr part)) (assq field all) (error "field not specified" field))))
                           fields))))
           parts))))

(define (%part condition type)
  "The first simple condition of CONDITION that is of TYPE, or #f."
  (find (exception-predicate type) (simple-exceptions condition)))

(define (condition-has-type? condition type)
  "(condition-has-type? condition type): whether CONDITION is of TYPE or of one below it."
  (and (%part condition type) #t))

(define (condition-ref condition field)
  "(condition-ref condition field): the value of FIELD in CONDITION."
  (let loop ((parts (simple-exceptions condition)))
    (if (null? parts)
        (error "invalid field name" field)
        (let* ((type (record-type-descriptor (car parts)))
               (index (list-index (lambda (name) (eq? name field)) (%type-fields type))))
          (if index (%record-ref (car parts) type index) (loop (cdr parts)))))))

(define (extract-condition condition type)
  "(extract-condition condition type): the part of CONDITION that is of TYPE; #f if there is none."
  (%part condition type))

;; (define-condition-type NAME PARENT PREDICATE (FIELD ACCESSOR) ...)
(define-syntax-rule (define-condition-type name parent predicate (field accessor) ...)
  (begin
    (define name (make-exception-type 'name parent '(field ...)))
    (define predicate (exception-predicate name))
    (define accessor (exception-accessor name (record-accessor name 'field)))
    ...))

;; (condition (TYPE (FIELD VALUE) ...) ...): a condition of these types. A field may be of another of the types.
(define-syntax-rule (condition (type (field value) ...) ...)
  (%condition (list (cons type (list (cons 'field value) ...)) ...)))
