;;; (ice-9 pretty-print): data over several lines, or cut to a width. [Guile: Pretty Printing]
;;;
;;; A datum that fits into the rest of the line, and is not too long, is written there. Of one that does not, each part gets a line.

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

;; How the parts of a form are laid out that does not fit: its kind, by the form's name. What is not here has its parts below the
;; first argument, or below the name if that is long.
(define %layouts
  '((lambda . body) (lambda* . body) (let* . body) (letrec . body) (define . body) (define* . body) (define-public . body)
    (define-syntax . body) (let-syntax . body) (letrec-syntax . body) (with-syntax . body)
    (let . named-body) (if . test) (set! . test) (cond . clauses) (case . cases) (begin . forms) (do . loop)
    (syntax-rules . rules) (syntax-case . cases)))

(define (%abbreviation obj)
  "The mark that stands for the head of OBJ, such as a quote, or #f."
  (and (pair? obj) (symbol? (car obj)) (pair? (cdr obj)) (null? (cddr obj))
       (assq-ref %abbreviations (car obj))))

(define (%flat obj print limit)
  "OBJ on one line, or #f if that has more than LIMIT characters."
  (call/ec
    (lambda (give-up)
      (let ((left limit))
        (call-with-output-string
          (lambda (out)
            (define (say text)
              (set! left (- left (string-length text)))
              (if (or (< left 0) (string-index text #\newline)) (give-up #f))
              (display text out))
            (define (parts list)
              (cond ((pair? (cdr list))
                     (go (car list)) (say " ") (parts (cdr list)))
                    ((null? (cdr list)) (go (car list)) (say ")"))
                    (else (go (car list)) (say " . ") (go (cdr list)) (say ")"))))
            (define (go obj)
              (cond ((%abbreviation obj) => (lambda (mark) (say mark) (go (cadr obj))))
                    ((pair? obj) (say "(") (parts obj))
                    ((and (vector? obj) (> (vector-length obj) 0)) (say "#(") (parts (vector->list obj)))
                    (else (say (%text obj print)))))
            (go obj)))))))

(define (%print obj column extra port print width most prefix)
  "Writes OBJ from COLUMN on, with EXTRA closing parentheses to follow it."
  ;; All of these give the column behind what they have written.
  (define (say text column)
    (display text port)
    (+ column (string-length text)))
  (define (indent to column)
    (if (< to column)
        (begin
          (newline port)
          (display prefix port)
          (say (make-string (max 0 (- to (string-length prefix))) #\space) (string-length prefix)))
        (say (make-string (- to column) #\space) column)))
  ;; A datum whose parts, if it does not fit, LAYOUT writes.
  (define (datum obj column extra layout)
    (cond ((not (or (pair? obj) (vector? obj))) (say (%text obj print) column))
          ((%flat obj print (min (- width column extra) (- most 1))) => (lambda (text) (say text column)))
          ((pair? obj) (layout obj column extra))
          (else (items (vector->list obj) (say "#" column) extra expression))))
  (define (expression obj column extra)
    (cond ((%abbreviation obj)
           => (lambda (mark) (datum (cadr obj) (say mark column) extra expression)))
          ((not (symbol? (car obj))) (items obj column extra expression))
          ((assq-ref %layouts (car obj)) => (lambda (kind) (form kind obj column extra)))
          ((> (string-length (symbol->string (car obj))) 5) (general obj column extra #f '() expression))
          (else (call obj column extra expression))))
  (define (expressions obj column extra) (items obj column extra expression))
  (define (form kind obj column extra)
    (case kind
      ((body) (general obj column extra #f (list expressions) expression))
      ((named-body)
       (general obj column extra (and (pair? (cdr obj)) (symbol? (cadr obj))) (list expressions) expression))
      ((test) (general obj column extra #f (list expression) expression))
      ((clauses) (call obj column extra expressions))
      ((cases) (general obj column extra #f (list expression) expressions))
      ((rules) (general obj column extra #f (list expressions) expressions))
      ((forms) (general obj column extra #f '() expression))
      ((loop) (general obj column extra #f (list expressions expressions) expression))))
  ;; (head item1
  ;;       item2)
  (define (call obj column extra layout)
    (let ((behind (say (%text (car obj) print) (say "(" column))))
      (down (cdr obj) behind (+ behind 1) extra layout)))
  ;; (item1
  ;;  item2)
  (define (items obj column extra layout)
    (let ((inside (say "(" column)))
      (down obj inside inside extra layout)))
  (define (down list column to extra layout)
    (let loop ((list list) (column column))
      (cond ((pair? list)
             (loop (cdr list)
                   (datum (car list) (indent to column) (if (null? (cdr list)) (+ extra 1) 0) layout)))
            ((null? list) (say ")" column))
            (else
             (say ")" (datum list (indent to (say "." (indent to column))) (+ extra 1) layout))))))
  ;; (head name part ...
  ;;   item
  ;;   item)
  (define (general obj column extra named? layouts layout)
    (let* ((behind (say (%text (car obj) print) (say "(" column)))
           (rest (if named? (cddr obj) (cdr obj)))
           (behind (if named? (say (%text (cadr obj) print) (say " " behind)) behind)))
      (let loop ((rest rest) (layouts layouts) (column* behind))
        (if (and (pair? layouts) (pair? rest))
            (loop (cdr rest) (cdr layouts)
                  (datum (car rest) (indent (+ behind 1) column*) (if (null? (cdr rest)) (+ extra 1) 0) (car layouts)))
            (down rest column* (+ column 2) extra layout)))))
  (datum obj column extra expression))

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
