;;; (rnrs records syntactic): record types made by a form. [R6RS libraries 6.2]
;;;
;;; The name of a type is a macro: (NAME #t) is its constructor descriptor, and all else its record type. The words of the clauses
;;; are not bound, as in Guile.

(define-module (rnrs records syntactic)
  #:use-module (rnrs records procedural)
  #:replace (define-record-type record-type-descriptor)
  #:export (record-constructor-descriptor))

(define-syntax record-type-descriptor
  (syntax-rules ()
    ((_ name) (name #f))))

(define-syntax record-constructor-descriptor
  (syntax-rules ()
    ((_ name) (name #t))))

(define-syntax define-record-type
  (lambda (form)
    (define (joined where . parts)
      (datum->syntax where
        (string->symbol
          (apply string-append
                 (map (lambda (part) (if (string? part) part (symbol->string (syntax->datum part)))) parts)))))
    ;; A field as a list: its description, its accessor, and its mutator or #f.
    (define (field name spec)
      (syntax-case spec (mutable immutable)
        ((immutable x) (list #'(immutable x) (joined name name "-" #'x) #f))
        ((immutable x accessor) (list #'(immutable x) #'accessor #f))
        ((mutable x) (list #'(mutable x) (joined name name "-" #'x) (joined name name "-" #'x "-set!")))
        ((mutable x accessor mutator) (list #'(mutable x) #'accessor #'mutator))
        (x (identifier? #'x) (list #'(immutable x) (joined name name "-" #'x) #f))))
    (define (expand name make is? clauses)
      (let loop ((clauses clauses) (specs '()) (rtd #'#f) (rcd #'#f) (protocol-form #'#f) (is-sealed #'#f) (is-opaque #'#f) (uid #'#f))
        (if (null? clauses)
            (let* ((descriptions (map (lambda (spec) (field name spec)) specs)) (places (iota (length descriptions))))
              (with-syntax ((name name) (make make) (is? is?) (rtd rtd) (rcd rcd) (protocol protocol-form)
                            (sealed? is-sealed) (opaque? is-opaque) (uid uid)
                            ((description ...) (map car descriptions))
                            (((accessor k) ...) (map (lambda (field k) (list (cadr field) k)) descriptions places))
                            (((mutator m) ...)
                             (filter-map (lambda (field k) (and (caddr field) (list (caddr field) k))) descriptions places)))
                #'(begin
                    (define this (make-record-type-descriptor 'name rtd uid sealed? opaque? '#(description ...)))
                    (define this-constructor (make-record-constructor-descriptor this rcd protocol))
                    (define-syntax name
                      (lambda (form)
                        (syntax-case form ()
                          ((_ #t) #'this-constructor)
                          (_ #'this))))
                    (define make (record-constructor this-constructor))
                    (define is? (record-predicate this))
                    (define accessor (record-accessor this k)) ...
                    (define mutator (record-mutator this m)) ...)))
            (syntax-case (car clauses) (fields parent parent-rtd protocol sealed opaque nongenerative)
              ((fields spec ...) (loop (cdr clauses) #'(spec ...) rtd rcd protocol-form is-sealed is-opaque uid))
              ((parent other)
               (loop (cdr clauses) specs #'(other #f) #'(other #t) protocol-form is-sealed is-opaque uid))
              ((parent-rtd rtd rcd) (loop (cdr clauses) specs #'rtd #'rcd protocol-form is-sealed is-opaque uid))
              ((protocol form) (loop (cdr clauses) specs rtd rcd #'form is-sealed is-opaque uid))
              ((sealed is) (loop (cdr clauses) specs rtd rcd protocol-form #'is is-opaque uid))
              ((opaque is) (loop (cdr clauses) specs rtd rcd protocol-form is-sealed #'is uid))
              ((nongenerative) (loop (cdr clauses) specs rtd rcd protocol-form is-sealed is-opaque #'(quote name)))
              ((nongenerative uid) (loop (cdr clauses) specs rtd rcd protocol-form is-sealed is-opaque #'(quote uid)))))))
    (syntax-case form ()
      ((_ (name make is?) clause ...) (expand #'name #'make #'is? #'(clause ...)))
      ((_ name clause ...)
       (expand #'name (joined #'name "make-" #'name) (joined #'name #'name "?") #'(clause ...))))))
