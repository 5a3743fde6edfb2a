;;; (ice-9 eval-string): the value of a text. [Guile: Fly Evaluation]

(define-library (ice-9 eval-string)
  (import (sockeye core))
  (export eval-string))
