;; Datagrams to a group: one is sent, and all who have joined receive it. Here the group does not leave this machine.
;;
;;     sockeye examples/multicast.scm                    in some terminals: joins, and shows what is said
;;     sockeye examples/multicast.scm say hello all      in another one: says something to all of them
;;
;; With a port of your own:
;;
;;     sockeye examples/multicast.scm port 7008
;;     sockeye examples/multicast.scm port 7008 say hello

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

;; Of the range that is for use inside of one organization.
(define group "239.7.0.7")

(define (join-and-show port)
  (let ((sock (socket AF_INET SOCK_DGRAM 0))
        (buffer (make-bytevector 1500)))
    ;; Several may be bound to the group's port at once.
    (setsockopt sock SOL_SOCKET SO_REUSEADDR 1)
    (bind sock AF_INET group port)
    (setsockopt sock IPPROTO_IP IP_ADD_MEMBERSHIP (cons group "127.0.0.1"))
    (say "joined " group " port " (sockaddr:port (getsockname sock)) ", stop it with Ctrl-C")
    (let loop ()
      (let ((received (recvfrom! sock buffer)))
        (say (utf8->string buffer 0 (car received)) "   (from port " (sockaddr:port (cdr received)) ")")
        (loop)))))

(define (say-to-all port words)
  (let ((sock (socket AF_INET SOCK_DGRAM 0))
        (text (apply string-append (car words) (map (lambda (word) (string-append " " word)) (cdr words)))))
    ;; By the loopback, and no further; the members on this machine, too, are to hear it.
    (setsockopt sock IPPROTO_IP IP_MULTICAST_IF "127.0.0.1")
    (setsockopt sock IPPROTO_IP IP_MULTICAST_TTL 0)
    (setsockopt sock IPPROTO_IP IP_MULTICAST_LOOP 1)
    (sendto sock (string->utf8 text) AF_INET group port)
    (close-port sock)))

(let loop ((arguments (cdr (command-line))) (port 7007))
  (cond ((null? arguments) (join-and-show port))
        ((and (string=? (car arguments) "port") (pair? (cdr arguments)))
         (loop (cddr arguments) (string->number (cadr arguments))))
        ((and (string=? (car arguments) "say") (pair? (cdr arguments)))
         (say-to-all port (cdr arguments)))
        (else (say "multicast.scm [port NUMBER] [say WORD ...]"))))
