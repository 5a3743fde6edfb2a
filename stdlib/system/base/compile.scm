;;; (system base compile): what scripts ask a compiler for. [Guile: Compiling Scheme Code]
;;;
;;; Code is compiled when it is loaded, and kept nowhere: compile-file only reads the file's forms.

(define-module (system base compile)
  #:re-export (compile)
  #:export (compile-file compile-and-load compiled-file-name read-and-compile default-optimization-level default-warning-level))

(define default-optimization-level (make-parameter 2))
(define default-warning-level (make-parameter 1))

(define (compiled-file-name file)
  "(compiled-file-name file): the name of the file that FILE would be compiled to; none is, so #f."
  #f)

(define* (compile-file file #:key output-file from to env optimization-level warning-level opts canonicalization)
  "(compile-file file): reads the forms of FILE, and complains of those that cannot be read; there is no file to name, so #f."
  (call-with-input-file file
    (lambda (port)
      (let loop ()
        (if (not (eof-object? (read port))) (loop)))))
  #f)

(define* (compile-and-load file #:key from to env optimization-level warning-level opts canonicalization)
  "(compile-and-load file): loads FILE; the value of its last form."
  (primitive-load file))

(define* (read-and-compile port #:key from to env optimization-level warning-level opts)
  "(read-and-compile port): evaluates the forms that PORT holds; the value of the last one."
  (let loop ((value (if #f #f)))
    (let ((form (read port)))
      (if (eof-object? form)
          value
          (loop (eval form (or env (current-module))))))))
