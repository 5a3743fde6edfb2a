;; Publishing and subscribing: what a client says about a topic reaches all who have asked for that topic.
;;
;;     sockeye examples/publish.scm          on port 7010
;;
;; Then, from several terminals, nc 127.0.0.1 7010, and lines such as
;;
;;     sub weather             from now on, tell me about weather
;;     pub weather it rains    tell all who asked; the answer is how many those are
;;     unsub weather           no longer

(import (fibers) (ice-9 rdelim) (ice-9 threads) (srfi srfi-1))

(define topics (make-hash-table))       ; topic -> subscribers
(define patience 10)                    ; seconds that a subscriber may take to read a line

;; A client is its port and a mutex: one line is sent at a time, and those who wait have their turn in order.
(define (make-client port) (cons port (make-mutex)))

(define (tell client text)
  (with-mutex (cdr client)
    (display (string-append text "\n") (car client))))

;; In a fiber of its own, so that a slow subscriber keeps nobody waiting; it is dropped if it is too slow.
(define (deliver client text)
  (spawn-fiber
    (lambda ()
      (guard (e (#t (close-port (car client))))
        (with-timeout patience (lambda () (tell client text)))))))

(define (subscribers topic)
  (hash-ref topics topic '()))

(define (subscribe client topic)
  (hash-set! topics topic (lset-adjoin eq? (subscribers topic) client)))

(define (unsubscribe client topic)
  (let ((left (delq client (subscribers topic))))
    (if (null? left)
        (hash-remove! topics topic)
        (hash-set! topics topic left))))

(define (publish topic text)
  (let ((all (subscribers topic)))
    (for-each (lambda (client) (deliver client (string-append topic ": " text))) all)
    (length all)))

;; "pub weather it rains" is ("pub" "weather" "it rains").
(define (words line)
  (let* ((parts (string-split (string-trim-right line) #\space))
         (rest (if (> (length parts) 2) (string-join (cddr parts) " ") "")))
    (list (car parts) (if (pair? (cdr parts)) (cadr parts) "") rest)))

(define (obey client line)
  (let* ((parts (words line))
         (topic (second parts)))
    (cond ((string=? topic "") (tell client "? sub, unsub or pub, and a topic"))
          ((string=? (first parts) "sub") (subscribe client topic) (tell client "ok"))
          ((string=? (first parts) "unsub") (unsubscribe client topic) (tell client "ok"))
          ((string=? (first parts) "pub") (tell client (number->string (publish topic (third parts)))))
          (else (tell client "? sub, unsub or pub")))))

(define (serve port)
  (let ((client (make-client port)))
    (dynamic-wind
      (lambda () #f)
      (lambda ()
        (let loop ()
          (let ((line (read-line port)))
            (if (not (eof-object? line))
                (begin
                  (obey client line)
                  (loop))))))
      (lambda ()
        (for-each (lambda (topic) (unsubscribe client topic))
                  (hash-map->list (lambda (topic clients) topic) topics))))))

(define (main port)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 128)
    (display (string-append "publishing on port " (number->string (sockaddr:port (getsockname server)))
                            ", stop it with Ctrl-C\n"))
    (force-output)
    (let loop ()
      (let ((client (car (accept server))))
        (spawn-fiber
          (lambda ()
            (guard (e (#t #f)) (serve client))
            (guard (e (#t #f)) (close-port client))))
        (loop)))))

(let ((arguments (cdr (command-line))))
  (main (if (pair? arguments) (string->number (car arguments)) 7010)))
