;; An echo server that lets nobody have too much: each client has so many lines a second, and is dropped when it says nothing
;; for a while, or does not read what it is sent.
;;
;;     sockeye examples/limited-echo.scm               on port 7007: 5 lines a second, 30 seconds of silence
;;     sockeye examples/limited-echo.scm 7007 100 2    100 lines a second, 2 seconds
;;
;; Then, from another terminal: the first lines come back at once, the rest one by one.
;;
;;     seq 20 | socat -t30 - TCP:127.0.0.1:7007

(import (fibers) (ice-9 rdelim) (sockeye net deadline))

;; A bucket has as many tokens as may be spent at once, and fills up again at RATE tokens a second. Gives a thunk that takes
;; one, and waits until there is one.
(define (make-bucket rate)
  (let ((tokens rate)
        (filled (monotonic-time)))
    (lambda ()
      (let ((now (monotonic-time)))
        (set! tokens (min rate (+ tokens (* rate (- now filled)))))
        (set! filled now)
        (set! tokens (- tokens 1))
        (if (< tokens 0) (sleep (/ (- tokens) rate)))))))

(define (serve port rate patience)
  (let ((take-token (make-bucket rate)))
    (let loop ()
      (let ((line (call-with-timeout patience (lambda () (read-line port)) (lambda () 'silent))))
        (cond ((string? line)
               (take-token)
               (with-timeout patience
                 (lambda ()
                   (display (string-append line "\n") port)))
               (loop))
              ((eq? line 'silent)
               (display "you are silent; good-bye\n" port)))))))

(define (main number rate patience)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK number)
    (listen server 128)
    (display (string-append "a patient echo server on port " (number->string (sockaddr:port (getsockname server)))
                            ", stop it with Ctrl-C\n"))
    (force-output)
    (let loop ()
      (let ((client (car (accept server))))
        (spawn-fiber
          (lambda ()
            (setvbuf client 'line)
            (guard (e (#t #f)) (serve client rate patience))
            (guard (e (#t #f)) (close-port client))))
        (loop)))))

(let ((numbers (map string->number (cdr (command-line)))))
  (define (argument n default) (if (> (length numbers) n) (list-ref numbers n) default))
  (main (argument 0 7007) (argument 1 5) (argument 2 30)))
