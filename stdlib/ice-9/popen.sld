;;; (ice-9 popen): ports to programs: what they print is read, what they read is written. [Guile: Pipes]

(define-library (ice-9 popen)
  (import (sockeye core))
  (export
    close-pipe open-input-output-pipe open-input-pipe open-output-pipe open-pipe open-pipe* pipeline
    OPEN_READ OPEN_WRITE OPEN_BOTH))
