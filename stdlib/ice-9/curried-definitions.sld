;;; (ice-9 curried-definitions): (define ((f a) b) ...), which define can do anyway. [Guile: Curried Definitions]

(define-library (ice-9 curried-definitions)
  (import (sockeye core))
  (export define define* define-public define*-public
    (rename define cdefine) (rename define* cdefine*)))
