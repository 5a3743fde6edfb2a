;;; Wait-state-collections: what waits for many sockets, and calls back.
;;;
;;; A collection is a poller, a table of members, a heap of deadlines, a queue of messages, a queue of operations that nobody has
;;; looked at yet, and a stop flag. Its members are states and accepting handles; each has a watch, which is its registration.
;;;
;;;     message   applied in the next call
;;;     fresh     an operation that was started: its first attempt is made in the next call, and then it waits in the poller
;;;     ready     one step
;;;     late      its end
;;;
;;; A watch stays registered for reading when its operation is over, since as a rule the next one comes soon: it is taken out when it is
;;; reported and nobody wants that. So serving a batch of members costs one wait.

(define-record-type (wait-state-collection %keep-apart!)
  (%make-collection poller members messages fresh due heap count stash stop? process background name)
  %collection?
  ;; #f until it is needed, and again when the collection was closed.
  (poller %collection-poller %set-collection-poller!)
  ;; A table of the owners of watches.
  (members %collection-members)
  ;; Queues: messages are pairs of a procedure and its arguments; fresh are pairs of a state and its operation, and due
  ;; those of them that the call which goes on, or the next one, looks at.
  (messages %collection-messages)
  (fresh %collection-fresh %set-collection-fresh!)
  (due %collection-due %set-collection-due!)
  ;; A vector of which the first elements are entries, each not before its parent.
  (heap %collection-heap %set-collection-heap!)
  (count %collection-count %set-collection-count!)
  ;; What the last wait has found, until it is called for.
  (stash %collection-stash %set-collection-stash!)
  (stop? %collection-stop? %set-collection-stop!)
  ;; The fiber that runs it, or #f.
  (process %collection-process %set-collection-process!)
  ;; For a collection with a process of its own: running or ended; else #f.
  (background %collection-background %set-collection-background!)
  (name %collection-name))

(set-record-type-printer! wait-state-collection (lambda (collection port) (%print-object 'wait-state-collection (%collection-name collection) port)))

(define (%print-object kind name port)
  "Tells PORT of an object of this KIND, called NAME if that is not #f."
  (display "#<" port)
  (display kind port)
  (if name
      (begin
        (display " " port)
        (write name port)))
  (display ">" port))

(define-record-type (<watch> %keep-apart!)
  (%make-watch owner collection port interest read-time write-time read-entry write-entry)
  %watch?
  ;; The state or accepting handle.
  (owner %watch-owner)
  (collection %watch-collection)
  (port %watch-port %set-watch-port!)
  ;; What the poller waits for: 1 for reading, 2 for writing.
  (interest %watch-interest %set-watch-interest!)
  ;; When the operation is late, or #f.
  (read-time %watch-read-time %set-watch-read-time!)
  (write-time %watch-write-time %set-watch-write-time!)
  ;; The entries in the heap that count, of a time not after these; or #f.
  (read-entry %watch-read-entry %set-watch-read-entry!)
  (write-entry %watch-write-entry %set-watch-write-entry!))

(define (wait-state-collection? obj)
  "(wait-state-collection? obj): whether OBJ is a wait-state-collection. [LispWorks]"
  (%collection? obj))

(define (make-wait-state-collection)
  "(make-wait-state-collection): a new collection, without members. [LispWorks]"
  (%new-collection #f))

(define (%new-collection name)
  "A new collection called NAME."
  (%make-collection #f (make-hash-table) (%make-line) (%make-line) (%make-line) (make-vector 16 #f) 0 '() #f #f #f name))

(define (%need-collection who collection)
  "Complains in the name of WHO unless COLLECTION, its first argument, is one."
  (if (not (%collection? collection))
      (raise-wrong-argument who 1 "a wait-state-collection" collection)))

;;; ---- Lines: queues that know their length ------------------------------------------------------------------------------

(define (%make-line)
  "A new queue: a vector of its length, its first pair and its last."
  (vector 0 '() '()))

(define (%line-push! line obj)
  "Puts OBJ at the end."
  (let ((pair (list obj)))
    (if (null? (vector-ref line 1))
        (vector-set! line 1 pair)
        (set-cdr! (vector-ref line 2) pair))
    (vector-set! line 2 pair)
    (vector-set! line 0 (+ (vector-ref line 0) 1))))

(define (%line-first line)
  "The first object of a queue that is not empty."
  (car (vector-ref line 1)))

(define (%line-pop! line)
  "Takes the first object out of a queue that is not empty."
  (let ((pair (vector-ref line 1)))
    (vector-set! line 1 (cdr pair))
    (if (null? (cdr pair)) (vector-set! line 2 '()))
    (vector-set! line 0 (- (vector-ref line 0) 1))
    (car pair)))

(define (%line-empty? line)
  "Whether there is nothing in the queue."
  (null? (vector-ref line 1)))

(define (%line-clear! line)
  "Takes all out."
  (vector-set! line 0 0)
  (vector-set! line 1 '())
  (vector-set! line 2 '()))

(define (%for-each-in-line line proc)
  "Calls PROC with each object that is there now, taken out before; what PROC puts in stays. If PROC is left, the others stay, too."
  (let loop ((n (vector-ref line 0)))
    (if (and (> n 0) (not (%line-empty? line)))
        (begin
          (proc (%line-pop! line))
          (loop (- n 1))))))

;;; ---- Registration ------------------------------------------------------------------------------------------------------

(define (%new-watch owner collection port)
  "A watch for OWNER, which is a member of COLLECTION from now on."
  (hashq-set! (%collection-members collection) owner #t)
  (%make-watch owner collection port 0 #f #f #f #f))

(define (%poller collection)
  "The poller of COLLECTION."
  (or (%collection-poller collection)
      (let ((poller (make-poller)))
        (%set-collection-poller! collection poller)
        poller)))

(define (%interest bits)
  "The list that the poller takes for BITS."
  (case bits
    ((1) '(read))
    ((2) '(write))
    (else '(read write))))

(define (%register! watch bits)
  "Has the poller wait for what BITS say, 1 for reading and 2 for writing."
  (let ((before (%watch-interest watch)))
    (if (not (eqv? bits before))
        (let ((poller (%poller (%watch-collection watch))))
          (%set-watch-interest! watch bits)
          (cond ((eqv? bits 0) (poller-remove! poller (%watch-port watch)))
                ((eqv? before 0) (poller-add! poller (%watch-port watch) (%interest bits) watch))
                (else (poller-modify! poller (%watch-port watch) (%interest bits))))))))

(define (%want! watch bit)
  "Has the poller wait for BIT, too."
  (let ((before (%watch-interest watch)))
    (if (eqv? 0 (logand before bit)) (%register! watch (logior before bit)))))

(define (%unwant! watch bit)
  "Has the poller not wait for BIT any more."
  (let ((before (%watch-interest watch)))
    (if (not (eqv? 0 (logand before bit))) (%register! watch (- before bit)))))

(define (%end-watch! watch)
  "Ends the registration of WATCH, whose owner is a member no more."
  (%register! watch 0)
  (%set-watch-read-time! watch #f)
  (%set-watch-write-time! watch #f)
  (hashq-remove! (%collection-members (%watch-collection watch)) (%watch-owner watch)))

;;; ---- Deadlines -----------------------------------------------------------------------------------------------------------
;;;
;;; An entry is a vector of a time, a watch, and whether it is for writing. Times that move on leave their entry where it is: when its turn
;;; comes it is put in again. An entry that is not the watch's own any more is forgotten then.

(define (%set-time! watch write? seconds)
  "The operation of WATCH that reads, or writes, is late in so many SECONDS; never, if they are #f."
  (let ((time (and seconds (+ (monotonic-time) seconds))))
    (if write?
        (%set-watch-write-time! watch time)
        (%set-watch-read-time! watch time))
    (if time
        (let ((entry (if write? (%watch-write-entry watch) (%watch-read-entry watch))))
          (if (not (and entry (<= (vector-ref entry 0) time)))
              (%enter! watch write? time))))))

(define (%enter! watch write? time)
  "Puts an entry for WATCH into the heap."
  (let* ((collection (%watch-collection watch))
         (entry (vector time watch write?))
         (count (%collection-count collection)))
    (if write?
        (%set-watch-write-entry! watch entry)
        (%set-watch-read-entry! watch entry))
    (if (= count (vector-length (%collection-heap collection)))
        (let ((heap (make-vector (* 2 count) #f)))
          (vector-copy! heap 0 (%collection-heap collection))
          (%set-collection-heap! collection heap)))
    (%set-collection-count! collection (+ count 1))
    (let ((heap (%collection-heap collection)))
      (let loop ((at count))
        (let ((parent (quotient (- at 1) 2)))
          (if (and (> at 0) (> (vector-ref (vector-ref heap parent) 0) time))
              (begin
                (vector-set! heap at (vector-ref heap parent))
                (loop parent))
              (vector-set! heap at entry)))))))

(define (%leave! collection)
  "Takes the first entry out of the heap: the entry."
  (let* ((heap (%collection-heap collection))
         (first (vector-ref heap 0))
         (count (- (%collection-count collection) 1))
         (last (vector-ref heap count)))
    (%set-collection-count! collection count)
    (vector-set! heap count #f)
    (if (> count 0)
        (let loop ((at 0))
          (let* ((left (+ at at 1))
                 (right (+ left 1))
                 (child (if (and (< right count)
                                 (< (vector-ref (vector-ref heap right) 0) (vector-ref (vector-ref heap left) 0)))
                            right
                            left)))
            (if (and (< child count) (< (vector-ref (vector-ref heap child) 0) (vector-ref last 0)))
                (begin
                  (vector-set! heap at (vector-ref heap child))
                  (loop child))
                (vector-set! heap at last)))))
    first))

(define (%next-time collection)
  "The earliest time at which something of COLLECTION is late, or #f."
  (and (> (%collection-count collection) 0)
       (let* ((entry (vector-ref (%collection-heap collection) 0))
              (watch (vector-ref entry 1))
              (write? (vector-ref entry 2))
              (own? (eq? entry (if write? (%watch-write-entry watch) (%watch-read-entry watch))))
              (time (and own? (if write? (%watch-write-time watch) (%watch-read-time watch)))))
         (cond ((eqv? time (vector-ref entry 0)) time)
               (else
                (%leave! collection)
                (if own?
                    (if write?
                        (%set-watch-write-entry! watch #f)
                        (%set-watch-read-entry! watch #f)))
                (if time (%enter! watch write? time))
                (%next-time collection))))))

(define (%serve-late collection now)
  "Ends what was to be over by NOW."
  (let ((time (%next-time collection)))
    (if (and time (<= time now))
        (let* ((entry (%leave! collection))
               (watch (vector-ref entry 1))
               (write? (vector-ref entry 2)))
          (if write?
              (begin (%set-watch-write-entry! watch #f) (%set-watch-write-time! watch #f))
              (begin (%set-watch-read-entry! watch #f) (%set-watch-read-time! watch #f)))
          (let ((owner (%watch-owner watch)))
            (if (%state? owner)
                (%end-late owner write?)
                (%resume-accepting owner)))
          (%serve-late collection now)))))

;;; ---- The loop ------------------------------------------------------------------------------------------------------------

(define (%inside? collection)
  "Whether the running fiber may touch the members of COLLECTION: it is its process, or there is none."
  (let ((process (%collection-process collection)))
    (or (not process) (eq? process (current-fiber)))))

(define (%as-process who collection thunk)
  "The values of (THUNK), which is called as the process of COLLECTION."
  (%need-collection who collection)
  (cond ((eq? (%collection-process collection) (current-fiber)) (thunk))
        ((%collection-process collection)
         (error (string-append (symbol->string who) ": another process runs the collection:") collection))
        (else
         (dynamic-wind
           (lambda () (%set-collection-process! collection (current-fiber)))
           thunk
           (lambda () (%set-collection-process! collection #f))))))

(define (%send-message! collection procedure . arguments)
  "Has PROCEDURE applied to ARGUMENTS by the process of COLLECTION."
  (%line-push! (%collection-messages collection) (cons procedure arguments))
  (%wake-process collection))

(define (%wake-process collection)
  "Ends the wait of the process of COLLECTION, if another fiber is it."
  (if (not (%inside? collection)) (poller-wake! (%poller collection))))

(define (%pending? collection)
  "Whether there is something to call for that the poller does not know of."
  (or (not (%line-empty? (%collection-messages collection)))
      (not (%line-empty? (%collection-fresh collection)))
      (not (%line-empty? (%collection-due collection)))
      (pair? (%collection-stash collection))
      (%collection-stop? collection)))

(define (%reads? events)
  "Whether EVENTS of the poller are for who reads."
  (and (or (memq 'read events) (memq 'hangup events) (memq 'error events)) #t))

(define (%writes? events)
  "Whether EVENTS of the poller are for who writes."
  (and (or (memq 'write events) (memq 'hangup events) (memq 'error events)) #t))

(define (%wanted? ready)
  "Whether somebody wants the event READY, a pair of a watch and what it is ready for. If nobody does, the poller will not wait for it again."
  (let ((owner (%watch-owner (car ready))))
    (or (not (%state? owner))
        (%wanted-by-state? owner (%reads? (cdr ready)) (%writes? (cdr ready))))))

(define (%await-fresh! line)
  "Leaves the first operations in LINE to the poller, up to one that can be attempted now."
  (if (and (not (%line-empty? line)) (%await! (%line-first line)))
      (begin
        (%line-pop! line)
        (%await-fresh! line))))

(define (%wait collection)
  "Waits until there is something to call for."
  (%await-fresh! (%collection-fresh collection))
  (%await-fresh! (%collection-due collection))
  (if (not (%pending? collection))
      (let* ((time (%next-time collection))
             (left (and time (- time (monotonic-time)))))
        (if (not (and left (<= left 0)))
            (let ((found (poller-wait! (%poller collection) left)))
              (if (let loop ((l found)) (and (pair? l) (or (%wanted? (car l)) (loop (cdr l)))))
                  (%set-collection-stash! collection found)
                  (%wait collection)))))))

(define (%call collection)
  "Handles the messages that are there, then makes one step of each member that is ready or late."
  (%make-due! collection)
  (let ((stash (and (%line-empty? (%collection-messages collection))
                    (%line-empty? (%collection-due collection))
                    (%collection-stash collection))))
    (%set-collection-stash! collection '())
    (%for-each-in-line (%collection-messages collection) (lambda (message) (apply (car message) (cdr message))))
    (%for-each-in-line (%collection-due collection) %begin)
    (let loop ((ready (cond ((pair? stash) stash)
                            ((%collection-poller collection) => (lambda (poller) (poller-wait! poller 0)))
                            (else '()))))
      (if (pair? ready)
          (begin
            (%serve (caar ready) (cdar ready))
            (loop (cdr ready)))))
    (if (> (%collection-count collection) 0)
        (%serve-late collection (monotonic-time)))))

(define (%make-due! collection)
  "The operations that were started before a call are looked at in it."
  (let ((fresh (%collection-fresh collection)) (due (%collection-due collection)))
    (if (%line-empty? due)
        (begin
          (%set-collection-due! collection fresh)
          (%set-collection-fresh! collection due))
        (let loop ()
          (if (not (%line-empty? fresh))
              (begin
                (%line-push! due (%line-pop! fresh))
                (loop)))))))

(define (%serve watch events)
  "One step of the owner of WATCH, of which the poller has told EVENTS. It may have been closed since."
  (let ((owner (%watch-owner watch)))
    (cond ((eqv? 0 (%watch-interest watch)))
          ((not (%state? owner)) (%accept-some owner))
          ;; Nearly always that is all.
          ((and (eq? (car events) 'read) (null? (cdr events))) (%serve-operation owner (%state-read-op owner) 1))
          (else (%serve-state owner (%reads? events) (%writes? events))))))

(define (%loop collection call)
  "Waits for COLLECTION and has CALL call for it, until the stop flag is set."
  (if (not (%collection-stop? collection))
      (begin
        (%wait collection)
        (if (not (%collection-stop? collection)) (call))
        (%loop collection call))))

(define (wait-for-wait-state-collection collection)
  "(wait-for-wait-state-collection collection): returns when a member of COLLECTION is ready, a deadline has passed, or a message has come. Calls
nothing. [LispWorks]"
  (%as-process 'wait-for-wait-state-collection collection (lambda () (%wait collection)))
  (if #f #f))

(define (call-wait-state-collection collection)
  "(call-wait-state-collection collection): handles the messages that are there, in order, then makes one step of each member of COLLECTION that is
ready or late. Never waits. [LispWorks]"
  (%as-process 'call-wait-state-collection collection (lambda () (%call collection)))
  (if #f #f))

(define (loop-processing-wait-state-collection collection)
  "(loop-processing-wait-state-collection collection): waits for COLLECTION and calls, again and again, until
wait-state-collection-stop-loop. It may be run again afterwards. [LispWorks]"
  (%need-collection 'loop-processing-wait-state-collection collection)
  (if (%collection-process collection)
      (error "loop-processing-wait-state-collection: a process runs the collection already:" collection))
  (dynamic-wind
    (lambda () (%set-collection-process! collection (current-fiber)))
    (lambda () (%loop collection (lambda () (%call collection))))
    (lambda ()
      (%set-collection-stop! collection #f)
      (%set-collection-process! collection #f)))
  (if #f #f))

(define (wait-state-collection-stop-loop collection)
  "(wait-state-collection-stop-loop collection): ends the loop that runs COLLECTION, after its present call. Any fiber may call it. [LispWorks]"
  (%need-collection 'wait-state-collection-stop-loop collection)
  (if (%collection-process collection)
      (begin
        (%set-collection-stop! collection #t)
        (%wake-process collection)))
  (if #f #f))

(define (apply-in-wait-state-collection-process collection procedure . arguments)
  "(apply-in-wait-state-collection-process collection procedure arg ...): has the process of COLLECTION apply PROCEDURE to ARGS in a later call, never
at once. [LispWorks]"
  (%need-collection 'apply-in-wait-state-collection-process collection)
  (if (not (procedure? procedure))
      (raise-wrong-argument 'apply-in-wait-state-collection-process 2 "a procedure" procedure))
  (apply %send-message! collection procedure arguments)
  (if #f #f))

(define (close-wait-state-collection collection)
  "(close-wait-state-collection collection): closes every state and accepting handle of COLLECTION, without callbacks. It can be used again. Only
for its process, or when nothing runs it. [LispWorks]"
  (%need-collection 'close-wait-state-collection collection)
  (if (not (%inside? collection))
      (error "close-wait-state-collection: another process runs the collection:" collection))
  (hash-for-each (lambda (member true)
                   (if (%state? member)
                       (%close-state member #f)
                       (%close-handle member)))
                 (hash-fold (lambda (member true copy) (hashq-set! copy member true) copy)
                            (make-hash-table)
                            (%collection-members collection)))
  (%line-clear! (%collection-fresh collection))
  (%line-clear! (%collection-due collection))
  (%set-collection-stash! collection '())
  (vector-fill! (%collection-heap collection) #f)
  (%set-collection-count! collection 0)
  (let ((poller (%collection-poller collection)))
    (%set-collection-poller! collection #f)
    (if poller (close-poller poller)))
  (if #f #f))

(define (wait-state-collection-alive-p collection)
  "(wait-state-collection-alive-p collection): #f once the process that create-and-run-wait-state-collection made for COLLECTION has ended.
[LispWorks]"
  (%need-collection 'wait-state-collection-alive-p collection)
  (not (eq? (%collection-background collection) 'ended)))

;;; ---- Collections with a process of their own -----------------------------------------------------------------------------

(define* (create-and-run-wait-state-collection name #:key (handler #f) (with-backtrace #f))
  "(create-and-run-wait-state-collection name [#:handler h] [#:with-backtrace flag]): a new collection and a process in the background that loops on it.
When the loop ends, the collection is closed. HANDLER says what becomes of what a callback or message raises: with #f it is reported on
the current error port, and the loop ends; with #t the loop goes on then; abort drops it; a procedure is called with it. [LispWorks]"
  (let ((handler (if (keyword? handler) (keyword->symbol handler) handler)))
    (if (not (or (boolean? handler) (eq? handler 'abort) (procedure? handler)))
        (raise-wrong-argument 'create-and-run-wait-state-collection 'handler "a boolean, abort or a procedure" handler))
    (let* ((collection (%new-collection name))
           (fiber (%spawn-fiber (lambda () (%run-background collection handler with-backtrace)) #f)))
      (if (string? name) (set-fiber-name! fiber name))
      (%set-collection-process! collection fiber)
      (%set-collection-background! collection 'running)
      collection)))

(define (%run-background collection handler with-backtrace)
  "What the process of COLLECTION does."
  (dynamic-wind
    (lambda () #f)
    (lambda () (%loop collection (lambda () (%call-guarded collection handler with-backtrace))))
    (lambda ()
      (close-wait-state-collection collection)
      (%set-collection-stop! collection #f)
      (%set-collection-background! collection 'ended)
      (%set-collection-process! collection #f))))

(define (%call-guarded collection handler with-backtrace)
  "Calls for COLLECTION; what is raised there goes to HANDLER."
  (guard (raised (#t (%handle collection handler with-backtrace raised)))
    (if with-backtrace
        (with-exception-handler %trace-and-raise (lambda () (%call collection)))
        (%call collection))))

(define (%trace-and-raise raised)
  "Raises RAISED again, which from now on knows where it was raised."
  (if (%condition? raised)
      (guard (again (#t #f)) (%fail-with raised)))
  (raise-continuable raised))

(define (%handle collection handler with-backtrace raised)
  "Does what HANDLER says about RAISED."
  (cond ((procedure? handler) (handler raised))
        ((not (eq? handler 'abort))
         (report-raised (%collection-name collection) raised with-backtrace)
         (if (not handler) (%set-collection-stop! collection #t)))))
