;;; (web server http): the implementation of (web server) over sockets. [Guile: Web Server]
;;;
;;; Connections that stay open are waited for together with new ones.

(define-module (web server http)
  #:use-module (web request)
  #:use-module (web response)
  #:use-module (web server)
  #:export (http))

;; The socket that listens, and the connections that are open and silent.
(define %server-type (%keep-apart! (%make-record-type 'http-server #(socket idle))))

(define* (%open #:key (host #f) (family AF_INET) (addr (if host (inet-pton family host) INADDR_LOOPBACK)) (port 8080)
                (socket (%listening family addr port)))
  "A server on SOCKET."
  (listen socket 128)
  (%record %server-type socket '()))

(define (%listening family addr port)
  "A socket bound to an address."
  (let ((new (socket family SOCK_STREAM 0)))
    (setsockopt new SOL_SOCKET SO_REUSEADDR 1)
    (bind new family addr port)
    new))

(define (%next-client server)
  "A connection on which something waits to be read."
  (let* ((listening (%record-ref server %server-type 0))
         (idle (%record-ref server %server-type 1))
         (ready (car (select (cons listening idle) '() '()))))
    (cond ((find (lambda (client) (memq client ready)) idle)
           => (lambda (client)
                (%record-set! server %server-type 1 (delq client idle))
                (if (eof-object? (peek-char client))
                    (begin (close-port client) (%next-client server))
                    client)))
          (else
           (let ((client (car (accept listening))))
             (setvbuf client 'block)
             (set-port-encoding! client "ISO-8859-1")
             client)))))

(define (%read server)
  "The next client, its request and the body."
  (let ((client (%next-client server)))
    (with-throw-handler #t
      (lambda ()
        (let ((request (read-request client)))
          (if (equal? (request-expect request) '((100-continue)))
              (begin
                (write-response (build-response #:code 100) client)
                (force-output client)))
          (values client request (read-request-body request))))
      (lambda failure
        (if (not (port-closed? client))
            (begin
              (if (memq (car failure) '(bad-request bad-header bad-header-component))
                  (false-if-exception
                    (begin
                      (write-response (build-response #:code 400 #:headers '((content-length . 0) (connection . (close)))) client)
                      (force-output client))))
              (close-port client)))))))

(define (%keeps? response)
  "Whether the connection stays open behind RESPONSE."
  (let ((words (response-connection response '())))
    (and (or (equal? (response-version response) '(1 . 1)) (memq 'keep-alive words))
         (not (memq 'close words)))))

(define (%write server client response body)
  "Answers CLIENT; whom half an answer was sent must not wait for the rest."
  (with-throw-handler #t
    (lambda ()
      (let ((response (write-response response client)))
        (if body (write-response-body response body))
        (force-output client)
        (if (%keeps? response)
            (%record-set! server %server-type 1 (cons client (%record-ref server %server-type 1)))
            (close-port client))))
    (lambda failure
      (false-if-exception (close-port client)))))

(define (%close server)
  "Ends the server."
  (for-each close-port (cons (%record-ref server %server-type 0) (%record-ref server %server-type 1))))

;; Each is found, and with all that it uses compiled, when a server first needs it: the import alone costs nothing.
(define-syntax-rule (%later name)
  (lambda arguments (apply (module-ref (resolve-module '(web server http)) 'name) arguments)))

(define-server-impl http (%later %open) (%later %read) (%later %write) (%later %close))
