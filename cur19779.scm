(define-syntax t (syntax-rules () ((_ a ... z) '(z a ...)))) (define l (cons 't (make-list 3000000 1)))
(define (%once) (eval l (interaction-environment)))
(define %k #f)
(let outer () (call/cc (lambda (k) (with-exception-handler (lambda (e) (k (begin (if (not (equal? (error-object-message e) "interrupted")) (begin (write (error-object-message e)) (newline))) (display "caught\n") (flush-output-port)))) (lambda () (display "go\n") (flush-output-port) (let again () (%once) (again)))))) (outer))
