;;; (ice-9 getopt-long): the options of a program, short and long ones. [Guile: getopt-long]

(define-module (ice-9 getopt-long)
  #:use-module (srfi srfi-9)
  #:export (getopt-long option-ref))

(define-record-type <option-spec>
  (%make-spec name required? char value predicate)
  %spec?
  (name spec-name)
  (required? spec-required?)
  (char spec-char)
  ;; #f, #t or optional
  (value spec-value)
  (predicate spec-predicate))

(define (%parse-spec description)
  "The record of an option's description: (NAME (PROPERTY VALUE) ...)."
  (let loop ((l (cdr description)) (required? #f) (char #f) (value #f) (predicate #f))
    (if (null? l)
        (%make-spec (symbol->string (car description)) required? char value predicate)
        (let ((property (caar l)) (setting (and (pair? (cdar l)) (cadar l))))
          (case property
            ((required?) (loop (cdr l) setting char value predicate))
            ((single-char)
             (if (not (char? setting)) (error "getopt-long: `single-char' value must be a char!"))
             (loop (cdr l) required? setting value predicate))
            ((value)
             (if (not (memq setting '(#t #f optional))) (error "getopt-long: invalid `value' in the option specification:" setting))
             (loop (cdr l) required? char setting predicate))
            ((predicate)
             (if (not (procedure? setting)) (error "getopt-long: `predicate' value must be a procedure!"))
             (loop (cdr l) required? char value setting))
            (else (error "getopt-long: invalid getopt-long option property:" property)))))))

(define (%fatal program . parts)
  "Says what is wrong with the command line, and ends the program."
  (let ((port (current-error-port)))
    (display program port)
    (display ": " port)
    (for-each (lambda (part) (display part port)) parts)
    (newline port)
    (exit 1)))

(define* (getopt-long program-arguments option-descriptions #:key stop-at-first-non-option)
  "(getopt-long args descriptions [#:stop-at-first-non-option #t]): what the command line ARGS, the program's name in front, says
about the options described: an association list of names and values, and of () and the list of all other arguments. A
description is (NAME (single-char C) (value #t, #f or optional) (required? #t) (predicate F)), with any of the properties. What
is not as described is reported, and ends the program."
  (let ((program (car program-arguments)) (specs (map %parse-spec option-descriptions)))
    (define (fatal . parts) (apply %fatal program parts))
    (define (find-long name) (find (lambda (spec) (string=? name (spec-name spec))) specs))
    (define (find-short char) (find (lambda (spec) (eqv? char (spec-char spec))) specs))
    ;; An argument that an option may take as its value.
    (define (value? args)
      (and (pair? args)
           (not (and (string-prefix? "-" (car args)) (> (string-length (car args)) 1)))))
    (define (found spec value options)
      (cons (cons spec value) options))
    (let loop ((args (cdr program-arguments)) (options '()) (others '()))
      (cond
        ((null? args) (%finish fatal specs options (reverse others)))
        ((string=? (car args) "--") (%finish fatal specs options (append (reverse others) (cdr args))))
        ((string-prefix? "--" (car args))
         (let* ((text (substring (car args) 2))
                (equals (string-index text #\=))
                (name (if equals (substring text 0 equals) text))
                (given (and equals (substring text (+ equals 1))))
                (spec (or (find-long name) (fatal "no such option: --" name))))
           (case (spec-value spec)
             ((#f)
              (if given (fatal "option does not support argument: --" name))
              (loop (cdr args) (found spec #t options) others))
             ((optional)
              (cond (given (loop (cdr args) (found spec given options) others))
                    ((value? (cdr args)) (loop (cddr args) (found spec (cadr args) options) others))
                    (else (loop (cdr args) (found spec #t options) others))))
             (else
              (cond (given (loop (cdr args) (found spec given options) others))
                    ((pair? (cdr args)) (loop (cddr args) (found spec (cadr args) options) others))
                    (else (fatal "option must be specified with argument: --" name)))))))
        ((and (string-prefix? "-" (car args)) (> (string-length (car args)) 1))
         (let* ((text (car args))
                (char (string-ref text 1))
                (rest (substring text 2))
                (spec (or (find-short char)
                          (if (char-numeric? char) #f (fatal "no such option: -" char)))))
           (cond
             ;; A negative number is no option.
             ((not spec)
              (loop (cdr args) options (cons text others)))
             ((not (spec-value spec))
              (loop (if (string-null? rest) (cdr args) (cons (string-append "-" rest) (cdr args)))
                    (found spec #t options) others))
             ((not (string-null? rest)) (loop (cdr args) (found spec rest options) others))
             ((eq? (spec-value spec) 'optional)
              (if (value? (cdr args))
                  (loop (cddr args) (found spec (cadr args) options) others)
                  (loop (cdr args) (found spec #t options) others)))
             ((pair? (cdr args)) (loop (cddr args) (found spec (cadr args) options) others))
             (else (fatal "option must be specified with argument: -" char)))))
        (stop-at-first-non-option (%finish fatal specs options (append (reverse others) args)))
        (else (loop (cdr args) options (cons (car args) others)))))))

(define (%finish fatal specs found others)
  "The answer of getopt-long, after all values have been looked at: of an option given twice the last comes first."
  (for-each
    (lambda (entry)
      (let ((predicate (spec-predicate (car entry))))
        (if (and predicate (string? (cdr entry)) (not (predicate (cdr entry))))
            (fatal "option predicate failed: --" (spec-name (car entry))))))
    found)
  (for-each
    (lambda (spec)
      (if (and (spec-required? spec) (not (assq spec found)))
          (fatal "option must be specified: --" (spec-name spec))))
    specs)
  (cons (cons '() others)
        (map (lambda (entry) (cons (string->symbol (spec-name (car entry))) (cdr entry))) found)))

(define (option-ref options key default)
  "(option-ref options key default): the value of option KEY in what getopt-long gave, or DEFAULT; with () for KEY, the other
arguments."
  (let ((entry (assq key options)))
    (if (and entry (cdr entry)) (cdr entry) default)))
