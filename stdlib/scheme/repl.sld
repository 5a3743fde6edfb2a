;;; (scheme repl): the environment of the prompt, as R7RS lists them.
(define-library (scheme repl)
  (import (sockeye core))
  (export
    interaction-environment))
