; Section 6.11, 6.13.2: what read raises satisfies read-error?, and reading can go on elsewhere.
(define (try text)
  (guard (e ((read-error? e) 'read-error) (#t (list 'other e)))
    (read (open-input-string text))))
(try "(1 2")                               ; expect: read-error
(try "(1 (2 3)")                           ; expect: read-error
(try ")")                                  ; expect: read-error
(try "\"abc")                              ; expect: read-error
(try "#(1 2")                              ; expect: read-error
(try "#u8(1 2")                            ; expect: read-error
(try "#u8(256)")                           ; expect: read-error
(try "#u8(-1)")                            ; expect: read-error
(try "#u8(a)")                             ; expect: read-error
(try "(1 . )")                             ; expect: read-error
(try "(1 . 2 3)")                          ; expect: read-error
(try "( . 1)")                             ; expect: read-error
(try "#|")                                 ; expect: read-error
(try "'")                                  ; expect: read-error
(try "#\\notacharname")                    ; expect: read-error
(try "#0#")                                ; expect: read-error
(try "\"\\q\"")                            ; expect: read-error
(try "\"\\x110000;\"")                     ; expect: read-error
(try "\"\\xD800;\"")                       ; expect: read-error
(try "#\\xD800")                           ; expect: read-error
(try "|abc")                               ; expect: read-error
(try "#;")                                 ; expect: read-error
(try "(#;)")                               ; expect: read-error
(eof-object? (try ""))                     ; expect: #t
(eof-object? (try "   ; only a comment"))  ; expect: #t
(eof-object? (try " #| c |# "))            ; expect: #t
(eof-object? (try "#;(gone)"))             ; expect: #t
(try "ok")                                 ; expect: ok
(let ((p (open-input-string "1 (2) \"3\" #\\4 last")))
  (let loop ((out '()))
    (let ((x (read p)))
      (if (eof-object? x) (reverse out) (loop (cons x out)))))) ; expect: (1 (2) "3" #\4 last)
