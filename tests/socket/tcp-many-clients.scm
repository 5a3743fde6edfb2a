; Several clients wait in the queue and are served in order; each connection is its own.
(define server (socket PF_INET SOCK_STREAM 0))
(bind server AF_INET INADDR_LOOPBACK 0)
(listen server 10)
(define port (sockaddr:port (getsockname server)))
(define (new-client) (let ((s (socket PF_INET SOCK_STREAM 0))) (connect s AF_INET INADDR_LOOPBACK port) s))
(define clients (list (new-client) (new-client) (new-client)))
(for-each (lambda (c n) (display (string-append "client " (number->string n) "\n") c)) clients '(1 2 3))
(define peers (let loop ((i 0) (l '())) (if (= i 3) (reverse l) (loop (+ i 1) (cons (car (accept server)) l)))))
(map read-line peers)                      ; expect: ("client 1" "client 2" "client 3")
(for-each (lambda (p n) (write (* n n) p) (newline p)) peers '(1 2 3))
(map (lambda (c) (let ((n (read c))) (read-line c) n)) (reverse clients)) ; expect: (9 4 1)
(for-each close-port clients)
(map (lambda (p) (eof-object? (read-line p))) peers) ; expect: (#t #t #t)
(for-each close-port peers)
(define big (make-bytevector 100000 7))
(define client (new-client))
(define peer (car (accept server)))
(send client big)                          ; expect: 100000
(close-port client)
(let ((buffer (make-bytevector 4096))) (let loop ((total 0)) (let ((n (recv! peer buffer))) (if (= n 0) total (loop (+ total n)))))) ; expect: 100000
(close-port peer)
(let loop ((i 0)) (if (< i 200) (let ((c (new-client))) (let ((p (car (accept server)))) (close-port p) (close-port c) (loop (+ i 1)))) i)) ; expect: 200
(close-port server)                        ; expect: #t
