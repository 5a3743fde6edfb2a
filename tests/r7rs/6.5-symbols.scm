; Section 6.5: symbols.
(map symbol? (list 'foo (car '(a b)) "bar" 'nil '() #f #\a 1)) ; expect: (#t #t #f #t #f #f #f #f)
(symbol=? 'a 'a)                           ; expect: #t
(symbol=? 'a 'b)                           ; expect: #f
(symbol=? 'a 'a 'a)                        ; expect: #t
(symbol=? 'a 'a 'b)                        ; expect: #f
(symbol=? 'a "a")                          ; error: symbol=?
(symbol=? 1 'a)                            ; error: symbol=?
(symbol->string 'flying-fish)              ; expect: "flying-fish"
(symbol->string 'Martin)                   ; expect: "Martin"
(symbol->string (string->symbol "Malvina")) ; expect: "Malvina"
(string->symbol "mISSISSIppi")             ; expect: mISSISSIppi
(eqv? 'bitBlt (string->symbol "bitBlt"))   ; expect: #t
(eqv? 'LollyPop (string->symbol (symbol->string 'LollyPop))) ; expect: #t
(string=? "K. Harper, M.D." (symbol->string (string->symbol "K. Harper, M.D."))) ; expect: #t
(symbol->string (string->symbol ""))       ; expect: ""
(let ((s (string #\a #\b))) (let ((y (string->symbol s))) (string-set! s 0 #\z) (symbol->string y))) ; expect: "ab"
(eq? (string->symbol "λ") 'λ)              ; expect: #t
(let loop ((i 0)) (or (= i 1000) (and (eq? (string->symbol (string-append "s" (number->string i))) (string->symbol (string-append "s" (number->string i)))) (loop (+ i 1))))) ; expect: #t
(symbol->string "a")                       ; error: symbol->string
(string->symbol 'a)                        ; error: string->symbol
