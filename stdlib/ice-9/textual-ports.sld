;;; (ice-9 textual-ports): Characters from and to ports. [Guile]

(define-library (ice-9 textual-ports)
  (import (rename (sockeye core) (%unget-char unget-char) (%unget-string unget-string)))
  (export
    get-char get-line get-string-all get-string-n get-string-n! lookahead-char unget-char unget-string
    put-char put-string))
