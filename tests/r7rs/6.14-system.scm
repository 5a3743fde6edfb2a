; Section 6.14: time, features, command line and environment.
(list? (features))                         ; expect: #t
(and (memq 'r7rs (features)) #t)           ; expect: #t
(and (memq 'full-unicode (features)) #t)   ; expect: #t
(and (memq 'ratios (features)) #t)         ; expect: #t
(every symbol? (features))                 ; expect: #t
(exact-integer? (current-jiffy))           ; expect: #t
(exact-integer? (jiffies-per-second))      ; expect: #t
(positive? (jiffies-per-second))           ; expect: #t
(let* ((a (current-jiffy)) (b (current-jiffy))) (<= a b)) ; expect: #t
(real? (current-second))                   ; expect: #t
(> (current-second) 1700000000)            ; expect: #t
(list? (command-line))                     ; expect: #t
(and (member "PATH" (map car (get-environment-variables))) #t) ; expect: #t
(string? (get-environment-variable "PATH")) ; expect: #t
(get-environment-variable "NO_SUCH_VARIABLE_HERE") ; expect: #f
(equal? (get-environment-variable "PATH") (cdr (assoc "PATH" (get-environment-variables)))) ; expect: #t
(get-environment-variable 5)               ; error: get-environment-variable
