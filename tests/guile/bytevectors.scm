; guile: same
; The bytevector-copy! of (rnrs bytevectors) copies from its first argument, the one of (scheme base) to it.
(use-modules (rnrs bytevectors))

(define (show x) (write (if (bytevector? x) (bytevector->u8-list x) x)) (newline))
(define (key thunk) (catch #t (lambda () (thunk) 'none) (lambda (key . args) key)))

(define from (u8-list->bytevector '(1 2 3 4 5)))
(define to (make-bytevector 5 0))
(bytevector-copy! from 1 to 2 3)
(show to)
(bytevector-copy! from 0 from 1 4)
(show from)
(show (key (lambda () (bytevector-copy! from 3 to 0 3))))
(show (key (lambda () (bytevector-copy! from 0 to 4 2))))
(show (key (lambda () (bytevector-copy! from 'a to 4 2))))
(show (make-bytevector 2 -1))
(let ((b (make-bytevector 2 7))) (bytevector-fill! b -2) (show b))
(show (key (lambda () (make-bytevector 2 256))))
(show (key (lambda () (bytevector-u8-set! to 0 256))))
(show (key (lambda () (bytevector-u8-set! to 0 'a))))
(show (key (lambda () (utf8->string (u8-list->bytevector '(255 65))))))
(show (key (lambda () (list-tail '(1 2) 5))))

(define-module (rest) #:use-module ((scheme base) #:select (bytevector-copy! make-bytevector)))
(define to (make-bytevector 5 0))
(bytevector-copy! to 1 #vu8(1 2 3) 1 3)
(write ((@ (rnrs bytevectors) bytevector->u8-list) to))
(newline)
