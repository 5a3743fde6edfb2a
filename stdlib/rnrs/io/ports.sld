;;; (rnrs io ports): Ports of bytes and characters under the names of R6RS. [R6RS library chapter 8.2]
;;;
;;; As in Guile, every port is binary and textual at once; transcoders choose the encoding and what becomes of bytes that
;;; are no text, and leave the ends of lines alone. Failures are this system's own conditions; the predicates here tell
;;; them apart by what the system said.

(define-library (rnrs io ports)
  (import (sockeye core) (rnrs io ports-syntax))
  (export
    ;; any port
    port? input-port? output-port? binary-port? textual-port? close-port call-with-port port-eof?
    port-position port-has-port-position? set-port-position! port-has-set-port-position!?
    output-port-buffer-mode flush-output-port
    ;; transcoders
    make-transcoder native-transcoder transcoder-codec transcoder-eol-style transcoder-error-handling-mode
    latin-1-codec utf-8-codec utf-16-codec native-eol-style transcoded-port port-transcoder
    bytevector->string string->bytevector
    buffer-mode buffer-mode? eol-style error-handling-mode file-options
    ;; making ports
    open-bytevector-input-port open-bytevector-output-port open-string-input-port open-string-output-port
    call-with-bytevector-output-port call-with-string-output-port
    open-file-input-port open-file-output-port open-file-input/output-port
    make-custom-binary-input-port make-custom-binary-output-port make-custom-binary-input/output-port
    make-custom-textual-output-port
    standard-input-port standard-output-port standard-error-port
    current-input-port current-output-port current-error-port
    ;; reading
    eof-object eof-object?
    get-u8 lookahead-u8 get-bytevector-n get-bytevector-n! get-bytevector-some get-bytevector-all
    get-char lookahead-char get-string-n get-string-n! get-string-all get-line get-datum
    ;; writing
    put-u8 put-bytevector put-char put-string put-datum
    ;; what went wrong
    i/o-error? i/o-filename-error? i/o-error-filename i/o-file-does-not-exist-error? i/o-file-already-exists-error?
    i/o-file-protection-error? i/o-file-is-read-only-error? i/o-port-error? i/o-error-port i/o-decoding-error?
    i/o-encoding-error? i/o-encoding-error-char i/o-read-error? i/o-write-error? i/o-invalid-position-error?)
  (begin
    (define (latin-1-codec)
      "(latin-1-codec): the codec of ISO-8859-1."
      "ISO-8859-1")

    (define (utf-8-codec)
      "(utf-8-codec): the codec of UTF-8."
      "UTF-8")

    (define (utf-16-codec)
      "(utf-16-codec): the codec of UTF-16."
      "UTF-16")

    (define (native-eol-style)
      "(native-eol-style): the style of line ends that leaves them alone."
      'none)

    (define (port-transcoder port)
      "(port-transcoder port): the transcoder of a port of characters."
      (make-transcoder (port-encoding port)))

    (define (output-port-buffer-mode port)
      "(output-port-buffer-mode port): none or block."
      (if (memv #\0 (string->list (port-mode port))) 'none 'block))

    (define (open-string-input-port string)
      "(open-string-input-port string): a port from which the characters of STRING can be read."
      (open-input-string string))

    (define (call-with-string-output-port f)
      "(call-with-string-output-port f): what F, called with a port, wrote to it, as a string."
      (call-with-output-string f))

    (define (standard-input-port)
      "(standard-input-port): a new binary port on the process's standard input."
      (dup->inport 0))

    (define (standard-output-port)
      "(standard-output-port): a new binary port on the process's standard output."
      (dup->outport 1))

    (define (standard-error-port)
      "(standard-error-port): a new binary port on the process's standard error."
      (dup->outport 2))

    (define (open-file-input-port filename . options)
      "(open-file-input-port filename [options [buffer-mode [transcoder]]]): a port that reads the file."
      (open-by-options 'open-file-input-port filename O_RDONLY options))

    (define (open-file-output-port filename . options)
      "(open-file-output-port filename [options [buffer-mode [transcoder]]]): a port that writes the file; see
file-options."
      (open-by-options 'open-file-output-port filename (logior O_WRONLY (creation (if (pair? options) (car options) '())))
                       options))

    (define (open-file-input/output-port filename . options)
      "(open-file-input/output-port filename [options [buffer-mode [transcoder]]]): a port that reads and writes the
file; see file-options."
      (open-by-options 'open-file-input/output-port filename
                       (logior O_RDWR (creation (if (pair? options) (car options) '()))) options))

    (define (creation options)
      "The flags of open that file options mean."
      (let ((has? (lambda (option) (memq option options))))
        (cond ((and (has? 'no-create) (has? 'no-truncate)) 0)
              ((has? 'no-create) O_TRUNC)
              ((not (has? 'no-fail)) (logior O_CREAT O_EXCL))
              ((has? 'no-truncate) O_CREAT)
              (else (logior O_CREAT O_TRUNC)))))

    (define (open-by-options who filename flags options)
      "A port on a file, with the buffer and the transcoder that OPTIONS have behind the file options."
      (let ((port (%open-for who filename flags))
            (mode (and (pair? options) (pair? (cdr options)) (cadr options)))
            (transcoder (and (pair? options) (pair? (cdr options)) (pair? (cddr options)) (caddr options))))
        (if mode (setvbuf port mode))
        (set-port-encoding! port (if transcoder (transcoder-codec transcoder) "ISO-8859-1"))
        port))

    (define (errno-of object)
      "The system's number for what went wrong, or #f."
      (and (eq? (key-of object) 'system-error)
           (let ((args (exception-args object)))
             (and (list? args) (= (length args) 4) (pair? (cadddr args)) (car (cadddr args))))))

    (define (key-of object)
      "Guile's key of a condition, or #f."
      (guard (e (#t #f)) (exception-kind object)))

    (define (i/o-error? object)
      "(i/o-error? object): whether OBJECT is the condition of an operation on a port or file."
      (and (memq (key-of object) '(system-error decoding-error encoding-error)) #t))

    (define (i/o-filename-error? object)
      "(i/o-filename-error? object): whether OBJECT is the condition of an operation on a file by its name."
      (file-error? object))

    (define (i/o-error-filename object)
      "(i/o-error-filename object): the name of the file, as far as the condition has it."
      ;; Guile's arguments: who, message, what the message is about (last, the file), errno.
      (let ((args (exception-args object)))
        (and (pair? args) (pair? (cdr args)) (pair? (cddr args)) (pair? (caddr args)) (car (reverse (caddr args))))))

    (define (i/o-file-does-not-exist-error? object)
      "(i/o-file-does-not-exist-error? object): whether there was no such file."
      (eqv? (errno-of object) ENOENT))

    (define (i/o-file-already-exists-error? object)
      "(i/o-file-already-exists-error? object): whether there was such a file already."
      (eqv? (errno-of object) EEXIST))

    (define (i/o-file-protection-error? object)
      "(i/o-file-protection-error? object): whether the file may not be used so."
      (and (memv (errno-of object) (list EACCES EPERM EROFS)) #t))

    (define (i/o-file-is-read-only-error? object)
      "(i/o-file-is-read-only-error? object): whether the file may only be read."
      (eqv? (errno-of object) EROFS))

    (define (i/o-port-error? object)
      "(i/o-port-error? object): whether the condition is of text that a port could not read or write."
      (and (memq (key-of object) '(decoding-error encoding-error)) #t))

    (define (i/o-error-port object)
      "(i/o-error-port object): the port of such a condition."
      (cadddr (exception-args object)))

    (define (i/o-decoding-error? object)
      "(i/o-decoding-error? object): whether bytes were no text in the port's encoding."
      (eq? (key-of object) 'decoding-error))

    (define (i/o-encoding-error? object)
      "(i/o-encoding-error? object): whether a port's encoding had no such character."
      (eq? (key-of object) 'encoding-error))

    (define (i/o-encoding-error-char object)
      "(i/o-encoding-error-char object): the character of such a condition."
      (list-ref (exception-args object) 4))

    (define (i/o-read-error? object)
      "(i/o-read-error? object): whether the system refused a read."
      (i/o-error? object))

    (define (i/o-write-error? object)
      "(i/o-write-error? object): whether the system refused a write."
      (i/o-error? object))

    (define (i/o-invalid-position-error? object)
      "(i/o-invalid-position-error? object): whether a port could not be put where it was to be."
      (and (memv (errno-of object) (list EINVAL ESPIPE)) #t))

    (define (buffer-mode? object)
      "(buffer-mode? object): whether OBJECT is none, line or block."
      (and (memq object '(none line block)) #t))))
