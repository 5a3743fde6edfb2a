;; An HTTP/1.1 server: connections stay open for further requests, and each has a fiber of its own.
;;
;;     sockeye examples/http-server.scm          on port 8080
;;
;; Then, from another terminal:
;;
;;     curl -i http://127.0.0.1:8080/
;;     curl -i http://127.0.0.1:8080/time http://127.0.0.1:8080/hello/you
;;     curl -i --data-binary @README.md http://127.0.0.1:8080/echo
;;     wrk -t1 -c64 -d5 http://127.0.0.1:8080/

(import (fibers) (ice-9 rdelim) (rnrs bytevectors) (srfi srfi-1))

(define patience 30)                    ; seconds for a request to come
(define largest-body 1000000)
(define most-headers 100)

;; ---- Requests ---------------------------------------------------------------------------------------------------

;; A request is a list: method, target, version, headers (names in small letters), body.
(define (header request name)
  (assoc-ref (fourth request) name))

;; The next request of PORT; #f at the end of the connection, or a status if it is not one we take.
(define (read-request port)
  (let ((line (read-line port)))
    (if (eof-object? line)
        #f
        (let ((words (string-split (trimmed line) #\space)))
          (cond ((equal? words '("")) (read-request port)) ; an empty line before a request is allowed
                ((not (= (length words) 3)) 400)
                ((not (member (third words) '("HTTP/1.0" "HTTP/1.1"))) 505)
                (else (read-rest port words)))))))

(define (read-rest port words)
  (let* ((headers (read-headers port '() 0))
         (size (and headers (string->number (or (assoc-ref headers "content-length") "0")))))
    (cond ((not headers) 400)
          ((assoc-ref headers "transfer-encoding") 501)
          ((not (and size (exact-integer? size) (>= size 0))) 400)
          ((> size largest-body) 413)
          (else
           (if (equal? (assoc-ref headers "expect") "100-continue")
               (begin
                 (display "HTTP/1.1 100 Continue\r\n\r\n" port)
                 (force-output port)))
           (let ((body (if (= size 0) (bytevector) (read-bytevector size port))))
             (if (and (bytevector? body) (= (bytevector-length body) size))
                 (append words (list headers body))
                 #f))))))

(define (read-headers port headers count)
  (let ((line (read-line port)))
    (cond ((or (eof-object? line) (> count most-headers)) #f)
          ((string-null? (trimmed line)) headers)
          ((string-index line #\:)
           => (lambda (colon)
                (read-headers port
                              (acons (string-downcase (substring line 0 colon))
                                     (string-trim-both (substring line (+ colon 1)))
                                     headers)
                              (+ count 1))))
          (else #f))))

(define (trimmed line)
  (string-trim-right line #\return))

;; ---- Answers ----------------------------------------------------------------------------------------------------

(define reasons
  '((200 . "OK") (400 . "Bad Request") (404 . "Not Found") (405 . "Method Not Allowed") (413 . "Content Too Large")
    (500 . "Internal Server Error") (501 . "Not Implemented") (505 . "HTTP Version Not Supported")))

(define (write-answer port status body last? head-only?)
  (let ((bytes (if (string? body) (string->utf8 body) body)))
    (display (string-append
               "HTTP/1.1 " (number->string status) " " (assv-ref reasons status) "\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n"
               "Content-Length: " (number->string (bytevector-length bytes)) "\r\n"
               (if last? "Connection: close\r\n\r\n" "\r\n"))
             port)
    (if (not head-only?) (write-bytevector bytes port))))

(define (answer method target body)
  (let ((path (car (string-split target #\?))))
    (cond ((not (member method '("GET" "HEAD" "POST"))) (values 405 "only GET, HEAD and POST\n"))
          ((string=? path "/") (values 200 "hello\n"))
          ((string=? path "/time") (values 200 (strftime "%Y-%m-%d %H:%M:%S\n" (localtime (current-time)))))
          ((string-prefix? "/hello/" path) (values 200 (string-append "hello, " (substring path 7) "\n")))
          ((string=? path "/echo") (values 200 body))
          (else (values 404 "there is nothing here\n")))))

;; ---- Connections ------------------------------------------------------------------------------------------------

(define (last-of-connection? request)
  (let ((wish (string-downcase (or (header request "connection") ""))))
    (if (string=? (third request) "HTTP/1.0")
        (not (string=? wish "keep-alive"))
        (string=? wish "close"))))

(define (serve port)
  (let ((request (with-timeout patience (lambda () (read-request port)) (lambda () #f))))
    (cond ((number? request) (write-answer port request "" #t #f))
          (request
           (let ((last? (last-of-connection? request)))
             (call-with-values (lambda () (answer (first request) (second request) (fifth request)))
               (lambda (status body)
                 (write-answer port status body last? (string=? (first request) "HEAD"))))
             (cond ((not last?)
                    ;; Requests that wait already are answered first, and all answers go out together.
                    (if (not (char-ready? port)) (force-output port))
                    (serve port))))))))

(define (handle port)
  (setsockopt port IPPROTO_TCP TCP_NODELAY 1)
  (setvbuf port 'block 8192)
  ;; A client that vanishes is no matter; nor does it harm others if serving it fails.
  (guard (e (#t #f)) (serve port))
  (guard (e (#t #f)) (close-port port)))

(define (main port)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 1024)
    (display (string-append "serving http://127.0.0.1 on port " (number->string (sockaddr:port (getsockname server)))
                            ", stop it with Ctrl-C\n"))
    (force-output)
    (let loop ()
      (let ((client (car (accept server))))
        (spawn-fiber (lambda () (handle client)))
        (loop)))))

(let ((arguments (cdr (command-line))))
  (main (if (pair? arguments) (string->number (car arguments)) 8080)))
