; guile: same
; With no descriptor left, a list that cannot be read says so: it is not taken for an empty one.
(call-with-values (lambda () (getrlimit 'nofile)) (lambda (soft hard) (setrlimit 'nofile (min hard 40) hard)))
(define (errno thunk) (catch 'system-error thunk (lambda args (system-error-errno args))))
(define kept
  (let loop ((kept '()))
    (let ((port (errno (lambda () (open-input-file "/dev/null")))))
      (if (port? port) (loop (cons port kept)) kept))))
(define answers
  (list (errno (lambda () (getservbyname "http" "tcp")))
        (errno (lambda () (getservbyport 80 "tcp")))
        (errno (lambda () (getprotobyname "tcp")))
        (errno (lambda () (socket AF_INET SOCK_STREAM 0)))
        (errno (lambda () (pipe)))))
(for-each close-port kept)
(write (map (lambda (answer) (and (integer? answer) (= answer EMFILE))) answers))
(newline)
(write (vector-ref (getprotobyname "tcp") 2))
(newline)
