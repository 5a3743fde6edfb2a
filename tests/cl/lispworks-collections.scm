; Wait-state-collections: messages, loops, processes in the background, handlers, closing.
(import (lispworks comm) (fibers))
(define-syntax-rule (raised expression) (guard (x (#t x)) expression))
(define (kind x) (if (exception? x) (exception-kind x) x))
(define log '())
(define (note . x) (set! log (cons x log)))
(define (logged) (let ((l (reverse log))) (set! log '()) l))
(define c (make-wait-state-collection))
(define (call) (call-wait-state-collection c) (logged))
(map wait-state-collection? (list c 5))      ; expect: (#t #f)
(wait-state-collection-alive-p c)            ; expect: #t
(call)                                       ; expect: ()

; Messages: in order, never at once, and those sent from messages in the next call.
(apply-in-wait-state-collection-process c note 1 2)
(apply-in-wait-state-collection-process c (lambda () (note 'a) (apply-in-wait-state-collection-process c note 'nested)))
(apply-in-wait-state-collection-process c note)
(list (logged) (call) (call) (call))         ; expect: (() ((1 2) (a) ()) ((nested)) ())
(apply-in-wait-state-collection-process c note 'waited)
(wait-for-wait-state-collection c)
(list (logged) (call))                       ; expect: (() ((waited)))
; Messages come before steps.
(define b (make-bytevector 4))
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define s (create-async-io-state c (car p)))
(async-io-state-write-buffer s b (lambda x (note 'wrote)))
(apply-in-wait-state-collection-process c note 'message)
(call)                                       ; expect: ((message) (wrote))
; What a message raises comes out; the others are handled in the next call.
(apply-in-wait-state-collection-process c (lambda () (raise 'first)))
(apply-in-wait-state-collection-process c note 'second)
(list (raised (call)) (call))                ; expect: (first ((second)))
(map (lambda (thunk) (kind (raised (thunk))))
     (list (lambda () (apply-in-wait-state-collection-process c 5)) (lambda () (apply-in-wait-state-collection-process 5 note)) (lambda () (call-wait-state-collection 5))
           (lambda () (wait-for-wait-state-collection p)) (lambda () (loop-processing-wait-state-collection #f)) (lambda () (close-wait-state-collection 5))
           (lambda () (wait-state-collection-stop-loop 5)) (lambda () (wait-state-collection-alive-p 5))
           (lambda () (create-and-run-wait-state-collection "x" #:handler 5)) (lambda () (create-and-run-wait-state-collection "x" #:hand 5)))) ; expect: (wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg wrong-type-arg keyword-argument-error)

; Waiting ends when a state is ready, calls nothing, and ends again until somebody calls.
(async-io-state-read-buffer s b (lambda x (note 'read)))
(call)
(define feeder (spawn-fiber (lambda () (usleep 10000) (send (cdr p) "data"))))
(wait-for-wait-state-collection c)
(wait-for-wait-state-collection c)
(list (logged) (call))                       ; expect: (() ((read)))
; Or when a deadline has passed.
(async-io-state-read-buffer s b (lambda (state buffer n) (note (async-io-state-read-status state))) #:timeout 0.02)
(call)
(wait-for-wait-state-collection c)
(list (logged) (call))                       ; expect: (() ((timeout)))
; Or when a message has come, from another fiber.
(define feeder (spawn-fiber (lambda () (usleep 10000) (apply-in-wait-state-collection-process c note 'from-outside))))
(wait-for-wait-state-collection c)
(call)                                       ; expect: ((from-outside))
; Nobody wants what has come: that ends no wait.
(send (cdr p) "more")
(define feeder (spawn-fiber (lambda () (usleep 30000) (apply-in-wait-state-collection-process c note 'woken))))
(wait-for-wait-state-collection c)
(call)                                       ; expect: ((woken))
(async-io-state-read-buffer s b (lambda x (note 'kept)))
(call)                                       ; expect: ((kept))

; The loop, which is run again.
(define (looped) (loop-processing-wait-state-collection c) (logged))
(apply-in-wait-state-collection-process c (lambda () (note 'stop) (wait-state-collection-stop-loop c) (apply-in-wait-state-collection-process c note 'left)))
(apply-in-wait-state-collection-process c note 'same-call)
(looped)                                     ; expect: ((stop) (same-call))
(apply-in-wait-state-collection-process c (lambda () (wait-state-collection-stop-loop c)))
(looped)                                     ; expect: ((left))
(define stopper (spawn-fiber (lambda () (usleep 10000) (wait-state-collection-stop-loop c))))
(looped)                                     ; expect: ()
(apply-in-wait-state-collection-process c (lambda () (note (exception? (raised (loop-processing-wait-state-collection c)))) (wait-state-collection-stop-loop c)))
(looped)                                     ; expect: ((#t))
(apply-in-wait-state-collection-process c (lambda () (raise 'out)))
(raised (looped))                            ; expect: out
; Stopping what does not run means nothing for the next run.
(wait-state-collection-stop-loop c)
(apply-in-wait-state-collection-process c (lambda () (note 'ran) (wait-state-collection-stop-loop c)))
(looped)                                     ; expect: ((ran))
; Others may not run it meanwhile, nor close it.
(define other (spawn-fiber (lambda () (map (lambda (f) (exception? (raised (f c)))) (list call-wait-state-collection wait-for-wait-state-collection loop-processing-wait-state-collection close-wait-state-collection)))))
(apply-in-wait-state-collection-process c (lambda () (note (fiber-join other)) (wait-state-collection-stop-loop c)))
(looped)                                     ; expect: (((#t #t #t #t)))

; Closing closes states and handles without callbacks; the collection can be used again.
(async-io-state-read-buffer s b (lambda x (note 'never)))
(define h (accept-tcp-connections-creating-async-io-states c #f (lambda x (note 'never))))
(define port (accepting-handle-local-port h))
(close-wait-state-collection c)
(list (call) (port-closed? (car p)) (accepting-handle-socket h)) ; expect: (() #t #f)
(car (call-with-values (lambda () (connect-to-tcp-server "127.0.0.1" port)) list)) ; expect: #f
(close-wait-state-collection c)
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define s (create-async-io-state c (car p)))
(send (cdr p) "again")
(async-io-state-read-buffer s b (lambda x (note 'again)))
(call)                                       ; expect: ((again))
; From inside.
(define t (create-async-io-state c (cdr p)))
(async-io-state-write-buffer s b (lambda x (note 'closing) (close-wait-state-collection c)))
(async-io-state-write-buffer t b (lambda x (note 'never)))
(list (call) (call))                         ; expect: (((closing)) ())
(map port-closed? (list (car p) (cdr p)))    ; expect: (#t #t)

; A process in the background goes on while the program waits for something else.
(define (await thunk) (let loop ((n 0)) (if (and (not (thunk)) (< n 500)) (begin (usleep 2000) (loop (+ n 1))))))
(define k (create-and-run-wait-state-collection "worker"))
(wait-state-collection-alive-p k)            ; expect: #t
(define h (accept-tcp-connections-creating-async-io-states k #f
  (lambda (h state)
    (let ((b (make-bytevector 4)))
      (let again () (async-io-state-read-buffer state b (lambda (s b n) (if (async-io-state-read-status s) (close-async-io-state s) (async-io-state-write-buffer s b (lambda (s b n) (again)))))))))))
(define x (connect-to-tcp-server "127.0.0.1" (accepting-handle-local-port h)))
(define (echo text) (send x text) (let ((b (make-bytevector 4))) (recv! x b) (utf8->string b)))
(list (echo "ping") (echo "pong"))           ; expect: ("ping" "pong")
(run-fibers (lambda () (echo "fibr")))       ; expect: "fibr"
; Operations that others start are passed on; a busy one complains at once.
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define s (create-async-io-state k (car p)))
(async-io-state-read-buffer s b (lambda (s b n) (note 'read (utf8->string b))))
(async-io-busy-error? (raised (async-io-state-read-buffer s b note))) ; expect: #t
(logged)                                     ; expect: ()
(send (cdr p) "abcd")
(await (lambda () (pair? log)))
(logged)                                     ; expect: ((read "abcd"))
(async-io-state-abort s (lambda x (note (cdr x))))
(async-io-state-read-buffer s b (lambda (s b n) (note 'after (utf8->string b))))
(send (cdr p) "efgh")
(await (lambda () (>= (length log) 2)))
(logged)                                     ; expect: (((#f #f)) (after "efgh"))
(wait-state-collection-stop-loop k)
(await (lambda () (not (wait-state-collection-alive-p k))))
(wait-state-collection-alive-p k)            ; expect: #f
(port-closed? (car p))                       ; expect: #t
(accepting-handle-socket h)                  ; expect: #f

; What becomes of what is raised there.
(define (with-handler handler . options)
  (let* ((errors (open-output-string))
         (k (parameterize ((current-error-port errors)) (apply create-and-run-wait-state-collection "shaky" #:handler handler options))))
    (apply-in-wait-state-collection-process k (lambda () (error "went wrong:" 7)))
    (apply-in-wait-state-collection-process k note 'went-on)
    (usleep 20000)
    (let ((alive (wait-state-collection-alive-p k)))
      (wait-state-collection-stop-loop k)
      (list alive (logged) (get-output-string errors)))))
(with-handler #f)                            ; expect: (#f () "in shaky: went wrong: 7\n")
(with-handler #t)                            ; expect: (#t ((went-on)) "in shaky: went wrong: 7\n")
(with-handler 'abort)                        ; expect: (#t ((went-on)) "")
(with-handler #:abort)                       ; expect: (#t ((went-on)) "")
(with-handler (lambda (x) (note 'handled (error-object-message x)))) ; expect: (#t ((handled "went wrong:") (went-on)) "")
(define errors (open-output-string))
(define k (parameterize ((current-error-port errors)) (create-and-run-wait-state-collection "traced" #:with-backtrace #t)))
(define (go-wrong) (error "went wrong:" 8) #f)
(apply-in-wait-state-collection-process k go-wrong)
(await (lambda () (not (wait-state-collection-alive-p k))))
(let ((text (get-output-string errors))) (list (string-prefix? "in traced: went wrong: 8\n" text) (and (string-contains text "  in go-wrong ") (string-contains text "lispworks-collections.scm:") #t))) ; expect: (#t #t)
; Stopped at once, before it has run.
(define k (create-and-run-wait-state-collection 'early))
(wait-state-collection-stop-loop k)
(await (lambda () (not (wait-state-collection-alive-p k))))
(wait-state-collection-alive-p k)            ; expect: #f
; Objects print short.
(list c (create-async-io-state c (car (socketpair AF_UNIX SOCK_STREAM 0)) #:name 'joe) k) ; expect: (#<wait-state-collection> #<async-io-state joe> #<wait-state-collection early>)
; An object that somebody else has closed ends the operation with a condition.
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define s (create-async-io-state c (car p)))
(close-port (car p))
(async-io-state-read-buffer s b (lambda (state buffer n) (note n (exception? (async-io-state-read-status state)))))
(call)                                       ; expect: ((0 #t))
(close-async-io-state s)                     ; expect: 0
