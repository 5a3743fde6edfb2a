;;; (rnrs records inspection): what record types are like. [R6RS libraries 6.4]

(define-module (rnrs records inspection)
  #:use-module (rnrs records procedural)
  #:replace (record? record-type-name record-type-parent record-type-uid record-type-opaque?)
  #:export (record-rtd record-type-generative? record-type-sealed? record-type-field-names record-field-mutable?))

(define (record? obj)
  "(record? obj): whether OBJ is a record whose type may be known."
  (and (%record? obj) (not (record-type-opaque? (%record-type obj)))))

(define (record-rtd record)
  "(record-rtd record): the type of RECORD."
  (if (not (record? record)) (%wrong-type 'record-rtd 1 "a record that is not opaque" record))
  (%record-type record))

(define (record-type-name rtd)
  "(record-type-name rtd): the name of the type, a symbol."
  (%record-type-name rtd))

(define (record-type-parent rtd)
  "(record-type-parent rtd): the type that RTD extends, or #f."
  (%record-type-parent rtd))

(define (record-type-uid rtd)
  "(record-type-uid rtd): the symbol that the type was made with, or #f."
  (vector-ref (%facts rtd) 0))

(define (record-type-generative? rtd)
  "(record-type-generative? rtd): whether the type was made without such a symbol."
  (not (record-type-uid rtd)))

(define (record-type-sealed? rtd)
  "(record-type-sealed? rtd): whether no type may extend RTD."
  (and (vector-ref (%facts rtd) 1) #t))

(define (record-type-opaque? rtd)
  "(record-type-opaque? rtd): whether the type of RTD's records is kept secret."
  (and (vector-ref (%facts rtd) 2) #t))

(define (record-type-field-names rtd)
  "(record-type-field-names rtd): a vector of the names of the fields, without those of the parent."
  (list->vector (map cadr (vector->list (vector-ref (%facts rtd) 3)))))

(define (record-field-mutable? rtd k)
  "(record-field-mutable? rtd k): whether field K can be changed."
  (eq? (car (vector-ref (vector-ref (%facts rtd) 3) k)) 'mutable))
