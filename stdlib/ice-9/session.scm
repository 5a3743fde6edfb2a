;;; (ice-9 session): asking at the prompt what there is. [Guile: Help Commands]

(define-module (ice-9 session)
  #:export (apropos apropos-internal apropos-fold apropos-fold-accessible apropos-fold-exported apropos-fold-all apropos-hook
            help procedure-arguments arity source module-commentary
            add-value-help-handler! remove-value-help-handler! add-name-help-handler! remove-name-help-handler!))

(define apropos-hook (make-hook))
(define %value-handlers (%make-box '()))
(define %name-handlers (%make-box '()))

(define (%matcher pattern)
  "A procedure that tells whether the name of a symbol matches PATTERN."
  (let ((expression (make-regexp (if (symbol? pattern) (symbol->string pattern) pattern))))
    (lambda (symbol) (and (regexp-exec expression (symbol->string symbol)) #t))))

(define (apropos-fold f init pattern folder)
  "(apropos-fold f init pattern folder): (f module name value so-far) for the variables that match the regular expression PATTERN; and
with (folder g so-far), (g module so-far) is called for each module."
  (let ((matches? (%matcher pattern)))
    (folder
      (lambda (module so-far)
        (let ((so-far so-far))
          (module-for-each
            (lambda (name variable)
              (if (and (matches? name) (variable-bound? variable))
                  (set! so-far (f module name (variable-ref variable) so-far))))
            module)
          so-far))
      init)))

(define (apropos-fold-accessible module)
  "(apropos-fold-accessible module): what goes over MODULE and those that it uses."
  (lambda (f init)
    (let loop ((modules (cons module (module-uses module))) (so-far init))
      (if (null? modules) so-far (loop (cdr modules) (f (car modules) so-far))))))

(define (apropos-fold-exported f init)
  "(apropos-fold-exported f init): goes over what the current module sees exported."
  ((apropos-fold-accessible (current-module)) f init))

(define (apropos-fold-all f init)
  "(apropos-fold-all f init): goes over the current module and those that it uses."
  ((apropos-fold-accessible (current-module)) f init))

(define (apropos-internal pattern)
  "(apropos-internal pattern): a list of the names that match the regular expression PATTERN."
  (delete-duplicates
    (apropos-fold (lambda (module name value names) (cons name names)) '() pattern
                  (apropos-fold-accessible (current-module)))
    eq?))

(define (apropos pattern . options)
  "(apropos pattern): displays the variables whose names match the regular expression PATTERN."
  (apropos-fold
    (lambda (module name value so-far)
      (format #t "~s: ~a\t~s~%" (module-name module) name value)
      so-far)
    #f pattern (apropos-fold-accessible (current-module)))
  (if #f #f))

(define (help . topics)
  "(help topic ...): displays what is known of each topic, an object or the name of one."
  (for-each
    (lambda (topic)
      (let* ((value (if (and (symbol? topic) (defined? topic)) (module-ref (current-module) topic) topic))
             (text (or (any (lambda (handler) (handler topic value)) (%box-ref %value-handlers))
                       (and (procedure? value) (procedure-documentation value)))))
        (display (or text (format #f "No documentation found for: ~s" topic)))
        (newline)))
    topics))

(define (procedure-arguments procedure)
  "(procedure-arguments procedure): an association list of the required and optional arguments and the rest."
  (let* ((arity (procedure-minimum-arity procedure)))
    (list (cons 'required (make-list (car arity) '_))
          (cons 'optional (make-list (cadr arity) '_))
          (cons 'keyword '())
          (cons 'allow-other-keys? #f)
          (cons 'rest (and (caddr arity) '_)))))

(define (arity procedure)
  "(arity procedure): displays how many arguments PROCEDURE takes."
  (let ((arity (procedure-minimum-arity procedure)))
    (format #t "~a required and ~a optional arguments~a.~%" (car arity) (cadr arity) (if (caddr arity) ", the rest in a list" ""))))

(define (source procedure)
  "(source procedure): the source of PROCEDURE, which is not kept: #f."
  #f)

(define (module-commentary name)
  "(module-commentary name): the comment at the head of a module's file, which is not kept: #f."
  #f)

(define (add-value-help-handler! handler)
  "(add-value-help-handler! handler): help asks (handler name value) for a text first."
  (%box-set! %value-handlers (cons handler (%box-ref %value-handlers))))

(define (remove-value-help-handler! handler)
  "(remove-value-help-handler! handler): help does not ask HANDLER any more."
  (%box-set! %value-handlers (delete handler (%box-ref %value-handlers))))

(define (add-name-help-handler! handler)
  "(add-name-help-handler! handler): remembers a handler for names."
  (%box-set! %name-handlers (cons handler (%box-ref %name-handlers))))

(define (remove-name-help-handler! handler)
  "(remove-name-help-handler! handler): forgets a handler for names."
  (%box-set! %name-handlers (delete handler (%box-ref %name-handlers))))
