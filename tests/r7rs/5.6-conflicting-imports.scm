; R7RS 5.6: a library may not have one name from two libraries that mean different things by it.
(define-library (one) (export x y) (import (scheme base)) (begin (define x 1) (define y 10)))
(define-library (two) (export x) (import (scheme base)) (begin (define x 2)))
(define-library (again) (export x) (import (one)))
(define-library (own-car) (export car) (import (except (scheme base) car)) (begin (define (car x) 'mine)))
(define (problem thunk) (guard (e ((error-object? e) (error-object-message e))) (thunk)))
(define (with-imports . sets)
  (eval `(define-library (tried) (export z) (import (scheme base) ,@sets) (begin (define z x))) (environment '(guile)))
  (problem (lambda () (eval 'z (environment '(tried))))))
(with-imports '(one) '(two))   ; expect: "(one) and (two) both export x, and mean different things by it: import it from one of them only, or under another name"
(with-imports '(two) '(one))   ; expect: "(two) and (one) both export x, and mean different things by it: import it from one of them only, or under another name"
(with-imports '(one) '(own-car)) ; expect: "(scheme base) and (own-car) both export car, and mean different things by it: import it from one of them only, or under another name"
(with-imports '(one) '(one) '(again))           ; expect: 1
(with-imports '(one) '(prefix (two) other-))    ; expect: 1
(with-imports '(except (one) x) '(two))         ; expect: 2
(with-imports '(only (one) y) '(only (two) x))  ; expect: 2
; Libraries that come with the program share names: the later one wins, as in Guile.
(with-imports '(one) '(srfi 1) '(srfi 13))      ; expect: 1
; So it is for use-modules.
(define-module (guile-one) #:export (w))
(define w 'first)
(define-module (guile-two) #:export (w))
(define w 'second)
(define-module (guile-user))
(use-modules (guile-one) (guile-two))
w                                               ; expect: second
