;;; (ice-9 textual-ports): Characters from and to ports. [Guile]

(define-library (ice-9 textual-ports)
  (import (sockeye core))
  (export
    get-char get-line get-string-all get-string-n get-string-n! lookahead-char unget-char unget-string
    put-char put-string)
  (begin
    (define (unget-char port char)
      "(unget-char port char): puts CHAR back into PORT, as the next to be read."
      (unread-char char port))

    (define (unget-string port string . range)
      "(unget-string port string [start [count]]): puts characters of STRING back into PORT, as the next to be read."
      (let* ((start (if (pair? range) (car range) 0))
             (count (if (and (pair? range) (pair? (cdr range))) (cadr range) (- (string-length string) start))))
        (unread-string (substring string start (+ start count)) port)))))
