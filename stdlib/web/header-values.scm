;;; (web header-values): what the headers of HTTP hold, as text and as values. [Guile: HTTP Headers; RFC 7231-7235]
;;;
;;; Each kind of value has a parser, which throws bad-header-component for what it cannot read, a validator and a writer. Words that
;;; the standard lists become symbols, qualities thousandths, dates those of SRFI 19.

(define-module (web header-values)
  #:use-module (web uri)
  #:use-module (srfi srfi-19)
  #:export (standard-header opaque-parser opaque-validator opaque-writer))

;;; ---- Pieces of text ----------------------------------------------------------------------------------------------

(define (%bad kind text)
  "Complains of TEXT, which should be a value of KIND."
  (throw 'bad-header-component kind text))

(define (%split text delimiter)
  "The parts of TEXT between delimiters that do not stand in quotes, without blanks around them and without empty ones."
  (let ((length (string-length text)))
    (let loop ((i 0) (start 0) (quoted? #f) (parts '()))
      (define (parts-with-this)
        (let ((part (string-trim-both (substring text start (min i length)))))
          (if (string-null? part) parts (cons part parts))))
      (cond ((>= i length) (reverse (parts-with-this)))
            ((and quoted? (char=? (string-ref text i) #\\)) (loop (+ i 2) start #t parts))
            ((char=? (string-ref text i) #\") (loop (+ i 1) start (not quoted?) parts))
            ((and (not quoted?) (char=? (string-ref text i) delimiter)) (loop (+ i 1) (+ i 1) #f (parts-with-this)))
            (else (loop (+ i 1) start quoted? parts))))))

(define (%unquoted text)
  "TEXT without quotes around it, if there are any."
  (let ((length (string-length text)))
    (if (not (string-prefix? "\"" text))
        text
        (call-with-output-string
          (lambda (out)
            (let loop ((i 1))
              (if (>= i length) (%bad 'qstring text))
              (let ((c (string-ref text i)))
                (cond ((char=? c #\") (if (not (= (+ i 1) length)) (%bad 'qstring text)))
                      ((and (char=? c #\\) (< (+ i 1) length))
                       (write-char (string-ref text (+ i 1)) out)
                       (loop (+ i 2)))
                      (else (write-char c out) (loop (+ i 1)))))))))))

(define (%token-char? c)
  "Whether C may stand in a word without quotes."
  (and (char<? #\space c #\delete)
       (not (string-index "()<>@,;:\\\"/[]?={}" c))))

(define (%token? text)
  "Whether TEXT needs no quotes."
  (and (not (string-null? text)) (string-every %token-char? text) #t))

(define (%write-quoted text port)
  "Writes TEXT in quotes."
  (write-char #\" port)
  (string-for-each
    (lambda (c)
      (if (memv c '(#\" #\\)) (write-char #\\ port))
      (write-char c port))
    text)
  (write-char #\" port))

(define (%write-list items write-item delimiter port)
  "Writes the items with delimiters between them."
  (let loop ((items items) (first? #t))
    (if (pair? items)
        (begin
          (if (not first?) (display delimiter port))
          (write-item (car items) port)
          (loop (cdr items) #f)))))

(define (%list-of? valid? obj)
  "Whether OBJ is a list, all of whose elements are VALID?."
  (and (list? obj) (every valid? obj)))

(define (%number text)
  "The number, not negative, that TEXT says."
  (if (and (not (string-null? text)) (string-every char-set:digit text))
      (string->number text)
      (%bad 'non-negative-integer text)))

(define (%size? obj)
  "Whether OBJ is an exact integer, not negative."
  (and (exact-integer? obj) (>= obj 0)))

;;; ---- Kinds of values ---------------------------------------------------------------------------------------------

(define (opaque-parser text)
  "(opaque-parser text): TEXT itself."
  text)

(define (opaque-validator obj)
  "(opaque-validator obj): whether OBJ is a string without line ends."
  (and (string? obj) (not (string-index obj #\newline)) (not (string-index obj #\return))))

(define (opaque-writer text port)
  "(opaque-writer text port): writes TEXT."
  (display text port))

(define (%opaque)
  "Texts."
  (%kind opaque-parser opaque-validator opaque-writer))

(define (%integer)
  "Integers, not negative."
  (%kind %number %size? display))

(define (%kind parse valid? write)
  "The three procedures of a kind of value."
  (list parse valid? write))

(define* (%words parse-word valid? write-word #:optional (delimiter ", "))
  "Values that are lists of words between commas, written with DELIMITER."
  (%kind (lambda (text) (map parse-word (%split text #\,)))
         (lambda (obj) (%list-of? valid? obj))
         (lambda (words port) (%write-list words write-word delimiter port))))

(define (%symbols)
  "Lists of symbols, written as they are."
  (%words string->symbol symbol? display))

(define (%strings)
  "Lists of strings."
  (%words (lambda (text) text) string? display))

(define (%header-names)
  "Lists of names of headers."
  (%words (lambda (text) (string->symbol (string-downcase text)))
          symbol?
          (lambda (name port) (display (string-titlecase (symbol->string name)) port))))

;; NAME or NAME=VALUE

(define (%parse-pair text parse-value)
  "The symbol that TEXT says, or the pair of a symbol and of what PARSE-VALUE makes of the symbol and the text behind =."
  (let ((sign (string-index text #\=)))
    (if sign
        (let ((key (string->symbol (string-trim-right (substring text 0 sign)))))
          (cons key (parse-value key (%unquoted (string-trim-both (substring text (+ sign 1)))))))
        (parse-value (string->symbol text) #f))))

(define (%write-pair pair port)
  "Writes a symbol, or a pair of one and a value."
  (cond ((pair? pair)
         (display (car pair) port)
         (if (cdr pair)
             (begin
               (display "=" port)
               (%write-value (car pair) (cdr pair) port))))
        (else (display pair port))))

(define (%write-value key value port)
  "Writes the value of KEY behind an equals sign."
  (cond ((and (eq? key 'q) (%size? value)) (%write-quality value port))
        ((and (string? value) (not (%token? value))) (%write-quoted value port))
        ((pair? value) (%write-quoted (string-join (map (lambda (name) (string-titlecase (symbol->string name))) value) ", ") port))
        (else (display value port))))

(define (%default-value key text)
  "What is behind KEY, as it is: a string, or the key alone."
  (or text key))

(define (%cache-value key text)
  "The value of a directive of Cache-Control."
  (cond ((not text) key)
        ((memq key '(max-age max-stale min-fresh s-maxage)) (%number text))
        ((memq key '(private no-cache))
         (map (lambda (name) (string->symbol (string-downcase name))) (%split text #\,)))
        (else text)))

(define (%pairs parse-value)
  "Lists of symbols and pairs between commas."
  (%kind (lambda (text) (map (lambda (part) (%parse-pair part parse-value)) (%split text #\,)))
         (lambda (obj) (%list-of? (lambda (item) (or (symbol? item) (and (pair? item) (symbol? (car item))))) obj))
         (lambda (pairs port) (%write-list pairs %write-pair ", " port))))

;; WORD; NAME=VALUE; ...

(define (%parameter key text)
  "The value of a parameter; q is a quality."
  (cond ((not text) key)
        ((eq? key 'q) (%quality text))
        (else text)))

(define (%parse-with-parameters text parse-word parse-value)
  "The list of a word and its parameters that TEXT says."
  (let ((parts (%split text #\;)))
    (if (null? parts) (%bad 'key-value-list text))
    (cons (parse-word (car parts)) (map (lambda (part) (%parse-pair part parse-value)) (cdr parts)))))

(define (%write-with-parameters value port)
  "Writes a word and its parameters."
  (display (car value) port)
  (for-each (lambda (pair) (display ";" port) (%write-pair pair port)) (cdr value)))

(define (%with-parameters? obj)
  "Whether OBJ is the list of a word and its parameters."
  (and (pair? obj) (symbol? (car obj)) (list? (cdr obj))))

(define (%parameter-lists)
  "Lists of words with parameters between commas."
  (%words (lambda (text) (%parse-with-parameters text string->symbol %default-value)) %with-parameters? %write-with-parameters ","))

(define (%media-type text)
  "The symbol of a media type such as text/html."
  (if (not (string-index text #\/)) (%bad 'media-type text))
  (string->symbol text))

;; Qualities

(define (%quality text)
  "A quality from 0 to 1, in thousandths."
  (let ((number (and (string-every (lambda (c) (or (char-numeric? c) (char=? c #\.))) text) (string->number text 10))))
    (if (not (and number (<= 0 number 1) (<= (string-length text) 5))) (%bad 'quality text))
    (inexact->exact (round (* 1000 number)))))

(define (%write-quality quality port)
  "Writes a quality."
  (if (= quality 1000)
      (display "1.000" port)
      (begin
        (display "0." port)
        (display (string-pad (number->string quality) 3 #\0) port))))

(define (%qualities)
  "Lists of pairs of a quality and a string."
  (%words (lambda (text)
            (let* ((parts (%split text #\;))
                   (quality (and (pair? (cdr parts)) (%parse-pair (cadr parts) %parameter))))
              (cons (if (and (pair? quality) (eq? (car quality) 'q)) (cdr quality) 1000) (car parts))))
          (lambda (item) (and (pair? item) (%size? (car item)) (<= (car item) 1000) (string? (cdr item))))
          (lambda (item port)
            (display (cdr item) port)
            (if (< (car item) 1000)
                (begin (display ";q=" port) (%write-quality (car item) port))))
          ","))

;; Dates

(define %months '("Jan" "Feb" "Mar" "Apr" "May" "Jun" "Jul" "Aug" "Sep" "Oct" "Nov" "Dec"))
(define %days '("Sun" "Mon" "Tue" "Wed" "Thu" "Fri" "Sat"))

(define (%month text whole)
  "The number of a month."
  (let ((at (list-index (lambda (name) (string=? name text)) %months)))
    (if at (+ at 1) (%bad 'month whole))))

(define (%parse-date text)
  "The date that TEXT says in one of the three ways that HTTP knows."
  (define (fail) (throw 'bad-header 'date text))
  (define (number text) (if (and (not (string-null? text)) (string-every char-set:digit text)) (string->number text) (fail)))
  (define (date day month year time zone)
    (let ((numbers (map number (string-split time #\:))))
      (if (not (= (length numbers) 3)) (fail))
      (%utc (make-date 0 (caddr numbers) (cadr numbers) (car numbers) (number day) (%month month text) year zone))))
  (define (full-year year)
    (let ((now (date-year (current-date 0))))
      (let ((candidate (+ year (* 100 (quotient now 100)))))
        (if (> candidate (+ now 50)) (- candidate 100) candidate))))
  (define (zone word)
    (cond ((member word '("GMT" "UTC")) 0)
          ((and (= (string-length word) 5) (memv (string-ref word 0) '(#\+ #\-)))
           (* (if (char=? (string-ref word 0) #\-) -60 60)
              (+ (* 60 (number (substring word 1 3))) (number (substring word 3 5)))))
          (else (fail))))
  (let ((words (filter (lambda (word) (not (string-null? word))) (string-split text #\space))))
    (case (length words)
      ((6) (date (cadr words) (caddr words) (number (cadddr words)) (list-ref words 4) (zone (list-ref words 5))))
      ((4)
       (let ((parts (string-split (cadr words) #\-)))
         (if (not (= (length parts) 3)) (fail))
         (date (car parts) (cadr parts) (full-year (number (caddr parts))) (caddr words) (zone (cadddr words)))))
      ((5) (date (caddr words) (cadr words) (number (list-ref words 4)) (cadddr words) 0))
      (else (fail)))))

(define (%parse-expiry text)
  "The date that TEXT says; 0 and -1, as many servers say, are one that is long past."
  (if (member text '("0" "-1"))
      (make-date 0 0 0 0 1 1 1970 0)
      (%parse-date text)))

(define (%utc date)
  "DATE as they call it in Greenwich."
  (if (= (date-zone-offset date) 0) date (time-utc->date (date->time-utc date) 0)))

(define (%write-date date port)
  "Writes DATE as HTTP wants it."
  (let ((date (%utc date)))
    (define (two n) (string-pad (number->string n) 2 #\0))
    (display (list-ref %days (date-week-day date)) port)
    (display ", " port)
    (display (string-join (list (two (date-day date)) (list-ref %months (- (date-month date) 1))
                                (string-pad (number->string (date-year date)) 4 #\0)
                                (string-join (map two (list (date-hour date) (date-minute date) (date-second date))) ":")
                                "GMT"))
             port)))

(define (%dates)
  "Dates."
  (%kind %parse-date date? %write-date))

;; Tags of entities

(define (%parse-tag text)
  "The pair of a tag and whether it is a strong one."
  (cond ((string-prefix? "W/" text) (cons (%unquoted (substring text 2)) #f))
        (else (cons (%unquoted text) #t))))

(define (%write-tag tag port)
  "Writes a tag."
  (if (not (cdr tag)) (display "W/" port))
  (%write-quoted (car tag) port))

(define (%tag? obj)
  "Whether OBJ is a tag."
  (and (pair? obj) (string? (car obj)) (boolean? (cdr obj))))

(define (%star-or kind)
  "A star, or values of a kind."
  (%kind (lambda (text) (if (string=? text "*") '* ((car kind) text)))
         (lambda (obj) (or (eq? obj '*) ((cadr kind) obj)))
         (lambda (value port) (if (eq? value '*) (display "*" port) ((caddr kind) value port)))))

(define (%tags)
  "A star, or lists of tags."
  (%star-or (%words %parse-tag %tag? %write-tag)))

;; References

(define (%uris parse valid?)
  "References to resources."
  (%kind (lambda (text) (or (parse text) (%bad 'uri text)))
         valid?
         (lambda (uri port) (display (uri->string uri #:include-fragment? #f) port))))

;; Credentials and challenges: SCHEME TEXT, or SCHEME NAME=VALUE, ...

(define (%parse-credentials text)
  "The pair of a scheme and of the text behind it, or of an association list."
  (let* ((text (string-trim-both text))
         (blank (or (string-index text #\space) (string-length text)))
         (scheme (string->symbol (string-downcase (substring text 0 blank))))
         (rest (string-trim-both (substring text blank))))
    (cons scheme
          (if (eq? scheme 'basic)
              rest
              (map (lambda (part) (%parse-pair part %default-value)) (%split rest #\,))))))

(define (%write-credentials value port)
  "Writes a scheme and what belongs to it."
  (display (car value) port)
  (cond ((string? (cdr value)) (display " " port) (display (cdr value) port))
        ((pair? (cdr value)) (display " " port) (%write-list (cdr value) %write-pair ", " port))))

(define (%credentials)
  "Credentials."
  (%kind %parse-credentials (lambda (obj) (and (pair? obj) (symbol? (car obj)))) %write-credentials))

(define (%parse-challenges text)
  "The challenges of a list in which commas stand between them and between their parameters."
  (let loop ((parts (%split text #\,)) (out '()))
    (if (null? parts)
        (reverse (map (lambda (challenge) (cons (car challenge) (reverse (cdr challenge)))) out))
        (let* ((part (car parts)) (sign (string-index part #\=)) (blank (string-index part #\space)))
          (cond ((and blank (or (not sign) (< blank sign)))
                 (loop (cdr parts)
                       (cons (list (string->symbol (string-downcase (substring part 0 blank)))
                                   (%parse-pair (string-trim-both (substring part blank)) %default-value))
                             out)))
                ((not sign) (loop (cdr parts) (cons (list (string->symbol (string-downcase part))) out)))
                ((null? out) (%bad 'challenge text))
                (else
                 (loop (cdr parts)
                       (cons (cons (caar out) (cons (%parse-pair part %default-value) (cdar out))) (cdr out)))))))))

(define (%write-challenge challenge port)
  "Writes a challenge."
  (display (car challenge) port)
  (if (pair? (cdr challenge)) (display " " port))
  (%write-list (cdr challenge) %write-pair ", " port))

(define (%challenges)
  "Lists of challenges."
  (%kind %parse-challenges
         (lambda (obj) (%list-of? (lambda (item) (and (pair? item) (symbol? (car item)))) obj))
         (lambda (challenges port) (%write-list challenges %write-challenge ", " port))))

;; Others

(define (%parse-host text)
  "The pair of a host and a port, or #f for that."
  (let* ((close (string-index text #\])) (colon (string-index text #\: (or close 0))))
    (if (and (string-index text #\:) (not close) (not (= (string-index text #\:) (string-rindex text #\:)))) (%bad 'host text))
    (let ((host (substring text 0 (or colon (string-length text)))))
      (cons (if (string-prefix? "[" host) (substring host 1 (- (string-length host) 1)) host)
            (and colon (< (+ colon 1) (string-length text)) (%number (substring text (+ colon 1))))))))

(define (%write-host host port)
  "Writes a pair of a host and a port."
  (let ((name (car host)))
    (display (if (string-index name #\:) (string-append "[" name "]") name) port)
    (if (cdr host)
        (begin (display ":" port) (display (cdr host) port)))))

(define (%parse-content-type text)
  "The list of a media type and its parameters."
  (let ((parts (%split text #\;)))
    (if (null? parts) (%bad 'content-type text))
    (cons (%media-type (car parts))
          (map (lambda (part)
                 (let ((sign (or (string-index part #\=) (%bad 'content-type text))))
                   (cons (string->symbol (string-trim-both (substring part 0 sign)))
                         (string-trim-both (substring part (+ sign 1))))))
               (cdr parts)))))

(define (%write-content-type value port)
  "Writes such a list; the parameters are written as they are."
  (display (car value) port)
  (for-each (lambda (pair) (for-each (lambda (part) (display part port)) (list ";" (car pair) "=" (cdr pair)))) (cdr value)))

(define (%parse-disposition text)
  "The list of a disposition and its parameters, which may be quoted."
  (let ((parts (%split text #\;)))
    (if (null? parts) (%bad 'content-disposition text))
    (cons (string->symbol (string-downcase (car parts)))
          (map (lambda (part)
                 (let ((sign (or (string-index part #\=) (%bad 'content-disposition text))))
                   (cons (string->symbol (string-downcase (string-trim-both (substring part 0 sign))))
                         (%unquoted (string-trim-both (substring part (+ sign 1)))))))
               (cdr parts)))))

(define (%write-disposition value port)
  "Writes such a list."
  (display (car value) port)
  (for-each (lambda (pair)
              (for-each (lambda (part) (display part port)) (list "; " (car pair) "="))
              (write (cdr pair) port))
            (cdr value)))

(define (%parse-content-range text)
  "The list of a unit, a pair of the first and the last or a star, and the whole length or a star."
  (let* ((blank (or (string-index text #\space) (%bad 'content-range text)))
         (slash (or (string-index text #\/ blank) (%bad 'content-range text)))
         (range (string-trim-both (substring text blank slash)))
         (whole (string-trim-both (substring text (+ slash 1))))
         (dash (string-index range #\-)))
    (list (string->symbol (substring text 0 blank))
          (cond ((string=? range "*") '*)
                (dash (cons (%number (substring range 0 dash)) (%number (substring range (+ dash 1)))))
                (else (%bad 'content-range text)))
          (if (string=? whole "*") '* (%number whole)))))

(define (%write-content-range value port)
  "Writes such a list."
  (display (car value) port)
  (display " " port)
  (let ((range (cadr value)))
    (if (pair? range)
        (begin (display (car range) port) (display "-" port) (display (cdr range) port))
        (display range port)))
  (display "/" port)
  (display (caddr value) port))

(define (%parse-range text)
  "The list of a unit and of pairs of a first and a last, one of which may be #f."
  (let ((sign (string-index text #\=)))
    (if (not sign) (%bad 'range text))
    (cons (string->symbol (substring text 0 sign))
          (map (lambda (part)
                 (let ((dash (or (string-index part #\-) (%bad 'range text))))
                   (define (bound text) (and (not (string-null? text)) (%number text)))
                   (cons (bound (substring part 0 dash)) (bound (substring part (+ dash 1))))))
               (%split (substring text (+ sign 1)) #\,)))))

(define (%write-range value port)
  "Writes such a list."
  (display (car value) port)
  (display "=" port)
  (%write-list (cdr value)
    (lambda (pair port)
      (if (car pair) (display (car pair) port))
      (display "-" port)
      (if (cdr pair) (display (cdr pair) port)))
    "," port))

(define (%parse-warning text)
  "The list of a code, a host, a text, and a date or #f."
  (let* ((one (or (string-index text #\space) (%bad 'warning text)))
         (two (or (string-index text #\space (+ one 1)) (%bad 'warning text)))
         (rest (string-trim-both (substring text two)))
         (end (let loop ((i 1))
                (cond ((>= i (string-length rest)) (%bad 'warning text))
                      ((char=? (string-ref rest i) #\\) (loop (+ i 2)))
                      ((char=? (string-ref rest i) #\") (+ i 1))
                      (else (loop (+ i 1))))))
         (date (string-trim-both (substring rest end))))
    (list (%number (substring text 0 one))
          (substring text (+ one 1) two)
          (%unquoted (substring rest 0 end))
          (and (not (string-null? date)) (%parse-date (%unquoted date))))))

(define (%write-warning value port)
  "Writes such a list."
  (display (car value) port)
  (display " " port)
  (display (cadr value) port)
  (display " " port)
  (%write-quoted (caddr value) port)
  (if (cadddr value)
      (begin (display " \"" port) (%write-date (cadddr value) port) (display "\"" port))))

(define (%either kind first? other)
  "Values of a kind if FIRST? is true of the text, or of the other kind."
  (%kind (lambda (text) ((car (if (first? text) kind other)) text))
         (lambda (obj) (or ((cadr kind) obj) ((cadr other) obj)))
         (lambda (value port) ((caddr (if ((cadr kind) value) kind other)) value port))))

;;; ---- The headers -------------------------------------------------------------------------------------------------

(define (standard-header name)
  "(standard-header name): a vector of how the header is written, its parser, validator and writer, or #f if there is none."
  (let ((kind (%kind-of name)))
    (and kind
         (vector (case name
                   ((content-md5) "Content-MD5")
                   ((te) "TE")
                   ((etag) "ETag")
                   ((www-authenticate) "WWW-Authenticate")
                   (else (string-titlecase (symbol->string name))))
                 (car kind) (cadr kind) (caddr kind) #f))))

(define (%kind-of name)
  "The kind of a header's values, or #f."
  (case name
    ((cache-control) (%pairs %cache-value))
    ((pragma) (%pairs %default-value))
    ((connection)
     (%words (lambda (text) (string->symbol (string-downcase text)))
             symbol?
             (lambda (name port) (display (if (eq? name 'close) name (string-titlecase (symbol->string name))) port))))
    ((date last-modified if-modified-since if-unmodified-since) (%dates))
    ((expires) (%kind %parse-expiry date? %write-date))
    ((content-disposition) (%kind %parse-disposition %with-parameters? %write-disposition))
    ((trailer) (%header-names))
    ((transfer-encoding te expect) (%parameter-lists))
    ((accept)
     (%words (lambda (text) (%parse-with-parameters text %media-type %parameter)) %with-parameters? %write-with-parameters ","))
    ((upgrade via content-language) (%strings))
    ((warning) (%words %parse-warning pair? %write-warning))
    ((allow content-encoding accept-ranges) (%symbols))
    ((content-length max-forwards age) (%integer))
    ((content-location) (%uris string->uri-reference uri-reference?))
    ((location) (%uris string->uri-reference uri-reference?))
    ((referer) (%uris string->uri-reference uri-reference?))
    ((content-md5 from user-agent server content-disposition x-forwarded-for) (%opaque))
    ((content-range) (%kind %parse-content-range list? %write-content-range))
    ((content-type) (%kind %parse-content-type %with-parameters? %write-content-type))
    ((accept-charset accept-encoding accept-language) (%qualities))
    ((authorization proxy-authorization) (%credentials))
    ((www-authenticate proxy-authenticate) (%challenges))
    ((host) (%kind %parse-host (lambda (obj) (and (pair? obj) (string? (car obj)))) %write-host))
    ((if-match if-none-match) (%tags))
    ((if-range)
     (%either (%kind %parse-tag %tag? %write-tag)
              (lambda (text) (or (string-prefix? "\"" text) (string-prefix? "W/" text)))
              (%dates)))
    ((range) (%kind %parse-range list? %write-range))
    ((etag) (%kind %parse-tag %tag? %write-tag))
    ((retry-after) (%either (%integer) (lambda (text) (string-every char-set:digit text)) (%dates)))
    ((vary) (%star-or (%header-names)))
    (else #f)))
