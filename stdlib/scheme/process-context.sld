;;; (scheme process-context): What surrounds the program. [R7RS appendix A]

(define-library (scheme process-context)
  (import (sockeye core))
  (export
    command-line emergency-exit exit get-environment-variable get-environment-variables))
