; Control messages: descriptors that are passed, credentials, what came with a datagram.
(define pair (socketpair AF_UNIX SOCK_STREAM 0))
(define here (car pair))
(define there (cdr pair))
(define other (socketpair AF_UNIX SOCK_STREAM 0))
(define buffer (make-bytevector 10 0))
(sendmsg here #u8(1 2) (list (list SOL_SOCKET SCM_RIGHTS (list (car other))))) ; expect: 2
(define got (recvmsg there buffer))
(list (car got) (cadr got) (caddr got))    ; expect: (2 #f 0)
(define passed (car (caddr (car (list-ref got 3)))))
(port? passed)                             ; expect: #t
(= (fileno passed) (fileno (car other)))   ; expect: #f
(send passed #u8(7 8 9))                   ; expect: 3
(recv! (cdr other) buffer)                 ; expect: 3
(close-port (car other))
(close-port passed)
; Nobody holds that end any more.
(recv! (cdr other) buffer)                 ; expect: 0
; A message that is received without room for descriptors brings none.
(sendmsg here #u8(5) (list (list SOL_SOCKET SCM_RIGHTS (list (cdr other))))) ; expect: 1
(let ((got (recvmsg there buffer 0 0))) (list (car got) (list-ref got 3) (= (caddr got) MSG_CTRUNC))) ; expect: (1 () #t)
(send-descriptors here (list (cdr other) 0)) ; expect: 1
(map port? (receive-descriptors there))    ; expect: (#t #t)
(setsockopt there SOL_SOCKET SO_PASSCRED 1)
(sendmsg here "hi")                        ; expect: 2
(let ((control (car (list-ref (recvmsg there buffer) 3)))) (= (getpid) (car (caddr control)))) ; expect: #t
(sendmsg here #u8(1) (list (list SOL_SOCKET SCM_CREDENTIALS (list (getpid) (getuid) (getgid))))) ; expect: 1
(car (recvmsg there (make-string 3 #\x)))  ; expect: 1
(sendmsg here #u8(1) 5)                    ; error: sendmsg: argument 3
(sendmsg here #u8(1) '((1 2)))             ; error: sendmsg: argument 3
(sendmsg here #u8(1) '((x 1 #u8())))       ; error: sendmsg: argument 3
(sendmsg here #u8(1) (list (list SOL_SOCKET SCM_RIGHTS 5))) ; error: sendmsg: argument 3
(sendmsg here #u8(1) (list (list SOL_SOCKET SCM_RIGHTS '(987654)))) ; error: EBADF
(sendmsg here #u8(1) (list (list SOL_SOCKET SCM_RIGHTS (list passed)))) ; error: sendmsg: argument 3
(sendmsg here #u8(1) '() 'x)               ; error: sendmsg: argument 4
(sendmsg here 'x)                          ; error: sendmsg: argument 2
(sendmsg here "λ")                         ; error: string->utf8
(recvmsg there 'x)                         ; error: recvmsg: argument 2
(recvmsg there buffer 0 1000000)           ; error: recvmsg: argument 4
(recvmsg there buffer 0 10 5 4)            ; error: recvmsg
(recvmsg there buffer MSG_DONTWAIT)        ; error: EAGAIN
(close-port here)
(eof-object? (receive-descriptors there))  ; expect: #t
; Datagrams: the sender's address, the length of one that was cut, the time to live it came with.
(define a (socket AF_INET SOCK_DGRAM 0))
(define b (socket AF_INET SOCK_DGRAM 0))
(bind a AF_INET "127.0.0.1" 0)
(bind b AF_INET "127.0.0.1" 0)
(setsockopt b IPPROTO_IP IP_RECVTTL 1)
(sendmsg a (make-bytevector 20 1) (list (list IPPROTO_IP IP_TTL 33)) 0 (getsockname b)) ; expect: 20
(define got (recvmsg b buffer))
(car got)                                  ; expect: 10
(= (caddr got) MSG_TRUNC)                  ; expect: #t
(equal? (cadr got) (getsockname a))        ; expect: #t
(let ((control (car (list-ref got 3)))) (list (= (car control) IPPROTO_IP) (= (cadr control) IP_TTL) (bytevector-u32-native-ref (caddr control) 0))) ; expect: (#t #t 33)
