;;; Syntax that is defined by syntax-rules, and what some core forms call.

(define *unspecified* (if #f #f))

(define (%while test body)
  "What while does: (BODY break continue) as long as (TEST) is true."
  (call/ec
    (lambda (escape)
      (let ((break (lambda values (if (null? values) (escape #t) (apply escape values)))))
        (let loop ()
          (if (test)
              (begin
                (call/ec (lambda (next) (body break (lambda () (next #f)))))
                (loop))
              #f))))))

(define-syntax define-macro
  (syntax-rules ()
    ((_ (name . formals) body ...)
     (define-macro name (lambda formals body ...)))
    ((_ name transformer)
     (define-syntax name
       (let ((expand transformer))
         (lambda (form)
           (syntax-case form ()
             ((keyword . arguments)
              (datum->syntax (syntax keyword) (apply expand (syntax->datum (syntax arguments))))))))))))

(define-syntax defmacro
  (syntax-rules ()
    ((_ name formals body ...) (define-macro name (lambda formals body ...)))))

(define-syntax defmacro-public
  (syntax-rules ()
    ((_ name formals body ...)
     (begin
       (export name)
       (define-macro name (lambda formals body ...))))))

(define-syntax defmacro*
  (syntax-rules ()
    ((_ name formals body ...) (define-macro name (lambda* formals body ...)))))

(define-syntax defmacro*-public
  (syntax-rules ()
    ((_ name formals body ...)
     (begin
       (export name)
       (define-macro name (lambda* formals body ...))))))

(define-syntax define-syntax-public
  (syntax-rules ()
    ((_ name transformer)
     (begin
       (export name)
       (define-syntax name transformer)))))

(define-syntax with-fluids
  (syntax-rules ()
    ((_ ((fluid value) ...) body0 body ...)
     (with-fluids* (list fluid ...) (list value ...) (lambda () body0 body ...)))))

(define-syntax let/ec
  (syntax-rules ()
    ((_ k body0 body ...) (call/ec (lambda (k) body0 body ...)))))

(define-syntax let-escape-continuation
  (syntax-rules ()
    ((_ k body0 body ...) (call/ec (lambda (k) body0 body ...)))))

(define-syntax let/cc
  (syntax-rules ()
    ((_ k body0 body ...) (call/cc (lambda (k) body0 body ...)))))

(define-syntax %
  (syntax-rules ()
    ((_ expression)
     (call-with-prompt (default-prompt-tag) (lambda () expression) default-prompt-handler))
    ((_ expression handler)
     (call-with-prompt (default-prompt-tag) (lambda () expression) handler))
    ((_ tag expression handler)
     (call-with-prompt tag (lambda () expression) handler))))

(define-syntax reset
  (syntax-rules ()
    ((_ body ...) (reset* (lambda () body ...)))))

(define-syntax shift
  (syntax-rules ()
    ((_ k body ...) (shift* (lambda (k) body ...)))))

(define-syntax begin-deprecated
  (syntax-rules ()
    ((_ form ...) (begin form ...))))

(define-syntax define-once
  (syntax-rules ()
    ((_ (name . parameters) body0 body ...) (define-once name (lambda parameters body0 body ...)))
    ((_ name value)
     (define name
       (let ((variable (module-local-variable (current-module) 'name)))
         (if (and variable (variable-bound? variable) (not (%inherited? 'name (variable-ref variable))))
             (variable-ref variable)
             value))))))

(define (%inherited? name value)
  "Whether VALUE is what NAME means in Guile's core: a new definition begins with what the name meant before."
  (let ((variable (module-variable (resolve-module '(guile)) name)))
    (and variable (variable-bound? variable) (eq? value (variable-ref variable)))))
