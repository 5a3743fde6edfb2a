; Records of one type whose fields are equal? are equal? themselves, as in Guile; what has a state of its own is equal to itself alone.
(import (only (guile) equal? hash make-hash-table hash-set! hash-ref make-fluid make-parameter make-hook) (scheme base)
        (srfi 9) (srfi 35) (ice-9 atomic) (only (ice-9 threads) make-mutex make-condition-variable)
        (only (web uri) string->uri) (only (srfi 19) make-time time-utc))
(define-record-type <point> (point x y) point? (x point-x) (y point-y set-point-y!))
(define-record-type <pixel> (pixel x y) pixel? (x pixel-x) (y pixel-y))

(equal? (point 1 "a") (point 1 "a"))                    ; expect: #t
(eqv? (point 1 "a") (point 1 "a"))                      ; expect: #f
(equal? (point 1 "a") (point 1 "b"))                    ; expect: #f
(equal? (point 1 "a") (pixel 1 "a"))                    ; expect: #f
(and (member (list (point 1 2)) (list 3 (list (point 1 2)))) #t) ; expect: #t
(= (hash (point 1 "a") 5000) (hash (point 1 "a") 5000)) ; expect: #t

(define table (make-hash-table))
(hash-set! table (point 1 '(2)) 'found)
(hash-ref table (point 1 '(2)))                         ; expect: found
(hash-ref table (pixel 1 '(2)))                         ; expect: #f

; A record that holds itself ends the comparison all the same.
(define a (point 1 2))
(define b (point 1 2))
(set-point-y! a (list a))
(set-point-y! b (list b))
(equal? a b)                                            ; expect: #t

; Deep ones do, too.
(define (nest n) (let loop ((n n) (p (point 0 0))) (if (= n 0) p (loop (- n 1) (point n p)))))
(equal? (nest 100000) (nest 100000))                    ; expect: #t

(equal? (string->uri "http://h/p") (string->uri "http://h/p")) ; expect: #t
(equal? (make-time time-utc 0 1) (make-time time-utc 0 1)) ; expect: #t
(equal? (make-condition &message 'message "m") (make-condition &message 'message "m")) ; expect: #t

(define (twins? make) (equal? (make) (make)))
(twins? make-mutex)                                     ; expect: #f
(twins? make-condition-variable)                        ; expect: #f
(twins? make-hook)                                      ; expect: #f
(twins? make-fluid)                                     ; expect: #f
(twins? (lambda () (make-parameter 1)))                 ; expect: #f
(twins? (lambda () (make-atomic-box 1)))                ; expect: #f
