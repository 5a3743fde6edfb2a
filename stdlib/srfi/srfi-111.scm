;;; (srfi srfi-111): boxes, which hold one object. [SRFI 111]

(define-module (srfi srfi-111)
  #:export (box box? unbox set-box!))

(define (box obj)
  "(box obj): a new box that holds OBJ."
  (%make-box obj))

(define (box? obj)
  "(box? obj): whether OBJ is a box."
  (%box? obj))

(define (unbox box)
  "(unbox box): what BOX holds."
  (%box-ref box))

(define (set-box! box obj)
  "(set-box! box obj): makes BOX hold OBJ."
  (%box-set! box obj))
