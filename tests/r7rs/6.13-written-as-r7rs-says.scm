; What is written otherwise than by Guile, since an import stands at the beginning.
(import (scheme base) (scheme write))
(write (list (bytevector 1 2) (bytevector)))                                   ; prints: (#u8(1 2) #u8())
(write (map string->symbol '("a b" "" "1" "a.b" "+1" "..." "." "a;b" "Ab" "é"))) ; prints: (|a b| || |1| a.b |+1| ... |.| |a;b| Ab é)
(write (map integer->char '(0 7 8 9 10 13 27 32 127 955)))                     ; prints: (#\null #\alarm #\backspace #\tab #\newline #\return #\escape #\space #\delete #\λ)
(write (list->string (map integer->char '(0 7 8 9 10 13 27 34 92 127 955))))   ; prints: "\x0;\a\b\t\n\r\x1b;\"\\\x7f;λ"
