;;; (srfi srfi-88): keyword objects. [SRFI 88]
;;;
;;; As in Guile, names that end with a colon are read as keywords once this is imported.

(define-module (srfi srfi-88)
  #:re-export (keyword?)
  #:export (keyword->string string->keyword))

(define (keyword->string keyword)
  "(keyword->string keyword): the name of KEYWORD."
  (symbol->string (keyword->symbol keyword)))

(define (string->keyword string)
  "(string->keyword string): the keyword with the name STRING."
  (symbol->keyword (string->symbol string)))

(read-set! keywords 'postfix)
