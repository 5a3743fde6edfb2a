;;; (srfi srfi-28): basic format strings. [SRFI 28]

(define-module (srfi srfi-28)
  #:replace (format))

(define (format template . args)
  "(format template obj ...): TEMPLATE with ~a replaced by the next OBJ as display prints it, ~s as write does, ~% by a newline
and ~~ by a tilde."
  (let ((out (open-output-string)) (n (string-length template)))
    (let loop ((i 0) (args args))
      (cond ((>= i n)
             (get-output-string out))
            ((not (char=? (string-ref template i) #\~))
             (write-char (string-ref template i) out)
             (loop (+ i 1) args))
            ((= (+ i 1) n) (error "format: the template ends with a tilde:" template))
            (else
             (case (string-ref template (+ i 1))
               ((#\a #\s)
                (if (null? args) (error "format: too few objects for the template:" template))
                ((if (char=? (string-ref template (+ i 1)) #\a) display write) (car args) out)
                (loop (+ i 2) (cdr args)))
               ((#\%) (newline out) (loop (+ i 2) args))
               ((#\~) (write-char #\~ out) (loop (+ i 2) args))
               (else (error "format: unknown escape in the template:" template))))))))
