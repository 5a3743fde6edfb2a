;;; Asynchronous I/O states: a socket with at most one operation that reads and one that writes, each with a callback.

(define-record-type (async-io-state %keep-apart!)
  (%make-state watch object name user-info read-timeout write-timeout max-read queue? datagram? ipv6 read-op write-op waiting
               read-status write-status last buffer held old-length lent open?)
  %state?
  (watch %state-watch %set-state-watch!)
  ;; What the program gave: a port or a descriptor's number.
  (object %state-object %set-state-object!)
  (name %state-name %set-state-name!)
  (user-info %state-user-info %set-state-user-info!)
  (read-timeout %state-read-timeout %set-state-read-timeout!)
  (write-timeout %state-write-timeout %set-state-write-timeout!)
  (max-read %state-max-read %set-state-max-read!)
  ;; Whether writes may wait for others.
  (queue? %state-queue?)
  (datagram? %state-datagram?)
  ;; Which addresses of a name a message is sent to.
  (ipv6 %state-ipv6)
  ;; The operations that run, or #f.
  (read-op %state-read-op %set-state-read-op!)
  (write-op %state-write-op %set-state-write-op!)
  ;; The queue of writes that wait, or #f.
  (waiting %state-waiting %set-state-waiting!)
  (read-status %state-read-status %set-state-read-status!)
  (write-status %state-write-status %set-state-write-status!)
  ;; #f, or why nothing more can be read: eof or a condition.
  (last %state-last %set-state-last!)
  ;; Octets that have come and belong to no operation: the first HELD of BUFFER.
  (buffer %state-buffer %set-state-buffer!)
  (held %state-held %set-state-held!)
  (old-length %state-old-length %set-state-old-length!)
  ;; The operation whose callback sees the buffer now, or #f.
  (lent %state-lent %set-state-lent!)
  (open? %state-open? %set-state-open!))

(set-record-type-printer! async-io-state (lambda (state port) (%print-object 'async-io-state (%state-name state) port)))

(define-record-type (<operation> %keep-apart!)
  (%make-operation step tell write? buffer start end done callback error-callback seen? extra)
  %operation?
  ;; (step state operation): one attempt that does not wait.
  (step %operation-step)
  ;; (tell procedure state operation): calls PROCEDURE as a callback of this operation.
  (tell %operation-tell)
  (write? %operation-write?)
  (buffer %operation-buffer)
  (start %operation-start)
  (end %operation-end)
  ;; Up to where BUFFER was filled or sent; for read-with-checking, how much the last callback has left.
  (done %operation-done %set-operation-done!)
  (callback %operation-callback)
  (error-callback %operation-error-callback)
  ;; Whether its first attempt was made, or waits for the poller; sent, if another process has started it and its message was not handled.
  (seen? %operation-seen? %set-operation-seen!)
  (extra %operation-extra %set-operation-extra!))

;;; ---- Making and closing --------------------------------------------------------------------------------------------------

(define (async-io-state? obj)
  "(async-io-state? obj): whether OBJ is an async-io-state. [LispWorks]"
  (%state? obj))

(define* (create-async-io-state collection object #:key (read-timeout #f) (write-timeout #f) (user-info #f) (udp #f) (ipv6 #f)
                                (name #f) (queue-output #f))
  "(create-async-io-state collection object [#:read-timeout s] [#:write-timeout s] [#:user-info obj] [#:udp how] [#:ipv6 which] [#:name obj]
[#:queue-output flag]): a state in COLLECTION for OBJECT, a handle, a descriptor or a socket-stream, which belongs to it from now on. UDP is #t or connected for
a socket of datagrams. [LispWorks]"
  (let ((who 'create-async-io-state)
        (udp (if (keyword? udp) (keyword->symbol udp) udp)))
    (%need-collection who collection)
    (if (not (or (port? object) (and (exact-integer? object) (>= object 0))))
        (raise-wrong-argument who 2 "a socket handle, a descriptor or a socket-stream" object))
    (need-timeout who 'read-timeout read-timeout)
    (need-timeout who 'write-timeout write-timeout)
    (if (not (memq udp '(#f #t connected))) (raise-wrong-argument who 'udp "a boolean or connected" udp))
    (let* ((ipv6 (need-choice who 'ipv6 ipv6 '(#f #t any both)))
           (port (if (port? object) object (adopt-descriptor object)))
           (datagram? (eqv? SOCK_DGRAM (getsockopt port SOL_SOCKET SO_TYPE)))
           (state (%new-state collection port read-timeout write-timeout user-info datagram? ipv6 name queue-output)))
      (%set-state-object! state object)
      (%take-buffers! state port)
      state)))

(define (%new-state collection port read-timeout write-timeout user-info datagram? ipv6 name queue?)
  "A new state for PORT in COLLECTION."
  (let ((state (%make-state #f port name user-info read-timeout write-timeout 8192 (and queue? #t) datagram? ipv6 #f #f #f
                            #f #f #f #f 0 0 #f #t)))
    (%set-state-watch! state (%new-watch state collection port))
    state))

(define (%take-buffers! state port)
  "What PORT, perhaps a stream, has read ahead is the first that STATE reads; what it has not written goes out now."
  (if (output-port? port) (force-output port))
  (let ((ahead (if (input-port? port) (%take-read-ahead! port) (bytevector))))
    (if (> (bytevector-length ahead) 0)
        (begin
          (%set-state-buffer! state ahead)
          (%set-state-held! state (bytevector-length ahead))))))

(define (%need-state who state)
  "Complains in the name of WHO unless STATE, its first argument, is one."
  (if (not (%state? state)) (raise-wrong-argument who 1 "an async-io-state" state)))

(define* (close-async-io-state state #:key (keep-alive-p #f))
  "(close-async-io-state state [#:keep-alive-p flag]): forgets the operations of STATE, without callbacks, and closes its object, unless KEEP-ALIVE-P is true.
How many octets it has buffered. [LispWorks]"
  (%need-state 'close-async-io-state state)
  (%close-state state keep-alive-p)
  (%state-held state))

(define (%close-state state keep?)
  "Closes STATE, and its object unless KEEP? is true."
  (if (%state-open? state)
      (let* ((watch (%state-watch state))
             (port (%watch-port watch)))
        (%set-state-open! state #f)
        (%forget-operation! state #f)
        (%forget-operation! state #t)
        ;; Its object may have been closed by others.
        (false-if-exception (%end-watch! watch))
        (cond ((not keep?) (false-if-exception (close-port port)))
              ;; The descriptor is the program's, whatever becomes of our port.
              ((not (eq? port (%state-object state))) (set-port-revealed! port 1))))))

;;; ---- What states are asked ---------------------------------------------------------------------------------------------

(define (async-io-state-object state)
  "(async-io-state-object state): what STATE was made for: a handle, a descriptor or a socket-stream. [LispWorks]"
  (%need-state 'async-io-state-object state)
  (%state-object state))

(define (async-io-state-collection state)
  "(async-io-state-collection state): the wait-state-collection that STATE is in. [LispWorks]"
  (%need-state 'async-io-state-collection state)
  (%watch-collection (%state-watch state)))

(define (async-io-state-name state)
  "(async-io-state-name state): the name of STATE, any object; (set! (async-io-state-name state) obj) changes it. [LispWorks]"
  (%need-state 'async-io-state-name state)
  (%state-name state))

(attach-setter! async-io-state-name
  (lambda (state name)
    (%need-state 'async-io-state-name state)
    (%set-state-name! state name)))

(define (async-io-state-user-info state)
  "(async-io-state-user-info state): what the program keeps with STATE, any object; (set! (async-io-state-user-info state) obj) changes it. [LispWorks]"
  (%need-state 'async-io-state-user-info state)
  (%state-user-info state))

(attach-setter! async-io-state-user-info
  (lambda (state info)
    (%need-state 'async-io-state-user-info state)
    (%set-state-user-info! state info)))

(define (async-io-state-read-timeout state)
  "(async-io-state-read-timeout state): the seconds after which an operation that reads and gets nothing is over, or #f;
 (set! (async-io-state-read-timeout state) s) changes it. [LispWorks]"
  (%need-state 'async-io-state-read-timeout state)
  (%state-read-timeout state))

(attach-setter! async-io-state-read-timeout
  (lambda (state seconds)
    (%need-state 'async-io-state-read-timeout state)
    (need-timeout 'async-io-state-read-timeout 'read-timeout seconds)
    (%set-state-read-timeout! state seconds)))

(define (async-io-state-write-timeout state)
  "(async-io-state-write-timeout state): the seconds after which an operation that writes and gets nothing rid is over, or #f;
 (set! (async-io-state-write-timeout state) s) changes it. [LispWorks]"
  (%need-state 'async-io-state-write-timeout state)
  (%state-write-timeout state))

(attach-setter! async-io-state-write-timeout
  (lambda (state seconds)
    (%need-state 'async-io-state-write-timeout state)
    (need-timeout 'async-io-state-write-timeout 'write-timeout seconds)
    (%set-state-write-timeout! state seconds)))

(define (async-io-state-max-read state)
  "(async-io-state-max-read state): how many octets come at most between two calls of the callback of async-io-state-read-with-checking;
 (set! (async-io-state-max-read state) n) changes it. [LispWorks]"
  (%need-state 'async-io-state-max-read state)
  (%state-max-read state))

(attach-setter! async-io-state-max-read
  (lambda (state count)
    (%need-state 'async-io-state-max-read state)
    (%need-max-read 'async-io-state-max-read count)
    (%set-state-max-read! state count)))

(define (%need-max-read who count)
  "Complains in the name of WHO unless COUNT is a positive integer."
  (if (not (and (exact-integer? count) (> count 0)))
      (raise-wrong-argument who 'max-read "a positive integer" count)))

(define (async-io-state-old-length state)
  "(async-io-state-old-length state): how much of the buffer the callback of async-io-state-read-with-checking has seen before. [LispWorks]"
  (%need-state 'async-io-state-old-length state)
  (%state-old-length state))

(define (async-io-state-read-status state)
  "(async-io-state-read-status state): how the last operation of STATE that reads ended: #f if in order, eof, timeout, or a condition. [LispWorks]"
  (%need-state 'async-io-state-read-status state)
  (%state-read-status state))

(define (async-io-state-write-status state)
  "(async-io-state-write-status state): how the last operation of STATE that writes ended: #f if in order, timeout, or a condition. [LispWorks]"
  (%need-state 'async-io-state-write-status state)
  (%state-write-status state))

(define (async-io-state-buffered-data-length state)
  "(async-io-state-buffered-data-length state): how many octets STATE has received that no operation has taken. [LispWorks]"
  (%need-state 'async-io-state-buffered-data-length state)
  (%state-held state))

(define* (async-io-state-get-buffered-data state buffer #:key (start 0) (end #f))
  "(async-io-state-get-buffered-data state buffer [#:start n] [#:end n]): moves what STATE has buffered into BUFFER, a bytevector, as much as fits: how many
octets. Not while an operation reads; a closed state can be asked, too. Raises &async-io-busy-error while one does. [LispWorks]"
  (let ((who 'async-io-state-get-buffered-data))
    (%need-state who state)
    (let* ((start (or start 0)) (end (%end-of who buffer start end)))
      (if (%state-read-op state) (%raise-busy state))
      (%move-held! state buffer start end))))

(define (%move-held! state buffer start end)
  "Moves octets that STATE holds into BUFFER from START to END: how many."
  (let ((count (min (%state-held state) (- end start))))
    (bytevector-copy! buffer start (%state-buffer state) 0 count)
    (%drop-held! state count)
    count))

(define (%drop-held! state count)
  "Drops the first COUNT octets that STATE holds."
  (let ((held (%state-held state)) (buffer (%state-buffer state)))
    (if (> count 0) (bytevector-copy! buffer 0 buffer count held))
    (%set-state-held! state (- held count))))

;;; ---- Running operations --------------------------------------------------------------------------------------------------

(define (%raise-busy state)
  "Complains that an operation of STATE runs."
  (raise (make-exception (%record &async-io-busy-error state)
                         (make-exception-with-message "an operation of this state runs already:")
                         (make-exception-with-irritants (list state)))))

(define (%end-of who buffer start end)
  "END, or the length of BUFFER, a bytevector, checked with START to be a part of it."
  (if (not (bytevector? buffer)) (raise-wrong-argument who 2 "a bytevector" buffer))
  (%check-part who (bytevector-length buffer) start end))

(define (%check-part who length start end)
  "END, or LENGTH, checked with START to be a part of something of that length."
  (let ((end (or end length)))
    (if (not (exact-integer? start)) (raise-wrong-argument who 'start "an exact integer" start))
    (if (not (exact-integer? end)) (raise-wrong-argument who 'end "an exact integer" end))
    (if (not (<= 0 start length)) (scm-error 'out-of-range (symbol->string who) "the start ~S is not in the buffer" (list start) (list start)))
    (if (not (<= start end length)) (scm-error 'out-of-range (symbol->string who) "the end ~S is not in the buffer" (list end) (list end)))
    end))

(define (%need-callbacks who position callback error-callback)
  "Complains in the name of WHO unless CALLBACK is a procedure, and ERROR-CALLBACK one or #f."
  (if (not (procedure? callback)) (raise-wrong-argument who position "a procedure" callback))
  (need-procedure who 'error-callback error-callback))

(define (%connecting? state)
  "Whether STATE is being connected."
  (let ((operation (%state-write-op state)))
    (and operation (eq? (%operation-step operation) %step-connecting))))

(define (%start! who state operation timeout user-info)
  "Starts OPERATION of STATE. TIMEOUT and USER-INFO are kept if they are not #f."
  (let ((write? (%operation-write? operation)))
    (need-timeout who 'timeout timeout)
    (if (not (%state-open? state)) (error (string-append (symbol->string who) ": the state is closed:") state))
    (if (if write?
            (and (%state-write-op state) (not (%state-queue? state)))
            (or (%state-read-op state) (%connecting? state)))
        (%raise-busy state))
    (if timeout
        (if write?
            (%set-state-write-timeout! state timeout)
            (%set-state-read-timeout! state timeout)))
    (if user-info (%set-state-user-info! state user-info))
    (cond ((not write?)
           (%set-state-read-op! state operation)
           (%launch! state operation))
          ((not (%state-write-op state))
           (%set-state-write-op! state operation)
           (%launch! state operation))
          (else
           (if (not (%state-waiting state)) (%set-state-waiting! state (%make-line)))
           (%line-push! (%state-waiting state) operation)))
    (if #f #f)))

(define (%launch! state operation)
  "Has the first attempt of OPERATION, which runs now, made in the next call."
  (let ((collection (%watch-collection (%state-watch state))))
    (if (%operation-write? operation)
        (%set-state-write-status! state #f)
        (%set-state-read-status! state #f))
    (%renew! state operation)
    (if (%inside? collection)
        (%line-push! (%collection-fresh collection) (cons state operation))
        (begin
          (%set-operation-seen! operation 'sent)
          (%send-message! collection %admit! state operation)))))

(define (%admit! state operation)
  "Takes up OPERATION, which was started before."
  (%set-operation-seen! operation #f)
  (%line-push! (%collection-due (%watch-collection (%state-watch state))) (cons state operation)))

(define (%renew! state operation)
  "Something has come or gone, or OPERATION starts: its time begins."
  (let ((write? (%operation-write? operation)))
    (let ((seconds (if write? (%state-write-timeout state) (%state-read-timeout state))))
      (if (or seconds (if write? (%watch-write-time (%state-watch state)) (%watch-read-time (%state-watch state))))
          (%set-time! (%state-watch state) write? seconds)))))

(define (%running? state operation)
  "Whether OPERATION is one that STATE runs now."
  (eq? operation (if (%operation-write? operation) (%state-write-op state) (%state-read-op state))))

(define (%begin fresh)
  "The first attempt of an operation, unless the poller knows best when that is: FRESH is a pair of its state and it."
  (if (not (%await! fresh))
      (let ((operation (cdr fresh)))
        (%set-operation-seen! operation #t)
        ((%operation-step operation) (car fresh) operation))))

(define (%await! fresh)
  "Whether the operation of FRESH, a pair of its state and it, is none to be attempted now: the poller waits for it, or it is over."
  (let* ((state (car fresh)) (operation (cdr fresh))
         (leave! (lambda (bit)
                   (%set-operation-seen! operation #t)
                   (%want! (%state-watch state) bit)
                   #t)))
    (cond ((not (%running? state operation)) #t)
          ((%operation-write? operation)
           (and (eq? (%operation-step operation) %step-connecting)
                (not (%operation-done operation))
                (leave! 2)))
          ((or (> (%state-held state) 0)
               (eqv? (%operation-start operation) (%operation-end operation))
               (%state-last state)
               (port-closed? (%watch-port (%state-watch state))))
           #f)
          (else (leave! 1)))))

(define (%wanted-by-state? state read? write?)
  "Whether an operation of STATE wants to read, if READ? is true, or to write, if WRITE? is. What it does not want it is not told again."
  (let ((watch (%state-watch state)))
    (if (and read? (not (%state-read-op state))) (%unwant! watch 1))
    (if (and write? (not (%state-write-op state))) (%unwant! watch 2))
    (or (and read? (%state-read-op state) #t)
        (and write? (%state-write-op state) #t))))

(define (%serve-state state read? write?)
  "One step of the operations of STATE, which can read, if READ? is true, or write, if WRITE? is."
  (if read? (%serve-operation state (%state-read-op state) 1))
  (if (and write? (%state-open? state)) (%serve-operation state (%state-write-op state) 2)))

(define (%serve-operation state operation bit)
  "One step of OPERATION, which is #f if there is none."
  (cond ((not operation) (%unwant! (%state-watch state) bit))
        ((eq? #t (%operation-seen? operation)) ((%operation-step operation) state operation))))

(define (%end-late state write?)
  "The operation of STATE that writes, or reads, has come to the end of its time."
  (let ((operation (if write? (%state-write-op state) (%state-read-op state))))
    (cond ((not operation))
          ((eq? (%operation-step operation) %step-connecting) (%end-connecting-late state operation))
          (else (%end! state operation 'timeout)))))

(define (%forget-operation! state write?)
  "Forgets the operation of STATE that reads, or writes with all that wait, without callbacks: the operation, or #f."
  (let ((operation (if write? (%state-write-op state) (%state-read-op state))))
    (if write?
        (begin
          (%set-state-write-op! state #f)
          (if (%state-waiting state) (%line-clear! (%state-waiting state))))
        (%set-state-read-op! state #f))
    (%set-time! (%state-watch state) write? #f)
    operation))

(define (%retire! state operation)
  "OPERATION is over: the next of those that wait is taken up."
  (let ((waiting (%state-waiting state)))
    (cond ((not (%operation-write? operation))
           (%set-state-read-op! state #f)
           (%set-time! (%state-watch state) #f #f))
          ((and waiting (not (%line-empty? waiting)))
           (let ((next (%line-pop! waiting)))
             (%set-state-write-op! state next)
             (%renew! state next)
             (%admit! state next)))
          (else
           (%set-state-write-op! state #f)
           (%set-time! (%state-watch state) #t #f)))))

(define (%end! state operation status)
  "OPERATION has ended with STATUS: calls back."
  (%retire! state operation)
  (if (%condition? status) (%note-condition! status 'connection state))
  (if (%operation-write? operation)
      (%set-state-write-status! state status)
      (%set-state-read-status! state status))
  ((%operation-tell operation)
   (or (and status (not (eq? status 'timeout)) (%operation-error-callback operation))
       (%operation-callback operation))
   state
   operation))

(define (%end-input! state operation status)
  "Nothing more can be read: STATUS is eof or a condition."
  (if (not (%state-datagram? state)) (%set-state-last! state status))
  (%end! state operation status))

;;; ---- Reading and writing octets ------------------------------------------------------------------------------------------

(define (%tell-count procedure state operation)
  "Calls PROCEDURE with the buffer and how much of it is done."
  (procedure state (%operation-buffer operation) (- (%operation-done operation) (%operation-start operation))))

(define (%tell-state procedure state operation)
  "Calls PROCEDURE with the state alone."
  (procedure state))

(define* (async-io-state-read-buffer state buffer callback #:key (start 0) (end #f) (timeout #f) (error-callback #f) (user-info #f))
  "(async-io-state-read-buffer state buffer callback [#:start n] [#:end n] [#:timeout s] [#:error-callback proc] [#:user-info obj]): fills BUFFER, a
bytevector, from START to END, then calls (CALLBACK state buffer octets). If the end of the input or an error comes first, ERROR-CALLBACK is called
so. Raises &async-io-busy-error while another operation that reads runs; for a closed state an error. [LispWorks]"
  (let ((who 'async-io-state-read-buffer) (start (or start 0)))
    (%need-state who state)
    (let ((end (%end-of who buffer start end)))
      (%need-callbacks who 3 callback error-callback)
      (%start! who state
               (%make-operation %step-filling %tell-count #f buffer start end start callback error-callback #f #f)
               timeout user-info))))

(define (%step-filling state operation)
  "Fills the buffer of OPERATION."
  (let ((buffer (%operation-buffer operation)) (end (%operation-end operation)))
    (if (> (%state-held state) 0)
        (let ((done (%operation-done operation)))
          (%set-operation-done! operation (+ done (%move-held! state buffer done end)))))
    (let ((done (%operation-done operation)))
      (cond ((= done end) (%end! state operation #f))
            ((%state-last state) (%end! state operation (%state-last state)))
            (else
             (let ((count (%try-recv! (%watch-port (%state-watch state)) buffer done end)))
               (cond ((not count) (%want! (%state-watch state) 1))
                     ((not (exact-integer? count)) (%end-input! state operation count))
                     ((= count 0) (%end-input! state operation 'eof))
                     (else
                      (%set-operation-done! operation (+ done count))
                      (if (= (+ done count) end)
                          (%end! state operation #f)
                          (begin
                            (%want! (%state-watch state) 1)
                            (%renew! state operation)))))))))))

(define* (async-io-state-write-buffer state buffer callback #:key (start 0) (end #f) (timeout #f) (error-callback #f) (user-info #f))
  "(async-io-state-write-buffer state buffer callback [#:start n] [#:end n] [#:timeout s] [#:error-callback proc] [#:user-info obj]): writes BUFFER, a
bytevector or a string of characters up to 255, from START to END, then calls (CALLBACK state buffer octets). If an error comes first, ERROR-CALLBACK is
called so. Raises &async-io-busy-error while another operation that writes runs; for a closed state an error. [LispWorks]"
  (let ((who 'async-io-state-write-buffer) (start (or start 0)))
    (%need-state who state)
    (let* ((octets (%octets who 2 buffer)) (end (%check-part who (bytevector-length octets) start end)))
      (%need-callbacks who 3 callback error-callback)
      (%start! who state
               (%make-operation %step-writing %tell-count #t buffer start end start callback error-callback #f octets)
               timeout user-info))))

(define (%octets who position buffer)
  "BUFFER, a bytevector, or the octets that it says as a string."
  (cond ((bytevector? buffer) buffer)
        ((not (string? buffer)) (raise-wrong-argument who position "a bytevector or a string" buffer))
        ((string-index buffer (lambda (char) (> (char->integer char) 255)))
         (raise-wrong-argument who position "a bytevector, or a string of characters up to 255" buffer))
        (else (u8-list->bytevector (map char->integer (string->list buffer))))))

(define (%step-writing state operation)
  "Sends what is left of the buffer of OPERATION."
  (let ((done (%operation-done operation)) (end (%operation-end operation)))
    (if (= done end)
        (%end! state operation #f)
        (%note-sent state operation (%try-send (%watch-port (%state-watch state)) (%operation-extra operation) done end)))))

(define (%note-sent state operation count)
  "OPERATION has sent COUNT octets; #f for having to wait, or a condition."
  (cond ((not count) (%want! (%state-watch state) 2))
        ((not (exact-integer? count)) (%end! state operation count))
        (else
         (let ((done (+ (%operation-done operation) count)))
           (%set-operation-done! operation done)
           (if (= done (%operation-end operation))
               (%end! state operation #f)
               (begin
                 (%want! (%state-watch state) 2)
                 (%renew! state operation)))))))

;;; ---- Reading with checking -----------------------------------------------------------------------------------------------
;;;
;;; START is #f, so that no first attempt is made without data; DONE is #f until the callback was called, and then what it has left. EXTRA is the
;;; element-type.

(define* (async-io-state-read-with-checking state callback #:key (timeout #f) (max-read #f) (error-callback #f) (user-info #f)
                                            (element-type 'unsigned-byte-8))
  "(async-io-state-read-with-checking state callback [#:timeout s] [#:max-read n] [#:error-callback proc] [#:user-info obj] [#:element-type type]): each
time that data has come, calls (CALLBACK state buffer end) with all that is buffered, until that calls async-io-state-finish. TYPE is unsigned-byte-8, for
bytevectors, or base-char, for strings. Raises &async-io-busy-error while another operation that reads runs; for a closed state an error. [LispWorks]"
  (let ((who 'async-io-state-read-with-checking))
    (%need-state who state)
    (%need-callbacks who 2 callback error-callback)
    (if max-read (%need-max-read who max-read))
    (let ((type (need-choice who 'element-type (or element-type 'unsigned-byte-8) '(unsigned-byte-8 base-char))))
      (need-timeout who 'timeout timeout)
      (%start! who state
               (%make-operation %step-checking %tell-buffered #f #f #f 0 #f callback error-callback #f type)
               timeout user-info)
      (if max-read (%set-state-max-read! state max-read)))))

(define %largest-piece (* 256 1024))

(define (%step-checking state operation)
  "Receives more, and shows all that is buffered to the callback of OPERATION."
  (cond ((and (not (%operation-done operation)) (> (%state-held state) 0)) (%tell-buffered (%operation-callback operation) state operation))
        ((%state-last state) (%end! state operation (%state-last state)))
        (else
         (let* ((held (%state-held state))
                (end (+ held (min (%state-max-read state) %largest-piece)))
                (count (%try-recv! (%watch-port (%state-watch state)) (%room! state end) held end)))
           (cond ((not count) (%want! (%state-watch state) 1))
                 ((not (exact-integer? count)) (%end-input! state operation count))
                 ((= count 0) (%end-input! state operation 'eof))
                 (else
                  (%set-state-held! state (+ held count))
                  (%renew! state operation)
                  (%tell-buffered (%operation-callback operation) state operation)
                  (if (%running? state operation) (%want! (%state-watch state) 1))))))))

(define (%room! state size)
  "The buffer of STATE, of at least SIZE octets."
  (let ((buffer (%state-buffer state)))
    (if (and buffer (<= size (bytevector-length buffer)))
        buffer
        (let ((larger (make-bytevector (if buffer (max size (* 2 (bytevector-length buffer))) size))))
          (if buffer (bytevector-copy! larger 0 buffer 0 (%state-held state)))
          (%set-state-buffer! state larger)
          larger))))

(define (%tell-buffered procedure state operation)
  "Shows all that is buffered to PROCEDURE. If that does not return, OPERATION is over."
  (let ((returned? #f))
    (%set-state-old-length! state (or (%operation-done operation) 0))
    (dynamic-wind
      (lambda () (%set-state-lent! state operation))
      (lambda ()
        (procedure state (%shown state (%operation-extra operation)) (%state-held state))
        (set! returned? #t))
      (lambda ()
        (%set-state-lent! state #f)
        (%set-operation-done! operation (%state-held state))
        (if (and (not returned?) (%running? state operation)) (%retire! state operation))))))

(define (%shown state type)
  "What STATE has buffered, as the callback sees it."
  (let ((buffer (or (%state-buffer state) (bytevector))))
    (if (eq? type 'base-char)
        (let* ((held (%state-held state)) (text (make-string held)))
          (do ((k 0 (+ k 1)))
              ((= k held) text)
            (string-set! text k (integer->char (bytevector-u8-ref buffer k)))))
        buffer)))

(define (async-io-state-discard state n)
  "(async-io-state-discard state n): in the callback of async-io-state-read-with-checking, drops the first N octets of what is buffered: how many are left. The
buffer must not be used after it. [LispWorks]"
  (%check-lent 'async-io-state-discard state n)
  (%drop-held! state n)
  (%state-held state))

(define* (async-io-state-finish state #:optional (n 0))
  "(async-io-state-finish state [n]): in the callback of async-io-state-read-with-checking, ends the operation and drops the first N octets of what is
buffered: how many are left, for the next operation. [LispWorks]"
  (%check-lent 'async-io-state-finish state n)
  (let ((operation (%state-lent state)))
    (if (and (%operation? operation) (%running? state operation)) (%retire! state operation))
    (%drop-held! state n)
    (%state-held state)))

(define (%check-lent who state n)
  "Complains unless a callback sees the buffer of STATE now, and N is a number of octets of it."
  (%need-state who state)
  (if (not (%state-lent state))
      (error (string-append (symbol->string who) ": only for callbacks of async-io-state-read-with-checking:") state))
  (if (not (exact-integer? n)) (raise-wrong-argument who 2 "an exact integer" n))
  (if (not (<= 0 n (%state-held state)))
      (scm-error 'out-of-range (symbol->string who) "so many octets are not buffered: ~S" (list n) (list n))))

;;; ---- Waiting, and messages -----------------------------------------------------------------------------------------------

(define* (async-io-state-wait-for-input state callback #:key (timeout #f) (user-info #f))
  "(async-io-state-wait-for-input state callback [#:timeout s] [#:user-info obj]): calls (CALLBACK state) when something can be read. Raises &async-io-busy-error while another operation that reads runs; for a closed state an error. [LispWorks]"
  (let ((who 'async-io-state-wait-for-input))
    (%need-state who state)
    (%need-callbacks who 2 callback #f)
    (%start! who state (%make-operation %step-awaiting %tell-state #f #f #f 0 0 callback #f #f #f) timeout user-info)))

(define (%step-awaiting state operation)
  "There is something to read."
  (%end! state operation #f))

(define* (async-io-state-receive-message state buffer callback #:key (start 0) (end #f) (timeout #f) (error-callback #f)
                                         (needs-address #f) (user-info #f))
  "(async-io-state-receive-message state buffer callback [#:start n] [#:end n] [#:timeout s] [#:error-callback proc] [#:needs-address flag]
[#:user-info obj]): receives one message into BUFFER, a bytevector, from START to END, then calls (CALLBACK state buffer octets), or with
NEEDS-ADDRESS true (CALLBACK state buffer octets address port). Raises &async-io-busy-error while another operation that reads runs; for a closed state an error. [LispWorks]"
  (let ((who 'async-io-state-receive-message) (start (or start 0)))
    (%need-state who state)
    (let ((end (%end-of who buffer start end)))
      (%need-callbacks who 3 callback error-callback)
      (%start! who state
               (%make-operation %step-receiving (if needs-address %tell-sender %tell-count) #f buffer start end start callback
                                error-callback #f #f)
               timeout user-info))))

(define (%step-receiving state operation)
  "Receives a message for OPERATION."
  (let ((buffer (%operation-buffer operation)) (start (%operation-start operation)) (end (%operation-end operation)))
    (cond ((> (%state-held state) 0)
           (%set-operation-done! operation (+ start (%move-held! state buffer start end)))
           (%end! state operation #f))
          ((%state-last state) (%end! state operation (%state-last state)))
          (else
           (let ((received (%try-recvfrom! (%watch-port (%state-watch state)) buffer start end)))
             (cond ((not received) (%want! (%state-watch state) 1))
                   ((not (pair? received)) (%end-input! state operation received))
                   ((and (eqv? (car received) 0) (< start end) (not (%state-datagram? state))) (%end-input! state operation 'eof))
                   (else
                    (%set-operation-done! operation (+ start (car received)))
                    (%set-operation-extra! operation (cdr received))
                    (%end! state operation #f))))))))

(define (%tell-sender procedure state operation)
  "Calls PROCEDURE with the buffer, how much of it is done, and where that came from."
  (call-with-values (lambda () (sockaddr-values (%operation-extra operation)))
    (lambda (address port)
      (procedure state (%operation-buffer operation) (- (%operation-done operation) (%operation-start operation)) address port))))

(define* (async-io-state-send-message state buffer callback #:key (start 0) (end #f) (timeout #f) (error-callback #f) (user-info #f))
  "(async-io-state-send-message state buffer callback [#:start n] [#:end n] [#:timeout s] [#:error-callback proc] [#:user-info obj]): sends BUFFER, a
bytevector or a string of characters up to 255, from START to END, as one message to where the socket is connected, then calls (CALLBACK state). Raises &async-io-busy-error while another operation that writes runs; for a closed state an error. [LispWorks]"
  (%start-sending 'async-io-state-send-message state #f 2 buffer callback (or start 0) end timeout error-callback user-info))

(define* (async-io-state-send-message-to-address state hostspec service buffer callback #:key (start 0) (end #f) (timeout #f)
                                                 (error-callback #f) (user-info #f))
  "(async-io-state-send-message-to-address state hostspec service buffer callback [#:start n] [#:end n] [#:timeout s] [#:error-callback proc]
[#:user-info obj]): sends BUFFER, a bytevector or a string of characters up to 255, from START to END, as one message, then calls (CALLBACK
state). Raises &async-io-busy-error while another operation that writes runs; for a closed state an error. HOSTSPEC and SERVICE are looked up at once, which raises a &lookup-error. [LispWorks]"
  (let ((who 'async-io-state-send-message-to-address))
    (%need-state who state)
    (need-host who 2 hostspec)
    (need-service who 3 service)
    (%start-sending who state (lambda () (%destination state hostspec service)) 4 buffer callback (or start 0) end timeout error-callback
                    user-info)))

(define (%destination state host service)
  "The sockaddr of HOST and SERVICE for the socket of STATE."
  (let* ((port (service-port service 'udp))
         (address (car (connect-addresses host (%state-ipv6 state)))))
    (address->sockaddr (if (and (ipv4-address? address) (eq? 'ipv6 (socket-family (%watch-port (%state-watch state)))))
                           (map-address address)
                           address)
                       port)))

(define (%start-sending who state destination position buffer callback start end timeout error-callback user-info)
  "Starts to send a message, to the sockaddr that the thunk DESTINATION gives if it is not #f."
  (%need-state who state)
  (let* ((octets (%octets who position buffer)) (end (%check-part who (bytevector-length octets) start end)))
    (%need-callbacks who (+ position 1) callback error-callback)
    (need-timeout who 'timeout timeout)
    (%start! who state
             (%make-operation %step-sending %tell-state #t octets start end start callback error-callback #f
                              (and destination (destination)))
             timeout user-info)))

(define (%step-sending state operation)
  "Sends the message of OPERATION."
  (let ((port (%watch-port (%state-watch state))) (to (%operation-extra operation))
        (buffer (%operation-buffer operation)) (done (%operation-done operation)) (end (%operation-end operation)))
    (%note-sent state operation (if to (%try-sendto port buffer to done end) (%try-send port buffer done end)))))

;;; ---- Giving up -----------------------------------------------------------------------------------------------------------

(define* (async-io-state-abort state abort-callback #:optional (direction 'input))
  "(async-io-state-abort state abort-callback [direction]): stops, later and in the process of the collection, the operation of STATE in DIRECTION input,
output or io, without its callback; calls ABORT-CALLBACK with the arguments that one would have had; with the state alone for io; with the state and #fs
if nothing was running. [LispWorks]"
  (let ((who 'async-io-state-abort))
    (%need-state who state)
    (if (not (procedure? abort-callback)) (raise-wrong-argument who 2 "a procedure" abort-callback))
    (let ((direction (value-symbol direction)))
      (if (not (memq direction '(input output io))) (raise-wrong-argument who 3 "input, output or io" direction))
      (%send-message! (%watch-collection (%state-watch state)) %abort state abort-callback direction)
      (if #f #f))))

(define (%abort state callback direction)
  "Stops what STATE does in DIRECTION."
  (if (eq? direction 'io)
      (begin
        (%stop-operation! state #f)
        (%stop-operation! state #t)
        (%lending state (lambda () (callback state))))
      (let ((operation (%stop-operation! state (eq? direction 'output))))
        (%lending state
          (lambda ()
            (if operation
                ((%operation-tell operation) callback state operation)
                (callback state #f #f)))))))

(define (%stop-operation! state write?)
  "Forgets the operation of STATE that reads, or writes, unless it was started after the message that says so: the operation, or #f."
  (let ((operation (if write? (%state-write-op state) (%state-read-op state))))
    (and operation
         (not (eq? 'sent (%operation-seen? operation)))
         (%forget-operation! state write?))))

(define (%lending state thunk)
  "Calls THUNK, which may discard what STATE has buffered."
  (dynamic-wind
    (lambda () (%set-state-lent! state #t))
    thunk
    (lambda () (%set-state-lent! state #f))))

(define* (async-io-state-abort-and-close state #:key (close-callback #f) (keep-alive-p #f))
  "(async-io-state-abort-and-close state [#:close-callback proc] [#:keep-alive-p flag]): stops, later and in the process of the collection, the operations of
STATE, closes it, and calls (CLOSE-CALLBACK state). [LispWorks]"
  (let ((who 'async-io-state-abort-and-close))
    (%need-state who state)
    (need-procedure who 'close-callback close-callback)
    (%send-message! (%watch-collection (%state-watch state)) %abort-and-close state close-callback keep-alive-p)
    (if #f #f)))

(define (%abort-and-close state callback keep?)
  "Closes STATE and calls CALLBACK."
  (%close-state state keep?)
  (if callback (callback state)))
