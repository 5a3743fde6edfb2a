;;; What scripts that Guile runs, too, check with: (check expression value) and (refused expression key data), where data is
;;; the last argument of what is thrown. (finish) says how many there were, and fails if one was wrong.

(cond-expand
 (guile (use-modules (rnrs bytevectors)) (sigaction SIGPIPE SIG_IGN))
 (else #t))

(define checks 0)
(define wrong 0)

;; Ports differ from run to run, and print in each system's own way.
(define (tidy x)
  (cond ((port? x) (if (port-closed? x) 'closed-port 'port))
        ((pair? x) (cons (tidy (car x)) (tidy (cdr x))))
        ((eq? x (if #f #f)) 'unspecified)
        (else x)))

(define (outcome thunk)
  (catch #t
    (lambda () (tidy (thunk)))
    (lambda (key . args)
      (list 'refused key (if (= (length args) 4) (tidy (list-ref args 3)) args)))))

(define (compare expression got expected)
  (set! checks (+ checks 1))
  (if (not (equal? got expected))
      (begin
        (set! wrong (+ wrong 1))
        (display "wrong: ")
        (write expression)
        (display " gives ")
        (write got)
        (newline))))

(define-syntax check
  (syntax-rules ()
    ((_ expression value) (compare 'expression (outcome (lambda () expression)) 'value))))

(define-syntax refused
  (syntax-rules ()
    ((_ expression key data) (compare 'expression (outcome (lambda () expression)) '(refused key data)))))

(define (finish)
  (display checks)
  (display " checks, ")
  (display wrong)
  (display " wrong")
  (newline)
  (if (> wrong 0) (error "some checks were wrong")))
