; guile: same
; The customs of the locale C, and paths into XML.
(use-modules (ice-9 i18n) (sxml xpath))
(define (show . objs) (for-each (lambda (obj) (write obj) (display " ")) objs) (newline))
(show (string-locale<? "a" "b") (string-locale-ci=? "aB" "Ab") (char-locale-upcase #\a) (locale-day 1) (locale-month-short 5))
; prints: #t #t #\A "Sunday" "May" 
(show (call-with-values (lambda () (locale-string->integer "-12abc")) list)
      (call-with-values (lambda () (locale-string->inexact "1.5e3x")) list)
      (number->locale-string 1234.567 2) (number->locale-string 1234567))
; prints: (-12 3) (1500.0 5) "1234.57" "1234567" 
(define doc
  '(*TOP* (bib (book (@ (id "1") (lang "en")) (title "A" (em "x")) (author "P") (author "Q"))
               (book (@ (id "2")) (title "B") (author "R")))))
(define (find path) ((sxpath path) doc))
(show (find '(bib book title *text*)) (find '(bib (book 2) title)) (find '(// @ id *text*)) (find '(bib book (author -1) *text*)))
; prints: ("A" "B") ((title "B")) ("1" "2") ("Q" "R") 
(show (find '(bib (book (@ lang)) title)) (find '(bib (book ((equal? (title "B")))) author)) ((node-parent doc) (find '(// em))))
; prints: ((title "A" (em "x"))) ((author "R")) ((title "A" (em "x"))) 
