; Section 4.1.7 and 6.14: include, include-ci and load, relative to this file.
(include "data/included.txt")
included-value                             ; expect: 42
(included-procedure 2)                     ; expect: 84
(include-ci "data/included-ci.txt")
shouted                                    ; expect: quiet
(let () (include "data/included.txt") (included-procedure 10)) ; expect: 420
(include "data/no-such-file.txt")          ; error: no-such-file
(begin (include "data/included.txt" "data/included.txt") included-value) ; expect: 42
