;;; (ice-9 format): format with all directives. [Guile: Formatted Output]
;;;
;;; A template is worked through from left to right, recursively for what stands in brackets and braces. The text is collected
;;; in pieces, with the column it has reached, and handed over at the end. Numbers are rounded as they are written in decimals:
;;; a five goes up.

(define-module (ice-9 format)
  #:use-module ((ice-9 pretty-print) #:select (pretty-print))
  #:replace (format))

(define (format destination . args)
  "(format destination template obj ...): TEMPLATE with its directives, which begin with ~, replaced by what they make of the
objects; to the port DESTINATION, to the current output port for #t, or as a string for #f."
  (cond ((string? destination) (apply format #f destination args))
        ((null? args) (%wrong destination '() "no template"))
        ((not (string? (car args))) (%wrong-type 'format 2 "a string" (car args)))
        ((not destination) (%formatted (car args) (cdr args) 0))
        (else
         (let ((port (cond ((eq? destination #t) (current-output-port))
                           ((output-port? destination) destination)
                           ((number? destination) (current-error-port))
                           (else (%wrong-type 'format 1 "a port, a boolean or a template" destination)))))
           (display (%formatted (car args) (cdr args) (or (port-column port) 0)) port)
           #t))))

(define (%formatted template args column)
  "The text of TEMPLATE and ARGS, beginning in COLUMN."
  (let ((out (%make-out '() column)))
    (%run template 0 (string-length template) (%make-items args args) out #f)
    (%out-text out)))

(define (%wrong template args message)
  "Fails about TEMPLATE."
  (throw 'misc-error "format" "error in format: ~A, in ~S" (list message template) #f))

;;; ---- What is written and what is read ----------------------------------------------------------------------------

(define-record-type <out>
  (%make-out pieces column)
  %out?
  (pieces out-pieces set-out-pieces!)
  (column out-column set-out-column!))

(define (%shown obj print)
  "OBJ as PRINT, display or write, writes it."
  (call-with-output-string (lambda (port) (print obj port))))

(define (%emit out text)
  "Adds TEXT to OUT."
  (set-out-pieces! out (cons text (out-pieces out)))
  (let ((newline (string-rindex text #\newline)))
    (set-out-column! out
      (if newline
          (- (string-length text) newline 1)
          (+ (out-column out) (string-length text))))))

(define (%out-text out)
  "All that was added to OUT."
  (string-concatenate-reverse (out-pieces out)))

;; The objects to be formatted: all of them, and those not used yet.
(define-record-type <items>
  (%make-items all rest)
  %items?
  (all items-all)
  (rest items-rest set-items-rest!))

(define (%next! items template)
  "The next of ITEMS."
  (if (null? (items-rest items)) (%wrong template '() "missing argument(s)"))
  (let ((item (car (items-rest items))))
    (set-items-rest! items (cdr (items-rest items)))
    item))

(define (%position items)
  "How many of ITEMS are used."
  (- (length (items-all items)) (length (items-rest items))))

(define (%go-to! items position template)
  "Goes on with the item at POSITION."
  (if (or (< position 0) (> position (length (items-all items)))) (%wrong template '() "no such argument"))
  (set-items-rest! items (list-tail (items-all items) position)))

;;; ---- Directives --------------------------------------------------------------------------------------------------

(define-record-type <directive>
  (%make-directive letter params at? colon? end)
  %directive?
  (letter directive-letter)
  (params directive-params)
  (at? directive-at?)
  (colon? directive-colon?)
  ;; The place behind it.
  (end directive-end))

(define (%parse template i end items)
  "The directive whose tilde is at I - 1; V and # take their values from ITEMS, or are 0 if that is #f."
  (let loop ((i i) (params '()) (param #f) (at? #f) (colon? #f))
    (if (>= i end) (%wrong template '() "the template ends in a directive"))
    (let ((c (string-ref template i)))
      (cond ((or (char-numeric? c) (and (memv c '(#\+ #\-)) (< (+ i 1) end) (char-numeric? (string-ref template (+ i 1)))))
             (let* ((stop (or (string-skip template char-numeric? (+ i 1) end) end)))
               (loop stop params (string->number (substring template i stop)) at? colon?)))
            ((char=? c #\')
             (if (>= (+ i 1) end) (%wrong template '() "the template ends in a directive"))
             (loop (+ i 2) params (string-ref template (+ i 1)) at? colon?))
            ((memv c '(#\v #\V))
             (loop (+ i 1) params (if items (%next! items template) 0) at? colon?))
            ((char=? c #\#)
             (loop (+ i 1) params (if items (length (items-rest items)) 0) at? colon?))
            ((char=? c #\,) (loop (+ i 1) (cons param params) #f at? colon?))
            ((char=? c #\@) (loop (+ i 1) params param #t colon?))
            ((char=? c #\:) (loop (+ i 1) params param at? #t))
            (else
             (%make-directive (char-downcase c)
                              (reverse (if param (cons param params) params))
                              at? colon? (+ i 1)))))))

(define (%param directive k default)
  "Parameter K of DIRECTIVE, or DEFAULT."
  (let loop ((l (directive-params directive)) (k k))
    (cond ((null? l) default)
          ((> k 0) (loop (cdr l) (- k 1)))
          (else (or (car l) default)))))

(define (%sections template i end open close)
  "Where the sections of a form stand that begins at I, between ~; and up to CLOSE: a list of (start end colon-in-front?), and
the directive that closes it."
  (let loop ((at i) (start i) (colon? #f) (depth 0) (sections '()))
    (let ((tilde (string-index template #\~ at end)))
      (if (not tilde) (%wrong template '() (string-append "there is no ~" (string close))))
      (let* ((directive (%parse template (+ tilde 1) end #f)) (letter (directive-letter directive)))
        (cond ((memv letter '(#\( #\[ #\{)) (loop (directive-end directive) start colon? (+ depth 1) sections))
              ((and (= depth 0) (eqv? letter close))
               (values (reverse (cons (list start tilde colon?) sections)) directive))
              ((memv letter '(#\) #\] #\})) (loop (directive-end directive) start colon? (- depth 1) sections))
              ((and (= depth 0) (eqv? letter #\;))
               (loop (directive-end directive) (directive-end directive) (directive-colon? directive) depth
                     (cons (list start tilde colon?) sections)))
              (else (loop (directive-end directive) start colon? depth sections)))))))

(define (%run template i end items out outer)
  "Formats the part of TEMPLATE from I to END. #f if ~^ has ended it. OUTER are the items of the form around, for ~:^."
  (let loop ((i i))
    (let ((tilde (string-index template #\~ i end)))
      (cond ((not tilde)
             (if (< i end) (%emit out (substring template i end)))
             #t)
            ((= (+ tilde 1) end)
             (%emit out (substring template i end))
             #t)
            (else
             (if (< i tilde) (%emit out (substring template i tilde)))
             (let* ((directive (%parse template (+ tilde 1) end items)) (next (directive-end directive)))
               (case (directive-letter directive)
                 ((#\() (%case-form template next end items out outer directive loop))
                 ((#\[) (%conditional template next end items out outer directive loop))
                 ((#\{) (%iteration template next end items out directive loop))
                 ((#\^) (if (%escape? directive items outer) #f (loop next)))
                 ((#\newline)
                  (if (directive-at? directive) (%emit out "\n"))
                  (loop (if (directive-colon? directive)
                            next
                            (or (string-skip template (lambda (c) (and (char-whitespace? c) (not (char=? c #\newline)))) next end) end))))
                 (else
                  (%simple template items out directive)
                  (loop next)))))))))

(define (%escape? directive items outer)
  "Whether ~^ ends the form."
  (let ((params (directive-params directive)))
    (case (length params)
      ((0) (null? (items-rest (if (and (directive-colon? directive) outer) outer items))))
      ((1) (eqv? (car params) 0))
      ((2) (equal? (car params) (cadr params)))
      (else (<= (car params) (cadr params) (caddr params))))))

(define (%case-form template i end items out outer directive continue)
  "~( ... ~): the text inside with other letters."
  (call-with-values (lambda () (%sections template i end #\( #\)))
    (lambda (sections close)
      (let* ((inner (%make-out '() (out-column out)))
             (goes-on? (%run template (car (car sections)) (cadr (car sections)) items inner outer))
             (text (%out-text inner)))
        (%emit out
          (cond ((and (directive-at? directive) (directive-colon? directive)) (string-upcase text))
                ((directive-colon? directive) (string-capitalize text))
                ((directive-at? directive) (%capitalize-first text))
                (else (string-downcase text))))
        (and goes-on? (continue (directive-end close)))))))

(define (%capitalize-first text)
  "TEXT in small letters but for the first one."
  (let* ((text (string-downcase text)) (place (string-index text char-alphabetic?)))
    (if place
        (string-append (substring text 0 place)
                       (string (char-upcase (string-ref text place)))
                       (substring text (+ place 1)))
        text)))

(define (%conditional template i end items out outer directive continue)
  "~[ ... ~; ... ~]: one of its sections."
  (call-with-values (lambda () (%sections template i end #\[ #\]))
    (lambda (sections close)
      (let ((run (lambda (section)
                   (if (or (not section) (%run template (car section) (cadr section) items out outer))
                       (continue (directive-end close))
                       #f))))
        (cond ((directive-at? directive)
               (if (null? (items-rest items)) (%wrong template '() "missing argument(s)"))
               (if (car (items-rest items))
                   (run (car sections))
                   (begin (%next! items template) (run #f))))
              ((directive-colon? directive)
               (if (not (= (length sections) 2)) (%wrong template '() "~:[ wants two sections"))
               (run (if (%next! items template) (cadr sections) (car sections))))
              (else
               (let ((k (or (%param directive 0 #f) (%next! items template))))
                 (if (not (exact-integer? k)) (%wrong template '() "~[ wants an integer"))
                 (let loop ((l sections) (n 0))
                   (cond ((null? l) (run #f))
                         ((or (= n k) (caddr (car l))) (run (car l)))
                         (else (loop (cdr l) (+ n 1))))))))))))

(define (%iteration template i end items out directive continue)
  "~{ ... ~}: its inside for the elements of a list, or with @ for all objects that are left; with : for a list of lists."
  (call-with-values (lambda () (%sections template i end #\{ #\}))
    (lambda (sections close)
      (let* ((section (car sections))
             (empty? (= (car section) (cadr section)))
             ;; An empty form takes its template from the objects.
             (body (if empty? (%next! items template) template))
             (from (if empty? 0 (car section)))
             (to (if empty? (string-length body) (cadr section)))
             (most (%param directive 0 #f))
             (list (if (directive-at? directive) #f (%next! items template)))
             (own (if list (%make-items list list) items)))
        (if (and list (not (list? list))) (%wrong template '() "~{ wants a list"))
        (let loop ((n 0))
          (if (and (not (null? (items-rest own)))
                   (or (not most) (< n most)))
              (let* ((before (items-rest own))
                     (goes-on?
                      (if (directive-colon? directive)
                          (let ((sublist (%next! own template)))
                            (if (not (list? sublist)) (%wrong template '() "~:{ wants a list of lists"))
                            (%run body from to (%make-items sublist sublist) out own)
                            #t)
                          (%run body from to own out #f))))
                ;; What uses up nothing would go on for ever.
                (if (and goes-on? (not (eq? before (items-rest own)))) (loop (+ n 1))))))
        (continue (directive-end close))))))

(define (%simple template items out directive)
  "Does a directive that stands alone."
  (let ((letter (directive-letter directive)) (params (directive-params directive)))
    (case letter
      ((#\a #\s)
       (let* ((item (%next! items template))
              (text (%shown item (if (char=? letter #\a) display write))))
         (%emit out (%pad-object (if (and (directive-colon? directive) (not (string? item)) (string-prefix? "#<" text))
                                     (%shown text write)
                                     text)
                                 directive))))
      ((#\d) (%emit out (%integer (%next! items template) 10 0 directive template)))
      ((#\x) (%emit out (%integer (%next! items template) 16 0 directive template)))
      ((#\o) (%emit out (%integer (%next! items template) 8 0 directive template)))
      ((#\b) (%emit out (%integer (%next! items template) 2 0 directive template)))
      ((#\r) (%emit out (%radix (%next! items template) directive template)))
      ((#\f) (%emit out (%fixed (%real items template) (%param directive 0 #f) (%param directive 1 #f) (%param directive 2 0)
                                (%param directive 3 #f) (%param directive 4 #\space) (directive-at? directive))))
      ((#\e) (%emit out (%exponential (%real items template) directive)))
      ((#\g) (%emit out (%general (%real items template) directive)))
      ((#\$) (%emit out (%money (%real items template) directive)))
      ((#\i)
       (let ((z (%next! items template)))
         (if (not (number? z)) (%wrong template '() "argument not a number"))
         (let ((part (lambda (x at?)
                       (%fixed x (%param directive 0 #f) (%param directive 1 #f) (%param directive 2 0) (%param directive 3 #f)
                               (%param directive 4 #\space) at?))))
           (%emit out (part (real-part z) (directive-at? directive)))
           (%emit out (part (imag-part z) #t))
           (%emit out "i"))))
      ((#\c) (%emit out (%character (%next! items template) directive template)))
      ((#\p)
       (if (directive-colon? directive) (%go-to! items (- (%position items) 1) template))
       (let ((one? (eqv? (%next! items template) 1)))
         (%emit out (if (directive-at? directive) (if one? "y" "ies") (if one? "" "s")))))
      ((#\y)
       (let ((item (%next! items template)))
         (%emit out (call-with-output-string (lambda (port) (pretty-print item port))))))
      ((#\? #\k)
       (let ((inner (%next! items template)))
         (if (not (string? inner)) (%wrong template '() "~? wants a template"))
         (if (directive-at? directive)
             (%run inner 0 (string-length inner) items out #f)
             (let ((own (%next! items template)))
               (if (not (list? own)) (%wrong template '() "~? wants a list"))
               (%run inner 0 (string-length inner) (%make-items own own) out #f)))))
      ((#\*)
       (cond ((directive-at? directive) (%go-to! items (%param directive 0 0) template))
             ((directive-colon? directive) (%go-to! items (- (%position items) (%param directive 0 1)) template))
             (else (%go-to! items (+ (%position items) (%param directive 0 1)) template))))
      ((#\%) (%emit out (make-string (%param directive 0 1) #\newline)))
      ((#\&)
       (let ((n (%param directive 0 1)))
         (if (> n 0)
             (begin (if (> (out-column out) 0) (%emit out "\n"))
                    (%emit out (make-string (- n 1) #\newline))))))
      ((#\~) (%emit out (make-string (%param directive 0 1) #\~)))
      ((#\|) (%emit out (make-string (%param directive 0 1) #\page)))
      ((#\_) (%emit out (make-string (%param directive 0 1) #\space)))
      ((#\/) (%emit out (make-string (%param directive 0 1) #\tab)))
      ((#\t) (%emit out (%tabulate (out-column out) directive)))
      ((#\!) #t)
      ((#\q) (%emit out "(ice-9 format)"))
      (else (%wrong template '() (string-append "unknown directive ~" (string letter)))))))

(define (%tabulate column directive)
  "The blanks of ~t in this column."
  (let ((n (%param directive 0 1)) (step (%param directive 1 1)))
    (make-string
      (if (directive-at? directive)
          (let ((to (+ column n)))
            (- (if (> step 0) (* step (ceiling-quotient to step)) to) column))
          (cond ((< column n) (- n column))
                ((= step 0) 0)
                (else (let ((over (modulo (- column n) step))) (if (= over 0) 0 (- step over))))))
      #\space)))

;;; ---- Padding and integers ----------------------------------------------------------------------------------------

(define (%pad-object text directive)
  "TEXT made as wide as ~a and ~s say."
  (let* ((width (%param directive 0 0))
         (step (max 1 (%param directive 1 1)))
         (least (%param directive 2 0))
         (char (%param directive 3 #\space))
         (size (string-length text))
         (missing (- width size least))
         (padding (make-string (+ least (if (> missing 0) (* step (ceiling-quotient missing step)) 0)) char)))
    (if (directive-at? directive)
        (string-append padding text)
        (string-append text padding))))

(define (%pad-left text width char)
  "TEXT with CHAR in front, at least WIDTH characters."
  (let ((missing (- width (string-length text))))
    (if (> missing 0) (string-append (make-string missing char) text) text)))

(define (%integer item radix first directive template)
  "An integer in RADIX as ~d and its like want it; their parameters begin with number FIRST."
  (if (not (exact-integer? item)) (%wrong template '() "argument not an integer"))
  (let* ((width (%param directive first 0))
         (char (%param directive (+ first 1) #\space))
         (comma (%param directive (+ first 2) #\,))
         (group (%param directive (+ first 3) 3))
         (digits (number->string (abs item) radix))
         (digits (if (and (directive-colon? directive) (exact-integer? group) (> group 0)) (%grouped digits comma group) digits))
         (sign (cond ((< item 0) "-") ((directive-at? directive) "+") (else ""))))
    (if (not (and (exact-integer? width) (>= width 0))) (%wrong template '() "\"mincol\" parameter must be a positive integer"))
    (if (and (eqv? char #\0) (not (string-null? sign)))
        (%pad-left (string-append sign digits) width #\0)
        (%pad-left (string-append sign digits) width char))))

(define (%grouped digits comma group)
  "DIGITS with COMMA between groups of so many."
  (let loop ((end (string-length digits)) (parts '()))
    (if (<= end group)
        (string-join (cons (substring digits 0 end) parts) (string comma))
        (loop (- end group) (cons (substring digits (- end group) end) parts)))))

(define (%radix item directive template)
  "~r: in a radix, in words, or in Roman numerals."
  (cond ((%param directive 0 #f)
         => (lambda (radix) (%integer item radix 1 directive template)))
        ((not (exact-integer? item)) (%wrong template '() "argument not an integer"))
        ((and (directive-at? directive) (directive-colon? directive)) (%roman item %old-roman))
        ((directive-at? directive) (%roman item %new-roman))
        ((directive-colon? directive) (%ordinal item))
        (else (%cardinal item))))

(define %new-roman
  '((1000 "M") (900 "CM") (500 "D") (400 "CD") (100 "C") (90 "XC") (50 "L") (40 "XL") (10 "X") (9 "IX") (5 "V") (4 "IV") (1 "I")))

(define %old-roman
  '((1000 "M") (500 "D") (100 "C") (50 "L") (10 "X") (5 "V") (1 "I")))

(define (%roman n table)
  "N in the numerals of TABLE."
  (if (not (< 0 n 1000000)) (error "format: there is no Roman numeral for" n))
  (let loop ((n n) (table table) (parts '()))
    (cond ((= n 0) (string-concatenate-reverse parts))
          ((>= n (caar table)) (loop (- n (caar table)) table (cons (cadar table) parts)))
          (else (loop n (cdr table) parts)))))

(define %below-twenty
  #("zero" "one" "two" "three" "four" "five" "six" "seven" "eight" "nine" "ten" "eleven" "twelve" "thirteen" "fourteen" "fifteen"
    "sixteen" "seventeen" "eighteen" "nineteen"))

(define %tens
  #("" "" "twenty" "thirty" "forty" "fifty" "sixty" "seventy" "eighty" "ninety"))

(define %powers
  #("" " thousand" " million" " billion" " trillion" " quadrillion" " quintillion" " sextillion" " septillion" " octillion"
    " nonillion" " decillion" " undecillion" " duodecillion" " tredecillion" " quattuordecillion" " quindecillion" " sexdecillion"
    " septendecillion" " octodecillion" " novemdecillion" " vigintillion"))

(define (%hundreds n)
  "N, from 1 to 999, in words."
  (let* ((hundreds (quotient n 100)) (rest (remainder n 100))
         (front (if (> hundreds 0) (string-append (vector-ref %below-twenty hundreds) " hundred") ""))
         (back (cond ((= rest 0) "")
                     ((< rest 20) (vector-ref %below-twenty rest))
                     ((= (remainder rest 10) 0) (vector-ref %tens (quotient rest 10)))
                     (else (string-append (vector-ref %tens (quotient rest 10)) "-" (vector-ref %below-twenty (remainder rest 10)))))))
    (string-append front (if (or (string-null? front) (string-null? back)) "" " ") back)))

(define (%cardinal n)
  "N in words."
  (cond ((= n 0) "zero")
        ((< n 0) (string-append "minus " (%cardinal (- n))))
        (else
         (let loop ((n n) (power 0) (parts '()))
           (cond ((= n 0) (string-join parts ", "))
                 ((>= power (vector-length %powers))
                  (string-join (cons (string-append (number->string n) " times ten to the " (%ordinal (* 3 power)) " power") parts) ", "))
                 ((= (remainder n 1000) 0) (loop (quotient n 1000) (+ power 1) parts))
                 (else
                  (loop (quotient n 1000) (+ power 1)
                        (cons (string-append (%hundreds (remainder n 1000)) (vector-ref %powers power)) parts))))))))

(define (%ordinal n)
  "N in words, for its place."
  (if (< n 0)
      (string-append "minus " (%ordinal (- n)))
      (let* ((text (%cardinal n))
             (cut (let ((place (string-index-right text (lambda (c) (memv c '(#\space #\-)))))) (if place (+ place 1) 0)))
             (last (substring text cut))
             (known (assoc last '(("one" . "first") ("two" . "second") ("three" . "third") ("five" . "fifth") ("eight" . "eighth")
                                  ("nine" . "ninth") ("twelve" . "twelfth")))))
        (string-append (substring text 0 cut)
                       (cond (known (cdr known))
                             ((string-suffix? "y" last) (string-append (string-drop-right last 1) "ieth"))
                             (else (string-append last "th")))))))

(define (%character c directive template)
  "~c: a character as it is, by its name, or as a program would write it."
  (if (not (char? c)) (%wrong template '() "~c wants a character"))
  (cond ((directive-at? directive) (%shown c write))
        ((and (directive-colon? directive) (< (char->integer c) 32))
         (string #\^ (integer->char (+ 64 (char->integer c)))))
        (else (string c))))

;;; ---- Decimal fractions -------------------------------------------------------------------------------------------
;;;
;;; A number is a string of digits and the place of the point in it, which may be in front of or behind all of them.

(define (%real items template)
  "The next item, a real number; or a string of one."
  (let ((x (%next! items template)))
    (cond ((real? x) x)
          ((and (string? x) (string->number x)) => (lambda (n) n))
          (else (%wrong template '() "argument not a real number")))))

(define (%digits x)
  "Two values: the digits of the positive number X, without zeros at either end, and the place of the point."
  (let* ((text (number->string (exact->inexact x)))
         (e (string-index text #\e))
         (mantissa (if e (substring text 0 e) text))
         (exponent (if e (string->number (substring text (+ e 1))) 0))
         (point (or (string-index mantissa #\.) (string-length mantissa)))
         (all (string-delete #\. mantissa))
         (first (or (string-skip all #\0) (string-length all)))
         (digits (string-trim-right (substring all first) #\0)))
    (if (string-null? digits)
        (values "" 0)
        (values digits (+ exponent (- point first))))))

(define (%rounded digits point places)
  "Two values: the number DIGITS and POINT with PLACES digits behind the point, a five rounded up."
  (let ((keep (+ point places)))
    (cond ((>= keep (string-length digits)) (values digits point))
          ((< keep 0) (values "" 0))
          ((char<? (string-ref digits keep) #\5) (values (substring digits 0 keep) point))
          (else
           ;; One more in the last place.
           (let loop ((k (- keep 1)) (tail '()))
             (cond ((< k 0) (values (list->string (cons #\1 tail)) (+ point 1)))
                   ((char=? (string-ref digits k) #\9) (loop (- k 1) (cons #\0 tail)))
                   (else
                    (values (string-append (substring digits 0 k)
                                           (string (integer->char (+ 1 (char->integer (string-ref digits k)))))
                                           (list->string tail))
                            point))))))))

(define (%before-point digits point)
  "The digits in front of the point."
  (cond ((<= point 0) "")
        ((>= point (string-length digits)) (string-pad-right digits point #\0))
        (else (substring digits 0 point))))

(define (%behind-point digits point)
  "The digits behind the point."
  (cond ((>= point (string-length digits)) "")
        ((< point 0) (string-append (make-string (- point) #\0) digits))
        (else (substring digits point))))

(define (%special x width char at?)
  "The text of an infinity or of what is no number."
  (%pad-left (let ((text (number->string x))) (if (or at? (not (string-prefix? "+" text))) text text)) (or width 0) char))

(define (%fixed x width places scale overflow char at?)
  "~f: X with PLACES digits behind the point, WIDTH wide."
  (if (or (nan? (exact->inexact x)) (inf? (exact->inexact x)))
      (%special (exact->inexact x) width char at?)
      (call-with-values (lambda () (%digits (abs x)))
        (lambda (digits point)
          (let* ((point (if (string-null? digits) 0 (+ point scale)))
                 (sign (cond ((or (< x 0) (eqv? x -0.0)) "-") (at? "+") (else "")))
                 (room (and width (- width (string-length sign))))
                 ;; With a width alone, as many digits as there is room for.
                 (places (or places
                             (and room
                                  (let ((free (- room (max point 0) 1)))
                                    (and (< free (string-length (%behind-point digits point))) (max free 0)))))))
            (call-with-values (lambda () (if places (%rounded digits point places) (values digits point)))
              (lambda (digits point)
                (let* ((front (%before-point digits point))
                       (back (%behind-point digits point))
                       (back (if places (string-pad-right back places #\0) (if (string-null? back) "0" back)))
                       (zero? (and (string-null? front)
                                   (or (string-null? back) (not room) (< (+ 1 (string-length back)) room))))
                       (text (string-append sign (if zero? "0" front) "." back)))
                  (cond ((and width (> (string-length text) width) overflow) (make-string width overflow))
                        (else (%pad-left text (or width 0) char)))))))))))

(define (%exponential x directive)
  "~e: a mantissa and a power of ten."
  (let ((width (%param directive 0 #f)) (places (%param directive 1 #f)) (exponent-digits (%param directive 2 #f))
        (scale (%param directive 3 1)) (overflow (%param directive 4 #f)) (char (%param directive 5 #\space))
        (mark (%param directive 6 #\E)))
    (if (or (nan? (exact->inexact x)) (inf? (exact->inexact x)))
        (%special (exact->inexact x) width char (directive-at? directive))
        (call-with-values (lambda () (%digits (abs x)))
          (lambda (digits point)
            (let* ((sign (cond ((or (< x 0) (eqv? x -0.0)) "-") ((directive-at? directive) "+") (else "")))
                   (behind (and places (if (> scale 0) (max 0 (- places (- scale 1))) places)))
                   (try (lambda (point)
                          (call-with-values (lambda () (if behind (%rounded digits scale behind) (values digits scale)))
                            (lambda (rounded new) (list rounded new (- point scale))))))
                   (first (try point))
                   ;; Rounding may have carried into a new digit.
                   (carried? (> (cadr first) scale))
                   (rounded (if carried? (string-append "1" (substring (car first) 1)) (car first)))
                   (exponent (if (string-null? digits) 0 (if carried? (+ (caddr first) 1) (caddr first))))
                   (front (%before-point rounded scale))
                   (front (if (string-null? front) "0" front))
                   (back (%behind-point rounded scale))
                   (back (cond (behind (string-take (string-pad-right back (max behind (string-length back)) #\0) behind))
                               ((string-null? back) "0")
                               (else back)))
                   (power (number->string (abs exponent)))
                   (power (if exponent-digits (%pad-left power exponent-digits #\0) power))
                   (text (string-append sign front "." back (string mark) (if (< exponent 0) "-" "+") power)))
              (if (and width overflow (> (string-length text) width))
                  (make-string width overflow)
                  (%pad-left text (or width 0) char))))))))

(define (%general x directive)
  "~g: as ~f if the number is neither too large nor too small for its digits, else as ~e."
  (let* ((width (%param directive 0 #f)) (places (%param directive 1 #f)) (exponent-digits (%param directive 2 #f))
         (blanks (if exponent-digits (+ exponent-digits 2) 4)))
    (call-with-values
        (lambda () (if (or (nan? (exact->inexact x)) (inf? (exact->inexact x))) (values "" 0) (%digits (abs x))))
      (lambda (digits point)
        (let ((behind (and places (- places point))))
          (if (or (not places) (<= 0 behind places))
              (string-append (%fixed x (and width (- width blanks)) behind 0 (%param directive 4 #f) (%param directive 5 #\space)
                                     (directive-at? directive))
                             (make-string blanks #\space))
              (%exponential x directive)))))))

(define (%money x directive)
  "~$: as amounts of money are written."
  (let* ((places (%param directive 0 2)) (front (%param directive 1 1)) (width (%param directive 2 0))
         (char (%param directive 3 #\space))
         (text (%fixed (abs x) #f places 0 #f #\space #f))
         (text (%pad-left text (+ front places 1) #\0))
         (sign (cond ((< x 0) "-") ((directive-at? directive) "+") (else ""))))
    (if (directive-colon? directive)
        (string-append sign (%pad-left text (- width (string-length sign)) char))
        (%pad-left (string-append sign text) width char))))
