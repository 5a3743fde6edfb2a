; The last digits of a number may be #: they count as 0, and the number is inexact. [R5RS 7.1.1, Guile]
1#                              ; expect: 10.0
-12##                           ; expect: -1200.0
1#.                             ; expect: 10.0
1#.##                           ; expect: 10.0
1.5#                            ; expect: 1.5
.5#                             ; expect: 0.5
1#e2                            ; expect: 1000.0
1#/2                            ; expect: 5.0
1#/2#                           ; expect: 0.5
#x1#                            ; expect: 16.0
#e1#                            ; expect: 10
#e1#/3                          ; expect: 10/3
1#+2#i                          ; expect: 10.0+20.0i
(string->number "1#2")          ; expect: #f
(string->number "1#.2")         ; expect: #f
(string->number "#")            ; expect: #f
(string->number ".#")           ; expect: #f
(string->number "1e2#")         ; expect: #f
(string->number "1e#")          ; expect: #f
(string->number "+#i")          ; expect: #f
(string->number "1#" 8)         ; expect: 8.0
