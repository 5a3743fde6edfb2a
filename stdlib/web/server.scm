;;; (web server): answering requests of HTTP. [Guile: Web Server]
;;;
;;; One request after the other: it is read, the handler is called on it and on its body, and what that gives is written. How
;;; requests come and responses go is up to an implementation; there is one, http.

(define-module (web server)
  #:use-module (web request)
  #:use-module (web response)
  #:use-module (web uri)
  #:export (define-server-impl lookup-server-impl make-server-impl server-impl? server-impl-name server-impl-open
            server-impl-read server-impl-write server-impl-close
            open-server read-client handle-request sanitize-response write-client close-server serve-one-client run-server))

(define %impl-type (%make-record-type 'server-impl #(name open read write close)))

(define (make-server-impl name open read write close)
  "(make-server-impl name open read write close): an implementation: (open . parameters) is a server, (read server) gives a client,
its request and its body, (write server client response body) answers, and (close server) ends it."
  (%record %impl-type name open read write close))

(define (server-impl? obj)
  "(server-impl? obj): whether OBJ is an implementation of servers."
  (%record? obj %impl-type))

(define (server-impl-name impl)
  "(server-impl-name impl): the name of the implementation, a symbol."
  (%record-ref impl %impl-type 0 'server-impl-name))

(define (server-impl-open impl)
  "(server-impl-open impl): the procedure that makes a server."
  (%record-ref impl %impl-type 1 'server-impl-open))

(define (server-impl-read impl)
  "(server-impl-read impl): the procedure that waits for a request."
  (%record-ref impl %impl-type 2 'server-impl-read))

(define (server-impl-write impl)
  "(server-impl-write impl): the procedure that answers."
  (%record-ref impl %impl-type 3 'server-impl-write))

(define (server-impl-close impl)
  "(server-impl-close impl): the procedure that ends a server."
  (%record-ref impl %impl-type 4 'server-impl-close))

(define-syntax define-server-impl
  (syntax-rules ()
    ((_ name open read write close)
     (define name (make-server-impl 'name open read write close)))))

(define (lookup-server-impl impl)
  "(lookup-server-impl impl): the implementation IMPL, or the one that module (web server IMPL) defines."
  (cond ((server-impl? impl) impl)
        ((symbol? impl) (module-ref (resolve-module (list 'web 'server impl)) impl))
        (else (%wrong-type 'lookup-server-impl 1 "an implementation of servers or its name" impl))))

(define (open-server impl parameters)
  "(open-server impl parameters): a server, made with the list of PARAMETERS."
  (apply (server-impl-open impl) parameters))

(define (read-client impl server)
  "(read-client impl server): three values: the next client, its request and the body; all are #f if something went wrong."
  (%or-report
    (lambda () ((server-impl-read impl) server))
    (lambda () (values #f #f #f))))

(define (%or-report thunk otherwise)
  "The values of THUNK, or, when its error has been told of, those of OTHERWISE."
  (let ((results
          (catch #t
            (lambda () (call-with-values thunk list))
            (lambda (key . args)
              (if (memq key '(quit interrupt signal)) (apply throw key args))
              (print-exception (current-error-port) #f key args)
              #f))))
    (if results
        (apply values results)
        (otherwise))))

(define* (sanitize-response request response body)
  "(sanitize-response request response body): two values, a response and a body in bytes, of what a handler gave: RESPONSE may be an
association list of headers, and BODY a string, bytes, a procedure that writes it, or #f."
  (cond ((list? response) (sanitize-response request (build-response #:version (request-version request) #:headers response) body))
        ((not (equal? (request-version request) (response-version response)))
         (sanitize-response request (adapt-response-version response (request-version request)) body))
        ((not body) (%with-length response #f))
        ((string? body)
         (let* ((type (response-content-type response '(text/plain)))
                (charset (or (assq-ref (cdr type) 'charset) "utf-8")))
           (sanitize-response request
                              (%with-header response 'content-type
                                (if (assq 'charset (cdr type)) type (append type (list (cons 'charset charset)))))
                              (string->bytevector body charset))))
        ((procedure? body)
         (let* ((type (response-content-type response '(text/plain)))
                (charset (or (assq-ref (cdr type) 'charset) (if (text-content-type? (car type)) "utf-8" "ISO-8859-1"))))
           (sanitize-response request
                              (if (text-content-type? (car type))
                                  (%with-header response 'content-type
                                    (if (assq 'charset (cdr type)) type (append type (list (cons 'charset charset)))))
                                  response)
                              (call-with-output-bytevector
                                (lambda (port)
                                  (set-port-encoding! port charset)
                                  (body port))))))
        ((not (bytevector? body)) (error "unexpected body type"))
        ((response-must-not-include-body? response)
         (error "response with this status code must not include body" response))
        (else
         (values (call-with-values (lambda () (%with-length response body)) (lambda (response body) response))
                 (if (eq? (request-method request) 'HEAD) #f body)))))

(define (%with-header response name value)
  "RESPONSE with another value of a header."
  (build-response #:version (response-version response) #:code (response-code response)
                  #:reason-phrase (response-reason-phrase response)
                  #:headers (acons name value (filter (lambda (header) (not (eq? (car header) name))) (response-headers response)))
                  #:port (response-port response) #:validate-headers? #f))

(define (%with-length response body)
  "RESPONSE with the length of BODY, and BODY."
  (let ((length (if body (bytevector-length body) 0)))
    (values
      (cond ((response-content-length response)
             => (lambda (said)
                  (if (and body (not (= said length)))
                      (error "bad content-length" said length))
                  response))
            ((and (not body)
                  (or (response-must-not-include-body? response) (pair? (response-transfer-encoding response))))
             response)
            (else (%with-header response 'content-length length)))
      body)))

(define (handle-request handler request body state)
  "(handle-request handler request body state): three values: the response and the body that HANDLER gives, as sanitize-response has them,
and the list of its new state. An error of the handler becomes a response with code 500."
  (%or-report
    (lambda ()
      (call-with-values
        (lambda () (apply handler request body state))
        (lambda (response body . state)
          (call-with-values (lambda () (sanitize-response request response body))
            (lambda (response body) (values response body state))))))
    (lambda ()
      (call-with-values
        (lambda () (sanitize-response request (build-response #:code 500) #f))
        (lambda (response body) (values response body state))))))

(define (write-client impl server client response body)
  "(write-client impl server client response body): answers CLIENT."
  (%or-report
    (lambda () ((server-impl-write impl) server client response body))
    (lambda () #f)))

(define (close-server impl server)
  "(close-server impl server): ends SERVER."
  ((server-impl-close impl) server))

(define (serve-one-client handler impl server state)
  "(serve-one-client handler impl server state): waits for one request and answers it; HANDLER's new state."
  (call-with-values (lambda () (read-client impl server))
    (lambda (client request body)
      (if client
          (call-with-values (lambda () (handle-request handler request body state))
            (lambda (response body state)
              (write-client impl server client response body)
              state))
          state))))

(define* (run-server handler #:optional (impl 'http) (open-params '()) . state)
  "(run-server handler [impl [open-params state ...]]): answers requests by (handler request body state ...), which gives a response, a
body and the new state, until it is interrupted."
  (let* ((impl (lookup-server-impl impl)) (server (open-server impl open-params)))
    (dynamic-wind
      (lambda () #f)
      (lambda ()
        (let loop ((state state))
          (loop (serve-one-client handler impl server state))))
      (lambda () (close-server impl server)))))
