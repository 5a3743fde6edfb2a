;;; (fibers timers): waiting for a time, as operations. [guile-fibers]

(define-library (fibers timers)
  (import (sockeye core) (fibers operations))
  (export sleep-operation timer-operation sleep)
  (begin
    (define (sleep-operation seconds)
      "(sleep-operation seconds): the operation of waiting so long."
      (%silent-operation
        (if (> seconds 0) (lambda () #f) (lambda () values))
        (lambda (entry) (%wake-after! entry seconds))))

    (define (timer-operation expiry)
      "(timer-operation expiry): the operation of waiting until get-internal-real-time is EXPIRY."
      (%silent-operation
        (lambda () (and (>= (current-jiffy) expiry) values))
        (lambda (entry)
          (%wake-after! entry (max 0 (/ (- expiry (current-jiffy)) (jiffies-per-second)))))))))
