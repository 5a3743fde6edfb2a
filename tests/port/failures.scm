; What the system refuses while bytes move: nobody reads, nothing is there yet, no descriptor is left, no room on the disk.
(use-modules (ice-9 rdelim) (ice-9 rw) (ice-9 binary-ports))
(define (errno-of thunk) (catch 'system-error (lambda () (thunk) 'none) (lambda args (system-error-errno args))))
(define (deaf) (let ((p (pipe))) (close-port (car p)) (cdr p)))

; EPIPE is told once, by the call that meets it; the port can be closed.
(define p (deaf))
(display "kept" p)
(= EPIPE (errno-of (lambda () (force-output p)))) ; expect: #t
(force-output p)
(close-port p)                             ; expect: #t
(define p (deaf))
(display "kept" p)
(= EPIPE (errno-of (lambda () (close-port p)))) ; expect: #t
(port-closed? p)                           ; expect: #t
(define p (deaf))
(setvbuf p 'none)
(= EPIPE (errno-of (lambda () (display "x" p)))) ; expect: #t
(= EPIPE (errno-of (lambda () (put-bytevector p (make-bytevector 100000 1))))) ; expect: #t
(close-port p)
(define p (deaf))
(= EPIPE (errno-of (lambda () (write-string/partial "x" p)))) ; expect: #t
(close-port p)
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(close-port (cdr pair))
(= EPIPE (errno-of (lambda () (display "x" (car pair))))) ; expect: #t
(close-port (car pair))

; On a descriptor that does not wait, ports wait all the same, and single reads say so.
(define p (pipe))
(fcntl (car p) F_SETFL (logior O_NONBLOCK (fcntl (car p) F_GETFL))) ; expect: 0
(char-ready? (car p))                      ; expect: #f
(u8-ready? (car p))                        ; expect: #f
(read-string!/partial (make-string 3) (car p)) ; expect: 0
(display "ab" (cdr p))
(force-output (cdr p))
(let* ((s (make-string 3 #\.)) (n (read-string!/partial s (car p)))) (list n s)) ; expect: (2 "ab.")
(close-port (cdr p))
(read-string!/partial (make-string 3) (car p)) ; expect: #f
(close-port (car p))

; A full device.
(define full (open-file "/dev/full" "w"))
(display "x" full)
(= ENOSPC (errno-of (lambda () (force-output full)))) ; expect: #t
(display "x" full)
(= ENOSPC (errno-of (lambda () (close-port full)))) ; expect: #t

; Without descriptors left, what nobody can reach is closed, and only then it is an error.
(define-values (soft hard) (getrlimit 'nofile))
(setrlimit 'nofile 32 hard)
(define (many n make) (let loop ((i 0) (l '())) (if (< i n) (loop (+ i 1) (cons (make) l)) l)))
(begin (many 100 (lambda () (open-file "/dev/null" "r") #f)) 'reused) ; expect: reused
(begin (many 100 (lambda () (pipe) #f)) 'reused) ; expect: reused
(begin (many 100 (lambda () (duplicate-port (current-error-port) "w") #f)) 'reused) ; expect: reused
(= EMFILE (errno-of (lambda () (many 100 (lambda () (open-file "/dev/null" "r")))))) ; expect: #t
(= EMFILE (errno-of (lambda () (many 100 (lambda () (dup (current-error-port))))))) ; expect: #t
(begin (gc) (list (eof-object? (read-char (open-file "/dev/null" "r"))))) ; expect: (#t)
(setrlimit 'nofile soft hard)

; Several ports on one number: once it is closed, nobody touches what gets the number next.
(define number (open-fdes "/dev/null" O_RDONLY))
(define a (fdopen number "r"))
(define b (fdopen number "r"))
(length (fdes->ports number))              ; expect: 2
(close-port a)                             ; expect: #t
(define c (dup->port 2 "w" number))
(= EBADF (errno-of (lambda () (read-char b)))) ; expect: #t
(= EBADF (errno-of (lambda () (close-port b)))) ; expect: #t
(port-closed? b)                           ; expect: #t
(fcntl c F_GETFD)                          ; expect: 0
(set! b #f)
(gc)
(fcntl c F_GETFD)                          ; expect: 0
(close-port c)                             ; expect: #t

; A revealed descriptor stays open when its port is lost.
(define number (let ((p (open-file "/dev/null" "r"))) (port->fdes p)))
(gc)
(close number)                             ; expect: #t
(open-file "/dev/null" "rz")               ; error: open-file
(open-file (string #\a #\nul) "r")         ; error: open-file
(fdopen 0 "zz")                            ; error: fdopen
(duplicate-port (current-input-port) "zz") ; error: duplicate-port
(fdopen (expt 10 20) "r")                  ; error: fdopen
(dup->fdes 0 -1)                           ; error: dup->fdes
(dup->fdes 0 (expt 2 30))                  ; error: dup->fdes
(setvbuf (current-error-port) 'none 5)     ; error: setvbuf
(setvbuf (current-error-port) 'block (expt 10 30)) ; error: setvbuf
