;;; (srfi srfi-31): rec, an expression that can name itself. [SRFI 31]

(define-module (srfi srfi-31)
  #:export (rec))

;; (rec NAME EXPRESSION) or (rec (NAME PARAMETER ...) BODY ...)
(define-syntax rec
  (syntax-rules ()
    ((_ (name . parameters) body ...) (letrec ((name (lambda parameters body ...))) name))
    ((_ name expression) (letrec ((name expression)) name))))
