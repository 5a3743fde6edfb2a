;;; (rnrs syntax-case): Macros written as procedures. [R6RS libraries 12]

(define-library (rnrs syntax-case)
  (import (sockeye core))
  (export
    bound-identifier=? datum->syntax free-identifier=? generate-temporaries identifier? make-variable-transformer
    quasisyntax syntax syntax->datum syntax-case syntax-violation unsyntax unsyntax-splicing with-syntax))
