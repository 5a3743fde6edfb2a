;;; Control: (ice-9 control), fluids, dynamic states, atomic boxes, and procedures about procedures.

(define (default-prompt-handler k thunk)
  "(default-prompt-handler k thunk): what % does with an abort: calls THUNK with K, in a new prompt. [Guile: Prompts]"
  (% (thunk k)))

(define (abort . values)
  "(abort x ...): leaves the innermost default prompt. [Guile: Prompts]"
  (apply abort-to-prompt (default-prompt-tag) values))

(define (abort-to-prompt* tag values)
  "(abort-to-prompt* tag values): abort-to-prompt with the values in a list. [Guile: Prompts]"
  (apply abort-to-prompt tag values))

(define (reset* thunk)
  "(reset* thunk): the values of (thunk), up to which shift captures. [Guile: Shift and Reset]"
  (call-with-prompt (default-prompt-tag) thunk
    (lambda (k f)
      (reset* (lambda () (f (lambda values (reset* (lambda () (apply k values))))))))))

(define (shift* f)
  "(shift* f): leaves the innermost reset with what F gives for the continuation up to there. [Guile: Shift and Reset]"
  (abort-to-prompt (default-prompt-tag) f))

(define (suspendable-continuation? tag)
  "(suspendable-continuation? tag): whether (abort-to-prompt tag) could be resumed: always. [Guile: Prompts]"
  #t)

(define (with-continuation-barrier thunk)
  "(with-continuation-barrier thunk): the values of (thunk). Continuations may pass here. [Guile: Continuations]"
  (thunk))

;;; ---- Fluids ------------------------------------------------------------------------------------------------------
;;;
;;; A fluid has a parameter inside; one without a value holds #!default.

(define %fluid (%hide-fields! (%keep-apart! (%make-record-type 'fluid (vector 'parameter)))))

(define (make-fluid . default)
  "(make-fluid [default]): a new fluid with this value, or #f. [Guile: Fluids]"
  (%record %fluid (%make-parameter (if (pair? default) (car default) #f) #f)))

(define (make-thread-local-fluid . default)
  "(make-thread-local-fluid [default]): the same as make-fluid. [Guile: Fluids]"
  (apply make-fluid default))

(define (make-unbound-fluid)
  "(make-unbound-fluid): a new fluid without a value. [Guile: Fluids]"
  (make-fluid #!default))

(define (fluid? obj)
  "(fluid? obj): whether OBJ is a fluid. [Guile: Fluids]"
  (or (%record? obj %fluid) (%default-of-ports? obj)))

(define (%default-of-ports? obj)
  "Whether OBJ is one of the two parameters that are fluids in Guile."
  (or (eq? obj %default-port-encoding) (eq? obj %default-port-conversion-strategy)))

(define (fluid-thread-local? fluid)
  "(fluid-thread-local? fluid): whether FLUID is thread-local: never. [Guile: Fluids]"
  #f)

(define (%fluid-parameter fluid who)
  "The parameter inside of FLUID."
  (if (%default-of-ports? fluid) fluid (%record-ref fluid %fluid 0 who)))

(define (fluid-ref fluid)
  "(fluid-ref fluid): the value of FLUID. [Guile: Fluids]"
  (let ((value ((%fluid-parameter fluid 'fluid-ref))))
    (if (eq? value #!default)
        (scm-error 'misc-error "fluid-ref" "unbound fluid: ~S" (list fluid) #f)
        value)))

(define (fluid-ref* fluid depth)
  "(fluid-ref* fluid depth): the value that FLUID had outside of so many with-fluids. [Guile: Fluids]"
  (let ((parameter (%fluid-parameter fluid 'fluid-ref*)))
    (let loop ((dyn (%dyn)) (depth depth))
      (cond ((null? dyn) (if (= depth 0) (%parameter-value parameter) #f))
            ((eq? (caar dyn) parameter) (if (= depth 0) (%box-ref (cdar dyn)) (loop (cdr dyn) (- depth 1))))
            (else (loop (cdr dyn) depth))))))

(define (fluid-bound? fluid)
  "(fluid-bound? fluid): whether FLUID has a value. [Guile: Fluids]"
  (not (eq? ((%fluid-parameter fluid 'fluid-bound?)) #!default)))

(define (%parameter-assign! parameter value)
  "Changes what PARAMETER is here: in the innermost parameterize, or else everywhere."
  (let loop ((dyn (%dyn)))
    (cond ((null? dyn) (%parameter-set! parameter value))
          ((eq? (caar dyn) parameter) (%box-set! (cdar dyn) value))
          (else (loop (cdr dyn))))))

(define (fluid-set! fluid value)
  "(fluid-set! fluid value): changes the value of FLUID. [Guile: Fluids]"
  (%parameter-assign! (%fluid-parameter fluid 'fluid-set!) value))

(define (fluid-unset! fluid)
  "(fluid-unset! fluid): takes the value of FLUID away. [Guile: Fluids]"
  (%parameter-assign! (%fluid-parameter fluid 'fluid-unset!) #!default))

(define (with-fluids* fluids values thunk)
  "(with-fluids* fluids values thunk): the values of (thunk), with each of the list FLUIDS having one of VALUES."
  (%parameterize (map (lambda (fluid value) (cons (%fluid-parameter fluid 'with-fluids*) value)) fluids values) thunk))

(define (with-fluid* fluid value thunk)
  "(with-fluid* fluid value thunk): the values of (thunk), with FLUID having VALUE. [Guile: Fluids]"
  (with-fluids* (list fluid) (list value) thunk))

(define* (fluid->parameter fluid #:optional convert)
  "(fluid->parameter fluid [converter]): a procedure that gives FLUID's value, or changes it. [Guile: Parameters]"
  (let ((inside (%fluid-parameter fluid 'fluid->parameter)))
    (if convert (%convert-parameter! inside convert) inside)))

(define (%convert-parameter! parameter converter)
  "PARAMETER, whose new values CONVERTER converts from now on."
  (%parameter-converter-set! parameter converter)
  parameter)

(define (parameter-fluid parameter)
  "(parameter-fluid parameter): a fluid whose value is that of PARAMETER. [Guile: Parameters]"
  (if (not (parameter? parameter)) (%wrong-type 'parameter-fluid 1 "a parameter" parameter))
  (%record %fluid parameter))

(define (parameter-converter parameter)
  "(parameter-converter parameter): the procedure that converts new values of PARAMETER. [Guile: Parameters]"
  (or (%parameter-converter parameter) identity))

(define (make-mutable-parameter value . converter)
  "(make-mutable-parameter value [converter]): the same as make-parameter. [Guile]"
  (apply make-parameter value converter))

(define %dynamic-state (%hide-fields! (%keep-apart! (%make-record-type 'dynamic-state (vector 'dyn)))))

(define (current-dynamic-state)
  "(current-dynamic-state): the values that fluids and parameters have now, as an object. [Guile: Dynamic States]"
  (%record %dynamic-state (%dyn)))

(define (dynamic-state? obj)
  "(dynamic-state? obj): whether OBJ is a dynamic state. [Guile: Dynamic States]"
  (%record? obj %dynamic-state))

(define (with-dynamic-state state thunk)
  "(with-dynamic-state state thunk): the values of (thunk), with fluids and parameters as STATE has them."
  (let ((bindings (filter (lambda (entry) (parameter? (car entry))) (%record-ref state %dynamic-state 0))))
    (%call-with-dyn (append bindings (%dyn)) thunk)))

(define (set-current-dynamic-state state)
  "(set-current-dynamic-state state): gives fluids and parameters, from here on, the values that they have now in STATE; the
state that there was. [Guile: Dynamic States]"
  (let ((before (current-dynamic-state)))
    (for-each (lambda (entry) (if (parameter? (car entry)) (%parameter-assign! (car entry) (%box-ref (cdr entry)))))
              (reverse (%record-ref state %dynamic-state 0)))
    before))

;;; ---- Atomic boxes ------------------------------------------------------------------------------------------------

(define %atomic-box (%keep-apart! (%make-record-type 'atomic-box (vector 'value))))

(define (make-atomic-box value)
  "(make-atomic-box value): a new box that holds VALUE. [Guile: Atomics]"
  (%record %atomic-box value))

(define (atomic-box? obj)
  "(atomic-box? obj): whether OBJ is an atomic box. [Guile: Atomics]"
  (%record? obj %atomic-box))

(define (atomic-box-ref box)
  "(atomic-box-ref box): what BOX holds. [Guile: Atomics]"
  (%record-ref box %atomic-box 0 'atomic-box-ref))

(define (atomic-box-set! box value)
  "(atomic-box-set! box value): makes BOX hold VALUE. [Guile: Atomics]"
  (%record-set! box %atomic-box 0 value 'atomic-box-set!))

(define (atomic-box-swap! box value)
  "(atomic-box-swap! box value): makes BOX hold VALUE, and gives what it held. [Guile: Atomics]"
  (let ((before (%record-ref box %atomic-box 0 'atomic-box-swap!)))
    (%record-set! box %atomic-box 0 value 'atomic-box-swap!)
    before))

(define (atomic-box-compare-and-swap! box expected desired)
  "(atomic-box-compare-and-swap! box expected desired): makes BOX hold DESIRED if it holds EXPECTED; gives what it held."
  (let ((before (%record-ref box %atomic-box 0 'atomic-box-compare-and-swap!)))
    (if (eq? before expected) (%record-set! box %atomic-box 0 desired))
    before))

;;; ---- Procedures --------------------------------------------------------------------------------------------------

(define (and=> value procedure)
  "(and=> value procedure): what PROCEDURE gives for VALUE, or #f if that is #f. [Guile: Higher-Order Functions]"
  (and value (procedure value)))

(define (const value)
  "(const value): a procedure that gives VALUE for any arguments. [Guile: Higher-Order Functions]"
  (lambda arguments value))

(define (identity x)
  "(identity x): X. [Guile: Higher-Order Functions]"
  x)

(define (noop . arguments)
  "(noop x ...): does nothing."
  #f)

(define (negate predicate)
  "(negate predicate): a procedure that gives #t where PREDICATE gives #f, and #f elsewhere."
  (lambda arguments (not (apply predicate arguments))))

(define (compose procedure . more)
  "(compose procedure ...): a procedure that calls the last of these with its arguments, the one before with the values of
that, and so on."
  (if (null? more)
      procedure
      (let ((inside (apply compose more)))
        (lambda arguments
          (call-with-values (lambda () (apply inside arguments)) procedure)))))

(define (%values->list thunk)
  "A list of the values of THUNK."
  (call-with-values thunk list))

(define (thunk? obj)
  "(thunk? obj): whether OBJ is a procedure that can be called without arguments. [Guile: Procedure Properties]"
  (and (procedure? obj)
       (let ((arity (%procedure-arity obj)))
         (or (not arity) (= (car arity) 0)))))

(define (procedure-minimum-arity procedure)
  "(procedure-minimum-arity procedure): how many arguments PROCEDURE needs, how many more it may get, and whether any
number more; as a list. [Guile: Procedure Properties]"
  (or (%procedure-arity (let ((getter (procedure-property procedure '%getter))) (or getter procedure)))
      (and (parameter? procedure) (list 0 0 #f))))

(define (procedure-source procedure)
  "(procedure-source procedure): the source of PROCEDURE: not kept, so #f. [Guile: Procedure Properties]"
  #f)

(define %procedure-table (make-weak-key-hash-table))

(define (procedure-properties procedure)
  "(procedure-properties procedure): the association list of what is known about PROCEDURE. [Guile: Procedure Properties]"
  (let ((set (hashq-ref %procedure-table procedure '()))
        (name (procedure-name procedure))
        (text (procedure-documentation procedure)))
    (append set
            (if name (list (cons 'name name)) '())
            (if text (list (cons 'documentation text)) '()))))

(define (procedure-property procedure key)
  "(procedure-property procedure key): what is known about PROCEDURE under KEY, or #f. [Guile: Procedure Properties]"
  (let ((entry (assq key (procedure-properties procedure))))
    (and entry (cdr entry))))

(define (set-procedure-property! procedure key value)
  "(set-procedure-property! procedure key value): notes VALUE about PROCEDURE. [Guile: Procedure Properties]"
  (hashq-set! %procedure-table procedure
    (cons (cons key value)
          (filter (lambda (entry) (not (eq? (car entry) key))) (hashq-ref %procedure-table procedure '())))))

(define (set-procedure-properties! procedure alist)
  "(set-procedure-properties! procedure alist): notes all of ALIST about PROCEDURE. [Guile: Procedure Properties]"
  (hashq-set! %procedure-table procedure alist))

(define (make-procedure-with-setter getter setter)
  "(make-procedure-with-setter getter setter): a procedure that does what GETTER does, and for which (set! (p x ...) v)
calls SETTER. [Guile: Procedures with Setters]"
  (if (not (procedure? getter)) (%wrong-type 'make-procedure-with-setter 1 "a procedure" getter))
  (if (not (procedure? setter)) (%wrong-type 'make-procedure-with-setter 2 "a procedure" setter))
  (let ((procedure (lambda arguments (apply getter arguments))))
    (set-procedure-properties! procedure (list (cons '%setter setter) (cons '%getter getter)))
    procedure))

(define (getter-with-setter getter setter)
  "(getter-with-setter getter setter): the same as make-procedure-with-setter. [SRFI 17]"
  (make-procedure-with-setter getter setter))

(define (procedure-with-setter? obj)
  "(procedure-with-setter? obj): whether OBJ is a procedure that has a setter. [Guile: Procedures with Setters]"
  (and (procedure? obj) (%setter obj) #t))

(define (procedure p)
  "(procedure p): the getter of P, or P itself. [Guile: Procedures with Setters]"
  (let ((entry (assq '%getter (hashq-ref %procedure-table p '()))))
    (if entry (cdr entry) p)))

(define (%setter procedure)
  "The setter of PROCEDURE, or #f."
  (let ((entry (or (assq '%setter (hashq-ref %procedure-table procedure '()))
                   (assq procedure %standard-setters))))
    (and entry (cdr entry))))

(define (setter procedure)
  "(setter procedure): what (set! (procedure x ...) v) calls with X ... and V. [SRFI 17]"
  (if (not (procedure? procedure)) (%wrong-type 'setter 1 "a procedure" procedure))
  (or (%setter procedure) (%wrong-type 'setter 1 "a procedure with a setter" procedure)))

(define %standard-setters
  (list (cons car set-car!)
        (cons cdr set-cdr!)
        (cons caar (lambda (x v) (set-car! (car x) v)))
        (cons cadr (lambda (x v) (set-car! (cdr x) v)))
        (cons cdar (lambda (x v) (set-cdr! (car x) v)))
        (cons cddr (lambda (x v) (set-cdr! (cdr x) v)))
        (cons caaar (lambda (x v) (set-car! (caar x) v)))
        (cons caadr (lambda (x v) (set-car! (cadr x) v)))
        (cons cadar (lambda (x v) (set-car! (cdar x) v)))
        (cons caddr (lambda (x v) (set-car! (cddr x) v)))
        (cons cdaar (lambda (x v) (set-cdr! (caar x) v)))
        (cons cdadr (lambda (x v) (set-cdr! (cadr x) v)))
        (cons cddar (lambda (x v) (set-cdr! (cdar x) v)))
        (cons cdddr (lambda (x v) (set-cdr! (cddr x) v)))
        (cons caaaar (lambda (x v) (set-car! (caaar x) v)))
        (cons caaadr (lambda (x v) (set-car! (caadr x) v)))
        (cons caadar (lambda (x v) (set-car! (cadar x) v)))
        (cons caaddr (lambda (x v) (set-car! (caddr x) v)))
        (cons cadaar (lambda (x v) (set-car! (cdaar x) v)))
        (cons cadadr (lambda (x v) (set-car! (cdadr x) v)))
        (cons caddar (lambda (x v) (set-car! (cddar x) v)))
        (cons cadddr (lambda (x v) (set-car! (cdddr x) v)))
        (cons cdaaar (lambda (x v) (set-cdr! (caaar x) v)))
        (cons cdaadr (lambda (x v) (set-cdr! (caadr x) v)))
        (cons cdadar (lambda (x v) (set-cdr! (cadar x) v)))
        (cons cdaddr (lambda (x v) (set-cdr! (caddr x) v)))
        (cons cddaar (lambda (x v) (set-cdr! (cdaar x) v)))
        (cons cddadr (lambda (x v) (set-cdr! (cdadr x) v)))
        (cons cdddar (lambda (x v) (set-cdr! (cddar x) v)))
        (cons cddddr (lambda (x v) (set-cdr! (cdddr x) v)))
        (cons list-ref (lambda (l k v) (set-car! (list-tail l k) v)))
        (cons vector-ref vector-set!)
        (cons string-ref string-set!)
        (cons bytevector-u8-ref bytevector-u8-set!)
        (cons hash-ref hash-set!)
        (cons hashq-ref hashq-set!)
        (cons hashv-ref hashv-set!)))

(define (keyword-like-symbol->keyword symbol)
  "(keyword-like-symbol->keyword symbol): the keyword that a symbol such as :x or -x stands for."
  (let ((name (symbol->string symbol)))
    (symbol->keyword (string->symbol (substring name 1)))))
