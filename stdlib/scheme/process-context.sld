;;; (scheme process-context): the world around the program, as R7RS lists them.
(define-library (scheme process-context)
  (import (sockeye core))
  (export
    command-line emergency-exit exit get-environment-variable get-environment-variables))
