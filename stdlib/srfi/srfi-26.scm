;;; (srfi srfi-26): cut and cute, procedures by leaving places open in a call. [SRFI 26]

(define-module (srfi srfi-26)
  #:export (cut cute))

;; (cut PROCEDURE-OR-<> ARGUMENT-OR-<> ... [<...>]): a procedure of what the <> stand for.
(define-syntax cut
  (syntax-rules ()
    ((_ . places) (%cut () () . places))))

;; As cut, but what is no <> is evaluated once, when the procedure is made.
(define-syntax cute
  (syntax-rules ()
    ((_ . places) (%cute () () () . places))))

;; (%cut PARAMETERS CALL PLACE ...)
(define-syntax %cut
  (syntax-rules (<> <...>)
    ((_ (parameter ...) (f x ...)) (lambda (parameter ...) (f x ...)))
    ((_ (parameter ...) (f x ...) <...>) (lambda (parameter ... . rest) (apply f x ... rest)))
    ((_ (parameter ...) (x ...) <> . places) (%cut (parameter ... p) (x ... p) . places))
    ((_ parameters (x ...) e . places) (%cut parameters (x ... e) . places))))

;; (%cute PARAMETERS BINDINGS CALL PLACE ...)
(define-syntax %cute
  (syntax-rules (<> <...>)
    ((_ (parameter ...) bindings (f x ...)) (let bindings (lambda (parameter ...) (f x ...))))
    ((_ (parameter ...) bindings (f x ...) <...>) (let bindings (lambda (parameter ... . rest) (apply f x ... rest))))
    ((_ (parameter ...) bindings (x ...) <> . places) (%cute (parameter ... p) bindings (x ... p) . places))
    ((_ parameters (binding ...) (x ...) e . places) (%cute parameters (binding ... (v e)) (x ... v) . places))))
