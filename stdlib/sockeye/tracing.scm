;;; Telling of calls: what ,trace puts in place of a program's procedures while it runs an expression.

(define %trace-depth (make-parameter 0))

(define (%trace-line depth text . shown)
  "Prints a line of the trace: as many bars as calls are under way, then TEXT and data."
  (let ((port (current-error-port)))
    (display "trace: " port)
    (let loop ((n depth))
      (if (> n 0) (begin (display "|  " port) (loop (- n 1)))))
    (display text port)
    (for-each (lambda (datum) (write datum port) (display " " port)) shown)
    (newline port)))

(define (%traced name procedure)
  "A procedure that does what PROCEDURE does, and tells of each call and what it comes to."
  (lambda arguments
    (let ((depth (%trace-depth)))
      (%trace-line depth "" (cons name arguments))
      (call-with-values
        (lambda () (parameterize ((%trace-depth (+ depth 1))) (apply procedure arguments)))
        (lambda results
          (apply %trace-line depth "→ " results)
          (apply values results))))))
