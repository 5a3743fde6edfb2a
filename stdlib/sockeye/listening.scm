;;; The prompt for others: what --listen offers, on loopback or at a path of this user's own.
;;;
;;; Whoever can connect can do whatever this program can. So it listens on loopback only, and drops clients that
;;; begin as browsers do: a page from elsewhere must not talk to it.

(define (%listen-for-prompts place)
  "Serves prompts at PLACE, a port of 127.0.0.1 or a path, in fibers."
  (let ((listener (if (string? place)
                      (%private-listener place)
                      (let ((s (socket AF_INET SOCK_STREAM 0)))
                        (setsockopt s SOL_SOCKET SO_REUSEADDR 1)
                        (bind s AF_INET INADDR_LOOPBACK place)
                        s))))
    (listen listener 5)
    (spawn-fiber
      (lambda ()
        (let loop ()
          (let ((client (car (accept listener))))
            (spawn-fiber (lambda () (%serve-prompt client)))
            (loop)))))
    listener))

(define (%private-listener path)
  "A socket bound to PATH, which nobody but this user can connect to."
  (let ((s (socket AF_UNIX SOCK_STREAM 0))
        (mask (umask #o177)))
    (dynamic-wind
      (lambda () #f)
      (lambda () (bind s AF_UNIX path))
      (lambda () (umask mask)))
    s))

(define (%looks-like-http? bytes count)
  "Whether the first COUNT BYTES could be a request of HTTP's."
  (let ((head (utf8->string bytes 0 (min count 8))))
    (let loop ((words '("GET " "HEAD " "POST " "PUT " "DELETE " "OPTIONS " "CONNECT " "TRACE " "PATCH ")))
      (cond ((null? words) #f)
            ((let ((n (min (string-length head) (string-length (car words)))))
               (and (> n 2) (string=? (substring head 0 n) (substring (car words) 0 n)))) #t)
            (else (loop (cdr words)))))))

(define (%serve-prompt client)
  "Reads forms from CLIENT, and writes their values to it, until it ends."
  (let* ((head (make-bytevector 8 32))
         (count (catch #t (lambda () (recv! client head MSG_PEEK)) (lambda ignored 0))))
    (if (or (= count 0) (%looks-like-http? head count))
        (begin
          (if (> count 0)
              (display "--listen: a client that speaks HTTP was dropped\n" (current-error-port)))
          (close-port client))
        (catch #t
          (lambda () (%prompt-loop client 1))
          (lambda ignored (catch #t (lambda () (close-port client)) (lambda ignored #f)))))))

(define (%prompt-loop client number)
  "Serves one form or command after the other; NUMBER is that of the next value."
  (display "> " client)
  (force-output client)
  (case (%next-letter client)
    ((#\,)
     (let ((line (string-trim-both (substring (read-line client) 1))))
       (cond
         ((member line '("q" "quit")) (close-port client))
         (else
          (display (%prompt-command line) client)
          (%prompt-loop client number)))))
    (else
     (let ((form (%prompt-call client (lambda () (read client)))))
       (if (eof-object? form)
           (close-port client)
           (let ((value (%prompt-call client
                          (lambda ()
                            (with-output-to-port client (lambda () (eval form (interaction-environment))))))))
             (if (eq? value (if #f #f))
                 (%prompt-loop client number)
                 (begin
                   (display (string-append "$" (number->string number) " = ") client)
                   (write value client)
                   (newline client)
                   (%prompt-loop client (+ number 1))))))))))

(define (%next-letter client)
  "The first letter of CLIENT's that is no blank, which stays there to be read."
  (let ((c (peek-char client)))
    (cond ((and (char? c) (char-whitespace? c))
           (read-char client)
           (%next-letter client))
          (else c))))

(define (%prompt-call client thunk)
  "What THUNK returns; an error of its own is told to CLIENT, and nothing is returned."
  (with-exception-handler
    (lambda (obj)
      (display (%error-report obj) client)
      (if #f #f))
    thunk
    #:unwind? #t))
