;;; (srfi srfi-19): times and dates. [SRFI 19]
;;;
;;; A time has a type, seconds and nanoseconds; UTC and TAI count from 1970, with the leap seconds known in 2017 between them.
;;; A date has the fields of the Gregorian calendar and an offset from UTC in seconds.

(define-module (srfi srfi-19)
  #:use-module (srfi srfi-9)
  #:replace (current-time make-time time? time-type time-nanosecond time-second set-time-type! set-time-nanosecond! set-time-second!)
  #:export (time-duration time-monotonic time-process time-tai time-thread time-utc current-date current-julian-day
            current-modified-julian-day time-resolution copy-time
            time<=? time<? time=? time>=? time>? time-difference time-difference! add-duration add-duration! subtract-duration
            subtract-duration! make-date date? date-nanosecond date-second date-minute date-hour date-day date-month date-year
            date-zone-offset date-year-day date-week-day date-week-number date->julian-day date->modified-julian-day
            date->time-monotonic date->time-tai date->time-utc julian-day->date julian-day->time-monotonic
            julian-day->time-tai julian-day->time-utc modified-julian-day->date modified-julian-day->time-monotonic
            modified-julian-day->time-tai modified-julian-day->time-utc time-monotonic->date time-monotonic->julian-day
            time-monotonic->modified-julian-day time-monotonic->time-tai time-monotonic->time-tai! time-monotonic->time-utc
            time-monotonic->time-utc! time-tai->date time-tai->julian-day time-tai->modified-julian-day
            time-tai->time-monotonic time-tai->time-monotonic! time-tai->time-utc time-tai->time-utc! time-utc->date
            time-utc->julian-day time-utc->modified-julian-day time-utc->time-monotonic time-utc->time-monotonic!
            time-utc->time-tai time-utc->time-tai! date->string string->date))

(define time-tai 'time-tai)
(define time-utc 'time-utc)
(define time-monotonic 'time-monotonic)
(define time-thread 'time-thread)
(define time-process 'time-process)
(define time-duration 'time-duration)

;;; ---- Times -------------------------------------------------------------------------------------------------------

(define-record-type time
  (%make-time type nanosecond second)
  time?
  (type time-type set-time-type!)
  (nanosecond time-nanosecond set-time-nanosecond!)
  (second time-second set-time-second!))

(define %nano 1000000000)

(define (make-time type nanosecond second)
  "(make-time type nanosecond second): a new time."
  (%time-of type (+ (* second %nano) nanosecond)))

(define (%time-of type nanoseconds)
  "The time of TYPE so many NANOSECONDS from its beginning."
  (if (negative? nanoseconds)
      ;; Both parts of a negative time are negative, as in Guile.
      (%make-time type (remainder nanoseconds %nano) (quotient nanoseconds %nano))
      (%make-time type (modulo nanoseconds %nano) (quotient nanoseconds %nano))))

(define (%nanoseconds time)
  "How many nanoseconds TIME is from its beginning."
  (+ (* (time-second time) %nano) (time-nanosecond time)))

(define (copy-time time)
  "(copy-time time): a new time like TIME."
  (%make-time (time-type time) (time-nanosecond time) (time-second time)))

(define* (current-time #:optional (type 'time-utc))
  "(current-time [type]): the time now, of TYPE: time-utc, time-tai, time-monotonic, time-process or time-thread."
  (case type
    ((time-utc) (%now))
    ((time-tai) (time-utc->time-tai (%now)))
    ((time-monotonic) (time-utc->time-monotonic (%now)))
    ((time-process time-thread)
     (%time-of type (quotient (* (current-jiffy) %nano) (jiffies-per-second))))
    (else (%bad 'current-time "invalid clock type" type))))

(define (%now)
  "The time of UTC now."
  (let ((now (gettimeofday)))
    (%make-time 'time-utc (* 1000 (cdr now)) (car now))))

(define* (time-resolution #:optional (type 'time-utc))
  "(time-resolution [type]): the nanoseconds between two readings of that clock that can differ."
  (case type
    ((time-utc time-tai time-monotonic) 1000)
    (else (quotient %nano (jiffies-per-second)))))

(define (%bad who what . irritants)
  "Fails in the name of WHO."
  (throw 'misc-error (symbol->string who) (string-append "TIME-ERROR type ~A: ~S") (list what irritants) #f))

(define (%same-type who a b)
  "Complains in the name of WHO unless the times A and B are of one type."
  (if (not (and (time? a) (time? b) (eq? (time-type a) (time-type b))))
      (%bad who 'incompatible-time-types a b)))

(define (time=? a b)
  "(time=? a b): whether the times A and B are the same."
  (%same-type 'time=? a b)
  (= (%nanoseconds a) (%nanoseconds b)))

(define (time<? a b)
  "(time<? a b): whether the time A is before B."
  (%same-type 'time<? a b)
  (< (%nanoseconds a) (%nanoseconds b)))

(define (time>? a b)
  "(time>? a b): whether the time A is after B."
  (%same-type 'time>? a b)
  (> (%nanoseconds a) (%nanoseconds b)))

(define (time<=? a b)
  "(time<=? a b): whether the time A is not after B."
  (%same-type 'time<=? a b)
  (<= (%nanoseconds a) (%nanoseconds b)))

(define (time>=? a b)
  "(time>=? a b): whether the time A is not before B."
  (%same-type 'time>=? a b)
  (>= (%nanoseconds a) (%nanoseconds b)))

(define (time-difference a b)
  "(time-difference a b): the duration from the time B to A."
  (%same-type 'time-difference a b)
  (%time-of 'time-duration (- (%nanoseconds a) (%nanoseconds b))))

(define (time-difference! a b)
  "(time-difference! a b): the same as time-difference."
  (time-difference a b))

(define (%need-duration who time)
  "Complains in the name of WHO unless TIME is a duration."
  (if (not (and (time? time) (eq? (time-type time) 'time-duration))) (%bad who 'not-duration time)))

(define (add-duration time duration)
  "(add-duration time duration): the time DURATION after TIME."
  (%need-duration 'add-duration duration)
  (%time-of (time-type time) (+ (%nanoseconds time) (%nanoseconds duration))))

(define (add-duration! time duration)
  "(add-duration! time duration): the same as add-duration."
  (add-duration time duration))

(define (subtract-duration time duration)
  "(subtract-duration time duration): the time DURATION before TIME."
  (%need-duration 'subtract-duration duration)
  (%time-of (time-type time) (- (%nanoseconds time) (%nanoseconds duration))))

(define (subtract-duration! time duration)
  "(subtract-duration! time duration): the same as subtract-duration."
  (subtract-duration time duration))

;;; ---- Leap seconds ------------------------------------------------------------------------------------------------

;; Seconds of UTC since 1970 from which on TAI is so many seconds ahead, the latest first.
(define %leap-seconds
  '((1483228800 . 37) (1435708800 . 36) (1341100800 . 35) (1230768000 . 34) (1136073600 . 33) (915148800 . 32) (867715200 . 31)
    (820454400 . 30) (773020800 . 29) (741484800 . 28) (709948800 . 27) (662688000 . 26) (631152000 . 25) (567993600 . 24)
    (489024000 . 23) (425865600 . 22) (394329600 . 21) (362793600 . 20) (315532800 . 19) (283996800 . 18) (252460800 . 17)
    (220924800 . 16) (189302400 . 15) (157766400 . 14) (126230400 . 13) (94694400 . 12) (78796800 . 11) (63072000 . 10)))

(define (%leap-delta utc)
  "How many seconds TAI is ahead of UTC at these seconds of UTC."
  (let ((entry (find (lambda (entry) (>= utc (car entry))) %leap-seconds)))
    (if entry (cdr entry) 0)))

(define (%leap-delta-of-tai tai)
  "How many seconds TAI is ahead of UTC at these seconds of TAI."
  (let ((entry (find (lambda (entry) (>= (- tai (cdr entry)) (- (car entry) 1))) %leap-seconds)))
    (if (not entry)
        0
        ;; In the leap second itself the old difference holds.
        (if (>= (- tai (cdr entry)) (car entry)) (cdr entry) (- (cdr entry) 1)))))

(define (%check-type who time type)
  "Complains in the name of WHO unless TIME is of TYPE."
  (if (not (and (time? time) (eq? (time-type time) type))) (%bad who 'incompatible-time-types time)))

(define (time-utc->time-tai time)
  "(time-utc->time-tai time): TIME, of UTC, as time of TAI."
  (%check-type 'time-utc->time-tai time 'time-utc)
  (%make-time 'time-tai (time-nanosecond time) (+ (time-second time) (%leap-delta (time-second time)))))

(define (time-tai->time-utc time)
  "(time-tai->time-utc time): TIME, of TAI, as time of UTC."
  (%check-type 'time-tai->time-utc time 'time-tai)
  (%make-time 'time-utc (time-nanosecond time) (- (time-second time) (%leap-delta-of-tai (time-second time)))))

(define (time-utc->time-monotonic time)
  "(time-utc->time-monotonic time): TIME, of UTC, as monotonic time, which is that of TAI."
  (let ((new (time-utc->time-tai time)))
    (set-time-type! new 'time-monotonic)
    new))

(define (time-tai->time-monotonic time)
  "(time-tai->time-monotonic time): TIME, of TAI, as monotonic time."
  (%check-type 'time-tai->time-monotonic time 'time-tai)
  (%make-time 'time-monotonic (time-nanosecond time) (time-second time)))

(define (time-monotonic->time-tai time)
  "(time-monotonic->time-tai time): TIME, monotonic, as time of TAI."
  (%check-type 'time-monotonic->time-tai time 'time-monotonic)
  (%make-time 'time-tai (time-nanosecond time) (time-second time)))

(define (time-monotonic->time-utc time)
  "(time-monotonic->time-utc time): TIME, monotonic, as time of UTC."
  (time-tai->time-utc (time-monotonic->time-tai time)))

(define (time-utc->time-tai! time)
  "(time-utc->time-tai! time): the same as time-utc->time-tai."
  (time-utc->time-tai time))

(define (time-tai->time-utc! time)
  "(time-tai->time-utc! time): the same as time-tai->time-utc."
  (time-tai->time-utc time))

(define (time-utc->time-monotonic! time)
  "(time-utc->time-monotonic! time): the same as time-utc->time-monotonic."
  (time-utc->time-monotonic time))

(define (time-tai->time-monotonic! time)
  "(time-tai->time-monotonic! time): the same as time-tai->time-monotonic."
  (time-tai->time-monotonic time))

(define (time-monotonic->time-tai! time)
  "(time-monotonic->time-tai! time): the same as time-monotonic->time-tai."
  (time-monotonic->time-tai time))

(define (time-monotonic->time-utc! time)
  "(time-monotonic->time-utc! time): the same as time-monotonic->time-utc."
  (time-monotonic->time-utc time))

;;; ---- Dates -------------------------------------------------------------------------------------------------------

(define-record-type date
  (%make-date nanosecond second minute hour day month year zone-offset)
  date?
  (nanosecond date-nanosecond)
  (second date-second)
  (minute date-minute)
  (hour date-hour)
  (day date-day)
  (month date-month)
  (year date-year)
  (zone-offset date-zone-offset))

(define (make-date nanosecond second minute hour day month year zone-offset)
  "(make-date nanosecond second minute hour day month year zone-offset): a new date; ZONE-OFFSET is in seconds east of UTC."
  (%make-date nanosecond second minute hour day month year zone-offset))

;; Days are counted from the first of March of the year 0: so the day that a leap year adds is the last one.

(define (%days year month day)
  "The days from 1970-01-01 to this date of the Gregorian calendar."
  (let* ((y (if (<= month 2) (- year 1) year))
         (m (modulo (- month 3) 12)))
    (- (+ (* 365 y) (floor-quotient y 4) (- (floor-quotient y 100)) (floor-quotient y 400)
          (quotient (+ (* 153 m) 2) 5) (- day 1))
       719468)))

(define (%civil days)
  "The list of year, month and day so many days after 1970-01-01."
  (let* ((z (+ days 719468))
         (era (floor-quotient z 146097))
         (of-era (- z (* era 146097)))
         (year-of-era (quotient (- of-era (quotient of-era 1460) (- (quotient of-era 36524)) (quotient of-era 146096)) 365))
         (of-year (- of-era (- (+ (* 365 year-of-era) (quotient year-of-era 4)) (quotient year-of-era 100))))
         (m (quotient (+ (* 5 of-year) 2) 153))
         (month (if (< m 10) (+ m 3) (- m 9))))
    (list (+ year-of-era (* 400 era) (if (<= month 2) 1 0))
          month
          (+ 1 (- of-year (quotient (+ (* 153 m) 2) 5))))))

(define (date->time-utc date)
  "(date->time-utc date): DATE as time of UTC."
  (%make-time 'time-utc (date-nanosecond date)
              (+ (* 86400 (%days (date-year date) (date-month date) (date-day date)))
                 (* 3600 (date-hour date))
                 (* 60 (date-minute date))
                 (date-second date)
                 (- (date-zone-offset date)))))

(define (date->time-tai date)
  "(date->time-tai date): DATE as time of TAI."
  (time-utc->time-tai (date->time-utc date)))

(define (date->time-monotonic date)
  "(date->time-monotonic date): DATE as monotonic time."
  (time-utc->time-monotonic (date->time-utc date)))

(define (%local-offset seconds)
  "How many seconds the local time is east of UTC then."
  (- (tm:gmtoff (localtime seconds))))

(define* (time-utc->date time #:optional offset)
  "(time-utc->date time [zone-offset]): TIME, of UTC, as a date, with that offset or the local one."
  (%check-type 'time-utc->date time 'time-utc)
  (let* ((offset (or offset (%local-offset (time-second time))))
         (local (+ (time-second time) offset))
         (civil (%civil (floor-quotient local 86400)))
         (of-day (modulo local 86400)))
    (%make-date (time-nanosecond time) (modulo of-day 60) (modulo (quotient of-day 60) 60) (quotient of-day 3600)
                (caddr civil) (cadr civil) (car civil) offset)))

(define* (time-tai->date time #:optional offset)
  "(time-tai->date time [zone-offset]): TIME, of TAI, as a date, with that offset or the local one."
  (time-utc->date (time-tai->time-utc time) offset))

(define* (time-monotonic->date time #:optional offset)
  "(time-monotonic->date time [zone-offset]): TIME, monotonic, as a date, with that offset or the local one."
  (time-utc->date (time-monotonic->time-utc time) offset))

(define* (current-date #:optional offset)
  "(current-date [zone-offset]): the date now, with that offset or the local one."
  (time-utc->date (%now) offset))

(define (date-year-day date)
  "(date-year-day date): the day of its year that DATE is; the first is 1."
  (+ 1 (- (%days (date-year date) (date-month date) (date-day date)) (%days (date-year date) 1 1))))

(define (date-week-day date)
  "(date-week-day date): the day of the week of DATE; Sunday is 0."
  (modulo (+ 4 (%days (date-year date) (date-month date) (date-day date))) 7))

(define (date-week-number date first-day)
  "(date-week-number date first-day): the week of its year that DATE is in; weeks begin on day FIRST-DAY, and days before the first
such day do not count."
  (let* ((january (%make-date 0 0 0 0 1 1 (date-year date) 0))
         (before (modulo (- first-day (date-week-day january)) 7)))
    (floor-quotient (- (date-year-day date) 1 before) 7)))

;;; ---- Julian days -------------------------------------------------------------------------------------------------

(define (time-utc->julian-day time)
  "(time-utc->julian-day time): TIME, of UTC, as days since noon of 1 January 4713 before Christ."
  (+ 4881175/2 (/ (%nanoseconds time) (* 86400 %nano))))

(define (time-utc->modified-julian-day time)
  "(time-utc->modified-julian-day time): TIME, of UTC, as days since 17 November 1858."
  (- (time-utc->julian-day time) 4800001/2))

(define (time-tai->julian-day time)
  "(time-tai->julian-day time): TIME, of TAI, as a Julian day."
  (time-utc->julian-day (time-tai->time-utc time)))

(define (time-tai->modified-julian-day time)
  "(time-tai->modified-julian-day time): TIME, of TAI, as a modified Julian day."
  (time-utc->modified-julian-day (time-tai->time-utc time)))

(define (time-monotonic->julian-day time)
  "(time-monotonic->julian-day time): TIME, monotonic, as a Julian day."
  (time-utc->julian-day (time-monotonic->time-utc time)))

(define (time-monotonic->modified-julian-day time)
  "(time-monotonic->modified-julian-day time): TIME, monotonic, as a modified Julian day."
  (time-utc->modified-julian-day (time-monotonic->time-utc time)))

(define (date->julian-day date)
  "(date->julian-day date): DATE as a Julian day."
  (time-utc->julian-day (date->time-utc date)))

(define (date->modified-julian-day date)
  "(date->modified-julian-day date): DATE as a modified Julian day."
  (time-utc->modified-julian-day (date->time-utc date)))

(define (current-julian-day)
  "(current-julian-day): the Julian day now."
  (time-utc->julian-day (%now)))

(define (current-modified-julian-day)
  "(current-modified-julian-day): the modified Julian day now."
  (time-utc->modified-julian-day (%now)))

(define (julian-day->time-utc day)
  "(julian-day->time-utc day): the time of UTC of the Julian day DAY, which may have a fraction."
  (%time-of 'time-utc (floor (inexact->exact (* (- (inexact->exact day) 4881175/2) 86400 %nano)))))

(define (julian-day->time-tai day)
  "(julian-day->time-tai day): the time of TAI of the Julian day DAY."
  (time-utc->time-tai (julian-day->time-utc day)))

(define (julian-day->time-monotonic day)
  "(julian-day->time-monotonic day): the monotonic time of the Julian day DAY."
  (time-utc->time-monotonic (julian-day->time-utc day)))

(define* (julian-day->date day #:optional offset)
  "(julian-day->date day [zone-offset]): the date of the Julian day DAY."
  (time-utc->date (julian-day->time-utc day) offset))

(define (modified-julian-day->time-utc day)
  "(modified-julian-day->time-utc day): the time of UTC of the modified Julian day DAY."
  (julian-day->time-utc (+ day 4800001/2)))

(define (modified-julian-day->time-tai day)
  "(modified-julian-day->time-tai day): the time of TAI of the modified Julian day DAY."
  (julian-day->time-tai (+ day 4800001/2)))

(define (modified-julian-day->time-monotonic day)
  "(modified-julian-day->time-monotonic day): the monotonic time of the modified Julian day DAY."
  (julian-day->time-monotonic (+ day 4800001/2)))

(define* (modified-julian-day->date day #:optional offset)
  "(modified-julian-day->date day [zone-offset]): the date of the modified Julian day DAY."
  (julian-day->date (+ day 4800001/2) offset))

;;; ---- Text --------------------------------------------------------------------------------------------------------

(define %week-days #("Sunday" "Monday" "Tuesday" "Wednesday" "Thursday" "Friday" "Saturday"))

(define %months
  #("January" "February" "March" "April" "May" "June" "July" "August" "September" "October" "November" "December"))

(define (%padded n width char)
  "The number N with CHAR in front, WIDTH wide; without CHAR as it is."
  (let ((text (number->string n)))
    (if (and char (< (string-length text) width)) (string-pad text width char) text)))

(define (%zone date)
  "The offset of DATE as +hhmm, or Z."
  (let* ((offset (date-zone-offset date)) (minutes (quotient (abs offset) 60)))
    (if (= offset 0)
        "Z"
        (string-append (if (< offset 0) "-" "+") (%padded (quotient minutes 60) 2 #\0) (%padded (remainder minutes 60) 2 #\0)))))

(define* (date->string date #:optional (template "~c"))
  "(date->string date [template]): TEMPLATE with its directives replaced by parts of DATE: ~Y ~m ~d ~H ~M ~S and so on; ~1 to ~5
are those of ISO 8601, ~c a date and time."
  (let loop ((chars (string->list template)) (parts '()))
    (cond ((null? chars) (string-concatenate-reverse parts))
          ((not (char=? (car chars) #\~)) (loop (cdr chars) (cons (string (car chars)) parts)))
          ((null? (cdr chars)) (%bad 'date->string 'bad-date-format-string template))
          ((memv (cadr chars) '(#\- #\_))
           (if (null? (cddr chars)) (%bad 'date->string 'bad-date-format-string template))
           (loop (cdddr chars)
                 (cons (%part date (caddr chars) (if (char=? (cadr chars) #\_) #\space #f) template) parts)))
          (else (loop (cddr chars) (cons (%part date (cadr chars) #\0 template) parts))))))

(define (%part date letter pad template)
  "What the directive LETTER makes of DATE."
  (define (hour-12) (let ((h (modulo (date-hour date) 12))) (if (= h 0) 12 h)))
  (case letter
    ((#\~) "~")
    ((#\a) (substring (vector-ref %week-days (date-week-day date)) 0 3))
    ((#\A) (vector-ref %week-days (date-week-day date)))
    ((#\b #\h) (substring (vector-ref %months (- (date-month date) 1)) 0 3))
    ((#\B) (vector-ref %months (- (date-month date) 1)))
    ((#\c) (date->string date "~a ~b ~d ~H:~M:~S~z ~Y"))
    ((#\d) (%padded (date-day date) 2 (and pad #\0)))
    ((#\D) (date->string date "~m/~d/~y"))
    ((#\e) (%padded (date-day date) 2 #\space))
    ((#\f)
     (let ((fraction (date-nanosecond date)))
       (string-append (%padded (date-second date) 2 pad)
                      (if (= fraction 0)
                          ""
                          (string-append "." (string-trim-right (%padded fraction 9 #\0) #\0))))))
    ((#\H) (%padded (date-hour date) 2 pad))
    ((#\I) (%padded (hour-12) 2 pad))
    ((#\j) (%padded (date-year-day date) 3 pad))
    ((#\k) (%padded (date-hour date) 2 #\space))
    ((#\l) (%padded (hour-12) 2 #\space))
    ((#\m) (%padded (date-month date) 2 pad))
    ((#\M) (%padded (date-minute date) 2 pad))
    ((#\n) "\n")
    ((#\N) (%padded (date-nanosecond date) 9 pad))
    ((#\p) (if (< (date-hour date) 12) "AM" "PM"))
    ((#\r) (date->string date "~I:~M:~S ~p"))
    ((#\s) (number->string (time-second (date->time-utc date))))
    ((#\S) (%padded (date-second date) 2 pad))
    ((#\t) "\t")
    ((#\T) (date->string date "~H:~M:~S"))
    ((#\U) (%padded (%week-from date 0) 2 #\0))
    ((#\V) (%padded (%iso-week date) 2 #\0))
    ((#\w) (number->string (date-week-day date)))
    ((#\W) (%padded (%week-from date 1) 2 #\0))
    ((#\x) (date->string date "~m/~d/~y"))
    ((#\X) (date->string date "~H:~M:~S"))
    ((#\y) (%padded (modulo (date-year date) 100) 2 pad))
    ((#\Y) (%padded (date-year date) 4 pad))
    ((#\z #\Z) (%zone date))
    ((#\1) (date->string date "~Y-~m-~d"))
    ((#\2) (date->string date "~H:~M:~S~z"))
    ((#\3) (date->string date "~H:~M:~S"))
    ((#\4) (date->string date "~Y-~m-~dT~H:~M:~S~z"))
    ((#\5) (date->string date "~Y-~m-~dT~H:~M:~S"))
    (else (%bad 'date->string 'bad-date-format-string template))))

(define (%week-from date first-day)
  "The week of its year that DATE is in, when the first begins on the first day FIRST-DAY; 0 before that."
  (quotient (+ (date-year-day date) 6 (- (modulo (- (date-week-day date) first-day) 7))) 7))

(define (%iso-week date)
  "The week of DATE by ISO 8601: week 1 has the first Thursday."
  (let* ((days (%days (date-year date) (date-month date) (date-day date)))
         ;; The Thursday of the same week says which year the week belongs to.
         (thursday (+ days (- 3 (modulo (+ days 3) 7))))
         (year (car (%civil thursday))))
    (+ 1 (quotient (- thursday (%days year 1 1)) 7))))

(define (string->date string template)
  "(string->date string template): the date that STRING writes as TEMPLATE says: ~Y ~m ~d ~H ~M ~S ~b ~B ~a ~A ~y ~e ~k ~N ~z and
what stands between them."
  (let ((fields (make-vector 8 #f)) (n (string-length string)))
    (define (fail) (%bad 'string->date 'bad-date-template-string string template))
    ;; Digits from place I on, at most MOST; skips what SKIP? is true of first.
    (define (digits i most put)
      (let* ((stop (or (string-skip string char-set:digit i (min n (+ i most))) (min n (+ i most)))))
        (if (= stop i) (fail))
        (put (string->number (substring string i stop)))
        stop))
    (define (letters i names short? put)
      (let loop ((k 0))
        (if (= k (vector-length names)) (fail))
        (let* ((name (vector-ref names k)) (name (if short? (substring name 0 3) name)) (stop (+ i (string-length name))))
          (if (and (<= stop n) (string-ci=? name (substring string i stop)))
              (begin (put k) stop)
              (loop (+ k 1))))))
    (define (put k) (lambda (x) (vector-set! fields k x)))
    (define (zone i)
      (if (>= i n) (fail))
      (case (string-ref string i)
        ((#\Z #\z) (vector-set! fields 7 0) (+ i 1))
        ((#\+ #\-)
         (let* ((sign (if (char=? (string-ref string i) #\+) 1 -1))
                (text (string-delete #\: (substring string (+ i 1) (min n (+ i 6)))))
                (colon? (string-index string #\: (+ i 1) (min n (+ i 4)))))
           (if (< (string-length text) 4) (fail))
           (let ((h (string->number (substring text 0 2))) (m (string->number (substring text 2 4))))
             (if (not (and h m)) (fail))
             (vector-set! fields 7 (* sign (+ (* 3600 h) (* 60 m))))
             (+ i (if colon? 6 5)))))
        (else (fail))))
    (let loop ((i 0) (t (string->list template)))
      (cond ((null? t) #t)
            ((not (char=? (car t) #\~))
             (if (and (< i n) (char=? (car t) (string-ref string i))) (loop (+ i 1) (cdr t)) (fail)))
            ((null? (cdr t)) (fail))
            (else
             (let* ((letter (cadr t)) (t (cddr t))
                    (i (case letter
                         ((#\a #\A #\b #\B #\h) (or (string-index string char-alphabetic? i) n))
                         ((#\d #\e #\H #\k #\m #\M #\S #\Y #\y #\N) (or (string-index string char-numeric? i) n))
                         (else i))))
               (loop
                 (case letter
                   ((#\~) (if (and (< i n) (char=? (string-ref string i) #\~)) (+ i 1) (fail)))
                   ((#\a) (letters i %week-days #t (lambda (k) #f)))
                   ((#\A) (letters i %week-days #f (lambda (k) #f)))
                   ((#\b #\h) (letters i %months #t (lambda (k) (vector-set! fields 5 (+ k 1)))))
                   ((#\B) (letters i %months #f (lambda (k) (vector-set! fields 5 (+ k 1)))))
                   ((#\d #\e) (digits i 2 (put 4)))
                   ((#\H #\k) (digits i 2 (put 3)))
                   ((#\m) (digits i 2 (put 5)))
                   ((#\M) (digits i 2 (put 2)))
                   ((#\S) (digits i 2 (put 1)))
                   ((#\N) (digits i 9 (put 0)))
                   ((#\Y) (digits i 4 (put 6)))
                   ((#\y)
                    (digits i 2 (lambda (y) (vector-set! fields 6 (if (< y 69) (+ 2000 y) (+ 1900 y))))))
                   ((#\z) (zone i))
                   (else (fail)))
                 t)))))
    (let ((field (lambda (k default) (or (vector-ref fields k) default))))
      (let* ((date (make-date (field 0 0) (field 1 0) (field 2 0) (field 3 0) (field 4 1) (field 5 1) (field 6 1970) (field 7 0))))
        (if (vector-ref fields 7)
            date
            ;; Without a zone it is local time.
            (let* ((guess (time-second (date->time-utc date))) (offset (%local-offset guess)))
              (make-date (date-nanosecond date) (date-second date) (date-minute date) (date-hour date) (date-day date)
                         (date-month date) (date-year date) (%local-offset (- guess offset)))))))))
