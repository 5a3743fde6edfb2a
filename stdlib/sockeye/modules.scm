;;; Guile's modules as seen by procedures.

(define (%rename-all renamer names)
  "What RENAMER makes of each of NAMES, as pairs of the old name and the new."
  (map (lambda (name) (cons name (renamer name))) names))

(define (symbol-prefix-proc prefix)
  "(symbol-prefix-proc prefix): a procedure that puts the symbol PREFIX in front of a symbol, for #:renamer."
  (lambda (symbol) (symbol-append prefix symbol)))
