; Sizes no machine has are refused by name before anything is allocated.
(make-string 1000000000000000 #\a)         ; error: make-string
(vector-ref #(a) 100000000000000000000)    ; error: vector-ref
(make-vector 1000000000000000000 0)        ; error: make-vector
(make-bytevector 1000000000000000000 0)    ; error: make-bytevector
(make-list 1000000000000000 0)             ; error: make-list
(make-string 4611686018427387904 #\a)      ; error: make-string
(make-vector 100000000000000000000 0)      ; error: make-vector
(make-bytevector 18446744073709551616 0)   ; error: make-bytevector
(expt 10 (expt 10 12))                     ; error: expt
'still-alive                               ; expect: still-alive
