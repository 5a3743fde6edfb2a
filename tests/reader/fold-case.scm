; Section 2.1: #!fold-case and #!no-fold-case change how letters in identifiers are read, from there on.
(define (read-from text) (read (open-input-string text)))
(read-from "ABC")                          ; expect: ABC
(read-from "#!fold-case ABC")              ; expect: abc
(read-from "#!fold-case (Hello |Hello| WORLD)") ; expect: (hello Hello world)
(read-from "#!fold-case (A #!no-fold-case A)") ; expect: (a A)
(read-from "#!fold-case \"Text\"")         ; expect: "Text"
(read-from "#!fold-case #\\A")             ; expect: #\A
(read-from "(A #!fold-case A)")            ; expect: (A a)
