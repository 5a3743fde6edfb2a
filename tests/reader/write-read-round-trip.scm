; What write prints, read reads back as an equal object.
(define (round-trip x)
  (let ((p (open-output-string)))
    (write x p)
    (equal? x (read (open-input-string (get-output-string p))))))
(define-syntax all (syntax-rules () ((_ x ...) (list (round-trip x) ...))))
(all 1 -1 1/3 1.5 -0.0 1e100 1e-100 123456789123456789123456789 .1 +inf.0 -inf.0) ; expect: (#t #t #t #t #t #t #t #t #t #t #t)
(all "" "a" "a\nb" "\"\\" "\t\r\a\b" "λ😀" "\x0;\x7f;\x1b;") ; expect: (#t #t #t #t #t #t #t)
(all #\a #\space #\newline #\null #\delete #\x7f #\λ #\x80 #\" #\\ #\( #\x301 #\x1F600) ; expect: (#t #t #t #t #t #t #t #t #t #t #t #t #t)
(all 'a '|a b| '|| '|A| '|1| '|.| '|+1| '|a\|b| '|λ| '|a;b| '|#a| '|a\nb|) ; expect: (#t #t #t #t #t #t #t #t #t #t #t #t)
(all '() '(1) '(1 . 2) '(1 2 . 3) '((())) #() #(1 #(2)) #u8() #u8(1 255) ''a '`(a ,b ,@c)) ; expect: (#t #t #t #t #t #t #t #t #t #t #t)
(all #t #f '(#t . #f))                     ; expect: (#t #t #t)
(round-trip (let loop ((i 0) (l '())) (if (= i 300) l (loop (+ i 1) (cons (integer->char (+ i 1)) l))))) ; expect: #t
(round-trip (let loop ((i 1) (l '())) (if (= i 300) (list->string l) (loop (+ i 1) (cons (integer->char i) l))))) ; expect: #t
(let loop ((i 0) (x 1.0) (ok #t))
  (if (= i 200) ok (loop (+ i 1) (* x 1.37) (and ok (round-trip x) (round-trip (/ x)) (round-trip (- x)))))) ; expect: #t
