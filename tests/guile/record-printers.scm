; Records that procedures of the program print, alone and as parts.
(use-modules (srfi srfi-9) (srfi srfi-9 gnu))
(define-record-type <point> (make-point x y) point? (x point-x) (y point-y))
(write (make-point 1 2)) ; prints: #<<point> x: 1 y: 2>
(set-record-type-printer! <point> (lambda (record port) (display "#<P " port) (write (point-x record) port) (display ">" port)))
(write (list (make-point 1 2) (make-point (make-point 3 "s") 4))) ; prints: (#<P 1> #<P #<P 3>>)
(display (vector (make-point 1 2) "s")) ; prints: #(#<P 1> s)
(simple-format #t "~a ~s ~a" (make-point 1 2) "s" (make-point 3 4)) ; prints: #<P 1> "s" #<P 3>
(display (format #f "~a" (list (make-point 1 2)))) ; prints: (#<P 1>)
(display (object->string (make-point 7 8))) ; prints: #<P 7>
(define twice (make-point 1 2))
(write (list twice twice)) ; prints: (#<P 1> #<P 1>)
(let ((circle (list (make-point 5 6) 'x))) (set-cdr! (cdr circle) circle) (write circle)) ; prints: #0=(#<P 5> x . #0#)
(write (make-point 'outer 1) (current-output-port)) ; prints: #<P outer>

; A printer that fails, that is left, and that comes back.
(set-record-type-printer! <point> (lambda (record port) (error "cannot print" (point-x record))))
(write (make-point 1 2)) ; error: cannot print
(set-record-type-printer! <point> (lambda (record port) ((point-x record) 'left)))
(call/cc (lambda (k) (write (make-point k 2)))) ; expect: left
(define again #f)
(define times 0)
(set-record-type-printer! <point> (lambda (record port) (call/cc (lambda (k) (set! again k))) (write times port)))
(define (go) (write (list (make-point 1 2) 'y)) (set! times (+ times 1)) (if (< times 3) (again #f)))
(go) ; prints: (0 y)(01 y)(012 y)
(set-record-type-printer! <point> #f)
(write (make-point 1 2)) ; prints: #<<point> x: 1 y: 2>
(set-record-type-printer! 5 car) ; error: a record type
(define type (make-record-type 'foo '(a) (lambda (record port) (display "FOO" port))))
(write ((record-constructor type) 1)) ; prints: FOO
