; A server of (web server) and clients of (web client), over loopback.
(use-modules (web server) (web request) (web response) (web client) (web uri) (ice-9 threads) (ice-9 receive))
(define listening (socket PF_INET SOCK_STREAM 0))
(bind listening AF_INET INADDR_LOOPBACK 0)
(listen listening 10)
(define port (sockaddr:port (getsockname listening)))
(define (handler request body)
  (let ((path (uri-path (request-uri request))))
    (cond ((string=? path "/hello") (values '((content-type . (text/plain))) "Hello, wörld"))
          ((string=? path "/procedure")
           (values (build-response #:code 201 #:headers '((content-type . (text/html)))) (lambda (port) (display "<b>x</b>" port))))
          ((string=? path "/half") (values (build-response #:headers '((date . 5)) #:validate-headers? #f) #f))
          ((string=? path "/echo") (values '((content-type . (application/octet-stream))) body))
          ((string=? path "/error") (error "oops"))
          ((string=? path "/none") (values (build-response #:code 204) #f))
          (else (values (build-response #:code 404) (string-append "no " path))))))
(define server (call-with-new-thread (lambda () (run-server handler 'http (list #:socket listening)))))
(define (at path) (string-append "http://127.0.0.1:" (number->string port) path))
(define-syntax-rule (answer request part ...)
  (receive (response body) request (list (part response) ... (if (bytevector? body) (bytevector->u8-list body) body))))

(answer (http-get (at "/hello")) response-code response-content-type response-content-length) ; expect: (200 (text/plain (charset . "utf-8")) 13 "Hello, wörld")
(answer (http-get (at "/procedure")) response-code response-reason-phrase)             ; expect: (201 "Created" "<b>x</b>")
(answer (http-put (at "/echo") #:body #vu8(1 2 3)) response-code)                      ; expect: (200 (1 2 3))
(answer (http-post (at "/echo") #:body "AB") response-code)                            ; expect: (200 (65 66))
(answer (http-get (at "/none")) response-code)                                         ; expect: (204 #f)
(answer (http-get (at "/zz")) response-code)                                           ; expect: (404 "no /zz")
(answer (http-head (at "/hello")) response-code response-content-length)               ; expect: (200 13 #f)
(receive (response body) (http-get (at "/hello") #:streaming? #t) (let ((c (read-char body))) (close-port body) c)) ; expect: #\H
(receive (response body) (http-get (at "/hello") #:decode-body? #f) (bytevector-length body)) ; expect: 13

; An answer that cannot be finished ends.
(define-syntax-rule (quietly expression) (let ((out (current-error-port (open-output-string)))) (let ((answer expression)) (current-error-port out) answer)))
(quietly (guard (e (#t 'cut)) (http-get (at "/half")))) ; expect: cut

; One connection for two requests.
(define kept (open-socket-for-uri (at "/")))
(answer (http-get (at "/hello") #:port kept #:keep-alive? #t) response-code)           ; expect: (200 "Hello, wörld")
(answer (http-get (at "/zz") #:port kept #:keep-alive? #t) response-code)              ; expect: (404 "no /zz")
(close-port kept)

; What goes wrong in a handler is told of, and the server goes on.
(current-error-port (open-output-string))
(answer (http-get (at "/error")) response-code)                                        ; expect: (500 ())
(answer (http-get (at "/zz")) response-code)                                           ; expect: (404 "no /zz")

; What is no request gets an answer too.
(define raw (socket PF_INET SOCK_STREAM 0))
(connect raw AF_INET INADDR_LOOPBACK port)
(display "rubbish\r\n\r\n" raw)
(force-output raw)
(response-code (read-response raw))                                                    ; expect: 400
(close-port raw)

(http-get "https://localhost/")                                                        ; error: there is no TLS here
(http-get "what")                                                                      ; error: bad URI
