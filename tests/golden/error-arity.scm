(define (send-greeting port name)
  (display (string-append "hello " name) port))
(send-greeting "Ada")
