; SRFI 170: files, directories, the process, users, time and the environment. SRFI 174: points of time.
(use-modules (srfi srfi-170) (srfi srfi-174))
(define folder (mkdtemp (string-append (or (getenv "TMPDIR") "/tmp") "/srfi-170-XXXXXX")))
(define (in name) (string-append folder "/" name))

; Errors
(define (caught thunk) (call/cc (lambda (k) (with-exception-handler k thunk))))
(define failure (caught (lambda () (file-info (in "none")))))
(list (posix-error? failure) (posix-error-name failure) (posix-error-message failure)) ; expect: (#t ENOENT "No such file or directory")
(posix-error? (caught (lambda () (error "x"))))                                       ; expect: #f

; Ports
(define out (open-file (in "a") textual-output (+ open/create open/write open/truncate) #o600))
(write-string "λx\n" out)
(close-port out)
(define in-port (open-file (in "a") textual-input open/read))
(read-line in-port)                                                                   ; expect: "λx"
(close-port in-port)
(open-file (in "a") textual-output (+ open/create open/exclusive))                    ; error: file exists
(let ((port (open-file (in "a") binary-output (+ open/append) #o600 buffer/none))) (write-u8 65 port) (close-port port))
(let* ((port (open-file (in "a") binary-input open/read)) (n (bytevector-length (get-bytevector-all port)))) (close-port port) n) ; expect: 5
(let* ((fd (open-fdes (in "a") O_RDONLY)) (port (fd->port fd textual-input)) (c (read-char port))) (close-port port) c) ; expect: #\λ
(open-file (in "a") 'wrong 0)                                                         ; error: a type of ports

; What is known of a file
(define info (file-info (in "a")))
(list (file-info? info) (file-info:size info) (file-info:mode info) (file-info:nlinks info)) ; expect: (#t 5 384 1)
(list (file-info-regular? info) (file-info-directory? info) (file-info-device? info)) ; expect: (#t #f #f)
(map timespec? (list (file-info:atime info) (file-info:mtime info) (file-info:ctime info))) ; expect: (#t #t #t)
(list (= (file-info:uid info) (user-effective-uid)) (file-info-directory? (file-info folder))) ; expect: (#t #t)
(every exact-integer? (list (file-info:device info) (file-info:inode info) (file-info:rdev info) (file-info:blksize info) (file-info:blocks info) (file-info:gid info))) ; expect: #t
(create-symlink "a" (in "l"))
(list (file-info-symlink? (file-info (in "l") #f)) (file-info-symlink? (file-info (in "l"))) (read-symlink (in "l"))) ; expect: (#t #f "a")
(string=? (real-path (in "l")) (real-path (in "a")))                                  ; expect: #t
(create-hard-link (in "a") (in "h"))
(file-info:nlinks (file-info (in "a")))                                               ; expect: 2
(create-fifo (in "f"))
(file-info-fifo? (file-info (in "f")))                                                ; expect: #t
(create-directory (in "d"))
(rename-file (in "d") (in "e"))
(sort (directory-files folder) string<?)                                              ; expect: ("a" "e" "f" "h" "l")
(close-port (open-file (in ".hidden") textual-output (+ open/create open/write)))
(length (directory-files folder))                                                     ; expect: 5
(length (directory-files folder #t))                                                  ; expect: 6
(let ((d (open-directory (in "e")))) (let ((x (read-directory d))) (close-directory d) (eof-object? x))) ; expect: #t
(let ((next (make-directory-files-generator (in "e") #t))) (list (eof-object? (next)) (eof-object? (next)))) ; expect: (#t #t)
(set-file-mode (in "a") #o640)
(file-info:mode (file-info (in "a")))                                                 ; expect: 416
(set-file-owner (in "a") owner/unchanged group/unchanged)
(set-file-times (in "a") (timespec 1000 5) (timespec 2000 0))
(let ((info (file-info (in "a")))) (list (timespec-seconds (file-info:atime info)) (timespec-seconds (file-info:mtime info)))) ; expect: (1000 2000)
(set-file-times (in "a") time/unchanged time/now)
(let ((info (file-info (in "a")))) (list (timespec-seconds (file-info:atime info)) (> (timespec-seconds (file-info:mtime info)) 2000))) ; expect: (1000 #t)
(truncate-file (in "a") 2)
(file-info:size (file-info (in "a")))                                                 ; expect: 2
(> (file-space folder) 0)                                                             ; expect: #t

; Temporary files
(define temp (create-temp-file (in "temp")))
(list (string-prefix? (in "temp") temp) (file-info-regular? (file-info temp)))        ; expect: (#t #t)
(call-with-values (lambda () (call-with-temporary-filename (lambda (name) (values (string-prefix? (in "t") name) 2)) (in "t"))) list) ; expect: (#t 2)
(for-each (lambda (name) (delete-file (in name))) (delete "e" (directory-files folder #t)))
(delete-directory (in "e"))
(delete-directory folder)
(file-exists? folder)                                                                 ; expect: #f

; The process
(let ((old (umask))) (set-umask! #o27) (let ((new (umask))) (set-umask! old) new))    ; expect: 23
(let ((old (current-directory))) (set-current-directory! "/") (let ((new (current-directory))) (set-current-directory! old) new)) ; expect: "/"
(= (pid) (getpid))                                                                    ; expect: #t
(exact-integer? (nice 0))                                                             ; expect: #t
(every exact-integer? (append (list (user-uid) (user-gid) (user-effective-uid) (user-effective-gid)) (user-supplementary-gids))) ; expect: #t

; Users and groups
(define root (user-info 0))
(list (user-info? root) (user-info:name root) (user-info:uid root) (user-info:gid root)) ; expect: (#t "root" 0 0)
(every string? (list (user-info:home-dir root) (user-info:shell root) (user-info:full-name root))) ; expect: #t
(list? (user-info:parsed-full-name root))                                             ; expect: #t
(user-info "no such user")                                                            ; expect: #f
(group-info? (group-info 0))                                                          ; expect: #t
(group-info:gid (group-info (group-info:name (group-info 0))))                        ; expect: 0

; Time, environment, terminals
(timespec? (posix-time))                                                              ; expect: #t
(let* ((a (monotonic-time)) (b (monotonic-time))) (not (timespec<? b a)))             ; expect: #t
(set-environment-variable! "SRFI_170" "x")
(getenv "SRFI_170")                                                                   ; expect: "x"
(delete-environment-variable! "SRFI_170")
(getenv "SRFI_170")                                                                   ; expect: #f
(terminal? (open-input-string "x"))                                                   ; expect: #f

(map (lambda (x) (let ((t (inexact->timespec x))) (list (timespec-seconds t) (timespec-nanoseconds t)))) '(1.5 -0.25)) ; expect: ((1 500000000) (-1 750000000))
(timespec->inexact (timespec 1 500000000))                                            ; expect: 1.5
(list (timespec=? (timespec 1 2) (timespec 1 2)) (timespec<? (timespec 1 2) (timespec 1 3)) (timespec<? (timespec 2 0) (timespec 1 3))) ; expect: (#t #t #f)
(= (timespec-hash (timespec 1 2)) (timespec-hash (timespec 1 2)))                     ; expect: #t
(timespec 1 1000000000)                                                               ; error: from 0 to 999999999
