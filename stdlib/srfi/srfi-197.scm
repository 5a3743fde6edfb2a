;;; (srfi srfi-197): pipelines. [SRFI 197]
;;;
;;; In a step, the placeholder (_ unless another is named) is the place of the value of the step before, and the placeholder with an
;;; ellipsis behind that of all the values that are left. Placeholders are told by their names alone.

(define-module (srfi srfi-197)
  #:export (chain chain-and chain-when chain-lambda nest nest-reverse))

(eval-when (expand load eval)
  (define (%same? a b)
    "Whether the identifiers A and B have one name."
    (and (identifier? a) (eq? (syntax->datum a) (syntax->datum b))))

  (define (%parts step place dots)
    "Three values: the parameters that the placeholders of STEP need, what follows the dot in them, and the call that STEP is."
    (let loop ((l step) (parameters '()) (rest '()) (done '()))
      (syntax-case l ()
        (() (values (reverse parameters) rest (if (null? rest) (reverse done) (%spliced (reverse done) rest))))
        ((part next . more)
         (and (%same? #'part place) (%same? #'next dots))
         (if (null? rest)
             (with-syntax (((all) (generate-temporaries '(all))))
               (loop #'more parameters #'all (cons #'all done)))
             (syntax-violation 'chain "only one placeholder may have an ellipsis" step)))
        ((part . more)
         (%same? #'part place)
         (with-syntax (((one) (generate-temporaries '(one))))
           (loop #'more (cons #'one parameters) rest (cons #'one done))))
        ((part . more) (loop #'more parameters rest (cons #'part done))))))

  (define (%spliced parts all)
    "The call of PARTS, where the variable ALL is a list of arguments."
    (let loop ((l parts) (front '()))
      (if (eq? (car l) all)
          (with-syntax (((front ...) (reverse front)) ((back ...) (cdr l)) (all all))
            #'(apply (lambda (f . arguments) (apply f arguments)) front ... (append all (list back ...))))
          (loop (cdr l) (cons (car l) front))))))

;; (chain INITIAL [PLACEHOLDER [ELLIPSIS]] STEP ...): each step gets the value, or the values, of the one before.
(define-syntax chain
  (lambda (form)
    (syntax-case form ()
      ((_ initial place dots step ...)
       (and (identifier? #'place) (identifier? #'dots))
       #'(%chain initial place dots step ...))
      ((_ initial place step ...)
       (identifier? #'place)
       #'(%chain initial place (... ...) step ...))
      ((_ initial step ...)
       (with-syntax ((place (datum->syntax form '_)))
         #'(%chain initial place (... ...) step ...))))))

(define-syntax %chain
  (lambda (form)
    (syntax-case form ()
      ((_ value place dots) #'value)
      ((_ value place dots step more ...)
       (call-with-values (lambda () (%parts #'step #'place #'dots))
         (lambda (parameters rest call)
           (with-syntax (((parameter ...) parameters) (rest rest) (call call))
             (if (and (null? parameters) (null? #'rest))
                 #'(%chain (call-with-values (lambda () value) (lambda ignored call)) place dots more ...)
                 #'(%chain (call-with-values (lambda () value) (lambda (parameter ... . rest) call)) place dots more ...)))))))))

;; (chain-and INITIAL [PLACEHOLDER] STEP ...): as chain, but ends with #f as soon as a value is #f.
(define-syntax chain-and
  (lambda (form)
    (syntax-case form ()
      ((_ initial place step ...) (identifier? #'place) #'(%chain-and initial place step ...))
      ((_ initial step ...) #`(%chain-and initial #,(datum->syntax form '_) step ...)))))

(define-syntax %chain-and
  (syntax-rules ()
    ((_ initial place) initial)
    ((_ initial place step more ...)
     (let ((value initial)) (and value (%chain-and (chain value place step) place more ...))))))

;; (chain-when INITIAL [PLACEHOLDER] ([GUARD] STEP) ...): steps whose guard is false are left out.
(define-syntax chain-when
  (lambda (form)
    (syntax-case form ()
      ((_ initial place clause ...) (identifier? #'place) #'(%chain-when initial place clause ...))
      ((_ initial clause ...) #`(%chain-when initial #,(datum->syntax form '_) clause ...)))))

(define-syntax %chain-when
  (syntax-rules ()
    ((_ initial place) initial)
    ((_ initial place (guard step) more ...)
     (let ((value initial)) (%chain-when (if guard (chain value place step) value) place more ...)))
    ((_ initial place (step) more ...)
     (%chain-when (chain initial place step) place more ...))))

;; (chain-lambda [PLACEHOLDER [ELLIPSIS]] STEP ...): a procedure of what goes into the first step.
(define-syntax-rule (chain-lambda part ...)
  (lambda arguments (chain (apply values arguments) part ...)))

;; (nest [PLACEHOLDER] STEP ... INITIAL): each step is put into the place of the placeholder in the one before.
(define-syntax nest
  (lambda (form)
    (syntax-case form ()
      ((_ initial) #'initial)
      ((_ place step ... initial)
       (identifier? #'place)
       #`(nest-reverse initial place #,@(reverse #'(step ...))))
      ((_ step ... initial)
       #`(nest-reverse initial #,(datum->syntax form '_) #,@(reverse #'(step ...)))))))

;; (nest-reverse INITIAL [PLACEHOLDER] STEP ...): as nest, with the steps in the other order.
(define-syntax nest-reverse
  (lambda (form)
    (syntax-case form ()
      ((_ initial place step ...) (identifier? #'place) #'(%nest initial place step ...))
      ((_ initial step ...) #`(%nest initial #,(datum->syntax form '_) step ...)))))

(define-syntax %nest
  (lambda (form)
    (syntax-case form ()
      ((_ value place) #'value)
      ((_ value place (part ...) more ...)
       #`(%nest #,(map (lambda (part) (if (%same? part #'place) #'value part)) #'(part ...)) place more ...)))))
