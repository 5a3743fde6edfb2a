;;; (ice-9 expect): dialogues with what answers on a port. [Guile: Expect]
;;;
;;; Characters are read from expect-port one by one, as long as expect-timeout allows, and after each of them the tests of all
;;; clauses see what has come so far.

(define-module (ice-9 expect)
  #:use-module (ice-9 regex)
  #:export (expect expect-strings expect-port expect-timeout expect-timeout-proc expect-eof-proc expect-char-proc
            expect-strings-compile-flags expect-strings-exec-flags expect-regexec expect-select))

(define expect-port #f)
(define expect-timeout #f)
(define expect-timeout-proc #f)
(define expect-eof-proc #f)
(define expect-char-proc #f)
(define expect-strings-compile-flags regexp/newline)
(define expect-strings-exec-flags regexp/noteol)

(define (expect-regexec pattern text eof?)
  "(expect-regexec pattern text eof?): the strings that PATTERN and its groups match in TEXT, or #f; $ matches at the end of TEXT only
when nothing follows it, that is, if EOF? is true."
  (let ((match (regexp-exec pattern text 0 (if eof? 0 expect-strings-exec-flags))))
    (and match
         (map (lambda (k) (match:substring match k)) (iota (match:count match))))))

(define (expect-select port timeout)
  "(expect-select port timeout): whether PORT has something to read, or comes to have it within TIMEOUT seconds; #f is for ever."
  (or (not timeout)
      (and (not (port-closed? port))
           (or (char-ready? port)
               (pair? (car (select (list port) '() '() (max 0 timeout))))))))

(define (%expect port timeout on-timeout on-eof on-char tests)
  "Reads PORT until one of TESTS, procedures of the text so far and whether it is all there is, answers a procedure, and calls that."
  (let* ((deadline (and timeout (+ (get-internal-real-time) (inexact->exact (round (* timeout internal-time-units-per-second))))))
         (left (lambda () (and deadline (/ (- deadline (get-internal-real-time)) internal-time-units-per-second))))
         (try (lambda (text eof?)
                (let loop ((l tests))
                  (and (pair? l) (or ((car l) text eof?) (loop (cdr l))))))))
    (let loop ((text ""))
      (let ((rest (left)))
        (if (not (expect-select port (and rest (exact->inexact rest))))
            (and on-timeout (on-timeout text))
            (let ((c (read-char port)))
              (if (and on-char (char? c)) (on-char c))
              (let* ((eof? (eof-object? c))
                     (text (if eof? text (string-append text (string c))))
                     (eof-now? (or eof? (and (char-ready? port) (eof-object? (peek-char port)))))
                     (found (try text eof-now?)))
                (cond (found (found))
                      (eof? (if on-eof (on-eof text) #f))
                      (else (loop text))))))))))

;; The variables of these names are those that the program sees where the macro is used.
(define-syntax %expect-with
  (lambda (form)
    (syntax-case form ()
      ((_ keyword test ...)
       (with-syntax (((port timeout on-timeout on-eof on-char)
                      (map (lambda (name) (datum->syntax #'keyword name))
                           '(expect-port expect-timeout expect-timeout-proc expect-eof-proc expect-char-proc))))
         #'(%expect (or port (current-input-port)) timeout on-timeout on-eof on-char (list test ...)))))))

;; (expect (MATCHER EXPRESSION ...) ...): (MATCHER text eof?) says whether a clause is taken; with =>, its values are passed on.
(define-syntax expect
  (lambda (form)
    (syntax-case form ()
      ((keyword clause ...)
       (with-syntax (((test ...)
                      (map (lambda (clause)
                             (syntax-case clause (=>)
                               ((matcher => receiver)
                                #'(let ((test matcher))
                                    (lambda (text eof?)
                                      (let ((found (test text eof?)))
                                        (and found (lambda () (apply receiver found)))))))
                               ((matcher body ...)
                                #'(let ((test matcher))
                                    (lambda (text eof?) (and (test text eof?) (lambda () #t body ...)))))))
                           #'(clause ...))))
         #'(%expect-with keyword test ...))))))

;; (expect-strings (PATTERN EXPRESSION ...) ...): as expect, but PATTERN is a regular expression; after => stands a procedure of
;; the strings that it and its groups match.
(define-syntax expect-strings
  (lambda (form)
    (syntax-case form ()
      ((keyword clause ...)
       (with-syntax (((test ...)
                      (map (lambda (clause)
                             (syntax-case clause (=>)
                               ((pattern => receiver)
                                #'(let ((regexp (make-regexp pattern expect-strings-compile-flags)))
                                    (lambda (text eof?)
                                      (let ((found (expect-regexec regexp text eof?)))
                                        (and found (lambda () (apply receiver found)))))))
                               ((pattern body ...)
                                #'(let ((regexp (make-regexp pattern expect-strings-compile-flags)))
                                    (lambda (text eof?)
                                      (and (expect-regexec regexp text eof?) (lambda () #t body ...)))))))
                           #'(clause ...))))
         #'(%expect-with keyword test ...))))))
