;; A chat server with rooms: a fiber for each connection, blocking calls only.
;;
;;     sockeye examples/chat-rooms.scm          on port 7007
;;
;; Then, from several terminals: nc 127.0.0.1 7007
;; The first line is your name. "/join kitchen" changes the room, "/quit" leaves, all else is said to the room.

(import (fibers) (ice-9 rdelim) (ice-9 threads) (srfi srfi-9))

(define patience 5)                     ; seconds that a member may take to read a line

;; Who writes to a member takes its turn: so lines stay whole and in order.
(define-record-type member
  (make-member name room port turn)
  member?
  (name name)
  (room room set-room!)
  (port port)
  (turn turn))

(define members '())

;; A fiber for each listener, so that one who does not read keeps nobody else waiting. In the end it is thrown out.
(define (say-to-room room-name text)
  (for-each
    (lambda (listener)
      (if (equal? (room listener) room-name)
          (spawn-fiber (lambda () (tell listener text)))))
    members))

(define (tell listener text)
  (guard (e (#t (close-port (port listener))))
    (with-timeout patience
      (lambda ()
        (with-mutex (turn listener)
          (display (string-append text "\n") (port listener)))))))

(define (converse speaker)
  (let ((line (read-line (port speaker))))
    (cond ((eof-object? line) #f)
          ((string=? line "/quit") #f)
          ((string-prefix? "/join " line)
           (set-room! speaker (substring line 6))
           (say-to-room (room speaker) (string-append "* " (name speaker) " has come in"))
           (converse speaker))
          (else
           (say-to-room (room speaker) (string-append (name speaker) ": " line))
           (converse speaker)))))

(define (serve client)
  (let ((called (read-line client)))
    (if (not (eof-object? called))
        (let ((me (make-member called "hall" client (make-mutex))))
          (dynamic-wind
            (lambda () (set! members (cons me members)))
            (lambda ()
              (say-to-room "hall" (string-append "* " called " has come in"))
              (converse me))
            (lambda ()
              (set! members (delq me members))
              (say-to-room (room me) (string-append "* " called " has left"))))))))

(define (main port)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 64)
    (display (string-append "chatting on port " (number->string (sockaddr:port (getsockname server)))
                            ", stop it with Ctrl-C\n"))
    (force-output)
    (let loop ()
      (let ((client (car (accept server))))
        (spawn-fiber
          (lambda ()
            (guard (e (#t #f)) (serve client))
            (guard (e (#t #f)) (close-port client))))
        (loop)))))

(let ((arguments (cdr (command-line))))
  (main (if (pair? arguments) (string->number (car arguments)) 7007)))
