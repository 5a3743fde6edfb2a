(define server (socket AF_INET SOCK_STREAM 0))
(setsockopt server SOL_SOCKET SO_REUSEADDR 1)
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 5)
(define clients
  (list (socket AF_INET SOCK_STREAM 0) (socket AF_INET SOCK_STREAM 0)))
(for-each (lambda (client) (connect client (getsockname server))) clients)
(define accepted (car (accept server)))
;; One waits in the queue.
(define words (map (lambda (line) (string-split line #\space))
                   (string-split (socket-table) #\newline)))
(for-each
  (lambda (line)
    (for-each (lambda (word)
                (if (member word '("LISTEN" "ESTABLISHED" "1/5" "reuseaddr"))
                    (begin (display word) (display #\space))))
              line)
    (if (or (member "LISTEN" line) (member "ESTABLISHED" line)) (newline)))
  (cdr words))
