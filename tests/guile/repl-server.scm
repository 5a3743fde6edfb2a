; A client of a REPL server gets values and errors, and the server can be stopped.
(use-modules (system repl server) (ice-9 rdelim))
(define server (make-tcp-server-socket #:port 0))
(define port (sockaddr:port (getsockname server)))
(listen server 5)
(define thread (spawn-server server))
(define client (socket PF_INET SOCK_STREAM 0))
(connect client AF_INET INADDR_LOOPBACK port)
(display "(+ 1 2)\n(car 5)\n(values 'a \"b\")\n(if #f #f)\n" client)
(force-output client)
(shutdown client 1)
(define text (read-string client))
(string-contains text "$1 = 3\n")                  ; expect: 21
(number? (string-contains text "In procedure car")) ; expect: #t
(number? (string-contains text "$2 = a\n$3 = \"b\"\n")) ; expect: #t
(stop-server-and-clients!)
(port-closed? server)                              ; expect: #t
