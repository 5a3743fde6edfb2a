;;; (srfi srfi-174): points of time in seconds and nanoseconds. [SRFI 174]

(define-module (srfi srfi-174)
  #:export (timespec timespec? timespec-seconds timespec-nanoseconds inexact->timespec timespec->inexact
            timespec=? timespec<? timespec-hash))

(define %timespec-type (%make-record-type 'timespec #(seconds nanoseconds)))

(define (timespec seconds nanoseconds)
  "(timespec seconds nanoseconds): the point of time so long after the epoch; NANOSECONDS are 0 to 999999999."
  (if (not (exact-integer? seconds)) (%wrong-type 'timespec 1 "an exact integer" seconds))
  (if (not (and (exact-integer? nanoseconds) (<= 0 nanoseconds 999999999)))
      (%wrong-type 'timespec 2 "an exact integer from 0 to 999999999" nanoseconds))
  (%record %timespec-type seconds nanoseconds))

(define (timespec? obj)
  "(timespec? obj): whether OBJ is a timespec."
  (%record? obj %timespec-type))

(define (timespec-seconds timespec)
  "(timespec-seconds timespec): the whole seconds since the epoch."
  (%record-ref timespec %timespec-type 0 'timespec-seconds))

(define (timespec-nanoseconds timespec)
  "(timespec-nanoseconds timespec): the nanoseconds behind the second."
  (%record-ref timespec %timespec-type 1 'timespec-nanoseconds))

(define (inexact->timespec seconds)
  "(inexact->timespec seconds): the timespec of an inexact number of seconds."
  (let* ((nanoseconds (inexact->exact (round (* (inexact->exact seconds) 1000000000)))))
    (timespec (floor-quotient nanoseconds 1000000000) (floor-remainder nanoseconds 1000000000))))

(define (timespec->inexact timespec)
  "(timespec->inexact timespec): the seconds, as an inexact number."
  (exact->inexact (+ (timespec-seconds timespec) (/ (timespec-nanoseconds timespec) 1000000000))))

(define (timespec=? a b)
  "(timespec=? a b): whether A and B are the same point of time."
  (and (= (timespec-seconds a) (timespec-seconds b))
       (= (timespec-nanoseconds a) (timespec-nanoseconds b))))

(define (timespec<? a b)
  "(timespec<? a b): whether A is before B."
  (or (< (timespec-seconds a) (timespec-seconds b))
      (and (= (timespec-seconds a) (timespec-seconds b))
           (< (timespec-nanoseconds a) (timespec-nanoseconds b)))))

(define (timespec-hash timespec)
  "(timespec-hash timespec): a number that is the same for the same points of time."
  (+ (timespec-seconds timespec) (timespec-nanoseconds timespec)))
