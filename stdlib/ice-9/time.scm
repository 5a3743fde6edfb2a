;;; (ice-9 time): how long an expression takes. [Guile]

(define-module (ice-9 time)
  #:export (time))

;; (time EXPRESSION): the values of the expression; seconds by the clock, of the program and of the system are displayed.
(define-syntax time
  (syntax-rules ()
    ((_ expression) (%time (lambda () expression)))))

(define (%time thunk)
  "The values of (THUNK); displays how long it took."
  (let* ((before (times)) (start (get-internal-real-time)))
    (call-with-values thunk
      (lambda results
        (let ((after (times)) (end (get-internal-real-time)))
          (define (show seconds)
            (format #t " ~a" (/ (round (* 100.0 seconds)) 100)))
          (define (units f)
            (/ (- (f after) (f before)) internal-time-units-per-second))
          (display "clock utime stime cutime cstime gctime\n")
          (for-each show
            (list (/ (- end start) internal-time-units-per-second) (units tms:utime) (units tms:stime)
                  (units tms:cutime) (units tms:cstime) 0))
          (newline)
          (apply values results))))))
