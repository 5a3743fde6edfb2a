; Times and dates. guile: same
(use-modules (srfi srfi-19))
(define t (make-time time-utc 123456789 1700000000))
(define d (time-utc->date t 3600))
(date->string d "~a ~A ~b ~B ~d ~D ~e ~f ~h ~H ~I ~j ~k ~l ~m ~M ~N ~p ~r ~s ~S ~T ~w ~x ~X ~y ~Y ~z ~1 ~2 ~3 ~4 ~5") ; expect: "Tue Tuesday Nov November 14 11/14/23 14 20.123456789 Nov 23 11 318 23 11 11 13 123456789 PM 11:13:20 PM 1700000000 20 23:13:20 2 11/14/23 23:13:20 23 2023 +0100 2023-11-14 23:13:20+0100 23:13:20 2023-11-14T23:13:20+0100 2023-11-14T23:13:20"
(list (date-week-day d) (date-year-day d) (date-week-number d 0) (date-week-number d 1)) ; expect: (2 318 45 45)
(date->julian-day d)                                                         ; expect: 212566760000123456789/86400000000000
(date->modified-julian-day d)                                                ; expect: 5206716800123456789/86400000000000
(time-second (time-utc->time-tai t))                                         ; expect: 1700000037
(time-second (time-tai->time-utc (time-utc->time-tai t)))                    ; expect: 1700000000
(let ((x (time-difference (make-time time-utc 0 5) (make-time time-utc 500000000 7)))) (list (time-second x) (time-nanosecond x))) ; expect: (-2 -500000000)
(date->string (string->date "2024-02-29 13:14:15+0230" "~Y-~m-~d ~H:~M:~S~z") "~4") ; expect: "2024-02-29T13:14:15+0230"
(date->string (string->date "Thu, 07 Dec 2023 01:02:03 +0000" "~a, ~d ~b ~Y ~H:~M:~S ~z") "~4") ; expect: "2023-12-07T01:02:03Z"
(time-second (date->time-utc (make-date 0 0 0 0 1 1 1900 0)))                ; expect: -2208988800
(date->string (time-utc->date (make-time time-utc 0 -1) 0) "~4")             ; expect: "1969-12-31T23:59:59Z"
(date->string (julian-day->date 2451545 0) "~4")                             ; expect: "2000-01-01T12:00:00Z"
(time<? t (make-time time-utc 0 1800000000))                                 ; expect: #t
(let ((x (add-duration t (make-time time-duration 900000000 10)))) (list (time-second x) (time-nanosecond x))) ; expect: (1700000011 23456789)
(time-type (current-time time-tai))                                          ; expect: time-tai
(time<? t (current-time time-tai))                                           ; error:
