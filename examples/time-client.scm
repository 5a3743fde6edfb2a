;; Asks a time server (RFC 868) for the time, and says how far this machine's clock is from it.
;;
;; In another terminal:
;;
;;     sockeye examples/time-server.scm
;;
;; and then
;;
;;     sockeye examples/time-client.scm                      this machine, port 3737
;;     sockeye examples/time-client.scm time.nist.gov 37     another one

(define (say . parts)
  (for-each display parts)
  (newline))

(define (argument index default)
  (let ((arguments (command-line)))
    (if (> (length arguments) index) (list-ref arguments index) default)))

(define since-1900 (* 86400 (+ (* 70 365) 17)))

;; Four bytes may come in as many pieces.
(define (receive-exactly sock size)
  (let ((buffer (make-bytevector size)))
    (let loop ((at 0))
      (if (= at size)
          buffer
          (let ((count (recv! sock buffer 0 at)))
            (if (= count 0) (error "the server said too little:" at))
            (loop (+ at count)))))))

(let* ((found (car (getaddrinfo (argument 1 "127.0.0.1") (argument 2 "3737") 0 AF_INET SOCK_STREAM)))
       (sock (socket AF_INET SOCK_STREAM 0)))
  (connect sock (addrinfo:addr found))
  (let* ((seconds (- (network->number (receive-exactly sock 4)) since-1900))
         (here (exact (floor (current-second)))))
    (say "the server's clock: " seconds " seconds since 1970")
    (if (= here seconds)
        (say "this clock agrees")
        (say "this clock is " (abs (- here seconds)) " seconds " (if (< here seconds) "behind" "ahead"))))
  (close-port sock))
