;; A server on all processors: worker processes that listen on the same port, between which the system distributes
;; connections (SO_REUSEPORT), and a supervisor that starts a new worker when one has died.
;;
;;     sockeye examples/workers.scm            4 workers on port 7011
;;     sockeye examples/workers.scm 7011 8     8 of them
;;
;; Then, from another terminal: the line says which worker it was, and "die" ends it.
;;
;;     for i in 1 2 3 4 5 6; do echo hello | socat - TCP:127.0.0.1:7011; done
;;     echo die | socat - TCP:127.0.0.1:7011

(import (fibers) (ice-9 rdelim))

(define (say . parts)
  (display (apply string-append (map (lambda (part) (if (number? part) (number->string part) part)) parts)))
  (newline)
  (force-output))

(define (open-server port)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (setsockopt server SOL_SOCKET SO_REUSEPORT 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    server))

;; ---- A worker ---------------------------------------------------------------------------------------------------

(define (serve client)
  (let loop ()
    (let ((line (read-line client)))
      (cond ((eof-object? line) #f)
            ((string=? line "die") (primitive-_exit 1))
            (else
             (display (string-append "worker " (number->string (getpid)) ": " line "\n") client)
             (loop))))))

(define (work port)
  (let ((server (open-server port)))
    (listen server 128)
    (let loop ()
      (let ((client (car (accept server))))
        (spawn-fiber
          (lambda ()
            (guard (e (#t #f)) (serve client))
            (guard (e (#t #f)) (close-port client))))
        (loop)))))

;; ---- The supervisor ---------------------------------------------------------------------------------------------

;; The numbers of the workers that live.
(define workers '())

;; No signal is handled between the start of a worker and its entry in the list, so that none is forgotten at the end.
(define (start-worker port)
  (let ((child (call-with-blocked-asyncs
                 (lambda ()
                   (let ((child (primitive-fork)))
                     (set! workers (cons child workers))
                     child)))))
    (when (= child 0)
      (for-each (lambda (signal) (sigaction signal SIG_DFL)) (list SIGINT SIGTERM))
      (work port))
    (say "worker " child " starts")))

;; A worker that has died is replaced; one that dies at once is not replaced in haste.
(define (supervise port)
  (let ((child (car (waitpid WAIT_ANY))))
    (set! workers (delv child workers))
    (say "worker " child " has ended")
    (sleep 0.1)
    (start-worker port)
    (supervise port)))

;; The workers end with their supervisor. One may have died already, unnoticed yet.
(define (end signal)
  (for-each (lambda (worker) (false-if-exception (kill worker SIGTERM))) workers)
  (exit 0))

(define (main port count)
  ;; Keeps the number, also when the system is to choose it; since it does not listen it is given no connections.
  (let* ((place (open-server port))
         (port (sockaddr:port (getsockname place))))
    (say "serving on port " port ", stop it with Ctrl-C")
    (for-each (lambda (signal) (sigaction signal end)) (list SIGINT SIGTERM))
    (do ((i 0 (+ i 1)))
        ((= i count))
      (start-worker port))
    (supervise port)))

(let ((numbers (map string->number (cdr (command-line)))))
  (main (if (pair? numbers) (car numbers) 7011)
        (if (> (length numbers) 1) (cadr numbers) 4)))
