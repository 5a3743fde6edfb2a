;;; (srfi srfi-34): Raising and guarding. [SRFI 34]

(define-library (srfi srfi-34)
  (import (sockeye core))
  (export
    guard (rename raise-object raise) with-exception-handler))
