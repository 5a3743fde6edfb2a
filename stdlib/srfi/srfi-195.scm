;;; (srfi srfi-195): boxes of several values. [SRFI 195]

(define-module (srfi srfi-195)
  #:export (box box? unbox set-box! box-arity unbox-value set-box-value!))

(define (box . objs)
  "(box obj ...): a new box that holds the OBJS."
  (%make-box (list->vector objs)))

(define (box? obj)
  "(box? obj): whether OBJ is a box."
  (%box? obj))

(define (unbox box)
  "(unbox box): what BOX holds, as values."
  (apply values (vector->list (%box-ref box))))

(define (set-box! box . objs)
  "(set-box! box obj ...): makes BOX hold the OBJS, as many as before."
  (if (not (= (length objs) (box-arity box))) (error "set-box!: the box holds another number of values" box))
  (%box-set! box (list->vector objs)))

(define (box-arity box)
  "(box-arity box): how many values BOX holds."
  (vector-length (%box-ref box)))

(define (unbox-value box k)
  "(unbox-value box k): value K of BOX; the first is value 0."
  (vector-ref (%box-ref box) k))

(define (set-box-value! box k obj)
  "(set-box-value! box k obj): makes OBJ value K of BOX."
  (vector-set! (%box-ref box) k obj))
