;;; (lispworks comm): connecting, socket-streams, servers, addresses and names, and all of (lispworks comm-async). [LispWorks: COMM]
;;;
;;; A handle is a socket, a port without buffers; a socket-stream is a port with buffers on the descriptor of one. Where it leaves its
;;; model: no SSL; the function of a server must be given; info takes the place of the slots of subclasses.

(define-library (lispworks comm)
  (import (sockeye core) (sockeye net conditions) (sockeye net address) (sockeye net resolve) (sockeye net socket)
          (sockeye net deadline) (lispworks targets) (lispworks comm-async))
  (export
    ;; Connecting.
    connect-to-tcp-server close-socket-handle socket-handle-fd get-socket-address get-socket-peer-address
    ;; Streams.
    open-tcp-stream make-socket-stream socket-stream? socket-stream-socket replace-socket-stream-socket
    socket-stream-address socket-stream-peer-address stream-read-timeout stream-write-timeout
    set-stream-read-timeout! set-stream-write-timeout! socket-stream-info socket-stream-shutdown
    wait-for-input-streams wait-for-input-streams-returning-first
    ;; Servers.
    start-up-server start-up-server-and-mp server-terminate server-process? server-process-name *use-so-reuseaddr*
    ;; Addresses and names.
    string-ip-address ip-address-string ipv6-address-string parse-ipv6-address ipv6-address-p ipv6-address?
    ipv6-address-scope-id get-host-entry get-service-entry
    ;; Conditions.
    socket-error-connection socket-create-error? socket-connect-error? socket-io-error?
    ;; The types.
    &socket-error &socket-timeout-error &socket-connection-timeout-error &socket-address-in-use-error
    &socket-address-family-not-supported-error &socket-address-not-available-error &socket-network-down-error
    &socket-network-reset-error &socket-network-unreachable-error &socket-no-network-error
    &socket-connection-aborted-error &socket-connection-reset-error &socket-connection-refused-error
    &socket-connection-in-progress-error &socket-endpoint-shutdown-error &socket-no-buffer-space-error
    &socket-host-down-error &socket-host-unreachable-error &socket-already-connected-error
    &socket-not-connected-error &socket-option-not-supported-error &socket-operation-not-supported-error
    &socket-hangup-error &socket-would-block-error &socket-permission-error &socket-message-too-large-error
    &lookup-error &resolver-error &resolver-no-name-error &resolver-again-error &resolver-fail-error
    &resolver-unknown-error &unknown-service-error &unknown-protocol-error &unknown-interface-error
    &address-parse-error &extent-reentry-error &async-io-busy-error
    ;; Their predicates.
    socket-error? socket-timeout-error? socket-connection-timeout-error? socket-address-in-use-error?
    socket-address-family-not-supported-error? socket-address-not-available-error? socket-network-down-error?
    socket-network-reset-error? socket-network-unreachable-error? socket-no-network-error?
    socket-connection-aborted-error? socket-connection-reset-error? socket-connection-refused-error?
    socket-connection-in-progress-error? socket-endpoint-shutdown-error? socket-no-buffer-space-error?
    socket-host-down-error? socket-host-unreachable-error? socket-already-connected-error?
    socket-not-connected-error? socket-option-not-supported-error? socket-operation-not-supported-error?
    socket-hangup-error? socket-would-block-error? socket-permission-error? socket-message-too-large-error?
    lookup-error? resolver-error? resolver-no-name-error? resolver-again-error? resolver-fail-error?
    resolver-unknown-error? unknown-service-error? unknown-protocol-error? unknown-interface-error?
    address-parse-error? extent-reentry-error? async-io-busy-error?
    ;; What they say.
    socket-error-code socket-error-identifier socket-error-operation socket-error-socket socket-error-address
    socket-error-phase lookup-error-datum address-parse-error-datum async-io-busy-error-state
    ;; The asynchronous half.
    ;; Collections.
    make-wait-state-collection wait-state-collection? create-and-run-wait-state-collection
    loop-processing-wait-state-collection wait-for-wait-state-collection call-wait-state-collection
    wait-state-collection-stop-loop apply-in-wait-state-collection-process close-wait-state-collection
    wait-state-collection-alive-p
    ;; States.
    create-async-io-state create-async-io-state-and-connected-tcp-socket create-async-io-state-and-udp-socket
    create-async-io-state-and-connected-udp-socket close-async-io-state async-io-state? async-io-state-object
    async-io-state-collection async-io-state-name async-io-state-user-info async-io-state-read-timeout
    async-io-state-write-timeout async-io-state-max-read async-io-state-old-length async-io-state-read-status
    async-io-state-write-status
    ;; Operations.
    async-io-state-read-buffer async-io-state-write-buffer async-io-state-read-with-checking async-io-state-wait-for-input
    async-io-state-receive-message async-io-state-send-message async-io-state-send-message-to-address
    async-io-state-discard async-io-state-finish async-io-state-buffered-data-length async-io-state-get-buffered-data
    async-io-state-abort async-io-state-abort-and-close
    ;; Accepting.
    accept-tcp-connections-creating-async-io-states accepting-handle? accepting-handle-socket accepting-handle-collection
    accepting-handle-local-port accepting-handle-name accepting-handle-user-info close-accepting-handle)
  (include "comm.scm"))
