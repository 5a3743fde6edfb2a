;;; (srfi srfi-55): require-extension, an import by the numbers of SRFIs. [SRFI 55]

(define-module (srfi srfi-55)
  #:export (require-extension))

;; (require-extension (srfi N ...) ...)
(define-syntax require-extension
  (syntax-rules (srfi)
    ((_) (if #f #f))
    ((_ (srfi) clause ...) (require-extension clause ...))
    ((_ (srfi n more ...) clause ...)
     (begin (use-modules (srfi n)) (require-extension (srfi more ...) clause ...)))))
