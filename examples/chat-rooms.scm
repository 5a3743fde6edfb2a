; A chat server with rooms: a fiber for each connection, blocking calls only.
;
; Start it with a port:           sockeye examples/chat-rooms.scm 7007
; Then, from several terminals:   nc 127.0.0.1 7007
; The first line is your name. "/join kitchen" changes the room, "/quit" leaves, all else is said to the room.

(import (fibers))

(define members '())                    ; vectors: name, room, port

(define (say-to-room room text)
  (for-each
    (lambda (member)
      (if (equal? (vector-ref member 1) room)
          ;; A member whose connection has broken is taken out by its own fiber.
          (guard (broken (#t #f))
            (with-timeout 5
              (lambda ()
                (display text (vector-ref member 2))
                (newline (vector-ref member 2)))))))
    members))

(define (serve port)
  (let ((name (read-line port)))
    (if (not (eof-object? name))
        (let ((member (vector name "hall" port)))
          (dynamic-wind
            (lambda () (set! members (cons member members)))
            (lambda ()
              (say-to-room "hall" (string-append "* " name " has come in"))
              (converse member))
            (lambda () (set! members (delete member members eq?))))
          (say-to-room (vector-ref member 1) (string-append "* " name " has left"))))))

(define (converse member)
  (let ((line (read-line (vector-ref member 2))))
    (cond ((eof-object? line) #f)
          ((string=? line "/quit") #f)
          ((and (> (string-length line) 6) (string=? (substring line 0 6) "/join "))
           (vector-set! member 1 (substring line 6 (string-length line)))
           (say-to-room (vector-ref member 1) (string-append "* " (vector-ref member 0) " has come in"))
           (converse member))
          (else
           (say-to-room (vector-ref member 1) (string-append (vector-ref member 0) ": " line))
           (converse member)))))

(define (main port)
  (let ((server (socket AF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 64)
    (display "chatting on port ")
    (display (sockaddr:port (getsockname server)))
    (newline)
    (force-output)
    (let loop ()
      (let ((client (car (accept server))))
        (spawn-fiber
          (lambda ()
            (guard (broken (#t #f)) (serve client))
            (close-port client)))
        (loop)))))

(let ((arguments (cdr (command-line))))
  (main (if (pair? arguments) (string->number (car arguments)) 0)))
