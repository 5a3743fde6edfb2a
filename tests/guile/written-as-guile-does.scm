; What is written otherwise than in R7RS, since no import stands at the beginning.
; guile: same
(use-modules (rnrs bytevectors))
(write (list (u8-list->bytevector '(1 2)) (make-bytevector 0))) ; prints: (#vu8(1 2) #vu8())
(write (map string->symbol '("a b" "" "1" "1+" "a.b" "+1" "..." "." "a;b" "a(b" "Ab" "x,y" ",x" "1-2" "é"))) ; prints: (#{a b}# #{}# #{1}# #{1+}# a.b #{+1}# ... #{.}# #{a;b}# #{a\x28;b}# Ab x,y #{,x}# #{1-2}# é)
(write (map integer->char '(0 1 7 8 9 10 11 12 13 27 31 32 127 128 160 955))) ; prints: (#\nul #\soh #\alarm #\backspace #\tab #\newline #\vtab #\page #\return #\esc #\us #\space #\delete #\200 #\240 #\λ)
(write (list->string (map integer->char '(0 1 7 8 9 10 11 12 13 27 34 92 127 160 955)))) ; prints: "\x00\x01\a\b\t\n\v\f\r\x1b\"\\\x7f\xa0λ"
(write "\x1b[0m\x41b") ; prints: "\x1b[0mAb"
