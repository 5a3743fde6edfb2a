;;; Accessors: the parts of the vectors in which the system's answers come.
;;;
;;; Part of the base language, like base.scm. They are plain vectors, as in Guile, so programs may also make them by hand.

;;; ---- Files -----------------------------------------------------------------------------------------------------------

(define (stat:dev status)
  "(stat:dev status): of what stat tells of a file, the number of the device that it is on. [Guile: File System]"
  (vector-ref status 0))

(define (stat:ino status)
  "(stat:ino status): of what stat tells of a file, its number on that device. [Guile: File System]"
  (vector-ref status 1))

(define (stat:mode status)
  "(stat:mode status): of what stat tells of a file, its kind and permissions as the system codes them. [Guile:
File System]"
  (vector-ref status 2))

(define (stat:nlink status)
  "(stat:nlink status): of what stat tells of a file, how many names it has. [Guile: File System]"
  (vector-ref status 3))

(define (stat:uid status)
  "(stat:uid status): of what stat tells of a file, the number of its owner. [Guile: File System]"
  (vector-ref status 4))

(define (stat:gid status)
  "(stat:gid status): of what stat tells of a file, the number of its group. [Guile: File System]"
  (vector-ref status 5))

(define (stat:rdev status)
  "(stat:rdev status): of what stat tells of a file, the device that it is, if it is one. [Guile: File System]"
  (vector-ref status 6))

(define (stat:size status)
  "(stat:size status): of what stat tells of a file, how many bytes long it is. [Guile: File System]"
  (vector-ref status 7))

(define (stat:atime status)
  "(stat:atime status): of what stat tells of a file, when it was last read, in seconds since 1970. [Guile: File
System]"
  (vector-ref status 8))

(define (stat:mtime status)
  "(stat:mtime status): of what stat tells of a file, when its contents last changed, in seconds since 1970.
[Guile: File System]"
  (vector-ref status 9))

(define (stat:ctime status)
  "(stat:ctime status): of what stat tells of a file, when anything about it last changed, in seconds since 1970.
[Guile: File System]"
  (vector-ref status 10))

(define (stat:blksize status)
  "(stat:blksize status): of what stat tells of a file, how many bytes are best read and written at a time. [Guile:
File System]"
  (vector-ref status 11))

(define (stat:blocks status)
  "(stat:blocks status): of what stat tells of a file, how many blocks of 512 bytes it takes. [Guile: File System]"
  (vector-ref status 12))

(define (stat:type status)
  "(stat:type status): of what stat tells of a file, its kind, a symbol: regular, directory, symlink, block-
special, char-special, fifo, socket or unknown. [Guile: File System]"
  (vector-ref status 13))

(define (stat:perms status)
  "(stat:perms status): of what stat tells of a file, its permissions, a number. [Guile: File System]"
  (vector-ref status 14))

(define (stat:atimensec status)
  "(stat:atimensec status): of what stat tells of a file, the nanoseconds of stat:atime. [Guile: File System]"
  (vector-ref status 15))

(define (stat:mtimensec status)
  "(stat:mtimensec status): of what stat tells of a file, the nanoseconds of stat:mtime. [Guile: File System]"
  (vector-ref status 16))

(define (stat:ctimensec status)
  "(stat:ctimensec status): of what stat tells of a file, the nanoseconds of stat:ctime. [Guile: File System]"
  (vector-ref status 17))

;;; ---- Users -----------------------------------------------------------------------------------------------------------

(define (passwd:name user)
  "(passwd:name user): of what getpw tells of a user, the user's name. [Guile: User Information]"
  (vector-ref user 0))

(define (passwd:passwd user)
  "(passwd:passwd user): of what getpw tells of a user, the user's encrypted password, or x. [Guile: User
Information]"
  (vector-ref user 1))

(define (passwd:uid user)
  "(passwd:uid user): of what getpw tells of a user, the user's number. [Guile: User Information]"
  (vector-ref user 2))

(define (passwd:gid user)
  "(passwd:gid user): of what getpw tells of a user, the number of the user's group. [Guile: User Information]"
  (vector-ref user 3))

(define (passwd:gecos user)
  "(passwd:gecos user): of what getpw tells of a user, the user's full name. [Guile: User Information]"
  (vector-ref user 4))

(define (passwd:dir user)
  "(passwd:dir user): of what getpw tells of a user, the user's home folder. [Guile: User Information]"
  (vector-ref user 5))

(define (passwd:shell user)
  "(passwd:shell user): of what getpw tells of a user, the user's shell. [Guile: User Information]"
  (vector-ref user 6))

;;; ---- Groups ----------------------------------------------------------------------------------------------------------

(define (group:name group)
  "(group:name group): of what getgr tells of a group, the group's name. [Guile: User Information]"
  (vector-ref group 0))

(define (group:passwd group)
  "(group:passwd group): of what getgr tells of a group, the group's encrypted password. [Guile: User Information]"
  (vector-ref group 1))

(define (group:gid group)
  "(group:gid group): of what getgr tells of a group, the group's number. [Guile: User Information]"
  (vector-ref group 2))

(define (group:mem group)
  "(group:mem group): of what getgr tells of a group, the names of its members, a list. [Guile: User Information]"
  (vector-ref group 3))

;;; ---- The system ------------------------------------------------------------------------------------------------------

(define (utsname:sysname names)
  "(utsname:sysname names): of what uname tells of the system, the system's name. [Guile: System Identification]"
  (vector-ref names 0))

(define (utsname:nodename names)
  "(utsname:nodename names): of what uname tells of the system, the machine's name. [Guile: System Identification]"
  (vector-ref names 1))

(define (utsname:release names)
  "(utsname:release names): of what uname tells of the system, the system's release. [Guile: System Identification]"
  (vector-ref names 2))

(define (utsname:version names)
  "(utsname:version names): of what uname tells of the system, the system's version. [Guile: System Identification]"
  (vector-ref names 3))

(define (utsname:machine names)
  "(utsname:machine names): of what uname tells of the system, the machine's kind. [Guile: System Identification]"
  (vector-ref names 4))

;;; ---- Times of the process --------------------------------------------------------------------------------------------

(define (tms:clock times)
  "(tms:clock times): of what times tells, the time since some moment in the past. [Guile: Time]"
  (vector-ref times 0))

(define (tms:utime times)
  "(tms:utime times): of what times tells, the time the processor worked for this process. [Guile: Time]"
  (vector-ref times 1))

(define (tms:stime times)
  "(tms:stime times): of what times tells, the time the system worked for this process. [Guile: Time]"
  (vector-ref times 2))

(define (tms:cutime times)
  "(tms:cutime times): of what times tells, the time the processor worked for children that were waited for.
[Guile: Time]"
  (vector-ref times 3))

(define (tms:cstime times)
  "(tms:cstime times): of what times tells, the time the system worked for children that were waited for. [Guile:
Time]"
  (vector-ref times 4))

;;; ---- Calendar time ---------------------------------------------------------------------------------------------------

(define (tm:sec time)
  "(tm:sec time): of what localtime or gmtime tells of a moment, the second, 0 to 60. [Guile: Time]"
  (vector-ref time 0))

(define (set-tm:sec time value)
  "(set-tm:sec time value): makes VALUE the second, 0 to 60. [Guile: Time]"
  (vector-set! time 0 value))

(define (tm:min time)
  "(tm:min time): of what localtime or gmtime tells of a moment, the minute. [Guile: Time]"
  (vector-ref time 1))

(define (set-tm:min time value)
  "(set-tm:min time value): makes VALUE the minute. [Guile: Time]"
  (vector-set! time 1 value))

(define (tm:hour time)
  "(tm:hour time): of what localtime or gmtime tells of a moment, the hour, 0 to 23. [Guile: Time]"
  (vector-ref time 2))

(define (set-tm:hour time value)
  "(set-tm:hour time value): makes VALUE the hour, 0 to 23. [Guile: Time]"
  (vector-set! time 2 value))

(define (tm:mday time)
  "(tm:mday time): of what localtime or gmtime tells of a moment, the day of the month, 1 to 31. [Guile: Time]"
  (vector-ref time 3))

(define (set-tm:mday time value)
  "(set-tm:mday time value): makes VALUE the day of the month, 1 to 31. [Guile: Time]"
  (vector-set! time 3 value))

(define (tm:mon time)
  "(tm:mon time): of what localtime or gmtime tells of a moment, the month, 0 to 11. [Guile: Time]"
  (vector-ref time 4))

(define (set-tm:mon time value)
  "(set-tm:mon time value): makes VALUE the month, 0 to 11. [Guile: Time]"
  (vector-set! time 4 value))

(define (tm:year time)
  "(tm:year time): of what localtime or gmtime tells of a moment, the year less 1900. [Guile: Time]"
  (vector-ref time 5))

(define (set-tm:year time value)
  "(set-tm:year time value): makes VALUE the year less 1900. [Guile: Time]"
  (vector-set! time 5 value))

(define (tm:wday time)
  "(tm:wday time): of what localtime or gmtime tells of a moment, the day of the week, 0 for Sunday. [Guile: Time]"
  (vector-ref time 6))

(define (set-tm:wday time value)
  "(set-tm:wday time value): makes VALUE the day of the week, 0 for Sunday. [Guile: Time]"
  (vector-set! time 6 value))

(define (tm:yday time)
  "(tm:yday time): of what localtime or gmtime tells of a moment, the day of the year, 0 to 365. [Guile: Time]"
  (vector-ref time 7))

(define (set-tm:yday time value)
  "(set-tm:yday time value): makes VALUE the day of the year, 0 to 365. [Guile: Time]"
  (vector-set! time 7 value))

(define (tm:isdst time)
  "(tm:isdst time): of what localtime or gmtime tells of a moment, 1 in summer time, 0 if not, -1 if not known.
[Guile: Time]"
  (vector-ref time 8))

(define (set-tm:isdst time value)
  "(set-tm:isdst time value): makes VALUE 1 in summer time, 0 if not, -1 if not known. [Guile: Time]"
  (vector-set! time 8 value))

(define (tm:gmtoff time)
  "(tm:gmtoff time): of what localtime or gmtime tells of a moment, the seconds west of Greenwich. [Guile: Time]"
  (vector-ref time 9))

(define (set-tm:gmtoff time value)
  "(set-tm:gmtoff time value): makes VALUE the seconds west of Greenwich. [Guile: Time]"
  (vector-set! time 9 value))

(define (tm:zone time)
  "(tm:zone time): of what localtime or gmtime tells of a moment, the name of the time zone. [Guile: Time]"
  (vector-ref time 10))

(define (set-tm:zone time value)
  "(set-tm:zone time value): makes VALUE the name of the time zone. [Guile: Time]"
  (vector-set! time 10 value))
