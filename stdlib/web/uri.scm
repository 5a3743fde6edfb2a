;;; (web uri): taking identifiers of resources apart, and putting them together. [Guile: URIs, RFC 3986]
;;;
;;; A URI has a scheme; a relative reference has none; either is a URI reference. The host of an IPv6 address stands without its
;;; brackets.

(define-module (web uri)
  #:export (uri? uri-scheme uri-userinfo uri-host uri-port uri-path uri-query uri-fragment
            build-uri build-uri-reference build-relative-ref declare-default-port!
            string->uri string->uri-reference string->relative-ref uri->string
            uri-decode uri-encode split-and-decode-uri-path encode-and-join-uri-path
            uri-reference? relative-ref?
            build-uri-reference build-relative-ref))

(define %uri-type
  (%make-record-type '<uri> (vector 'scheme 'userinfo 'host 'port 'path 'query 'fragment)))

(define (uri-error message . args)
  "Fails with the key uri-error."
  (throw 'uri-error message args))

(define (uri-reference? obj)
  "(uri-reference? obj): whether OBJ is a URI or a relative reference."
  (%record? obj %uri-type))

(define (uri? obj)
  "(uri? obj): whether OBJ is a URI, which has a scheme."
  (and (uri-reference? obj) (uri-scheme obj) #t))

(define (relative-ref? obj)
  "(relative-ref? obj): whether OBJ is a relative reference, which has no scheme."
  (and (uri-reference? obj) (not (uri-scheme obj))))

(define (uri-scheme uri)
  "(uri-scheme uri): the scheme, a symbol, or #f."
  (%record-ref uri %uri-type 0 'uri-scheme))

(define (uri-userinfo uri)
  "(uri-userinfo uri): what stands in front of the host, or #f."
  (%record-ref uri %uri-type 1 'uri-userinfo))

(define (uri-host uri)
  "(uri-host uri): the host, a name or an address, or #f."
  (%record-ref uri %uri-type 2 'uri-host))

(define (uri-port uri)
  "(uri-port uri): the number of the port, or #f."
  (%record-ref uri %uri-type 3 'uri-port))

(define (uri-path uri)
  "(uri-path uri): the path, perhaps an empty string."
  (%record-ref uri %uri-type 4 'uri-path))

(define (uri-query uri)
  "(uri-query uri): what stands behind the question mark, or #f."
  (%record-ref uri %uri-type 5 'uri-query))

(define (uri-fragment uri)
  "(uri-fragment uri): what stands behind the number sign, or #f."
  (%record-ref uri %uri-type 6 'uri-fragment))

;;; ---- Making ------------------------------------------------------------------------------------------------------

(define (%validate scheme userinfo host port path query fragment relative?)
  "Fails unless the parts make a URI reference."
  (cond ((not (or relative? (symbol? scheme))) (uri-error "Expected a symbol for the URI scheme: ~s" scheme))
        ((and (or userinfo port) (not host)) (uri-error "Expected a host, given userinfo or port"))
        ((and port (not (positive-integer? port))) (uri-error "Expected port to be an integer: ~s" port))
        ((and host (or (not (string? host)) (not (%valid-host? host)))) (uri-error "Expected valid host: ~s" host))
        ((and userinfo (not (string? userinfo))) (uri-error "Expected string for userinfo: ~s" userinfo))
        ((not (string? path)) (uri-error "Expected string for path: ~s" path))
        ((and query (not (string? query))) (uri-error "Expected string for query: ~s" query))
        ((and fragment (not (string? fragment))) (uri-error "Expected string for fragment: ~s" fragment))
        ((and host (not (string-null? path)) (not (char=? (string-ref path 0) #\/)))
         (uri-error "Expected absolute path starting with \"/\": ~a" path))
        ((and (not host) (string-prefix? "//" path))
         (uri-error "Expected path not starting with \"//\" (no host): ~a" path))))

(define (positive-integer? n)
  "Whether N is an exact integer, not negative."
  (and (exact-integer? n) (>= n 0)))

(define* (build-uri-reference #:key scheme userinfo host port (path "") query fragment (validate? #t))
  "(build-uri-reference [#:scheme #:userinfo #:host #:port #:path #:query #:fragment #:validate?]): a URI reference of these
parts; the key uri-error is thrown if they do not make one."
  (if validate? (%validate scheme userinfo host port path query fragment (not scheme)))
  (%record %uri-type scheme userinfo host port path query fragment))

(define* (build-uri scheme #:key userinfo host port (path "") query fragment (validate? #t))
  "(build-uri scheme [#:userinfo #:host #:port #:path #:query #:fragment #:validate?]): a URI of these parts; the key uri-error
is thrown if they do not make one."
  (if validate? (%validate scheme userinfo host port path query fragment #f))
  (%record %uri-type scheme userinfo host port path query fragment))

(define* (build-relative-ref #:key userinfo host port (path "") query fragment (validate? #t))
  "(build-relative-ref [#:userinfo #:host #:port #:path #:query #:fragment #:validate?]): a relative reference of these parts;
the key uri-error is thrown if they do not make one."
  (if validate? (%validate #f userinfo host port path query fragment #t))
  (%record %uri-type #f userinfo host port path query fragment))

;;; ---- Reading -----------------------------------------------------------------------------------------------------

(define (%digit? c)
  "Whether C is a digit."
  (char<=? #\0 c #\9))

(define (%letter? c)
  "Whether C is a letter of ASCII."
  (or (char<=? #\a c #\z) (char<=? #\A c #\Z)))

(define (%letter-or-digit? c)
  "Whether C is a letter of ASCII or a digit."
  (or (%letter? c) (%digit? c)))

(define (%hex-digit? c)
  "Whether C is a digit to base 16."
  (or (%digit? c) (char<=? #\a c #\f) (char<=? #\A c #\F)))

(define (%among? texts)
  "A procedure that tells whether a character is a letter, a digit or in TEXTS."
  (lambda (c) (or (%letter-or-digit? c) (and (string-index texts c) #t))))

(define (%valid-host? host)
  "Whether HOST is the address or the name of a host; a name's last part begins with a letter."
  (define (label? text)
    (and (not (string-null? text))
         (string-every (%among? "-") text)
         (%letter-or-digit? (string-ref text 0))
         (%letter-or-digit? (string-ref text (- (string-length text) 1)))))
  (or (and (string-index host #\:) (false-if-exception (inet-pton AF_INET6 host)) #t)
      (%is-ipv4? host)
      (let ((labels (string-split host #\.)))
        (and (every label? labels)
             (%letter? (string-ref (last labels) 0))))))

(define (%is-ipv4? host)
  "Whether HOST is an address in four numbers."
  (let ((numbers (string-split host #\.)))
    (and (= (length numbers) 4)
         (every (lambda (text) (and (<= 1 (string-length text) 3) (string-every %digit? text))) numbers)
         (false-if-exception (inet-pton AF_INET host))
         #t)))

(define (%split-at text char)
  "What is in front of the first CHAR of TEXT, and what is behind it, or #f."
  (let ((at (string-index text char)))
    (if at
        (values (substring text 0 at) (substring text (+ at 1)))
        (values text #f))))

(define (%parse-authority text fail)
  "The userinfo, host and port that TEXT says."
  (let* ((at (string-rindex text #\@))
         (userinfo (and at (substring text 0 at)))
         (rest (if at (substring text (+ at 1)) text)))
    (if (and userinfo (not (string-every (%among? "_.!~*'();:&=+$,-%") userinfo))) (fail))
    (define (finish host port-text)
      (if (not (string-every %digit? port-text)) (fail))
      (if (not (%valid-host? host)) (fail))
      (values userinfo host (string->number port-text)))
    (cond ((string-prefix? "[" rest)
           (let ((close (string-index rest #\])))
             (if (not close) (fail))
             (let ((host (substring rest 1 close)) (behind (substring rest (+ close 1))))
               (cond ((not (string-index host #\:)) (fail))
                     ((string-null? behind) (finish host ""))
                     ((char=? (string-ref behind 0) #\:) (finish host (substring behind 1)))
                     (else (fail))))))
          (else
           (call-with-values (lambda () (%split-at rest #\:))
             (lambda (host port)
               (if (and port (string-index port #\:)) (fail))
               (finish host (or port ""))))))))

(define (%parse text)
  "The URI reference that TEXT says, or #f."
  (call-with-escape-continuation
    (lambda (return)
      (define (fail) (return #f))
      (let*-values (((text fragment) (%split-at text #\#))
                    ((text query) (%split-at text #\?))
                    ((scheme rest) (%split-scheme text)))
        (if (string-prefix? "//" rest)
            (let* ((slash (string-index rest #\/ 2))
                   (authority (substring rest 2 (or slash (string-length rest))))
                   (path (if slash (substring rest slash) "")))
              (if (string-null? authority)
                  (%record %uri-type scheme #f #f #f path query fragment)
                  (call-with-values (lambda () (%parse-authority authority fail))
                    (lambda (userinfo host port)
                      (%record %uri-type scheme userinfo host port path query fragment)))))
            (%record %uri-type scheme #f #f #f rest query fragment))))))

(define (%split-scheme text)
  "The scheme in front of TEXT, or #f, and the rest."
  (let ((colon (string-index text #\:)))
    (if (and colon
             (> colon 0)
             (%letter? (string-ref text 0))
             (string-every (%among? "+-.") text 0 colon))
        (values (string->symbol (string-downcase (substring text 0 colon))) (substring text (+ colon 1)))
        (values #f text))))

(define (string->uri-reference string)
  "(string->uri-reference string): the URI reference that STRING says, or #f if it says none."
  (let ((uri (%parse string)))
    (and uri
         (or (uri-scheme uri) (uri-host uri)
             (not (string-index (car (string-split (uri-path uri) #\/)) #\:)))
         uri)))

(define (string->uri string)
  "(string->uri string): the URI that STRING says, or #f if it says none."
  (let ((uri (%parse string)))
    (and uri (uri-scheme uri) uri)))

(define (string->relative-ref string)
  "(string->relative-ref string): the relative reference that STRING says, or #f if it says none."
  (let ((uri (string->uri-reference string)))
    (and uri (relative-ref? uri) uri)))

;;; ---- Writing -----------------------------------------------------------------------------------------------------

(define %default-ports (%make-box '((http . 80) (https . 443))))

(define (declare-default-port! scheme port)
  "(declare-default-port! scheme port): URIs with SCHEME, a symbol, are written without this port."
  (%box-set! %default-ports (acons scheme port (%box-ref %default-ports))))

(define* (uri->string uri #:key (include-fragment? #t))
  "(uri->string uri [#:include-fragment?]): the text of a URI reference."
  (let ((scheme (uri-scheme uri)) (userinfo (uri-userinfo uri)) (host (uri-host uri)) (port (uri-port uri))
        (query (uri-query uri)) (fragment (uri-fragment uri)))
    (string-append
      (if scheme (string-append (symbol->string scheme) ":") "")
      (cond (host
             (string-append
               "//"
               (if userinfo (string-append userinfo "@") "")
               (if (string-index host #\:) (string-append "[" host "]") host)
               (if (and port (not (eqv? port (assq-ref (%box-ref %default-ports) scheme))))
                   (string-append ":" (number->string port))
                   "")))
            (else ""))
      (uri-path uri)
      (if query (string-append "?" query) "")
      (if (and fragment include-fragment?) (string-append "#" fragment) ""))))

;;; ---- Percent signs -----------------------------------------------------------------------------------------------

(define* (uri-encode text #:key (encoding "utf-8") unescaped-chars)
  "(uri-encode text [#:encoding #:unescaped-chars]): TEXT with a percent sign and the bytes' numbers for all characters that
are not in the char-set UNESCAPED-CHARS: letters, digits and -._~ if none is given."
  (define plain? (if unescaped-chars (lambda (c) (char-set-contains? unescaped-chars c)) (%among? "-._~")))
  (define (escaped char)
    (let ((bytes (string->bytevector (string char) encoding)))
      (string-concatenate
        (map (lambda (byte)
               (string-append (if (< byte 16) "%0" "%") (string-upcase (number->string byte 16))))
             (bytevector->u8-list bytes)))))
  (if (string-every plain? text)
      text
      (string-concatenate
        (map (lambda (char) (if (plain? char) (string char) (escaped char)))
             (string->list text)))))

(define* (uri-decode string #:key (encoding "utf-8") (decode-plus-to-space? #t))
  "(uri-decode string [#:encoding #:decode-plus-to-space?]): STRING with the characters that percent signs and numbers stand
for; a percent sign before anything else stands for itself. With #f for ENCODING, the bytes in a bytevector."
  (let* ((length (string-length string))
         (bytes (call-with-output-bytevector
                  (lambda (port)
                    (let loop ((i 0))
                      (if (< i length)
                          (let ((c (string-ref string i)))
                            (cond ((and (char=? c #\+) decode-plus-to-space?)
                                   (put-u8 port 32)
                                   (loop (+ i 1)))
                                  ((and (char=? c #\%)
                                        (<= (+ i 3) length)
                                        (string-every %hex-digit? string (+ i 1) (+ i 3)))
                                   (put-u8 port (string->number (substring string (+ i 1) (+ i 3)) 16))
                                   (loop (+ i 3)))
                                  ((char<? c #\x80)
                                   (put-u8 port (char->integer c))
                                   (loop (+ i 1)))
                                  (else (uri-error "Invalid character in encoded URI ~a: ~s" string c))))))))))
    (if encoding (bytevector->string bytes encoding) bytes)))

(define (split-and-decode-uri-path path)
  "(split-and-decode-uri-path path): a list of the decoded parts of PATH between slashes, without empty ones."
  (filter-map (lambda (part) (and (not (string-null? part)) (uri-decode part #:decode-plus-to-space? #f)))
              (string-split path #\/)))

(define (encode-and-join-uri-path parts)
  "(encode-and-join-uri-path parts): the parts, a list of strings, encoded, with slashes between them."
  (string-join (map uri-encode parts) "/"))
