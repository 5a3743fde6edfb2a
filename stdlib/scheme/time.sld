;;; (scheme time): the time, as R7RS lists them.
(define-library (scheme time)
  (import (sockeye core))
  (export
    current-jiffy current-second jiffies-per-second))
