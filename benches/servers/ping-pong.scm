; ping-pong: a thousand connections that send eight octets and wait for them to come back, served by a fiber each, and then by one
; wait-state-collection. Try:  target/release/sockeye benches/servers/ping-pong.scm [CONNECTIONS [ROUNDS]]
;
; The clients are a process of their own, which sends on all connections before it reads any answer. Told are the round trips in a second
; of the clock, and the processor time of the server for each; the last line is the collection's rate over that of the fibers.
(import (lispworks comm) (fibers))

(define (argument n default) (let ((l (command-line))) (if (> (length l) n) (string->number (list-ref l n)) default)))
(define connections (argument 1 1000))
(define rounds (argument 2 50))
(define size 8)
(call-with-values (lambda () (getrlimit 'nofile)) (lambda (soft hard) (setrlimit 'nofile hard hard)))

; The client process: connects as often as told, plays all rounds, and ends with 0 if every answer was right.
(define (play port)
  (let ((socks (map (lambda (i) (connect-to-tcp-server "127.0.0.1" port #:errorp #t)) (iota connections)))
        (answer (make-bytevector size)))
    (do ((round 0 (+ round 1))) ((= round rounds))
      (let ((message (make-bytevector size (modulo round 256))))
        (for-each (lambda (sock) (send sock message)) socks)
        (for-each (lambda (sock)
                    (let fill ((at 0)) (if (< at size) (fill (+ at (recv! sock answer 0 at)))))
                    (if (not (equal? answer message)) (primitive-_exit 1)))
                  socks)))
    (primitive-_exit 0)))

; Each server serves until all its clients are gone.
(define (serve-by-fibers listener)
  (define (serve sock)
    (let ((buffer (make-bytevector size)))
      (let loop ()
        (let ((n (recv! sock buffer)))
          (if (> n 0) (begin (send sock buffer 0 0 n) (loop)))))
      (close-port sock)))
  (run-fibers
    (lambda ()
      (for-each fiber-join
                (map (lambda (i) (let ((sock (car (accept listener)))) (spawn-fiber (lambda () (serve sock))))) (iota connections))))))

(define (serve-by-collection collection)
  (define left connections)
  (define (serve handle state)
    (async-io-state-read-buffer state (make-bytevector size) received))
  (define (received state buffer n)
    (if (async-io-state-read-status state)
        (begin
          (close-async-io-state state)
          (set! left (- left 1))
          (if (= left 0) (wait-state-collection-stop-loop collection)))
        (async-io-state-write-buffer state buffer sent)))
  (define (sent state buffer n)
    (async-io-state-read-buffer state buffer received))
  serve)

(define (processor-time) (let ((t (times))) (/ (+ (tms:utime t) (tms:stime t)) internal-time-units-per-second)))

; The round trips in a second that SERVE makes, called in the parent.
(define (measured name port serve)
  (let ((child (primitive-fork)))
    (if (= child 0) (play port))
    (let ((before (processor-time)) (began (get-internal-real-time)))
      (serve)
      (let* ((seconds (/ (- (get-internal-real-time) began) internal-time-units-per-second))
             (worked (- (processor-time) before))
             (trips (* connections rounds)))
        (if (not (= 0 (status:exit-val (cdr (waitpid child))))) (begin (display "wrong answers\n") (exit 1)))
        (display name)
        (display ": ")
        (display (inexact->exact (round (/ trips seconds))))
        (display " round trips in a second, ")
        (display (/ (round (* 1e8 (/ worked trips))) 100))
        (display " microseconds of the processor for each\n")
        (/ trips seconds)))))

(define fibers
  (let ((listener (socket AF_INET SOCK_STREAM 0)))
    (bind listener AF_INET INADDR_LOOPBACK 0)
    (listen listener 1024)
    (let ((rate (measured "fibers" (sockaddr:port (getsockname listener)) (lambda () (serve-by-fibers listener)))))
      (close-port listener)
      rate)))
(define collection
  (let* ((c (make-wait-state-collection))
         (handle (accept-tcp-connections-creating-async-io-states c #f (serve-by-collection c) #:backlog 1024)))
    (measured "collection" (accepting-handle-local-port handle) (lambda () (loop-processing-wait-state-collection c)))))
(display "collection / fibers: ")
(display (/ (round (* 100. (/ collection fibers))) 100))
(newline)
