;;; (lispworks comm-async): wait-state-collections, asynchronous I/O states and accepting handles. [LispWorks: COMM]
;;;
;;;     (define c (make-wait-state-collection))
;;;     (accept-tcp-connections-creating-async-io-states c 7007
;;;       (lambda (handle state)
;;;         (async-io-state-write-buffer state "hello\n" (lambda (state buffer count) (close-async-io-state state)))))
;;;     (loop-processing-wait-state-collection c)
;;;
;;; An event loop on (sockeye net poller), beside fibers: whoever runs the loop of a collection is its process, and all callbacks are
;;; called there, one at a time. Where it leaves its model: buffers are bytevectors; eof goes to error-callback, a timeout to the callback,
;;; and timeouts are for the gaps in an operation.

(define-library (lispworks comm-async)
  (import (sockeye core) (sockeye net conditions) (sockeye net raising) (sockeye net address) (sockeye net socket) (sockeye net poller)
          (lispworks targets))
  (export
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
  (include "collections.scm" "states.scm" "connecting.scm" "accepting.scm"))
