;;; (rnrs io ports-syntax): The words of (rnrs io ports) that are symbols in disguise.

(define-library (rnrs io ports-syntax)
  (import (sockeye core))
  (export buffer-mode eol-style error-handling-mode file-options)
  (begin
    (define-syntax buffer-mode
      (syntax-rules () ((_ mode) 'mode)))
    (define-syntax eol-style
      (syntax-rules () ((_ style) 'style)))
    (define-syntax error-handling-mode
      (syntax-rules () ((_ mode) 'mode)))
    (define-syntax file-options
      (syntax-rules () ((_ option ...) '(option ...))))))
