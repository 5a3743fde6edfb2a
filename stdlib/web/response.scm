;;; (web response): responses of HTTP. [Guile: Responses]

(define-module (web response)
  #:use-module (web http)
  #:export (response? response-version response-code response-reason-phrase response-headers response-port
            read-response build-response adapt-response-version write-response
            response-must-not-include-body? response-body-port read-response-body write-response-body text-content-type?
            response-cache-control response-connection response-date response-pragma response-trailer
            response-transfer-encoding response-upgrade response-via response-warning response-allow
            response-content-encoding response-content-language response-content-length response-content-location
            response-content-md5 response-content-range response-content-type response-expires response-last-modified
            response-accept-ranges response-age response-etag response-location response-proxy-authenticate
            response-retry-after response-server response-vary response-www-authenticate))

(define %response-type (%make-record-type '<response> #(version code reason-phrase headers port)))

(define (%header response name default)
  "The value of a header of RESPONSE, or DEFAULT."
  (let ((found (assq name (response-headers response))))
    (if found (cdr found) default)))

(define (response? obj)
  "(response? obj): whether OBJ is a response."
  (%record? obj %response-type))

(define (response-version response)
  "(response-version response): the version, such as (1 . 1)."
  (%record-ref response %response-type 0 'response-version))

(define (response-code response)
  "(response-code response): the code, such as 404."
  (%record-ref response %response-type 1 'response-code))

(define (response-reason-phrase response)
  "(response-reason-phrase response): what the code means, in words."
  (or (%record-ref response %response-type 2 'response-reason-phrase)
      (%phrase (response-code response))))

(define (response-headers response)
  "(response-headers response): an association list of the headers."
  (%record-ref response %response-type 3 'response-headers))

(define (response-port response)
  "(response-port response): the port that the response is read from or written to, or #f."
  (%record-ref response %response-type 4 'response-port))

(define (%bad message . args)
  "Throws bad-response."
  (throw 'bad-response message args))

(define %phrases
  '((100 . "Continue") (101 . "Switching Protocols") (102 . "Processing")
    (200 . "OK") (201 . "Created") (202 . "Accepted") (203 . "Non-Authoritative Information") (204 . "No Content")
    (205 . "Reset Content") (206 . "Partial Content") (207 . "Multi-Status") (226 . "IM Used")
    (300 . "Multiple Choices") (301 . "Moved Permanently") (302 . "Found") (303 . "See Other") (304 . "Not Modified")
    (305 . "Use Proxy") (307 . "Temporary Redirect") (308 . "Permanent Redirect")
    (400 . "Bad Request") (401 . "Unauthorized") (402 . "Payment Required") (403 . "Forbidden") (404 . "Not Found")
    (405 . "Method Not Allowed") (406 . "Not Acceptable") (407 . "Proxy Authentication Required") (408 . "Request Timeout")
    (409 . "Conflict") (410 . "Gone") (411 . "Length Required") (412 . "Precondition Failed")
    (413 . "Request Entity Too Large") (414 . "Request-URI Too Long") (415 . "Unsupported Media Type")
    (416 . "Requested Range Not Satisfiable") (417 . "Expectation Failed") (422 . "Unprocessable Entity") (423 . "Locked")
    (424 . "Failed Dependency") (426 . "Upgrade Required") (428 . "Precondition Required") (429 . "Too Many Requests")
    (431 . "Request Header Fields Too Large") (451 . "Unavailable For Legal Reasons")
    (500 . "Internal Server Error") (501 . "Not Implemented") (502 . "Bad Gateway") (503 . "Service Unavailable")
    (504 . "Gateway Timeout") (505 . "HTTP Version Not Supported") (507 . "Insufficient Storage") (510 . "Not Extended")
    (511 . "Network Authentication Required")))

(define (%phrase code)
  "What CODE means."
  (or (assv-ref %phrases code) "(Unknown)"))

(define (%check-headers headers)
  "Complains unless HEADERS is an association list of valid headers."
  (if (not (list? headers)) (%bad "Headers not a list: ~a" headers))
  (for-each
    (lambda (header)
      (if (not (and (pair? header) (symbol? (car header)))) (%bad "Bad response header: ~a" header))
      (if (not (valid-header? (car header) (cdr header)))
          (%bad "Bad value for header ~a: ~s" (car header) (cdr header))))
    headers))

(define* (build-response #:key (version '(1 . 1)) (code 200) reason-phrase (headers '()) port (validate-headers? #t))
  "(build-response [#:version #:code #:reason-phrase #:headers #:port #:validate-headers?]): a response."
  (if (not (and (pair? version) (exact-integer? (car version)) (exact-integer? (cdr version))))
      (%bad "Bad response version: ~a" version))
  (if (not (and (exact-integer? code) (< 99 code 600))) (%bad "Bad code: ~a" code))
  (if (not (or (not reason-phrase) (string? reason-phrase))) (%bad "Bad reason phrase: ~a" reason-phrase))
  (if validate-headers? (%check-headers headers))
  (%record %response-type version code reason-phrase headers port))

(define (read-response port)
  "(read-response port): the response that PORT says, without its body."
  (call-with-values (lambda () (read-response-line port))
    (lambda (version code phrase)
      (%record %response-type version code phrase (read-headers port) port))))

(define (adapt-response-version response version)
  "(adapt-response-version response version): RESPONSE as a server of that version says it."
  (%record %response-type version (response-code response) (%record-ref response %response-type 2)
           (response-headers response) (response-port response)))

(define (write-response response port)
  "(write-response response port): writes RESPONSE without its body; the response for PORT, to be used from then on."
  (write-response-line (response-version response) (response-code response) (response-reason-phrase response) port)
  (write-headers (response-headers response) port)
  (put-string port "\r\n")
  (if (eq? port (response-port response))
      response
      (%record %response-type (response-version response) (response-code response) (%record-ref response %response-type 2)
               (response-headers response) port)))

(define (response-must-not-include-body? response)
  "(response-must-not-include-body? response): whether the code says that there is no body."
  (let ((code (response-code response)))
    (or (<= 100 code 199) (= code 204) (= code 304))))

(define (%limited-port port length keep-alive?)
  "A port that reads LENGTH bytes of PORT."
  (let ((left length))
    (make-custom-binary-input-port "delimited input port"
      (lambda (bytevector start count)
        (let ((got (if (= left 0) 0 (get-bytevector-n! port bytevector start (min count left)))))
          (cond ((eof-object? got) (%bad "EOF while reading response body: ~a bytes of ~a" (- length left) length))
                (else (set! left (- left got)) got))))
      #f #f
      (lambda () (if (not keep-alive?) (close-port port))))))

(define* (response-body-port response #:key (decode? #t) (keep-alive? #t))
  "(response-body-port response [#:decode? #:keep-alive?]): a port that reads the body, or #f if there is none. It decodes text as the
content type says, unless DECODE? is #f. With KEEP-ALIVE?, closing it does not close the response's port."
  (let* ((from (response-port response))
         (port (cond ((response-must-not-include-body? response) #f)
                     ((%chunked? response) (make-chunked-input-port from #:keep-alive? keep-alive?))
                     ((response-content-length response) => (lambda (length) (%limited-port from length keep-alive?)))
                     ((or (memq 'close (response-connection response '())) (equal? (response-version response) '(1 . 0))) from)
                     (else from))))
    (if (and port decode?)
        (let ((charset (assq-ref (cdr (response-content-type response '(application/octet-stream))) 'charset)))
          (set-port-encoding! port (if charset (string-upcase (string-trim-both charset #\")) "ISO-8859-1"))))
    port))

(define (%chunked? response)
  "Whether the body comes in chunks."
  (and (assq 'chunked (response-transfer-encoding response '())) #t))

(define (read-response-body response)
  "(read-response-body response): the body as a bytevector, or #f if there is none."
  (let ((port (response-body-port response #:decode? #f)))
    (and port
         (let ((bytes (get-bytevector-all port)))
           (if (eof-object? bytes) #vu8() bytes)))))

(define (write-response-body response bytevector)
  "(write-response-body response bytevector): writes the body to the response's port."
  (put-bytevector (response-port response) bytevector))

(define (text-content-type? type)
  "(text-content-type? type): whether TYPE, a symbol such as text/html, is one of text."
  (let ((name (symbol->string type)))
    (or (string-prefix? "text/" name)
        (string-suffix? "/xml" name)
        (string-suffix? "+xml" name))))

;;; ---- Headers -----------------------------------------------------------------------------------------------------

(define* (response-cache-control response #:optional (default '()))
  "(response-cache-control response [default]): the value of the header cache-control, or DEFAULT, or else the empty list."
  (%header response 'cache-control default))

(define* (response-connection response #:optional (default '()))
  "(response-connection response [default]): the value of the header connection, or DEFAULT, or else the empty list."
  (%header response 'connection default))

(define* (response-date response #:optional default)
  "(response-date response [default]): the value of the header date, or DEFAULT."
  (%header response 'date default))

(define* (response-pragma response #:optional (default '()))
  "(response-pragma response [default]): the value of the header pragma, or DEFAULT, or else the empty list."
  (%header response 'pragma default))

(define* (response-trailer response #:optional (default '()))
  "(response-trailer response [default]): the value of the header trailer, or DEFAULT, or else the empty list."
  (%header response 'trailer default))

(define* (response-transfer-encoding response #:optional (default '()))
  "(response-transfer-encoding response [default]): the value of the header transfer-encoding, or DEFAULT, or else the empty list."
  (%header response 'transfer-encoding default))

(define* (response-upgrade response #:optional (default '()))
  "(response-upgrade response [default]): the value of the header upgrade, or DEFAULT, or else the empty list."
  (%header response 'upgrade default))

(define* (response-via response #:optional (default '()))
  "(response-via response [default]): the value of the header via, or DEFAULT, or else the empty list."
  (%header response 'via default))

(define* (response-warning response #:optional (default '()))
  "(response-warning response [default]): the value of the header warning, or DEFAULT, or else the empty list."
  (%header response 'warning default))

(define* (response-allow response #:optional (default '()))
  "(response-allow response [default]): the value of the header allow, or DEFAULT, or else the empty list."
  (%header response 'allow default))

(define* (response-content-encoding response #:optional (default '()))
  "(response-content-encoding response [default]): the value of the header content-encoding, or DEFAULT, or else the empty list."
  (%header response 'content-encoding default))

(define* (response-content-language response #:optional (default '()))
  "(response-content-language response [default]): the value of the header content-language, or DEFAULT, or else the empty list."
  (%header response 'content-language default))

(define* (response-content-length response #:optional default)
  "(response-content-length response [default]): the value of the header content-length, or DEFAULT."
  (%header response 'content-length default))

(define* (response-content-location response #:optional default)
  "(response-content-location response [default]): the value of the header content-location, or DEFAULT."
  (%header response 'content-location default))

(define* (response-content-md5 response #:optional default)
  "(response-content-md5 response [default]): the value of the header content-md5, or DEFAULT."
  (%header response 'content-md5 default))

(define* (response-content-range response #:optional default)
  "(response-content-range response [default]): the value of the header content-range, or DEFAULT."
  (%header response 'content-range default))

(define* (response-content-type response #:optional default)
  "(response-content-type response [default]): the value of the header content-type, or DEFAULT."
  (%header response 'content-type default))

(define* (response-expires response #:optional default)
  "(response-expires response [default]): the value of the header expires, or DEFAULT."
  (%header response 'expires default))

(define* (response-last-modified response #:optional default)
  "(response-last-modified response [default]): the value of the header last-modified, or DEFAULT."
  (%header response 'last-modified default))

(define* (response-accept-ranges response #:optional default)
  "(response-accept-ranges response [default]): the value of the header accept-ranges, or DEFAULT."
  (%header response 'accept-ranges default))

(define* (response-age response #:optional default)
  "(response-age response [default]): the value of the header age, or DEFAULT."
  (%header response 'age default))

(define* (response-etag response #:optional default)
  "(response-etag response [default]): the value of the header etag, or DEFAULT."
  (%header response 'etag default))

(define* (response-location response #:optional default)
  "(response-location response [default]): the value of the header location, or DEFAULT."
  (%header response 'location default))

(define* (response-proxy-authenticate response #:optional default)
  "(response-proxy-authenticate response [default]): the value of the header proxy-authenticate, or DEFAULT."
  (%header response 'proxy-authenticate default))

(define* (response-retry-after response #:optional default)
  "(response-retry-after response [default]): the value of the header retry-after, or DEFAULT."
  (%header response 'retry-after default))

(define* (response-server response #:optional default)
  "(response-server response [default]): the value of the header server, or DEFAULT."
  (%header response 'server default))

(define* (response-vary response #:optional (default '()))
  "(response-vary response [default]): the value of the header vary, or DEFAULT, or else the empty list."
  (%header response 'vary default))

(define* (response-www-authenticate response #:optional default)
  "(response-www-authenticate response [default]): the value of the header www-authenticate, or DEFAULT."
  (%header response 'www-authenticate default))
