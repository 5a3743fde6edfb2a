; A signal that is handled ends a select early, with nothing ready.
(define handled 0)
(begin (sigaction SIGALRM (lambda (signal) (set! handled (+ handled 1)))) (quote set)) ; expect: set
(define start (current-time))
(define p (pipe))
(begin (setitimer ITIMER_REAL 0 0 0 50000) (select (list (car p)) '() '() 30)) ; expect: (() () ())
handled                                    ; expect: 1
(< (- (current-time) start) 20)            ; expect: #t
