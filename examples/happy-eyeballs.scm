;; Connects to whichever of a host's addresses answers first (RFC 8305): a host with two families is reached without delay
;; even if one of them leads nowhere. A new address is tried each quarter of a second, or as soon as one has failed.
;;
;;     sockeye examples/happy-eyeballs.scm localhost 22
;;     sockeye examples/happy-eyeballs.scm example.org 80

(import (fibers) (fibers channels) (fibers operations) (fibers timers) (srfi srfi-1))

(define head-start 1/4)                 ; seconds before the next address is tried as well

;; The families in turns, the one that the system prefers first.
(define (interleave infos)
  (call-with-values
    (lambda () (partition (lambda (info) (= (addrinfo:fam info) (addrinfo:fam (car infos)))) infos))
    (lambda (first second)
      (let loop ((a first) (b second))
        (if (null? a) b (cons (car a) (loop b (cdr a))))))))

;; Puts #(info port failure fiber) to RESULTS. A fiber that is cancelled closes its socket.
(define (start-attempt info results)
  (spawn-fiber
    (lambda ()
      (let ((port (socket (addrinfo:fam info) SOCK_STREAM 0))
            (done #f))
        (dynamic-wind
          (lambda () #f)
          (lambda ()
            (let ((failure (guard (e (#t e)) (connect port (addrinfo:addr info)) #f)))
              (put-message results (vector info port failure (current-fiber)))
              (set! done (not failure))))
          (lambda () (if (not done) (close-port port))))))))

;; The result of the first attempt that succeeds; #f if none does.
(define (race infos)
  (let ((results (make-channel)))
    (define (run waiting running failed)
      (cond ((pair? waiting)
             (let ((running (cons (start-attempt (car waiting) results) running)))
               (listen (cdr waiting) running failed)))
            ((= (length running) failed) #f)
            (else (listen waiting running failed))))
    (define (listen waiting running failed)
      (let ((result (perform-operation
                      (if (null? waiting)
                          (get-operation results)
                          (choice-operation
                            (get-operation results)
                            (wrap-operation (sleep-operation head-start) (lambda () #f)))))))
        (cond ((not result) (run waiting running failed))
              ((vector-ref result 2)
               (say "  " (vector-ref result 0) ": " (condition-text (vector-ref result 2)))
               (run waiting running (+ failed 1)))
              (else
               (for-each cancel-fiber (delq (vector-ref result 3) running))
               result))))
    (run infos '() 0)))

(define (condition-text failure)
  (if (error-object? failure) (error-object-message failure) failure))

(define (say . parts)
  (for-each (lambda (part) (display (if (vector? part) (address-text (addrinfo:addr part)) part))) parts)
  (newline))

(define (address-text address)
  (inet-ntop (sockaddr:fam address) (sockaddr:addr address)))

(define (main host service)
  (let* ((began (current-jiffy))
         (infos (interleave (getaddrinfo host service 0 AF_UNSPEC SOCK_STREAM)))
         (winner (begin
                   (say host " has " (length infos) " addresses")
                   (race infos))))
    (cond (winner
           (say "connected to " (vector-ref winner 0) " after "
                (quotient (* 1000 (- (current-jiffy) began)) (jiffies-per-second)) " ms")
           (close-port (vector-ref winner 1)))
          (else
           (say "none of them answers")
           (exit 1)))))

(let ((arguments (cdr (command-line))))
  (if (= (length arguments) 2)
      (main (car arguments) (cadr arguments))
      (begin
        (display "usage: happy-eyeballs.scm HOST SERVICE\n")
        (exit 2))))
