; One tree of exceptions for native primitives and libraries: types, predicates, fields, and Guile's keys beside.
(import (sockeye net conditions) (sockeye net raising))
(define (caught thunk) (guard (e (#t e)) (thunk)))
(define refused (caught (lambda () (connect (socket AF_INET SOCK_STREAM 0) AF_INET INADDR_LOOPBACK 1))))
(define unfound (caught (lambda () (getaddrinfo "host.invalid"))))
(map (lambda (type) ((exception-predicate type) refused)) (list &socket-connection-refused-error &socket-error &external-error &error &exception &lookup-error &socket-timeout-error)) ; expect: (#t #t #t #t #t #f #f)
(map (lambda (type) ((exception-predicate type) unfound)) (list &resolver-no-name-error &resolver-error &lookup-error &socket-error &external-error &unknown-service-error)) ; expect: (#t #t #t #t #t #f)
(list (error-object? refused) (error-object-message refused) (file-error? refused) (exception-origin refused)) ; expect: (#t "Connection refused" #f "connect")
(list (socket-error-identifier refused) (= (socket-error-code refused) ECONNREFUSED) (socket-error-operation refused) (port? (socket-error-socket refused)) (socket-error-phase refused)) ; expect: (ECONNREFUSED #t connect #t connect)
(list (socket-error-code unfound) (socket-error-identifier unfound) (lookup-error-datum unfound) (error-object-message unfound)) ; expect: (#f #f "host.invalid" "Name or service not known")
(catch 'system-error (lambda () (raise refused)) (lambda args (= (system-error-errno args) ECONNREFUSED))) ; expect: #t
(catch 'getaddrinfo-error (lambda () (raise unfound)) (lambda (key . args) key)) ; expect: getaddrinfo-error
; As a part of a compound it is the same.
(define compound (make-exception refused (make-exception-with-message "mine")))
(list (socket-connection-refused-error? compound) (socket-error-identifier compound) (socket-error-phase compound)) ; expect: (#t ECONNREFUSED connect)
(lookup-error-datum (make-exception unfound (make-warning))) ; expect: "host.invalid"
(socket-error-code 5)                      ; error: object is not an exception
(lookup-error-datum refused)               ; expect: #f
; Every type has a predicate, and what it says no to.
(define predicates (list socket-error? socket-timeout-error? socket-connection-timeout-error? socket-address-in-use-error? socket-address-family-not-supported-error? socket-address-not-available-error? socket-network-down-error? socket-network-reset-error? socket-network-unreachable-error? socket-no-network-error? socket-connection-aborted-error? socket-connection-reset-error? socket-connection-refused-error? socket-connection-timeout-error? socket-permission-error? socket-connection-in-progress-error? socket-endpoint-shutdown-error? socket-no-buffer-space-error? socket-host-down-error? socket-host-unreachable-error? socket-already-connected-error? socket-not-connected-error? socket-option-not-supported-error? socket-operation-not-supported-error? socket-hangup-error? socket-would-block-error? socket-message-too-large-error? lookup-error? resolver-error? resolver-no-name-error? resolver-again-error? resolver-fail-error? resolver-unknown-error? unknown-service-error? unknown-protocol-error? unknown-interface-error? address-parse-error? extent-reentry-error? async-io-busy-error?))
(filter (lambda (p) (p 'something)) predicates) ; expect: ()
(length (filter (lambda (p) (p refused)) predicates)) ; expect: 2
; Each errno has its type.
(define (type-of errno) (socket-error-type (make-socket-error errno 'connect)))
(map type-of (list EADDRINUSE EAFNOSUPPORT EADDRNOTAVAIL ENETDOWN ENETRESET ENETUNREACH ENONET ECONNABORTED ECONNRESET ECONNREFUSED ETIMEDOUT EACCES EPERM)) ; expect: (socket-address-in-use-error socket-address-family-not-supported-error socket-address-not-available-error socket-network-down-error socket-network-reset-error socket-network-unreachable-error socket-no-network-error socket-connection-aborted-error socket-connection-reset-error socket-connection-refused-error socket-connection-timeout-error socket-permission-error socket-permission-error)
(map type-of (list EINPROGRESS ESHUTDOWN ENOBUFS EHOSTDOWN EHOSTUNREACH EISCONN ENOTCONN ENOPROTOOPT EOPNOTSUPP EPIPE EAGAIN EWOULDBLOCK EMSGSIZE ENOENT)) ; expect: (socket-connection-in-progress-error socket-endpoint-shutdown-error socket-no-buffer-space-error socket-host-down-error socket-host-unreachable-error socket-already-connected-error socket-not-connected-error socket-option-not-supported-error socket-operation-not-supported-error socket-hangup-error socket-would-block-error socket-would-block-error socket-message-too-large-error socket-error)
; What libraries raise.
(define late (caught (lambda () (raise-timeout 'connect #:phase 'connect #:connecting? #t))))
(list (socket-connection-timeout-error? late) (socket-timeout-error? late) (error-object-message late) (socket-error-identifier late) (= (socket-error-code late) ETIMEDOUT)) ; expect: (#t #t "Timed out" ETIMEDOUT #t)
(define slow (caught (lambda () (raise-timeout 'recv))))
(list (socket-connection-timeout-error? slow) (socket-timeout-error? slow)) ; expect: (#f #t)
(define unparsed (caught (lambda () (raise-address-parse-error 'parse "text"))))
(list (address-parse-error? unparsed) (error? unparsed) (socket-error? unparsed) (address-parse-error-datum unparsed) (error-object-irritants unparsed)) ; expect: (#t #t #f "text" ("text"))
(define noted (caught (lambda () (call-noting-errors (lambda () (getaddrinfo "host.invalid")) 'phase 'create 'address "given"))))
(list (socket-error-phase noted) (socket-error-address noted)) ; expect: (create "given")
(call-noting-errors (lambda () 'fine) 'phase 'create) ; expect: fine
; What is not of the network has the fields of its key alone.
(socket-error? (caught (lambda () (open-input-file "/no/such/file")))) ; expect: #f
(error-object-message (caught (lambda () (open-input-file "/no/such/file")))) ; expect: "No such file or directory: \"/no/such/file\""
