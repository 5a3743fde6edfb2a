;;; Evaluation, loading, and Guile's modules as procedures see them.

;;; ---- Evaluation and loading --------------------------------------------------------------------------------------

(define (eval expression environment)
  "(eval expression environment): the value of EXPRESSION, a datum, with the names of ENVIRONMENT, which is the current
module meanwhile."
  (let ((outside (current-module)))
    ;; A definition of a module leaves the module at the end, so what went before it must be put back.
    (if (and (eq? environment outside) (not (and (pair? expression) (eq? (car expression) 'define-module))))
        (%run-expansion (%expand-start expression environment))
        (begin
          (if (not (module? environment)) (%wrong-type 'eval 2 "an environment" environment))
          (dynamic-wind
            (lambda () (set-current-module environment))
            (lambda () (%run-expansion (%expand-start expression environment)))
            (lambda () (set-current-module outside)))))))

(define (primitive-eval expression)
  "(primitive-eval expression): the value of EXPRESSION in the current module. [Guile: Fly Evaluation]"
  (%run-expansion (%expand-start expression (current-module))))

(define* (compile expression #:key env from to opts optimization-level warning-level)
  "(compile expression [#:env module]): the value of EXPRESSION; all code is compiled here. [Guile: Compilation]"
  (eval expression (or env (current-module))))

(define (macroexpand expression)
  "(macroexpand expression): EXPRESSION as it is: expanded forms are no data here. [Guile]"
  expression)

(define* (eval-string string #:optional module #:key (module-key module) lang compile? file line column)
  "(eval-string string [module]): the value of the last expression in STRING. [Guile: Fly Evaluation]"
  (let ((port (open-input-string string))
        (module (or module (current-module))))
    (let loop ((value (if #f #f)))
      (let ((form (read port)))
        (if (eof-object? form)
            value
            (loop (eval form module)))))))

(define %load-directory (make-parameter #f))

(define (%directory-of file)
  "The part of FILE up to its last slash, or an empty string."
  (let loop ((i (- (string-length file) 1)))
    (cond ((< i 0) "")
          ((char=? (string-ref file i) #\/) (substring file 0 (+ i 1)))
          (else (loop (- i 1))))))

(define (%load-file file module)
  "Runs all forms of FILE in MODULE, and in the modules that it defines."
  (let ((outside (current-module)))
    (dynamic-wind
      (lambda () (set-current-module module))
      (lambda ()
        (parameterize ((%load-directory (%directory-of file)))
          (let ((source (%source-open file)))
            (let loop ((form (%source-next source)) (value (if #f #f)))
              (if (eof-object? form)
                  value
                  (let ((value (%run-expansion (%source-start form))))
                    (loop (%source-next source) value)))))))
      (lambda ()
        (set! module (current-module))
        (set-current-module outside)))))

(define (load file . environment)
  "(load file [environment]): runs all forms of the source file FILE, in the current module if no other is given. It is
looked for beside the file that loads it first."
  (if (not (string? file)) (%wrong-type 'load 1 "a string" file))
  (let* ((folder (or (%load-directory) (if (null? (command-line)) "" (%directory-of (car (command-line))))))
         (beside (string-append folder file))
         (module (if (and (pair? environment) (module? (car environment))) (car environment) (current-module))))
    (%load-file (if (and (not (string-prefix? "/" file)) (file-exists? beside)) beside file) module)))

(define (primitive-load file)
  "(primitive-load file): runs all forms of the source file FILE in the current module. [Guile: Loading]"
  (%load-file file (current-module)))

(define %load-extensions '(".scm" ""))
(define %load-hook #f)

(define (%search-load-path file)
  "(%search-load-path file): the path of FILE in one of the folders of %load-path, or #f. [Guile: Load Paths]"
  (search-path %load-path file %load-extensions))

(define (primitive-load-path file . handler)
  "(primitive-load-path file [exception-on-not-found]): runs FILE, which is looked for in the folders of %load-path."
  (let ((path (%search-load-path file)))
    (cond (path (primitive-load path))
          ((null? handler) (scm-error 'misc-error "primitive-load-path" "Unable to find file ~S in load path" (list file) #f))
          ((procedure? (car handler)) ((car handler)))
          ((car handler) (scm-error 'misc-error "primitive-load-path" "Unable to find file ~S in load path" (list file) #f))
          (else #f))))

(define (load-from-path file)
  "(load-from-path file): runs FILE, which is looked for in the folders of %load-path. [Guile: Load Paths]"
  (primitive-load-path file))

(define (in-vicinity folder file)
  "(in-vicinity folder file): the path of FILE in FOLDER. [Guile: Loading]"
  (string-append folder (if (or (string-null? folder) (string-suffix? "/" folder)) "" "/") file))

(define (load-in-vicinity file folder)
  "(load-in-vicinity file folder): runs the source file FILE of FOLDER. [Guile: Loading]"
  (load (in-vicinity folder file)))

(define-syntax add-to-load-path
  (syntax-rules ()
    ((_ folder) (set! %load-path (cons folder %load-path)))))

;;; ---- Modules -----------------------------------------------------------------------------------------------------

(define (%rename-all renamer names)
  "What RENAMER makes of each of NAMES, as pairs of the old name and the new."
  (map (lambda (name) (cons name (renamer name))) names))

(define (symbol-prefix-proc prefix)
  "(symbol-prefix-proc prefix): a procedure that puts the symbol PREFIX in front of a symbol, for #:renamer."
  (lambda (symbol) (symbol-append prefix symbol)))

(define* (resolve-module name #:optional (autoload #t) (version #f) #:key (ensure #t))
  "(resolve-module name [autoload] [version] [#:ensure ensure]): the module of this name, loaded if need be. If there is
none, a new one; with ENSURE #f, #f. [Guile: Modules]"
  (or (%find-module name)
      (if (and autoload (%module-available? name))
          (begin
            (%run-expansion (%load-start name))
            (%find-module name))
          (and ensure (%make-module name)))))

(define* (resolve-interface name #:key (select #f) (hide '()) (prefix #f) (renamer #f) (version #f))
  "(resolve-interface name [#:select names] [#:hide names] [#:prefix symbol] [#:renamer procedure]): what the module of this
name exports, as a module. [Guile: Modules]"
  (let ((module (resolve-module name #t #f #:ensure #f)))
    (if (not module)
        (scm-error 'misc-error #f "no code for module ~S" (list name) #f))
    (let ((interface (module-public-interface module)))
      (if (or select prefix renamer (pair? hide))
          (let ((custom (make-module))
                (rename (lambda (name)
                          (let ((name (if prefix (symbol-append prefix name) name)))
                            (if renamer (renamer name) name)))))
            (for-each
              (lambda (spec)
                (let ((from (if (pair? spec) (car spec) spec)) (to (rename (if (pair? spec) (cdr spec) spec))))
                  (if (not (memq from hide))
                      (begin
                        (module-add! custom to
                          (or (module-variable interface from)
                              (scm-error 'unbound-variable #f "no binding `~A' in module ~A" (list from name) #f)))
                        (module-export! custom (list to))))))
              (or select (%module-names interface)))
            (module-public-interface custom))
          interface))))

(define (make-module . size)
  "(make-module): a new module without a name that sees nothing. [Guile: Modules]"
  (%make-environment))

(define (make-fresh-user-module)
  "(make-fresh-user-module): a new module without a name that sees what every module sees at first. [Guile: Modules]"
  (let ((module (%make-environment)))
    (module-use! module (resolve-module '(guile)))
    module))

(define (beautify-user-module! module)
  "(beautify-user-module! module): lets MODULE see what every module sees at first. [Guile: Modules]"
  (module-use! module (resolve-module '(guile))))

(define* (define-module* name #:key filename pure (imports '()) (exports '()) (replacements '()) (re-exports '())
                              (re-export-replacements '()) (autoloads '()) (duplicates #f) (version #f)
                              (declarative? #t) (transformer #f))
  "(define-module* name option ...): what define-module does, as a procedure. [Guile: Modules]"
  (let ((module (resolve-module name #f)))
    (for-each (lambda (import) (%run-expansion (%use-start (list (if (pair? (car import)) import (list import))) module)))
              imports)
    (module-export! module exports)
    (module-replace! module replacements)
    (module-re-export! module re-exports)
    module))

(define (module-variable module name)
  "(module-variable module name): the variable that NAME means in MODULE, or #f. [Guile: Variables]"
  (let ((found (%module-variable module name)))
    (if (eq? found #t)
        (and (%waiting? module name) (%module-variable module name))
        found)))

(define (%waiting? module name)
  "Has a definition made that waits for somebody to ask for it; whether it is there now. Macros are not."
  (catch #t
    (lambda ()
      (%run-expansion (%expand-start name module))
      (not (eq? (%module-variable module name) #t)))
    (lambda arguments #f)))

(define (module-local-variable module name)
  "(module-local-variable module name): the variable that MODULE itself has defined as NAME, or #f. [Guile: Variables]"
  (let ((found (%module-variable module name #t)))
    (if (eq? found #t) (module-variable module name) found)))

(define (module-ref module name . default)
  "(module-ref module name [default]): the value of NAME in MODULE; without one, DEFAULT, or an error. [Guile: Modules]"
  (let ((variable (module-variable module name)))
    (cond ((and variable (variable-bound? variable)) (variable-ref variable))
          ((pair? default) (car default))
          (else (scm-error 'misc-error #f "No variable named ~S ~S ~S" (list name 'in module) #f)))))

(define (module-set! module name value)
  "(module-set! module name value): changes the value of the variable that NAME means in MODULE. [Guile: Modules]"
  (let ((variable (module-variable module name)))
    (if variable
        (variable-set! variable value)
        (scm-error 'misc-error #f "No variable named ~A in ~A" (list name module) #f))))

(define (module-define! module name value)
  "(module-define! module name value): makes NAME a variable of MODULE with this value. [Guile: Modules]"
  (variable-set! (%module-own-variable module name) value))

(define (module-add! module name variable)
  "(module-add! module name variable): makes NAME a variable of MODULE with the value of VARIABLE. [Guile: Modules]"
  (variable-set! (%module-own-variable module name) (variable-ref variable)))

(define (module-ensure-local-variable! module name)
  "(module-ensure-local-variable! module name): the variable NAME of MODULE itself, which it gets now if it has none."
  (%module-own-variable module name))

(define (module-remove! module name)
  "(module-remove! module name): takes the value of MODULE's own variable NAME away. [Guile: Modules]"
  (let ((variable (module-local-variable module name)))
    (if variable (variable-unset! variable))))

(define (module-bound? module name)
  "(module-bound? module name): whether NAME is a variable with a value in MODULE. [Guile: Modules]"
  (let ((variable (module-variable module name)))
    (and variable (variable-bound? variable))))

(define (module-defined? module name)
  "(module-defined? module name): whether NAME means something in MODULE, a variable or syntax. [Guile: Modules]"
  (let ((found (%module-variable module name)))
    (or (eq? found #t) (and found (variable-bound? found)))))

(define (module-locally-bound? module name)
  "(module-locally-bound? module name): whether MODULE itself has a variable NAME with a value. [Guile: Modules]"
  (let ((variable (module-local-variable module name)))
    (and variable (variable-bound? variable))))

(define (defined? name . module)
  "(defined? name [module]): whether NAME means something in MODULE, or in the current module. [Guile: Binding Reflection]"
  (if (not (symbol? name)) (%wrong-type 'defined? 1 "a symbol" name))
  (module-defined? (if (and (pair? module) (car module)) (car module) (current-module)) name))

(define (module-map f module)
  "(module-map f module): the list of what F gives for each name that MODULE itself has bound and its variable."
  (let loop ((names (%module-names module)))
    (if (null? names)
        '()
        (let ((variable (module-variable module (car names))))
          (if variable
              (cons (f (car names) variable) (loop (cdr names)))
              (loop (cdr names)))))))

(define (module-for-each f module)
  "(module-for-each f module): calls F with each name that MODULE itself has bound and its variable. [Guile: Modules]"
  (module-map f module)
  (if #f #f))

(define (module-export! module names . replacing)
  "(module-export! module names): exports NAMES, or pairs (NAME . EXPORTED-NAME), of MODULE. [Guile: Modules]"
  (for-each
    (lambda (name)
      (if (pair? name)
          (%module-export! module (car name) (cdr name) (pair? replacing))
          (%module-export! module name name (pair? replacing))))
    names))

(define (module-re-export! module names . replacing)
  "(module-re-export! module names): exports NAMES that MODULE has from others. [Guile: Modules]"
  (module-export! module names))

(define (module-replace! module names)
  "(module-replace! module names): exports NAMES so that they win over others of that name. [Guile: Modules]"
  (module-export! module names #t))

(define (module-use-interfaces! module interfaces)
  "(module-use-interfaces! module interfaces): lets MODULE see what each of INTERFACES exports. [Guile: Modules]"
  (for-each (lambda (interface) (module-use! module interface)) interfaces))

(define (process-use-modules interfaces)
  "(process-use-modules interfaces): what use-modules does in the current module. [Guile: Modules]"
  (%run-expansion (%use-start interfaces (current-module))))

(define (save-module-excursion thunk)
  "(save-module-excursion thunk): the values of (thunk); afterwards the current module is what it was. [Guile: Modules]"
  (let ((inside (current-module)) (outside #f))
    (dynamic-wind
      (lambda () (set! outside (current-module)) (set-current-module inside))
      thunk
      (lambda () (set! inside (current-module)) (set-current-module outside)))))

;;; ---- Features ----------------------------------------------------------------------------------------------------

(define %cond-expand-features (features))
(define *features* '(threads prefork posix i/o-primitives regex system sockets networking srfi-0 srfi-1 srfi-2 srfi-4 srfi-6 srfi-13 srfi-14))

(define (provided? feature)
  "(provided? feature): whether FEATURE, a symbol, is in the list *features*. [Guile: Feature Manipulation]"
  (and (memq feature *features*) #t))

(define (provide feature)
  "(provide feature): puts FEATURE, a symbol, into the list *features*. [Guile: Feature Manipulation]"
  (if (not (memq feature *features*)) (set! *features* (cons feature *features*))))

(define (version)
  "(version): the version of Guile that this follows, a string. [Guile: Build Config]"
  "3.0.8")

(define (effective-version)
  "(effective-version): the series of Guile that this follows. [Guile: Build Config]"
  "3.0")

(define (major-version)
  "(major-version): the first number of the version, a string. [Guile: Build Config]"
  "3")

(define (minor-version)
  "(minor-version): the second number of the version, a string. [Guile: Build Config]"
  "0")

(define (micro-version)
  "(micro-version): the third number of the version, a string. [Guile: Build Config]"
  "8")

(define (cond-expand-provide module features)
  "(cond-expand-provide module features): what MODULE offers; cond-expand asks whether the module of a SRFI is there. [Guile]"
  (if #f #f))

(define (load-extension library initialization)
  "(load-extension library initialization): is there for modules whose procedures may be part of the program: what is called
libguile is. Others cannot be loaded. [Guile: Foreign Libraries]"
  (if (not (string-prefix? "libguile" library))
      (scm-error 'misc-error 'load-extension "file: ~S, message: ~S" (list library "there are no extensions") #f)))

(define current-language (make-fluid 'scheme))

(define the-scm-module (resolve-module '(guile)))
(define the-root-module (resolve-module '(guile)))

(define %guile-build-info '((guileversion . "3.0.8") (libguileinterface . "7:0:6")))

(define (module-search f module name)
  "(module-search f module name): the first answer of (f module name) that is not #f, for MODULE and then for those in use.
[Guile: Module System Reflection]"
  (or (f module name)
      (let loop ((uses (module-uses module)))
        (and (pair? uses)
             (or (f (car uses) name) (loop (cdr uses)))))))

(define (use-srfis numbers)
  "(use-srfis numbers): the current module uses the modules of the SRFIs of these numbers. [Guile]"
  (process-use-modules
    (map (lambda (number) (list (list 'srfi (string->symbol (string-append "srfi-" (number->string number)))))) numbers)))

(define (define! name value)
  "(define! name value): defines NAME in the current module; the answer is its variable. [Guile]"
  (module-define! (current-module) name value)
  (module-variable (current-module) name))

(define (nil? obj)
  "(nil? obj): whether OBJ is the empty list or false, which are one in Emacs Lisp. [Guile: Nil]"
  (or (null? obj) (not obj)))

(define (->bool obj)
  "(->bool obj): #f for #f, else #t. [Guile: General Conversion]"
  (if obj #t #f))

(define (self-evaluating? obj)
  "(self-evaluating? obj): whether OBJ evaluates to itself: a number, string, boolean, character, keyword or the like. [Guile]"
  (not (or (symbol? obj) (pair? obj) (null? obj))))

(define (warn . irritants)
  "(warn irritant ...): displays the objects on the port of warnings, behind `;;; WARNING`. [Guile]"
  (let ((port (current-warning-port)))
    (newline port)
    (display ";;; WARNING " port)
    (display irritants port)
    (newline port)
    (car (last-pair irritants))))

(define (%load-text name text)
  "(%load-text name text): runs all forms of TEXT, a source called NAME, in the user's module; the value of the last."
  (let ((source (%source-text name text)))
    (let loop ((form (%source-next source)) (value (if #f #f)))
      (if (eof-object? form)
          value
          (let ((value (%run-expansion (%source-start form))))
            (loop (%source-next source) value))))))
