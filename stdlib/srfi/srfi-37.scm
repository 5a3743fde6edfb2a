;;; (srfi srfi-37): args-fold, options of programs by procedures. [SRFI 37]

(define-module (srfi srfi-37)
  #:use-module (srfi srfi-9)
  #:export (option option? option-names option-required-arg? option-optional-arg? option-processor args-fold))

(define-record-type <option>
  (option names required-arg? optional-arg? processor)
  option?
  (names option-names)
  (required-arg? option-required-arg?)
  (optional-arg? option-optional-arg?)
  (processor option-processor))

(define (args-fold args options unrecognized operand . seeds)
  "(args-fold args options unrecognized operand seed ...): goes through the list of arguments ARGS. For each option the processor of
its record in OPTIONS, or UNRECOGNIZED, is called with the option, the name given, its argument or #f, and the seeds; for each
other argument OPERAND with it and the seeds. The values they give are the next seeds, and the answer in the end."
  (define (lookup name)
    (find (lambda (option) (member name (option-names option))) options))
  (define (process name arg rest seeds)
    (let* ((known (lookup name)) (option (or known (option (list name) #f #f unrecognized))))
      (call-with-values (lambda () (apply (option-processor option) option name arg seeds))
        (lambda seeds (loop rest seeds)))))
  ;; The letters of TEXT from place K on, each an option.
  (define (letters text k rest seeds)
    (if (= k (string-length text))
        (loop rest seeds)
        (let* ((name (string-ref text k)) (known (lookup name)) (more? (< (+ k 1) (string-length text))))
          (cond ((and known (option-required-arg? known))
                 (cond (more? (process name (substring text (+ k 1)) rest seeds))
                       ((pair? rest) (process name (car rest) (cdr rest) seeds))
                       (else (process name #f rest seeds))))
                ((and known (option-optional-arg? known))
                 (process name (if more? (substring text (+ k 1)) #f) rest seeds))
                (else
                 (let ((option (or known (option (list name) #f #f unrecognized))))
                   (call-with-values (lambda () (apply (option-processor option) option name #f seeds))
                     (lambda seeds (letters text (+ k 1) rest seeds)))))))))
  (define (operands args seeds)
    (if (null? args)
        (apply values seeds)
        (call-with-values (lambda () (apply operand (car args) seeds))
          (lambda seeds (operands (cdr args) seeds)))))
  (define (loop args seeds)
    (if (null? args)
        (apply values seeds)
        (let ((arg (car args)) (rest (cdr args)))
          (cond ((string=? arg "--") (operands rest seeds))
                ((and (string-prefix? "--" arg) (string-index arg #\= 2))
                 => (lambda (place)
                      (process (substring arg 2 place) (substring arg (+ place 1)) rest seeds)))
                ((string-prefix? "--" arg)
                 (let* ((name (substring arg 2)) (known (lookup name)))
                   (if (and known (option-required-arg? known) (pair? rest))
                       (process name (car rest) (cdr rest) seeds)
                       (process name #f rest seeds))))
                ((and (string-prefix? "-" arg) (> (string-length arg) 1)) (letters arg 1 rest seeds))
                (else
                 (call-with-values (lambda () (apply operand arg seeds))
                   (lambda seeds (loop rest seeds))))))))
  (loop args seeds))
