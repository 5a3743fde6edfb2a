;;; (ice-9 control): prompts and continuations. [Guile: Prompts]

(define-library (ice-9 control)
  (import (sockeye core))
  (export
    call-with-prompt abort-to-prompt default-prompt-tag make-prompt-tag % abort shift reset shift* reset*
    call-with-escape-continuation call/ec let-escape-continuation let/ec suspendable-continuation?
    default-prompt-handler))
