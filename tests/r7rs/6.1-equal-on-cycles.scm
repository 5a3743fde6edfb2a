; Section 6.1: equal? ends even on circular data.
(define (circular . l) (let ((head (list-copy l))) (let loop ((p head)) (if (null? (cdr p)) (begin (set-cdr! p head) head) (loop (cdr p))))))
(define a (circular 1 2))
(define b (circular 1 2))
(define c (circular 1 2 1 2))
(define d (circular 1 3))
(equal? a a)                               ; expect: #t
(equal? a b)                               ; expect: #t
(equal? a c)                               ; expect: #t
(equal? a d)                               ; expect: #f
(equal? a '(1 2))                          ; expect: #f
(equal? a (list 1 2 1 2 1 2 1 2))          ; expect: #f
(define (self-vector x) (let ((v (vector x #f))) (vector-set! v 1 v) v))
(equal? (self-vector 1) (self-vector 1))   ; expect: #t
(equal? (self-vector 1) (self-vector 2))   ; expect: #f
(define (self-car) (let ((p (list 1 2))) (set-car! p p) p))
(equal? (self-car) (self-car))             ; expect: #t
(define (knot) (let* ((v (vector 1 2)) (l (list v 3))) (vector-set! v 0 l) (set-car! (cdr l) v) l))
(equal? (knot) (knot))                     ; expect: #t
(equal? (list a b) (list c c))             ; expect: #t
(list? a)                                  ; expect: #f
(guard (e (#t 'error)) (length a))         ; expect: error
(let ((shared (let loop ((i 0) (x '())) (if (= i 40) x (loop (+ i 1) (cons x x)))))
      (other (let loop ((i 0) (x '())) (if (= i 40) x (loop (+ i 1) (cons x x))))))
  (equal? shared other))                   ; expect: #t
(map + '(1 2 3 4 5) a)                     ; expect: (2 4 4 6 6)
(let ((n 0)) (for-each (lambda (x y) (set! n (+ n (* x y)))) a '(1 10 100)) n) ; expect: 121
