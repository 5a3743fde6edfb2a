; guile: same
; Array literals are read, compared and written as Guile does.
(define (show . objs) (for-each (lambda (obj) (write obj) (display " ")) objs) (newline))
(show '#2((a b) (c d)) '#2u8((1 2) (3 4)) '#1(1 2 3) '#@1(1 2) '#2@1@-2((1 2) (3 4)) '#0(a) '#0f64(1.5))
; prints: #2((a b) (c d)) #2u8((1 2) (3 4)) #(1 2 3) #1@1(1 2) #2@1@-2((1 2) (3 4)) #0(a) #0f64(1.5) 
(show '#2() '#3() '#2(() ()) '#2:0:3() '#2:2:1((a) (b)) '#1b(#t #f) '#2b((#t) (#f)) '#2a((#\a) (#\b)) '#1f32(1 2))
; prints: #2() #3() #2(() ()) #2:0:3() #2((a) (b)) #*10 #2b((#t) (#f)) #2a((#\a) (#\b)) #f32(1.0 2.0) 
(show #2((1 "b" #\c)) `(1 . #2((a))) (array-ref #2((1 2) (3 4)) 1 0) (array-shape '#@1(1 2)) (make-array 0 0 2))
; prints: #2((1 "b" #\c)) (1 . #2((a))) 3 ((1 2)) #2:0:2() 
(show (equal? '#2((a (b)) (c "d")) (list->array 2 '((a (b)) (c "d")))) (equal? '#2u8((1)) '#2((1)))
      (equal? '#@1(1 2) '#(1 2)) (equal? (array-slice #2((1 2) (3 4)) 0) #(1 2))
      (equal? (transpose-array #2((1 2) (3 4)) 1 0) '#2((1 3) (2 4))))
; prints: #t #f #f #t #t 
(let ((table (make-hash-table)))
  (hash-set! table '#2((1)) 'two)
  (show (hash-ref table (make-array 1 1 1)) (hash-ref table '#2((2)))))
; prints: two #f 
(let ((a (make-array 0 1 1)))
  (array-set! a a 0 0)
  (show (equal? a a)))
; prints: #t 
(define-syntax quoted (syntax-rules () ((_ x) '#2((x y) (x z)))))
(show (quoted (1 2)) (read (open-input-string "#2((a #:b) (\"c\" #\\d))")))
; prints: #2((x y) (x z)) #2((a #:b) ("c" #\d)) 
