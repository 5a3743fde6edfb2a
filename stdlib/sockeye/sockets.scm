;;; Sockets: what is made of the primitives of src/builtins in Scheme.
;;;
;;; The conditions of the network stand in a tree, for which see src/builtins/network_error.rs; each type has a predicate here.
;;; Numbers here are in the order of the network in bytevectors, most significant byte first.

;;; ---- What failed --------------------------------------------------------------------------------------------------

(define (socket-error? obj)
  "(socket-error? obj): whether OBJ is a condition of the network: a call on a socket, or a look-up, that failed."
  (and (socket-error-type obj) #t))

(define (socket-timeout-error? obj)
  "(socket-timeout-error? obj): whether OBJ is a condition that tells of a limit of time that ran out, on a call of the network."
  (socket-error-is? obj 'socket-timeout-error))

(define (socket-connection-timeout-error? obj)
  "(socket-connection-timeout-error? obj): whether OBJ is a condition that tells of a connection that did not come about in time."
  (socket-error-is? obj 'socket-connection-timeout-error))

(define (socket-address-in-use-error? obj)
  "(socket-address-in-use-error? obj): whether OBJ is a condition that tells of an address that is in use (EADDRINUSE)."
  (socket-error-is? obj 'socket-address-in-use-error))

(define (socket-address-family-not-supported-error? obj)
  "(socket-address-family-not-supported-error? obj): whether OBJ is a condition that tells of a family that there is not (EAFNOSUPPORT)."
  (socket-error-is? obj 'socket-address-family-not-supported-error))

(define (socket-address-not-available-error? obj)
  "(socket-address-not-available-error? obj): whether OBJ is a condition that tells of an address that this machine does not have (EADDRNOTAVAIL)."
  (socket-error-is? obj 'socket-address-not-available-error))

(define (socket-network-down-error? obj)
  "(socket-network-down-error? obj): whether OBJ is a condition that tells of a network that is down (ENETDOWN)."
  (socket-error-is? obj 'socket-network-down-error))

(define (socket-network-reset-error? obj)
  "(socket-network-reset-error? obj): whether OBJ is a condition that tells of a network that was reset (ENETRESET)."
  (socket-error-is? obj 'socket-network-reset-error))

(define (socket-network-unreachable-error? obj)
  "(socket-network-unreachable-error? obj): whether OBJ is a condition that tells of a network that cannot be reached (ENETUNREACH)."
  (socket-error-is? obj 'socket-network-unreachable-error))

(define (socket-no-network-error? obj)
  "(socket-no-network-error? obj): whether OBJ is a condition that tells of a machine without the network (ENONET)."
  (socket-error-is? obj 'socket-no-network-error))

(define (socket-connection-aborted-error? obj)
  "(socket-connection-aborted-error? obj): whether OBJ is a condition that tells of a connection that was given up on this side (ECONNABORTED)."
  (socket-error-is? obj 'socket-connection-aborted-error))

(define (socket-connection-reset-error? obj)
  "(socket-connection-reset-error? obj): whether OBJ is a condition that tells of a connection that the other end has reset (ECONNRESET)."
  (socket-error-is? obj 'socket-connection-reset-error))

(define (socket-connection-refused-error? obj)
  "(socket-connection-refused-error? obj): whether OBJ is a condition that tells of a connection that nobody wanted (ECONNREFUSED)."
  (socket-error-is? obj 'socket-connection-refused-error))

(define (socket-connection-in-progress-error? obj)
  "(socket-connection-in-progress-error? obj): whether OBJ is a condition that tells of a connection that is under way (EINPROGRESS)."
  (socket-error-is? obj 'socket-connection-in-progress-error))

(define (socket-endpoint-shutdown-error? obj)
  "(socket-endpoint-shutdown-error? obj): whether OBJ is a condition that tells of an end that is shut down (ESHUTDOWN)."
  (socket-error-is? obj 'socket-endpoint-shutdown-error))

(define (socket-no-buffer-space-error? obj)
  "(socket-no-buffer-space-error? obj): whether OBJ is a condition that tells of buffers that are used up (ENOBUFS)."
  (socket-error-is? obj 'socket-no-buffer-space-error))

(define (socket-host-down-error? obj)
  "(socket-host-down-error? obj): whether OBJ is a condition that tells of a host that is down (EHOSTDOWN)."
  (socket-error-is? obj 'socket-host-down-error))

(define (socket-host-unreachable-error? obj)
  "(socket-host-unreachable-error? obj): whether OBJ is a condition that tells of a host that cannot be reached (EHOSTUNREACH)."
  (socket-error-is? obj 'socket-host-unreachable-error))

(define (socket-already-connected-error? obj)
  "(socket-already-connected-error? obj): whether OBJ is a condition that tells of a socket that is connected already (EISCONN)."
  (socket-error-is? obj 'socket-already-connected-error))

(define (socket-not-connected-error? obj)
  "(socket-not-connected-error? obj): whether OBJ is a condition that tells of a socket that is not connected (ENOTCONN)."
  (socket-error-is? obj 'socket-not-connected-error))

(define (socket-option-not-supported-error? obj)
  "(socket-option-not-supported-error? obj): whether OBJ is a condition that tells of an option that there is not (ENOPROTOOPT)."
  (socket-error-is? obj 'socket-option-not-supported-error))

(define (socket-operation-not-supported-error? obj)
  "(socket-operation-not-supported-error? obj): whether OBJ is a condition that tells of a call that this kind of socket does not have (EOPNOTSUPP)."
  (socket-error-is? obj 'socket-operation-not-supported-error))

(define (socket-hangup-error? obj)
  "(socket-hangup-error? obj): whether OBJ is a condition that tells of an other end that is gone (EPIPE)."
  (socket-error-is? obj 'socket-hangup-error))

(define (socket-would-block-error? obj)
  "(socket-would-block-error? obj): whether OBJ is a condition that tells of a call that would have had to wait (EAGAIN)."
  (socket-error-is? obj 'socket-would-block-error))

(define (socket-permission-error? obj)
  "(socket-permission-error? obj): whether OBJ is a condition that tells of a right that is missing (EACCES, EPERM)."
  (socket-error-is? obj 'socket-permission-error))

(define (socket-message-too-large-error? obj)
  "(socket-message-too-large-error? obj): whether OBJ is a condition that tells of a message too large to be sent (EMSGSIZE)."
  (socket-error-is? obj 'socket-message-too-large-error))

(define (lookup-error? obj)
  "(lookup-error? obj): whether OBJ is a condition that tells of a name that was not found."
  (socket-error-is? obj 'lookup-error))

(define (resolver-error? obj)
  "(resolver-error? obj): whether OBJ is a condition that tells of a host that was not found."
  (socket-error-is? obj 'resolver-error))

(define (resolver-no-name-error? obj)
  "(resolver-no-name-error? obj): whether OBJ is a condition that tells of a host's name that there is not."
  (socket-error-is? obj 'resolver-no-name-error))

(define (resolver-again-error? obj)
  "(resolver-again-error? obj): whether OBJ is a condition that tells of a look-up that failed for now."
  (socket-error-is? obj 'resolver-again-error))

(define (resolver-fail-error? obj)
  "(resolver-fail-error? obj): whether OBJ is a condition that tells of a look-up that failed for good."
  (socket-error-is? obj 'resolver-fail-error))

(define (resolver-unknown-error? obj)
  "(resolver-unknown-error? obj): whether OBJ is a condition that tells of a look-up that failed for another reason."
  (socket-error-is? obj 'resolver-unknown-error))

(define (unknown-service-error? obj)
  "(unknown-service-error? obj): whether OBJ is a condition that tells of a service that is not listed."
  (socket-error-is? obj 'unknown-service-error))

(define (unknown-protocol-error? obj)
  "(unknown-protocol-error? obj): whether OBJ is a condition that tells of a protocol that is not listed."
  (socket-error-is? obj 'unknown-protocol-error))

(define (unknown-interface-error? obj)
  "(unknown-interface-error? obj): whether OBJ is a condition that tells of an interface that there is not."
  (socket-error-is? obj 'unknown-interface-error))

(define (socket-error-identifier condition)
  "(socket-error-identifier condition): the name of the errno of CONDITION, a symbol such as ECONNREFUSED; #f if it is not known."
  (condition-extra condition 'identifier))

(define (socket-error-operation condition)
  "(socket-error-operation condition): what CONDITION says failed, a symbol: a system call; #f if it is not known."
  (condition-extra condition 'operation))

(define (socket-error-socket condition)
  "(socket-error-socket condition): the socket that CONDITION is about; it may be closed; #f if it is not known."
  (condition-extra condition 'socket))

(define (socket-error-address condition)
  "(socket-error-address condition): the address that CONDITION is about, an address object; #f if it is not known."
  (condition-extra condition 'address))

(define (socket-error-endpoint condition)
  "(socket-error-endpoint condition): the address that CONDITION is about as a sentence has it, a string; #f if it is not known."
  (condition-extra condition 'endpoint))

(define (socket-error-phase condition)
  "(socket-error-phase condition): the part of a socket's life in which CONDITION came about: create, connect or io; #f if it is not known."
  (condition-extra condition 'phase))

(define (lookup-error-datum condition)
  "(lookup-error-datum condition): what was looked up when CONDITION came about."
  (condition-extra condition 'datum))

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
