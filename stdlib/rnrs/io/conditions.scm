;;; (rnrs io conditions): what went wrong with ports and files, for (rnrs io ports) and (rnrs io simple). [R6RS library chapter 8.1]
;;;
;;; The types are there for programs that raise such conditions themselves. Failures of this system's own are system-error,
;;; decoding-error and encoding-error; the predicates and accessors tell those apart by what the system said.

(define-module (rnrs io conditions)
  #:use-module (ice-9 exceptions)
  #:export (&i/o &i/o-read &i/o-write &i/o-invalid-position &i/o-filename &i/o-file-protection &i/o-file-is-read-only
            &i/o-file-already-exists &i/o-file-does-not-exist &i/o-port &i/o-decoding &i/o-encoding
            make-i/o-error make-i/o-read-error make-i/o-write-error make-i/o-invalid-position-error make-i/o-filename-error
            make-i/o-file-protection-error make-i/o-file-is-read-only-error make-i/o-file-already-exists-error
            make-i/o-file-does-not-exist-error make-i/o-port-error make-i/o-decoding-error make-i/o-encoding-error
            i/o-error? i/o-read-error? i/o-write-error? i/o-invalid-position-error? i/o-filename-error?
            i/o-file-protection-error? i/o-file-is-read-only-error? i/o-file-already-exists-error?
            i/o-file-does-not-exist-error? i/o-port-error? i/o-decoding-error? i/o-encoding-error?
            i/o-error-position i/o-error-filename i/o-error-port i/o-encoding-error-char))

(define &i/o (make-exception-type '&i/o &external-error '()))
(define &i/o-read (make-exception-type '&i/o-read &i/o '()))
(define &i/o-write (make-exception-type '&i/o-write &i/o '()))
(define &i/o-invalid-position (make-exception-type '&i/o-invalid-position &i/o '(position)))
(define &i/o-filename (make-exception-type '&i/o-filename &i/o '(filename)))
(define &i/o-file-protection (make-exception-type '&i/o-file-protection &i/o-filename '()))
(define &i/o-file-is-read-only (make-exception-type '&i/o-file-is-read-only &i/o-file-protection '()))
(define &i/o-file-already-exists (make-exception-type '&i/o-file-already-exists &i/o-filename '()))
(define &i/o-file-does-not-exist (make-exception-type '&i/o-file-does-not-exist &i/o-filename '()))
(define &i/o-port (make-exception-type '&i/o-port &i/o '(port)))
(define &i/o-decoding (make-exception-type '&i/o-decoding &i/o-port '()))
(define &i/o-encoding (make-exception-type '&i/o-encoding &i/o-port '(char)))

(define (make-i/o-error)
  "(make-i/o-error): a condition of an operation on a port or file."
  (%record &i/o))

(define (make-i/o-read-error)
  "(make-i/o-read-error): a condition of a read."
  (%record &i/o-read))

(define (make-i/o-write-error)
  "(make-i/o-write-error): a condition of a write."
  (%record &i/o-write))

(define (make-i/o-invalid-position-error position)
  "(make-i/o-invalid-position-error position): a condition that says that a port cannot be put at POSITION."
  (%record &i/o-invalid-position position))

(define (make-i/o-filename-error filename)
  "(make-i/o-filename-error filename): a condition of an operation on a file by its name."
  (%record &i/o-filename filename))

(define (make-i/o-file-protection-error filename)
  "(make-i/o-file-protection-error filename): a condition that says that the file may not be used so."
  (%record &i/o-file-protection filename))

(define (make-i/o-file-is-read-only-error filename)
  "(make-i/o-file-is-read-only-error filename): a condition that says that the file may only be read."
  (%record &i/o-file-is-read-only filename))

(define (make-i/o-file-already-exists-error filename)
  "(make-i/o-file-already-exists-error filename): a condition that says that there is such a file already."
  (%record &i/o-file-already-exists filename))

(define (make-i/o-file-does-not-exist-error filename)
  "(make-i/o-file-does-not-exist-error filename): a condition that says that there is no such file."
  (%record &i/o-file-does-not-exist filename))

(define (make-i/o-port-error port)
  "(make-i/o-port-error port): a condition of an operation on PORT."
  (%record &i/o-port port))

(define (make-i/o-decoding-error port)
  "(make-i/o-decoding-error port): a condition that says that what PORT gave is no text in its encoding."
  (%record &i/o-decoding port))

(define (make-i/o-encoding-error port char)
  "(make-i/o-encoding-error port char): a condition that says that the encoding of PORT has no CHAR."
  (%record &i/o-encoding port char))

(define (%of-type? object type)
  "Whether OBJECT is a condition of TYPE, whole or in part."
  ((exception-predicate type) object))

(define (%field object type k)
  "Field K of the part of OBJECT that is of TYPE."
  ((exception-accessor type (lambda (part) (%record-ref part type k))) object))

(define (%errno object)
  "The errno of what a failed system call raised, or #f."
  (and (eq? (exception-kind object) 'system-error)
       (let ((args (exception-args object)))
         (and (list? args) (= (length args) 4) (pair? (cadddr args)) (car (cadddr args))))))

(define (i/o-error? object)
  "(i/o-error? object): whether OBJECT is the condition of an operation on a port or file."
  (or (%of-type? object &i/o)
      (and (memq (exception-kind object) '(system-error decoding-error encoding-error)) #t)))

(define (i/o-read-error? object)
  "(i/o-read-error? object): whether OBJECT may be the condition of a read."
  (or (%of-type? object &i/o-read) (and (not (%of-type? object &i/o)) (i/o-error? object))))

(define (i/o-write-error? object)
  "(i/o-write-error? object): whether OBJECT may be the condition of a write."
  (or (%of-type? object &i/o-write) (and (not (%of-type? object &i/o)) (i/o-error? object))))

(define (i/o-invalid-position-error? object)
  "(i/o-invalid-position-error? object): whether a port could not be put where it was to be."
  (or (%of-type? object &i/o-invalid-position)
      (and (memv (%errno object) (list EINVAL ESPIPE)) #t)))

(define (i/o-filename-error? object)
  "(i/o-filename-error? object): whether OBJECT is the condition of an operation on a file by its name."
  (or (%of-type? object &i/o-filename) (file-error? object)))

(define (i/o-file-protection-error? object)
  "(i/o-file-protection-error? object): whether the file may not be used so."
  (or (%of-type? object &i/o-file-protection)
      (and (memv (%errno object) (list EACCES EPERM EROFS)) #t)))

(define (i/o-file-is-read-only-error? object)
  "(i/o-file-is-read-only-error? object): whether the file may only be read."
  (or (%of-type? object &i/o-file-is-read-only) (eqv? (%errno object) EROFS)))

(define (i/o-file-already-exists-error? object)
  "(i/o-file-already-exists-error? object): whether there was such a file already."
  (or (%of-type? object &i/o-file-already-exists) (eqv? (%errno object) EEXIST)))

(define (i/o-file-does-not-exist-error? object)
  "(i/o-file-does-not-exist-error? object): whether there was no such file."
  (or (%of-type? object &i/o-file-does-not-exist) (eqv? (%errno object) ENOENT)))

(define (i/o-port-error? object)
  "(i/o-port-error? object): whether OBJECT is the condition of text that a port could not read or write."
  (or (%of-type? object &i/o-port)
      (and (memq (exception-kind object) '(decoding-error encoding-error)) #t)))

(define (i/o-decoding-error? object)
  "(i/o-decoding-error? object): whether bytes were no text in the port's encoding."
  (or (%of-type? object &i/o-decoding) (eq? (exception-kind object) 'decoding-error)))

(define (i/o-encoding-error? object)
  "(i/o-encoding-error? object): whether a port's encoding had no such character."
  (or (%of-type? object &i/o-encoding) (eq? (exception-kind object) 'encoding-error)))

(define (i/o-error-position object)
  "(i/o-error-position object): the position of a condition made by make-i/o-invalid-position-error."
  (%field object &i/o-invalid-position 0))

(define (i/o-error-filename object)
  "(i/o-error-filename object): the name of the file, as far as the condition has it."
  (if (%of-type? object &i/o-filename)
      (%field object &i/o-filename 0)
      ;; Guile's arguments: who, message, what the message is about (last, the file), errno.
      (let ((args (exception-args object)))
        (and (pair? args) (pair? (cdr args)) (pair? (cddr args)) (pair? (caddr args)) (car (reverse (caddr args)))))))

(define (i/o-error-port object)
  "(i/o-error-port object): the port of a condition about text."
  (if (%of-type? object &i/o-port)
      (%field object &i/o-port 0)
      (cadddr (exception-args object))))

(define (i/o-encoding-error-char object)
  "(i/o-encoding-error-char object): the character that could not be written."
  (if (%of-type? object &i/o-encoding)
      (%field object &i/o-encoding 1)
      (list-ref (exception-args object) 4)))
