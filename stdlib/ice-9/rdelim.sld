;;; (ice-9 rdelim): Lines and other text up to a delimiter. [Guile]
;;;
;;; Parts from its model in one thing: (read-string port count) uses up no more than it answers.

(define-library (ice-9 rdelim)
  (import (sockeye core))
  (export read-delimited read-delimited! read-line read-line! read-string read-string! write-line))
