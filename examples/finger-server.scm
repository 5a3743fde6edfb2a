;; A finger server: tells who the users of this machine are. [RFC 1288] Written with Allegro CL's socket operators.
;;
;;     sockeye examples/finger-server.scm          on port 7979 (79, the usual one, is for the superuser)
;;     sockeye examples/finger-server.scm 0        the system chooses
;;
;; Then, from another terminal, ask for all users, for one, or for all that is known of him:
;;
;;     echo "" | nc 127.0.0.1 7979
;;     echo root | nc 127.0.0.1 7979
;;     echo "/W root" | nc 127.0.0.1 7979

(import (allegro socket) (fibers))

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

;; Who is slower than that is not waited for.
(define patience 10)

(define (all-users)
  (setpwent)
  (let loop ((users '()))
    (let ((user (getpwent)))
      (if user
          (loop (cons user users))
          (reverse users)))))

(define (user-named name)
  (guard (e (#t #f)) (getpwnam name)))

;; The full name is what stands before the first comma.
(define (full-name user)
  (car (string-split (passwd:gecos user) #\,)))

(define (write-line-to client . parts)
  (for-each (lambda (part) (display part client)) parts)
  (display "\r\n" client))

(define (list-users client)
  (for-each
    (lambda (user)
      (write-line-to client (string-pad-right (passwd:name user) 16) " " (full-name user)))
    (all-users)))

;; What a user has put down in a file of his own for others to read.
(define (write-plan user client)
  (let ((plan (guard (e (#t #f))
                (call-with-input-file (string-append (passwd:dir user) "/.plan")
                  (lambda (port) (read-string 4000 port))))))
    (if (string? plan)
        (begin (write-line-to client "Plan:") (write-line-to client plan))
        (write-line-to client "No plan."))))

(define (tell-of user all? client)
  (write-line-to client "Login: " (string-pad-right (passwd:name user) 24) " Name: " (full-name user))
  (if all? (write-line-to client "Directory: " (string-pad-right (passwd:dir user) 20) " Shell: " (passwd:shell user)))
  (write-plan user client))

(define (words line)
  (filter (lambda (word) (not (string-null? word))) (string-split (string-trim-both line) #\space)))

(define (answer line client)
  (let* ((parts (words line))
         (all? (and (pair? parts) (string-ci=? (car parts) "/W")))
         (parts (if all? (cdr parts) parts)))
    (cond ((null? parts) (list-users client))
          ((string-index (car parts) #\@) (write-line-to client "This server asks no others."))
          ((user-named (car parts)) => (lambda (user) (tell-of user all? client)))
          (else (write-line-to client "There is no user " (car parts) ".")))))

(define (serve-client client)
  (let ((host (ipaddr-to-dotted (remote-host client))))
    (guard (e ((socket-error? e) (say host " was gone: " (stream-error-identifier e))))
      (with-timeout (patience (say host " was too slow"))
        (let ((line (read-line client)))
          (if (not (eof-object? line))
              (begin
                (say host " asks: " (string-trim-both line))
                (answer line client)
                (force-output client)
                (shutdown client #:direction 'output)))))))
  (close-port client))

(define (serve server)
  (let ((client (accept-connection server)))
    (spawn-fiber (lambda () (serve-client client)))
    (serve server)))

(let* ((arguments (cdr (command-line)))
       (port (if (pair? arguments) (string->number (car arguments)) 7979))
       (server (make-socket #:connect 'passive #:local-host "127.0.0.1" #:local-port port #:reuse-address #t)))
  (say "finger server on port " (local-port server) ", stop it with Ctrl-C")
  (serve server))
