;;; (oop goops): classes, instances and generic functions. [Guile: GOOPS]
;;;
;;; A class is a record; an instance is a record of the class's own record type, and holds the class and a vector of slots. A
;;; generic function is a procedure known to a weak table, with the methods that it has; a call takes the methods that apply
;;; to the classes of its arguments, the most specific first. A procedure that gets a method becomes a generic function in
;;; the module that says so, and does what it did where no method applies. Metaclasses are left out.

(define-module (oop goops)
  #:export (define-class class define-generic define-accessor define-extended-generic define-method method make make-class
            make-generic make-instance ensure-generic ensure-accessor
            add-method! slot-ref slot-set! slot-bound? slot-exists? slot-ref-using-class slot-set-using-class!
            slot-unbound slot-missing class-slot-ref class-slot-set! slot-definition-name slot-definition-options slot-definition-init-keyword
            is-a? class-of class-name class-slots class-direct-slots class-direct-supers class-direct-subclasses class-direct-methods
            class-precedence-list class-subclasses class? instance? initialize shallow-clone deep-clone
            generic-function-name generic-function-methods method-specializers method-procedure method-generic-function
            allocate-instance no-applicable-method change-class
            <class> <top> <object> <number> <complex> <real> <integer> <fraction> <string> <symbol> <keyword> <boolean>
            <char> <list> <pair> <null> <vector> <bytevector> <procedure> <applicable> <generic> <accessor> <method>
            <port> <input-port> <output-port> <input-output-port> <hashtable> <record> <unknown> <promise> <condition>
            <module> <fluid>))

;;; ---- Classes -----------------------------------------------------------------------------------------------------

(define %class
  (let ((type (%keep-apart!
                (%make-record-type 'class (vector 'name 'supers 'cpl 'direct-slots 'slots 'layout 'size 'type 'subclasses)))))
    (set-record-type-printer! type (lambda (class port)
                                     (display "#<<class> " port)
                                     (display (class-name class) port)
                                     (display ">" port)))
    type))
(define %instance (%keep-apart! (%make-record-type 'instance (vector 'class 'slots))))
(define %method
  (let ((type (%keep-apart! (%make-record-type 'method (vector 'generic 'specializers 'rest? 'procedure)))))
    (set-record-type-printer! type (lambda (method port)
                                     (display "#<<method> " port)
                                     (write (map class-name (method-specializers method)) port)
                                     (display ">" port)))
    type))
(define %unbound (list 'unbound))

(define (class? obj)
  "(class? obj): whether OBJ is a class."
  (%record? obj %class))

(define (instance? obj)
  "(instance? obj): whether OBJ is an instance of a class that define-class made, or a class."
  (or (%record? obj %instance) (class? obj)))

(define (class-name class)
  "(class-name class): the name of CLASS, a symbol."
  (%record-ref class %class 0 'class-name))

(define (class-direct-supers class)
  "(class-direct-supers class): the classes that CLASS names as its own."
  (%record-ref class %class 1 'class-direct-supers))

(define (class-precedence-list class)
  "(class-precedence-list class): CLASS and all that it inherits from, the most specific first."
  (%record-ref class %class 2 'class-precedence-list))

(define (class-direct-slots class)
  "(class-direct-slots class): the slots that CLASS itself defines."
  (%record-ref class %class 3 'class-direct-slots))

(define (class-slots class)
  "(class-slots class): all slots of instances of CLASS: lists of a name and options."
  (%record-ref class %class 4 'class-slots))

(define (class-direct-subclasses class)
  "(class-direct-subclasses class): the classes that name CLASS among their own."
  (%record-ref class %class 8 'class-direct-subclasses))

(define (class-subclasses class)
  "(class-subclasses class): the classes that inherit from CLASS."
  (let loop ((l (class-direct-subclasses class)) (out '()))
    (cond ((null? l) (reverse out))
          ((memq (car l) out) (loop (cdr l) out))
          (else (loop (append (cdr l) (class-direct-subclasses (car l))) (cons (car l) out))))))

(define (slot-definition-name slot)
  "(slot-definition-name slot): the name of a slot."
  (car slot))

(define (slot-definition-options slot)
  "(slot-definition-options slot): the options of a slot, keywords and values by turns."
  (cdr slot))

(define (slot-definition-init-keyword slot)
  "(slot-definition-init-keyword slot): the keyword that gives a slot its value in make, or #f."
  (%option slot #:init-keyword #f))

(define (%option slot key default)
  "What the options of SLOT say for KEY, or DEFAULT."
  (let loop ((l (cdr slot)))
    (cond ((or (null? l) (null? (cdr l))) default)
          ((eq? (car l) key) (cadr l))
          (else (loop (cddr l))))))

(define (%precedence supers)
  "What a class inherits from, given its SUPERS: where a class would stand twice, its last place counts."
  (let loop ((l (append-map class-precedence-list supers)))
    (cond ((null? l) '())
          ((memq (car l) (cdr l)) (loop (cdr l)))
          (else (cons (car l) (loop (cdr l)))))))

(define (%all-slots cpl own)
  "The slots of a class that inherits from CPL and defines OWN; the more specific definition of a slot counts."
  (let loop ((l (append (append-map class-direct-slots (reverse cpl)) own)) (out '()))
    (cond ((null? l) (reverse out))
          ((assq (car (car l)) (cdr l)) (loop (cdr l) out))
          (else (loop (cdr l) (cons (car l) out))))))

(define (%layout slots cpl)
  "Where instances have their slots: an index, a box that all share, or a pair of procedures."
  (let loop ((l slots) (index 0) (out '()))
    (if (null? l)
        (cons index (reverse out))
        (let* ((slot (car l)) (allocation (%option slot #:allocation #:instance)))
          (cond ((eq? allocation #:virtual)
                 (loop (cdr l) index
                       (cons (cons (car slot) (cons (%option slot #:slot-ref #f) (%option slot #:slot-set! #f))) out)))
                ((memq allocation '(#:class #:each-subclass))
                 (loop (cdr l) index
                       (cons (cons (car slot)
                                   (or (and (eq? allocation #:class) (%shared-box (car slot) cpl))
                                       (%make-box (%initial slot))))
                             out)))
                (else (loop (cdr l) (+ index 1) (cons (cons (car slot) index) out))))))))

(define (%shared-box name cpl)
  "The box in which a class of CPL keeps the slot NAME for all its instances, or #f."
  (and (pair? cpl)
       (let ((entry (assq name (%record-ref (car cpl) %class 5))))
         (if (and entry (%box? (cdr entry)))
             (cdr entry)
             (%shared-box name (cdr cpl))))))

(define (%initial slot)
  "The value that SLOT has at first."
  (let ((thunk (%option slot #:init-thunk #f)))
    (if thunk (thunk) (%option slot #:init-value %unbound))))

(define (%make-class name supers slots)
  "A new class. SLOTS are lists of a name and options."
  (let* ((supers (if (null? supers) (list <object>) supers))
         (inherited (%precedence supers))
         (all (%all-slots inherited slots))
         (layout (%layout all inherited))
         (class (%record %class name supers '() slots all (cdr layout) (car layout)
                         (%hide-fields! (%make-record-type name (vector 'class 'slots) %instance)) '())))
    (%record-set! class %class 2 (cons class inherited))
    (for-each (lambda (super) (%record-set! super %class 8 (cons class (class-direct-subclasses super)))) supers)
    (if (any (lambda (super) (memq super %shown-classes)) inherited) (%show-by-methods! class))
    class))

(define* (make-class supers slots #:key (name 'anonymous))
  "(make-class supers slots [#:name name]): a new class; SLOTS are names, or lists of a name and options."
  (%make-class name supers (map (lambda (slot) (if (pair? slot) slot (list slot))) slots)))

(define (%builtin-class name . supers)
  "A class that objects of the language have."
  (let ((inherited (%precedence supers)))
    (let ((class (%record %class name supers '() '() '() '() 0 #f '())))
      (%record-set! class %class 2 (cons class inherited))
      class)))

(define <top> (%builtin-class '<top>))
(define <object> (%builtin-class '<object> <top>))
(define <class> (%builtin-class '<class> <object>))
(define <applicable> (%builtin-class '<applicable> <top>))
(define <procedure> (%builtin-class '<procedure> <applicable>))
(define <generic> (%builtin-class '<generic> <object> <applicable>))
(define <accessor> (%builtin-class '<accessor> <generic>))
(define <method> (%builtin-class '<method> <object>))
(define <number> (%builtin-class '<number> <top>))
(define <complex> (%builtin-class '<complex> <number>))
(define <real> (%builtin-class '<real> <complex>))
(define <integer> (%builtin-class '<integer> <real>))
(define <fraction> (%builtin-class '<fraction> <real>))
(define <string> (%builtin-class '<string> <top>))
(define <symbol> (%builtin-class '<symbol> <top>))
(define <keyword> (%builtin-class '<keyword> <top>))
(define <boolean> (%builtin-class '<boolean> <top>))
(define <char> (%builtin-class '<char> <top>))
(define <list> (%builtin-class '<list> <top>))
(define <pair> (%builtin-class '<pair> <list>))
(define <null> (%builtin-class '<null> <list>))
(define <vector> (%builtin-class '<vector> <top>))
(define <bytevector> (%builtin-class '<bytevector> <top>))
(define <hashtable> (%builtin-class '<hashtable> <top>))
(define <promise> (%builtin-class '<promise> <top>))
(define <module> (%builtin-class '<module> <top>))
(define <fluid> (%builtin-class '<fluid> <top>))
(define <record> (%builtin-class '<record> <top>))
(define <condition> (%builtin-class '<condition> <top>))
(define <unknown> (%builtin-class '<unknown> <top>))
(define <port> (%builtin-class '<port> <top>))
(define <input-port> (%builtin-class '<input-port> <port>))
(define <output-port> (%builtin-class '<output-port> <port>))
(define <input-output-port> (%builtin-class '<input-output-port> <input-port> <output-port>))

(define (class-of obj)
  "(class-of obj): the class of OBJ, which may be anything."
  (cond ((%record? obj %instance) (%record-ref obj %instance 0))
        ((%record? obj %class) <class>)
        ((%record? obj %method) <method>)
        ((number? obj)
         (cond ((not (real? obj)) <complex>)
               ((not (exact? obj)) <real>)
               ((integer? obj) <integer>)
               (else <fraction>)))
        ((string? obj) <string>)
        ((symbol? obj) <symbol>)
        ((pair? obj) <pair>)
        ((null? obj) <null>)
        ((boolean? obj) <boolean>)
        ((char? obj) <char>)
        ((keyword? obj) <keyword>)
        ((vector? obj) <vector>)
        ((bytevector? obj) <bytevector>)
        ((procedure? obj)
         (cond ((not (%generic-of obj)) <procedure>)
               ((procedure-with-setter? obj) <accessor>)
               (else <generic>)))
        ((port? obj)
         (cond ((not (output-port? obj)) <input-port>)
               ((input-port? obj) <input-output-port>)
               (else <output-port>)))
        ((hash-table? obj) <hashtable>)
        ((promise? obj) <promise>)
        ((module? obj) <module>)
        ((fluid? obj) <fluid>)
        ((exception? obj) <condition>)
        ((%record? obj) <record>)
        (else <unknown>)))

(define (is-a? obj class)
  "(is-a? obj class): whether OBJ is of CLASS or of a class that inherits from it."
  (and (memq class (class-precedence-list (class-of obj))) #t))

;;; ---- Instances ---------------------------------------------------------------------------------------------------

(define (allocate-instance class . ignored)
  "(allocate-instance class): a new instance of CLASS whose slots have no values."
  (%record (%record-ref class %class 7) class (make-vector (%record-ref class %class 6) %unbound)))

(define (make class . initargs)
  "(make class keyword value ...): a new instance of CLASS, with what initialize puts into its slots."
  (cond ((eq? class <generic>) (make-generic (%option (cons #f initargs) #:name 'generic)))
        ((eq? class <class>)
         (%make-class (%option (cons #f initargs) #:name 'anonymous)
                      (%option (cons #f initargs) #:dsupers '())
                      (%option (cons #f initargs) #:slots '())))
        ((eq? class <method>)
         (let ((specializers (%option (cons #f initargs) #:specializers '()))
               (procedure (%option (cons #f initargs) #:procedure #f)))
           (%make-method specializers (lambda (next . arguments) (apply procedure arguments)))))
        (else
         (let ((obj (allocate-instance class)))
           (initialize obj initargs)
           obj))))

(define (make-instance class . initargs)
  "(make-instance class keyword value ...): the same as make."
  (apply make class initargs))

(define (%initialize obj initargs)
  "Gives each slot of OBJ what INITARGS say, or what its definition says."
  (let ((class (class-of obj)))
    (for-each
      (lambda (slot)
        (let* ((key (%option slot #:init-keyword #f))
               (given (if key (%option (cons #f initargs) key %unbound) %unbound))
               (place (cdr (assq (car slot) (%record-ref class %class 5)))))
          (cond ((not (eq? given %unbound)) (slot-set! obj (car slot) given))
                ((exact-integer? place)
                 (vector-set! (%record-ref obj %instance 1) place (%initial slot))))))
      (class-slots class))
    obj))

(define (%place obj name)
  "Where OBJ has its slot NAME."
  (let ((entry (and (%record? obj %instance)
                    (assq name (%record-ref (%record-ref obj %instance 0) %class 5)))))
    (if entry (cdr entry) #f)))

(define (slot-ref obj name)
  "(slot-ref obj name): the value of the slot NAME of OBJ."
  (let* ((place (%place obj name))
         (value (cond ((exact-integer? place) (vector-ref (%record-ref obj %instance 1) place))
                      ((%box? place) (%box-ref place))
                      ((pair? place) ((car place) obj))
                      (else (slot-missing (class-of obj) obj name)))))
    (if (eq? value %unbound) (slot-unbound (class-of obj) obj name) value)))

(define (slot-set! obj name value)
  "(slot-set! obj name value): changes the slot NAME of OBJ."
  (let ((place (%place obj name)))
    (cond ((exact-integer? place) (vector-set! (%record-ref obj %instance 1) place value))
          ((%box? place) (%box-set! place value))
          ((pair? place) ((cdr place) obj value))
          (else (slot-missing (class-of obj) obj name value)))))

(define (slot-bound? obj name)
  "(slot-bound? obj name): whether the slot NAME of OBJ has a value."
  (let ((place (%place obj name)))
    (cond ((exact-integer? place) (not (eq? (vector-ref (%record-ref obj %instance 1) place) %unbound)))
          ((%box? place) (not (eq? (%box-ref place) %unbound)))
          ((pair? place) #t)
          (else (slot-missing (class-of obj) obj name)))))

(define (slot-exists? obj name)
  "(slot-exists? obj name): whether OBJ has a slot NAME."
  (and (%place obj name) #t))

(define (slot-ref-using-class class obj name)
  "(slot-ref-using-class class obj name): the same as (slot-ref obj name)."
  (slot-ref obj name))

(define (slot-set-using-class! class obj name value)
  "(slot-set-using-class! class obj name value): the same as (slot-set! obj name value)."
  (slot-set! obj name value))

(define (class-slot-ref class name)
  "(class-slot-ref class name): the value of the slot NAME that the instances of CLASS share."
  (let ((value (%box-ref (%class-box class name))))
    (if (eq? value %unbound) (slot-unbound class class name) value)))

(define (class-slot-set! class name value)
  "(class-slot-set! class name value): changes the slot NAME that the instances of CLASS share."
  (%box-set! (%class-box class name) value))

(define (%class-box class name)
  "The box of the slot NAME that the instances of CLASS share."
  (let ((entry (assq name (%record-ref class %class 5))))
    (if (and entry (%box? (cdr entry)))
        (cdr entry)
        (scm-error 'goops-error #f "No class slot with name `~S' in class ~S" (list name class) '()))))

(define (shallow-clone obj)
  "(shallow-clone obj): a new instance with the same values in its slots."
  (let ((class (class-of obj)))
    (%record (%record-ref class %class 7) class (vector-copy (%record-ref obj %instance 1)))))

(define (deep-clone obj)
  "(deep-clone obj): a new instance; what its slots hold is cloned too, as far as it consists of instances."
  (let ((class (class-of obj)))
    (%record (%record-ref class %class 7) class
             (vector-map (lambda (value) (if (%record? value %instance) (deep-clone value) value))
                         (%record-ref obj %instance 1)))))

(define (change-class obj class)
  "(change-class obj class): a new instance of CLASS that has what OBJ has in slots of the same names."
  (let ((new (make class)))
    (for-each
      (lambda (slot)
        (if (and (slot-exists? obj (car slot)) (slot-bound? obj (car slot)))
            (slot-set! new (car slot) (slot-ref obj (car slot)))))
      (class-slots class))
    new))

;;; ---- Generic functions -------------------------------------------------------------------------------------------
;;;
;;; What %generics knows about a generic function: a vector of its name, its methods, the procedure that it was before or #f, and
;;; the orders of methods found so far, by the classes of the arguments.

(define %generics (make-weak-key-hash-table))

(define (%generic-of procedure)
  "What is known about PROCEDURE as a generic function, or #f."
  (hashq-ref %generics procedure #f))

(define (make-generic . name+default)
  "(make-generic [name]): a new generic function without methods."
  (let* ((name (if (pair? name+default) (car name+default) 'generic))
         (default (and (pair? name+default) (pair? (cdr name+default)) (cadr name+default)))
         (known (vector name '() default '())))
    (define generic (lambda arguments (%dispatch generic known arguments)))
    (hashq-set! %generics generic known)
    (set-procedure-property! generic 'name name)
    generic))

(define (%dispatch generic known arguments)
  "Calls the most specific method for ARGUMENTS. What write and display are not told is where to write."
  (let* ((arguments (if (and (pair? arguments) (null? (cdr arguments)) (memq (vector-ref known 0) '(write display)))
                        (list (car arguments) (current-output-port))
                        arguments))
         (methods (%applicable known arguments)))
    (cond ((pair? methods) (%call-method generic known methods arguments))
          ((vector-ref known 2) (apply (vector-ref known 2) arguments))
          (else (no-applicable-method generic arguments)))))

(define (%call-method generic known methods arguments)
  "Calls the first of METHODS; its next-method is the second, and so on."
  (apply (%record-ref (car methods) %method 3)
         (lambda given
           (let ((arguments (if (null? given) arguments given)))
             (cond ((pair? (cdr methods)) (%call-method generic known (cdr methods) arguments))
                   ((vector-ref known 2) (apply (vector-ref known 2) arguments))
                   (else (scm-error 'goops-error #f "No next method when calling ~S\nwith arguments ~S"
                                    (list generic arguments) '())))))
         arguments))

(define (%applicable known arguments)
  "The methods for ARGUMENTS, the most specific first."
  (let* ((classes (map class-of arguments))
         (found (let loop ((l (vector-ref known 3)))
                  (cond ((null? l) #f)
                        ((%same-classes? (caar l) classes) (car l))
                        (else (loop (cdr l)))))))
    (if found
        (cdr found)
        (let* ((lists (map class-precedence-list classes))
               (methods (sort (filter (lambda (method) (%applies? method lists)) (vector-ref known 1))
                              (lambda (a b) (%more-specific? a b lists)))))
          (if (< (length (vector-ref known 3)) 16)
              (vector-set! known 3 (cons (cons classes methods) (vector-ref known 3))))
          methods))))

(define (%same-classes? a b)
  "Whether two lists consist of the same classes."
  (cond ((null? a) (null? b))
        ((null? b) #f)
        (else (and (eq? (car a) (car b)) (%same-classes? (cdr a) (cdr b))))))

(define (%applies? method lists)
  "Whether METHOD takes arguments whose classes have these precedence lists."
  (let loop ((specializers (%record-ref method %method 1)) (lists lists))
    (cond ((null? specializers) (or (null? lists) (%record-ref method %method 2)))
          ((null? lists) #f)
          (else (and (memq (car specializers) (car lists)) (loop (cdr specializers) (cdr lists)))))))

(define (%more-specific? a b lists)
  "Whether method A is more specific than B for arguments whose classes have these precedence lists."
  (let loop ((as (%record-ref a %method 1)) (bs (%record-ref b %method 1)) (lists lists))
    (cond ((null? as) (and (null? bs) (not (%record-ref a %method 2)) (%record-ref b %method 2)))
          ((null? bs) #t)
          ((eq? (car as) (car bs)) (loop (cdr as) (cdr bs) (cdr lists)))
          (else (> (length (memq (car as) (car lists))) (length (memq (car bs) (car lists))))))))

(define (%make-method specializers procedure . rest?)
  "A method for arguments of the classes SPECIALIZERS; PROCEDURE gets next-method before the arguments."
  (%record %method #f specializers (and (pair? rest?) (car rest?)) procedure))

(define (add-method! generic method)
  "(add-method! generic method): gives GENERIC one more method, in place of one for the same classes."
  (let* ((known (or (%generic-of generic) (%wrong-type 'add-method! 1 "a generic function" generic)))
         (others (filter (lambda (other)
                           (not (and (%same-classes? (%record-ref other %method 1) (%record-ref method %method 1))
                                     (eq? (%record-ref other %method 2) (%record-ref method %method 2)))))
                         (vector-ref known 1))))
    (%record-set! method %method 0 generic)
    (vector-set! known 1 (cons method others))
    (vector-set! known 3 '())
    (if (memq (vector-ref known 2) (list write display)) (%showing! known method))))

;;; A method of write or display for a class of the program's is called for its instances wherever they are written.

(define %shown-classes '())
(define %showing '())

(define (%showing! known method)
  "Has METHOD, of the generic function that is KNOWN and that was write or display, print the instances of its class."
  (let ((class (and (pair? (method-specializers method)) (car (method-specializers method)))))
    (if (not (memq known %showing)) (set! %showing (cons known %showing)))
    (if (and (class? class) (memq <object> (class-precedence-list class)))
        (begin
          (set! %shown-classes (cons class %shown-classes))
          (for-each %show-by-methods! (cons class (class-subclasses class)))))))

(define (%show-by-methods! class)
  "Has instances of CLASS printed by the methods of write, or else of display."
  (let ((type (%record-ref class %class 7)))
    (if type
        (set-record-type-printer! type
          (lambda (obj port)
            (let loop ((l (append (filter (lambda (known) (eq? (vector-ref known 2) write)) %showing)
                                  (filter (lambda (known) (eq? (vector-ref known 2) display)) %showing))))
              (if (null? l)
                  (begin (display "#<" port) (display (class-name (class-of obj)) port) (display ">" port))
                  (let ((methods (%applicable (car l) (list obj port))))
                    (if (pair? methods)
                        (%call-method (vector-ref (car l) 2) (vector (vector-ref (car l) 0) '() %show-plainly '()) methods
                                      (list obj port))
                        (loop (cdr l)))))))))))

(define (%show-plainly obj #!optional port)
  "Writes the instance OBJ as its class."
  (let ((port (or port (current-output-port))))
    (display "#<" port)
    (display (class-name (class-of obj)) port)
    (display ">" port)))

(define (generic-function-name generic)
  "(generic-function-name generic): the name of a generic function."
  (vector-ref (%generic-of generic) 0))

(define (generic-function-methods generic)
  "(generic-function-methods generic): a list of the methods of a generic function."
  (vector-ref (%generic-of generic) 1))

(define (class-direct-methods class)
  "(class-direct-methods class): a list of the methods that name CLASS among the classes of their arguments."
  (hash-fold (lambda (generic known found)
               (append (filter (lambda (method) (memq class (method-specializers method))) (vector-ref known 1)) found))
             '() %generics))

(define (method-specializers method)
  "(method-specializers method): the classes of the arguments that METHOD is for."
  (%record-ref method %method 1))

(define (method-procedure method)
  "(method-procedure method): the procedure of METHOD; it takes next-method before the arguments."
  (%record-ref method %method 3))

(define (method-generic-function method)
  "(method-generic-function method): the generic function that METHOD belongs to."
  (%record-ref method %method 0))

(define (%value-of name)
  "What NAME means in the current module, or #f."
  (let ((variable (module-variable (current-module) name)))
    (and variable (variable-bound? variable) (variable-ref variable))))

(define* (ensure-generic old #:optional (name 'generic))
  "(ensure-generic old [name]): OLD if it is a generic function, else a new one that does what the procedure OLD does where no
method applies."
  (cond ((and (procedure? old) (%generic-of old)) old)
        ((procedure? old) (make-generic name old))
        (else (make-generic name))))

(define* (ensure-accessor old #:optional (name 'accessor))
  "(ensure-accessor old [name]): the same as ensure-generic, with a generic function as its setter too."
  (let ((generic (ensure-generic old name)))
    (if (not (procedure-with-setter? generic))
        (set-procedure-property! generic '%setter (make-generic (symbol-append 'setter: name))))
    generic))

(define-syntax define-generic
  (syntax-rules ()
    ((_ name) (define name (ensure-generic (%value-of 'name) 'name)))))

(define-syntax define-extended-generic
  (syntax-rules ()
    ((_ name old) (define name (make-generic 'name old)))))

(define-syntax define-accessor
  (syntax-rules ()
    ((_ name) (define name (ensure-accessor (%value-of 'name) 'name)))))

(define-syntax define-method
  (lambda (form)
    (syntax-case form ()
      ((keyword (name . formals) body ...)
       (with-syntax ((method (%method-syntax #'keyword #'formals #'(body ...))))
         (syntax-case #'name ()
           ((word accessor) (eq? (syntax->datum #'word) 'setter)
            #'(begin
                (define accessor (ensure-accessor (%value-of 'accessor) 'accessor))
                (add-method! (setter accessor) method)))
           (id
            #'(begin
                (define id (ensure-generic (%value-of 'id) 'id))
                (add-method! id method)))))))))

(define-syntax method
  (lambda (form)
    (syntax-case form ()
      ((keyword formals body ...) (%method-syntax #'keyword #'formals #'(body ...))))))

(define (%method-syntax keyword formals body)
  "An expression for a method; the word next-method is the user's."
  (let loop ((l formals) (names '()) (classes '()))
    (syntax-case l ()
      (((name class) . more) (loop #'more (cons #'name names) (cons #'class classes)))
      ((name . more) (loop #'more (cons #'name names) (cons #'<top> classes)))
      (rest
       (with-syntax (((name ...) (reverse names))
                     ((class ...) (reverse classes))
                     (next-method (datum->syntax keyword 'next-method))
                     (rest? (identifier? #'rest))
                     ((body ...) body))
         (if (null? (syntax->datum #'(body ...)))
             #'(%make-method (list class ...) (lambda (next-method name ... . rest) (if #f #f)) rest?)
             #'(%make-method (list class ...) (lambda (next-method name ... . rest) body ...) rest?)))))))

(define-syntax define-class
  (lambda (form)
    (syntax-case form ()
      ((_ name (super ...) part ...)
       (let loop ((l #'(part ...)) (slots '()) (definitions '()))
         (syntax-case l ()
           (() (with-syntax (((slot ...) (reverse slots))
                             ((definition ...) (reverse definitions)))
                 #'(begin
                     (define name (%make-class 'name (list super ...) (list slot ...)))
                     definition ...)))
           ((key value . more) (keyword? (syntax->datum #'key)) (loop #'more slots definitions))
           (((slot option ...) . more)
            (loop #'more
                  (cons #`(list 'slot #,@(%slot-options #'(option ...))) slots)
                  (append (%slot-definitions #'name #'slot #'(option ...)) definitions)))
           ((slot . more) (loop #'more (cons #'(list 'slot) slots) definitions))))))))

(define-syntax class
  (syntax-rules ()
    ((_ (super ...) part ...)
     (let () (define-class anonymous (super ...) part ...) anonymous))))

(define (%slot-options options)
  "The options of a slot as expressions."
  (syntax-case options ()
    ((key value . more)
     (let ((key* (syntax->datum #'key)))
       (cond ((eq? key* #:init-form) (cons #'#:init-thunk (cons #'(lambda () value) (%slot-options #'more))))
             ((memq key* '(#:getter #:setter #:accessor)) (cons #'key (cons #''value (%slot-options #'more))))
             (else (cons #'key (cons #'value (%slot-options #'more)))))))
    (other '())))

(define (%slot-definitions class slot options)
  "The definitions of the accessors of a slot."
  (with-syntax ((class class) (slot slot))
    (syntax-case options ()
      ((key name . more)
       (append
         (%slot-definitions #'class #'slot #'more)
         (case (syntax->datum #'key)
           ((#:getter)
            (list #'(begin
                      (define name (ensure-generic (%value-of 'name) 'name))
                      (add-method! name (%make-method (list class) (lambda (next o) (slot-ref o 'slot)))))))
           ((#:setter)
            (list #'(begin
                      (define name (ensure-generic (%value-of 'name) 'name))
                      (add-method! name (%make-method (list class <top>) (lambda (next o v) (slot-set! o 'slot v)))))))
           ((#:accessor)
            (list #'(begin
                      (define name (ensure-accessor (%value-of 'name) 'name))
                      (add-method! name (%make-method (list class) (lambda (next o) (slot-ref o 'slot))))
                      (add-method! (setter name)
                                   (%make-method (list class <top>) (lambda (next o v) (slot-set! o 'slot v)))))))
           (else '()))))
      (other '()))))

(define initialize (make-generic 'initialize))
(add-method! initialize (%make-method (list <top> <top>) (lambda (next obj initargs) (%initialize obj initargs))))

(define slot-missing
  (make-generic 'slot-missing
    (lambda (class obj name . value)
      (scm-error 'goops-error #f "No slot with name `~S' in object ~S" (list name obj) '()))))

(define slot-unbound
  (make-generic 'slot-unbound
    (lambda (class obj name)
      (scm-error 'goops-error #f "Slot `~S' is unbound in object ~S" (list name obj) '()))))

(define no-applicable-method
  (make-generic 'no-applicable-method
    (lambda (generic arguments)
      (scm-error 'goops-error #f "No applicable method for ~S in call ~S"
                 (list generic (cons (generic-function-name generic) arguments)) '()))))
