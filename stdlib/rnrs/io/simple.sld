;;; (rnrs io simple): Simple input and output. [R6RS libraries 8.3]

(define-library (rnrs io simple)
  (import (sockeye core)
    (only (rnrs io ports)
      i/o-error-filename i/o-error-port i/o-error? i/o-file-already-exists-error? i/o-file-does-not-exist-error?
      i/o-file-is-read-only-error? i/o-file-protection-error? i/o-filename-error? i/o-invalid-position-error?
      i/o-port-error? i/o-read-error? i/o-write-error?))
  (export
    call-with-input-file call-with-output-file close-input-port close-output-port current-error-port
    current-input-port current-output-port display eof-object eof-object? i/o-error-filename i/o-error-port i/o-error?
    i/o-file-already-exists-error? i/o-file-does-not-exist-error? i/o-file-is-read-only-error?
    i/o-file-protection-error? i/o-filename-error? i/o-invalid-position-error? i/o-port-error? i/o-read-error?
    i/o-write-error? input-port? newline open-input-file open-output-file output-port? peek-char read read-char
    with-input-from-file with-output-to-file write write-char))
