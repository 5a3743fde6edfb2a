;;; (system repl server): a prompt for whoever connects to a socket. [Guile: REPL Servers]
;;;
;;; Each client is a thread of its own, with the socket for its current ports; all share the modules of the program. Who can connect
;;; can do whatever the program can: the default address is that of this machine alone.

(define-module (system repl server)
  #:use-module (ice-9 threads)
  #:export (make-tcp-server-socket make-unix-domain-server-socket run-server spawn-server stop-server-and-clients!))

;; The servers and clients that are open, each with its thread.
(define %open-sockets '())

(define* (make-tcp-server-socket #:key host (addr (if host (inet-pton AF_INET host) INADDR_LOOPBACK)) (port 37146))
  "(make-tcp-server-socket [#:host host] [#:addr addr] [#:port port]): a socket bound to the address, by default port 37146 of this
machine's own."
  (let ((socket (socket PF_INET SOCK_STREAM 0)))
    (setsockopt socket SOL_SOCKET SO_REUSEADDR 1)
    (bind socket AF_INET addr port)
    socket))

(define* (make-unix-domain-server-socket #:key (path "/tmp/guile-socket"))
  "(make-unix-domain-server-socket [#:path path]): a socket bound to PATH."
  (let ((socket (socket PF_UNIX SOCK_STREAM 0)))
    (bind socket AF_UNIX path)
    socket))

(define (%add-socket! socket)
  "Notes that SOCKET is open."
  (set! %open-sockets (cons (cons socket (current-thread)) %open-sockets)))

(define (%close-socket! socket)
  "Closes SOCKET, and forgets it."
  (set! %open-sockets (filter (lambda (entry) (not (eq? (car entry) socket))) %open-sockets))
  (false-if-exception (close-port socket)))

(define* (run-server #:optional (server (make-tcp-server-socket)))
  "(run-server [socket]): gives a prompt to each client that connects to SOCKET, for ever, or until stop-server-and-clients!."
  (listen server 5)
  (%add-socket! server)
  (let loop ()
    (let ((client (%next-client server)))
      (if client
          (begin
            (call-with-new-thread (lambda () (%serve-client (car client))))
            (loop))))))

(define (%next-client server)
  "What accept gives; #f once SERVER is closed. A client that is gone again is none, and while descriptors are short others wait."
  (catch #t
    (lambda () (accept server))
    (lambda (key . args)
      (let ((errno (and (eq? key 'system-error) (system-error-errno (cons key args)))))
        (cond ((port-closed? server) #f)
              ((memv errno (list ECONNABORTED EINTR)) (%next-client server))
              ((memv errno (list EMFILE ENFILE ENOBUFS ENOMEM)) (usleep 50000) (%next-client server))
              (else (apply throw key args)))))))

(define* (spawn-server #:optional (server (make-tcp-server-socket)))
  "(spawn-server [socket]): the same as run-server, in a new thread, which is the answer."
  (call-with-new-thread (lambda () (run-server server))))

(define (stop-server-and-clients!)
  "(stop-server-and-clients!): closes all sockets of servers and clients, and ends their threads."
  (for-each
    (lambda (entry)
      (%close-socket! (car entry))
      (if (not (eq? (cdr entry) (current-thread))) (cancel-thread (cdr entry))))
    %open-sockets))

(define (%serve-client socket)
  "Reads and runs what comes from SOCKET until it ends."
  (%add-socket! socket)
  (dynamic-wind
    (lambda () #f)
    (lambda ()
      (parameterize ((current-input-port socket) (current-output-port socket) (current-error-port socket))
        (false-if-exception (%prompt 1))))
    (lambda () (%close-socket! socket))))

(define (%prompt count)
  "Asks for expressions and shows their values, the first of which is number COUNT."
  (let loop ((count count))
    (simple-format #t "scheme@~A> " (module-name (current-module)))
    (force-output)
    (let ((form (catch #t read %show-error)))
      (cond ((eof-object? form) (newline))
            ((eq? form %failed) (read-line) (loop count))
            ((equal? form '(unquote q)) #f)
            (else
             (call-with-values (lambda () (catch #t (lambda () (primitive-eval form)) %show-error))
               (lambda results
                 (let show ((l results) (count count))
                   (cond ((null? l) (loop count))
                         ((or (eq? (car l) %failed) (unspecified? (car l))) (show (cdr l) count))
                         (else
                          (simple-format #t "$~A = ~S\n" count (car l))
                          (show (cdr l) (+ count 1))))))))))))

(define %failed (list 'failed))

(define (%show-error key . args)
  "Tells the client of an error; the answer is %failed."
  (if (eq? key 'quit) (apply throw key args))
  (print-exception (current-output-port) #f key args)
  %failed)
