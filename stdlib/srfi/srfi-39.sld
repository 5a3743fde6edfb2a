;;; (srfi srfi-39): Parameters. [SRFI 39]

(define-library (srfi srfi-39)
  (import (sockeye core))
  (export
    current-error-port current-input-port current-output-port make-parameter parameterize))
