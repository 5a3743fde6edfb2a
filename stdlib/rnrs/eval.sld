;;; (rnrs eval): Evaluating data as programs. [R6RS libraries 16]

(define-library (rnrs eval)
  (import (scheme eval))
  (export
    environment eval))
