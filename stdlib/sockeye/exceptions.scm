;;; Exceptions: raise and handlers, Guile's catch and throw, and the types of (ice-9 exceptions): one mechanism.
;;;
;;; Anything can be raised. Two kinds of objects are exceptions proper: conditions, which the engine, error and throw make
;;; and which have a key and arguments; and records of the types below. A compound exception has several records, its
;;; components; a condition's components are made when somebody asks for them.

;;; ---- Handlers ----------------------------------------------------------------------------------------------------

(define (with-exception-handler handler thunk . options)
  "(with-exception-handler handler thunk [#:unwind? unwind?] [#:unwind-for-type type]): the values of (thunk); what is
raised in it goes to HANDLER, which runs where it was raised, with the handlers outside of this one. With UNWIND? true,
HANDLER runs in the place of this call and gives its values, for what is of TYPE: an exception type, or a key; #t for all."
  (if (not (procedure? handler)) (%wrong-type 'with-exception-handler 1 "a procedure" handler))
  (if (not (procedure? thunk)) (%wrong-type 'with-exception-handler 2 "a procedure" thunk))
  (if (null? options)
      (%call-with-handlers (cons handler (%handlers)) thunk)
      (%with-handler-options handler thunk options)))

(define (%with-handler-options handler thunk options)
  "What with-exception-handler does with keyword arguments."
  (%check-keywords options '(#:unwind? #:unwind-for-type) #f #f 'with-exception-handler)
  (let ((unwind? (%keyword-argument options #:unwind?))
        (type (%keyword-argument options #:unwind-for-type)))
    (if (or (not unwind?) (eq? unwind? #!default))
        (%call-with-handlers (cons handler (%handlers)) thunk)
        (%call-unwinding handler thunk
          (cond ((or (eq? type #!default) (eq? type #t)) (lambda (object) #t))
                ((symbol? type) (lambda (object) (eq? (exception-kind object) type)))
                (else (exception-predicate type)))))))

(define (%call-unwinding handler thunk wanted?)
  "The values of (THUNK), or, when something WANTED? is raised there, of HANDLER in the place of this call."
  (%call/cc
    (lambda (outside)
      (%call-with-handlers
        (cons (lambda (object)
                (if (wanted? object)
                    (%escape outside (lambda () (handler object)))
                    (raise-continuable object)))
              (%handlers))
        thunk))))

(define (%handlers)
  "The exception handlers in force, the innermost first."
  (%handlers-in (%dyn)))

(define (%handlers-in dyn)
  "The exception handlers of a dynamic state, the innermost first."
  (let loop ((dyn dyn))
    (cond ((not (and (pair? dyn) (pair? (car dyn)))) '())
          ((eq? (caar dyn) (%handler-key)) (cadr (car dyn)))
          ((eq? (caar dyn) (%wind-key)) (cddr (cdar dyn)))
          (else (loop (cdr dyn))))))

(define (%call-with-handlers handlers thunk)
  "Calls THUNK with HANDLERS in force."
  (%call-with-dyn (%with-handlers handlers (%dyn)) thunk))

(define (%with-handlers handlers dyn)
  "A dynamic state like DYN, in which these are the exception handlers."
  (cons (cons (%handler-key) (cons handlers (%winds-in dyn))) dyn))

(define (raise obj)
  "(raise obj): hands OBJ, which may be anything, to the current exception handler, which must not return. Guile's programs
also send themselves a signal by its number like this, so an exact integer below 32 does that, unless it is raised in a
guard, which they have not; raise-object, which is the raise of (scheme base), sends none. [R7RS 6.11, Guile: Signals]"
  (if (and (exact-integer? obj)
           (<= 0 obj 31)
           (let ((handlers (%handlers)))
             (not (and (pair? handlers) (eq? (procedure-name (car handlers)) '%guard-handler)))))
      (%raise-signal obj)
      (raise-object obj)))

(define (raise-object obj)
  "(raise-object obj): hands OBJ, which may be anything, to the current exception handler, which must not return. Under the
name of raise this is in (scheme base). [R7RS 6.11]"
  (let ((handlers (%handlers)))
    (if (not (pair? handlers))
        (%unhandled obj)
        (%call-with-handlers (cdr handlers)
          (lambda ()
            ((car handlers) obj)
            (raise-object (%make-noncontinuable-error obj)))))))

(define (raise-continuable obj)
  "(raise-continuable obj): hands OBJ to the current exception handler; what that returns are the values."
  (let ((handlers (%handlers)))
    (if (not (pair? handlers))
        (%unhandled obj)
        (%call-with-handlers (cdr handlers)
          (lambda () ((car handlers) obj))))))

(define* (raise-exception obj #:key continuable?)
  "(raise-exception obj [#:continuable? continuable?]): raises OBJ; with CONTINUABLE? true, what the handler returns are
the values."
  (if continuable? (raise-continuable obj) (raise-object obj)))

(define (%assertion-failed expression)
  "Raises what assert raises when the value of EXPRESSION is #f."
  (raise-object (make-exception (make-assertion-failure)
                         (make-exception-with-message "assertion failed")
                         (make-exception-with-irritants (list expression)))))

(define (%raise-error condition . pass)
  "Where the machine goes, as if called from the failing place, when a primitive fails. PASS: so many of the innermost handlers
are not asked, since they may have heard of it and have not helped; the outermost one is asked some times more than others."
  (if (null? pass)
      (raise-object condition)
      (let* ((handlers (%handlers)) (count (length handlers)) (pass (car pass)))
        (%call-with-handlers
          (cond ((< pass count) (list-tail handlers pass))
                ((< pass (expt (+ count 16) 4)) (last-pair handlers))
                (else '()))
          (lambda () (raise-object condition))))))

(define (error message . irritants)
  "(error message irritant ...): raises an error object that carries MESSAGE and the objects it is about."
  (raise-object (%make-error message irritants)))

(define (%guard body choose)
  "What guard means: the values of (BODY), or, when something is raised there, of the thunk that (CHOOSE condition) gives,
called in the place of the guard; where it gives #f, the next handler gets the condition in the place of the raise."
  (%call/cc
    (lambda (outside)
      ;; By this name raise knows that it is in a guard.
      (define (%guard-handler condition)
        (let ((there (%continuation-dyn outside)))
          (if (eq? (%winds-in (%dyn)) (%winds-in there))
              ;; Nothing is left or entered on the way to the guard, so nobody can tell that the choice is made here.
              (let ((chosen (%call-with-dyn there (lambda () (choose condition)))))
                (if chosen
                    (%escape outside chosen)
                    (raise-continuable condition)))
              (%guard-from-afar outside condition choose))))
      (%call-with-handlers (cons %guard-handler (%handlers)) body))))

(define (%guard-always body choose)
  "The same where CHOOSE always gives a thunk: then nothing of the place of the raise is wanted any more."
  (%call/cc
    (lambda (outside)
      (define (%guard-handler condition)
        (%escape outside (lambda () ((choose condition)))))
      (%call-with-handlers (cons %guard-handler (%handlers)) body))))

(define (%guard-from-afar outside condition choose)
  "What a guard does with a CONDITION raised inside of further winds: leaves them, has CHOOSE look at it in the place of the
guard, OUTSIDE, and, where that gives #f, goes back and hands it to the next handler."
  (%call/cc
    (lambda (inside)
      (%escape outside
        (lambda ()
          (let ((chosen (choose condition)))
            (cond (chosen (chosen))
                  ((%shut-from? (%dyn) (%continuation-dyn inside)) (raise-continuable condition))
                  (else (%escape inside (lambda () (raise-continuable condition)))))))))))

;;; ---- catch and throw ---------------------------------------------------------------------------------------------

(define (catch key thunk handler . pre-unwind)
  "(catch key thunk handler [pre-unwind-handler]): the values of (thunk), or, when something of this KEY (#t: anything)
 is thrown, of HANDLER, called with the key and the arguments."
  (if (not (or (symbol? key) (eq? key #t))) (%wrong-type 'catch 1 "a symbol or #t" key))
  (if (not (procedure? thunk)) (%wrong-type 'catch 2 "a procedure" thunk))
  (if (not (procedure? handler)) (%wrong-type 'catch 3 "a procedure" handler))
  (let ((pre-unwind (and (pair? pre-unwind) (car pre-unwind))))
    (%call/cc
      (lambda (outside)
        (%call-with-handlers
          (cons (lambda (object)
                  (if (or (eq? key #t) (eq? key (exception-kind object)))
                      (begin
                        (if pre-unwind (apply pre-unwind (exception-kind object) (exception-args object)))
                        (%escape outside (lambda () (apply handler (exception-kind object) (exception-args object)))))
                      (raise-continuable object)))
                (%handlers))
          thunk)))))

(define (throw key . args)
  "(throw key arg ...): raises an exception that catch takes by its KEY."
  (if (not (symbol? key)) (%wrong-type 'throw 1 "a symbol" key))
  (raise-object (make-exception-from-throw key args)))

(define (scm-error key who message args data)
  "(scm-error key who message args data): throws KEY as failing procedures do. WHO is the procedure's name or #f, MESSAGE a
text with a directive ~A or ~S for each of ARGS, DATA what more there is to say, or #f."
  (throw key who message args data))

(define (with-throw-handler key thunk handler)
  "(with-throw-handler key thunk handler): the values of (thunk); when something of this KEY is thrown, HANDLER is
 called where it was thrown, and the search for a handler goes on."
  (if (not (procedure? thunk)) (%wrong-type 'with-throw-handler 2 "a procedure" thunk))
  (if (not (procedure? handler)) (%wrong-type 'with-throw-handler 3 "a procedure" handler))
  (%call-with-handlers
    (cons (lambda (object)
            (if (or (eq? key #t) (eq? key (exception-kind object)))
                (apply handler (exception-kind object) (exception-args object)))
            (raise-continuable object))
          (%handlers))
    thunk))

(define-syntax false-if-exception
  (syntax-rules ()
    ((_ expression option ...) (catch #t (lambda () expression) (lambda arguments #f)))))

(define (make-exception-from-throw key args)
  "(make-exception-from-throw key args): the exception that throw raises for KEY and the list ARGS."
  (%make-thrown key args))

(define (exception-kind object)
  "(exception-kind obj): the key by which catch finds OBJ when it is raised; %exception for what has none."
  (if (%condition? object)
      (%condition-key object)
      (if (%record? object) ((%late '%kind-of-record) object) '%exception)))

(define (%kind-of-record object)
  "The kind of an exception that is a record."
  (let ((component (%component object &exception-with-kind-and-args)))
    (cond (component (%record-ref component &exception-with-kind-and-args 0))
          ((%component object &quit-exception) 'quit)
          (else '%exception))))

(define (exception-args object)
  "(exception-args obj): the arguments that catch gives its handler after the key when OBJ is raised."
  (if (%condition? object)
      (%condition-args object)
      (if (%record? object) ((%late '%args-of-record) object) (list object))))

(define (%args-of-record object)
  "The arguments of an exception that is a record."
  (let ((component (%component object &exception-with-kind-and-args)))
    (cond (component (%record-ref component &exception-with-kind-and-args 1))
          ((%component object &quit-exception) => (lambda (quit) (list (%record-ref quit &quit-exception 0))))
          (else (list object)))))

;;; ---- Exception types ---------------------------------------------------------------------------------------------

(define &exception (%make-record-type '&exception (vector)))
(define &message (make-exception-type '&message &exception '(message)))
(define &irritants (make-exception-type '&irritants &exception '(irritants)))
(define &origin (make-exception-type '&origin &exception '(origin)))
(define &warning (make-exception-type '&warning &exception '()))
(define &error (make-exception-type '&error &exception '()))
(define &external-error (make-exception-type '&external-error &error '()))
(define &programming-error (make-exception-type '&programming-error &error '()))
(define &assertion-failure (make-exception-type '&assertion-failure &programming-error '()))
(define &non-continuable (make-exception-type '&non-continuable &programming-error '()))
(define &implementation-restriction (make-exception-type '&implementation-restriction &programming-error '()))
(define &lexical (make-exception-type '&lexical &programming-error '()))
(define &syntax (make-exception-type '&syntax &programming-error '(form subform)))
(define &undefined-variable (make-exception-type '&undefined-variable &programming-error '()))
(define &quit-exception (make-exception-type '&quit-exception &exception '(code)))
(define &exception-with-kind-and-args (make-exception-type '&exception-with-kind-and-args &exception '(kind args)))
(define &compound-exception (make-exception-type '&compound-exception &exception '(components)))

(define (make-exception-type id parent fields)
  "(make-exception-type id parent fields): a new type of exceptions, below the type PARENT; FIELDS is a list of symbols."
  (if (not (exception-type? parent)) (scm-error 'misc-error #f "parent is not a exception type ~S" (list parent) #f))
  (for-each (lambda (field)
              (if (memq field (vector->list (%record-type-fields parent)))
                  (scm-error 'misc-error #f "duplicate field ~S" (list field) #f)))
            fields)
  (%make-record-type id (list->vector (append (vector->list (%record-type-fields parent)) fields)) parent))

(define (exception-type? obj)
  "(exception-type? obj): whether OBJ is a type of exceptions, as make-exception-type makes them."
  (let loop ((type obj))
    (and (%record-type? type)
         (or (eq? type &exception) (loop (%record-type-parent type))))))

(define (exception? obj)
  "(exception? obj): whether OBJ is an exception: made by make-exception and its like, or raised by error, throw or a
failing procedure."
  (or (%condition? obj) (%record? obj &exception)))

(define (error-object? obj)
  "(error-object? obj): whether OBJ is what error and failing procedures raise. [R7RS 6.11]"
  (exception? obj))

(define (error-object-message obj)
  "(error-object-message obj): what OBJ says went wrong: the message given to error, or the sentence of the procedure
that failed. [R7RS 6.11]"
  (if (%condition? obj)
      (%condition-message obj)
      (let ((component (%component obj &message)))
        (cond (component (%record-ref component &message 0))
              ((exception? obj) "")
              (else (%wrong-type 'error-object-message 1 "an error object" obj))))))

(define (error-object-irritants obj)
  "(error-object-irritants obj): the further arguments given to error. [R7RS 6.11]"
  (if (%condition? obj)
      (%condition-irritants obj)
      (let ((component (%component obj &irritants)))
        (cond (component (%record-ref component &irritants 0))
              ((exception? obj) '())
              (else (%wrong-type 'error-object-irritants 1 "an error object" obj))))))

(define (make-exception . exceptions)
  "(make-exception exception ...): an exception that is all of EXCEPTIONS at once."
  (let ((components (append-map simple-exceptions exceptions)))
    (if (and (pair? components) (null? (cdr components)))
        (car components)
        (%record &compound-exception components))))

(define (simple-exceptions exception)
  "(simple-exceptions exception): a list of the exceptions, of one type each, that EXCEPTION is made of."
  (cond ((%condition? exception) (%condition->exceptions exception))
        ((%record? exception &compound-exception) (%record-ref exception &compound-exception 0))
        ((%record? exception &exception) (list exception))
        (else (scm-error 'misc-error #f "not a exception ~S" (list exception) #f))))

(define (%component object type)
  "The first component of OBJECT that is of this exception type, or #f."
  (if (exception? object)
      (let loop ((l (simple-exceptions object)))
        (cond ((null? l) #f)
              ((%record? (car l) type) (car l))
              (else (loop (cdr l)))))
      #f))

(define (%condition->exceptions condition)
  "The components of a condition: what its key says, and the parts of its arguments if they are those of an error."
  (let* ((key (%condition-key condition))
         (args (%condition-args condition))
         (last (%record &exception-with-kind-and-args key args))
         (parts (if (and (pair? args) (pair? (cdr args)) (pair? (cddr args)) (string? (cadr args)))
                    (list (%record &origin (car args))
                          (%record &message (cadr args))
                          (%record &irritants (caddr args))
                          last)
                    (list (%record &irritants args) last))))
    (case (if (socket-error-type condition) 'network key)
      ((network)
       (append (list (%network-component condition))
               (if (eq? key 'getaddrinfo-error)
                   (list (%record &origin (symbol->string (condition-extra condition 'operation)))
                         (%record &message (%condition-message condition)))
                   '())
               parts))
      ((wrong-type-arg out-of-range wrong-number-of-args)
       (cons (%record &assertion-failure) parts))
      ((unbound-variable) (cons (%record &undefined-variable) parts))
      ((numerical-overflow memory-allocation-error out-of-memory stack-overflow)
       (cons (%record &implementation-restriction) parts))
      ((system-error getaddrinfo-error host-not-found try-again no-recovery no-data)
       (cons (%record &external-error) parts))
      ((keyword-argument-error null-pointer-error program-error) (cons (%record &programming-error) parts))
      ((read-error) (cons (%record &lexical) parts))
      ((syntax-error)
       (if (and (list? args) (= (length args) 5))
           (list (%record &syntax (list-ref args 3) (list-ref args 4))
                 (%record &origin (car args))
                 (%record &message (cadr args))
                 last)
           (cons (%record &syntax #f #f) parts)))
      ((quit) (cons (%record &quit-exception (if (pair? args) (car args) #t)) parts))
      ((%exception) (list (%record &non-continuable)))
      (else (cons (%record &error) parts)))))

(define (exception-predicate type)
  "(exception-predicate type): a procedure that tells whether an object is an exception of TYPE, whole or in part."
  (if (not (exception-type? type)) (%wrong-type 'exception-predicate 1 "an exception type" type))
  (lambda (object) (and (%component object type) #t)))

(define (exception-accessor type accessor)
  "(exception-accessor type accessor): a procedure that gives what ACCESSOR finds in that part of an exception which is
of TYPE."
  (if (not (exception-type? type)) (%wrong-type 'exception-accessor 1 "an exception type" type))
  (lambda (object)
    (let ((component (%component object type)))
      (if component
          (accessor component)
          (%wrong-exception object type)))))

(define-syntax define-exception-type
  (syntax-rules ()
    ((_ name parent constructor predicate (field accessor) ...)
     (begin
       (define name (make-exception-type 'name parent '(field ...)))
       (define constructor (record-constructor name))
       (define predicate (exception-predicate name))
       (%define-exception-accessors name (field accessor) ...)))))

(define-syntax %define-exception-accessors
  (syntax-rules ()
    ((_ name) (begin))
    ((_ name (field accessor) more ...)
     (begin
       (define accessor (exception-accessor name (record-accessor name 'field)))
       (%define-exception-accessors name more ...)))))

(define (make-exception-with-message message)
  "(make-exception-with-message message): an exception that says MESSAGE."
  (%record &message message))

(define (make-exception-with-irritants irritants)
  "(make-exception-with-irritants irritants): an exception about the objects of the list IRRITANTS."
  (%record &irritants irritants))

(define (make-exception-with-origin origin)
  "(make-exception-with-origin origin): an exception raised by ORIGIN, a procedure's name."
  (%record &origin origin))

(define (make-warning)
  "(make-warning): an exception that is no failure."
  (%record &warning))

(define (make-error)
  "(make-error): an exception that is a failure."
  (%record &error))

(define (make-external-error)
  "(make-external-error): an exception that says that something outside of the program failed."
  (%record &external-error))

(define (make-programming-error)
  "(make-programming-error): an exception that says that the program is wrong."
  (%record &programming-error))

(define (make-assertion-failure)
  "(make-assertion-failure): an exception that says that something was not as a procedure expects it."
  (%record &assertion-failure))

(define (make-non-continuable-error)
  "(make-non-continuable-error): an exception that says that a handler returned and should not have."
  (%record &non-continuable))

(define (make-implementation-restriction-error)
  "(make-implementation-restriction-error): an exception that says that something exceeds what is possible here."
  (%record &implementation-restriction))

(define (make-lexical-error)
  "(make-lexical-error): an exception that says that a text is no Scheme data."
  (%record &lexical))

(define (make-syntax-error form subform)
  "(make-syntax-error form subform): an exception that says that FORM is not in the language, because of its part SUBFORM."
  (%record &syntax form subform))

(define (make-undefined-variable-error)
  "(make-undefined-variable-error): an exception that says that a variable has no value."
  (%record &undefined-variable))

(define (make-quit-exception code)
  "(make-quit-exception code): an exception that ends the program with the status CODE."
  (%record &quit-exception code))

(define (exception-with-message? obj)
  "(exception-with-message? obj): whether OBJ is an exception with a message."
  (and (%component obj &message) #t))

(define (exception-message exception)
  "(exception-message exception): the message of EXCEPTION, perhaps with directives ~A and ~S for its irritants."
  (%record-ref (%component-or-error exception &message) &message 0))

(define (exception-with-irritants? obj)
  "(exception-with-irritants? obj): whether OBJ is an exception with irritants."
  (and (%component obj &irritants) #t))

(define (exception-irritants exception)
  "(exception-irritants exception): the list of objects that EXCEPTION is about."
  (%record-ref (%component-or-error exception &irritants) &irritants 0))

(define (exception-with-origin? obj)
  "(exception-with-origin? obj): whether OBJ is an exception that knows who raised it."
  (and (%component obj &origin) #t))

(define (exception-origin exception)
  "(exception-origin exception): the name of the procedure that raised EXCEPTION."
  (%record-ref (%component-or-error exception &origin) &origin 0))

(define (%component-or-error exception type)
  "The component of EXCEPTION that is of TYPE."
  (or (%component exception type)
      (%wrong-exception exception type)))

(define (%wrong-exception object type)
  "Complains that OBJECT is not an exception of TYPE."
  (scm-error 'misc-error #f "object is not an exception of the right type ~S ~S" (list object type) #f))

(define (warning? obj)
  "(warning? obj): whether OBJ is an exception that is no failure."
  (and (%component obj &warning) #t))

(define (error? obj)
  "(error? obj): whether OBJ is an exception that is a failure."
  (and (%component obj &error) #t))

(define (external-error? obj)
  "(external-error? obj): whether OBJ says that something outside of the program failed."
  (and (%component obj &external-error) #t))

(define (programming-error? obj)
  "(programming-error? obj): whether OBJ says that the program is wrong."
  (and (%component obj &programming-error) #t))

(define (assertion-failure? obj)
  "(assertion-failure? obj): whether OBJ says that something was not as a procedure expects it."
  (and (%component obj &assertion-failure) #t))

(define (non-continuable-error? obj)
  "(non-continuable-error? obj): whether OBJ says that a handler returned and should not have."
  (and (%component obj &non-continuable) #t))

(define (implementation-restriction-error? obj)
  "(implementation-restriction-error? obj): whether OBJ says that something exceeds what is possible here."
  (and (%component obj &implementation-restriction) #t))

(define (lexical-error? obj)
  "(lexical-error? obj): whether OBJ says that a text is no Scheme data."
  (and (%component obj &lexical) #t))

(define (syntax-error? obj)
  "(syntax-error? obj): whether OBJ says that a form is not in the language."
  (and (%component obj &syntax) #t))

(define (syntax-error-form exception)
  "(syntax-error-form exception): the form that is not in the language."
  (%record-ref (%component-or-error exception &syntax) &syntax 0))

(define (syntax-error-subform exception)
  "(syntax-error-subform exception): the part of the form that is wrong, or #f."
  (%record-ref (%component-or-error exception &syntax) &syntax 1))

(define (undefined-variable-error? obj)
  "(undefined-variable-error? obj): whether OBJ says that a variable has no value."
  (and (%component obj &undefined-variable) #t))

(define (quit-exception? obj)
  "(quit-exception? obj): whether OBJ is what exit raises."
  (and (%component obj &quit-exception) #t))

(define (quit-exception-code exception)
  "(quit-exception-code exception): the status with which the program is to end."
  (%record-ref (%component-or-error exception &quit-exception) &quit-exception 0))

;;; ---- Printing ----------------------------------------------------------------------------------------------------

(define %exception-printers (%make-box '()))

(define (set-exception-printer! key printer)
  "(set-exception-printer! key printer): from now on print-exception calls (printer port key args default) for KEY, where
the thunk DEFAULT prints as without PRINTER."
  (%box-set! %exception-printers (cons (cons key printer) (%box-ref %exception-printers))))

(define (print-exception port frame key args)
  "(print-exception port frame key args): tells PORT what was thrown to KEY with ARGS, on a line of its own."
  (let ((printer (assq key (%box-ref %exception-printers)))
        (default (lambda () (%print-thrown port key args))))
    (if printer
        ((cdr printer) port key args default)
        (default))
    (newline port)))

(define (%print-thrown port key args)
  "What print-exception prints, without the end of the line."
  (let ((error? (and (list? args) (>= (length args) 3) (string? (cadr args)))))
    (cond ((and (eq? key '%exception) (pair? args) (exception? (car args)))
           (%print-components port (simple-exceptions (car args))))
          ((and error? (memq key '(keyword-argument-error)))
           (display (cadr args) port)
           (display ": " port)
           (write (car (list-ref args 3)) port))
          ((and error? (memq key '(syntax-error)))
           (display "Syntax error:" port)
           (newline port)
           (let ((place (caddr args)))
             (if (pair? place)
                 (let ((line (assq-ref place 'line)))
                   (for-each (lambda (part) (display part port) (display ":" port))
                             (list (or (assq-ref place 'filename) "unknown file") (and line (+ line 1))
                                   (assq-ref place 'column)))
                   (display " " port))
                 (display "unknown location: " port)))
           (if (car args) (begin (display (car args) port) (display ": " port)))
           (display (cadr args) port)
           (if (= (length args) 5)
               (let ((form (cadddr args)) (subform (list-ref args 4)))
                 (cond (subform (display " in subform " port) (write subform port) (display " of " port) (write form port))
                       (form (display " in form " port) (write form port))))))
          ((and error? (list? (caddr args))
                (memq key '(misc-error wrong-type-arg out-of-range unbound-variable wrong-number-of-args system-error
                            read-error program-error getaddrinfo-error vm-error goops-error memory-allocation-error
                            stack-overflow regular-expression-syntax null-pointer-error no-data try-again)))
           (%print-error port (car args) (cadr args) (caddr args)))
          ((and error? (memq key '(host-not-found try-again no-recovery no-data)))
           (%print-error port (car args) (cadr args) '()))
          ((and (eq? key 'getaddrinfo-error) (pair? args) (exact-integer? (car args)))
           (%print-error port "getaddrinfo" (gai-strerror (car args)) '()))
          (else
           (display "Throw to key `" port)
           (display key port)
           (display "' with args `" port)
           (write args port)
           (display "'." port)))))

(define (%print-error port who message args)
  "What a failure of WHO prints: MESSAGE with ARGS put in."
  (if who
      (begin (display "In procedure " port) (display who port) (display ": " port)))
  (display (if (list? args) (%format-message message args) message) port))

(define (%print-components port components)
  "What an exception made of COMPONENTS prints."
  (display "ERROR:" port)
  (let loop ((l components) (n 1))
    (if (pair? l)
        (let* ((type (%record-type (car l)))
               (fields (vector->list (%record-type-fields type))))
          (newline port)
          (display (string-append "  " (number->string n) ". " (symbol->string (%record-type-name type))) port)
          (if (pair? fields) (display ":" port))
          (let show ((f fields) (k 0))
            (if (pair? f)
                (begin
                  (if (pair? (cdr fields))
                      (begin
                        (newline port)
                        (display (string-append "      " (symbol->string (car f)) ":") port)))
                  (display " " port)
                  (write (%record-ref (car l) type k) port)
                  (show (cdr f) (+ k 1)))))
          (loop (cdr l) (+ n 1))))))

(define (display-error frame port who message args rest)
  "(display-error frame port who message args rest): tells PORT of a failure of WHO: MESSAGE, with directives ~A and ~S
for ARGS."
  (%print-error port who message args)
  (newline port))

