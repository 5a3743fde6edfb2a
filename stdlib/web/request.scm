;;; (web request): requests of HTTP. [Guile: Requests]

(define-module (web request)
  #:use-module (web uri)
  #:use-module (web http)
  #:export (request? request-method request-uri request-version request-headers request-meta request-port
            read-request build-request write-request read-request-body write-request-body request-absolute-uri
            request-cache-control request-connection request-date request-pragma request-trailer
            request-transfer-encoding request-upgrade request-via request-warning request-allow
            request-content-encoding request-content-language request-content-length request-content-location
            request-content-md5 request-content-range request-content-type request-expires request-last-modified
            request-accept request-accept-charset request-accept-encoding request-accept-language
            request-authorization request-expect request-from request-host request-if-match request-if-modified-since
            request-if-none-match request-if-range request-if-unmodified-since request-max-forwards
            request-proxy-authorization request-range request-referer request-te request-user-agent))

(define %request-type (%make-record-type '<request> #(method uri version headers meta port)))

(define (%header request name default)
  "The value of a header of REQUEST, or DEFAULT."
  (let ((found (assq name (request-headers request))))
    (if found (cdr found) default)))

(define (request? obj)
  "(request? obj): whether OBJ is a request."
  (%record? obj %request-type))

(define (request-method request)
  "(request-method request): the method, a symbol such as GET."
  (%record-ref request %request-type 0 'request-method))

(define (request-uri request)
  "(request-uri request): the URI that the request's first line says."
  (%record-ref request %request-type 1 'request-uri))

(define (request-version request)
  "(request-version request): the version, such as (1 . 1)."
  (%record-ref request %request-type 2 'request-version))

(define (request-headers request)
  "(request-headers request): an association list of the headers."
  (%record-ref request %request-type 3 'request-headers))

(define (request-meta request)
  "(request-meta request): an association list that a server may use as it likes."
  (%record-ref request %request-type 4 'request-meta))

(define (request-port request)
  "(request-port request): the port that the request is read from or written to, or #f."
  (%record-ref request %request-type 5 'request-port))

(define (%bad message . args)
  "Throws bad-request."
  (throw 'bad-request message args))

(define (%check-headers headers)
  "Complains unless HEADERS is an association list of valid headers."
  (if (not (list? headers)) (%bad "Headers not a list: ~a" headers))
  (for-each
    (lambda (header)
      (if (not (and (pair? header) (symbol? (car header)))) (%bad "Bad request header: ~a" header))
      (if (not (valid-header? (car header) (cdr header)))
          (%bad "Bad value for header ~a: ~s" (car header) (cdr header))))
    headers))

(define* (build-request uri #:key (method 'GET) (version '(1 . 1)) (headers '()) port (meta '()) (validate-headers? #t))
  "(build-request uri [#:method #:version #:headers #:port #:meta #:validate-headers?]): a request. A Host header is added if the URI
has a host and the headers have none."
  (if (not (and (pair? version) (exact-integer? (car version)) (exact-integer? (cdr version))))
      (%bad "Bad request version: ~a" version))
  (if (not (uri-reference? uri)) (%bad "Bad request URI: ~a" uri))
  (if (not (symbol? method)) (%bad "Bad request method: ~a" method))
  (if validate-headers? (%check-headers headers))
  (if (and (equal? version '(1 . 1)) validate-headers? (not (assq 'host headers)) (not (uri-host uri)))
      (%bad "HTTP/1.1 request without Host header and no host in URI: ~a" uri))
  (let ((headers (if (and (equal? version '(1 . 1)) (not (assq 'host headers)) (uri-host uri))
                     (acons 'host (cons (uri-host uri) (uri-port uri)) headers)
                     headers)))
    (%record %request-type method uri version headers meta port)))

(define* (read-request port #:optional (meta '()))
  "(read-request port [meta]): the request that PORT says, without its body."
  (call-with-values (lambda () (read-request-line port))
    (lambda (method uri version)
      (%record %request-type method uri version (read-headers port) meta port))))

(define (write-request request port)
  "(write-request request port): writes REQUEST without its body; the request for PORT, to be used from then on."
  (write-request-line (request-method request) (request-uri request) (request-version request) port)
  (write-headers (request-headers request) port)
  (put-string port "\r\n")
  (if (eq? port (request-port request))
      request
      (%record %request-type (request-method request) (request-uri request) (request-version request)
               (request-headers request) (request-meta request) port)))

(define (read-request-body request)
  "(read-request-body request): the body as a bytevector, or #f if it has none."
  (let ((length (request-content-length request)))
    (and length
         (let ((bytes (get-bytevector-n (request-port request) length)))
           (cond ((eof-object? bytes) (if (= length 0) #vu8() (%bad "EOF while reading request body: ~a bytes of ~a" 0 length)))
                 ((= (bytevector-length bytes) length) bytes)
                 (else (%bad "EOF while reading request body: ~a bytes of ~a" (bytevector-length bytes) length)))))))

(define (write-request-body request bytevector)
  "(write-request-body request bytevector): writes the body to the request's port."
  (put-bytevector (request-port request) bytevector))

(define* (request-absolute-uri request #:optional default-host default-port default-scheme)
  "(request-absolute-uri request [default-host [default-port [default-scheme]]]): the request's URI with the host that it, or else
its Host header, says."
  (let ((uri (request-uri request)))
    (if (uri-host uri)
        uri
        (let ((host (or (request-host request) (and default-host (cons default-host default-port)))))
          (if (not host) (%bad "URI not absolute, no Host header, and no default: ~s" uri))
          (build-uri (or (uri-scheme uri) default-scheme 'http)
                     #:host (car host) #:port (cdr host)
                     #:path (uri-path uri) #:query (uri-query uri) #:fragment (uri-fragment uri))))))

;;; ---- Headers -----------------------------------------------------------------------------------------------------

(define* (request-cache-control request #:optional (default '()))
  "(request-cache-control request [default]): the value of the header cache-control, or DEFAULT, or else the empty list."
  (%header request 'cache-control default))

(define* (request-connection request #:optional (default '()))
  "(request-connection request [default]): the value of the header connection, or DEFAULT, or else the empty list."
  (%header request 'connection default))

(define* (request-date request #:optional default)
  "(request-date request [default]): the value of the header date, or DEFAULT."
  (%header request 'date default))

(define* (request-pragma request #:optional (default '()))
  "(request-pragma request [default]): the value of the header pragma, or DEFAULT, or else the empty list."
  (%header request 'pragma default))

(define* (request-trailer request #:optional (default '()))
  "(request-trailer request [default]): the value of the header trailer, or DEFAULT, or else the empty list."
  (%header request 'trailer default))

(define* (request-transfer-encoding request #:optional (default '()))
  "(request-transfer-encoding request [default]): the value of the header transfer-encoding, or DEFAULT, or else the empty list."
  (%header request 'transfer-encoding default))

(define* (request-upgrade request #:optional (default '()))
  "(request-upgrade request [default]): the value of the header upgrade, or DEFAULT, or else the empty list."
  (%header request 'upgrade default))

(define* (request-via request #:optional (default '()))
  "(request-via request [default]): the value of the header via, or DEFAULT, or else the empty list."
  (%header request 'via default))

(define* (request-warning request #:optional (default '()))
  "(request-warning request [default]): the value of the header warning, or DEFAULT, or else the empty list."
  (%header request 'warning default))

(define* (request-allow request #:optional (default '()))
  "(request-allow request [default]): the value of the header allow, or DEFAULT, or else the empty list."
  (%header request 'allow default))

(define* (request-content-encoding request #:optional (default '()))
  "(request-content-encoding request [default]): the value of the header content-encoding, or DEFAULT, or else the empty list."
  (%header request 'content-encoding default))

(define* (request-content-language request #:optional (default '()))
  "(request-content-language request [default]): the value of the header content-language, or DEFAULT, or else the empty list."
  (%header request 'content-language default))

(define* (request-content-length request #:optional default)
  "(request-content-length request [default]): the value of the header content-length, or DEFAULT."
  (%header request 'content-length default))

(define* (request-content-location request #:optional default)
  "(request-content-location request [default]): the value of the header content-location, or DEFAULT."
  (%header request 'content-location default))

(define* (request-content-md5 request #:optional default)
  "(request-content-md5 request [default]): the value of the header content-md5, or DEFAULT."
  (%header request 'content-md5 default))

(define* (request-content-range request #:optional default)
  "(request-content-range request [default]): the value of the header content-range, or DEFAULT."
  (%header request 'content-range default))

(define* (request-content-type request #:optional default)
  "(request-content-type request [default]): the value of the header content-type, or DEFAULT."
  (%header request 'content-type default))

(define* (request-expires request #:optional default)
  "(request-expires request [default]): the value of the header expires, or DEFAULT."
  (%header request 'expires default))

(define* (request-last-modified request #:optional default)
  "(request-last-modified request [default]): the value of the header last-modified, or DEFAULT."
  (%header request 'last-modified default))

(define* (request-accept request #:optional (default '()))
  "(request-accept request [default]): the value of the header accept, or DEFAULT, or else the empty list."
  (%header request 'accept default))

(define* (request-accept-charset request #:optional (default '()))
  "(request-accept-charset request [default]): the value of the header accept-charset, or DEFAULT, or else the empty list."
  (%header request 'accept-charset default))

(define* (request-accept-encoding request #:optional (default '()))
  "(request-accept-encoding request [default]): the value of the header accept-encoding, or DEFAULT, or else the empty list."
  (%header request 'accept-encoding default))

(define* (request-accept-language request #:optional (default '()))
  "(request-accept-language request [default]): the value of the header accept-language, or DEFAULT, or else the empty list."
  (%header request 'accept-language default))

(define* (request-authorization request #:optional default)
  "(request-authorization request [default]): the value of the header authorization, or DEFAULT."
  (%header request 'authorization default))

(define* (request-expect request #:optional (default '()))
  "(request-expect request [default]): the value of the header expect, or DEFAULT, or else the empty list."
  (%header request 'expect default))

(define* (request-from request #:optional default)
  "(request-from request [default]): the value of the header from, or DEFAULT."
  (%header request 'from default))

(define* (request-host request #:optional default)
  "(request-host request [default]): the value of the header host, or DEFAULT."
  (%header request 'host default))

(define* (request-if-match request #:optional default)
  "(request-if-match request [default]): the value of the header if-match, or DEFAULT."
  (%header request 'if-match default))

(define* (request-if-modified-since request #:optional default)
  "(request-if-modified-since request [default]): the value of the header if-modified-since, or DEFAULT."
  (%header request 'if-modified-since default))

(define* (request-if-none-match request #:optional default)
  "(request-if-none-match request [default]): the value of the header if-none-match, or DEFAULT."
  (%header request 'if-none-match default))

(define* (request-if-range request #:optional default)
  "(request-if-range request [default]): the value of the header if-range, or DEFAULT."
  (%header request 'if-range default))

(define* (request-if-unmodified-since request #:optional default)
  "(request-if-unmodified-since request [default]): the value of the header if-unmodified-since, or DEFAULT."
  (%header request 'if-unmodified-since default))

(define* (request-max-forwards request #:optional default)
  "(request-max-forwards request [default]): the value of the header max-forwards, or DEFAULT."
  (%header request 'max-forwards default))

(define* (request-proxy-authorization request #:optional default)
  "(request-proxy-authorization request [default]): the value of the header proxy-authorization, or DEFAULT."
  (%header request 'proxy-authorization default))

(define* (request-range request #:optional default)
  "(request-range request [default]): the value of the header range, or DEFAULT."
  (%header request 'range default))

(define* (request-referer request #:optional default)
  "(request-referer request [default]): the value of the header referer, or DEFAULT."
  (%header request 'referer default))

(define* (request-te request #:optional (default '()))
  "(request-te request [default]): the value of the header te, or DEFAULT, or else the empty list."
  (%header request 'te default))

(define* (request-user-agent request #:optional default)
  "(request-user-agent request [default]): the value of the header user-agent, or DEFAULT."
  (%header request 'user-agent default))
