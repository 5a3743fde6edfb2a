;;; (rnrs io ports): Ports of bytes and characters under the names of R6RS. [R6RS library chapter 8.2]
;;;
;;; As in Guile, every port is binary and textual at once; transcoders choose the encoding and what becomes of bytes that
;;; are no text, and leave the ends of lines alone. Failures are this system's own conditions; the predicates here tell
;;; them apart by what the system said.

(define-library (rnrs io ports)
  (import (sockeye core) (rnrs io conditions) (rnrs io ports-syntax))
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
    &i/o &i/o-read &i/o-write &i/o-invalid-position &i/o-filename &i/o-file-protection &i/o-file-is-read-only
    &i/o-file-already-exists &i/o-file-does-not-exist &i/o-port &i/o-decoding &i/o-encoding make-i/o-error
    make-i/o-read-error make-i/o-write-error make-i/o-invalid-position-error make-i/o-filename-error
    make-i/o-file-protection-error make-i/o-file-is-read-only-error make-i/o-file-already-exists-error
    make-i/o-file-does-not-exist-error make-i/o-port-error make-i/o-decoding-error make-i/o-encoding-error i/o-error?
    i/o-read-error? i/o-write-error? i/o-invalid-position-error? i/o-filename-error? i/o-file-protection-error?
    i/o-file-is-read-only-error? i/o-file-already-exists-error? i/o-file-does-not-exist-error? i/o-port-error?
    i/o-decoding-error? i/o-encoding-error? i/o-error-position i/o-error-filename i/o-error-port
    i/o-encoding-error-char)
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

    (define (buffer-mode? object)
      "(buffer-mode? object): whether OBJECT is none, line or block."
      (and (memq object '(none line block)) #t))))
