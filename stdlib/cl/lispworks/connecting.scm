;;; States with a socket of their own: connected ones, and those for datagrams.

;;; A connecting is an operation that writes. DONE is #f while it is under way, #t when the socket is connected, and the failure when no address is
;;; left. EXTRA is its plan.

(define-record-type (<plan> %keep-apart!)
  (%make-plan host service port addresses open limit)
  %plan?
  ;; As the program gave them.
  (host %plan-host)
  (service %plan-service)
  (port %plan-port)
  ;; Those that were not tried yet.
  (addresses %plan-addresses %set-plan-addresses!)
  ;; Makes a socket for an address.
  (open %plan-open)
  (limit %plan-limit))

(define* (create-async-io-state-and-connected-tcp-socket collection hostspec service callback #:key (read-timeout #f) (write-timeout #f)
                                                         (user-info #f) (connect-timeout #f) (local-address #f) (local-port #f)
                                                         (keepalive #f) (nodelay #t) (name #f) (queue-output #f) (ipv6 'any))
  "(create-async-io-state-and-connected-tcp-socket collection hostspec service callback [#:connect-timeout s] [#:local-address a] [#:local-port p]
[#:keepalive flag] [#:nodelay flag] [#:ipv6 which] [#:read-timeout s] [#:write-timeout s] [#:user-info obj] [#:name obj] [#:queue-output flag]): a state in
COLLECTION, at once, whose socket is being connected. Then (CALLBACK state args) is called: ARGS is #f, or a format string and its arguments that tell of
the failure. [LispWorks]"
  (let ((who 'create-async-io-state-and-connected-tcp-socket))
    (%need-collection who collection)
    (need-host who 2 hostspec)
    (need-service who 3 service)
    (if (not (procedure? callback)) (raise-wrong-argument who 4 "a procedure" callback))
    (need-timeout who 'read-timeout read-timeout)
    (need-timeout who 'write-timeout write-timeout)
    (need-timeout who 'connect-timeout connect-timeout)
    (need-local who local-address local-port)
    (let* ((ipv6 (need-choice who 'ipv6 ipv6 '(#f #t any)))
           (port (service-port service))
           (local (local-targets local-address local-port 'tcp))
           (addresses (addresses-from (connect-addresses hostspec ipv6) local))
           (open (lambda (address) (open-client address local keepalive nodelay)))
           (sock (open (car addresses)))
           (state (%new-state collection sock read-timeout write-timeout user-info #f ipv6 name queue-output))
           (plan (%make-plan hostspec service port (cdr addresses) open connect-timeout))
           (operation (%make-operation %step-connecting %tell-failure #t #f 0 0 #f callback #f #f plan)))
      (%set-state-write-op! state operation)
      (%connect! state operation sock (car addresses))
      (%launch! state operation)
      (%set-time! (%state-watch state) #t connect-timeout)
      state)))

(define (%connect! state operation sock address)
  "Begins to connect SOCK, the socket of STATE, to ADDRESS, and goes on to other addresses where that fails at once."
  (let ((answer (%try-connect sock (address->sockaddr address (%plan-port (%operation-extra operation))))))
    (if (boolean? answer)
        (%set-operation-done! operation answer)
        (%connect-elsewhere! state operation answer))))

(define (%connect-elsewhere! state operation failure)
  "Goes on to the next address, after FAILURE."
  (let* ((plan (%operation-extra operation))
         (addresses (%plan-addresses plan))
         (watch (%state-watch state)))
    (if (null? addresses)
        (%set-operation-done! operation failure)
        (let ((sock (guard (failure ((socket-error? failure) failure))
                      ((%plan-open plan) (car addresses)))))
          (%set-plan-addresses! plan (cdr addresses))
          (if (port? sock)
              (begin
                (%register! watch 0)
                (close-port (%watch-port watch))
                (%set-watch-port! watch sock)
                (%set-state-object! state sock)
                (%connect! state operation sock (car addresses)))
              (%connect-elsewhere! state operation sock))))))

(define (%step-connecting state operation)
  "The socket of STATE can be written, or its connecting was over at once."
  (if (not (%operation-done operation))
      (let* ((sock (%watch-port (%state-watch state)))
             (errno (getsockopt sock SOL_SOCKET SO_ERROR)))
        (if (eqv? errno 0)
            (%set-operation-done! operation #t)
            (%connect-elsewhere! state operation
              (make-socket-error errno 'connect #:socket sock #:address (%plan-host (%operation-extra operation)) #:phase 'connect)))))
  (let ((outcome (%operation-done operation)))
    (cond ((not outcome) (%want! (%state-watch state) 2))
          ((eq? outcome #t) (%end! state operation #f))
          (else (%end-connecting state operation outcome "~a" (error-object-message outcome))))))

(define (%end-connecting-late state operation)
  "The connecting of STATE was not over in time."
  (%end-connecting state operation 'timeout "not connected within ~a seconds" (%plan-limit (%operation-extra operation))))

(define (%end-connecting state operation status format argument)
  "The connecting of STATE has failed."
  (let ((plan (%operation-extra operation)))
    (%close-state state #f)
    (%set-operation-extra! operation
      (list (string-append "connecting to ~a, service ~a: " format) (%plan-host plan) (%plan-service plan) argument))
    (if (%condition? status) (%note-condition! status 'connection state))
    (%set-state-write-status! state status)
    (%tell-failure (%operation-callback operation) state operation)))

(define (%tell-failure procedure state operation)
  "Calls PROCEDURE with what has failed, #f for nothing."
  (let ((failure (%operation-extra operation)))
    (procedure state
               (cond ((pair? failure) failure)
                     ((eq? (%operation-done operation) #t) #f)
                     (else (list "connecting to ~a, service ~a: given up" (%plan-host failure) (%plan-service failure)))))))

;;; ---- Datagrams -----------------------------------------------------------------------------------------------------------

(define* (create-async-io-state-and-udp-socket collection #:key (name #f) (errorp #f) (ipv6 'any) (queue-output #f) (read-timeout #f)
                                               (write-timeout #f) (user-info #f) (local-address #f) (local-port #f))
  "(create-async-io-state-and-udp-socket collection [#:local-address a] [#:local-port p] [#:ipv6 which] [#:errorp flag] [#:name obj] [#:queue-output flag]
[#:read-timeout s] [#:write-timeout s] [#:user-info obj]): a state in COLLECTION with a new socket for datagrams. If that fails, #f and the condition, unless
ERRORP is true. [LispWorks]"
  (let ((who 'create-async-io-state-and-udp-socket))
    (%need-collection who collection)
    (need-local who local-address local-port)
    (need-timeout who 'read-timeout read-timeout)
    (need-timeout who 'write-timeout write-timeout)
    (let ((ipv6 (need-choice who 'ipv6 ipv6 '(#f #t any both))))
      (trapping-failures errorp
        (lambda ()
          (let* ((target (bind-target local-address ipv6))
                 (local (and (or local-address local-port) (list (list target) (service-port local-port 'udp) local-address)))
                 (family (if (ipv6-address? target) 'ipv6 'ipv4))
                 (sock (open-datagram family local (case ipv6 ((#t) 1) ((both) 0) (else #f)))))
            (%new-state collection sock read-timeout write-timeout user-info #t
                        (cond ((eq? family 'ipv4) #f) ((eq? ipv6 'both) 'any) (else #t))
                        name queue-output)))))))

(define* (create-async-io-state-and-connected-udp-socket collection hostspec service #:key (name #f) (errorp #f) (ipv6 'any)
                                                         (queue-output #f) (read-timeout #f) (write-timeout #f) (user-info #f)
                                                         (local-address #f) (local-port #f))
  "(create-async-io-state-and-connected-udp-socket collection hostspec service [#:local-address a] [#:local-port p] [#:ipv6 which] [#:errorp flag]
[#:name obj] [#:queue-output flag] [#:read-timeout s] [#:write-timeout s] [#:user-info obj]): a state in COLLECTION with a new socket for datagrams to and from
this host and service. If that fails, #f and the condition, unless ERRORP is true. [LispWorks]"
  (let ((who 'create-async-io-state-and-connected-udp-socket))
    (%need-collection who collection)
    (need-host who 2 hostspec)
    (need-service who 3 service)
    (need-local who local-address local-port)
    (need-timeout who 'read-timeout read-timeout)
    (need-timeout who 'write-timeout write-timeout)
    (let ((ipv6 (need-choice who 'ipv6 ipv6 '(#f #t any))))
      (trapping-failures errorp
        (lambda ()
          (let* ((port (service-port service 'udp))
                 (local (local-targets local-address local-port 'udp))
                 (sock (%first-connected (addresses-from (connect-addresses hostspec ipv6) local) port local)))
            (%new-state collection sock read-timeout write-timeout user-info #t ipv6 name queue-output)))))))

(define (%first-connected addresses port local)
  "A socket for datagrams, connected to the first of ADDRESSES with which that succeeds."
  (let* ((address (car addresses))
         (sock (open-datagram (if (ipv6-address? address) 'ipv6 'ipv4) local #f))
         (answer (%try-connect sock (address->sockaddr address port))))
    (cond ((boolean? answer) sock)
          (else
           (close-port sock)
           (if (null? (cdr addresses))
               (raise answer)
               (%first-connected (cdr addresses) port local))))))
