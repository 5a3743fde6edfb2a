;; A chat for thousands: one wait-state-collection serves everybody, by callbacks, in the manner of LispWorks.
;;
;;     sockeye examples/async-chat.scm          on port 7007
;;
;; Then, from several terminals: nc 127.0.0.1 7007
;; The first line is your name; "/who" tells how many are there, "/quit" leaves, all else is said to everybody.
;;
;; There are no threads and no fibers here: what a member says is in the state's buffer until its line is whole, and what is said to a
;; member waits in its queue. Who does not read loses its place when too much waits; who says nothing for an hour, too.

(import (lispworks comm) (srfi srfi-9))

(define patience 3600)                  ; seconds of silence
(define longest 1000)                   ; octets in a line
(define most-waiting 10000)             ; messages that wait for a member

(define-record-type member
  (make-member name waiting gone?)
  member?
  (name name set-name!)
  (waiting waiting set-waiting!)
  (gone? gone? set-gone!))

(define chat (make-wait-state-collection))
(define room (make-hash-table))         ; state -> #t, for those who have a name
(define (who state) (async-io-state-user-info state))

;; A member is told something when its socket takes it: one write is under way, the others wait.
(define (tell state octets)
  (let ((member (who state)))
    (cond ((gone? member) #f)
          ((>= (waiting member) most-waiting) (leave state))
          (else
           (set-waiting! member (+ (waiting member) 1))
           (async-io-state-write-buffer state octets told)))))

(define (told state octets count)
  (set-waiting! (who state) (- (waiting (who state)) 1))
  (if (async-io-state-write-status state) (leave state)))

(define (say text)
  (let ((octets (string->utf8 (string-append text "\n"))))
    (for-each (lambda (state) (tell state octets))
              (hash-map->list (lambda (state here) state) room))))

(define (leave state)
  (if (not (gone? (who state)))
      (begin
        (set-gone! (who state) #t)
        (hashq-remove! room state)
        (close-async-io-state state)
        (if (name (who state)) (say (string-append "* " (name (who state)) " has left"))))))

(define (hear state line)
  (let ((member (who state)))
    (cond ((not (name member))
           (set-name! member line)
           (hashq-set! room state #t)
           (say (string-append "* " line " has come in")))
          ((string=? line "/quit") (leave state))
          ((string=? line "/who")
           (tell state (string->utf8 (string-append "* " (number->string (hash-count (const #t) room)) " are here\n"))))
          (else (say (string-append (name member) ": " line))))))

;; Called with all that has come and was not heard yet; where it has looked before it does not look again.
(define (received state buffer end)
  (let loop ((start 0) (at (async-io-state-old-length state)))
    (cond ((gone? (who state)) #f)
          ((and (< at end) (= (bytevector-u8-ref buffer at) 10))
           (hear state (line buffer start at))
           (loop (+ at 1) (+ at 1)))
          ((< at end) (loop start (+ at 1)))
          ((or (async-io-state-read-status state) (> (- end start) longest)) (leave state))
          (else (async-io-state-discard state start)))))

(define (line buffer start end)
  (let ((octets (make-bytevector (- end start))))
    (bytevector-copy! octets 0 buffer start end)
    (string-trim-right (guard (e (#t "?")) (utf8->string octets)))))

(define (welcome handle state)
  (set! (async-io-state-user-info state) (make-member #f 0 #f))
  (async-io-state-read-with-checking state received #:timeout patience))

;; As many sockets as the system lets us have.
(call-with-values (lambda () (getrlimit 'nofile)) (lambda (soft hard) (setrlimit 'nofile hard hard)))

(define wanted (let ((l (command-line))) (if (> (length l) 1) (string->number (cadr l)) 7007)))
(define door (accept-tcp-connections-creating-async-io-states chat wanted welcome #:address "127.0.0.1" #:backlog 1024 #:queue-output #t))
(display (string-append "chat on port " (number->string (accepting-handle-local-port door)) ", stop it with Ctrl-C\n"))
(force-output)
(loop-processing-wait-state-collection chat)
