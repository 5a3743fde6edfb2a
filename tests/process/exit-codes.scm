; The statuses that the ends of a program come to.
; guile: same
(load "../socket/data/check.scm")
(define (exit-of thunk)
  (let ((pid (primitive-fork)))
    (if (= pid 0)
        (begin (thunk) (primitive-_exit 99))
        (status:exit-val (cdr (waitpid pid))))))
; Not inside of a check, which catches everything.
(define codes
  (map exit-of
    (list (lambda () (exit #f)) (lambda () (exit #t)) (lambda () (exit)) (lambda () (exit 256)) (lambda () (exit -1))
          (lambda () (exit "x")) (lambda () (quit 6)) (lambda () (throw 'quit 7)) (lambda () (primitive-exit 8))
          (lambda () (dynamic-wind (lambda () #f) (lambda () (exit 9)) (lambda () (primitive-_exit 10))))
          (lambda () (dynamic-wind (lambda () #f) (lambda () (primitive-exit 11)) (lambda () (primitive-_exit 12)))))))
(check codes (1 0 0 0 255 0 6 7 8 10 11))
(finish)
