;;; (srfi srfi-170): files, processes, users and time, as POSIX has them. [SRFI 170]
;;;
;;; Times are timespecs (SRFI 174). What fails raises the system-error that all calls of the system raise, and posix-error? is true
;;; of it.

(define-module (srfi srfi-170)
  #:use-module (srfi srfi-174)
  #:export (posix-error? posix-error-name posix-error-message
            open-file fd->port
            binary-input textual-input binary-output textual-output binary-input/output textual-input/output
            buffer/none buffer/block buffer/line
            open/read open/write open/read+write open/append open/create open/exclusive open/nofollow open/truncate
            create-directory create-fifo create-hard-link create-symlink read-symlink rename-file delete-directory
            set-file-mode set-file-owner owner/unchanged group/unchanged set-file-times time/now time/unchanged truncate-file
            file-info file-info? file-info:device file-info:inode file-info:mode file-info:nlinks file-info:uid file-info:gid
            file-info:rdev file-info:size file-info:blksize file-info:blocks file-info:atime file-info:mtime file-info:ctime
            file-info-directory? file-info-fifo? file-info-symlink? file-info-regular? file-info-socket? file-info-device?
            directory-files make-directory-files-generator open-directory read-directory close-directory
            real-path file-space temp-file-prefix create-temp-file call-with-temporary-filename
            umask set-umask! current-directory set-current-directory! pid nice
            user-uid user-gid user-effective-uid user-effective-gid user-supplementary-gids
            user-info user-info? user-info:name user-info:uid user-info:gid user-info:home-dir user-info:shell
            user-info:full-name user-info:parsed-full-name
            group-info group-info? group-info:name group-info:gid
            posix-time monotonic-time
            set-environment-variable! delete-environment-variable!
            terminal?))

;;; ---- Errors ------------------------------------------------------------------------------------------------------

(define (posix-error? obj)
  "(posix-error? obj): whether OBJ is what a call of the system raised that failed."
  (and (exception? obj) (eq? (exception-kind obj) 'system-error)))

(define (%errno who error)
  "The number of the error that ERROR, the argument of WHO, tells of."
  (if (not (posix-error? error)) (%wrong-type who 1 "an error of the system" error))
  (system-error-errno (cons 'system-error (exception-args error))))

(define (posix-error-name error)
  "(posix-error-name error): the name of the error, such as ENOENT, a symbol."
  (let ((number (%errno 'posix-error-name error)))
    (let loop ((names %error-names))
      (cond ((null? names) (string->symbol (number->string number)))
            ((and (defined? (car names)) (eqv? (module-ref (resolve-module '(guile)) (car names)) number)) (car names))
            (else (loop (cdr names)))))))

(define (posix-error-message error)
  "(posix-error-message error): what the error means, in words."
  (strerror (%errno 'posix-error-message error)))

(define %error-names
  '(EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV
    ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG
    ENOLCK ENOSYS ENOTEMPTY ELOOP EIDRM EOVERFLOW EILSEQ EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT
    EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET
    ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY
    EINPROGRESS ESTALE EDQUOT ECANCELED))

;;; ---- Ports -------------------------------------------------------------------------------------------------------

(define binary-input 'binary-input)
(define textual-input 'textual-input)
(define binary-output 'binary-output)
(define textual-output 'textual-output)
(define binary-input/output 'binary-input/output)
(define textual-input/output 'textual-input/output)

(define buffer/none 'none)
(define buffer/block 'block)
(define buffer/line 'line)

(define open/read O_RDONLY)
(define open/write O_WRONLY)
(define open/read+write O_RDWR)
(define open/append O_APPEND)
(define open/create O_CREAT)
(define open/exclusive O_EXCL)
(define open/nofollow O_NOFOLLOW)
(define open/truncate O_TRUNC)

(define (%mode who type)
  "The mode, for fdopen, of ports of TYPE; WHO has it as argument 2."
  (case type
    ((binary-input) "rb")
    ((textual-input) "r")
    ((binary-output) "wb")
    ((textual-output) "w")
    ((binary-input/output) "r+b")
    ((textual-input/output) "r+")
    (else (%wrong-type who 2 "a type of ports, such as textual-input" type))))

(define* (open-file name type flags #:optional (permissions #o666) (buffering buffer/block))
  "(open-file name type flags [permissions [buffering]]): a port of TYPE, such as textual-input, to the file. FLAGS are the sum of
open/create and the like; how TYPE moves bytes is added to them."
  (let* ((mode (%mode 'open-file type))
         (way (case type
                ((binary-input textual-input) open/read)
                ((binary-output textual-output) open/write)
                (else open/read+write)))
         (fd (open-fdes name (logior way (logand flags (lognot (logior open/write open/read+write)))) permissions)))
    (%port-of fd mode buffering)))

(define* (fd->port fd type #:optional (buffering buffer/block))
  "(fd->port fd type [buffering]): a port of TYPE, such as textual-input, to what the descriptor FD stands for."
  (%port-of fd (%mode 'fd->port type) buffering))

(define (%port-of fd mode buffering)
  "A port to FD."
  (let ((port (fdopen fd mode)))
    (setvbuf port buffering)
    (if (not (string-index mode #\b)) (set-port-encoding! port "UTF-8"))
    port))

;;; ---- Files -------------------------------------------------------------------------------------------------------

(define* (create-directory name #:optional (permissions #o775))
  "(create-directory name [permissions]): makes a directory."
  (mkdir name permissions))

(define* (create-fifo name #:optional (permissions #o664))
  "(create-fifo name [permissions]): makes a named pipe."
  (mknod name 'fifo permissions 0))

(define (create-hard-link old new)
  "(create-hard-link old new): gives the file OLD the name NEW too."
  (link old new))

(define (create-symlink old new)
  "(create-symlink old new): makes NEW a symbolic link that says OLD."
  (symlink old new))

(define (read-symlink name)
  "(read-symlink name): what a symbolic link says."
  (readlink name))

(define (rename-file old new)
  "(rename-file old new): gives the file OLD the name NEW instead."
  ((@ (guile) rename-file) old new))

(define (delete-directory name)
  "(delete-directory name): removes an empty directory."
  (rmdir name))

(define (set-file-mode name permissions)
  "(set-file-mode name permissions): makes PERMISSIONS those of the file."
  (chmod name permissions))

(define owner/unchanged -1)
(define group/unchanged -1)

(define (set-file-owner name uid gid)
  "(set-file-owner name uid gid): gives the file to a user and a group; owner/unchanged and group/unchanged leave them."
  (chown name uid gid))

(define time/now 'now)
(define time/unchanged 'unchanged)

(define* (set-file-times name #:optional (accessed time/now) (modified time/now))
  "(set-file-times name [accessed modified]): makes the timespecs the times of the file; time/now and time/unchanged may stand
for one."
  (let ((times (stat name)) (now (posix-time)))
    (define (resolve time seconds nanoseconds)
      (cond ((eq? time time/now) now)
            ((eq? time time/unchanged) (timespec (seconds times) (nanoseconds times)))
            ((timespec? time) time)
            (else (%wrong-type 'set-file-times 2 "a timespec, time/now or time/unchanged" time))))
    (let ((accessed (resolve accessed stat:atime stat:atimensec))
          (modified (resolve modified stat:mtime stat:mtimensec)))
      (utime name (timespec-seconds accessed) (timespec-seconds modified)
             (timespec-nanoseconds accessed) (timespec-nanoseconds modified)))))

(define (truncate-file file length)
  "(truncate-file file length): makes a file, a name or a port, LENGTH bytes long."
  (if (port? file) (force-output file))
  ((@ (guile) truncate-file) file length))

;;; ---- What is known of a file -------------------------------------------------------------------------------------

(define %file-info-type (%make-record-type 'file-info #(stat)))

(define* (file-info file #:optional (follow? #t))
  "(file-info file [follow?]): what is known of a file, a name or a port; without FOLLOW?, of a symbolic link itself."
  (%record %file-info-type (if (or (port? file) follow?) (stat file) (lstat file))))

(define (file-info? obj)
  "(file-info? obj): whether OBJ is what file-info gives."
  (%record? obj %file-info-type))

(define (%stat info)
  "The status behind INFO."
  (%record-ref info %file-info-type 0 'file-info))

(define (file-info:device info)
  "(file-info:device info): the number of the device that the file is on."
  (stat:dev (%stat info)))

(define (file-info:inode info)
  "(file-info:inode info): the file's number on its device."
  (stat:ino (%stat info)))

(define (file-info:mode info)
  "(file-info:mode info): the file's permissions."
  (stat:perms (%stat info)))

(define (file-info:nlinks info)
  "(file-info:nlinks info): how many names the file has."
  (stat:nlink (%stat info)))

(define (file-info:uid info)
  "(file-info:uid info): the number of the user that the file belongs to."
  (stat:uid (%stat info)))

(define (file-info:gid info)
  "(file-info:gid info): the number of the group that the file belongs to."
  (stat:gid (%stat info)))

(define (file-info:rdev info)
  "(file-info:rdev info): the number of the device that the file is."
  (stat:rdev (%stat info)))

(define (file-info:size info)
  "(file-info:size info): the file's length in bytes."
  (stat:size (%stat info)))

(define (file-info:blksize info)
  "(file-info:blksize info): the size of blocks that suits the file."
  (stat:blksize (%stat info)))

(define (file-info:blocks info)
  "(file-info:blocks info): how many blocks of 512 bytes the file takes up."
  (stat:blocks (%stat info)))

(define (file-info:atime info)
  "(file-info:atime info): when the file was last read, a timespec."
  (timespec (stat:atime (%stat info)) (stat:atimensec (%stat info))))

(define (file-info:mtime info)
  "(file-info:mtime info): when the file was last written to, a timespec."
  (timespec (stat:mtime (%stat info)) (stat:mtimensec (%stat info))))

(define (file-info:ctime info)
  "(file-info:ctime info): when what is known of the file last changed, a timespec."
  (timespec (stat:ctime (%stat info)) (stat:ctimensec (%stat info))))

(define (file-info-directory? info)
  "(file-info-directory? info): whether the file is a directory."
  (eq? (stat:type (%stat info)) 'directory))

(define (file-info-fifo? info)
  "(file-info-fifo? info): whether the file is a named pipe."
  (eq? (stat:type (%stat info)) 'fifo))

(define (file-info-symlink? info)
  "(file-info-symlink? info): whether the file is a symbolic link."
  (eq? (stat:type (%stat info)) 'symlink))

(define (file-info-regular? info)
  "(file-info-regular? info): whether the file is a plain one."
  (eq? (stat:type (%stat info)) 'regular))

(define (file-info-socket? info)
  "(file-info-socket? info): whether the file is a socket."
  (eq? (stat:type (%stat info)) 'socket))

(define (file-info-device? info)
  "(file-info-device? info): whether the file is a device."
  (and (memq (stat:type (%stat info)) '(block-special char-special)) #t))

;;; ---- Directories -------------------------------------------------------------------------------------------------

(define %directory-type (%keep-apart! (%make-record-type 'directory #(stream dot-files?))))

(define* (open-directory name #:optional dot-files?)
  "(open-directory name [dot-files?]): what read-directory reads the names in a directory from; those that begin with a dot
only if DOT-FILES? is true."
  (%record %directory-type (opendir name) dot-files?))

(define (read-directory directory)
  "(read-directory directory): the next name in a directory, or an end-of-file object. Never . and .."
  (let loop ()
    (let ((name (readdir (%record-ref directory %directory-type 0 'read-directory))))
      (cond ((eof-object? name) name)
            ((member name '("." "..")) (loop))
            ((and (char=? (string-ref name 0) #\.) (not (%record-ref directory %directory-type 1))) (loop))
            (else name)))))

(define (close-directory directory)
  "(close-directory directory): ends the reading of a directory."
  (closedir (%record-ref directory %directory-type 0 'close-directory)))

(define* (make-directory-files-generator name #:optional dot-files?)
  "(make-directory-files-generator name [dot-files?]): a procedure that gives the next name in a directory each time, and an
end-of-file object in the end."
  (let ((directory (open-directory name dot-files?)))
    (lambda ()
      (if directory
          (let ((name (read-directory directory)))
            (if (eof-object? name)
                (begin (close-directory directory) (set! directory #f)))
            name)
          (eof-object)))))

(define* (directory-files name #:optional dot-files?)
  "(directory-files name [dot-files?]): a list of the names in a directory."
  (let ((next (make-directory-files-generator name dot-files?)))
    (let loop ((names '()))
      (let ((name (next)))
        (if (eof-object? name) (reverse names) (loop (cons name names)))))))

(define (real-path name)
  "(real-path name): the absolute name of the file, without symbolic links and dots."
  (canonicalize-path name))

(define (file-space file)
  "(file-space file): how many bytes are free where the file is, a name or a port."
  (%file-space (if (port? file) (port-filename file) file)))

;;; ---- Temporary files ---------------------------------------------------------------------------------------------

(define temp-file-prefix
  (make-parameter
    ;; A program that may know neither makes files of its own names.
    (catch 'system-error
      (lambda () (string-append (or (getenv "TMPDIR") "/tmp") "/" (number->string (getpid))))
      (lambda error "/tmp/"))))

(define* (create-temp-file #:optional (prefix (temp-file-prefix)))
  "(create-temp-file [prefix]): makes a new file, whose name begins with PREFIX; its name."
  (let* ((port (mkstemp (string-append prefix "XXXXXX")))
         (name (port-filename port)))
    (close-port port)
    name))

(define* (call-with-temporary-filename make #:optional (prefix (temp-file-prefix)))
  "(call-with-temporary-filename make [prefix]): the values of (make name) for a name that begins with PREFIX, tried again with
others as long as the first value is #f."
  (let loop ((tries 0))
    (call-with-values
      (lambda ()
        (let ((name (string-append prefix (number->string (random (expt 36 6)) 36))))
          (if (file-exists? name) #f (%or-no-such-file make name))))
      (lambda results
        (cond ((and (pair? results) (car results)) (apply values results))
              ((> tries 1000) (scm-error 'misc-error 'call-with-temporary-filename "no name would do" '() #f))
              (else (loop (+ tries 1))))))))

(define (%or-no-such-file make name)
  "(make name), or #f if that says there is such a file."
  (catch 'system-error
    (lambda () (make name))
    (lambda failure
      (if (= (system-error-errno failure) EEXIST) #f (apply throw failure)))))

;;; ---- The process -------------------------------------------------------------------------------------------------

(define (umask)
  "(umask): the permissions that new files do not get."
  ((@ (guile) umask)))

(define (set-umask! permissions)
  "(set-umask! permissions): new files do not get PERMISSIONS from now on."
  ((@ (guile) umask) permissions))

(define (current-directory)
  "(current-directory): the name of the working directory."
  (getcwd))

(define (set-current-directory! name)
  "(set-current-directory! name): makes another directory the working directory."
  (chdir name))

(define (pid)
  "(pid): the number of the process."
  (getpid))

(define* (nice #:optional (delta 1))
  "(nice [delta]): makes the process nicer by so much; how nice it is then."
  ((@ (guile) nice) delta)
  (getpriority PRIO_PROCESS 0))

(define (user-uid)
  "(user-uid): the number of the process's user."
  (getuid))

(define (user-gid)
  "(user-gid): the number of the process's group of users."
  (getgid))

(define (user-effective-uid)
  "(user-effective-uid): the number of the user whose rights the process has."
  (geteuid))

(define (user-effective-gid)
  "(user-effective-gid): the number of the group whose rights the process has."
  (getegid))

(define (user-supplementary-gids)
  "(user-supplementary-gids): a list of the numbers of the further groups that the process is in."
  (vector->list (getgroups)))

;;; ---- Users and groups --------------------------------------------------------------------------------------------

(define %user-info-type (%make-record-type 'user-info #(entry)))
(define %group-info-type (%make-record-type 'group-info #(entry)))

(define (user-info user)
  "(user-info user): what is known of a user, a name or a number; #f if there is none."
  (let ((entry (%or-none (lambda () (getpw user)))))
    (and entry (%record %user-info-type entry))))

(define (%or-none ask)
  "What ASK answers, or #f if it fails as it does for a name that there is not."
  (catch 'misc-error ask (lambda failure #f)))

(define (user-info? obj)
  "(user-info? obj): whether OBJ is what user-info gives."
  (%record? obj %user-info-type))

(define (%user info)
  "The entry behind INFO."
  (%record-ref info %user-info-type 0 'user-info))

(define (user-info:name info)
  "(user-info:name info): the user's name."
  (passwd:name (%user info)))

(define (user-info:uid info)
  "(user-info:uid info): the user's number."
  (passwd:uid (%user info)))

(define (user-info:gid info)
  "(user-info:gid info): the number of the user's group."
  (passwd:gid (%user info)))

(define (user-info:home-dir info)
  "(user-info:home-dir info): the user's directory."
  (passwd:dir (%user info)))

(define (user-info:shell info)
  "(user-info:shell info): the program that the user's commands go to."
  (passwd:shell (%user info)))

(define (user-info:full-name info)
  "(user-info:full-name info): the user's full name, perhaps with more, as it stands in the system's list."
  (passwd:gecos (%user info)))

(define (user-info:parsed-full-name info)
  "(user-info:parsed-full-name info): the parts of the full name that stand between commas, a list; & is the user's name."
  (let* ((parts (string-split (user-info:full-name info) #\,))
         (name (user-info:name info))
         (capital (if (string-null? name) "" (string-append (string (char-upcase (string-ref name 0))) (substring name 1)))))
    (cons (string-join (string-split (car parts) #\&) capital) (cdr parts))))

(define (group-info group)
  "(group-info group): what is known of a group of users, a name or a number; #f if there is none."
  (let ((entry (%or-none (lambda () (getgr group)))))
    (and entry (%record %group-info-type entry))))

(define (group-info? obj)
  "(group-info? obj): whether OBJ is what group-info gives."
  (%record? obj %group-info-type))

(define (group-info:name info)
  "(group-info:name info): the group's name."
  (group:name (%record-ref info %group-info-type 0 'group-info:name)))

(define (group-info:gid info)
  "(group-info:gid info): the group's number."
  (group:gid (%record-ref info %group-info-type 0 'group-info:gid)))

;;; ---- Time, environment, terminals --------------------------------------------------------------------------------

(define (posix-time)
  "(posix-time): the present, a timespec."
  (let ((now (gettimeofday)))
    (timespec (car now) (* 1000 (cdr now)))))

(define (monotonic-time)
  "(monotonic-time): the time that has passed since some moment, a timespec; nobody can set that clock."
  (let ((units (get-internal-real-time)) (second internal-time-units-per-second))
    (timespec (quotient units second) (quotient (* (remainder units second) 1000000000) second))))

(define (set-environment-variable! name value)
  "(set-environment-variable! name value): gives a variable of the environment a value."
  (setenv name value))

(define (delete-environment-variable! name)
  "(delete-environment-variable! name): removes a variable of the environment."
  (unsetenv name))

(define (terminal? port)
  "(terminal? port): whether PORT leads to a terminal."
  (if (not (port? port)) (%wrong-type 'terminal? 1 "a port" port))
  (isatty? port))
