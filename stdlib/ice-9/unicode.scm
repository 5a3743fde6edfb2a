;;; (ice-9 unicode): characters by name. [Guile]

(define-module (ice-9 unicode)
  #:export (formal-name->char char->formal-name))

(define (formal-name->char name)
  "(formal-name->char name): the character that its code's number, U+0041, names; #f for other names."
  (and (string-prefix-ci? "u+" name)
       (let ((number (string->number (substring name 2) 16)))
         (and number (exact-integer? number) (<= 0 number #x10ffff) (not (<= #xd800 number #xdfff))
              (integer->char number)))))

(define (char->formal-name char)
  "(char->formal-name char): the number of CHAR's code, such as U+0041."
  (string-append "U+" (string-upcase (string-pad (number->string (char->integer char) 16)
                                                 (max 4 (string-length (number->string (char->integer char) 16))) #\0))))
