;;; (system base pmatch): matching by a template with commas. [Guile]

(define-module (system base pmatch)
  #:export (pmatch))

;; (pmatch EXPRESSION (PATTERN [(guard TEST ...)] BODY ...) ... [(else BODY ...)]): in a pattern, ,NAME binds a name, and anything else
;; must be equal.
(define-syntax pmatch
  (syntax-rules ()
    ((_ expression clause ...)
     (let ((value expression)) (%pmatch value clause ...)))))

(define-syntax %pmatch
  (syntax-rules (else guard)
    ((_ value) (if #f #f))
    ((_ value (else body0 body ...)) (let () body0 body ...))
    ((_ value (pattern (guard test ...) body0 body ...) clause ...)
     (let ((next (lambda () (%pmatch value clause ...))))
       (%part value pattern (if (and test ...) (let () body0 body ...) (next)) (next))))
    ((_ value (pattern body0 body ...) clause ...)
     (let ((next (lambda () (%pmatch value clause ...))))
       (%part value pattern (let () body0 body ...) (next))))))

(define-syntax %part
  (syntax-rules (_ unquote)
    ((_ value _ yes no) yes)
    ((_ value (unquote name) yes no) (let ((name value)) yes))
    ((_ value () yes no) (if (null? value) yes no))
    ((_ value (first . rest) yes no)
     (if (pair? value)
         (let ((a (car value)) (d (cdr value)))
           (%part a first (%part d rest yes no) no))
         no))
    ((_ value datum yes no) (if (equal? value 'datum) yes no))))
