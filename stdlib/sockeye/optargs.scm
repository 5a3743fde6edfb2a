;;; Optional and keyword arguments: what procedures made by lambda*, define* and case-lambda* ask, and (ice-9 optargs).

(define (%optional-argument arguments)
  "The first of ARGUMENTS, or #!default if there is none or a keyword comes first."
  (if (and (pair? arguments) (not (keyword? (car arguments))))
      (car arguments)
      #!default))

(define (%after-optional arguments)
  "ARGUMENTS without what %optional-argument takes."
  (if (and (pair? arguments) (not (keyword? (car arguments))))
      (cdr arguments)
      arguments))

(define (%check-keywords arguments known others? rest? who)
  "Complains in the name of WHO unless ARGUMENTS are keywords and values by turns, the keywords being among KNOWN or
OTHERS? true. Among others than these stand if REST? is true."
  (let loop ((l arguments))
    (cond ((not (pair? l)) (if #f #f))
          ((not (keyword? (car l)))
           (if rest?
               (loop (cdr l))
               (%keyword-error who "Invalid keyword" (car l))))
          ((not (or others? (memq (car l) known))) (%keyword-error who "Unrecognized keyword" (car l)))
          ((pair? (cdr l)) (loop (cddr l)))
          ((not others?) (%keyword-error who "Keyword argument has no value" (car l))))))

(define (%keyword-error who message got)
  "Raises an error about GOT among the keyword arguments of WHO."
  (let ((condition (%make-thrown 'keyword-argument-error (list who message '() (list got)))))
    (%set-condition-text! condition
      (string-append (if who (string-append (%format-message "~A" (list who)) ": ") "")
                     message " " (%format-message "~S" (list got))))
    (raise condition)))

(define (%keyword-argument arguments key . known)
  "What ARGUMENTS, keywords and values by turns, give for KEY: the last such value, or #!default. They are checked first if
the list of KNOWN keywords is given."
  (if (pair? known) (%check-keywords arguments (car known) #f #f #f))
  (let loop ((l arguments) (found #!default))
    (cond ((not (pair? l)) found)
          ((not (keyword? (car l))) (loop (cdr l) found))
          ((not (pair? (cdr l))) found)
          (else (loop (cddr l) (if (eq? (car l) key) (cadr l) found))))))

(define (%case-lambda* limits . procedures)
  "A procedure that calls the first of PROCEDURES whose limits its arguments keep: the least number of arguments, the
most before the first keyword (or #f), and whether there are keyword parameters."
  (lambda arguments
    (let loop ((l limits) (p procedures))
      (cond ((null? l) (%wrong-count 'case-lambda* (length arguments)))
            ((%within? arguments (caar l) (cadar l) (caddar l)) (apply (car p) arguments))
            (else (loop (cdr l) (cdr p)))))))

(define (%within? arguments least most keys?)
  "Whether ARGUMENTS are as many as the limits of a clause of case-lambda* say."
  (let loop ((l arguments) (n 0))
    (cond ((null? l) (and (>= n least) (or (not most) (<= n most))))
          ((and keys? (>= n least) (keyword? (car l))) (or (not most) (<= n most)))
          (else (loop (cdr l) (+ n 1))))))

(define-syntax let-optional
  (syntax-rules ()
    ((_ list (binding ...) body0 body ...)
     (%let-optional list () (binding ...) body0 body ...))))

(define-syntax %let-optional
  (syntax-rules ()
    ((_ list ((name temporary default) ...) () body ...)
     (let ((temporary (lambda () default)) ...)
       (apply (lambda* (#:optional (name (temporary)) ...) body ...) list)))
    ((_ list (done ...) ((name default) . more) body ...)
     (%let-optional list (done ... (name temporary default)) more body ...))
    ((_ list (done ...) (name . more) body ...)
     (%let-optional list (done ... (name temporary #f)) more body ...))))

(define-syntax let-optional*
  (syntax-rules ()
    ((_ list (binding ...) body0 body ...)
     (apply (lambda* (#:optional binding ...) body0 body ...) list))))

(define-syntax let-keywords
  (syntax-rules ()
    ((_ list others? (binding ...) body0 body ...)
     (%let-keywords list others? () (binding ...) body0 body ...))))

(define-syntax %let-keywords
  (syntax-rules ()
    ((_ list others? ((name temporary default) ...) () body ...)
     (let ((temporary (lambda () default)) ...)
       (let-keywords* list others? ((name (temporary)) ...) body ...)))
    ((_ list others? (done ...) ((name default) . more) body ...)
     (%let-keywords list others? (done ... (name temporary default)) more body ...))
    ((_ list others? (done ...) (name . more) body ...)
     (%let-keywords list others? (done ... (name temporary #f)) more body ...))))

(define-syntax let-keywords*
  (syntax-rules ()
    ((_ list #f (binding ...) body0 body ...)
     (apply (lambda* (#:key binding ...) body0 body ...) list))
    ((_ list others? (binding ...) body0 body ...)
     (apply (lambda* (#:key binding ... #:allow-other-keys) body0 body ...) list))))
