;;; (srfi srfi-197): pipelines. [SRFI 197]
;;;
;;; In a step, _ is the place of the value of the step before, and _ ... of all the values that are left.

(define-module (srfi srfi-197)
  #:export (chain chain-and chain-when chain-lambda nest nest-reverse))

;; (chain INITIAL (STEP ... _ ...) ...): each step gets the value, or the values, of the one before.
(define-syntax chain
  (syntax-rules ()
    ((_ initial) initial)
    ((_ initial step more ...)
     (%chain-step initial () () step (chain-next more ...)))))

;; (%chain-step VALUE PARAMETERS DONE PARTS CONTINUATION)
(define-syntax %chain-step
  (syntax-rules (_)
    ((k value (p ...) (done ...) () (chain-next more ...))
     (chain (call-with-values (lambda () value) (lambda (p ...) (done ...))) more ...))
    ((k value (p ...) (done ...) (_ dots) (chain-next more ...))
     (%chain-dots value (p ...) (done ...) dots more ...))
    ((k value (p ...) (done ...) (_ . rest) next)
     (%chain-step value (p ... x) (done ... x) rest next))
    ((k value ps (done ...) (part . rest) next)
     (%chain-step value ps (done ... part) rest next))))

(define-syntax %chain-dots
  (lambda (form)
    (syntax-case form ()
      ((_ value (p ...) (done ...) dots more ...)
       (eq? (syntax->datum #'dots) '...)
       #'(chain (call-with-values (lambda () value) (lambda (p ... . rest) (apply done ... rest))) more ...))
      ((_ value (p ...) (done ...) part more ...)
       #'(%chain-step value (p ... x) (done ... x) (part) (chain-next more ...))))))

;; (chain-and INITIAL STEP ...): as chain, but ends with #f as soon as a value is #f.
(define-syntax chain-and
  (syntax-rules ()
    ((_ initial) initial)
    ((_ initial step more ...)
     (let ((value initial)) (if value (chain-and (chain value step) more ...) #f)))))

;; (chain-when INITIAL ([GUARD] STEP) ...): steps whose guard is false are left out.
(define-syntax chain-when
  (syntax-rules ()
    ((_ initial) initial)
    ((_ initial (guard step) more ...)
     (let ((value initial)) (chain-when (if guard (chain value step) value) more ...)))
    ((_ initial (step) more ...)
     (chain-when (chain initial step) more ...))))

;; (chain-lambda STEP ...): a procedure of what goes into the first step.
(define-syntax-rule (chain-lambda step more ...)
  (lambda args (chain (apply values args) step more ...)))

;; (nest STEP ... INITIAL): each step is put into the place _ of the one before.
(define-syntax nest
  (syntax-rules ()
    ((_ initial) initial)
    ((_ step ... last) (nest-reverse* last (step ...)))))

(define-syntax nest-reverse*
  (syntax-rules ()
    ((_ value ()) value)
    ((_ value (step ... last)) (%nest-step value () last (nest-reverse* (step ...))))))

;; (nest-reverse INITIAL STEP ...): as nest, with the steps in the other order.
(define-syntax nest-reverse
  (syntax-rules ()
    ((_ value) value)
    ((_ value step more ...) (%nest-step value () step (nest-reverse (more ...))))))

(define-syntax %nest-step
  (syntax-rules (_ nest-reverse nest-reverse*)
    ((k value (done ...) () (nest-reverse (more ...))) (nest-reverse (done ...) more ...))
    ((k value (done ...) () (nest-reverse* steps)) (nest-reverse* (done ...) steps))
    ((k value (done ...) (_ . rest) next) (%nest-step value (done ... value) rest next))
    ((k value (done ...) (part . rest) next) (%nest-step value (done ... part) rest next))))
