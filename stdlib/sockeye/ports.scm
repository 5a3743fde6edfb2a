;;; Ports: what is made of procedures, and what calls procedures with ports.
;;;
;;; A port made of procedures (a custom or soft port) has one procedure here that sees to its errands: it is called with
;;; the port, the errand, a list of numbers, and the builtin that cannot go on with the list of its arguments. It moves
;;; the bytes and then calls the builtin again, as its last act, so that no stack grows and continuations may be captured
;;; in the procedures of the program.
;;;
;;;     fill     the port wants input: %port-feed!
;;;     drain    output waits: %port-waiting, %port-written!
;;;     ready    char-ready? asks; what comes back is its answer
;;;     close    the port has been closed
;;;     seek     offset, whence, bytes read ahead, bytes not written: answers the new place

;;; ---- Ports made of procedures ------------------------------------------------------------------------------------

(define (make-custom-binary-input-port id read! get-position set-position! close)
  "(make-custom-binary-input-port id read! get-position set-position! close): an input port whose bytes (READ!
bytevector start count) puts into a bytevector, and answers how many, 0 for the end. The others may be #f."
  (%check-custom 'make-custom-binary-input-port id read! 2 get-position set-position! close)
  (%custom-port id "r" read! #f get-position set-position! close))

(define (make-custom-binary-output-port id write! get-position set-position! close)
  "(make-custom-binary-output-port id write! get-position set-position! close): an output port whose bytes (WRITE!
bytevector start count) takes out of a bytevector, and answers how many it took. The others may be #f."
  (%check-custom 'make-custom-binary-output-port id write! 2 get-position set-position! close)
  (%custom-port id "w" #f write! get-position set-position! close))

(define (make-custom-binary-input/output-port id read! write! get-position set-position! close)
  "(make-custom-binary-input/output-port id read! write! get-position set-position! close): a port for both
directions; see make-custom-binary-input-port and make-custom-binary-output-port."
  (%check-custom 'make-custom-binary-input/output-port id read! 2 get-position set-position! close)
  (if (not (procedure? write!)) (%wrong-type 'make-custom-binary-input/output-port 3 "a procedure" write!))
  (%custom-port id "rw" read! write! get-position set-position! close))

(define (make-custom-textual-output-port id write! get-position set-position! close)
  "(make-custom-textual-output-port id write! get-position set-position! close): an output port whose characters
 (WRITE! string start count) takes out of a string, and answers how many it took."
  (%check-custom 'make-custom-textual-output-port id write! 2 get-position set-position! close)
  (%make-relay-port id "w" "UTF-8"
    (lambda (port errand numbers builtin arguments)
      (case errand
        ((drain)
         (let ((text (%port-take-waiting! port)))
           (let loop ((start 0))
             (if (< start (string-length text))
                 (loop (+ start (%custom-count 'write! (write! text start (- (string-length text) start))
                                               1 (- (string-length text) start)))))))
         (apply builtin arguments))
        (else (%custom-errand port errand numbers builtin arguments #f #f get-position set-position! close))))))

(define (%check-custom who id move position get-position set-position! close)
  "Complains in the name of WHO about what cannot make a port."
  (if (not (string? id)) (%wrong-type who 1 "a string" id))
  (if (not (procedure? move)) (%wrong-type who position "a procedure" move))
  (for-each (lambda (f)
              (if (not (or (not f) (procedure? f))) (%wrong-type who (+ position 1) "procedures or #f" f)))
            (list get-position set-position! close)))

(define (%custom-port id mode read! write! get-position set-position! close)
  "A port of bytes that these procedures move."
  (%make-relay-port id mode "ISO-8859-1"
    (lambda (port errand numbers builtin arguments)
      (%custom-errand port errand numbers builtin arguments read! write! get-position set-position! close))))

(define (%custom-errand port errand numbers builtin arguments read! write! get-position set-position! close)
  "Does what a custom port wants, and goes on with what wanted it."
  (case errand
    ((fill) (%custom-fill port read!) (apply builtin arguments))
    ((drain) (%custom-drain port write!) (apply builtin arguments))
    ((ready) #t)
    ((close) (if close (close)) #t)
    (else (%custom-seek port numbers get-position set-position!))))

(define (%custom-fill port read!)
  "Feeds PORT what READ! has."
  (let ((buffer (make-bytevector 1024)))
    (%port-feed! port buffer 0 (%custom-count 'read! (read! buffer 0 1024) 0 1024))))

(define (%custom-drain port write!)
  "Hands WRITE! what waits in PORT; bytes count as written as soon as it has taken them."
  (let* ((bytes (%port-waiting port))
         (end (bytevector-length bytes)))
    (let loop ((start 0))
      (if (< start end)
          (let ((count (%custom-count 'write! (write! bytes start (- end start)) 1 (- end start))))
            (%port-written! port count)
            (loop (+ start count)))))))

(define (%custom-count who count low high)
  "COUNT, if a procedure of a custom port may answer that."
  (if (not (exact-integer? count)) (%wrong-type who 1 "a procedure that answers an exact integer" count))
  (if (not (<= low count high)) (scm-error 'out-of-range (symbol->string who) "Argument 1 out of range: ~S" (list count) (list count)))
  count)

(define (%custom-seek port numbers get-position set-position!)
  "Where PORT stands after a seek."
  (let ((offset (car numbers)) (whence (cadr numbers)) (unread (caddr numbers)) (waiting (cadddr numbers)))
    (define (position)
      (if (not get-position) (%wrong-type 'seek 1 "a port that knows its position" port))
      (- (+ (get-position) waiting) unread))
    (define (go place)
      (if (not set-position!) (scm-error 'misc-error "seek" "port is not seekable" (list port) #f))
      (set-position! place)
      place)
    (cond ((= whence SEEK_SET) (go offset))
          ((not (= whence SEEK_CUR)) (%wrong-type 'seek 3 "SEEK_SET or SEEK_CUR, for such a port" whence))
          ((= offset 0) (position))
          (else (go (+ (position) offset))))))

(define (make-soft-port procedures modes)
  "(make-soft-port procedures modes): a port made of the procedures in a vector: one that takes a character, one that
takes a string, a thunk that flushes, a thunk that gives the next character (or #f at the end), a thunk that closes, and
perhaps one that tells how many characters are at hand. MODES has the letters r and w."
  (if (not (and (vector? procedures) (<= 5 (vector-length procedures) 6)))
      (%wrong-type 'make-soft-port 1 "a vector of five or six procedures" procedures))
  (if (not (string? modes)) (%wrong-type 'make-soft-port 2 "a string" modes))
  (let* ((has? (lambda (c) (let loop ((l (string->list modes))) (and (pair? l) (or (char=? (car l) c) (loop (cdr l)))))))
         (part (lambda (i) (and (< i (vector-length procedures)) (vector-ref procedures i))))
         (input? (or (has? #\r) (has? #\+)))
         (output? (or (has? #\w) (has? #\a) (has? #\+))))
    (%make-relay-port "soft" (string-append (if input? "r" "") (if output? "w" "") "0") #f
      (lambda (port errand numbers builtin arguments)
        (case errand
          ((fill)
           (let ((char ((part 3))))
             (if (not (or (char? char) (not char) (eof-object? char)))
                 (%wrong-type 'make-soft-port 1 "a vector whose fourth procedure answers characters" char))
             (%port-feed-string! port (if (char? char) (string char) "")))
           (apply builtin arguments))
          ((drain)
           ((part 1) (%port-take-waiting! port))
           (if (part 2) ((part 2)))
           (apply builtin arguments))
          ((ready) (if (part 5) (> ((part 5)) 0) #t))
          ((close) (if (part 4) ((part 4))) #t)
          (else (%wrong-type 'seek 1 "a port with a position" port)))))))

(define (transcoded-port port transcoder)
  "(transcoded-port port transcoder): a port of characters on the binary port PORT, which is closed with it."
  (if (not (port? port)) (%wrong-type 'transcoded-port 1 "a port" port))
  (let ((made
         (%make-relay-port "transcoded"
                           (string-append (if (input-port? port) "r" "") (if (output-port? port) "w" ""))
                           (transcoder-codec transcoder)
           (lambda (outer errand numbers builtin arguments)
             (case errand
               ((fill)
                (let ((bytes (get-bytevector-some port)))
                  (if (eof-object? bytes)
                      (%port-feed! outer (bytevector) 0 0)
                      (%port-feed! outer bytes 0 (bytevector-length bytes))))
                (apply builtin arguments))
               ((drain)
                (let ((bytes (%port-waiting outer)))
                  (%port-written! outer (bytevector-length bytes))
                  (put-bytevector port bytes)
                  (force-output port))
                (apply builtin arguments))
               ((ready) (u8-ready? port))
               ((close) (close-port port))
               (else (%wrong-type 'seek 1 "a port with a position" outer)))))))
    (set-port-conversion-strategy! made (%transcoder-strategy transcoder))
    made))

;;; ---- Transcoders -------------------------------------------------------------------------------------------------
;;;
;;; A transcoder is a vector that begins with this very list: codec (an encoding's name), end of line, error mode.

(define %transcoder-mark (list 'transcoder))

(define (make-transcoder codec . options)
  "(make-transcoder codec [eol-style [error-handling-mode]]): how bytes become characters for transcoded-port. Ends of
lines are left as they are."
  (if (not (string? codec)) (%wrong-type 'make-transcoder 1 "a codec" codec))
  (vector %transcoder-mark codec
          (if (pair? options) (car options) 'none)
          (if (and (pair? options) (pair? (cdr options))) (cadr options) 'replace)))

(define (transcoder-codec transcoder)
  "(transcoder-codec transcoder): its codec, the name of an encoding."
  (vector-ref (%transcoder 'transcoder-codec transcoder) 1))

(define (transcoder-eol-style transcoder)
  "(transcoder-eol-style transcoder): its style of line ends, a symbol."
  (vector-ref (%transcoder 'transcoder-eol-style transcoder) 2))

(define (transcoder-error-handling-mode transcoder)
  "(transcoder-error-handling-mode transcoder): its mode, one of raise, replace, ignore."
  (vector-ref (%transcoder 'transcoder-error-handling-mode transcoder) 3))

(define (%transcoder-strategy transcoder)
  "The conversion strategy that TRANSCODER means."
  (if (eq? (transcoder-error-handling-mode transcoder) 'raise) 'error 'substitute))

(define (%transcoder who object)
  "OBJECT, which WHO was given as a transcoder."
  (if (and (vector? object) (= (vector-length object) 4) (eq? (vector-ref object 0) %transcoder-mark))
      object
      (%wrong-type who 1 "a transcoder" object)))

(define (native-transcoder)
  "(native-transcoder): the transcoder of UTF-8."
  (make-transcoder "UTF-8"))

;;; ---- Ports in the place of others --------------------------------------------------------------------------------

(define (set-current-input-port port)
  "(set-current-input-port port): makes PORT the current input port, and answers the one before."
  (%set-current current-input-port port input-port? "an input port"))

(define (set-current-output-port port)
  "(set-current-output-port port): makes PORT the current output port, and answers the one before."
  (%set-current current-output-port port output-port? "an output port"))

(define (set-current-error-port port)
  "(set-current-error-port port): makes PORT the current error port, and answers the one before."
  (%set-current current-error-port port output-port? "an output port"))

(define (%set-current parameter port fits? expected)
  "Gives PARAMETER the value PORT, if that FITS?, and answers what it was before."
  (if (not (and (port? port) (fits? port))) (error (string-append "expected " expected) port))
  (let ((old (parameter)))
    (parameter port)
    old))

(define (with-input-from-port port thunk)
  "(with-input-from-port port thunk): the values of (thunk), with PORT as the current input port."
  (if (not (and (port? port) (input-port? port))) (error "expected an input port" port))
  (parameterize ((current-input-port port)) (thunk)))

(define (with-output-to-port port thunk)
  "(with-output-to-port port thunk): the values of (thunk), with PORT as the current output port."
  (if (not (and (port? port) (output-port? port))) (error "expected an output port" port))
  (parameterize ((current-output-port port)) (thunk)))

(define (with-error-to-port port thunk)
  "(with-error-to-port port thunk): the values of (thunk), with PORT as the current error port."
  (if (not (and (port? port) (output-port? port))) (error "expected an output port" port))
  (parameterize ((current-error-port port)) (thunk)))

(define (with-error-to-file file thunk . options)
  "(with-error-to-file file thunk option ...): the values of (thunk), with what it writes as errors going to FILE."
  (call-with-port (apply open-output-file file options)
    (lambda (port) (parameterize ((current-error-port port)) (thunk)))))

(define current-warning-port
  (make-parameter (current-error-port)))

(define current-load-port
  (make-parameter #f))

(define OPEN_READ "r")

(define OPEN_WRITE "w")

(define OPEN_BOTH "r+")

(define *null-device* "/dev/null")

(define (open-io-file file)
  "(open-io-file file): a port that reads and writes FILE, which must exist."
  (open-file file OPEN_BOTH))

;;; ---- All ports ---------------------------------------------------------------------------------------------------

(define (port-for-each f)
  "(port-for-each f): calls F with each open port there is."
  (if (not (procedure? f)) (%wrong-type 'port-for-each 1 "a procedure" f))
  (for-each (lambda (port) (if (not (port-closed? port)) (f port))) (%all-ports)))

(define (flush-all-ports)
  "(flush-all-ports): writes out what open output ports hold back. What fails is raised when all have had their turn."
  (let loop ((ports (%all-ports)) (failures '()))
    (cond ((pair? ports)
           (loop (cdr ports)
                 (guard (failure (#t (cons failure failures)))
                   (if (and (output-port? (car ports)) (not (port-closed? (car ports)))) (force-output (car ports)))
                   failures)))
          ((pair? failures) (raise-object (car failures))))))

;;; ---- Text and bytes by procedures --------------------------------------------------------------------------------

(define (object->string obj . printer)
  "(object->string obj [printer]): what PRINTER, write if none is given, prints for OBJ."
  (let ((print (if (pair? printer) (car printer) write)))
    (call-with-output-string (lambda (port) (print obj port)))))

(define (format destination template . args)
  "(format destination template arg ...): the same as simple-format; (ice-9 format) has a format of many more directives."
  (apply simple-format destination template args))

(define (pk . stuff)
  "(pk x ...): shows X ... on a line of their own, and answers the last: for a look at values on their way."
  (newline)
  (display ";;; ")
  (write stuff)
  (newline)
  (car (list-tail stuff (- (length stuff) 1))))

(define (peek . stuff)
  "(peek x ...): the same as pk."
  (apply pk stuff))

(define the-eof-object (eof-object))

(define (call-with-output-bytevector f)
  "(call-with-output-bytevector f): what F, called with a port, wrote to it, as a bytevector."
  (let ((port (open-output-bytevector)))
    (f port)
    (get-output-bytevector port)))

(define (call-with-input-bytevector bytevector f)
  "(call-with-input-bytevector bytevector f): the values of F, called with a port that reads BYTEVECTOR."
  (f (open-input-bytevector bytevector)))

(define (open-bytevector-input-port bytevector . transcoder)
  "(open-bytevector-input-port bytevector [transcoder]): a port from which the bytes of BYTEVECTOR can be read."
  (let ((port (open-input-bytevector bytevector)))
    (if (and (pair? transcoder) (car transcoder)) (set-port-encoding! port (transcoder-codec (car transcoder))))
    port))

(define (open-bytevector-output-port . transcoder)
  "(open-bytevector-output-port [transcoder]): two values, an output port, and a procedure that answers, as a
bytevector, what was written to the port since it was last called."
  (let ((port (open-output-bytevector)))
    (if (and (pair? transcoder) (car transcoder)) (set-port-encoding! port (transcoder-codec (car transcoder))))
    (values port (lambda () (%take-output-bytevector port)))))

(define (call-with-bytevector-output-port f . transcoder)
  "(call-with-bytevector-output-port f [transcoder]): what F, called with a port, wrote to it, as a bytevector."
  (let ((port (open-output-bytevector)))
    (if (and (pair? transcoder) (car transcoder)) (set-port-encoding! port (transcoder-codec (car transcoder))))
    (f port)
    (get-output-bytevector port)))

(define (open-string-output-port)
  "(open-string-output-port): two values, an output port, and a procedure that answers, as a string, what was written
to the port since it was last called."
  (let ((port (open-output-string)))
    (values port (lambda () (%take-output-string port)))))

(define (call-with-encoded-output-string encoding f . strategy)
  "(call-with-encoded-output-string encoding f [strategy]): what F, called with a port, wrote to it, as a bytevector in
ENCODING. STRATEGY is error (what is meant), substitute or escape."
  (let ((port (open-output-bytevector)))
    (set-port-encoding! port encoding)
    (set-port-conversion-strategy! port (if (pair? strategy) (car strategy) 'error))
    (f port)
    (get-output-bytevector port)))

(define (bytevector->string bytevector encoding . strategy)
  "(bytevector->string bytevector encoding [strategy]): the text of BYTEVECTOR in ENCODING, a name or a transcoder.
STRATEGY is error (what is meant) or substitute."
  (if (string? encoding)
      (%bytevector->string bytevector encoding (if (pair? strategy) (car strategy) 'error))
      (%bytevector->string bytevector (transcoder-codec encoding) (%transcoder-strategy encoding))))

(define (string->bytevector string encoding . strategy)
  "(string->bytevector string encoding [strategy]): the bytes of STRING in ENCODING, a name or a transcoder. STRATEGY is
error (what is meant), substitute or escape."
  (if (string? encoding)
      (%string->bytevector string encoding (if (pair? strategy) (car strategy) 'error))
      (%string->bytevector string (transcoder-codec encoding) (%transcoder-strategy encoding))))

(define (port-eof? port)
  "(port-eof? port): whether there is nothing more to be read from PORT."
  (eof-object? (if (binary-port? port) (peek-u8 port) (peek-char port))))

(define (port-position port)
  "(port-position port): where PORT stands."
  (seek port 0 SEEK_CUR))

(define (set-port-position! port position)
  "(set-port-position! port position): puts PORT there."
  (seek port position SEEK_SET)
  (if #f #f))

(define (port-has-port-position? port)
  "(port-has-port-position? port): whether port-position answers."
  (guard (e (#t #f)) (exact-integer? (port-position port))))

(define (port-has-set-port-position!? port)
  "(port-has-set-port-position!? port): whether set-port-position! works."
  (guard (e (#t #f)) (seek port (port-position port) SEEK_SET) #t))
