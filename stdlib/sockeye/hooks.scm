;;; Hooks, properties of objects, and structures. [Guile: Hooks, Object Properties, Structures]

;;; ---- Hooks -------------------------------------------------------------------------------------------------------

(define %hook-type
  (let ((type (%keep-apart! (%make-record-type 'hook #(arity procedures)))))
    (set-record-type-printer! type %print-hook)
    type))

(define (%print-hook hook port)
  "Writes HOOK as its arity and its procedures."
  (display "#<hook " port)
  (display (%record-ref hook %hook-type 0) port)
  (for-each (lambda (procedure) (display " " port) (write procedure port)) (hook->list hook))
  (display ">" port))

(define (%check-hook who obj)
  "Complains in the name of WHO, of which OBJ is argument 1, unless it is a hook."
  (if (not (hook? obj)) (%wrong-type who 1 "a hook" obj)))

(define* (make-hook #:optional (arity 0))
  "(make-hook [arity]): a new hook without procedures; each is to take ARITY arguments. [Guile: Hook Reference]"
  (if (not (and (exact-integer? arity) (>= arity 0))) (%wrong-type 'make-hook 1 "an exact integer, not negative" arity))
  (%record %hook-type arity '()))

(define (hook? obj)
  "(hook? obj): whether OBJ is a hook. [Guile: Hook Reference]"
  (%record? obj %hook-type))

(define (hook-empty? hook)
  "(hook-empty? hook): whether HOOK has no procedures. [Guile: Hook Reference]"
  (null? (hook->list hook)))

(define (hook->list hook)
  "(hook->list hook): the procedures of HOOK, in the order in which it calls them. [Guile: Hook Reference]"
  (%check-hook 'hook->list hook)
  (%record-ref hook %hook-type 1))

(define* (add-hook! hook procedure #:optional at-end?)
  "(add-hook! hook procedure [at-end?]): adds PROCEDURE in front of those of HOOK, or behind them; one that is there moves.
[Guile: Hook Reference]"
  (%check-hook 'add-hook! hook)
  (if (not (procedure? procedure)) (%wrong-type 'add-hook! 2 "a procedure" procedure))
  (let ((others (delq procedure (hook->list hook))))
    (%record-set! hook %hook-type 1 (if at-end? (append others (list procedure)) (cons procedure others)))))

(define (remove-hook! hook procedure)
  "(remove-hook! hook procedure): HOOK does not call PROCEDURE any more. [Guile: Hook Reference]"
  (%check-hook 'remove-hook! hook)
  (%record-set! hook %hook-type 1 (delq procedure (hook->list hook)))
  hook)

(define (reset-hook! hook)
  "(reset-hook! hook): takes all procedures from HOOK. [Guile: Hook Reference]"
  (%check-hook 'reset-hook! hook)
  (%record-set! hook %hook-type 1 '())
  hook)

(define (run-hook hook . args)
  "(run-hook hook arg ...): calls the procedures of HOOK with the arguments, one after the other. [Guile: Hook Reference]"
  (%check-hook 'run-hook hook)
  (let ((arity (%record-ref hook %hook-type 0)))
    (if (not (= (length args) arity))
        (scm-error 'misc-error 'run-hook "Hook ~S requires ~A arguments" (list hook arity) #f))
    (for-each (lambda (procedure) (apply procedure args)) (hook->list hook))))

(define exit-hook (make-hook))
(define before-eval-hook (make-hook 1))
(define after-eval-hook (make-hook 1))
(define before-print-hook (make-hook 1))
(define after-print-hook (make-hook 1))
(define before-read-hook (make-hook))
(define after-read-hook (make-hook))
(define before-error-hook (make-hook))
(define after-error-hook (make-hook))
(define before-backtrace-hook (make-hook))
(define after-backtrace-hook (make-hook))
(define abort-hook (make-hook))
(define module-defined-hook (make-hook 1))
(define after-gc-hook (make-hook))

;;; ---- Properties --------------------------------------------------------------------------------------------------

(define (make-object-property)
  "(make-object-property): a new property: (property obj) is its value for OBJ, #f at first, and (set! (property obj) value)
changes it. It does not keep OBJ alive. [Guile: Object Properties]"
  (let ((values (make-weak-key-hash-table)))
    (make-procedure-with-setter
      (lambda (obj) (hashq-ref values obj))
      (lambda (obj value) (hashq-set! values obj value)))))

(define %object-properties (make-weak-key-hash-table))

(define (object-properties obj)
  "(object-properties obj): an association list of all that set-object-property! has said of OBJ. [Guile: Object Properties]"
  (hashq-ref %object-properties obj '()))

(define (set-object-properties! obj alist)
  "(set-object-properties! obj alist): makes ALIST the properties of OBJ. [Guile: Object Properties]"
  (hashq-set! %object-properties obj alist)
  alist)

(define (object-property obj key)
  "(object-property obj key): the property KEY of OBJ, or #f. [Guile: Object Properties]"
  (assq-ref (object-properties obj) key))

(define (set-object-property! obj key value)
  "(set-object-property! obj key value): makes VALUE the property KEY of OBJ. [Guile: Object Properties]"
  (set-object-properties! obj (assq-set! (object-properties obj) key value))
  value)

(define %symbol-properties (make-hash-table))

(define (symbol-property symbol key)
  "(symbol-property symbol key): the property KEY of SYMBOL, or #f. [Guile: Symbol Properties]"
  (assq-ref (hashq-ref %symbol-properties symbol '()) key))

(define (set-symbol-property! symbol key value)
  "(set-symbol-property! symbol key value): makes VALUE the property KEY of SYMBOL. [Guile: Symbol Properties]"
  (hashq-set! %symbol-properties symbol (assq-set! (hashq-ref %symbol-properties symbol '()) key value)))

(define (symbol-property-remove! symbol key)
  "(symbol-property-remove! symbol key): SYMBOL has no property KEY any more. [Guile: Symbol Properties]"
  (hashq-set! %symbol-properties symbol (assq-remove! (hashq-ref %symbol-properties symbol '()) key)))

;;; ---- Structures --------------------------------------------------------------------------------------------------
;;;
;;; A vtable is a record type, and a structure is a record: these are the procedures that ask for fields by number.

(define* (make-vtable fields #:optional printer)
  "(make-vtable fields [printer]): the type of structures of half as many fields as FIELDS has characters; (printer struct port)
prints them. [Guile: Vtables]"
  (if (not (and (string? fields) (even? (string-length fields))))
      (%wrong-type 'make-vtable 1 "a string of pairs of letters" fields))
  (let* ((count (quotient (string-length fields) 2))
         (type (%make-record-type 'struct (list->vector (iota count)))))
    (if printer (set-record-type-printer! type printer))
    type))

(define (make-struct/no-tail vtable . fields)
  "(make-struct/no-tail vtable field ...): a structure of the type VTABLE; fields that are not given are #f. [Guile: Structure Basics]"
  (if (not (%record-type? vtable)) (%wrong-type 'make-struct/no-tail 1 "a vtable" vtable))
  (let ((count (vector-length (%record-type-fields vtable))))
    (if (> (length fields) count)
        (scm-error 'wrong-number-of-args 'make-struct/no-tail "Wrong number of initializers when instantiating ~A" (list vtable) #f))
    (apply %record vtable (append fields (make-list (- count (length fields)) #f)))))

(define (make-struct/simple vtable . fields)
  "(make-struct/simple vtable field ...): a structure of the type VTABLE; all fields are given. [Guile: Structure Basics]"
  (apply make-struct/no-tail vtable fields))

(define (allocate-struct vtable count)
  "(allocate-struct vtable count): a structure of the type VTABLE, all fields of which are #f. [Guile: Structure Basics]"
  (make-struct/no-tail vtable))

(define (struct? obj)
  "(struct? obj): whether OBJ is a structure; all records are. [Guile: Structure Basics]"
  (or (%record? obj) (%record-type? obj)))

(define (struct-vtable? obj)
  "(struct-vtable? obj): whether OBJ is a type of structures. [Guile: Vtable Contents]"
  (%record-type? obj))

(define (struct-vtable struct)
  "(struct-vtable struct): the type of STRUCT. [Guile: Vtable Contents]"
  (%record-type struct))

(define (struct-vtable-name vtable)
  "(struct-vtable-name vtable): the name of a type of structures. [Guile: Vtable Contents]"
  (%record-type-name vtable))

(define (struct-ref struct k)
  "(struct-ref struct k): field K of STRUCT. [Guile: Structure Basics]"
  (if (not (%record? struct)) (%wrong-type 'struct-ref 1 "a structure" struct))
  (%check-field 'struct-ref struct k)
  (%record-ref struct (%record-type struct) k))

(define (struct-set! struct k value)
  "(struct-set! struct k value): makes VALUE field K of STRUCT. [Guile: Structure Basics]"
  (if (not (%record? struct)) (%wrong-type 'struct-set! 1 "a structure" struct))
  (%check-field 'struct-set! struct k)
  (%record-set! struct (%record-type struct) k value)
  value)

(define (%check-field who struct k)
  "Complains in the name of WHO, unless STRUCT has a field K, its argument 2."
  (if (not (exact-integer? k)) (%wrong-type who 2 "an exact integer" k))
  (if (not (< -1 k (vector-length (%record-type-fields (%record-type struct)))))
      (scm-error 'out-of-range who "Value out of range: ~S" (list k) (list k))))
