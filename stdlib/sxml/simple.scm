;;; (sxml simple): XML as lists, and back. [Guile: SXML; XML 1.0]
;;;
;;; An element is (NAME (@ (ATTRIBUTE "value") ...) CHILD ...), a document (*TOP* CHILD ...), an instruction for programs
;;; (*PI* NAME "text"), a name of a namespace URI:NAME or, as #:namespaces wants it, PREFIX:NAME. Comments are left out. What is
;;; not well-formed throws parser-error. Documents may define entities in their DTD; what stands outside of it is not fetched.

(define-module (sxml simple)
  #:export (xml->sxml sxml->xml sxml->string))

;;; ---- Reading -----------------------------------------------------------------------------------------------------

(define %reader-type
  (%make-record-type 'xml-reader #(port namespaces entities trim? declare? default keep-comments?)))

(define (%port reader) "The port that is read." (%record-ref reader %reader-type 0))
(define (%namespaces reader) "Pairs of prefixes and URIs that names in the result get." (%record-ref reader %reader-type 1))
(define (%entities reader) "Pairs of names and texts." (%record-ref reader %reader-type 2))
(define (%trim? reader) "Whether white space alone is left out." (%record-ref reader %reader-type 3))
(define (%declare? reader) "Whether namespaces apply without a declaration." (%record-ref reader %reader-type 4))
(define (%default-handler reader) "What knows further entities, or #f." (%record-ref reader %reader-type 5))

(define (%fail reader message . irritants)
  "Throws parser-error."
  (apply throw 'parser-error (%port reader) message irritants))

(define (%next reader)
  "The next character, which there must be."
  (let ((c (read-char (%port reader))))
    (if (eof-object? c) (%fail reader "[EOF] in the middle of the document"))
    c))

(define (%peek reader)
  "The next character, or an end-of-file object; it stays there."
  (peek-char (%port reader)))

(define (%blank? c)
  "Whether C is white space of XML."
  (and (char? c) (memv c '(#\space #\tab #\newline #\return)) #t))

(define (%skip-blanks reader)
  "Goes over white space."
  (if (%blank? (%peek reader))
      (begin (read-char (%port reader)) (%skip-blanks reader))))

(define (%expect reader text)
  "Goes over TEXT, which must come next."
  (string-for-each
    (lambda (c)
      (let ((got (%next reader)))
        (if (not (char=? got c)) (%fail reader "[expected] " text ", got " got))))
    text))

(define (%name-start? c)
  "Whether a name may begin with C."
  (and (char? c) (or (char-alphabetic? c) (memv c '(#\_ #\:)) (char>? c #\x7f)) #t))

(define (%name-char? c)
  "Whether C may stand in a name."
  (or (%name-start? c) (and (char? c) (or (char-numeric? c) (memv c '(#\- #\.))) #t)))

(define (%name reader)
  "The name that comes next, a string."
  (if (not (%name-start? (%peek reader))) (%fail reader "[5] expected a name, got " (%peek reader)))
  (let loop ((chars '()))
    (if (%name-char? (%peek reader))
        (loop (cons (read-char (%port reader)) chars))
        (list->string (reverse chars)))))

(define (%until reader text)
  "What comes before TEXT, which is gone over too."
  (let ((last (string-ref text (- (string-length text) 1))))
    (let loop ((chars '()))
      (let* ((chars (cons (%next reader) chars)))
        (if (and (char=? (car chars) last)
                 (let check ((i (- (string-length text) 1)) (rest chars))
                   (or (< i 0)
                       (and (pair? rest) (char=? (car rest) (string-ref text i)) (check (- i 1) (cdr rest))))))
            (list->string (reverse (list-tail chars (string-length text))))
            (loop chars))))))

(define (%reference reader)
  "The text of the reference that comes next, behind its ampersand; or what knows further entities makes of it."
  (if (eqv? (%peek reader) #\#)
      (begin
        (read-char (%port reader))
        (let* ((text (%until reader ";"))
               (number (if (string-prefix? "x" text)
                           (string->number (substring text 1) 16)
                           (string->number text 10))))
          (if (not (and number (exact-integer? number) (<= 0 number #x10ffff) (not (<= #xd800 number #xdfff))))
              (%fail reader "[66] bad character reference " text))
          (string (integer->char number))))
      (let ((name (string->symbol (%name reader))))
        (%expect reader ";")
        (cond ((assq name '((lt . "<") (gt . ">") (amp . "&") (quot . "\"") (apos . "'"))) => cdr)
              ((assq name (%entities reader)) => cdr)
              ((%default-handler reader) => (lambda (handler) (handler (%port reader) name)))
              (else (%fail reader "[wf-entdeclared] broken for " name))))))

(define (%attribute-value reader)
  "The value of an attribute, in quotes."
  (let ((mark (%next reader)))
    (if (not (memv mark '(#\" #\'))) (%fail reader "[10] expected a quote, got " mark))
    (call-with-output-string
      (lambda (out)
        (let loop ()
          (let ((c (%next reader)))
            (cond ((char=? c mark) #f)
                  ((char=? c #\<) (%fail reader "[CleanAttrVals] broken"))
                  ((char=? c #\&) (display (%reference reader) out) (loop))
                  ((%blank? c) (write-char #\space out) (loop))
                  (else (write-char c out) (loop)))))))))

(define (%attributes reader)
  "The attributes up to the end of a tag: pairs of a name and a value, both strings."
  (let loop ((found '()))
    (let ((before (%peek reader)))
      (%skip-blanks reader)
      (if (%name-start? (%peek reader))
          (begin
            (if (not (%blank? before)) (%fail reader "[41] expected white space before an attribute"))
            (let ((name (%name reader)))
              (%skip-blanks reader)
              (%expect reader "=")
              (%skip-blanks reader)
              (if (assoc name found) (%fail reader "[uniqattspec] attribute is there twice: " name))
              (loop (cons (cons name (%attribute-value reader)) found))))
          (reverse found)))))

;; The namespaces that hold in an element: pairs of a prefix ("" for none) and a URI.

(define (%declared attributes scope)
  "SCOPE with what the attributes declare in front."
  (append
    (filter-map
      (lambda (attribute)
        (cond ((string=? (car attribute) "xmlns") (cons "" (cdr attribute)))
              ((string-prefix? "xmlns:" (car attribute)) (cons (substring (car attribute) 6) (cdr attribute)))
              (else #f)))
      attributes)
    scope))

(define (%resolve reader name scope element?)
  "The symbol of a name where SCOPE holds; the namespace without a prefix is for elements alone."
  (let* ((colon (string-index name #\:))
         (prefix (if colon (substring name 0 colon) ""))
         (local (if colon (substring name (+ colon 1)) name))
         (uri (cond ((and (not colon) (not element?)) "")
                    ((assoc prefix scope) => cdr)
                    ((string=? prefix "xml") "xml")
                    ((not colon) "")
                    ((and (%declare? reader) (assq (string->symbol prefix) (%namespaces reader))) => cdr)
                    (else (%fail reader "[nsc-NSDeclared] broken for " prefix)))))
    (cond ((string-null? uri) (string->symbol local))
          ((string=? uri "xml") (string->symbol (string-append "xml:" local)))
          ((find (lambda (pair) (string=? (cdr pair) uri)) (%namespaces reader))
           => (lambda (pair)
                (string->symbol (if (car pair) (string-append (symbol->string (car pair)) ":" local) local))))
          (else (string->symbol (string-append uri ":" local))))))

(define (%element reader scope)
  "The element behind the < that was read."
  (let* ((name (%name reader))
         (attributes (%attributes reader))
         (scope (%declared attributes scope))
         (symbol (%resolve reader name scope #t))
         (plain (filter (lambda (attribute)
                          (not (or (string=? (car attribute) "xmlns") (string-prefix? "xmlns:" (car attribute)))))
                        attributes))
         (listed (sort (map (lambda (attribute) (list (%resolve reader (car attribute) scope #f) (cdr attribute))) plain)
                       (lambda (a b) (string>? (symbol->string (car a)) (symbol->string (car b))))))
         (head (if (null? listed) (list symbol) (list symbol (cons '@ listed)))))
    (case (%next reader)
      ((#\/) (%expect reader ">") head)
      ((#\>)
       (let ((children (%content reader scope)))
         (let ((end (%name reader)))
           (if (not (string=? end name)) (%fail reader "[GIMatch] broken for " end " while expecting " name))
           (%skip-blanks reader)
           (%expect reader ">")
           (append head children))))
      (else (%fail reader "[40] expected > at the end of a tag")))))

(define (%content reader scope)
  "The children of an element, up to the name in its end tag."
  (let loop ((children '()) (text '()))
    (define (with-text)
      (let ((all (string-concatenate (reverse text))))
        (if (or (string-null? all)
                (and (%trim? reader) (string-every %blank? all)))
            children
            (cons all children))))
    (let ((c (%next reader)))
      (cond ((char=? c #\&)
             (let ((found (%reference reader)))
               (if (string? found)
                   (loop children (cons found text))
                   (loop (cons found (with-text)) '()))))
            ((not (char=? c #\<))
             (loop children (cons (%text-from reader c) text)))
            (else
             (case (%peek reader)
               ((#\/)
                (read-char (%port reader))
                (reverse (with-text)))
               ((#\!)
                (read-char (%port reader))
                (if (eqv? (%peek reader) #\[)
                    (begin (%expect reader "[CDATA[") (loop children (cons (%until reader "]]>") text)))
                    (begin (%expect reader "--") (%until reader "-->") (loop children text))))
               ((#\?)
                (read-char (%port reader))
                (loop (cons (%instruction reader) (with-text)) '()))
               (else (loop (cons (%element reader scope) (with-text)) '()))))))))

(define (%text-from reader first)
  "The characters from FIRST on, up to a tag or reference; every end of a line is a newline."
  (call-with-output-string
    (lambda (out)
      (let loop ((c first))
        (if (char=? c #\return)
            (begin
              (if (eqv? (%peek reader) #\newline) (read-char (%port reader)))
              (newline out))
            (write-char c out))
        (let ((next (%peek reader)))
          (if (not (or (eof-object? next) (memv next '(#\< #\&))))
              (begin (read-char (%port reader)) (loop next))))))))

(define (%instruction reader)
  "The instruction behind the <? that was read."
  (let ((name (%name reader)))
    (%skip-blanks reader)
    (list '*PI* (string->symbol name) (%until reader "?>"))))

(define (%doctype reader)
  "Goes over the document type behind <!DOCTYPE; a reader that knows the entities it defines."
  (let loop ((entities (%entities reader)) (mark #f))
    (let ((c (%next reader)))
      (cond (mark (loop entities (if (char=? c mark) #f mark)))
            ((memv c '(#\" #\')) (loop entities c))
            ((char=? c #\[) (loop (%subset reader entities) #f))
            ((char=? c #\>)
             (apply %record %reader-type
                    (map (lambda (k) (if (= k 2) entities (%record-ref reader %reader-type k))) (iota 7))))
            (else (loop entities #f))))))

(define (%subset reader entities)
  "The entities, with those defined up to the ] that ends a document type's own definitions."
  (%skip-blanks reader)
  (let ((c (%next reader)))
    (cond ((char=? c #\]) entities)
          ((char=? c #\%) (%until reader ";") (%subset reader entities))
          ((not (char=? c #\<)) (%fail reader "[28] expected a declaration, got " c))
          ((eqv? (%peek reader) #\?) (%until reader "?>") (%subset reader entities))
          (else
           (%expect reader "!")
           (if (eqv? (%peek reader) #\-)
               (begin (%expect reader "--") (%until reader "-->") (%subset reader entities))
               (let ((word (%name reader)))
                 (%skip-blanks reader)
                 (if (and (string=? word "ENTITY") (%name-start? (%peek reader)))
                     (let ((name (string->symbol (%name reader))))
                       (%skip-blanks reader)
                       (if (memv (%peek reader) '(#\" #\'))
                           (let ((value (%attribute-value reader)))
                             (%until reader ">")
                             (%subset reader (cons (cons name value) entities)))
                           (begin (%until reader ">") (%subset reader entities))))
                     (begin
                       (let skip ((mark #f))
                         (let ((c (%next reader)))
                           (cond (mark (skip (if (char=? c mark) #f mark)))
                                 ((memv c '(#\" #\')) (skip c))
                                 ((not (char=? c #\>)) (skip #f)))))
                       (%subset reader entities)))))))))

(define* (xml->sxml #:optional (string-or-port (current-input-port))
                    #:key (namespaces '()) (declare-namespaces? #t) (trim-whitespace? #f) (entities '())
                    (default-entity-handler #f) (doctype-handler #f))
  "(xml->sxml [string-or-port] [#:namespaces #:declare-namespaces? #:trim-whitespace? #:entities #:default-entity-handler]): the
document that is read, as (*TOP* ...). NAMESPACES are pairs of a prefix and a URI, and say how names are written."
  (let loop ((reader (%record %reader-type
                              (if (string? string-or-port) (open-input-string string-or-port) string-or-port)
                              namespaces entities trim-whitespace? declare-namespaces? default-entity-handler #f))
             (children '())
             (root? #f))
    (%skip-blanks reader)
    (let ((c (%peek reader)))
      (cond ((and root? (or (eof-object? c) (not (string? string-or-port)) (not (char=? c #\<))))
             (if (and (string? string-or-port) (not (eof-object? c))) (%fail reader "[1] text behind the document: " c))
             (cons '*TOP* (reverse children)))
            ((eof-object? c) (%fail reader "[22] unexpected end of the document"))
            (else
             (%expect reader "<")
             (case (%peek reader)
               ((#\?)
                (read-char (%port reader))
                (loop reader (cons (%instruction reader) children) root?))
               ((#\!)
                (read-char (%port reader))
                (if (eqv? (%peek reader) #\-)
                    (begin (%expect reader "--") (%until reader "-->") (loop reader children root?))
                    (begin (%expect reader "DOCTYPE") (loop (%doctype reader) children root?))))
               (else
                (if root? (%fail reader "[1] a second element at the top"))
                (loop reader (cons (%element reader '()) children) #t))))))))

;;; ---- Writing -----------------------------------------------------------------------------------------------------

(define (%escape text port attribute?)
  "Writes TEXT so that it is read as text."
  (string-for-each
    (lambda (c)
      (case c
        ((#\<) (display "&lt;" port))
        ((#\>) (display "&gt;" port))
        ((#\&) (display "&amp;" port))
        ((#\") (if attribute? (display "&quot;" port) (write-char c port)))
        (else (write-char c port))))
    text))

(define (%check-name name)
  "The text of NAME, a symbol that may be the name of an element."
  (let ((text (symbol->string name)))
    (if (or (string-null? text)
            (not (%name-start? (string-ref text 0)))
            (string-any (lambda (c) (or (%blank? c) (memv c '(#\< #\> #\& #\" #\' #\=)))) text))
        (error "Invalid name starting character" (if (string-null? text) text (string-ref text 0)) name))
    text))

(define (%write-attribute attribute port)
  "Writes an attribute behind a blank."
  (display " " port)
  (display (%check-name (car attribute)) port)
  (display "=\"" port)
  (let loop ((value (cdr attribute)))
    (cond ((pair? value) (loop (car value)) (loop (cdr value)))
          ((null? value) #f)
          ((string? value) (%escape value port #t))
          ((procedure? value) (display (call-with-output-string (lambda (port) (with-output-to-port port value))) port))
          (else (%escape (call-with-output-string (lambda (port) (display value port))) port #t))))
  (display "\"" port))

(define* (sxml->xml tree #:optional (port (current-output-port)))
  "(sxml->xml tree [port]): writes TREE, an element, a document, a text or a list of such, as XML."
  (cond ((pair? tree)
         (if (symbol? (car tree))
             (case (car tree)
               ((*TOP*)
                (let ((rest (if (and (pair? (cdr tree)) (pair? (cadr tree)) (eq? (caadr tree) '@)) (cddr tree) (cdr tree))))
                  (for-each (lambda (child) (sxml->xml child port)) rest)))
               ((*ENTITY*)
                (display "&" port) (display (cadr tree) port) (display ";" port))
               ((*PI*)
                (display "<?" port) (display (cadr tree) port) (display " " port)
                (for-each (lambda (text) (display text port)) (cddr tree))
                (display "?>" port))
               ((*COMMENT*)
                (display "<!--" port)
                (for-each (lambda (text) (display text port)) (cdr tree))
                (display "-->" port))
               (else (%write-element tree port)))
             (for-each (lambda (child) (sxml->xml child port)) tree)))
        ((string? tree) (%escape tree port #f))
        ((or (null? tree) (not tree) (eq? tree #t)) #f)
        ((procedure? tree) (with-output-to-port port tree))
        (else (%escape (call-with-output-string (lambda (port) (display tree port))) port #f))))

(define (with-output-to-port port thunk)
  "(THUNK) with PORT as the current output port."
  (parameterize ((current-output-port port)) (thunk)))

(define (%write-element tree port)
  "Writes an element."
  (let* ((name (%check-name (car tree)))
         (attributes? (and (pair? (cdr tree)) (pair? (cadr tree)) (eq? (caadr tree) '@)))
         (children (if attributes? (cddr tree) (cdr tree))))
    (display "<" port)
    (display name port)
    (if attributes?
        (for-each (lambda (attribute) (if (pair? attribute) (%write-attribute attribute port))) (cdadr tree)))
    (if (null? children)
        (display " />" port)
        (begin
          (display ">" port)
          (for-each (lambda (child) (sxml->xml child port)) children)
          (display "</" port)
          (display name port)
          (display ">" port)))))

(define (sxml->string tree)
  "(sxml->string tree): all the text in TREE, that of attributes too."
  (call-with-output-string
    (lambda (port)
      (let loop ((tree tree))
        (cond ((string? tree) (display tree port))
              ((pair? tree)
               (if (not (memq (car tree) '(*PI* *COMMENT* *ENTITY*)))
                   (for-each loop tree))))))))
