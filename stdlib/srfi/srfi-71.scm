;;; (srfi srfi-71): let, let* and letrec for several values. [SRFI 71]
;;;
;;; A binding is (NAME ... EXPRESSION), or ((values NAME ... . REST) EXPRESSION).

(define-module (srfi srfi-71)
  #:use-module ((guile) #:select ((let . %let) (let* . %let*) (letrec . %letrec)))
  #:replace (let let* letrec)
  #:export (uncons uncons-2 uncons-3 uncons-4 uncons-cons unlist unvector values->list values->vector))

;; Bindings are taken apart one by one: names become temporaries, so that no expression sees a new name.
(define-syntax let
  (syntax-rules ()
    ((_ () body ...) (%let () body ...))
    ((_ (binding ...) body ...) (%let-bindings () (binding ...) body ...))
    ((_ tag (binding ...) body ...) (%named-let tag () (binding ...) body ...))))

(define-syntax %let-bindings
  (syntax-rules (values)
    ((_ ((name temporary) ...) () body ...)
     (%let ((name temporary) ...) body ...))
    ((_ pairs (((values . formals) expression) binding ...) body ...)
     (%let-formals pairs () formals expression (binding ...) body ...))
    ((_ pairs ((n1 expression) binding ...) body ...)
     (%let-formals pairs () (n1) expression (binding ...) body ...))
    ((_ pairs ((n1 n2 . more) binding ...) body ...)
     (%split-binding pairs () (n1 n2 . more) (binding ...) body ...))))

(define-syntax %split-binding
  (syntax-rules ()
    ((_ pairs (name ...) (expression) bindings body ...)
     (%let-formals pairs () (name ...) expression bindings body ...))
    ((_ pairs (name ...) (next . more) bindings body ...)
     (%split-binding pairs (name ... next) more bindings body ...))))

(define-syntax %let-formals
  (syntax-rules ()
    ((_ (pair ...) ((name temporary) ...) () expression bindings body ...)
     (call-with-values (lambda () expression)
       (lambda (temporary ...)
         (%let-bindings (pair ... (name temporary) ...) bindings body ...))))
    ((_ pairs (new ...) (name . more) expression bindings body ...)
     (%let-formals pairs (new ... (name t)) more expression bindings body ...))
    ((_ (pair ...) ((name temporary) ...) rest expression bindings body ...)
     (call-with-values (lambda () expression)
       (lambda (temporary ... . t)
         (%let-bindings (pair ... (name temporary) ... (rest t)) bindings body ...))))))

(define-syntax %named-let
  (syntax-rules ()
    ((_ tag ((name expression) ...) () body ...)
     (%let tag ((name expression) ...) body ...))
    ((_ tag (done ...) ((name expression) binding ...) body ...)
     (%named-let tag (done ... (name expression)) (binding ...) body ...))))

(define-syntax let*
  (syntax-rules ()
    ((_ () body ...) (%let () body ...))
    ((_ (binding) body ...) (let (binding) body ...))
    ((_ (binding more ...) body ...) (let (binding) (let* (more ...) body ...)))))

(define-syntax letrec
  (syntax-rules ()
    ((_ (binding ...) body ...) (%letrec-bindings () () (binding ...) body ...))))

(define-syntax %letrec-bindings
  (syntax-rules (values)
    ((_ (name ...) ((formals temporaries expression) ...) () body ...)
     (%let ((name #f) ...)
       (%letrec-set formals temporaries expression) ...
       (%let () body ...)))
    ((_ names done (((values . formals) expression) binding ...) body ...)
     (%letrec-formals names done () formals expression (binding ...) body ...))
    ((_ names done ((n1 expression) binding ...) body ...)
     (%letrec-formals names done () (n1) expression (binding ...) body ...))
    ((_ names done ((n1 n2 . more) binding ...) body ...)
     (%letrec-split names done () (n1 n2 . more) (binding ...) body ...))))

(define-syntax %letrec-split
  (syntax-rules ()
    ((_ names done (name ...) (expression) bindings body ...)
     (%letrec-formals names done () (name ...) expression bindings body ...))
    ((_ names done (name ...) (next . more) bindings body ...)
     (%letrec-split names done (name ... next) more bindings body ...))))

(define-syntax %letrec-formals
  (syntax-rules ()
    ((_ (known ...) (done ...) ((name t) ...) () expression bindings body ...)
     (%letrec-bindings (known ... name ...) (done ... ((name ...) (t ...) expression)) bindings body ...))
    ((_ knowns dones (new ...) (name . more) expression bindings body ...)
     (%letrec-formals knowns dones (new ... (name t)) more expression bindings body ...))
    ((_ (known ...) (done ...) ((name t) ...) rest expression bindings body ...)
     (%letrec-bindings (known ... name ... rest) (done ... ((name ... . rest) (t ... . r) expression)) bindings body ...))))

(define-syntax %letrec-set
  (syntax-rules ()
    ((_ (name ...) (t ...) expression)
     (call-with-values (lambda () expression) (lambda (t ...) (set! name t) ... (if #f #f))))
    ((_ (name ... . rest) (t ... . r) expression)
     (call-with-values (lambda () expression) (lambda (t ... . r) (set! name t) ... (set! rest r))))))

(define (uncons pair)
  "(uncons pair): two values, the halves of PAIR."
  (values (car pair) (cdr pair)))

(define (uncons-2 list)
  "(uncons-2 list): three values, the first two elements of LIST and what follows."
  (values (car list) (cadr list) (cddr list)))

(define (uncons-3 list)
  "(uncons-3 list): four values, the first three elements of LIST and what follows."
  (values (car list) (cadr list) (caddr list) (cdddr list)))

(define (uncons-4 list)
  "(uncons-4 list): five values, the first four elements of LIST and what follows."
  (values (car list) (cadr list) (caddr list) (cadddr list) (cddddr list)))

(define (uncons-cons alist)
  "(uncons-cons alist): three values, the halves of the first pair of ALIST and what follows."
  (values (caar alist) (cdar alist) (cdr alist)))

(define (unlist list)
  "(unlist list): the elements of LIST as values."
  (apply values list))

(define (unvector vector)
  "(unvector vector): the elements of VECTOR as values."
  (apply values (vector->list vector)))

;; (values->list EXPRESSION): a list of the values of EXPRESSION.
(define-syntax-rule (values->list expression) (call-with-values (lambda () expression) list))

;; (values->vector EXPRESSION): a vector of the values of EXPRESSION.
(define-syntax-rule (values->vector expression) (call-with-values (lambda () expression) vector))
