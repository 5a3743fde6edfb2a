; The list procedures every script may use without an import: filter, fold, find, any, every and friends.
(filter odd? '(1 2 3 4 5))                 ; expect: (1 3 5)
(filter odd? '())                          ; expect: ()
(remove odd? '(1 2 3 4 5))                 ; expect: (2 4)
(call-with-values (lambda () (partition odd? '(1 2 3 4 5))) list) ; expect: ((1 3 5) (2 4))
(fold + 0 '(1 2 3))                        ; expect: 6
(fold cons '() '(1 2 3))                   ; expect: (3 2 1)
(fold cons* '() '(a b c) '(1 2 3))         ; expect: (c 3 b 2 a 1)
(fold-right cons '() '(1 2 3))             ; expect: (1 2 3)
(fold-right list 'end '(1 2))              ; expect: (1 (2 end))
(fold-right cons* '() '(a b) '(1 2 3))     ; expect: (a 1 b 2)
(reduce + 0 '(1 2 3))                      ; expect: 6
(reduce + 0 '())                           ; expect: 0
(reduce max 0 '(3 9 4))                    ; expect: 9
(reduce - 0 '(1 2 3 4))                    ; expect: 2
(delete 2 '(1 2 3 2))                      ; expect: (1 3)
(delete "a" '("a" "b"))                    ; expect: ("b")
(delete-duplicates '(1 2 1 3 2))           ; expect: (1 2 3)
(find even? '(1 2 3 4))                    ; expect: 2
(find even? '(1 3))                        ; expect: #f
(find-tail even? '(1 2 3))                 ; expect: (2 3)
(list-index even? '(1 3 4))                ; expect: 2
(list-index = '(1 2 3) '(3 2 1))           ; expect: 1
(any even? '(1 2 3))                       ; expect: #t
(any (lambda (x) (and (even? x) (* x 10))) '(1 2 3)) ; expect: 20
(any even? '())                            ; expect: #f
(any + '(1) '(2))                          ; expect: 3
(every odd? '(1 3))                        ; expect: #t
(every (lambda (x) (and (odd? x) x)) '(1 3 5)) ; expect: 5
(every odd? '())                           ; expect: #t
(every odd? '(1 2 3))                      ; expect: #f
(every < '(1 2) '(2 3))                    ; expect: #t
(append-map (lambda (x) (list x x)) '(1 2)) ; expect: (1 1 2 2)
(filter-map (lambda (x) (and (even? x) (* x x))) '(1 2 3 4)) ; expect: (4 16)
(count even? '(1 2 4))                     ; expect: 2
(list-tabulate 4 (lambda (i) (* i i)))     ; expect: (0 1 4 9)
(iota 5)                                   ; expect: (0 1 2 3 4)
(iota 3 1)                                 ; expect: (1 2 3)
(last-pair '(1 2 3))                       ; expect: (3)
(cons* 1 2 '(3 4))                         ; expect: (1 2 3 4)
(filter 5 '(1))                            ; error: filter
(filter odd? 5)                            ; error: filter
(fold + 0 5)                               ; error: fold
(any odd? 5)                               ; error: any
(every odd? '(1 . 2))                      ; error: every
