;; Asks a server of the day for a line.
(define (fetch port)
  (let ((s (socket AF_INET SOCK_STREAM 0)))
    (connect s AF_INET INADDR_LOOPBACK port)
    (read-line s)))

(display (fetch 7))
