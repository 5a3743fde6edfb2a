;;; Datagrams there and back: a receiver in a fiber, and one message to it.
(define receiver (socket AF_INET SOCK_DGRAM 0))
(bind receiver AF_INET INADDR_LOOPBACK 0)

(define (answer-datagrams)
  (let* ((room (make-bytevector 1500))
         (came (recvfrom! receiver room)))
    (sendto receiver (bytevector-copy room 0 (car came)) (cdr came))
    (answer-datagrams)))

(define answering (spawn-fiber answer-datagrams))

(define sender (socket AF_INET SOCK_DGRAM 0))
(sendto sender (string->utf8 "ping") (getsockname receiver))
(define room (make-bytevector 1500))
(define came (recvfrom! sender room))
(for-each display
          (list "sent \"ping\", got back \"" (utf8->string (bytevector-copy room 0 (car came))) "\" from port "
                (sockaddr:port (cdr came)) "\n"))
