;; An echo server for datagrams: sends each one back to where it came from. Nothing is connected, nothing is kept.
;;
;;     sockeye examples/udp-echo.scm          on port 7007
;;     sockeye examples/udp-echo.scm 9000     on another one; 0 lets the system choose
;;
;; Then, from another terminal, one of these; each line you type is a datagram:
;;
;;     socat - UDP:localhost:7007
;;     nc -u 127.0.0.1 7007

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

;; A datagram of UDP has no more bytes than this.
(define buffer (make-bytevector 65507))

(define (serve sock)
  (let* ((received (recvfrom! sock buffer))
         (count (car received))
         (sender (cdr received)))
    (say count " bytes from " (inet-ntop AF_INET (sockaddr:addr sender)) " port " (sockaddr:port sender))
    ;; The bytes that came are the beginning of the buffer: no flags, from 0 up to their number.
    (sendto sock buffer sender 0 0 count)
    (serve sock)))

(let* ((arguments (cdr (command-line)))
       (port (if (pair? arguments) (string->number (car arguments)) 7007))
       (sock (socket AF_INET SOCK_DGRAM 0)))
  (bind sock AF_INET INADDR_LOOPBACK port)
  (say "datagram echo on port " (sockaddr:port (getsockname sock)) ", stop it with Ctrl-C")
  (serve sock))
