; An expression whose value is put off may have several values, or none: force gives them all, as in Guile.
(define count 0)
(define p (delay (begin (set! count (+ count 1)) (values 1 2 3))))
(define (forced p) (call-with-values (lambda () (force p)) list))
(forced p)                                 ; expect: (1 2 3)
(forced p)                                 ; expect: (1 2 3)
count                                      ; expect: 1
(forced (delay (values)))                  ; expect: ()
(forced (delay-force p))                   ; expect: (1 2 3)
(+ 1 (force p))                            ; expect: 2
(forced (delay 'one))                      ; expect: (one)
(forced (make-promise 'one))               ; expect: (one)
(let ((values list) (receive car)) (forced (delay 5))) ; expect: (5)
