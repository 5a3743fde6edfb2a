;;; (ice-9 optargs): optional and keyword arguments. [Guile: Optional Arguments]

(define-library (ice-9 optargs)
  (import (sockeye core))
  (export lambda* case-lambda* define* define*-public defmacro* defmacro*-public
    let-optional let-optional* let-keywords let-keywords*))
