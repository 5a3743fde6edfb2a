;; Fetches a page over HTTP, by hand: a connection, a request, the head line by line, and the page as bytes.
;;
;;     sockeye examples/fetch.scm http://127.0.0.1:8000/
;;     sockeye examples/fetch.scm http://localhost:8000/README.md
;;
;; To have something to fetch, in another terminal:  python3 -m http.server
;; The head of the answer goes to the error output, the page to the standard output. The host is an IPv4 address in
;; numbers or localhost; no https: that wants TLS.

(import (scheme base) (scheme write) (scheme process-context))

(define (note . parts)
  (for-each (lambda (part) (display part (current-error-port))) parts)
  (newline (current-error-port)))

(define (give-up . parts)
  (apply note parts)
  (exit 1))

;; The place of the first CHAR in TEXT, or #f.
(define (index text char)
  (let loop ((i 0))
    (cond ((= i (string-length text)) #f)
          ((char=? (string-ref text i) char) i)
          (else (loop (+ i 1))))))

(define (without-prefix prefix text)
  (let ((n (string-length prefix)))
    (and (<= n (string-length text))
         (string=? prefix (substring text 0 n))
         (string-copy text n))))

;; Host, port and path of an address as people write it.
(define (split-url url)
  (let* ((rest (or (without-prefix "http://" url) (give-up "fetch: not an http:// address: " url)))
         (slash (or (index rest #\/) (string-length rest)))
         (place (substring rest 0 slash))
         (path (string-copy rest slash))
         (colon (index place #\:)))
    (values (if colon (substring place 0 colon) place)
            (or (if colon (string->number (string-copy place (+ colon 1))) 80)
                (give-up "fetch: no port number in " url))
            (if (string=? path "") "/" path))))

(define (host->address host)
  (if (string=? host "localhost")
      INADDR_LOOPBACK
      (guard (e (#t (give-up "fetch: not an address in numbers: " host)))
        (inet-pton AF_INET host))))

(define (connect-to host port)
  (let ((address (host->address host))
        (sock (socket PF_INET SOCK_STREAM 0)))
    (guard (e (#t (give-up "fetch: nobody answers at " host " port " port)))
      (connect sock AF_INET address port)
      (note "* connected to " host " port " port)
      sock)))

(define (request sock host path)
  (let ((text (string-append "GET " path " HTTP/1.0\r\nHost: " host "\r\nConnection: close\r\n\r\n")))
    (send sock (string->utf8 text))))

(define (without-return line)
  (let ((last (- (string-length line) 1)))
    (if (and (>= last 0) (char=? (string-ref line last) #\return))
        (substring line 0 last)
        line)))

;; The head ends with an empty line.
(define (show-head sock)
  (let ((line (read-line sock)))
    (cond ((eof-object? line) #f)
          ((string=? (without-return line) "") #t)
          (else (note "< " (without-return line))
                (show-head sock)))))

;; Standard output takes bytes as well as text.
(define (write-bytes buffer n)
  (write-bytevector buffer (current-output-port) 0 n))

;; The page may be anything, so it is copied as bytes; recv! gives 0 when the server has closed.
(define (copy-body sock)
  (let ((buffer (make-bytevector 4096)))
    (let loop ((total 0))
      (let ((n (recv! sock buffer)))
        (if (= n 0)
            total
            (begin
              (write-bytes buffer n)
              (loop (+ total n))))))))

(define (fetch url)
  (let*-values (((host port path) (split-url url))
                ((sock) (connect-to host port)))
    (request sock host path)
    (show-head sock)
    (let ((total (copy-body sock)))
      (close-port sock)
      (note "* " total " bytes"))))

(let ((arguments (cdr (command-line))))
  (if (null? arguments)
      (give-up "usage: fetch.scm http://HOST[:PORT]/PATH")
      (fetch (car arguments))))
