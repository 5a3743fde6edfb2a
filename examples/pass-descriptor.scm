;; Gives an open file to another process, which need not have the right to open it, nor know its name.
;;
;;     sockeye examples/pass-descriptor.scm give /tmp/pass README.md     in one terminal: opens the file, waits
;;     sockeye examples/pass-descriptor.scm take /tmp/pass               in another one: is given it, reads it

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

(define (give path name)
  (let ((server (socket AF_UNIX SOCK_STREAM 0))
        (file (open-input-file name)))
    (bind server AF_UNIX path)
    (listen server 1)
    (say "waiting at " path)
    (let ((other (car (accept server))))
      (delete-file path)
      ;; With a control message goes at least one byte; here it is one that nobody reads.
      (send-descriptors other (list file))
      (close-port other)
      (close-port file)
      (say "given"))))

(define (take path)
  (let ((sock (socket AF_UNIX SOCK_STREAM 0)))
    (connect sock AF_UNIX path)
    (let ((file (car (receive-descriptors sock))))
      (close-port sock)
      (let loop ((count 0))
        (let ((line (read-line file)))
          (if (eof-object? line)
              (say "the file has " count " lines")
              (begin
                (if (= count 0) (say "it begins: " line))
                (loop (+ count 1))))))
      (close-port file))))

(let ((arguments (cdr (command-line))))
  (cond ((and (= (length arguments) 3) (string=? (car arguments) "give")) (give (cadr arguments) (caddr arguments)))
        ((and (= (length arguments) 2) (string=? (car arguments) "take")) (take (cadr arguments)))
        (else (say "pass-descriptor.scm give PATH FILE, or take PATH"))))
