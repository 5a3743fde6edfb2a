;;; (web http): headers of HTTP as values, and the first lines of requests and responses. [Guile: HTTP, HTTP Headers; RFC 7230-7235]
;;;
;;; A header's name is a symbol in small letters; its value is whatever (web header-values) makes of the text. What cannot be parsed
;;; throws bad-header, bad-request or bad-response.

(define-module (web http)
  #:use-module (web uri)
  #:use-module (web header-values)
  #:export (string->header header->string declare-header! declare-opaque-header! known-header?
            header-parser header-validator header-writer read-header parse-header valid-header? write-header
            read-headers write-headers
            parse-http-method parse-http-version parse-request-uri
            read-request-line write-request-line read-response-line write-response-line
            make-chunked-input-port make-chunked-output-port
            &chunked-input-error-prematurely chunked-input-ended-prematurely-error?
            http-proxy-port? set-http-proxy-port?!))

;;; ---- Declared headers --------------------------------------------------------------------------------------------

;; By name: a vector of how it is written, and its parser, validator and writer.
(define %declared (make-hash-table))

(define (string->header name)
  "(string->header name): the symbol of the header with this name."
  (string->symbol (string-downcase name)))

(define (header->string name)
  "(header->string name): how the header of this symbol is written."
  (let ((known (%find name)))
    (if known (vector-ref known 0) (string-titlecase (symbol->string name)))))

(define (%find name)
  "What is declared of a header, or #f."
  (or (hashq-ref %declared name)
      (let ((standard (standard-header name)))
        (and standard
             (begin (hashq-set! %declared name standard) standard)))))

(define* (declare-header! name parser validator writer #:key multiple?)
  "(declare-header! name parser validator writer [#:multiple?]): makes a header known: (parser string) is its value, (validator value)
tells whether VALUE is one, and (writer value port) writes it. With #:multiple?, it may occur several times."
  (if (not (and (string? name) (procedure? parser) (procedure? validator) (procedure? writer)))
      (error "bad header decl" name parser validator writer multiple?))
  (hashq-set! %declared (string->header name) (vector name parser validator writer multiple?)))

(define (declare-opaque-header! name)
  "(declare-opaque-header! name): makes a header known whose value is a string."
  (declare-header! name opaque-parser opaque-validator opaque-writer))

(define (known-header? name)
  "(known-header? name): whether the header of this symbol is declared."
  (and (%find name) #t))

(define (header-parser name)
  "(header-parser name): the procedure that makes a value of the text of a header."
  (let ((known (%find name)))
    (if known (vector-ref known 1) (lambda (text) text))))

(define (header-validator name)
  "(header-validator name): the procedure that tells whether something is a value of a header."
  (let ((known (%find name)))
    (if known (vector-ref known 2) string?)))

(define (header-writer name)
  "(header-writer name): the procedure that writes the value of a header to a port."
  (let ((known (%find name)))
    (if known (vector-ref known 3) (lambda (value port) (put-string port value)))))

(define (parse-header name text)
  "(parse-header name text): the value of the header of this symbol that TEXT says; throws bad-header."
  ((header-parser name) text))

(define (valid-header? name value)
  "(valid-header? name value): whether VALUE is one for the header of this symbol."
  (if (not (symbol? name)) (throw 'bad-header name value))
  ((header-validator name) value))

;;; ---- Reading and writing headers ---------------------------------------------------------------------------------

(define (%read-line port)
  "The next line of PORT without its end, or an end-of-file object."
  (let ((line (read-line port)))
    (if (eof-object? line) line (string-trim-right line #\return))))

(define (%line port)
  "The next line of PORT without its end; throws bad-header if there is none."
  (let ((line (%read-line port)))
    (if (eof-object? line) (throw 'bad-header 'read-header-line line))
    line))

(define (read-header port)
  "(read-header port): two values, the symbol and the value of the next header; an end-of-file object and #f behind the last."
  (let ((line (%line port)))
    (cond ((string-null? line) (values (eof-object) (eof-object)))
          (else
           (let ((colon (string-index line #\:)))
             (if (not colon) (throw 'bad-header 'read-header line))
             (let ((name (string->header (substring line 0 colon))))
               (values name (parse-header name (%continued port (string-trim-both (substring line (+ colon 1))))))))))))

(define (%continued port text)
  "TEXT, and the lines behind it that begin with a blank."
  (let ((next (peek-char port)))
    (if (memv next '(#\space #\tab))
        (%continued port (string-append text (string-trim-right (%line port))))
        text)))

(define (read-headers port)
  "(read-headers port): an association list of the headers up to an empty line."
  (let loop ((headers '()))
    (call-with-values (lambda () (read-header port))
      (lambda (name value)
        (if (eof-object? name)
            (reverse headers)
            (loop (acons name value headers)))))))

(define (write-header name value port)
  "(write-header name value port): writes a header, with its line end."
  (put-string port (header->string name))
  (put-string port ": ")
  ((header-writer name) value port)
  (put-string port "\r\n"))

(define (write-headers headers port)
  "(write-headers headers port): writes the headers of an association list, without the empty line behind them."
  (for-each (lambda (header) (write-header (car header) (cdr header) port)) headers))

;;; ---- First lines -------------------------------------------------------------------------------------------------

(define (%number text start end fail)
  "The decimal number that is TEXT from START to END."
  (if (and (< start end) (string-every char-set:digit text start end))
      (string->number (substring text start end))
      (fail)))

(define* (parse-http-version text #:optional (start 0) (end (string-length text)))
  "(parse-http-version text [start [end]]): the pair of numbers, such as (1 . 1), that HTTP/1.1 says."
  (define (fail) (throw 'bad-header-component 'http-version (substring text start end)))
  (if (not (string-prefix? "HTTP/" text 0 5 start end)) (fail))
  (let ((dot (string-index text #\. start end)))
    (if (not dot) (fail))
    (cons (%number text (+ start 5) dot fail) (%number text (+ dot 1) end fail))))

(define* (parse-http-method text #:optional (start 0) (end (string-length text)))
  "(parse-http-method text [start [end]]): the method as a symbol in capitals, such as GET."
  (let ((method (substring text start end)))
    (if (or (string-null? method) (string-any char-set:lower-case method))
        (throw 'bad-request "Invalid method: ~a" (list method)))
    (string->symbol method)))

(define* (parse-request-uri text #:optional (start 0) (end (string-length text)))
  "(parse-request-uri text [start [end]]): the URI of a request line: a relative reference if it is but a path, #f if it is a star."
  (let ((uri (substring text start end)))
    (cond ((string-null? uri) (throw 'bad-request "Missing Request-URI" '()))
          ((string=? uri "*") #f)
          ((char=? (string-ref uri 0) #\/)
           (let* ((hash (string-index uri #\#)) (question (string-index uri #\? 0 (or hash (string-length uri)))))
             (build-relative-ref #:path (substring uri 0 (or question hash (string-length uri)))
                                 #:query (and question (substring uri (+ question 1) (or hash (string-length uri))))
                                 #:fragment (and hash (substring uri (+ hash 1))))))
          (else (or (string->uri uri) (throw 'bad-request "Invalid URI: ~s" (list uri)))))))

(define (read-request-line port)
  "(read-request-line port): three values: the method, the URI and the version that the first line of a request says."
  (let ((line (%line port)))
    (let ((first (string-index line #\space)) (last (string-rindex line #\space)))
      (if (not (and first (< first last)))
          (throw 'bad-request "Bad Request-Line: ~s" (list line)))
      (values (parse-http-method line 0 first)
              (parse-request-uri line (+ first 1) last)
              (parse-http-version line (+ last 1))))))

(define (%write-version version port)
  "Writes a version such as (1 . 1)."
  (put-string port "HTTP/")
  (put-string port (number->string (car version)))
  (put-string port ".")
  (put-string port (number->string (cdr version))))

(define (write-request-line method uri version port)
  "(write-request-line method uri version port): writes the first line of a request. To a proxy goes the whole URI."
  (put-string port (symbol->string method))
  (put-string port " ")
  (cond ((not uri) (put-string port "*"))
        ((and (http-proxy-port? port) (uri-host uri)) (put-string port (uri->string uri #:include-fragment? #f)))
        (else
         (let ((path (uri-path uri)) (query (uri-query uri)))
           (put-string port (if (string-null? path) "/" path))
           (if query
               (begin (put-string port "?") (put-string port query))))))
  (put-string port " ")
  (%write-version version port)
  (put-string port "\r\n"))

(define (read-response-line port)
  "(read-response-line port): three values: the version, the code and the phrase that the first line of a response says."
  (let ((line (%line port)))
    (let* ((first (string-index line #\space))
           (start (and first (string-skip line #\space first)))
           (end (and start (or (string-index line #\space start) (string-length line)))))
      (if (not end) (throw 'bad-response "Bad Response-Line: ~s" (list line)))
      (values (parse-http-version line 0 first)
              (%number line start end (lambda () (throw 'bad-response "Bad Response-Line: ~s" (list line))))
              (string-trim-both (substring line end))))))

(define (write-response-line version code phrase port)
  "(write-response-line version code phrase port): writes the first line of a response."
  (%write-version version port)
  (put-string port " ")
  (put-string port (number->string code))
  (put-string port " ")
  (put-string port phrase)
  (put-string port "\r\n"))

;;; ---- Chunks ------------------------------------------------------------------------------------------------------

(define &chunked-input-error-prematurely (make-exception-type '&chunked-input-error-prematurely &external-error '()))

(define (chunked-input-ended-prematurely-error? obj)
  "(chunked-input-ended-prematurely-error? obj): whether OBJ tells of an end in the middle of chunks."
  ((exception-predicate &chunked-input-error-prematurely) obj))

(define (%ended)
  "Complains of an end in the middle of chunks."
  (raise-exception
    (make-exception (%record &chunked-input-error-prematurely)
                    (make-exception-with-message "chunked input ended prematurely"))))

(define (%chunk-size port)
  "The number of bytes in the chunk that begins here."
  (let ((line (%read-line port)))
    (if (eof-object? line) (%ended))
    (let* ((end (or (string-index line #\;) (string-length line)))
           (size (string->number (string-trim-both (substring line 0 end)) 16)))
      (if (not (and (exact-integer? size) (>= size 0)))
          (throw 'bad-header-component 'chunk-size line))
      size)))

(define* (make-chunked-input-port port #:key keep-alive?)
  "(make-chunked-input-port port [#:keep-alive?]): a port that reads what comes over PORT in chunks; with #:keep-alive?, closing it
does not close PORT."
  ;; What is left of the chunk; #f behind the last one.
  (let ((left 0))
    (define (next-chunk!)
      (set! left (%chunk-size port))
      (if (= left 0)
          (begin
            (let skip ()
              (let ((line (%read-line port)))
                (if (not (or (eof-object? line) (string-null? line))) (skip))))
            (set! left #f))))
    (make-custom-binary-input-port "chunked input port"
      (lambda (bytevector start count)
        (if (eqv? left 0) (next-chunk!))
        (if (not left)
            0
            (let ((got (get-bytevector-n! port bytevector start (min count left))))
              (if (eof-object? got) (%ended))
              (set! left (- left got))
              (if (= left 0)
                  (let ((line (%read-line port)))
                    (if (not (and (string? line) (string-null? line))) (%ended))))
              got)))
      #f #f
      (lambda () (if (not keep-alive?) (close-port port))))))

(define* (make-chunked-output-port port #:key keep-alive? (buffering 1200))
  "(make-chunked-output-port port [#:keep-alive? #:buffering]): a port whose output goes to PORT in chunks, the last of which is
written when it is closed; with #:keep-alive?, that does not close PORT."
  (let ((new (make-custom-binary-output-port "chunked http port"
               (lambda (bytevector start count)
                 (if (> count 0)
                     (begin
                       (put-string port (number->string count 16))
                       (put-string port "\r\n")
                       (put-bytevector port bytevector start count)
                       (put-string port "\r\n")
                       (force-output port)))
                 count)
               #f #f
               (lambda ()
                 (put-string port "0\r\n\r\n")
                 (force-output port)
                 (if (not keep-alive?) (close-port port))))))
    (setvbuf new 'block buffering)
    new))

;;; ---- Proxies -----------------------------------------------------------------------------------------------------

(define %proxy-ports (make-weak-key-hash-table))

(define (http-proxy-port? port)
  "(http-proxy-port? port): whether what is written to PORT goes to a proxy."
  (hashq-ref %proxy-ports port))

(define (set-http-proxy-port?! port proxy?)
  "(set-http-proxy-port?! port proxy?): says whether what is written to PORT goes to a proxy."
  (hashq-set! %proxy-ports port proxy?))
