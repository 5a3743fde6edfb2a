;;; (ice-9 poll): waiting until one of many ports can go on. [Guile: Poll]
;;;
;;; A poll set is a list of entries, in order: a vector of a port or descriptor, the events that are wanted, and those that came. The
;;; waiting is select's, which tells of input, output and urgent data; the end of a connection comes as input.

(define-module (ice-9 poll)
  #:export (make-empty-poll-set poll-set? poll-set-nfds poll-set-find-port poll-set-port poll-set-events set-poll-set-events!
            poll-set-revents set-poll-set-revents! poll-set-add! poll-set-remove! poll
            POLLIN POLLPRI POLLOUT POLLRDHUP POLLERR POLLHUP POLLNVAL))

(define POLLIN 1)
(define POLLPRI 2)
(define POLLOUT 4)
(define POLLERR 8)
(define POLLHUP 16)
(define POLLNVAL 32)
(define POLLRDHUP 8192)

(define %poll-set-type (%keep-apart! (%make-record-type 'poll-set #(entries))))

(define (make-empty-poll-set)
  "(make-empty-poll-set): a new poll set without ports."
  (%record %poll-set-type '()))

(define (poll-set? obj)
  "(poll-set? obj): whether OBJ is a poll set."
  (%record? obj %poll-set-type))

(define (%entries set)
  "The entries of SET."
  (%record-ref set %poll-set-type 0 'poll))

(define (%entry who set index)
  "The entry at INDEX."
  (if (not (and (exact-integer? index) (< -1 index (poll-set-nfds set))))
      (scm-error 'out-of-range who "Value out of range: ~S" (list index) (list index)))
  (list-ref (%entries set) index))

(define (poll-set-nfds set)
  "(poll-set-nfds set): how many ports and descriptors SET has."
  (length (%entries set)))

(define (poll-set-find-port set port)
  "(poll-set-find-port set port): the index of PORT in SET, or #f."
  (list-index (lambda (entry) (eq? (vector-ref entry 0) port)) (%entries set)))

(define (poll-set-port set index)
  "(poll-set-port set index): the port at INDEX, or #f if it is a descriptor."
  (let ((obj (vector-ref (%entry 'poll-set-port set index) 0)))
    (and (port? obj) obj)))

(define (poll-set-events set index)
  "(poll-set-events set index): the events that are wanted at INDEX."
  (vector-ref (%entry 'poll-set-events set index) 1))

(define (set-poll-set-events! set index events)
  "(set-poll-set-events! set index events): changes what is wanted at INDEX."
  (vector-set! (%entry 'set-poll-set-events! set index) 1 events))

(define (poll-set-revents set index)
  "(poll-set-revents set index): the events that the last poll found at INDEX."
  (vector-ref (%entry 'poll-set-revents set index) 2))

(define (set-poll-set-revents! set index events)
  "(set-poll-set-revents! set index events): changes what is found at INDEX."
  (vector-set! (%entry 'set-poll-set-revents! set index) 2 events))

(define (poll-set-add! set fd-or-port events)
  "(poll-set-add! set fd-or-port events): adds a port or descriptor behind the others, with the events that are wanted."
  (%record-set! set %poll-set-type 0 (append (%entries set) (list (vector fd-or-port events 0)))))

(define (poll-set-remove! set index)
  "(poll-set-remove! set index): takes out what is at INDEX; its port, or #f."
  (let ((entry (%entry 'poll-set-remove! set index)))
    (%record-set! set %poll-set-type 0 (delq entry (%entries set)))
    (and (port? (vector-ref entry 0)) (vector-ref entry 0))))

(define (%wanting set event)
  "What in SET wants EVENT."
  (filter-map (lambda (entry) (and (logtest event (vector-ref entry 1)) (vector-ref entry 0))) (%entries set)))

(define* (poll set #:optional (timeout -1))
  "(poll set [timeout]): waits until an event comes, at most TIMEOUT milliseconds unless that is negative; how many have one."
  (let* ((milliseconds (if (negative? timeout) #f timeout))
         (found (if milliseconds
                    (select (%wanting set POLLIN) (%wanting set POLLOUT) (%wanting set POLLPRI)
                            (quotient milliseconds 1000) (* 1000 (remainder milliseconds 1000)))
                    (select (%wanting set POLLIN) (%wanting set POLLOUT) (%wanting set POLLPRI)))))
    (define (if-found members obj event)
      (if (memv obj members) event 0))
    (for-each
      (lambda (entry)
        (let ((obj (vector-ref entry 0)))
          (vector-set! entry 2
            (logand (vector-ref entry 1)
                    (logior (if-found (car found) obj POLLIN)
                            (if-found (cadr found) obj POLLOUT)
                            (if-found (caddr found) obj POLLPRI))))))
      (%entries set))
    (count (lambda (entry) (not (= 0 (vector-ref entry 2)))) (%entries set))))
