;;; Character sets, SRFI 14: the standard ones, each made when it is first used, and what calls procedures.

(define char-set:lower-case (%standard-char-set 'lower-case))
(define char-set:upper-case (%standard-char-set 'upper-case))
(define char-set:title-case (%standard-char-set 'title-case))
(define char-set:letter (%standard-char-set 'letter))
(define char-set:digit (%standard-char-set 'digit))
(define char-set:letter+digit (%standard-char-set 'letter+digit))
(define char-set:graphic (%standard-char-set 'graphic))
(define char-set:printing (%standard-char-set 'printing))
(define char-set:whitespace (%standard-char-set 'whitespace))
(define char-set:iso-control (%standard-char-set 'iso-control))
(define char-set:punctuation (%standard-char-set 'punctuation))
(define char-set:symbol (%standard-char-set 'symbol))
(define char-set:hex-digit (%standard-char-set 'hex-digit))
(define char-set:blank (%standard-char-set 'blank))
(define char-set:ascii (%standard-char-set 'ascii))
(define char-set:designated (%standard-char-set 'designated))
(define char-set:empty (%standard-char-set 'empty))
(define char-set:full (%standard-char-set 'full))

;;; ---- Cursors: code points of characters in the set, or #f at the end ---------------------------------------------

(define (char-set-cursor set)
  "(char-set-cursor set): a cursor at the first character of SET."
  (%char-set-next set 0))

(define (char-set-ref set cursor)
  "(char-set-ref set cursor): the character of SET at CURSOR."
  (if (not (exact-integer? cursor)) (%wrong-type 'char-set-ref 2 "a cursor before the end of a set" cursor))
  (integer->char cursor))

(define (char-set-cursor-next set cursor)
  "(char-set-cursor-next set cursor): the cursor after CURSOR."
  (if (not (exact-integer? cursor)) (%wrong-type 'char-set-cursor-next 2 "a cursor before the end of a set" cursor))
  (%char-set-next set (+ cursor 1)))

(define (end-of-char-set? cursor)
  "(end-of-char-set? cursor): whether CURSOR is past the last character of its set."
  (not cursor))

;;; ---- Procedures that call procedures -----------------------------------------------------------------------------

(define (char-set-fold kons knil set)
  "(char-set-fold kons knil set): (kons last ... (kons first knil)) of the characters of SET."
  (if (not (procedure? kons)) (%wrong-type 'char-set-fold 1 "a procedure" kons))
  (if (not (char-set? set)) (%wrong-type 'char-set-fold 3 "a character set" set))
  (let loop ((cursor (%char-set-next set 0)) (seed knil))
    (if cursor
        (loop (%char-set-next set (+ cursor 1)) (kons (integer->char cursor) seed))
        seed)))

(define (char-set-for-each f set)
  "(char-set-for-each f set): calls F with each character of SET."
  (if (not (procedure? f)) (%wrong-type 'char-set-for-each 1 "a procedure" f))
  (char-set-fold (lambda (c ignored) (f c)) #f set)
  (if #f #f))

(define (char-set-map f set)
  "(char-set-map f set): the set of what F gives for the characters of SET."
  (if (not (procedure? f)) (%wrong-type 'char-set-map 1 "a procedure" f))
  (list->char-set (char-set-fold (lambda (c l) (cons (f c) l)) '() set)))

(define (char-set-filter keep? set #!optional base)
  "(char-set-filter keep? set [base]): the set of the characters of SET for which KEEP? is true, and of those in BASE."
  (if (not (procedure? keep?)) (%wrong-type 'char-set-filter 1 "a procedure" keep?))
  (list->char-set (char-set-fold (lambda (c l) (if (keep? c) (cons c l) l)) '() set) base))

(define (char-set-count wanted? set)
  "(char-set-count wanted? set): how many characters of SET make WANTED? true."
  (if (not (procedure? wanted?)) (%wrong-type 'char-set-count 1 "a procedure" wanted?))
  (char-set-fold (lambda (c n) (if (wanted? c) (+ n 1) n)) 0 set))

(define (char-set-any ok? set)
  "(char-set-any ok? set): the first true value that OK? gives for a character of SET, or #f."
  (if (not (procedure? ok?)) (%wrong-type 'char-set-any 1 "a procedure" ok?))
  (let loop ((cursor (char-set-cursor set)))
    (and cursor (or (ok? (integer->char cursor)) (loop (%char-set-next set (+ cursor 1)))))))

(define (char-set-every ok? set)
  "(char-set-every ok? set): #f as soon as OK? gives #f for a character of SET, else what it gave for the last; #t if none."
  (if (not (procedure? ok?)) (%wrong-type 'char-set-every 1 "a procedure" ok?))
  (let loop ((cursor (char-set-cursor set)) (last #t))
    (if cursor
        (let ((x (ok? (integer->char cursor)))) (and x (loop (%char-set-next set (+ cursor 1)) x)))
        last)))

(define (char-set-unfold stop? mapper successor seed #!optional base)
  "(char-set-unfold stop? mapper successor seed [base]): the set of the characters that MAPPER gives for SEED, (SUCCESSOR SEED)
and so on until STOP? is true of one, and of those in BASE."
  (let loop ((seed seed) (chars '()))
    (if (stop? seed)
        (list->char-set chars base)
        (loop (successor seed) (cons (mapper seed) chars)))))

(define (char-set-diff+intersection set . others)
  "(char-set-diff+intersection set other ...): two values: the characters of SET that are in none of OTHERS, and those that are
in one."
  (let ((union (apply char-set-union others)))
    (values (char-set-difference set union) (char-set-intersection set union))))

;;; ---- Linear update: a new set here -------------------------------------------------------------------------------

(define (char-set-adjoin! set . chars)
  "(char-set-adjoin! set char ...): the same as char-set-adjoin."
  (apply char-set-adjoin set chars))

(define (char-set-delete! set . chars)
  "(char-set-delete! set char ...): the same as char-set-delete."
  (apply char-set-delete set chars))

(define (char-set-complement! set)
  "(char-set-complement! set): the same as char-set-complement."
  (char-set-complement set))

(define (char-set-union! set . others)
  "(char-set-union! set other ...): the same as char-set-union."
  (apply char-set-union set others))

(define (char-set-intersection! set . others)
  "(char-set-intersection! set other ...): the same as char-set-intersection."
  (apply char-set-intersection set others))

(define (char-set-difference! set . others)
  "(char-set-difference! set other ...): the same as char-set-difference."
  (apply char-set-difference set others))

(define (char-set-xor! set . others)
  "(char-set-xor! set other ...): the same as char-set-xor."
  (apply char-set-xor set others))

(define (char-set-diff+intersection! set . others)
  "(char-set-diff+intersection! set other ...): the same as char-set-diff+intersection."
  (apply char-set-diff+intersection set others))

(define (char-set-filter! keep? set base)
  "(char-set-filter! keep? set base): the same as char-set-filter."
  (char-set-filter keep? set base))

(define (char-set-unfold! stop? mapper successor seed base)
  "(char-set-unfold! stop? mapper successor seed base): the same as char-set-unfold."
  (char-set-unfold stop? mapper successor seed base))

(define (list->char-set! list base)
  "(list->char-set! list base): the same as list->char-set."
  (list->char-set list base))

(define (string->char-set! string base)
  "(string->char-set! string base): the same as string->char-set."
  (string->char-set string base))

(define (ucs-range->char-set! from to strict base)
  "(ucs-range->char-set! from to strict base): the same as ucs-range->char-set."
  (ucs-range->char-set from to strict base))
