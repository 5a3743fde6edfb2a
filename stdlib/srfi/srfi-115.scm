;;; (srfi srfi-115): regular expressions as data. [SRFI 115]
;;;
;;; An expression is translated to the machine's syntax; groups are counted as they are met. Back references and look-around are not
;;; to be had: no finite automaton can do them. Grapheme clusters are single characters with their marks.

(define-module (srfi srfi-115)
  #:use-module (srfi srfi-9)
  #:replace (regexp?)
  #:export (regexp rx regexp->sre char-set->sre valid-sre? regexp-matches regexp-matches? regexp-search regexp-replace
            regexp-replace-all regexp-fold regexp-extract regexp-split regexp-partition regexp-match? regexp-match-count
            regexp-match-submatch regexp-match-submatch-start regexp-match-submatch-end regexp-match->list))

(define-record-type <regexp>
  (%make-regexp sre search whole names)
  regexp?
  (sre regexp->sre)
  ;; Two machine expressions: for a match anywhere, and for one of the whole.
  (search %search)
  (whole %whole)
  ;; The names of the groups, with their numbers.
  (names %names))

(define-record-type <match>
  (%make-match vector names)
  regexp-match?
  (vector %vector)
  (names %match-names))

;;; ---- Translation -------------------------------------------------------------------------------------------------

(define (%quoted string)
  "STRING as a pattern that matches it."
  (call-with-output-string
    (lambda (port)
      (string-for-each (lambda (c) (write-string (%quoted-char c) port)) string))))

(define (%quoted-char c)
  "The character C as a pattern, in brackets or outside."
  (if (or (char-alphabetic? c) (char-numeric? c) (char>? c #\x7f))
      (string c)
      (string-append "\\x{" (number->string (char->integer c) 16) "}")))

(define %classes
  '((any . "(?s:.)") (nonl . "[^\\n\\r]") (ascii . "[\\x00-\\x7f]") (lower-case . "\\p{Lowercase}") (lower . "\\p{Lowercase}")
    (upper-case . "\\p{Uppercase}") (upper . "\\p{Uppercase}") (title-case . "\\p{Lt}") (title . "\\p{Lt}")
    (alphabetic . "\\p{Alphabetic}") (alpha . "\\p{Alphabetic}") (numeric . "\\p{Nd}") (digit . "\\p{Nd}") (num . "\\p{Nd}")
    (alphanumeric . "[\\p{Alphabetic}\\p{Nd}]") (alphanum . "[\\p{Alphabetic}\\p{Nd}]") (alnum . "[\\p{Alphabetic}\\p{Nd}]")
    (punctuation . "\\p{P}") (punct . "\\p{P}") (symbol . "\\p{S}") (graphic . "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]")
    (graph . "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]") (whitespace . "\\s") (white . "\\s") (space . "\\s")
    (printing . "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\s]") (print . "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\s]") (control . "\\p{Cc}")
    (cntrl . "\\p{Cc}") (hex-digit . "[0-9A-Fa-f]") (xdigit . "[0-9A-Fa-f]")))

(define %anchors
  '((bos . "\\A") (eos . "\\z") (bol . "(?m:^)") (eol . "(?m:$)") (bow . "\\b{start}") (eow . "\\b{end}") (nwb . "\\B")
    (word . "(?:\\b{start}\\w+\\b{end})") (grapheme . "(?:\\P{M}\\p{M}*)") (bog . "") (eog . "")))

(define (%char-set-text set)
  "A character set as a pattern of one character."
  (if (= (char-set-size set) 0)
      "[^\\x{0}-\\x{10ffff}]"
      (let ((code (lambda (n) (string-append "\\x{" (number->string n 16) "}"))))
        (let loop ((cursor (char-set-cursor set)) (from #f) (last #f) (parts '()))
          (let ((flush (lambda () (if from (cons (string-append (code from) "-" (code last)) parts) parts))))
            (cond ((end-of-char-set? cursor)
                   (string-append "[" (string-concatenate-reverse (flush)) "]"))
                  ((and last (= cursor (+ last 1))) (loop (char-set-cursor-next set cursor) from cursor parts))
                  (else (loop (char-set-cursor-next set cursor) cursor cursor (flush)))))))))

(define (%set-text sre)
  "The pattern of one character that the expression SRE is, or #f if it is another."
  (cond ((char? sre) (string-append "[" (%quoted-char sre) "]"))
        ((char-set? sre) (%char-set-text sre))
        ((and (string? sre) (= (string-length sre) 1)) (string-append "[" (%quoted-char (string-ref sre 0)) "]"))
        ((symbol? sre)
         (let ((entry (assq sre %classes)))
           (and entry (not (memq sre '(any))) (cdr entry))))
        ((not (pair? sre)) #f)
        (else
         (case (car sre)
           ((char-set) (%char-set-text (string->char-set (cadr sre))))
           ((char-range) (string-append "[" (%quoted-char (cadr sre)) "-" (%quoted-char (caddr sre)) "]"))
           ((char-ranges /) (%ranges-text (cdr sre)))
           ((or |\|| )
            (let ((parts (map %set-text (cdr sre)))) (and (every values parts) (string-append "[" (string-concatenate parts) "]"))))
           ((complement ~)
            (let ((parts (map %set-text (cdr sre)))) (and (every values parts) (string-append "[^" (string-concatenate parts) "]"))))
           ((difference -)
            (let ((parts (map %set-text (cdr sre))))
              (and (every values parts)
                   (string-append "[" (car parts) "--[" (string-concatenate (cdr parts)) "]]"))))
           ((and &)
            (let ((parts (map %set-text (cdr sre))))
              (and (every values parts) (string-append "[" (string-join parts "&&") "]"))))
           (else (if (and (string? (car sre)) (null? (cdr sre))) (%char-set-text (string->char-set (car sre))) #f))))))

(define (%ranges-text items)
  "The pattern of the ranges in ITEMS, strings of pairs of characters or single characters."
  (let loop ((l (append-map (lambda (item) (if (string? item) (string->list item) (list item))) items)) (parts '()))
    (if (null? l)
        (string-append "[" (string-concatenate-reverse parts) "]")
        (loop (cddr l) (cons (string-append (%quoted-char (car l)) "-" (%quoted-char (cadr l))) parts)))))

(define (%translate sre)
  "Two values: the pattern of SRE, and the names of its groups with their numbers."
  (let ((count 0) (names '()))
    (define (all sres) (string-concatenate (map text sres)))
    (define (group sres) (string-append "(?:" (all sres) ")"))
    (define (capture sres)
      (set! count (+ count 1))
      (string-append "(" (all sres) ")"))
    (define (named name sres)
      (set! names (cons (cons name (+ count 1)) names))
      (capture sres))
    (define (repeated sres operator) (string-append (group sres) operator))
    (define (range from to) (string-append "{" (number->string from) (if (eqv? from to) "" (string-append "," (if to (number->string to) ""))) "}"))
    (define (text sre)
      (cond ((string? sre) (%quoted sre))
            ((regexp? sre) (text (regexp->sre sre)))
            ((%set-text sre))
            ((symbol? sre)
             (let ((entry (or (assq sre %anchors) (assq sre %classes))))
               (if entry (cdr entry) (error "regexp: unknown expression:" sre))))
            ((not (pair? sre)) (error "regexp: unknown expression:" sre))
            (else
             (case (car sre)
               ((: seq) (group (cdr sre)))
               ((or |\||) (if (null? (cdr sre)) "[^\\x{0}-\\x{10ffff}]" (string-append "(?:" (string-join (map text (cdr sre)) "|") ")")))
               ((* zero-or-more) (repeated (cdr sre) "*"))
               ((+ one-or-more) (repeated (cdr sre) "+"))
               ((? optional) (repeated (cdr sre) "?"))
               ((*? non-greedy-zero-or-more) (repeated (cdr sre) "*?"))
               ((?? non-greedy-optional) (repeated (cdr sre) "??"))
               ((= exactly) (repeated (cddr sre) (range (cadr sre) (cadr sre))))
               ((>= at-least) (repeated (cddr sre) (range (cadr sre) #f)))
               ((** repeated) (repeated (cdddr sre) (range (cadr sre) (caddr sre))))
               ((**? non-greedy-repeated) (repeated (cdddr sre) (string-append (range (cadr sre) (caddr sre)) "?")))
               (($ submatch) (capture (cdr sre)))
               ((-> submatch-named) (named (cadr sre) (cddr sre)))
               ((w/case) (string-append "(?-i:" (all (cdr sre)) ")"))
               ((w/nocase) (string-append "(?i:" (all (cdr sre)) ")"))
               ((w/ascii) (group (map %in-ascii (cdr sre))))
               ((w/unicode) (group (cdr sre)))
               ((w/nocapture) (let ((saved count)) (string-append "(?:" (all (map %without-groups (cdr sre))) ")")))
               ((word) (string-append "\\b{start}" (group (cdr sre)) "\\b{end}"))
               ((word+) (string-append "\\b{start}" (repeated (list (list 'and 'alnum (cons 'or (cdr sre)))) "+") "\\b{end}"))
               ((backref) (error "regexp: references to earlier matches are not supported:" sre))
               ((look-ahead neg-look-ahead look-behind neg-look-behind) (error "regexp: look-around is not supported:" sre))
               (else (error "regexp: unknown expression:" sre))))))
    (let ((pattern (text sre)))
      (values pattern (reverse names)))))

(define (%in-ascii sre)
  "SRE with the classes of characters cut down to ASCII."
  (cond ((symbol? sre) (if (and (assq sre %classes) (not (memq sre '(any nonl)))) (list 'and sre 'ascii) sre))
        ((and (pair? sre) (not (eq? (car sre) 'w/unicode)) (list? sre)) (cons (car sre) (map %in-ascii (cdr sre))))
        (else sre)))

(define (%without-groups sre)
  "SRE with nothing captured."
  (cond ((not (pair? sre)) sre)
        ((memq (car sre) '($ submatch)) (cons ': (map %without-groups (cdr sre))))
        ((memq (car sre) '(-> submatch-named)) (cons ': (map %without-groups (cddr sre))))
        (else (cons (car sre) (map %without-groups (cdr sre))))))

(define (regexp sre)
  "(regexp sre): the regular expression that SRE, a string, character, set or list, describes."
  (if (regexp? sre)
      sre
      (call-with-values (lambda () (%translate sre))
        (lambda (pattern names)
          (%make-regexp sre (%make-native-regexp pattern)
                        (%make-native-regexp (string-append "\\A(?:" pattern ")\\z"))
                        names)))))

;; (rx SRE ...): the regular expression of these in a row; they are quasiquoted.
(define-syntax-rule (rx sre ...) (regexp `(: sre ...)))

(define (char-set->sre set)
  "(char-set->sre set): an expression of the characters of SET."
  (list (char-set->string set)))

(define (valid-sre? obj)
  "(valid-sre? obj): whether OBJ describes a regular expression."
  (catch #t (lambda () (regexp obj) #t) (lambda args #f)))

;;; ---- Matching ----------------------------------------------------------------------------------------------------

(define (%match expression names string start end)
  "The match of EXPRESSION in STRING from START to before END, or #f; places are those of STRING."
  (let* ((end (or end (string-length string)))
         (part (if (and (= start 0) (= end (string-length string))) string (substring string start end)))
         (vector (regexp-exec expression part)))
    (and vector (%make-match (cons* string start vector) names))))

(define* (regexp-matches re string #:optional (start 0) end)
  "(regexp-matches re string [start [end]]): the match of RE with all of STRING, from START to before END, or #f."
  (let ((re (regexp re))) (%match (%whole re) (%names re) string start end)))

(define* (regexp-matches? re string #:optional (start 0) end)
  "(regexp-matches? re string [start [end]]): whether RE matches all of STRING, from START to before END."
  (if (regexp-matches re string start end) #t #f))

(define* (regexp-search re string #:optional (start 0) end)
  "(regexp-search re string [start [end]]): the first match of RE in STRING, from START to before END, or #f."
  (let ((re (regexp re))) (%match (%search re) (%names re) string start end)))

(define (%pair match field)
  "The places of group FIELD, a number or a name, or #f if it took no part."
  (let* ((number (if (symbol? field)
                     (let ((known (filter (lambda (entry) (eq? (car entry) field)) (%match-names match))))
                       (if (null? known) (error "regexp-match-submatch: there is no group with this name:" field))
                       (or (any (lambda (entry) (and (%pair match (cdr entry)) (cdr entry))) known) (cdar known)))
                     field))
         (data (%vector match)) (vector (cddr data)))
    (if (not (< -1 number (- (vector-length vector) 1))) (error "regexp-match-submatch: there is no such group:" field))
    (let ((pair (vector-ref vector (+ number 1))))
      (and (>= (car pair) 0)
           (cons (+ (cadr data) (car pair)) (+ (cadr data) (cdr pair)))))))

(define (regexp-match-count match)
  "(regexp-match-count match): how many groups MATCH has, besides the whole."
  (- (vector-length (cddr (%vector match))) 2))

(define* (regexp-match-submatch match #:optional (field 0))
  "(regexp-match-submatch match [field]): the text of group FIELD, a number or a name, or #f if it took no part."
  (let ((pair (%pair match field)))
    (and pair (substring (car (%vector match)) (car pair) (cdr pair)))))

(define* (regexp-match-submatch-start match #:optional (field 0))
  "(regexp-match-submatch-start match [field]): where group FIELD begins, or #f."
  (let ((pair (%pair match field))) (and pair (car pair))))

(define* (regexp-match-submatch-end match #:optional (field 0))
  "(regexp-match-submatch-end match [field]): where group FIELD ends, or #f."
  (let ((pair (%pair match field))) (and pair (cdr pair))))

(define (regexp-match->list match)
  "(regexp-match->list match): a list of the texts of the whole and of all groups."
  (map (lambda (k) (regexp-match-submatch match k)) (iota (+ 1 (regexp-match-count match)))))

(define* (regexp-fold re kons knil string #:optional (finish (lambda (from match string seed) seed)) (start 0) end)
  "(regexp-fold re kons knil string [finish [start [end]]]): (kons from match string seed) for each match, FROM being the end of the
match before; then (finish from #f string seed)."
  (let* ((re (regexp re)) (end (or end (string-length string)))
         (machine (%search re)) (text (substring string 0 end)))
    (let loop ((at start) (from start) (seed knil))
      (let ((match (and (<= at end) (%match-from machine (%names re) string text at))))
        (if (not match)
            (finish from #f string seed)
            (let ((match-end (regexp-match-submatch-end match)))
              ;; What leads no further does not count.
              (if (= match-end at)
                  (loop (+ match-end 1) from seed)
                  (loop match-end match-end (kons from match string seed)))))))))

(define (%match-from machine names string text at)
  "The first match in TEXT from AT on, where the beginning of TEXT is none of a line."
  (let ((vector (regexp-exec machine text at (if (= at 0) 0 regexp/notbol))))
    (and vector (%make-match (cons* string 0 vector) names))))

(define* (regexp-extract re string #:optional (start 0) end)
  "(regexp-extract re string [start [end]]): a list of all matches of RE that are not empty."
  (reverse
    (regexp-fold re
      (lambda (from match string seed)
        (let ((text (regexp-match-submatch match)))
          (if (string-null? text) seed (cons text seed))))
      '() string (lambda (from match string seed) seed) start end)))

(define* (regexp-split re string #:optional (start 0) end)
  "(regexp-split re string [start [end]]): a list of what is between the matches of RE."
  (let ((end (or end (string-length string))))
    (reverse
      (regexp-fold re
        (lambda (from match string seed)
          (if (= (regexp-match-submatch-start match) (regexp-match-submatch-end match))
              seed
              (cons (regexp-match-submatch-end match)
                    (cons (substring string (if (pair? seed) (car seed) start) (regexp-match-submatch-start match))
                          (if (pair? seed) (cdr seed) '())))))
        '() string
        (lambda (from match string seed)
          (if (pair? seed)
              (cons (substring string (car seed) end) (cdr seed))
              (list (substring string start end))))
        start end))))

(define* (regexp-partition re string #:optional (start 0) end)
  "(regexp-partition re string [start [end]]): a list of what is between the matches of RE, and the matches, by turns."
  (let ((end (or end (string-length string))))
    (reverse
      (regexp-fold re
        (lambda (from match string seed)
          (if (= (regexp-match-submatch-start match) (regexp-match-submatch-end match))
              seed
              (cons* (regexp-match-submatch match)
                     (substring string from (regexp-match-submatch-start match))
                     seed)))
        '() string
        (lambda (from match string seed)
          (if (and (= from end) (pair? seed)) seed (cons (substring string from end) seed)))
        start end))))

(define (%substituted item match string start end)
  "The text of a replacement: a string, a group, pre, post, a procedure or a list of these."
  (cond ((string? item) item)
        ((or (exact-integer? item)) (or (regexp-match-submatch match item) ""))
        ((procedure? item) (let ((x (item match))) (if (string? x) x (%substituted x match string start end))))
        ((pair? item) (string-concatenate (map (lambda (x) (%substituted x match string start end)) item)))
        ((null? item) "")
        ((eq? item 'pre) (substring string start (regexp-match-submatch-start match)))
        ((eq? item 'post) (substring string (regexp-match-submatch-end match) end))
        ((symbol? item) (or (regexp-match-submatch match item) ""))
        (else (error "regexp-replace: unknown replacement:" item))))

(define* (regexp-replace re string replacement #:optional (start 0) end (count 0))
  "(regexp-replace re string replacement [start [end [count]]]): STRING from START to before END with the first match of RE (or, after
COUNT others) replaced. REPLACEMENT is a string, a group, pre, post, a procedure of the match, or a list of these."
  (%replace re string replacement start end (lambda (n) (= n (or count 0)))))

(define* (regexp-replace-all re string replacement #:optional (start 0) end)
  "(regexp-replace-all re string replacement [start [end]]): as regexp-replace, but for all matches."
  (%replace re string replacement start end (lambda (n) #t)))

(define (%replace re string replacement start end wanted?)
  "STRING with the matches replaced whose number is WANTED?."
  (let* ((end (or end (string-length string))) (n -1))
    (string-concatenate-reverse
      (regexp-fold re
        (lambda (from match string seed)
          (set! n (+ n 1))
          (cons* (if (wanted? n) (%substituted replacement match string start end) (regexp-match-submatch match))
                 (substring string from (regexp-match-submatch-start match))
                 seed))
        '() string
        (lambda (from match string seed) (cons (substring string from end) seed))
        start end))))
