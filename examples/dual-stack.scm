;; One server for both families: a socket of IPv6 that takes IPv4, too, and tells each client its address.
;;
;;     sockeye examples/dual-stack.scm          on port 7007
;;     sockeye examples/dual-stack.scm 0        the system chooses
;;
;; Then, from another terminal, both of
;;
;;     nc 127.0.0.1 7007
;;     nc ::1 7007

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

;; A client of IPv4 comes with its address at the end of ::ffff:0:0.
(define (describe address)
  (let* ((number (sockaddr:addr address))
         (mapped (- number (inet-pton AF_INET6 "::ffff:0:0"))))
    (if (and (>= mapped 0) (< mapped (expt 2 32)))
        (string-append "IPv4, from " (inet-ntop AF_INET mapped))
        (string-append "IPv6, from " (inet-ntop AF_INET6 number)))))

(define (serve server)
  (let* ((connection (accept server))
         (text (describe (cdr connection))))
    (say text)
    (guard (e ((socket-error? e) (say "a client was gone")))
      (display (string-append "you came over " text "\n") (car connection)))
    (close-port (car connection))
    (serve server)))

(let* ((arguments (cdr (command-line)))
       (port (if (pair? arguments) (string->number (car arguments)) 7007))
       (server (socket AF_INET6 SOCK_STREAM 0)))
  (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
  ;; Said, since systems differ in what they take for granted.
  (setsockopt server IPPROTO_IPV6 IPV6_V6ONLY 0)
  (bind server AF_INET6 "::" port)
  (listen server 5)
  (say "both families on port " (sockaddr:port (getsockname server)) ", stop it with Ctrl-C")
  (serve server))
