;;; (srfi srfi-2): and-let*, an and that binds what its tests give. [SRFI 2]

(define-module (srfi srfi-2)
  #:export (and-let*))

;; (and-let* (CLAUSE ...) BODY ...): clauses are (NAME EXPRESSION), (EXPRESSION) and NAME; the first false one ends it.
(define-syntax and-let*
  (syntax-rules ()
    ((_ ()) #t)
    ((_ () body ...) (let () body ...))
    ((_ ((name value))) value)
    ((_ ((value))) value)
    ((_ ((name value) clause ...) body ...)
     (let ((name value)) (if name (and-let* (clause ...) body ...) #f)))
    ((_ ((value) clause ...) body ...)
     (if value (and-let* (clause ...) body ...) #f))
    ((_ (name)) name)
    ((_ (name clause ...) body ...)
     (if name (and-let* (clause ...) body ...) #f))))
