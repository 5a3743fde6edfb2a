;;; (ice-9 pretty-print): data over several lines, or cut to a width. [Guile: Pretty Printing]
;;;
;;; A datum that fits into the rest of the line is written there. Of one that does not, each part gets a line, indented below the
;;; first argument, or by two blanks for the forms that have a body.

(define-module (ice-9 pretty-print)
  #:export (pretty-print truncated-print))

(define* (pretty-print obj #:optional port-or-keyword #:key (port (if (port? port-or-keyword) port-or-keyword (current-output-port)))
                       (width 79) (max-expr-width 50) (display? #f) (per-line-prefix ""))
  "(pretty-print obj [port] [#:width 79] [#:max-expr-width 50] [#:display? #f] [#:per-line-prefix \"\"]): writes OBJ over as many
lines as it needs, and a newline."
  (let ((print (if display? display write)))
    (display per-line-prefix port)
    (%print obj (string-length per-line-prefix) 0 port print width max-expr-width per-line-prefix)
    (newline port)))

(define (%text obj print)
  "OBJ as PRINT writes it."
  (let ((port (open-output-string)))
    (print obj port)
    (get-output-string port)))

(define %abbreviations '((quote . "'") (quasiquote . "`") (unquote . ",") (unquote-splicing . ",@")))

;; How many of a form's parts stand on its first line; the rest is its body.
(define %heads
  '((lambda . 1) (lambda* . 1) (define . 1) (define* . 1) (define-public . 1) (define-syntax . 1) (let . 1) (let* . 1) (letrec . 1)
    (letrec* . 1) (let-values . 1) (let*-values . 1) (when . 1) (unless . 1) (case . 1) (syntax-rules . 1) (do . 2)
    (define-module . 1) (parameterize . 1) (with-fluids . 1) (begin . 0) (case-lambda . 0)))

(define (%print obj column extra port print width most prefix)
  "Writes OBJ from COLUMN on, with EXTRA closing parentheses to follow it."
  (let ((break (lambda (column)
                 (newline port)
                 (display prefix port)
                 (display (make-string (max 0 (- column (string-length prefix))) #\space) port))))
    (define (fits? obj column extra)
      (let ((text (%text obj print)))
        (and (not (string-index text #\newline))
             (<= (+ column (string-length text) extra) width)
             (or (not (pair? obj)) (<= (string-length text) most) (not (pair? (cdr obj))) (not (any pair? (if (list? obj) obj '()))))
             text)))
    (define (go obj column extra)
      (cond ((fits? obj column extra) => (lambda (text) (display text port)))
            ((and (pair? obj) (symbol? (car obj)) (assq (car obj) %abbreviations) (pair? (cdr obj)) (null? (cddr obj)))
             (let ((mark (cdr (assq (car obj) %abbreviations))))
               (display mark port)
               (go (cadr obj) (+ column (string-length mark)) extra)))
            ((pair? obj) (form obj column extra))
            ((and (vector? obj) (> (vector-length obj) 0))
             (display "#" port)
             (display "(" port)
             (column-of (vector->list obj) (+ column 2) (+ extra 1))
             (display ")" port))
            (else (display (%text obj print) port))))
    (define (form obj column extra)
      (display "(" port)
      (let ((head (car obj)))
        (cond ((and (symbol? head) (assq head %heads))
               => (lambda (entry)
                    (display (%text head print) port)
                    (let* ((named? (and (eq? head 'let) (pair? (cdr obj)) (symbol? (cadr obj))))
                           (on-line (+ (cdr entry) (if named? 1 0))))
                      (let loop ((l (cdr obj)) (n on-line) (at (+ column 1 (string-length (%text head print)))))
                        (if (and (pair? l) (> n 0))
                            (begin
                              (display " " port)
                              (go (car l) (+ at 1) (if (null? (cdr l)) (+ extra 1) 0))
                              (loop (cdr l) (- n 1) (+ at 1 (string-length (%text (car l) print)))))
                            (if (not (null? l))
                                (begin (break (+ column 2))
                                       (column-of l (+ column 2) (+ extra 1)))))))))
              ((and (symbol? head) (pair? (cdr obj)) (<= (string-length (%text head print)) 20))
               (let ((at (+ column 2 (string-length (%text head print)))))
                 (display (%text head print) port)
                 (display " " port)
                 (column-of (cdr obj) at (+ extra 1))))
              (else (column-of obj (+ column 1) (+ extra 1))))
        (display ")" port)))
    ;; The parts of L below each other.
    (define (column-of l column extra)
      (let loop ((l l))
        (cond ((not (pair? l))
               (display ". " port)
               (go l (+ column 2) extra))
              ((null? (cdr l)) (go (car l) column extra))
              (else
               (go (car l) column 0)
               (break column)
               (loop (cdr l))))))
    (go obj column extra)))

(define* (truncated-print obj #:optional port-or-keyword #:key (port (if (port? port-or-keyword) port-or-keyword (current-output-port)))
                          (width 79) (display? #f) (breadth-first? #f))
  "(truncated-print obj [port] [#:width 79] [#:display? #f]): writes OBJ in at most WIDTH characters; what has no room becomes
three dots."
  (display (%truncated obj width (if display? display write)) port))

(define %dots "…")

(define (%truncated obj width print)
  "OBJ in at most WIDTH characters."
  (let ((text (%text obj print)))
    (cond ((<= (string-length text) width) text)
          ((pair? obj) (%truncated-parts obj width print "(" ")"))
          ((and (vector? obj) (> (vector-length obj) 0)) (%truncated-parts (vector->list obj) width print "#(" ")"))
          ((string? obj)
           (if (> width 2) (string-append (substring text 0 (- width 2)) %dots "\"") (%cut "#" width)))
          ((< width 3) (%cut "#" width))
          ((string-prefix? "#<" text) (if (>= width 4) (string-append (substring text 0 (- width 2)) %dots ">") (%cut "#" width)))
          (else (%cut "#" width)))))

(define (%cut text width)
  "The first WIDTH characters of TEXT."
  (substring text 0 (max 0 (min width (string-length text)))))

(define (%truncated-parts list width print open close)
  "As much of LIST as fits between OPEN and CLOSE into WIDTH."
  (let ((room (- width (string-length open) (string-length close))))
    (if (< room 1)
        (%cut "#" width)
        (let loop ((l list) (room room) (parts '()) (first? #t))
          (let ((finish (lambda (parts) (string-append open (string-concatenate-reverse parts) close)))
                (blank (if first? "" " ")))
            (cond ((null? l) (finish parts))
                  ((not (pair? l))
                   (let ((tail (%text l print)))
                     (if (<= (+ 3 (string-length tail)) room)
                         (finish (cons* tail " . " parts))
                         (finish (cons (string-append blank %dots) parts)))))
                  (else
                   ;; Room for this part, and for " …" if more follow.
                   (let* ((after (if (null? (cdr l)) 0 2))
                          (have (- room (string-length blank) after))
                          (text (%text (car l) print)))
                     (cond ((<= (string-length text) have)
                            (loop (cdr l) (- room (string-length blank) (string-length text)) (cons* text blank parts) #f))
                           ((and (> have 4) (or (pair? (car l)) (vector? (car l)) (string? (car l))))
                            (let ((text (%truncated (car l) have print)))
                              (finish (if (null? (cdr l))
                                          (cons* text blank parts)
                                          (cons* (string-append " " %dots) text blank parts)))))
                           (else (finish (cons (string-append blank %dots) parts))))))))))))
