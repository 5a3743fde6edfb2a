; Recursion and allocation without end run into the memory limit: an error like any other, and the script goes on.
; slow: it fills the memory it may have
(define (forever n) (+ 1 (forever n)))
(guard (e ((error-object? e) 'stopped)) (forever 0)) ; expect: stopped
(define (hoard l) (hoard (cons (make-vector 1000 0) l)))
(guard (e ((error-object? e) 'stopped)) (hoard '())) ; expect: stopped
(guard (e ((error-object? e) 'stopped)) (let loop ((s "x")) (loop (string-append s s)))) ; expect: stopped
(guard (e ((error-object? e) 'stopped)) (let loop ((l '(1))) (loop (append l l)))) ; expect: stopped
(+ 1 1)                                    ; expect: 2
; The handler runs while all of it is still alive, and has room to print.
(guard (e (#t (display "stopped") (newline) (string-length (number->string (expt 7 100))))) (hoard '())) ; expect: 85
