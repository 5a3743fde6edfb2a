; select where descriptors have large numbers, and where they are closed.
(define p (pipe))
(define-values (soft hard) (getrlimit 'nofile))
(setrlimit 'nofile (if hard (min hard 4096) 4096) hard)
(define high (dup->inport (car p) 2000))
(select (list high) '() '() 0)                     ; expect: (() () ())
(display "x" (cdr p))
(force-output (cdr p))
(equal? (list (list high) '() '()) (select (list high) '() '() 5)) ; expect: #t
(select '(2000) '() '() 5)                         ; expect: ((2000) () ())
(equal? (select (list high (car p)) '() '() 5) (list (list high (car p)) '() '())) ; expect: #t
(close-port high)
(catch 'system-error (lambda () (select '(2000) '() '() 0)) (lambda args (system-error-errno args))) ; expect: 9
(catch 'system-error (lambda () (select '(900) '() '() 0)) (lambda args (system-error-errno args))) ; expect: 9
(select '(-1) '() '() 0)                           ; error: select
(select (list (expt 10 30)) '() '() 0)             ; error: select
(define ring (list 0))
(set-cdr! ring ring)
(select ring '() '() 0)                            ; error: select
