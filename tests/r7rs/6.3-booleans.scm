; Section 6.3: booleans.
#t                                         ; expect: #t
#f                                         ; expect: #f
'#f                                        ; expect: #f
#true                                      ; expect: #t
(not #t)                                   ; expect: #f
(not 3)                                    ; expect: #f
(not (list 3))                             ; expect: #f
(not #f)                                   ; expect: #t
(not '())                                  ; expect: #f
(not 'nil)                                 ; expect: #f
(not "")                                   ; expect: #f
(not 0)                                    ; expect: #f
(map boolean? (list #f #t 0 '() 'f "#f" (not 1))) ; expect: (#t #t #f #f #f #f #t)
(boolean=? #t #t)                          ; expect: #t
(boolean=? #f #f)                          ; expect: #t
(boolean=? #t #f)                          ; expect: #f
(boolean=? #t #t #t)                       ; expect: #t
(boolean=? #t #t #f)                       ; expect: #f
(boolean=? #f #f #f #f)                    ; expect: #t
(boolean=? 1 #t)                           ; error: boolean=?
(boolean=? #t 'a)                          ; error: boolean=?
(not)                                      ; error: not
(not 1 2)                                  ; error: not
