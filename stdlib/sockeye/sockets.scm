;;; Sockets: what is made of the primitives of src/builtins in Scheme.
;;;
;;; The conditions of the network stand in a tree, for which see src/builtins/network_error.rs; each type has a predicate here.
;;; Numbers here are in the order of the network in bytevectors, most significant byte first.

;;; ---- What failed --------------------------------------------------------------------------------------------------

;;; A failure of the network is a condition whose extras say what type it is of and what is known (see
;;; src/builtins/network_error.rs); as an exception it has a component of one of these types.

(define &socket-error (make-exception-type '&socket-error &external-error '(code identifier operation socket address phase)))
(define &socket-timeout-error (make-exception-type '&socket-timeout-error &socket-error '()))
(define &socket-connection-timeout-error (make-exception-type '&socket-connection-timeout-error &socket-timeout-error '()))
(define &socket-address-in-use-error (make-exception-type '&socket-address-in-use-error &socket-error '()))
(define &socket-address-family-not-supported-error (make-exception-type '&socket-address-family-not-supported-error &socket-error '()))
(define &socket-address-not-available-error (make-exception-type '&socket-address-not-available-error &socket-error '()))
(define &socket-network-down-error (make-exception-type '&socket-network-down-error &socket-error '()))
(define &socket-network-reset-error (make-exception-type '&socket-network-reset-error &socket-error '()))
(define &socket-network-unreachable-error (make-exception-type '&socket-network-unreachable-error &socket-error '()))
(define &socket-no-network-error (make-exception-type '&socket-no-network-error &socket-error '()))
(define &socket-connection-aborted-error (make-exception-type '&socket-connection-aborted-error &socket-error '()))
(define &socket-connection-reset-error (make-exception-type '&socket-connection-reset-error &socket-error '()))
(define &socket-connection-refused-error (make-exception-type '&socket-connection-refused-error &socket-error '()))
(define &socket-connection-in-progress-error (make-exception-type '&socket-connection-in-progress-error &socket-error '()))
(define &socket-endpoint-shutdown-error (make-exception-type '&socket-endpoint-shutdown-error &socket-error '()))
(define &socket-no-buffer-space-error (make-exception-type '&socket-no-buffer-space-error &socket-error '()))
(define &socket-host-down-error (make-exception-type '&socket-host-down-error &socket-error '()))
(define &socket-host-unreachable-error (make-exception-type '&socket-host-unreachable-error &socket-error '()))
(define &socket-already-connected-error (make-exception-type '&socket-already-connected-error &socket-error '()))
(define &socket-not-connected-error (make-exception-type '&socket-not-connected-error &socket-error '()))
(define &socket-option-not-supported-error (make-exception-type '&socket-option-not-supported-error &socket-error '()))
(define &socket-operation-not-supported-error (make-exception-type '&socket-operation-not-supported-error &socket-error '()))
(define &socket-hangup-error (make-exception-type '&socket-hangup-error &socket-error '()))
(define &socket-would-block-error (make-exception-type '&socket-would-block-error &socket-error '()))
(define &socket-permission-error (make-exception-type '&socket-permission-error &socket-error '()))
(define &socket-message-too-large-error (make-exception-type '&socket-message-too-large-error &socket-error '()))
(define &lookup-error (make-exception-type '&lookup-error &socket-error '(datum)))
(define &resolver-error (make-exception-type '&resolver-error &lookup-error '()))
(define &resolver-no-name-error (make-exception-type '&resolver-no-name-error &resolver-error '()))
(define &resolver-again-error (make-exception-type '&resolver-again-error &resolver-error '()))
(define &resolver-fail-error (make-exception-type '&resolver-fail-error &resolver-error '()))
(define &resolver-unknown-error (make-exception-type '&resolver-unknown-error &resolver-error '()))
(define &unknown-service-error (make-exception-type '&unknown-service-error &lookup-error '()))
(define &unknown-protocol-error (make-exception-type '&unknown-protocol-error &lookup-error '()))
(define &unknown-interface-error (make-exception-type '&unknown-interface-error &lookup-error '()))

(define (%network-type name)
  "The exception type of this NAME, one that socket-error-type gives."
  (case name
    ((socket-error) &socket-error)
    ((socket-timeout-error) &socket-timeout-error)
    ((socket-connection-timeout-error) &socket-connection-timeout-error)
    ((socket-address-in-use-error) &socket-address-in-use-error)
    ((socket-address-family-not-supported-error) &socket-address-family-not-supported-error)
    ((socket-address-not-available-error) &socket-address-not-available-error)
    ((socket-network-down-error) &socket-network-down-error)
    ((socket-network-reset-error) &socket-network-reset-error)
    ((socket-network-unreachable-error) &socket-network-unreachable-error)
    ((socket-no-network-error) &socket-no-network-error)
    ((socket-connection-aborted-error) &socket-connection-aborted-error)
    ((socket-connection-reset-error) &socket-connection-reset-error)
    ((socket-connection-refused-error) &socket-connection-refused-error)
    ((socket-connection-in-progress-error) &socket-connection-in-progress-error)
    ((socket-endpoint-shutdown-error) &socket-endpoint-shutdown-error)
    ((socket-no-buffer-space-error) &socket-no-buffer-space-error)
    ((socket-host-down-error) &socket-host-down-error)
    ((socket-host-unreachable-error) &socket-host-unreachable-error)
    ((socket-already-connected-error) &socket-already-connected-error)
    ((socket-not-connected-error) &socket-not-connected-error)
    ((socket-option-not-supported-error) &socket-option-not-supported-error)
    ((socket-operation-not-supported-error) &socket-operation-not-supported-error)
    ((socket-hangup-error) &socket-hangup-error)
    ((socket-would-block-error) &socket-would-block-error)
    ((socket-permission-error) &socket-permission-error)
    ((socket-message-too-large-error) &socket-message-too-large-error)
    ((lookup-error) &lookup-error)
    ((resolver-error) &resolver-error)
    ((resolver-no-name-error) &resolver-no-name-error)
    ((resolver-again-error) &resolver-again-error)
    ((resolver-fail-error) &resolver-fail-error)
    ((resolver-unknown-error) &resolver-unknown-error)
    ((unknown-service-error) &unknown-service-error)
    ((unknown-protocol-error) &unknown-protocol-error)
    ((unknown-interface-error) &unknown-interface-error)
    (else &socket-error)))

(define (%network-error? obj name type)
  "Whether OBJ is a failure of the network of the type NAME, which as an exception type is TYPE."
  (if (%condition? obj)
      (socket-error-is? obj name)
      (and (%component obj type) #t)))

(define (%network-component condition)
  "The component of CONDITION, a failure of the network, that says what is known of it."
  (let* ((type (%network-type (socket-error-type condition)))
         (fields (vector->list (%record-type-fields type))))
    (apply %record type (map (lambda (field) (%network-fact condition field)) fields))))

(define (%network-fact obj field)
  "What is known under the name FIELD of OBJ, a failure of the network."
  (cond ((not (socket-error? obj)) (%wrong-exception obj (if (eq? field 'datum) &lookup-error &socket-error)))
        ((not (%condition? obj))
         (let* ((component (or (%component obj &lookup-error) (%component obj &socket-error)))
                (place (list-index (lambda (name) (eq? name field))
                                   (vector->list (%record-type-fields (%record-type component))))))
           (and place (%record-ref component (%record-type component) place))))
        ((eq? field 'code) (or (condition-extra obj 'code) (%condition-code obj)))
        (else (condition-extra obj field))))

(define (socket-error? obj)
  "(socket-error? obj): whether OBJ is a condition of the network: a call on a socket, or a look-up, that failed."
  (%network-error? obj 'socket-error &socket-error))

(define (socket-timeout-error? obj)
  "(socket-timeout-error? obj): whether OBJ is a condition that tells of a limit of time that ran out, on a call of the network."
  (%network-error? obj 'socket-timeout-error &socket-timeout-error))

(define (socket-connection-timeout-error? obj)
  "(socket-connection-timeout-error? obj): whether OBJ is a condition that tells of a connection that did not come about in time."
  (%network-error? obj 'socket-connection-timeout-error &socket-connection-timeout-error))

(define (socket-address-in-use-error? obj)
  "(socket-address-in-use-error? obj): whether OBJ is a condition that tells of an address that is in use (EADDRINUSE)."
  (%network-error? obj 'socket-address-in-use-error &socket-address-in-use-error))

(define (socket-address-family-not-supported-error? obj)
  "(socket-address-family-not-supported-error? obj): whether OBJ is a condition that tells of a family that there is not (EAFNOSUPPORT)."
  (%network-error? obj 'socket-address-family-not-supported-error &socket-address-family-not-supported-error))

(define (socket-address-not-available-error? obj)
  "(socket-address-not-available-error? obj): whether OBJ is a condition that tells of an address that this machine does not have (EADDRNOTAVAIL)."
  (%network-error? obj 'socket-address-not-available-error &socket-address-not-available-error))

(define (socket-network-down-error? obj)
  "(socket-network-down-error? obj): whether OBJ is a condition that tells of a network that is down (ENETDOWN)."
  (%network-error? obj 'socket-network-down-error &socket-network-down-error))

(define (socket-network-reset-error? obj)
  "(socket-network-reset-error? obj): whether OBJ is a condition that tells of a network that was reset (ENETRESET)."
  (%network-error? obj 'socket-network-reset-error &socket-network-reset-error))

(define (socket-network-unreachable-error? obj)
  "(socket-network-unreachable-error? obj): whether OBJ is a condition that tells of a network that cannot be reached (ENETUNREACH)."
  (%network-error? obj 'socket-network-unreachable-error &socket-network-unreachable-error))

(define (socket-no-network-error? obj)
  "(socket-no-network-error? obj): whether OBJ is a condition that tells of a machine without the network (ENONET)."
  (%network-error? obj 'socket-no-network-error &socket-no-network-error))

(define (socket-connection-aborted-error? obj)
  "(socket-connection-aborted-error? obj): whether OBJ is a condition that tells of a connection that was given up on this side (ECONNABORTED)."
  (%network-error? obj 'socket-connection-aborted-error &socket-connection-aborted-error))

(define (socket-connection-reset-error? obj)
  "(socket-connection-reset-error? obj): whether OBJ is a condition that tells of a connection that the other end has reset (ECONNRESET)."
  (%network-error? obj 'socket-connection-reset-error &socket-connection-reset-error))

(define (socket-connection-refused-error? obj)
  "(socket-connection-refused-error? obj): whether OBJ is a condition that tells of a connection that nobody wanted (ECONNREFUSED)."
  (%network-error? obj 'socket-connection-refused-error &socket-connection-refused-error))

(define (socket-connection-in-progress-error? obj)
  "(socket-connection-in-progress-error? obj): whether OBJ is a condition that tells of a connection that is under way (EINPROGRESS)."
  (%network-error? obj 'socket-connection-in-progress-error &socket-connection-in-progress-error))

(define (socket-endpoint-shutdown-error? obj)
  "(socket-endpoint-shutdown-error? obj): whether OBJ is a condition that tells of an end that is shut down (ESHUTDOWN)."
  (%network-error? obj 'socket-endpoint-shutdown-error &socket-endpoint-shutdown-error))

(define (socket-no-buffer-space-error? obj)
  "(socket-no-buffer-space-error? obj): whether OBJ is a condition that tells of buffers that are used up (ENOBUFS)."
  (%network-error? obj 'socket-no-buffer-space-error &socket-no-buffer-space-error))

(define (socket-host-down-error? obj)
  "(socket-host-down-error? obj): whether OBJ is a condition that tells of a host that is down (EHOSTDOWN)."
  (%network-error? obj 'socket-host-down-error &socket-host-down-error))

(define (socket-host-unreachable-error? obj)
  "(socket-host-unreachable-error? obj): whether OBJ is a condition that tells of a host that cannot be reached (EHOSTUNREACH)."
  (%network-error? obj 'socket-host-unreachable-error &socket-host-unreachable-error))

(define (socket-already-connected-error? obj)
  "(socket-already-connected-error? obj): whether OBJ is a condition that tells of a socket that is connected already (EISCONN)."
  (%network-error? obj 'socket-already-connected-error &socket-already-connected-error))

(define (socket-not-connected-error? obj)
  "(socket-not-connected-error? obj): whether OBJ is a condition that tells of a socket that is not connected (ENOTCONN)."
  (%network-error? obj 'socket-not-connected-error &socket-not-connected-error))

(define (socket-option-not-supported-error? obj)
  "(socket-option-not-supported-error? obj): whether OBJ is a condition that tells of an option that there is not (ENOPROTOOPT)."
  (%network-error? obj 'socket-option-not-supported-error &socket-option-not-supported-error))

(define (socket-operation-not-supported-error? obj)
  "(socket-operation-not-supported-error? obj): whether OBJ is a condition that tells of a call that this kind of socket does not have (EOPNOTSUPP)."
  (%network-error? obj 'socket-operation-not-supported-error &socket-operation-not-supported-error))

(define (socket-hangup-error? obj)
  "(socket-hangup-error? obj): whether OBJ is a condition that tells of an other end that is gone (EPIPE)."
  (%network-error? obj 'socket-hangup-error &socket-hangup-error))

(define (socket-would-block-error? obj)
  "(socket-would-block-error? obj): whether OBJ is a condition that tells of a call that would have had to wait (EAGAIN)."
  (%network-error? obj 'socket-would-block-error &socket-would-block-error))

(define (socket-permission-error? obj)
  "(socket-permission-error? obj): whether OBJ is a condition that tells of a right that is missing (EACCES, EPERM)."
  (%network-error? obj 'socket-permission-error &socket-permission-error))

(define (socket-message-too-large-error? obj)
  "(socket-message-too-large-error? obj): whether OBJ is a condition that tells of a message too large to be sent (EMSGSIZE)."
  (%network-error? obj 'socket-message-too-large-error &socket-message-too-large-error))

(define (lookup-error? obj)
  "(lookup-error? obj): whether OBJ is a condition that tells of a name that was not found."
  (%network-error? obj 'lookup-error &lookup-error))

(define (resolver-error? obj)
  "(resolver-error? obj): whether OBJ is a condition that tells of a host that was not found."
  (%network-error? obj 'resolver-error &resolver-error))

(define (resolver-no-name-error? obj)
  "(resolver-no-name-error? obj): whether OBJ is a condition that tells of a host's name that there is not."
  (%network-error? obj 'resolver-no-name-error &resolver-no-name-error))

(define (resolver-again-error? obj)
  "(resolver-again-error? obj): whether OBJ is a condition that tells of a look-up that failed for now."
  (%network-error? obj 'resolver-again-error &resolver-again-error))

(define (resolver-fail-error? obj)
  "(resolver-fail-error? obj): whether OBJ is a condition that tells of a look-up that failed for good."
  (%network-error? obj 'resolver-fail-error &resolver-fail-error))

(define (resolver-unknown-error? obj)
  "(resolver-unknown-error? obj): whether OBJ is a condition that tells of a look-up that failed for another reason."
  (%network-error? obj 'resolver-unknown-error &resolver-unknown-error))

(define (unknown-service-error? obj)
  "(unknown-service-error? obj): whether OBJ is a condition that tells of a service that is not listed."
  (%network-error? obj 'unknown-service-error &unknown-service-error))

(define (unknown-protocol-error? obj)
  "(unknown-protocol-error? obj): whether OBJ is a condition that tells of a protocol that is not listed."
  (%network-error? obj 'unknown-protocol-error &unknown-protocol-error))

(define (unknown-interface-error? obj)
  "(unknown-interface-error? obj): whether OBJ is a condition that tells of an interface that there is not."
  (%network-error? obj 'unknown-interface-error &unknown-interface-error))

(define (socket-error-code condition)
  "(socket-error-code condition): the errno of CONDITION, an exact integer; #f if no call of the system failed."
  (%network-fact condition 'code))

(define (socket-error-identifier condition)
  "(socket-error-identifier condition): the name of the errno of CONDITION, a symbol such as ECONNREFUSED; #f if it is not known."
  (%network-fact condition 'identifier))

(define (socket-error-operation condition)
  "(socket-error-operation condition): what CONDITION says failed, a symbol: a system call; #f if it is not known."
  (%network-fact condition 'operation))

(define (socket-error-socket condition)
  "(socket-error-socket condition): the socket that CONDITION is about; it may be closed; #f if it is not known."
  (%network-fact condition 'socket))

(define (socket-error-address condition)
  "(socket-error-address condition): the address that CONDITION is about, an address object; #f if it is not known."
  (%network-fact condition 'address))

(define (socket-error-endpoint condition)
  "(socket-error-endpoint condition): the address that CONDITION is about as a sentence has it, a string; #f if it is not known."
  (condition-extra condition 'endpoint))

(define (socket-error-phase condition)
  "(socket-error-phase condition): the part of a socket's life in which CONDITION came about: create, connect or io; #f if it is not known."
  (%network-fact condition 'phase))

(define (lookup-error-datum condition)
  "(lookup-error-datum condition): what was looked up when CONDITION came about."
  (%network-fact condition 'datum))

;;; ---- Exceptions of the libraries for sockets ------------------------------------------------------------------------

(define &address-parse-error (make-exception-type '&address-parse-error &error '(datum)))
(define &extent-reentry-error (make-exception-type '&extent-reentry-error &programming-error '()))
(define &async-io-busy-error (make-exception-type '&async-io-busy-error &programming-error '(state)))

(define (address-parse-error? obj)
  "(address-parse-error? obj): whether OBJ is an exception that tells of a text that is no address."
  (and (%component obj &address-parse-error) #t))

(define (address-parse-error-datum exception)
  "(address-parse-error-datum exception): the text that EXCEPTION says is no address."
  (%record-ref (%component-or-error exception &address-parse-error) &address-parse-error 0))

(define (extent-reentry-error? obj)
  "(extent-reentry-error? obj): whether OBJ is an exception that tells of the extent of a socket, such as that of with-open-socket,
which somebody entered again after it had been left."
  (and (%component obj &extent-reentry-error) #t))

(define (async-io-busy-error? obj)
  "(async-io-busy-error? obj): whether OBJ is an exception that tells of an asynchronous operation that was started while another
one ran."
  (and (%component obj &async-io-busy-error) #t))

(define (async-io-busy-error-state exception)
  "(async-io-busy-error-state exception): the state whose operation ran when EXCEPTION came about."
  (%record-ref (%component-or-error exception &async-io-busy-error) &async-io-busy-error 0))

(define (%raise-reentry)
  "Complains that a continuation leads through a shut gate."
  (raise (make-exception (%record &extent-reentry-error)
                         (make-exception-with-message "an extent that was left, whose socket is closed, cannot be entered again")
                         (make-exception-with-irritants '()))))

;;; ---- Descriptors from process to process --------------------------------------------------------------------------

(define (send-descriptors sock ports)
  "(send-descriptors sock ports): passes PORTS, a list of ports and descriptors, over SOCK, a local socket, with one byte."
  (sendmsg sock #u8(0) (list (list SOL_SOCKET SCM_RIGHTS ports))))

(define (receive-descriptors sock)
  "(receive-descriptors sock): the ports that the other end of SOCK passes with the next byte, as a list; the end-of-file
object at the end of the stream."
  (let* ((message (recvmsg sock (make-bytevector 1)))
         (ports (let loop ((controls (list-ref message 3)))
                  (cond ((null? controls) '())
                        ((and (eqv? (caar controls) SOL_SOCKET) (eqv? (cadar controls) SCM_RIGHTS))
                         (append (car (cddar controls)) (loop (cdr controls))))
                        (else (loop (cdr controls)))))))
    (if (and (null? ports) (eqv? (car message) 0)) (eof-object) ports)))

;;; ---- Numbers as the network has them -------------------------------------------------------------------------------

(define (number->network n size)
  "(number->network n size): N, an exact integer not negative, as SIZE bytes in the order of the network."
  (if (not (and (exact-integer? size) (<= 0 size 1024))) (%wrong-type 'number->network 2 "a number of bytes" size))
  (if (not (and (exact-integer? n) (>= n 0) (< n (expt 256 size))))
      (%wrong-type 'number->network 1 "an exact integer that fits into the bytes" n))
  (let ((bytes (make-bytevector size)))
    (let loop ((at (- size 1)) (n n))
      (if (< at 0)
          bytes
          (begin (bytevector-u8-set! bytes at (modulo n 256))
                 (loop (- at 1) (quotient n 256)))))))

(define (network->number bytes . range)
  "(network->number bytes [start [end]]): the number that BYTES from START to END are in the order of the network."
  (if (not (bytevector? bytes)) (%wrong-type 'network->number 1 "a bytevector" bytes))
  (let* ((start (if (pair? range) (car range) 0))
         (end (if (and (pair? range) (pair? (cdr range))) (cadr range) (bytevector-length bytes))))
    (let loop ((at start) (n 0))
      (if (< at end)
          (loop (+ at 1) (+ (* 256 n) (bytevector-u8-ref bytes at)))
          n))))
