; Macro uses in operator and operand places, and names of core forms used as variables.
(define-syntax id (syntax-rules () ((_ e) e)))
((id +) 1 2)                               ; expect: 3
((id (lambda (x) (* x 2))) 4)              ; expect: 8
(let ((quote list)) (quote 1))             ; expect: (1)
(define (test define) (+ define 1))
(test 1)                                   ; expect: 2
(let ((set! 5)) set!)                      ; expect: 5
(let loop ((lambda 0)) (if (< lambda 3) (loop (+ lambda 1)) lambda)) ; expect: 3
(define-syntax call-with (syntax-rules () ((_ (f . args)) (f . args))))
(call-with (list 1 2 3))                   ; expect: (1 2 3)
(let ((begin -) (x 5)) (begin x))          ; expect: -5
(define else-var 1)
(cond (#f 1) (else else-var))              ; expect: 1
if                                         ; error: if
(list if)                                  ; error: if
(let ((x define)) x)                       ; error: define
(else)                                     ; error: else
(=> 1)                                     ; error: =>
(define-syntax thunked (syntax-rules () ((_ e) (lambda () e))))
((thunked (+ 1 1)))                        ; expect: 2
(map (thunked-list) '())                   ; error: thunked-list
