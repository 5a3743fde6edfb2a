;;; (sockeye net raising): how libraries raise the exceptions of (sockeye net conditions), and errors of arguments.

(define-module (sockeye net raising)
  #:export (make-socket-error raise-socket-error raise-timeout raise-lookup-error raise-address-parse-error call-noting-errors
            raise-wrong-argument raise-keyword-error))

(define* (make-socket-error code operation #:key (socket #f) (address #f) (phase #f) (type #f) (message #f))
  "(make-socket-error code operation [#:socket s] [#:address a] [#:phase p] [#:type t] [#:message m]): the exception that says that
OPERATION, a symbol, failed with the errno CODE, #f for none. TYPE is the name of its type, such as socket-timeout-error; without it
CODE decides. Catch finds it as a system-error."
  (let* ((words (if code (%errno-words code) (cons #f "")))
         (text (or message (cdr words)))
         (condition (%make-thrown 'system-error (list (symbol->string operation) "~A" (list text) (list (or code 0))))))
    (%set-condition-text! condition
      (string-append (symbol->string operation) (if (string? address) (string-append " to " address) "") ": " text
                     (if (car words) (string-append " (" (symbol->string (car words)) ")") "")))
    (for-each (lambda (name value) (%note-condition! condition name value))
              '(identifier operation socket address phase type)
              (list (car words) operation socket address phase (or type (if code (%errno-type code) 'socket-error))))
    condition))

(define (raise-socket-error code operation . facts)
  "(raise-socket-error code operation [#:socket s] [#:address a] [#:phase p] [#:type t] [#:message m]): raises what make-socket-error
makes of these."
  (raise (apply make-socket-error code operation facts)))

(define* (raise-timeout operation #:key (socket #f) (address #f) (phase #f) (connecting? #f))
  "(raise-timeout operation [#:socket s] [#:address a] [#:phase p] [#:connecting? flag]): raises the exception that says that a limit of
time of the program's ran out: &socket-connection-timeout-error if CONNECTING? is true, else &socket-timeout-error."
  (raise-socket-error ETIMEDOUT operation #:socket socket #:address address #:phase phase #:message "Timed out"
    #:type (if connecting? 'socket-connection-timeout-error 'socket-timeout-error)))

(define* (raise-lookup-error type operation datum message #:key (phase #f))
  "(raise-lookup-error type operation datum message [#:phase p]): raises an exception of the type of this name, such as
unknown-service-error, that says that DATUM was not found."
  (let ((condition (make-socket-error #f operation #:phase phase #:type type #:message message)))
    (%note-condition! condition 'datum datum)
    (raise condition)))

(define (raise-address-parse-error who datum)
  "(raise-address-parse-error who datum): raises the exception that says that the text DATUM is no address."
  (raise (make-exception (%record &address-parse-error datum)
                         (make-exception-with-origin (symbol->string who))
                         (make-exception-with-message "this text is no address:")
                         (make-exception-with-irritants (list datum)))))

(define (call-noting-errors thunk . facts)
  "(call-noting-errors thunk name value ...): the values of (THUNK); what it raises of the network is noted to have the VALUEs under
these NAMEs, symbols such as socket, address, phase and operation."
  (with-exception-handler
    (lambda (object)
      (if (and (%condition? object) (socket-error? object))
          (let note ((facts facts))
            (if (pair? facts)
                (begin (%note-condition! object (car facts) (cadr facts))
                       (note (cddr facts))))))
      (raise-continuable object))
    thunk))

(define* (raise-wrong-argument who position expected got #:optional (number? #f))
  "(raise-wrong-argument who position expected got [number?]): raises the error that says that GOT, the argument of WHO at POSITION, a number, or
that of the keyword POSITION, a symbol, should be EXPECTED, a string with its article: one of the wrong type, or, if NUMBER? is true and GOT is a
number, of the bounds."
  (let ((out-of-range? (and number? (real? got))))
    (cond ((symbol? position)
           (scm-error (if out-of-range? 'out-of-range 'wrong-type-arg)
                      (symbol->string who) "the value of #:~A should be ~A, got ~S" (list position expected got) (list got)))
          (out-of-range? (%out-of-range who position expected got))
          (else (%wrong-type who position expected got)))))

(define (raise-keyword-error who message got)
  "(raise-keyword-error who message got): raises the error about the keyword argument GOT of WHO that MESSAGE tells of."
  (%keyword-error who message got))
