; guile: same
; A file open for reading and writing has one place, and what waits or was read ahead never shows.
(use-modules (ice-9 rdelim))
(define (try t) (write (catch #t t list)) (newline))
(define f (string-append (or (getenv "TMPDIR") "/tmp") "/one-place-" (number->string (getpid))))
(call-with-output-file f (lambda (p) (display "abcdef" p)))
(try (lambda () (let ((p (open-file f "r+"))) (read-char p) (display "X" p) (close-port p) (call-with-input-file f read-line))))
(try (lambda () (let ((p (open-file f "r+"))) (display "12" p)  (write (read-char p)) (seek p 0 SEEK_SET) (write (read-line p)) (close-port p) (call-with-input-file f read-line))))
(try (lambda () (let ((p (open-file f "a+"))) (display "12" p)  (write (read-char p)) (seek p 0 SEEK_SET) (write (read-char p)) (display "Z" p) (write (read-line p)) (close-port p) (call-with-input-file f read-line))))
(try (lambda () (let ((p (open-file f "w+"))) (display "12\n34\n56" p)  (write (read-char p)) (seek p 0 SEEK_SET) (write (read-line p)) (display "Z" p) (write (read-line p)) (write (ftell p)) (close-port p) (call-with-input-file f read-string))))
(delete-file f)
