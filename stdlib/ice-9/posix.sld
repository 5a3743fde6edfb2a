;;; (ice-9 posix): accessors of what the system tells, as Guile has them in a module of their own. [Guile: POSIX]

(define-library (ice-9 posix)
  (import (sockeye core))
  (export
    stat:dev stat:ino stat:mode stat:nlink stat:uid stat:gid stat:rdev stat:size stat:atime stat:mtime stat:ctime
    stat:blksize stat:blocks stat:type stat:perms stat:atimensec stat:mtimensec stat:ctimensec
    passwd:name passwd:passwd passwd:uid passwd:gid passwd:gecos passwd:dir passwd:shell
    group:name group:passwd group:gid group:mem
    utsname:sysname utsname:nodename utsname:release utsname:version utsname:machine
    tms:clock tms:utime tms:stime tms:cutime tms:cstime
    tm:sec tm:min tm:hour tm:mday tm:mon tm:year tm:wday tm:yday tm:isdst tm:gmtoff tm:zone
    set-tm:sec set-tm:min set-tm:hour set-tm:mday set-tm:mon set-tm:year set-tm:wday set-tm:yday set-tm:isdst
    set-tm:gmtoff set-tm:zone
    getpwent setpwent endpwent getpwnam getpwuid getgrent setgrent endgrent getgrnam getgrgid))
