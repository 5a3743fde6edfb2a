;;; (rnrs files): Files. [R6RS libraries 9]

(define-library (rnrs files)
  (import (sockeye core))
  (export
    delete-file file-exists?))
