;;; (scheme time): Clocks. [R7RS appendix A]

(define-library (scheme time)
  (import (sockeye core))
  (export
    current-jiffy current-second jiffies-per-second))
