; Section 6.6: character literals, by themselves, by name and by number.
#\a                                        ; expect: #\a
#\A                                        ; expect: #\A
#\(                                        ; expect: #\(
#\)                                        ; expect: #\)
#\;                                        ; expect: #\;
#\"                                        ; expect: #\"
#\space                                    ; expect: #\space
#\newline                                  ; expect: #\newline
#\tab                                      ; expect: #\tab
#\return                                   ; expect: #\return
#\null                                     ; expect: #\null
#\alarm                                    ; expect: #\alarm
#\backspace                                ; expect: #\backspace
#\delete                                   ; expect: #\delete
#\escape                                   ; expect: #\escape
(map char->integer '(#\alarm #\backspace #\delete #\escape #\newline #\null #\return #\space #\tab)) ; expect: (7 8 127 27 10 0 13 32 9)
(char->integer #\ )                        ; expect: 32
#\x41                                      ; expect: #\A
#\x03BB                                    ; expect: #\λ
#\λ                                        ; expect: #\λ
#\x                                        ; expect: #\x
(char->integer #\x0)                       ; expect: 0
(char->integer #\x10FFFF)                  ; expect: 1114111
(char->integer #\x1F600)                   ; expect: 128512
#\1                                        ; expect: #\1
(char=? #\x61 #\a)                         ; expect: #t
(list #\a #\) 'b)                          ; expect: (#\a #\) b)
(char->integer #\é)                        ; expect: 233
(char->integer #\字)                       ; expect: 23383
