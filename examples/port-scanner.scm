;; Which ports of this machine have a server? Connects to each of them, one after the other.
;;
;;     sockeye examples/port-scanner.scm                1 to 1024
;;     sockeye examples/port-scanner.scm 7000 7100      others
;;
;; To have one to be found, start a server in another terminal first:
;;
;;     sockeye examples/echo-server.scm

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

;; Refusing is what a port without a server does, and any other failure is worth telling.
(define (open? port)
  (let* ((sock (socket AF_INET SOCK_STREAM 0))
         (answer (guard (e ((socket-connection-refused-error? e) #f))
                   (connect sock AF_INET INADDR_LOOPBACK port))))
    (close-port sock)
    answer))

(define (service-name port)
  (guard (e ((unknown-service-error? e) "not a known service"))
    (servent:name (getservbyport port "tcp"))))

(define (scan from to)
  (let loop ((port from) (count 0))
    (cond ((> port to) count)
          ((open? port)
           (say port " is open (" (service-name port) ")")
           (loop (+ port 1) (+ count 1)))
          (else (loop (+ port 1) count)))))

(let* ((numbers (map string->number (cdr (command-line))))
       (from (if (pair? numbers) (car numbers) 1))
       (to (if (and (pair? numbers) (pair? (cdr numbers))) (cadr numbers) 1024))
       (count (scan from to)))
  (say count " of " (+ 1 (- to from)) " ports are open"))
