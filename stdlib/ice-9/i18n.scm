;;; (ice-9 i18n): comparing, converting and writing as the customs of a place have it; here, those of the locale C. [Guile: Internationalization]
;;;
;;; A locale is its name. Letters are ordered by their numbers and change case as Unicode says, and numbers and names of days are
;;; written as in C: nothing here depends on what is installed.

(define-module (ice-9 i18n)
  #:export (locale? make-locale %global-locale string-locale<? string-locale>? string-locale-ci<? string-locale-ci>?
            string-locale-ci=? char-locale<? char-locale>? char-locale-ci<? char-locale-ci>? char-locale-ci=?
            char-locale-downcase char-locale-upcase char-locale-titlecase string-locale-downcase string-locale-upcase
            string-locale-titlecase locale-string->integer locale-string->inexact locale-encoding locale-day-short locale-day
            locale-month-short locale-month locale-am-string locale-pm-string locale-date-format locale-time-format
            locale-date+time-format locale-time+am/pm-format locale-yes-regexp locale-no-regexp locale-decimal-point
            locale-thousands-separator locale-digit-grouping number->locale-string monetary-amount->locale-string))

(define %locale (%make-record-type 'locale (vector 'name)))
(define %global-locale (%record %locale "C"))

(define (locale? obj)
  "(locale? obj): whether OBJ is a locale."
  (%record? obj %locale))

(define* (make-locale categories name #:optional base)
  "(make-locale categories name [base]): the locale NAME, which is to be C or POSIX, or one of these with an encoding."
  (if (not (member name '("C" "POSIX" "C.UTF-8" "C.utf8" "")))
      (scm-error 'system-error "make-locale" "Failed to install locale" '() (list ENOENT)))
  (%record %locale name))

(define* (string-locale<? a b #:optional locale)
  "(string-locale<? a b [locale]): whether A comes before B."
  (string<? a b))

(define* (string-locale>? a b #:optional locale)
  "(string-locale>? a b [locale]): whether A comes after B."
  (string>? a b))

(define* (string-locale-ci<? a b #:optional locale)
  "(string-locale-ci<? a b [locale]): whether A comes before B, whatever their case."
  (string-ci<? a b))

(define* (string-locale-ci>? a b #:optional locale)
  "(string-locale-ci>? a b [locale]): whether A comes after B, whatever their case."
  (string-ci>? a b))

(define* (string-locale-ci=? a b #:optional locale)
  "(string-locale-ci=? a b [locale]): whether A and B are the same, whatever their case."
  (string-ci=? a b))

(define* (char-locale<? a b #:optional locale)
  "(char-locale<? a b [locale]): whether the character A comes before B."
  (char<? a b))

(define* (char-locale>? a b #:optional locale)
  "(char-locale>? a b [locale]): whether the character A comes after B."
  (char>? a b))

(define* (char-locale-ci<? a b #:optional locale)
  "(char-locale-ci<? a b [locale]): whether the character A comes before B, whatever their case."
  (char-ci<? a b))

(define* (char-locale-ci>? a b #:optional locale)
  "(char-locale-ci>? a b [locale]): whether the character A comes after B, whatever their case."
  (char-ci>? a b))

(define* (char-locale-ci=? a b #:optional locale)
  "(char-locale-ci=? a b [locale]): whether the characters A and B are the same, whatever their case."
  (char-ci=? a b))

(define* (char-locale-downcase c #:optional locale)
  "(char-locale-downcase c [locale]): the lower-case character for C."
  (char-downcase c))

(define* (char-locale-upcase c #:optional locale)
  "(char-locale-upcase c [locale]): the upper-case character for C."
  (char-upcase c))

(define* (char-locale-titlecase c #:optional locale)
  "(char-locale-titlecase c [locale]): the title-case character for C."
  (char-titlecase c))

(define* (string-locale-downcase string #:optional locale)
  "(string-locale-downcase string [locale]): STRING in lower case."
  (string-downcase string))

(define* (string-locale-upcase string #:optional locale)
  "(string-locale-upcase string [locale]): STRING in upper case."
  (string-upcase string))

(define* (string-locale-titlecase string #:optional locale)
  "(string-locale-titlecase string [locale]): STRING with the first letters of its words in upper case."
  (string-titlecase string))

(define (%leading string wanted?)
  "How many characters at the beginning of STRING are WANTED?, which gets each and its index."
  (let loop ((i 0))
    (if (and (< i (string-length string)) (wanted? (string-ref string i) i)) (loop (+ i 1)) i)))

(define* (locale-string->integer text #:optional (base 10) locale)
  "(locale-string->integer text [base [locale]]): two values: the integer at the beginning of TEXT, or #f, and how many characters
it has."
  (let* ((count (%leading text
                  (lambda (c i) (or (string->number (string c) base) (and (= i 0) (memv c '(#\+ #\-)))))))
         (number (string->number (substring text 0 count) base)))
    (values number (if number count 0))))

(define* (locale-string->inexact string #:optional locale)
  "(locale-string->inexact string [locale]): two values: the real number at the beginning of STRING, or #f, and how many characters it
has."
  (let loop ((count (%leading string (lambda (c i) (or (char-numeric? c) (memv c '(#\+ #\- #\. #\e #\E)))))))
    (let ((number (and (> count 0) (string->number (substring string 0 count)))))
      (cond ((real? number) (values (exact->inexact number) count))
            ((> count 0) (loop (- count 1)))
            (else (values #f 0))))))

(define* (locale-encoding #:optional locale)
  "(locale-encoding [locale]): the encoding of text."
  "UTF-8")

(define (%named who n names)
  "The Nth of NAMES, counted from 1."
  (if (and (exact-integer? n) (<= 1 n (vector-length names)))
      (vector-ref names (- n 1))
      (scm-error 'out-of-range who "Value out of range: ~S" (list n) (list n))))

(define %days #("Sunday" "Monday" "Tuesday" "Wednesday" "Thursday" "Friday" "Saturday"))
(define %months
  #("January" "February" "March" "April" "May" "June" "July" "August" "September" "October" "November" "December"))

(define* (locale-day day #:optional locale)
  "(locale-day day [locale]): the name of a day of the week; 1 is Sunday."
  (%named "locale-day" day %days))

(define* (locale-day-short day #:optional locale)
  "(locale-day-short day [locale]): the short name of a day of the week; 1 is Sunday."
  (substring (%named "locale-day-short" day %days) 0 3))

(define* (locale-month month #:optional locale)
  "(locale-month month [locale]): the name of a month; 1 is January."
  (%named "locale-month" month %months))

(define* (locale-month-short month #:optional locale)
  "(locale-month-short month [locale]): the short name of a month; 1 is January."
  (substring (%named "locale-month-short" month %months) 0 3))

(define* (locale-am-string #:optional locale)
  "(locale-am-string [locale]): what says that an hour is before noon."
  "AM")

(define* (locale-pm-string #:optional locale)
  "(locale-pm-string [locale]): what says that an hour is after noon."
  "PM")

(define* (locale-date+time-format #:optional locale)
  "(locale-date+time-format [locale]): the form of a date and a time, for strftime."
  "%a %b %e %H:%M:%S %Y")

(define* (locale-date-format #:optional locale)
  "(locale-date-format [locale]): the form of a date, for strftime."
  "%m/%d/%y")

(define* (locale-time-format #:optional locale)
  "(locale-time-format [locale]): the form of a time, for strftime."
  "%H:%M:%S")

(define* (locale-time+am/pm-format #:optional locale)
  "(locale-time+am/pm-format [locale]): the form of a time of twelve hours, for strftime."
  "%I:%M:%S %p")

(define* (locale-yes-regexp #:optional locale)
  "(locale-yes-regexp [locale]): a regular expression of answers that say yes."
  "^[yY]")

(define* (locale-no-regexp #:optional locale)
  "(locale-no-regexp [locale]): a regular expression of answers that say no."
  "^[nN]")

(define* (locale-decimal-point #:optional locale)
  "(locale-decimal-point [locale]): what stands between the units and the decimals of a number."
  ".")

(define* (locale-thousands-separator #:optional locale)
  "(locale-thousands-separator [locale]): what stands between groups of digits."
  "")

(define* (locale-digit-grouping #:optional locale)
  "(locale-digit-grouping [locale]): the sizes of the groups of digits: there are none."
  '())

(define* (number->locale-string number #:optional (decimals #t) locale)
  "(number->locale-string number [decimals [locale]]): NUMBER written with so many DECIMALS, or with all for #t."
  (let* ((text (number->string number)) (dot (string-index text #\.)))
    (cond ((eq? decimals #t) (if (and dot (string=? (substring text dot) ".0")) (substring text 0 dot) text))
          ((= decimals 0) (if dot (substring text 0 dot) text))
          (else
           (let* ((scaled (round (* (abs (inexact->exact number)) (expt 10 decimals))))
                  (digits (number->string scaled))
                  (digits (string-pad digits (max (string-length digits) (+ decimals 1)) #\0))
                  (point (- (string-length digits) decimals)))
             (string-append (if (negative? number) "-" "") (substring digits 0 point) "." (substring digits point)))))))

(define* (monetary-amount->locale-string amount international? #:optional locale)
  "(monetary-amount->locale-string amount international? [locale]): AMOUNT written with two decimals."
  (number->locale-string amount 2))
