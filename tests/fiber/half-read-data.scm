; Whoever gives up a `read` within a datum has lost what was read of it; what is read next begins where the port is.
(use-modules (fibers) (ice-9 rdelim))
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define (say text) (display text (cdr p)) (force-output (cdr p)))
(define (give-up-reading)
  (let ((fiber (spawn-fiber (lambda () (read (car p))))))
    (sleep 0.01)
    (cancel-fiber fiber)
    (sleep 0.001)))

; A long name, of which less is left than was searched for its end.
(say (string-append "(1 2 " (make-string 300 #\a)))
(give-up-reading)
(string-length (read-string 290 (car p)))       ; expect: 290
(say " b ")
(list (read (car p)) (read (car p)))            ; expect: (aaaaaaaaaa b)
; One that the search would go on within a character of.
(say (string-append "a" (make-string 300 #\é)))
(give-up-reading)
(read-char (car p))                             ; expect: #\a
(say (string-append (make-string 300 #\é) " c "))
(list (string-length (symbol->string (read (car p)))) (read (car p))) ; expect: (600 c)
; Strings, comments, heads of scripts; put back instead of read.
(define (after text back)
  (say text)
  (give-up-reading)
  (if (string? back) (unread-string back (car p)) (read-string back (car p)))
  (say "\"x\" y ")
  (let* ((first (read (car p))) (second (read (car p)))) (read-line-left) (list first second)))
(define (read-line-left) (while (char-ready? (car p)) (read-char (car p))))
(after "(\"abcdefghijk" 12)                     ; expect: ("x" y)
(after "(#|abcdefghijk" 13)                     ; expect: ("x" y)
(after "(#!abcdefghijk" 13)                     ; expect: ("x" y)
(after "(|abcdefghijk" 12)                      ; expect: ("x" y)
(after "(1 2 " "3 4 ")                          ; expect: (3 4)
; A whole one goes on after a pause.
(define whole (spawn-fiber (lambda () (read (car p)))))
(for-each (lambda (text) (say text) (sleep 0.001)) '("(1 \"ab" "c\" sym" "bol #| com" "ment |# 2" "3)"))
(fiber-join whole)                              ; expect: (1 "abc" symbol 23)
