;;; (scheme repl): The environment of the prompt. [R7RS appendix A]

(define-library (scheme repl)
  (import (sockeye core))
  (export
    interaction-environment))
