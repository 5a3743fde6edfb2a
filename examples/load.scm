;; A load generator: so many clients at once send lines to an echo server, each as soon as the last one has come back, and the
;; times that this takes are told.
;;
;;     sockeye examples/limited-echo.scm 7007 1000000     a server, in another terminal
;;     sockeye examples/load.scm 7007                     50 clients for 2 seconds
;;     sockeye examples/load.scm 7007 1000 5              1,000 clients for 5 seconds

(import (fibers) (ice-9 rdelim) (srfi srfi-1) (sockeye net deadline))

(define line (make-string 63 #\x))

;; Sends lines to the server on PORT until the time END; the seconds that each took.
(define (client port end)
  (let ((connection (socket PF_INET SOCK_STREAM 0)))
    (connect connection AF_INET INADDR_LOOPBACK port)
    (setsockopt connection IPPROTO_TCP TCP_NODELAY 1)
    (setvbuf connection 'line)
    (let loop ((began (monotonic-time)) (times '()))
      (if (< began end)
          (begin
            (display (string-append line "\n") connection)
            (if (not (equal? (read-line connection) line)) (error "something else came back"))
            (let ((now (monotonic-time)))
              (loop now (cons (- now began) times))))
          (begin
            (close-port connection)
            times)))))

(define (tell what value unit)
  (display (string-append what ": " (number->string value) " " unit "\n")))

(define (report times clients seconds)
  (let ((sorted (sort! (list->vector times) <)))
    (define (at fraction)
      (let ((place (floor (* fraction (- (vector-length sorted) 1)))))
        (round (* 1000000 (vector-ref sorted place)))))
    (tell "clients" clients "at once")
    (tell "lines" (vector-length sorted) "came back")
    (tell "rate" (round (/ (vector-length sorted) seconds)) "a second")
    (tell "half took at most" (inexact->exact (at 1/2)) "microseconds")
    (tell "99 of 100 took at most" (inexact->exact (at 99/100)) "microseconds")
    (tell "the slowest took" (inexact->exact (at 1)) "microseconds")))

(define (main port clients seconds)
  (let* ((end (+ (monotonic-time) seconds))
         (fibers (map (lambda (i) (spawn-fiber (lambda () (client port end)))) (iota clients)))
         (times (append-map fiber-join fibers)))
    (if (null? times)
        (display "nothing came back\n")
        (report times clients seconds))))

(let ((numbers (map string->number (cdr (command-line)))))
  (define (argument n default) (if (> (length numbers) n) (list-ref numbers n) default))
  (if (null? numbers)
      (begin
        (display "usage: load.scm PORT [CLIENTS [SECONDS]]\n")
        (exit 2))
      (main (car numbers) (argument 1 50) (argument 2 2))))
