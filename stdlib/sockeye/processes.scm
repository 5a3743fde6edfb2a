;;; Processes, signals and time, as far as they call procedures or are made of others.
;;;
;;; Part of the base language, like base.scm: each definition begins in column 0 and is compiled when its name is first
;;; used. The machine itself calls %run-asyncs and %call-after-asyncs, when signals have come whose handlers are to run.

;;; ---- Asyncs ------------------------------------------------------------------------------------------------------

(define (%run-asyncs)
  "Runs the handlers of the signals that have come, and the thunks that were marked; their values are dropped. Then others may
run: the main line, if Ctrl-C was for it."
  (let ((next (%next-async)))
    (if next
        (begin
          (apply (car next) (cdr next))
          (%run-asyncs))
        (%yield))))

(define (%call-after-asyncs procedure . args)
  "Runs what %run-asyncs does, then makes the call that was broken off for it."
  (%run-asyncs)
  (apply procedure args))

(define (call-with-blocked-asyncs thunk)
  "(call-with-blocked-asyncs thunk): the values of (thunk); handlers of signals and other asyncs run after it, not in
it. [Guile: Asyncs]"
  (if (not (procedure? thunk)) (%wrong-type 'call-with-blocked-asyncs 1 "a procedure" thunk))
  (dynamic-wind
    (lambda () (%hold-asyncs 1))
    thunk
    (lambda () (%hold-asyncs -1))))

(define (call-with-unblocked-asyncs thunk)
  "(call-with-unblocked-asyncs thunk): the values of (thunk), in which asyncs run although call-with-blocked-asyncs
is held around it. [Guile: Asyncs]"
  (if (not (procedure? thunk)) (%wrong-type 'call-with-unblocked-asyncs 1 "a procedure" thunk))
  (if (<= (%hold-asyncs 0) 0) (%misc-error 'call-with-unblocked-asyncs "asyncs already unblocked"))
  (dynamic-wind
    (lambda () (%hold-asyncs -1))
    thunk
    (lambda () (%hold-asyncs 1))))

;;; ---- Waiting -----------------------------------------------------------------------------------------------------

(define (sleep seconds)
  "(sleep seconds): waits for so many SECONDS, which may have a fraction, or until a signal's handler has run. Gives
the whole seconds that were left then. [Guile: Signals]"
  (%sleep-for 'sleep seconds 1))

(define (usleep microseconds)
  "(usleep microseconds): waits for so many MICROSECONDS, or until a signal's handler has run. Gives the microseconds
that were left then. [Guile: Signals]"
  (%sleep-for 'usleep microseconds 1000000))

(define (%sleep-for who time units)
  "Waits for TIME, of which a second has so many UNITS; gives how much was left."
  (if (not (real? time)) (%wrong-type who 1 "a real number" time))
  (if (not (>= time 0)) (%out-of-range who 1 "a real number that is not negative" time))
  (let ((deadline (and (< time 1e15) (+ (%sleep) (exact (ceiling (* time (/ 1000000000 units))))))))
    (if (and (%wait-for-signal deadline) deadline)
        (max 0 (quotient (* units (- deadline (%sleep))) 1000000000))
        0)))

;;; ---- The end -----------------------------------------------------------------------------------------------------

(define (exit . code)
  "(exit [code]): throws the key quit with CODE; if nobody catches that, runs the afters of all dynamic-winds and ends the
program. Its status is 0 for #t or no code, 1 for #f, else the integer. [R7RS 6.14, Guile: Processes]"
  (raise (%make-thrown 'quit code)))

(define (quit . code)
  "(quit [code]): the same as exit. [Guile: Processes]"
  (raise (%make-thrown 'quit code)))

(define (%unhandled object)
  "What becomes of OBJECT, which was raised and which no handler takes: the end of the fiber, or, of a thrown quit, of the
program."
  (let ((quit? (eq? (exception-kind object) 'quit)))
    ;; The main line fails where it is, for whoever looks at it there.
    (if (or quit? (not (eq? (current-fiber) (%main-fiber)))) (%unwind (%dyn) #f '()))
    (if quit?
        (let ((args (exception-args object)))
          (%exit (if (pair? args) (car args) #t)))
        (%uncaught object))))

;;; ---- Programs ----------------------------------------------------------------------------------------------------

(define (system . command)
  "(system [command]): lets the shell run COMMAND, a string, and waits for it; gives its status, as waitpid does. Ctrl-C
is the command's meanwhile. Without COMMAND, whether there is a shell. [Guile: Processes]"
  (cond ((null? command) (access? "/bin/sh" X_OK))
        ((pair? (cdr command)) (%wrong-count 'system (length command)))
        ((not (string? (car command))) (%wrong-type 'system 1 "a string" (car command)))
        (else (%shielded
                (lambda () (%start-program 'system "/bin/sh" (list "sh" "-c" (car command)) #f #f '(0 1 2) #t))))))

(define (system* program . args)
  "(system* program arg ...): runs PROGRAM, which is looked for in PATH, with these arguments, strings, and waits for it;
gives its status, as waitpid does. No shell comes between, so the arguments may hold any characters. The program has
the descriptors of the current ports and no others. [Guile: Processes]"
  (%shielded (lambda () (%start-program 'system* program (cons program args) #t #f #t #f))))

(define (%shielded start)
  "The status of the child that (START) gives the number of, in a pair. What is typed to interrupt a program is for the
child, until it ends."
  (dynamic-wind
    (lambda () (%system 1))
    (lambda () (cdr (waitpid (car (start)))))
    (lambda () (%system -1))))

(define (spawn program arguments . options)
  "(spawn program arguments [keyword value] ...): starts PROGRAM with the list of strings ARGUMENTS, the first of which is
its own name, and gives its number. Keywords: #:environment, a list of strings such as \"HOME=/\"; #:input, #:output and
#:error, ports that become its standard streams; #:search-path?, #f if it is not looked for in PATH.
[Guile 3.0.9: Processes]"
  (let* ((option (lambda (key default)
                   (let ((given (%keyword-argument options key
                                  '(#:environment #:input #:output #:error #:search-path?))))
                     (if (eq? given #!default) default given))))
         (streams (list (option #:input (current-input-port))
                        (option #:output (current-output-port))
                        (option #:error (current-error-port))))
         (streams (map (lambda (port) (and (file-port? port) port)) streams))
         (started (%start-program 'spawn program arguments (and (option #:search-path? #t) #t)
                          (option #:environment #f) streams #f)))
    (if (= 0 (cdr started))
        (car started)
        (begin
          (waitpid (car started))
          (%system-error 'spawn (cdr started))))))

(define OPEN_READ "r")

(define OPEN_WRITE "w")

(define OPEN_BOTH "r+")

(define (open-pipe* mode command . args)
  "(open-pipe* mode program arg ...): starts PROGRAM, which is looked for in PATH, with these arguments, and gives a port:
what it prints is read from there with MODE OPEN_READ, what it reads is written there with OPEN_WRITE, and OPEN_BOTH is
both. [Guile: Pipes]"
  (%open-process 'open-pipe* mode (cons command args)))

(define (open-pipe command mode)
  "(open-pipe command mode): the same as open-pipe*, with a command for the shell. [Guile: Pipes]"
  (if (not (string? command)) (%wrong-type 'open-pipe 1 "a string" command))
  (%open-process 'open-pipe mode (list "/bin/sh" "-c" command)))

(define (open-input-pipe command)
  "(open-input-pipe command): a port that reads what the shell's COMMAND prints. [Guile: Pipes]"
  (open-pipe command OPEN_READ))

(define (open-output-pipe command)
  "(open-output-pipe command): a port that writes what the shell's COMMAND reads. [Guile: Pipes]"
  (open-pipe command OPEN_WRITE))

(define (open-input-output-pipe command)
  "(open-input-output-pipe command): a port that reads what the shell's COMMAND prints and writes what it reads; use
force-output where an answer is waited for. [Guile: Pipes]"
  (open-pipe command OPEN_BOTH))

(define (close-pipe port)
  "(close-pipe port): closes PORT, which is from open-pipe or its kin, waits until the program ends, and gives its status.
[Guile: Pipes]"
  (if (or (not (port? port)) (port-closed? port)) (%wrong-type 'close-pipe 1 "an open port" port))
  (let ((child (%port-child port)))
    (if (not child) (error "close-pipe: port not created by (ice-9 popen)"))
    (close-port port)
    (cdr (waitpid child))))

(define (pipeline commands)
  "(pipeline commands): starts a program for each of COMMANDS, lists of strings, each of which reads what the one before
prints. Three values: a port that reads what the last prints, a port that writes to the first, and the list of the
programs' numbers, the last one first, to be waited for. [Guile: Pipes]"
  (if (not (list? commands)) (%wrong-type 'pipeline 1 "a list of lists of strings" commands))
  (apply values (%pipeline commands)))

;;; ---- File names --------------------------------------------------------------------------------------------------

(define file-name-separator-string "/")

(define (file-name-separator? char)
  "(file-name-separator? char): whether CHAR stands between the parts of a file name. [Guile: File System]"
  (char=? char #\/))

(define (absolute-file-name? name)
  "(absolute-file-name? name): whether NAME is counted from the root. [Guile: File System]"
  (if (not (string? name)) (%wrong-type 'absolute-file-name? 1 "a string" name))
  (and (> (string-length name) 0) (char=? (string-ref name 0) #\/)))

(define (system-file-name-convention)
  "(system-file-name-convention): posix, the kind of file names that this system has. [Guile: File System]"
  'posix)

(define (in-vicinity folder name)
  "(in-vicinity folder name): the file name NAME in FOLDER. [Guile: File System]"
  (let ((n (string-length folder)))
    (if (or (= n 0) (char=? (string-ref folder (- n 1)) #\/))
        (string-append folder name)
        (string-append folder "/" name))))

(define (parse-path path . tail)
  "(parse-path path [tail]): the list of the parts of PATH, a string, between its colons, with the list TAIL behind; only
TAIL if PATH is #f. [Guile: Load Paths]"
  (let ((tail (if (pair? tail) (car tail) '())))
    (if path
        (let loop ((i (string-length path)) (end (string-length path)) (parts tail))
          (cond ((= i 0) (cons (substring path 0 end) parts))
                ((char=? (string-ref path (- i 1)) #\:)
                 (loop (- i 1) (- i 1) (cons (substring path i end) parts)))
                (else (loop (- i 1) end parts))))
        tail)))

(define (search-path path name . options)
  "(search-path path name [extensions [require-extensions?]]): the first name of a file, not a folder, that NAME makes with
a folder of the list PATH in front and one of EXTENSIONS behind; #f if there is none. NAME with an extension gets no other,
and with REQUIRE-EXTENSIONS? it must be one of them. [Guile: Load Paths]"
  (if (not (list? path)) (%misc-error 'search-path "path is not a proper list: ~a" path))
  (if (not (string? name)) (%wrong-type 'search-path 2 "a string" name))
  (let* ((extensions (if (pair? options) (car options) '("")))
         (strict? (and (pair? options) (pair? (cdr options)) (cadr options)))
         (has? (lambda (extension) (and (not (string=? extension "")) (%ends-in? name extension))))
         (extensions (if (and (%has-extension? name) (or (not strict?) (any has? extensions))) '("") extensions))
         (try (lambda (stem)
                (let loop ((l extensions))
                  (and (pair? l)
                       (let* ((file (string-append stem (car l))) (status (stat file #f)))
                         (if (and status (not (eq? (stat:type status) 'directory)))
                             file
                             (loop (cdr l)))))))))
    (if (absolute-file-name? name)
        (try name)
        (let loop ((l path))
          (cond ((null? l) #f)
                ((not (string? (car l))) (%wrong-type 'search-path 1 "a list of strings" path))
                ((try (in-vicinity (car l) name)))
                (else (loop (cdr l))))))))

(define (%ends-in? string end)
  "Whether STRING ends in END."
  (let ((n (string-length string)) (m (string-length end)))
    (and (<= m n) (string=? (substring string (- n m) n) end))))

(define (%has-extension? name)
  "Whether there is a full stop in the last part of a file name."
  (let loop ((i (- (string-length name) 1)))
    (cond ((< i 0) #f)
          ((char=? (string-ref name i) #\.) #t)
          ((char=? (string-ref name i) #\/) #f)
          (else (loop (- i 1))))))

(define (mkstemp template . mode)
  "(mkstemp template [mode]): a port that reads and writes a new file, which nobody else may read. Its name, that of the port,
is TEMPLATE with its last six characters, XXXXXX, replaced. [Guile: File System]"
  (cdr (%make-temporary 'mkstemp template mode)))

(define (mkstemp! template . mode)
  "(mkstemp! template [mode]): the same as mkstemp; TEMPLATE, a string that can be changed, becomes the name of the file.
[Guile: File System]"
  (let ((made (%make-temporary 'mkstemp! template mode)))
    (string-copy! template 0 (car made))
    (cdr made)))

(define (%make-temporary who template mode)
  "The name and the port of a new file, a pair; MODE is a list with a mode for its port, or empty."
  (if (not (string? template)) (%wrong-type who 1 "a string" template))
  (if (and (pair? mode) (not (string? (car mode)))) (%wrong-type who 2 "a string" (car mode)))
  (%mkstemp who template (if (pair? mode) (car mode) "w+")))

(define (tmpnam)
  "(tmpnam): a file name that nobody has. Somebody may take it before it is used: mkstemp is better. [Guile: File System]"
  (let ((made (%mkstemp 'tmpnam "/tmp/fileXXXXXX" "w+")))
    (close-port (cdr made))
    (delete-file (car made))
    (car made)))

;;; ---- Processors --------------------------------------------------------------------------------------------------

(define (getaffinity pid)
  "(getaffinity pid): on which processors the process PID (0: this one) may run: a bitvector. [Guile: Processes]"
  (let ((bits (make-bitvector 1024 #f)))
    (for-each (lambda (processor) (bitvector-set-bit! bits processor)) (%affinity pid))
    bits))

(define (setaffinity pid mask)
  "(setaffinity pid mask): lets the process PID (0: this one) run on the processors of MASK, a bitvector. [Guile:
Processes]"
  (if (not (bitvector? mask)) (%wrong-type 'setaffinity 2 "a bitvector" mask))
  (let loop ((i (- (bitvector-length mask) 1)) (processors '()))
    (cond ((< i 0) (%set-affinity pid processors))
          ((bitvector-bit-set? mask i) (loop (- i 1) (cons i processors)))
          (else (loop (- i 1) processors)))))

;;; ---- Locales -----------------------------------------------------------------------------------------------------

;; By category, which are numbered from 0 on. LC_ALL is the last of those that are asked for.
(define %locales (make-vector 13 "C"))

(define (setlocale category . locale)
  "(setlocale category [locale]): the name of the locale in CATEGORY, LC_ALL or another one, after changing it to LOCALE if
given, where an empty string means what the environment says. Ports are in UTF-8 whatever it is. [Guile: Locales]"
  (if (not (memv category (list LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES LC_ALL)))
      (%wrong-type 'setlocale 1 "a category, such as LC_ALL" category))
  (if (pair? locale)
      (let ((known (%locale (if (equal? (car locale) "") (%locale-of-environment category) (car locale)))))
        (if (= category LC_ALL) (vector-fill! %locales known) (vector-set! %locales category known))))
  (vector-ref %locales category))

(define (%locale-of-environment category)
  "The name of the locale that the environment asks for in CATEGORY."
  (let loop ((variables (list "LC_ALL" (cdr (assv category (%locale-variables))) "LANG")))
    (cond ((null? variables) "C")
          ((not (member (getenv (car variables)) '(#f ""))) (getenv (car variables)))
          (else (loop (cdr variables))))))

(define (%locale-variables)
  "What the environment's variable for each category is called."
  (list (cons LC_CTYPE "LC_CTYPE") (cons LC_NUMERIC "LC_NUMERIC") (cons LC_TIME "LC_TIME") (cons LC_COLLATE "LC_COLLATE")
        (cons LC_MONETARY "LC_MONETARY") (cons LC_MESSAGES "LC_MESSAGES") (cons LC_ALL "LC_ALL")))

;;; ---- Secrets -----------------------------------------------------------------------------------------------------

(define (getpass prompt)
  "(getpass prompt): asks for a password with PROMPT at the terminal, which does not show what is typed. Without a terminal
it asks on the current error port and reads from the current input port. [Guile: Encryption]"
  (if (not (string? prompt)) (%wrong-type 'getpass 1 "a string" prompt))
  (let* ((terminal (false-if-exception (open-file "/dev/tty" "r+0")))
         (input (or terminal (current-input-port)))
         (output (or terminal (current-error-port))))
    (dynamic-wind
      (lambda () (%echo input #f))
      (lambda ()
        (display prompt output)
        (force-output output)
        (let ((line (read-line input)))
          (newline output)
          (force-output output)
          (if (eof-object? line) "" line)))
      (lambda ()
        (%echo input #t)
        (if terminal (close-port terminal))))))
