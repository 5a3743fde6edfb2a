; Sockets and files that nobody knows any more give their descriptors back, also when none is left before the next collection.
; slow: opens more descriptors than a process may have
(define (repeat n thunk) (if (> n 0) (begin (thunk) (repeat (- n 1) thunk))))
(repeat 25000 (lambda () (socket AF_UNIX SOCK_STREAM 0)))
(repeat 25000 (lambda () (open-input-file "/dev/null")))
'done                                                  ; expect: done
