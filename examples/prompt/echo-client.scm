;;; Asks the echo server for one line. Start that first: ,example echo-server
(define (ask-echo text)
  (let ((s (socket AF_INET SOCK_STREAM 0)))
    (connect s AF_INET INADDR_LOOPBACK 7007)
    (display text s)
    (newline s)
    (force-output s)
    (let ((answer (read-line s)))
      (close-port s)
      answer)))

(display (ask-echo "hello"))
(newline)
