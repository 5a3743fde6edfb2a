;;; Guile's options of reading, printing and debugging. [Guile: Runtime Options]
;;;
;;; Of these, keywords and case-insensitive change how texts are read from then on; all others are only remembered.

(define %options
  (%make-box
    (list (list 'read (cons 'square-brackets #t) (cons 'keywords #f) (cons 'positions #t) (cons 'copy #f)
                (cons 'case-insensitive #f) (cons 'r6rs-hex-escapes #f) (cons 'hungry-eol-escapes #f) (cons 'curly-infix #f)
                (cons 'r7rs-symbols #f))
          (list 'print (cons 'highlight-prefix "{") (cons 'highlight-suffix "}") (cons 'quote-keywordish-symbols 'reader)
                (cons 'escape-newlines #t) (cons 'r7rs-symbols #f) (cons 'datum-labels #f))
          (list 'debug (cons 'backwards #f) (cons 'width 79) (cons 'depth 20) (cons 'backtrace #t) (cons 'stack 1048576)
                (cons 'show-file-name #t) (cons 'warn-deprecated #f)))))

(define (%option-list kind)
  "The options of KIND, as read-options answers."
  (append-map (lambda (option)
                (cond ((eq? (cdr option) #t) (list (car option)))
                      ((and (eq? (cdr option) #f) (not (eq? (car option) 'keywords))) '())
                      (else (list (car option) (cdr option)))))
              (cdr (assq kind (%box-ref %options)))))

(define (%option-set! kind name value)
  "Makes VALUE the option NAME of KIND."
  (let* ((all (%box-ref %options))
         (options (cdr (assq kind all))))
    (if (not (assq name options)) (scm-error 'misc-error #f "Unknown option name: ~S" (list name) #f))
    (let ((new (map (lambda (option) (if (eq? (car option) name) (cons name value) option)) options)))
      (%box-set! %options (map (lambda (entry) (if (eq? (car entry) kind) (cons kind new) entry)) all))
      (if (eq? kind 'read)
          (%reading-set! (case (cdr (assq 'keywords new)) ((prefix) 'prefix) ((postfix) 'postfix) (else #f))
                         (not (cdr (assq 'case-insensitive new))))))
    (%option-list kind)))

(define (%options-set-all! kind names value)
  "Makes VALUE each of the options NAMES of KIND."
  (for-each (lambda (name) (%option-set! kind name value)) names)
  (%option-list kind))

(define (read-options . setting)
  "(read-options): the options of read, as a list of those that are on and of names with values. [Guile: Scheme Read]"
  (%option-list 'read))

(define (read-enable . names)
  "(read-enable name ...): turns options of read on. [Guile: Scheme Read]"
  (%options-set-all! 'read names #t))

(define (read-disable . names)
  "(read-disable name ...): turns options of read off. [Guile: Scheme Read]"
  (%options-set-all! 'read names #f))

(define (print-options . setting)
  "(print-options): the options of write, as read-options gives them. [Guile: Scheme Write]"
  (%option-list 'print))

(define (print-enable . names)
  "(print-enable name ...): turns options of write on. [Guile: Scheme Write]"
  (%options-set-all! 'print names #t))

(define (print-disable . names)
  "(print-disable name ...): turns options of write off. [Guile: Scheme Write]"
  (%options-set-all! 'print names #f))

(define (debug-options . setting)
  "(debug-options): the options of debugging, as read-options gives them. [Guile: Debug Options]"
  (%option-list 'debug))

(define (debug-enable . names)
  "(debug-enable name ...): turns options of debugging on. [Guile: Debug Options]"
  (%options-set-all! 'debug names #t))

(define (debug-disable . names)
  "(debug-disable name ...): turns options of debugging off. [Guile: Debug Options]"
  (%options-set-all! 'debug names #f))

(define-syntax read-set!
  (syntax-rules ()
    ((_ name value) (%option-set! 'read 'name value))))

(define-syntax print-set!
  (syntax-rules ()
    ((_ name value) (%option-set! 'print 'name value))))

(define-syntax debug-set!
  (syntax-rules ()
    ((_ name value) (%option-set! 'debug 'name value))))
