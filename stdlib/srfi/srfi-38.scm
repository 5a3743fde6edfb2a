;;; (srfi srfi-38): writing and reading data with shared parts and cycles. [SRFI 38]

(define-module (srfi srfi-38)
  #:export (write-with-shared-structure write/ss read-with-shared-structure read/ss))

(define* (write-with-shared-structure obj #:optional (port (current-output-port)) ignored)
  "(write-with-shared-structure obj [port]): writes OBJ with labels where parts occur more than once."
  (write-shared obj port))

(define* (write/ss obj #:optional (port (current-output-port)) ignored)
  "(write/ss obj [port]): the same as write-with-shared-structure."
  (write-shared obj port))

(define* (read-with-shared-structure #:optional (port (current-input-port)))
  "(read-with-shared-structure [port]): reads a datum that may have labels."
  (read port))

(define* (read/ss #:optional (port (current-input-port)))
  "(read/ss [port]): the same as read-with-shared-structure."
  (read port))
