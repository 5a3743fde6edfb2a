; (rnrs io ports): transcoders, string and bytevector ports, files with options, and what went wrong.
(use-modules (rnrs io ports) (rnrs bytevectors))
(define (bytes . l) (u8-list->bytevector l))
(define p (transcoded-port (open-bytevector-input-port (bytes 228 65 10 66)) (make-transcoder (latin-1-codec))))
(get-line p)                               ; expect: "äA"
(port-eof? p)                              ; expect: #f
(get-char p)                               ; expect: #\B
(port-eof? p)                              ; expect: #t
(get-char p)                               ; expect: #<eof>
(close-port p)                             ; expect: #t
(bytevector->u8-list (call-with-bytevector-output-port (lambda (p) (put-string p "ä")) (make-transcoder (utf-8-codec)))) ; expect: (195 164)
(bytevector->u8-list (call-with-bytevector-output-port (lambda (p) (let ((t (transcoded-port p (make-transcoder (utf-16-codec))))) (put-string t "a") (flush-output-port t))))) ; expect: (254 255 0 97)
(call-with-string-output-port (lambda (p) (put-datum p '(1 "x")))) ; expect: "(1 \"x\")"
(bytevector->string (bytes 228) (make-transcoder (latin-1-codec))) ; expect: "ä"
(bytevector->string (bytes 228) (make-transcoder (utf-8-codec) 'none 'raise)) ; error: bytevector->string
(bytevector->u8-list (string->bytevector "ä" (native-transcoder))) ; expect: (195 164)
(list (buffer-mode none) (eol-style lf) (error-handling-mode raise) (native-eol-style)) ; expect: (none lf raise none)
(map buffer-mode? '(none line block other)) ; expect: (#t #t #t #f)
(transcoder-codec (native-transcoder))     ; expect: "UTF-8"
(transcoder-codec 'x)                      ; error: transcoder-codec
(define name (string-append "/tmp/sockeye-r6rs-" (number->string (getpid))))
(call-with-port (open-file-output-port name) (lambda (p) (put-u8 p 200) 'written)) ; expect: written
(guard (e ((i/o-file-already-exists-error? e) (list 'exists (i/o-error? e) (string=? name (i/o-error-filename e))))) (open-file-output-port name)) ; expect: (exists #t #t)
(guard (e ((i/o-file-does-not-exist-error? e) 'missing)) (open-file-input-port "/no such file")) ; expect: missing
(guard (e ((i/o-file-does-not-exist-error? e) 'missing)) (open-file-output-port "/no such file" (file-options no-create))) ; expect: missing
(call-with-port (open-file-output-port name (file-options no-fail)) (lambda (p) (put-string p "λ") (port-position p))) ; expect: 1
(call-with-port (open-file-output-port name (file-options no-fail) 'block (native-transcoder)) (lambda (p) (put-string p "λ") (port-position p))) ; expect: 2
(call-with-port (open-file-input/output-port name (file-options no-fail no-truncate) 'block (native-transcoder)) get-line) ; expect: "λ"
(define p (open-file-input-port name))
(list (port-has-port-position? p) (port-position p) (get-u8 p) (port-position p)) ; expect: (#t 0 206 1)
(set-port-position! p 0)
(get-bytevector-all p)                     ; expect: #u8(206 187)
(output-port-buffer-mode (open-file-output-port name (file-options no-fail) 'none)) ; expect: none
(port-position (car (pipe)))               ; error: illegal seek
(delete-file name)
