; R6RS's libraries: records, conditions, enumerations, arithmetic. Versions and phases in imports.
(import (rnrs (6)) (for (rnrs mutable-pairs (6)) run) (rnrs mutable-strings) (rnrs eval))
(define-record-type point (fields x (mutable y)) (protocol (lambda (new) (lambda (x y) (new x y)))))
(define p (make-point 1 2))
(list (point-x p) (point-y p) (point? p))                                   ; expect: (1 2 #t)
(point-y-set! p 7)
(point-y p)                                                                 ; expect: 7
(define-record-type (colour-point make-colour-point colour-point?)
  (parent point)
  (fields (immutable colour the-colour))
  (protocol (lambda (make) (lambda (x y c) ((make x y) c)))))
(define c (make-colour-point 1 2 'red))
(list (point-x c) (the-colour c) (point? c) (colour-point? c) (colour-point? p)) ; expect: (1 red #t #t #f)
(record-type-field-names (record-rtd c))                                    ; expect: #(colour)
(record-type-name (record-type-descriptor point))                           ; expect: point
(eq? (record-type-parent (record-rtd c)) (record-type-descriptor point))    ; expect: #t
(define-record-type sealed-one (sealed #t) (nongenerative sealed-one-uid) (fields a))
(list (record-type-sealed? (record-type-descriptor sealed-one)) (record-type-uid (record-type-descriptor sealed-one))) ; expect: (#t sealed-one-uid)
(define-record-type secret (opaque #t) (fields a))
(record? (make-secret 1))                                                   ; expect: #f
(point-x 5)                                                                 ; error: record

(define rtd (make-record-type-descriptor 'thing #f #f #f #f '#((immutable a) (mutable b))))
(define make-thing (record-constructor (make-record-constructor-descriptor rtd #f #f)))
(let ((t (make-thing 1 2))) ((record-mutator rtd 1) t 9) (list ((record-accessor rtd 0) t) ((record-accessor rtd 1) t))) ; expect: (1 9)
(record-mutator rtd 0)                                                      ; error: a mutable field

(call-with-values (lambda () (div-and-mod -7 2)) list)                      ; expect: (-4 1)
(list (div0 7 2) (mod0 7 2) (div -7 -2) (mod 7 -2))                         ; expect: (4 -1 4 1)
(list (real-valued? 1.0+0.0i) (integer-valued? 2.0) (rational-valued? +inf.0)) ; expect: (#t #t #f)
(define (parts e) (list (condition-who e) (condition-message e) (condition-irritants e)))
(guard (e ((assertion-violation? e) (parts e))) (assertion-violation 'foo "bad" 1 2)) ; expect: (foo "bad" (1 2))
(guard (e ((error? e) (parts e))) (error 'foo "bad" 1 2))                   ; expect: (foo "bad" (1 2))
(guard (e ((violation? e) 'violation) ((error? e) 'error)) (error #f "bad")) ; expect: error
(define-condition-type &mine &error make-mine mine? (x mine-x))
(guard (e ((mine? e) (list (mine-x e) (error? e) (condition-message e)))) (raise (condition (make-mine 5) (make-message-condition "m")))) ; expect: (5 #t "m")
(length (simple-conditions (condition (make-mine 5) (make-message-condition "m")))) ; expect: 2

(define-enumeration color (red green blue) color-set)
(enum-set->list (color-set blue red))                                       ; expect: (red blue)
(color green)                                                               ; expect: green
(let ((s (color-set red))) (list (enum-set-member? 'red s) (enum-set->list (enum-set-complement s)) ((enum-set-indexer s) 'blue))) ; expect: (#t (green blue) 2)
(enum-set=? (enum-set-union (color-set red) (color-set blue)) (color-set blue red)) ; expect: #t
(list (fx+ 1 2) (fxdiv 7 2) (fxand 12 10) (fxarithmetic-shift 1 4) (fx<? 1 2 3) (fixnum? (expt 2 62))) ; expect: (3 3 8 16 #t #f)
(guard (e ((implementation-restriction-violation? e) (condition-message e))) (fx+ (greatest-fixnum) 1)) ; expect: "the result is no fixnum"
(list (fl+ 1.0 2.0) (flfloor 1.5) (flmax 1.0 2.0) (flnan? (flsqrt -1.0)) (fixnum->flonum 3)) ; expect: (3.0 1.0 2.0 #t 3.0)
(fl+ 1 2)                                                                   ; error: a flonum
(let ((h (make-eq-hashtable))) (hashtable-set! h 'a 1) (hashtable-ref h 'a 0)) ; expect: 1
(vector-sort < (vector 3 1 2))                                              ; expect: #(1 2 3)
(call-with-string-output-port (lambda (port) (put-string port "hi")))       ; expect: "hi"
(char-title-case? #\x1c5)                                                   ; expect: #t
(let ((p (list 1 2))) (set-car! p 9) p)                                     ; expect: (9 2)
(eval '(+ 1 2) (environment '(rnrs base)))                                  ; expect: 3
(let-syntax ((twice (lambda (form) (syntax-case form () ((_ e) #'(begin e e)))))) (let ((n 0)) (twice (set! n (+ n 1))) n)) ; expect: 2

; A library as R6RS writes it, with several renamings in one clause.
(library (shelf numbers (1 2))
  (export one (rename (two zwei) (three drei)))
  (import (rnrs base (6)))
  (define one 1)
  (define two 2)
  (define three (+ one two)))
(import (only (shelf numbers (1)) one zwei drei))
(list one zwei drei)                                                        ; expect: (1 2 3)
