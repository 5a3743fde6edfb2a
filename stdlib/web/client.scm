;;; (web client): asking servers of HTTP. [Guile: Web Client]
;;;
;;; There is no TLS here: a URI with the scheme https is refused, unless the caller brings a port of its own.

(define-module (web client)
  #:use-module (web uri)
  #:use-module (web http)
  #:use-module (web request)
  #:use-module (web response)
  #:use-module ((ice-9 exceptions) #:select (exception-kind guard))
  #:export (current-http-proxy current-https-proxy x509-certificate-directory open-socket-for-uri http-request
            http-get http-head http-post http-put http-delete http-trace http-options))

(define (setting name)
  "What the environment says, if the program may know."
  (catch 'system-error (lambda () (getenv name)) (lambda error #f)))

(define current-http-proxy
  (make-parameter
    (let ((proxy (setting "http_proxy")))
      (and proxy (not (string-null? proxy)) proxy))))

(define current-https-proxy
  (make-parameter
    (let ((proxy (setting "https_proxy")))
      (and proxy (not (string-null? proxy)) proxy))))

(define x509-certificate-directory
  (make-parameter (or (setting "GUILE_TLS_CERTIFICATE_DIRECTORY") (setting "SSL_CERT_DIR") "/etc/ssl/certs")))

(define* (open-socket-for-uri uri-or-string #:key (verify-certificate? #t))
  "(open-socket-for-uri uri [#:verify-certificate?]): a socket that is connected to the server of a URI, or of its text; or to the proxy
that there is."
  (let* ((uri (%uri uri-or-string))
         (proxy (and (not (eq? (uri-scheme uri) 'https)) (current-http-proxy)))
         (server (if proxy (or (string->uri proxy) (string->uri (string-append "http://" proxy))) uri)))
    (if (eq? (uri-scheme uri) 'https)
        (scm-error 'misc-error 'open-socket-for-uri "there is no TLS here: ~A" (list (uri->string uri)) #f))
    (let ((socket (%connect server)))
      (set-http-proxy-port?! socket (and proxy #t))
      socket)))

(define (%connect uri)
  "A socket connected to the first of the addresses of URI's host that answers."
  (let loop ((addresses
               (delete-duplicates
                 (getaddrinfo (uri-host uri)
                              (if (uri-port uri) (number->string (uri-port uri)) (symbol->string (uri-scheme uri)))
                              (if (uri-port uri) AI_NUMERICSERV 0)
                              0 SOCK_STREAM)
                 (lambda (a b) (equal? (addrinfo:addr a) (addrinfo:addr b))))))
    (let* ((address (car addresses))
           (new (socket (addrinfo:fam address) SOCK_STREAM IPPROTO_IP)))
      ;; What is raised again is what was raised: a refusal goes on saying which permission was missing.
      (guard (failure ((eq? (exception-kind failure) 'system-error)
                       (close-port new)
                       (if (null? (cdr addresses))
                           (raise failure)
                           (loop (cdr addresses)))))
        (connect new (addrinfo:addr address))
        (setvbuf new 'block)
        (set-port-encoding! new "ISO-8859-1")
        new))))

(define (%uri uri-or-string)
  "The URI that is given, or that a string says."
  (cond ((string? uri-or-string)
         (or (string->uri uri-or-string) (scm-error 'misc-error 'http-request "bad URI: ~S" (list uri-or-string) #f)))
        ((uri? uri-or-string) uri-or-string)
        (else (%wrong-type 'http-request 1 "a URI or its text" uri-or-string))))

(define (%body-bytes body headers)
  "BODY as a bytevector or #f, and the headers with what they must say of it."
  (define (with-length bytes headers)
    (values bytes
            (if (assq 'content-length headers)
                headers
                (acons 'content-length (bytevector-length bytes) headers))))
  (define (with-charset headers)
    (let ((type (assq-ref headers 'content-type)))
      (cond ((not type) (acons 'content-type '(text/plain (charset . "utf-8")) headers))
            ((assq 'charset (cdr type)) headers)
            (else (acons 'content-type (append type '((charset . "utf-8"))) (assq-remove! (list-copy headers) 'content-type))))))
  (cond ((not body) (values #f headers))
        ((string? body)
         (let* ((headers (with-charset headers))
                (charset (assq-ref (cdr (assq-ref headers 'content-type)) 'charset)))
           (with-length (string->bytevector body charset) headers)))
        ((bytevector? body)
         (with-length body
           (if (assq 'content-type headers) headers (acons 'content-type '(application/octet-stream) headers))))
        ((procedure? body)
         (%body-bytes (call-with-output-bytevector (lambda (port) (body port))) headers))
        (else (%wrong-type 'http-request 2 "a string, a bytevector, a procedure or #f" body))))

(define (%decoded response body)
  "BODY as the text that the content type says, or as it is."
  (let ((type (response-content-type response)))
    (if (and body type (text-content-type? (car type)))
        (bytevector->string body (string-trim-both (or (assq-ref (cdr type) 'charset) "iso-8859-1") #\"))
        body)))

(define* (http-request uri #:key (body #f) (verify-certificate? #t) (port #f) (method 'GET) (version '(1 . 1))
                       (keep-alive? #f) (headers '()) (decode-body? #t) (streaming? #f) (request #f))
  "(http-request uri [#:method #:body #:port #:version #:headers #:keep-alive? #:decode-body? #:streaming? #:request]): two values, the
response of the URI's server and its body: text, bytes, #f if there is none, or with #:streaming? a port."
  (let* ((uri (%uri uri))
         (port (or port (open-socket-for-uri uri #:verify-certificate? verify-certificate?))))
    (define (close) (if (not keep-alive?) (close-port port)))
    (with-throw-handler #t
      (lambda ()
        (call-with-values
          (lambda () (%body-bytes body (if request (request-headers request) headers)))
          (lambda (bytes headers)
            (let* ((headers (if (or keep-alive? (assq 'connection headers)) headers (acons 'connection '(close) headers)))
                   (request (write-request
                              (build-request uri #:method (if request (request-method request) method)
                                             #:version version #:headers headers #:port port)
                              port)))
              (if bytes (write-request-body request bytes))
              (force-output port)
              (let ((response (%read-final-response port)))
                (cond ((eq? (request-method request) 'HEAD) (close) (values response #f))
                      (streaming?
                       (values response
                               (response-body-port response #:keep-alive? keep-alive?
                                 #:decode? (and decode-body?
                                                (let ((type (response-content-type response)))
                                                  (and type (text-content-type? (car type))))))))
                      (else
                       (let ((body (read-response-body response)))
                         (close)
                         (values response (if decode-body? (%decoded response body) body))))))))))
      (lambda failure
        (if (not (port-closed? port)) (close-port port))))))

(define (%read-final-response port)
  "The next response that is not about the request's being on its way."
  (let ((response (read-response port)))
    (if (= (response-code response) 100)
        (%read-final-response port)
        response)))

(define (http-get uri . options)
  "(http-get uri [option ...]): http-request with the method GET."
  (apply http-request uri #:method 'GET options))

(define (http-head uri . options)
  "(http-head uri [option ...]): http-request with the method HEAD."
  (apply http-request uri #:method 'HEAD options))

(define (http-post uri . options)
  "(http-post uri [option ...]): http-request with the method POST."
  (apply http-request uri #:method 'POST options))

(define (http-put uri . options)
  "(http-put uri [option ...]): http-request with the method PUT."
  (apply http-request uri #:method 'PUT options))

(define (http-delete uri . options)
  "(http-delete uri [option ...]): http-request with the method DELETE."
  (apply http-request uri #:method 'DELETE options))

(define (http-trace uri . options)
  "(http-trace uri [option ...]): http-request with the method TRACE."
  (apply http-request uri #:method 'TRACE options))

(define (http-options uri . options)
  "(http-options uri [option ...]): http-request with the method OPTIONS."
  (apply http-request uri #:method 'OPTIONS options))
