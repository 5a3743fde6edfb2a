;;; Accepting handles: sockets that take connections, and make states for them.

(define-record-type (accepting-handle %keep-apart!)
  (%make-handle watch socket port function create-state name queue? nodelay keepalive own-name user-info)
  %handle?
  (watch %handle-watch %set-handle-watch!)
  ;; The listening socket and its port; #f once it is closed.
  (socket %handle-socket %set-handle-socket!)
  (port %handle-port %set-handle-port!)
  (function %handle-function)
  (create-state %handle-create-state)
  ;; For the states made.
  (name %handle-state-name)
  (queue? %handle-queue?)
  (nodelay %handle-nodelay)
  (keepalive %handle-keepalive)
  (own-name %handle-name)
  (user-info %handle-user-info))

(set-record-type-printer! accepting-handle (lambda (handle port) (%print-object 'accepting-handle (%handle-name handle) port)))

(define (accepting-handle? obj)
  "(accepting-handle? obj): whether OBJ is an accepting-handle. [LispWorks]"
  (%handle? obj))

(define* (accept-tcp-connections-creating-async-io-states collection service connection-function #:key (init-function #f) (init-timeout #f)
                                                          (backlog 5) (address #f) (nodelay #t) (keepalive #f) (ipv6 'any)
                                                          (reuseport #f) (create-state #t) (name #f) (queue-output #f)
                                                          (handle-name #f) (user-info #f))
  "(accept-tcp-connections-creating-async-io-states collection service connection-function [#:init-function proc] [#:init-timeout s] [#:backlog n]
[#:address a] [#:nodelay flag] [#:keepalive flag] [#:ipv6 which] [#:reuseport flag] [#:create-state flag] [#:name obj] [#:queue-output flag]
[#:handle-name obj] [#:user-info obj]): an accepting-handle, which listens at ADDRESS and SERVICE; for each connection (CONNECTION-FUNCTION handle state)
is called in the process of COLLECTION, with CREATE-STATE #f with the connected socket in place of a state. While the port is in use it is tried again for
INIT-TIMEOUT seconds, 60 for #f. INIT-FUNCTION is called with the socket before it listens. [LispWorks]"
  (let ((who 'accept-tcp-connections-creating-async-io-states))
    (%need-collection who collection)
    (if service (need-service who 2 service))
    (if (not (procedure? connection-function)) (raise-wrong-argument who 3 "a procedure" connection-function))
    (need-procedure who 'init-function init-function)
    (if (not (or (not init-timeout) (and (real? init-timeout) (>= init-timeout 0))))
        (raise-wrong-argument who 'init-timeout "#f or a real number that is not negative" init-timeout))
    (need-local who address #f)
    (let* ((backlog (need-backlog who backlog))
           (ipv6 (need-choice who 'ipv6 ipv6 '(#f #t any both)))
           (port (service-port service))
           (target (bind-target address ipv6))
           (sock (%listen-patiently (+ (monotonic-time) (or init-timeout 60))
                   (lambda ()
                     (open-listener target address port ipv6 #t reuseport backlog (or init-function (lambda (sock) #f))))))
           (handle (%make-handle #f sock (sockaddr:port (getsockname sock)) connection-function create-state name queue-output nodelay
                                 keepalive handle-name user-info)))
      (%set-handle-watch! handle (%new-watch handle collection sock))
      (if (%inside? collection)
          (%want! (%handle-watch handle) 1)
          (%send-message! collection (lambda () (if (%handle-socket handle) (%want! (%handle-watch handle) 1)))))
      handle)))

(define (%listen-patiently until open)
  "The value of (OPEN), which is called again while the port is in use, at least once and until the time UNTIL."
  (let ((sock (guard (failure ((and (socket-address-in-use-error? failure) (< (monotonic-time) until)) #f))
                (open))))
    (or sock
        (begin
          (usleep (exact (ceiling (* 1000000 (max 0.001 (min 0.1 (- until (monotonic-time))))))))
          (%listen-patiently until open)))))

(define (%need-handle who handle)
  "Complains in the name of WHO unless HANDLE, its first argument, is one."
  (if (not (%handle? handle)) (raise-wrong-argument who 1 "an accepting-handle" handle)))

;;; ---- Taking connections ----------------------------------------------------------------------------------------------------

(define (%accept-some handle)
  "Takes the connections that wait for HANDLE, at most 16."
  (let loop ((n 0))
    (let* ((sock (%handle-socket handle))
           (accepted (and sock (< n 16) (%try-accept sock))))
      (cond ((not accepted))
            ((pair? accepted)
             (%hand-over handle (car accepted))
             (loop (+ n 1)))
            ((eqv? (socket-error-code accepted) ECONNABORTED) (loop n))
            ((memv (socket-error-code accepted) (list EMFILE ENFILE))
             ;; Ports that nobody can reach any more still have theirs.
             (gc)
             (%unwant! (%handle-watch handle) 1)
             (%set-time! (%handle-watch handle) #f 1)
             (raise accepted))
            (else (raise accepted))))))

(define (%resume-accepting handle)
  "HANDLE has paused."
  (if (%handle-socket handle) (%want! (%handle-watch handle) 1)))

(define (%hand-over handle sock)
  "Calls the function of HANDLE for SOCK, a new connection."
  (if (%handle-keepalive handle) (setsockopt sock SOL_SOCKET SO_KEEPALIVE 1))
  (if (%handle-nodelay handle) (setsockopt sock IPPROTO_TCP TCP_NODELAY 1))
  ((%handle-function handle)
   handle
   (if (%handle-create-state handle)
       (%new-state (%watch-collection (%handle-watch handle)) sock #f #f #f #f #f (%handle-state-name handle) (%handle-queue? handle))
       sock)))

;;; ---- What handles are asked ------------------------------------------------------------------------------------------------

(define (accepting-handle-socket handle)
  "(accepting-handle-socket handle): the listening socket of HANDLE, to be asked for its address and options; #f once it is closed. [LispWorks]"
  (%need-handle 'accepting-handle-socket handle)
  (%handle-socket handle))

(define (accepting-handle-collection handle)
  "(accepting-handle-collection handle): the collection that HANDLE is in; #f once it is closed. [LispWorks]"
  (%need-handle 'accepting-handle-collection handle)
  (and (%handle-socket handle) (%watch-collection (%handle-watch handle))))

(define (accepting-handle-local-port handle)
  "(accepting-handle-local-port handle): the port at which HANDLE takes connections; #f once it is closed. [LispWorks]"
  (%need-handle 'accepting-handle-local-port handle)
  (%handle-port handle))

(define (accepting-handle-name handle)
  "(accepting-handle-name handle): the handle-name with which HANDLE was made. [LispWorks]"
  (%need-handle 'accepting-handle-name handle)
  (%handle-name handle))

(define (accepting-handle-user-info handle)
  "(accepting-handle-user-info handle): the user-info with which HANDLE was made. [LispWorks]"
  (%need-handle 'accepting-handle-user-info handle)
  (%handle-user-info handle))

(define* (close-accepting-handle handle #:optional (callback #f))
  "(close-accepting-handle handle [callback]): closes HANDLE, later and in the process of its collection, then calls (CALLBACK collection). Its connections
live on. Does nothing for a closed handle. [LispWorks]"
  (%need-handle 'close-accepting-handle handle)
  (if (not (or (not callback) (procedure? callback)))
      (raise-wrong-argument 'close-accepting-handle 2 "a procedure" callback))
  (if (%handle-socket handle)
      (%send-message! (%watch-collection (%handle-watch handle)) %close-and-tell handle callback))
  (if #f #f))

(define (%close-and-tell handle callback)
  "Closes HANDLE, if it is open, and calls CALLBACK."
  (if (%handle-socket handle)
      (begin
        (%close-handle handle)
        (if callback (callback (%watch-collection (%handle-watch handle)))))))

(define (%close-handle handle)
  "Closes HANDLE."
  (let ((sock (%handle-socket handle)))
    (if sock
        (begin
          (false-if-exception (%end-watch! (%handle-watch handle)))
          (%set-handle-socket! handle #f)
          (%set-handle-port! handle #f)
          (false-if-exception (close-port sock))))))
