; guile: same
; #nil is false and the empty list at once, and neither of both. [Guile: Nil]
(define-syntax show
  (syntax-rules ()
    ((_ expression ...) (begin (begin (write expression) (newline)) ...))))

(show (if #nil 1 2) (not #nil) (and #nil 1) (or #nil 1) (cond (#nil 'true) (else 'false)))
(show (null? #nil) (boolean? #nil) (list? #nil) (pair? #nil) (symbol? #nil))
(show (eq? #nil #f) (eqv? #nil '()) (equal? #nil #f) (eq? #nil #nil) (equal? (list #nil) (list #nil)))
(show (length #nil) (append #nil '(1)) (map 1+ #nil) (let loop ((l '(1 2 . #nil)) (n 0)) (if (null? l) n (loop (cdr l) (+ n 1)))))
(show #nil (list #nil) '(a . #nil) (length '(a b . #nil)) (reverse '(a b . #nil)) (list-copy '(a . #nil)))
(show (call-with-input-string "#nil (x . #nil)" (lambda (port) (let* ((a (read port)) (b (read port))) (list (eq? a #nil) b)))))
; expect: 2
; expect: #t
; expect: #f
; expect: 1
; expect: false
; expect: #t
; expect: #t
; expect: #t
; expect: #f
; expect: #f
; expect: #f
; expect: #f
; expect: #f
; expect: #t
; expect: #t
; expect: 0
; expect: (1)
; expect: ()
; expect: 2
; expect: #nil
; expect: (#nil)
; expect: (a)
; expect: 2
; expect: (b a)
; expect: (a)
; expect: (#t (x))
