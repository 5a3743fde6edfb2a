; Section 6.7: string literals and their escapes.
(string-length "")                         ; expect: 0
(string->list "a\tb\nc\rd\ae\bf")          ; expect: (#\a #\tab #\b #\newline #\c #\return #\d #\alarm #\e #\backspace #\f)
(string->list "\"\\\|")                    ; expect: (#\" #\\ #\|)
"\x41;bc"                                  ; expect: "Abc"
"\x3bb;"                                   ; expect: "λ"
(string-length "\x1F600;")                 ; expect: 1
(char->integer (string-ref "\x1F600;" 0))  ; expect: 128512
"a\
   b"                                      ; expect: "ab"
"a \
   b"                                      ; expect: "a b"
"a\   
   b"                                      ; expect: "ab"
"one
two"                                       ; expect: "one\ntwo"
(string-length "one
two")                                      ; expect: 7
"back\\slash"                              ; expect: "back\\slash"
"say \"hi\""                               ; expect: "say \"hi\""
"tab\there"                                ; expect: "tab\there"
(string=? "\x61;" "a")                     ; expect: #t
(string=? "\x0061;" "a")                   ; expect: #t
(equal? "\a" (string #\alarm))             ; expect: #t
(string-length "ab\x0;cd")                 ; expect: 5
"semi;colon"                               ; expect: "semi;colon"
"#|not a comment|#"                        ; expect: "#|not a comment|#"
