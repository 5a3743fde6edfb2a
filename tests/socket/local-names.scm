; Names of local sockets: paths, their length, abstract names, names that the system chooses, and none.
(define buffer (make-bytevector 10 0))
(define (unix style) (socket AF_UNIX style 0))
(define (conversation name)
  (let ((server (unix SOCK_STREAM)) (client (unix SOCK_STREAM)))
    (bind server AF_UNIX name)
    (listen server 1)
    (connect client AF_UNIX name)
    (let ((peer (accept server)))
      (send client #u8(1 2 3))
      (let ((answer (list (cdr peer) (recv! (car peer) buffer) (equal? name (sockaddr:path (getsockname server))))))
        (for-each close-port (list server client (car peer)))
        answer))))
(define path (string-append "/tmp/sockeye-names-" (number->string (getpid))))
(conversation path)                        ; expect: (#(1 #f) 3 #t)
(file-exists? path)                        ; expect: #t
(delete-file path)
; A path that fills the kernel's structure, and one that is a byte too long for it.
(define (padded length) (string-append path (make-string (- length (string-length path)) #\x)))
(conversation (padded 108))                ; expect: (#(1 #f) 3 #t)
(delete-file (padded 108))
(bind (unix SOCK_STREAM) AF_UNIX (padded 109)) ; error: at most 108 (EINVAL)
(bind (unix SOCK_STREAM) (make-socket-address AF_UNIX (padded 109))) ; error: at most 108 (EINVAL)
(connect (unix SOCK_STREAM) AF_UNIX (padded 5000)) ; error: at most 108 (EINVAL)
; Abstract names begin with a zero character, and are no files.
(define abstract (string-append "\x0;sockeye-" (number->string (getpid))))
(conversation abstract)                    ; expect: (#(1 #f) 3 #t)
(conversation abstract)                    ; expect: (#(1 #f) 3 #t)
(bind (unix SOCK_STREAM) AF_UNIX "a\x0;b") ; error: zero byte
; A name that the system chooses.
(define (chosen name) (let ((s (unix SOCK_DGRAM))) (bind s AF_UNIX name) (sockaddr:path (getsockname s))))
(char=? (string-ref (chosen "") 0) #\null) ; expect: #t
(string? (chosen #f))                      ; expect: #t
(getsockname (unix SOCK_STREAM))           ; expect: #(1 #f)
; Datagrams, with and without a sender's name.
(define a (unix SOCK_DGRAM))
(define b (unix SOCK_DGRAM))
(bind b AF_UNIX path)
(sendto a #u8(1) AF_UNIX path)             ; expect: 1
(recvfrom! b buffer)                       ; expect: (1 . #f)
(bind a AF_UNIX abstract)
(sendto a #u8(1 2) (make-socket-address AF_UNIX path)) ; expect: 2
(equal? (recvfrom! b buffer) (cons 2 (make-socket-address AF_UNIX abstract))) ; expect: #t
(sendto b "ab" AF_UNIX abstract MSG_DONTWAIT) ; expect: 2
(recv! a buffer)                           ; expect: 2
(close-port b)
(sendto a #u8(1) AF_UNIX path)             ; error: ECONNREFUSED
(delete-file path)
(sendto a #u8(1) AF_UNIX path)             ; error: sendto to unix path
(connect a AF_UNIX path)                   ; error: ENOENT
; Records keep their borders, and one that is longer than the buffer loses its rest.
(define pair (socketpair AF_UNIX SOCK_SEQPACKET 0))
(send (car pair) (make-bytevector 20 1))   ; expect: 20
(send (car pair) #u8(1))                   ; expect: 1
(recv! (cdr pair) buffer)                  ; expect: 10
(recv! (cdr pair) buffer)                  ; expect: 1
(close-port (car pair))
(recv! (cdr pair) buffer)                  ; expect: 0
