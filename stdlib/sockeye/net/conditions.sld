;;; (sockeye net conditions): the exceptions of all libraries for sockets: one tree, whoever raises them.
;;;
;;; Calls of the system and look-ups raise objects of the types below &socket-error, from primitives and libraries alike. The types
;;; themselves are the base language's. (iolib sockets), (allegro socket) and (lispworks comm) export all of this; how a library
;;; raises such an object is in (sockeye net raising).

(define-library (sockeye net conditions)
  (import (sockeye core))
  (export
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
    socket-error-phase lookup-error-datum address-parse-error-datum async-io-busy-error-state))
