;; An echo client: sends each line you type to an echo server, and shows what comes back.
;;
;; Start a server in another terminal, one of
;;
;;     sockeye examples/echo-server.scm
;;     socat TCP-LISTEN:7007,reuseaddr,fork EXEC:cat
;;
;; and then
;;
;;     sockeye examples/echo-client.scm                     the server on this machine, port 7007
;;     sockeye examples/echo-client.scm example.org 7       another one
;;
;; Ctrl-D ends it.

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

(define (argument index default)
  (let ((arguments (command-line)))
    (if (> (length arguments) index) (list-ref arguments index) default)))

;; A name may have several addresses, of IPv6 and of IPv4: the first that answers is the one.
(define (connect-to host service)
  (let loop ((found (getaddrinfo host service 0 AF_UNSPEC SOCK_STREAM)))
    (let* ((address (addrinfo:addr (car found)))
           (sock (socket (addrinfo:fam (car found)) SOCK_STREAM 0))
           (error (guard (e (#t e)) (connect sock address) #f)))
      (cond ((not error) sock)
            ((null? (cdr found)) (close-port sock) (raise error))
            (else (close-port sock) (loop (cdr found)))))))

(define (converse sock)
  (let ((line (read-line)))
    (if (not (eof-object? line))
        (begin
          (write-string (string-append line "\n") sock)
          (let ((answer (read-line sock)))
            (if (eof-object? answer)
                (say "the server has ended the connection")
                (begin
                  (say "back: " answer)
                  (converse sock))))))))

(let ((sock (connect-to (argument 1 "localhost") (argument 2 "7007"))))
  (converse sock)
  (close-port sock))
