;; A tiny HTTP/1.1 server: three pages, connections that stay open, and an answer for whatever else is asked.
;;
;;     sockeye examples/tiny-web-server.scm          on port 7012
;;     sockeye examples/tiny-web-server.scm 9000     on another one; 0 lets the system choose
;;
;; Then open http://localhost:7012/ in a browser, or from another terminal:
;;
;;     curl -i localhost:7012/
;;     curl -i localhost:7012/time
;;     curl -i -d 'turn me round' localhost:7012/reverse
;;
;; A fiber serves each connection, so that one that is silent keeps nobody waiting. [RFC 9112]

(import (fibers))

(define (say . parts)
  (for-each display parts)
  (newline)
  (force-output))

;;; ---- Requests ------------------------------------------------------------------------------------------------------

;; A request is a list: the method, the path, the version, the fields of its head as pairs of lower-case name and value.

;; A line of the head without its end, or the end-of-file object.
(define (head-line client)
  (let ((line (read-line client)))
    (if (eof-object? line) line (string-trim-right line #\return))))

(define (read-fields client)
  (let loop ((fields '()))
    (let ((line (head-line client)))
      (cond ((or (eof-object? line) (string=? line "")) fields)
            ((> (length fields) 100) (throw 'bad-request "431 Request Header Fields Too Large"))
            ((string-index line #\:)
             => (lambda (colon)
                  (loop (cons (cons (string-downcase (substring line 0 colon))
                                    (string-trim-both (substring line (+ colon 1))))
                              fields))))
            (else (throw 'bad-request "400 Bad Request"))))))

;; The next request, or #f at the end of the connection.
(define (read-request client)
  (let ((line (head-line client)))
    (if (eof-object? line)
        #f
        (let ((words (string-split line #\space)))
          (if (not (and (= (length words) 3) (string-prefix? "HTTP/1." (caddr words))))
              (throw 'bad-request "400 Bad Request"))
          (append words (list (read-fields client)))))))

(define (field request name)
  (let ((found (assoc name (list-ref request 3))))
    (and found (cdr found))))

;; What the client sends with its request.
(define (read-body client request)
  (let ((size (string->number (or (field request "content-length") "0"))))
    (cond ((field request "transfer-encoding") (throw 'bad-request "501 Not Implemented"))
          ((not (and (exact-integer? size) (<= 0 size 1000000))) (throw 'bad-request "413 Content Too Large"))
          ((= size 0) "")
          (else
           ;; A careful client waits for this before it sends much.
           (if (equal? "100-continue" (field request "expect"))
               (begin
                 (display "HTTP/1.1 100 Continue\r\n\r\n" client)
                 (force-output client)))
           (utf8->string (read-bytevector size client))))))

;; In version 1.1 a connection stays open unless somebody says otherwise, in 1.0 the other way round.
(define (stays-open? request)
  (let ((wish (string-downcase (or (field request "connection") ""))))
    (if (string=? (caddr request) "HTTP/1.0") (string=? wish "keep-alive") (not (string=? wish "close")))))

;;; ---- Answers -------------------------------------------------------------------------------------------------------

;; Head and body leave together.
(define (answer client status type text head-only? stays-open?)
  (let ((size (number->string (bytevector-length (string->utf8 text)))))
    (display (string-append "HTTP/1.1 " status "\r\n"
                            "Date: " (strftime "%a, %d %b %Y %H:%M:%S GMT" (gmtime (current-time))) "\r\n"
                            "Content-Type: " type "; charset=utf-8\r\n"
                            "Content-Length: " size "\r\n"
                            "Connection: " (if stays-open? "keep-alive" "close") "\r\n\r\n"
                            (if head-only? "" text))
             client)
    (force-output client)))

(define home
  "<!doctype html>\n<title>sockeye</title>\n<h1>It works</h1>\n<p>The server's <a href=\"/time\">clock</a>.\n")

;; Status, type and text for a request with this body.
(define (page request body)
  (let ((method (car request)) (path (car (string-split (cadr request) #\?))))
    (cond ((and (string=? path "/reverse") (string=? method "POST"))
           (list "200 OK" "text/plain" (string-append (string-reverse body) "\n")))
          ((not (member method '("GET" "HEAD")))
           (list "405 Method Not Allowed" "text/plain" "That cannot be done here.\n"))
          ((string=? path "/") (list "200 OK" "text/html" home))
          ((string=? path "/time")
           (list "200 OK" "text/plain" (strftime "%Y-%m-%d %H:%M:%S\n" (gmtime (current-time)))))
          (else (list "404 Not Found" "text/plain" "There is no such page.\n")))))

(define (converse client)
  (let ((request (with-timeout 60 (lambda () (read-request client)))))
    (if request
        (let* ((found (page request (read-body client request)))
               (open? (stays-open? request)))
          (say (car request) " " (cadr request) " " (car found))
          (answer client (car found) (cadr found) (caddr found) (string=? (car request) "HEAD") open?)
          (if open? (converse client))))))

;; One that says nothing for a minute, or no HTTP, is left.
(define (serve client)
  (catch #t
    (lambda ()
      (setvbuf client 'block)
      (converse client))
    (lambda (key . args)
      (if (eq? key 'bad-request)
          (false-if-exception (answer client (car args) "text/plain" "That was no request.\n" #f #f)))))
  (close-port client))

(define (main port)
  (let ((server (socket AF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 64)
    (say "http server on port " (sockaddr:port (getsockname server)) ", stop it with Ctrl-C")
    (let loop ()
      (let ((client (car (accept server))))
        (spawn-fiber (lambda () (serve client)))
        (loop)))))

(let ((arguments (cdr (command-line))))
  (main (or (and (pair? arguments) (string->number (car arguments))) 7012)))
