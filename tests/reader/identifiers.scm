; Section 2.1: what an identifier may look like, and which token is a symbol.
(symbol? 'lambda)                          ; expect: #t
(map symbol? '(... + - +soup+ <=? ->string a34kTMNs lambda list->vector q V17a |two words| the-word-recursion-has-many-meanings)) ; expect: (#t #t #t #t #t #t #t #t #t #t #t #t #t)
(map symbol? '(! $ % & * / : < = > ? ^ _ ~)) ; expect: (#t #t #t #t #t #t #t #t #t #t #t #t #t #t)
(map symbol? '(+. -. .. +.. -.. .a .+ +a -a --1 ++1 -> +@ .@)) ; expect: (#t #t #t #t #t #t #t #t #t #t #t #t #t #t)
(symbol->string '|two\x20;words|)          ; expect: "two words"
(eq? '|two words| '|two\x20;words|)        ; expect: #t
(eq? 'abc '|abc|)                          ; expect: #t
(eq? '|a\x62;c| 'abc)                      ; expect: #t
(symbol->string '|a\nb|)                   ; expect: "a\nb"
(symbol->string '|tab\there|)              ; expect: "tab\there"
(symbol->string '|bar\|bar|)               ; expect: "bar|bar"
(symbol->string '||)                       ; expect: ""
(string-length (symbol->string '||))       ; expect: 0
(eq? 'abc 'ABC)                            ; expect: #f
(symbol->string 'MiXeD)                    ; expect: "MiXeD"
(symbol? '1+)                              ; expect: #t
(symbol? '1.2.3)                           ; expect: #t
(symbol? '-1-)                             ; expect: #t
(symbol->string 'λ)                        ; expect: "λ"
(symbol->string 'größe)                    ; expect: "größe"
(define λx 3)
λx                                         ; expect: 3
(define |odd name| 4)
|odd name|                                 ; expect: 4
(+ |odd name| λx)                          ; expect: 7
'|odd name|                                ; expect: |odd name|
'||                                        ; expect: ||
(string->symbol "A b")                     ; expect: |A b|
(string->symbol "1")                       ; expect: |1|
(string->symbol "+1")                      ; expect: |+1|
(string->symbol ".")                       ; expect: |.|
(string->symbol "a(b")                     ; expect: |a(b|
(string->symbol "#foo")                    ; expect: |#foo|
(string->symbol "a;b")                     ; expect: |a;b|
(string->symbol "a\"b")                    ; expect: |a"b|
(string->symbol "abc")                     ; expect: abc
(string->symbol "Abc")                     ; expect: Abc
(string->symbol "...")                     ; expect: ...
(string->symbol "+")                       ; expect: +
(string->symbol "-")                       ; expect: -
(string->symbol "->x")                     ; expect: ->x
(string->symbol "+i")                      ; expect: |+i|
(string->symbol "1e3")                     ; expect: |1e3|
(string->symbol "1/2")                     ; expect: |1/2|
