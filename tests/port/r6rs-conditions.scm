; guile: same
; The conditions of R6RS's input and output can be made and raised, and told apart.
(use-modules (rnrs io ports) (ice-9 exceptions))
(define (show . things) (write things) (newline))
(show (make-i/o-error) (make-i/o-read-error) (make-i/o-filename-error "x") (make-i/o-invalid-position-error 5))
(show (map i/o-error? (list (make-i/o-error) (make-i/o-write-error) (make-i/o-encoding-error 'port #\x) (make-error))))
(show (i/o-error-filename (make-i/o-file-is-read-only-error "f")) (i/o-encoding-error-char (make-i/o-encoding-error 'port #\x)))
(show (i/o-file-protection-error? (make-i/o-file-is-read-only-error "f")) (i/o-read-error? (make-i/o-write-error)))
(show (external-error? (make-i/o-port-error 'port)) (i/o-error-port (make-i/o-decoding-error 'port)))
(define (name-of kind? thunk)
  (with-exception-handler
    (lambda (e) (and (i/o-error? e) (kind? e) (i/o-error-filename e)))
    thunk
    #:unwind? #t))
(show (name-of i/o-file-does-not-exist-error? (lambda () (open-file-input-port "/no such file"))))
(show (name-of i/o-file-already-exists-error? (lambda () (open-file-output-port "/etc/passwd"))))
(show (name-of i/o-filename-error? (lambda () (raise-exception (make-exception (make-i/o-file-does-not-exist-error "y") (make-warning))))))
