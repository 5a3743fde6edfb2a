;; A chat of two people on one machine, over a socket with a name in the file system. They speak in turn.
;;
;;     sockeye examples/unix-chat.scm /tmp/chat       in one terminal: waits for the other
;;     sockeye examples/unix-chat.scm /tmp/chat       in another terminal: has the first word
;;
;; An empty line, or Ctrl-D, says good-bye.

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

(define (speak sock)
  (display "you: ")
  (flush-output-port)
  (let ((line (read-line)))
    (if (or (eof-object? line) (string=? line ""))
        (say "good-bye")
        (begin
          (write-string (string-append line "\n") sock)
          (listen-to sock)))))

(define (listen-to sock)
  (let ((line (read-line sock)))
    (if (eof-object? line)
        (say "the other has left")
        (begin
          (say "other: " line)
          (speak sock)))))

;; Whoever comes first finds nobody there, and waits. A name that was left behind by a program that is gone is in the way:
;; it is there, but nobody answers.
(define (open-chat path)
  (let ((sock (socket AF_UNIX SOCK_STREAM 0)))
    (guard (e ((and (socket-error? e) (memv (socket-error-code e) (list ENOENT ECONNREFUSED)))
               (if (= (socket-error-code e) ECONNREFUSED) (delete-file path))
               (bind sock AF_UNIX path)
               (listen sock 1)
               (say "waiting at " path)
               (let ((other (car (accept sock))))
                 (close-port sock)
                 (delete-file path)
                 (say "somebody is here")
                 (listen-to other)
                 (close-port other))))
      (connect sock AF_UNIX path)
      (say "somebody is here")
      (speak sock)
      (close-port sock))))

(let ((arguments (cdr (command-line))))
  (open-chat (if (pair? arguments) (car arguments) "/tmp/sockeye-chat")))
