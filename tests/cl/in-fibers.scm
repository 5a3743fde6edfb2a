; Where fibers run, what should not wait does not, and what waits for a time waits no longer; the three families alike.
(import (prefix (iolib sockets) io:) (prefix (allegro socket) al:) (prefix (lispworks comm) lw:) (fibers) (ice-9 ftw))
(define-syntax-rule (failure e) (guard (x ((io:socket-error? x) (socket-error-type x)) ((exception? x) (exception-kind x))) e 'none))
(define (descriptors) (length (scandir "/proc/self/fd")))
(define server (io:make-socket #:connect 'passive #:local-host "127.0.0.1"))
(define port (io:local-port server))
(define unused (let* ((s (io:make-socket #:local-host "127.0.0.1")) (port (io:local-port s))) (close-port s) port))
(define (in-fiber thunk) (run-fibers thunk))

; Connecting that only begins: the outcome is an option of the socket.
(define (outcome-of-beginning)
  (let ((s (io:connect (io:make-socket) "127.0.0.1" #:port unused #:wait #f)))
    (select '() (list (fileno s)) '() 5)
    (let ((errno (io:socket-option s 'error)))
      (close-port s)
      (= errno ECONNREFUSED))))
(outcome-of-beginning)                     ; expect: #t
(in-fiber outcome-of-beginning)            ; expect: #t
(define (other-fiber-runs-while thunk)
  (let ((ran #f))
    (spawn-fiber (lambda () (set! ran #t)))
    (let ((answer (thunk))) (list answer ran))))

; A full queue of a local socket cannot be waited for in the poller.
(define name (string-append (or (getenv "TMPDIR") "/tmp") "/sockeye-full-" (number->string (getpid))))
(define full (io:make-socket #:address-family 'local #:connect 'passive #:local-filename name #:backlog 0))
(define fillers (list (io:make-socket #:address-family 'local #:remote-filename name)))
(define (beside-a-full-queue)
  (map (lambda (wait) (failure (io:connect (io:make-socket #:address-family 'local) name #:wait wait))) '(#f 0 0.02)))
(beside-a-full-queue) ; expect: (socket-would-block-error socket-connection-timeout-error socket-connection-timeout-error)
(in-fiber beside-a-full-queue) ; expect: (socket-would-block-error socket-connection-timeout-error socket-connection-timeout-error)
(delete-file name)

; Accepting for a time lets others run, and takes who comes.
(define (nobody) (map (lambda (wait) (io:accept-connection server #:wait wait)) '(#f 0 0.02)))
(nobody)                                   ; expect: (#f #f #f)
(in-fiber nobody)                          ; expect: (#f #f #f)
(in-fiber (lambda () (other-fiber-runs-while (lambda () (io:accept-connection server #:timeout 0.02))))) ; expect: (#f #t)
(define (somebody wait)
  (spawn-fiber (lambda () (close-port (io:make-socket #:remote-host "127.0.0.1" #:remote-port port))))
  (let ((peer (io:accept-connection server #:wait wait)))
    (and (io:socket? peer) (begin (close-port peer) #t))))
(in-fiber (lambda () (map somebody '(#t 5)))) ; expect: (#t #t)

; An extent is not left by a fiber that waits in it.
(define (conversation)
  (spawn-fiber
    (lambda ()
      (io:with-accept-connection (s server)
        (write-string (string-append "you said " (read-line s) "\n") s))))
  (io:with-open-socket (s #:remote-host "127.0.0.1" #:remote-port port)
    (write-string "hello\n" s)
    (force-output s)
    (read-line s)))
(in-fiber conversation)                    ; expect: "you said hello"

; A limit of time around it leaves the extent, in abort mode.
(define (given-up)
  (let* ((kept #f)
         (answer (al:with-timeout (0.02 'late)
                   (io:with-open-socket (s #:type 'datagram #:local-host "127.0.0.1")
                     (set! kept s)
                     (io:receive-from s #:size 9)))))
    (list answer (io:socket-open? kept))))
(given-up)                                 ; expect: (late #f)
(in-fiber given-up)                        ; expect: (late #f)

; LispWorks' limits are the socket's own.
(define (silence)
  (let* ((stream (lw:open-tcp-stream "127.0.0.1" port #:read-timeout 0.02))
         (peer (io:accept-connection server))
         (first (read-line stream)))
    (write-string "now\n" peer)
    (force-output peer)
    (let ((second (read-line stream)))
      (close-port stream)
      (close-port peer)
      (list (eof-object? first) second))))
(silence)                                  ; expect: (#t "now")
(in-fiber silence)                         ; expect: (#t "now")

; What fails leaves no descriptor behind.
(define (failures)
  (let ((before (begin (gc) (descriptors))))
    (do ((i 0 (+ i 1))) ((= i 20))
      (failure (io:make-socket #:remote-host "127.0.0.1" #:remote-port unused))
      (failure (io:make-socket #:local-host "192.0.2.1"))
      (failure (al:make-socket #:remote-host "127.0.0.1" #:remote-port unused))
      (failure (al:make-socket #:connect 'passive #:local-port port))
      (lw:connect-to-tcp-server "127.0.0.1" unused)
      (lw:open-tcp-stream "127.0.0.1" port #:local-address "192.0.2.1"))
    (gc)
    (<= (descriptors) (+ before 1))))
(failures)                                 ; expect: #t
(in-fiber failures)                        ; expect: #t

; A fiber that is cancelled in an extent has left it; the loop of a collection that was, too.
(define (cancelled)
  (let* ((kept #f)
         (fiber (spawn-fiber
                  (lambda ()
                    (io:with-open-socket (s #:type 'datagram #:local-host "127.0.0.1")
                      (set! kept s)
                      (io:receive-from s #:size 9))))))
    (let wait () (if (not kept) (begin (sleep 0.001) (wait))))
    (cancel-fiber fiber)
    (let wait () (if (io:socket-open? kept) (begin (sleep 0.001) (wait))))
    'closed))
(in-fiber cancelled)                       ; expect: closed
(define (cancelled-loop)
  (let* ((c (lw:make-wait-state-collection))
         (heard '())
         (hear (lambda (word) (set! heard (cons word heard))))
         (fiber (spawn-fiber (lambda () (lw:loop-processing-wait-state-collection c)))))
    (lw:apply-in-wait-state-collection-process c hear 1)
    (let wait () (if (null? heard) (begin (sleep 0.001) (wait))))
    (cancel-fiber fiber)
    (false-if-exception (fiber-join fiber))
    (lw:apply-in-wait-state-collection-process c hear 2)
    (lw:call-wait-state-collection c)
    heard))
(in-fiber cancelled-loop)                  ; expect: (2 1)
