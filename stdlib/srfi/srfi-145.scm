;;; (srfi srfi-145): assumptions, which are checked. [SRFI 145]

(define-module (srfi srfi-145)
  #:export (assume))

;; (assume EXPRESSION MESSAGE ...): the value of EXPRESSION, which must be true.
(define-syntax assume
  (syntax-rules ()
    ((_ expression message ...)
     (or expression (error "invalid assumption" 'expression message ...)))))
