;;; Strings, symbols and regular expressions: the procedures of SRFI 13 and Guile that may call procedures.
;;;
;;; Where SRFI 13 takes a character, a character set or a predicate, the machine's primitives do the first two, and the
;;; predicate is called from here.

;;; ---- Searching ---------------------------------------------------------------------------------------------------

(define (%first-place who string pred wanted? start end)
  "The first place in STRING from START to before END where PRED is true, or, unless WANTED?, false; or #f."
  (if (not (string? string)) (%wrong-type who 1 "a string" string))
  (let ((end (%range-end who 3 (string-length string) start end)))
    (let loop ((i (if (%default? start) 0 start)))
      (cond ((>= i end) #f)
            ((eq? wanted? (if (pred (string-ref string i)) #t #f)) i)
            (else (loop (+ i 1)))))))

(define (%last-place who string pred wanted? start end)
  "The last place in STRING from START to before END where PRED is true, or, unless WANTED?, false; or #f."
  (if (not (string? string)) (%wrong-type who 1 "a string" string))
  (let ((start (if (%default? start) 0 start)) (end (%range-end who 3 (string-length string) start end)))
    (let loop ((i (- end 1)))
      (cond ((< i start) #f)
            ((eq? wanted? (if (pred (string-ref string i)) #t #f)) i)
            (else (loop (- i 1)))))))

(define (string-index string what #!optional start end)
  "(string-index string what [start [end]]): the place of the first character of STRING, from START to before END, that is
the character WHAT, is in the character set WHAT, or for which the procedure WHAT is true; or #f."
  (if (procedure? what)
      (%first-place 'string-index string what #t start end)
      (%string-index string what start end)))

(define (string-index-right string what #!optional start end)
  "(string-index-right string what [start [end]]): as string-index, but the last such place."
  (if (procedure? what)
      (%last-place 'string-index-right string what #t start end)
      (%string-index-right string what start end)))

(define (string-rindex string what #!optional start end)
  "(string-rindex string what [start [end]]): the same as string-index-right."
  (string-index-right string what start end))

(define (string-skip string what #!optional start end)
  "(string-skip string what [start [end]]): the place of the first character of STRING, from START to before END, that is
not the character WHAT, not in the character set WHAT, or for which the procedure WHAT is false; or #f."
  (if (procedure? what)
      (%first-place 'string-skip string what #f start end)
      (%string-skip string what start end)))

(define (string-skip-right string what #!optional start end)
  "(string-skip-right string what [start [end]]): as string-skip, but the last such place."
  (if (procedure? what)
      (%last-place 'string-skip-right string what #f start end)
      (%string-skip-right string what start end)))

(define (string-count string what #!optional start end)
  "(string-count string what [start [end]]): how many characters of STRING, from START to before END, are the character WHAT,
are in the character set WHAT, or make the procedure WHAT true."
  (if (procedure? what)
      (string-fold (lambda (c n) (if (what c) (+ n 1) n)) 0 string start end)
      (%string-count string what start end)))

(define (string-any what string #!optional start end)
  "(string-any what string [start [end]]): the first true value that the procedure WHAT gives for a character of STRING from
START to before END, or #f. WHAT may also be a character or a character set."
  (if (not (procedure? what))
      (if (%string-index string what start end) #t #f)
      (begin
        (if (not (string? string)) (%wrong-type 'string-any 2 "a string" string))
        (let ((end (%range-end 'string-any 3 (string-length string) start end)))
          (let loop ((i (if (%default? start) 0 start)))
            (cond ((>= i end) #f)
                  ((= (+ i 1) end) (what (string-ref string i)))
                  (else (or (what (string-ref string i)) (loop (+ i 1))))))))))

(define (string-every what string #!optional start end)
  "(string-every what string [start [end]]): #f as soon as the procedure WHAT gives #f for a character of STRING from START to
before END, else what it gave for the last; #t if there is none. WHAT may also be a character or a character set."
  (if (not (procedure? what))
      (not (%string-skip string what start end))
      (begin
        (if (not (string? string)) (%wrong-type 'string-every 2 "a string" string))
        (let ((end (%range-end 'string-every 3 (string-length string) start end)))
          (let loop ((i (if (%default? start) 0 start)))
            (cond ((>= i end) #t)
                  ((= (+ i 1) end) (what (string-ref string i)))
                  (else (and (what (string-ref string i)) (loop (+ i 1))))))))))

(define (string-any-c-code what string #!optional start end)
  "(string-any-c-code what string [start [end]]): the same as string-any."
  (string-any what string start end))

(define (string-every-c-code what string #!optional start end)
  "(string-every-c-code what string [start [end]]): the same as string-every."
  (string-every what string start end))

;;; ---- Trimming, selecting, splitting ------------------------------------------------------------------------------

(define (%trim who string what sides start end)
  "STRING from START to before END without the characters at its SIDES (1: left, 2: right) that are as WHAT says."
  (cond ((%default? what) (%string-trim string char-set:whitespace sides start end))
        ((procedure? what)
         (let* ((end (%range-end who 3 (string-length string) start end))
                (start (if (%default? start) 0 start))
                (from (if (odd? sides) (or (%first-place who string what #f start end) end) start))
                (to (if (> sides 1) (let ((last (%last-place who string what #f from end))) (if last (+ last 1) from)) end)))
           (substring string from to)))
        (else (%string-trim string what sides start end))))

(define (string-trim string #!optional what start end)
  "(string-trim string [what [start [end]]]): STRING, from START to before END, without the white space at its left side; or
without the characters there that are WHAT, in the character set WHAT, or make the procedure WHAT true."
  (%trim 'string-trim string what 1 start end))

(define (string-trim-right string #!optional what start end)
  "(string-trim-right string [what [start [end]]]): as string-trim, but at the right side."
  (%trim 'string-trim-right string what 2 start end))

(define (string-trim-both string #!optional what start end)
  "(string-trim-both string [what [start [end]]]): as string-trim, but at both sides."
  (%trim 'string-trim-both string what 3 start end))

(define (string-filter what string #!optional start end)
  "(string-filter what string [start [end]]): the characters of STRING, from START to before END, that are the character WHAT,
are in the character set WHAT, or make the procedure WHAT true."
  (if (procedure? what)
      (list->string (reverse (string-fold (lambda (c l) (if (what c) (cons c l) l)) '() string start end)))
      (%string-filter string what #t start end)))

(define (string-delete what string #!optional start end)
  "(string-delete what string [start [end]]): STRING, from START to before END, without the characters that string-filter gives."
  (if (procedure? what)
      (list->string (reverse (string-fold (lambda (c l) (if (what c) l (cons c l))) '() string start end)))
      (%string-filter string what #f start end)))

(define (string-tokenize string #!optional set start end)
  "(string-tokenize string [set [start [end]]]): a list of the longest parts of STRING, from START to before END, that consist of
characters in SET, or, without SET, of characters that show."
  (%string-tokenize string (if (%default? set) char-set:graphic set) start end))

(define (string-split string what)
  "(string-split string what): a list of the parts of STRING between the characters that are WHAT, are in the character set
WHAT, or make the procedure WHAT true."
  (if (procedure? what)
      (let loop ((end (string-length string)) (parts '()))
        (let ((place (%last-place 'string-split string what #t 0 end)))
          (if place
              (loop place (cons (substring string (+ place 1) end) parts))
              (cons (substring string 0 end) parts))))
      (%string-split string what)))

;;; ---- Folding, mapping, making ------------------------------------------------------------------------------------

(define (string-fold kons knil string #!optional start end)
  "(string-fold kons knil string [start [end]]): (kons last ... (kons second (kons first knil))) of the characters of STRING from
START to before END."
  (if (not (procedure? kons)) (%wrong-type 'string-fold 1 "a procedure" kons))
  (if (not (string? string)) (%wrong-type 'string-fold 3 "a string" string))
  (let ((end (%range-end 'string-fold 4 (string-length string) start end)))
    (let loop ((i (if (%default? start) 0 start)) (seed knil))
      (if (< i end)
          (loop (+ i 1) (kons (string-ref string i) seed))
          seed))))

(define (string-fold-right kons knil string #!optional start end)
  "(string-fold-right kons knil string [start [end]]): (kons first (kons second ... (kons last knil))) of the characters of STRING
from START to before END."
  (if (not (procedure? kons)) (%wrong-type 'string-fold-right 1 "a procedure" kons))
  (if (not (string? string)) (%wrong-type 'string-fold-right 3 "a string" string))
  (let ((end (%range-end 'string-fold-right 4 (string-length string) start end))
        (start (if (%default? start) 0 start)))
    (let loop ((i (- end 1)) (seed knil))
      (if (>= i start)
          (loop (- i 1) (kons (string-ref string i) seed))
          seed))))

(define (string-map! f string #!optional start end)
  "(string-map! f string [start [end]]): puts what F gives for each character of STRING, from START to before END, in its place."
  (if (not (procedure? f)) (%wrong-type 'string-map! 1 "a procedure" f))
  (let ((end (%range-end 'string-map! 3 (string-length string) start end)))
    (let loop ((i (if (%default? start) 0 start)))
      (if (< i end)
          (begin (string-set! string i (f (string-ref string i)))
                 (loop (+ i 1)))))))

(define (string-for-each-index f string #!optional start end)
  "(string-for-each-index f string [start [end]]): calls F with each place in STRING from START to before END."
  (if (not (procedure? f)) (%wrong-type 'string-for-each-index 1 "a procedure" f))
  (let ((end (%range-end 'string-for-each-index 3 (string-length string) start end)))
    (let loop ((i (if (%default? start) 0 start)))
      (if (< i end)
          (begin (f i) (loop (+ i 1)))))))

(define (string-tabulate f n)
  "(string-tabulate f n): the string (f 0) (f 1) ... of N characters."
  (if (not (procedure? f)) (%wrong-type 'string-tabulate 1 "a procedure" f))
  (if (not (and (exact-integer? n) (>= n 0))) (%wrong-type 'string-tabulate 2 "an exact integer, not negative" n))
  (let loop ((i 0) (chars '()))
    (if (< i n)
        (loop (+ i 1) (cons (f i) chars))
        (reverse-list->string chars))))

(define (string-unfold stop? mapper successor seed #!optional base make-final)
  "(string-unfold stop? mapper successor seed [base [make-final]]): the string BASE (or nothing), then the characters that MAPPER
gives for SEED, (SUCCESSOR SEED) and so on until STOP? is true of one, then the string that MAKE-FINAL gives for that."
  (let loop ((seed seed) (chars '()))
    (if (stop? seed)
        (string-append (if (%default? base) "" base)
                       (reverse-list->string chars)
                       (if (%default? make-final) "" (make-final seed)))
        (loop (successor seed) (cons (mapper seed) chars)))))

(define (string-unfold-right stop? mapper successor seed #!optional base make-final)
  "(string-unfold-right stop? mapper successor seed [base [make-final]]): as string-unfold, but the string is made from its end
to its beginning."
  (let loop ((seed seed) (chars '()))
    (if (stop? seed)
        (string-append (if (%default? make-final) "" (make-final seed))
                       (list->string chars)
                       (if (%default? base) "" base))
        (loop (successor seed) (cons (mapper seed) chars)))))

;;; ---- Comparing ---------------------------------------------------------------------------------------------------

(define (string-compare s1 s2 less equal greater #!optional start1 end1 start2 end2)
  "(string-compare s1 s2 less equal greater [start1 [end1 [start2 [end2]]]]): calls LESS, EQUAL or GREATER, as S1 comes before,
is or comes after S2, with the place in S1 where they first differ."
  (%compare-with (%string-compare 'string-compare #f s1 s2 start1 end1 start2 end2) less equal greater))

(define (string-compare-ci s1 s2 less equal greater #!optional start1 end1 start2 end2)
  "(string-compare-ci s1 s2 less equal greater [start1 [end1 [start2 [end2]]]]): as string-compare, but capital and small
letters are the same."
  (%compare-with (%string-compare 'string-compare-ci #t s1 s2 start1 end1 start2 end2) less equal greater))

(define (%compare-with result less equal greater)
  "Hands the place in RESULT, a pair of order and place, to the procedure that the order calls for."
  ((case (car result) ((-1) less) ((0) equal) (else greater)) (cdr result)))

(define (string= s1 s2 #!optional start1 end1 start2 end2)
  "(string= s1 s2 [start1 [end1 [start2 [end2]]]]): whether S1 and S2 have the same characters."
  (= (car (%string-compare 'string= #f s1 s2 start1 end1 start2 end2)) 0))

(define (string<> s1 s2 #!optional start1 end1 start2 end2)
  "(string<> s1 s2 [start1 [end1 [start2 [end2]]]]): whether S1 and S2 differ."
  (not (= (car (%string-compare 'string<> #f s1 s2 start1 end1 start2 end2)) 0)))

(define (string< s1 s2 #!optional start1 end1 start2 end2)
  "(string< s1 s2 [start1 [end1 [start2 [end2]]]]): whether S1 comes before S2."
  (< (car (%string-compare 'string< #f s1 s2 start1 end1 start2 end2)) 0))

(define (string> s1 s2 #!optional start1 end1 start2 end2)
  "(string> s1 s2 [start1 [end1 [start2 [end2]]]]): whether S1 comes after S2."
  (> (car (%string-compare 'string> #f s1 s2 start1 end1 start2 end2)) 0))

(define (string<= s1 s2 #!optional start1 end1 start2 end2)
  "(string<= s1 s2 [start1 [end1 [start2 [end2]]]]): whether S1 is S2 or comes before it."
  (<= (car (%string-compare 'string<= #f s1 s2 start1 end1 start2 end2)) 0))

(define (string>= s1 s2 #!optional start1 end1 start2 end2)
  "(string>= s1 s2 [start1 [end1 [start2 [end2]]]]): whether S1 is S2 or comes after it."
  (>= (car (%string-compare 'string>= #f s1 s2 start1 end1 start2 end2)) 0))

(define (string-ci= s1 s2 #!optional start1 end1 start2 end2)
  "(string-ci= s1 s2 [start1 [end1 [start2 [end2]]]]): as string=, but capital and small letters are the same."
  (= (car (%string-compare 'string-ci= #t s1 s2 start1 end1 start2 end2)) 0))

(define (string-ci<> s1 s2 #!optional start1 end1 start2 end2)
  "(string-ci<> s1 s2 [start1 [end1 [start2 [end2]]]]): as string<>, but capital and small letters are the same."
  (not (= (car (%string-compare 'string-ci<> #t s1 s2 start1 end1 start2 end2)) 0)))

(define (string-ci< s1 s2 #!optional start1 end1 start2 end2)
  "(string-ci< s1 s2 [start1 [end1 [start2 [end2]]]]): as string<, but capital and small letters are the same."
  (< (car (%string-compare 'string-ci< #t s1 s2 start1 end1 start2 end2)) 0))

(define (string-ci> s1 s2 #!optional start1 end1 start2 end2)
  "(string-ci> s1 s2 [start1 [end1 [start2 [end2]]]]): as string>, but capital and small letters are the same."
  (> (car (%string-compare 'string-ci> #t s1 s2 start1 end1 start2 end2)) 0))

(define (string-ci<= s1 s2 #!optional start1 end1 start2 end2)
  "(string-ci<= s1 s2 [start1 [end1 [start2 [end2]]]]): as string<=, but capital and small letters are the same."
  (<= (car (%string-compare 'string-ci<= #t s1 s2 start1 end1 start2 end2)) 0))

(define (string-ci>= s1 s2 #!optional start1 end1 start2 end2)
  "(string-ci>= s1 s2 [start1 [end1 [start2 [end2]]]]): as string>=, but capital and small letters are the same."
  (>= (car (%string-compare 'string-ci>= #t s1 s2 start1 end1 start2 end2)) 0))

;;; ---- Names for what others do ------------------------------------------------------------------------------------

(define (substring/copy string #!optional start end)
  "(substring/copy string [start [end]]): a new string of the characters of STRING from START to before END."
  (string-copy string start end))

(define (substring/shared string #!optional start end)
  "(substring/shared string [start [end]]): the characters of STRING from START to before END; here always a new string."
  (string-copy string start end))

(define (substring/read-only string #!optional start end)
  "(substring/read-only string [start [end]]): the characters of STRING from START to before END, as a string to be read only."
  (string-copy string start end))

(define (string-append/shared . strings)
  "(string-append/shared string ...): the STRINGS, one after the other."
  (apply string-append strings))

(define (string-concatenate/shared strings)
  "(string-concatenate/shared list): the strings in LIST, one after the other."
  (string-concatenate strings))

(define (string-concatenate-reverse/shared strings #!optional final end)
  "(string-concatenate-reverse/shared list [final-string [end]]): the same as string-concatenate-reverse."
  (string-concatenate-reverse strings final end))

(define (substring-fill! string start end char)
  "(substring-fill! string start end char): puts CHAR in place of the characters of STRING from START to before END."
  (string-fill! string char start end))

(define (substring-move! s1 start1 end1 s2 start2)
  "(substring-move! s1 start1 end1 s2 start2): puts the characters of S1 from START1 to before END1 into S2 from START2 on."
  (string-copy! s2 start2 s1 start1 end1))

(define (substring-move-left! s1 start1 end1 s2 start2)
  "(substring-move-left! s1 start1 end1 s2 start2): the same as substring-move!."
  (string-copy! s2 start2 s1 start1 end1))

(define (substring-move-right! s1 start1 end1 s2 start2)
  "(substring-move-right! s1 start1 end1 s2 start2): the same as substring-move!."
  (string-copy! s2 start2 s1 start1 end1))

(define (string-bytes-per-char string)
  "(string-bytes-per-char string): 1 if all characters of STRING are below 256, else 4."
  (if (string-every (lambda (c) (< (char->integer c) 256)) string) 1 4))

(define (string-ci->symbol string)
  "(string-ci->symbol string): the symbol that reading the characters of STRING gives."
  (string->symbol string))

(define (make-symbol string)
  "(make-symbol string): a new symbol with the name STRING that is the same as no other symbol."
  (string->uninterned-symbol string))

;;; ---- Regular expressions -----------------------------------------------------------------------------------------

(define regexp/basic 0)
(define regexp/extended 1)
(define regexp/icase 2)
(define regexp/newline 4)
(define regexp/notbol 1)
(define regexp/noteol 2)

;;; ---- Messages --------------------------------------------------------------------------------------------------------

(define* (gettext message #:optional domain category)
  "(gettext message [domain [category]]): MESSAGE, since there are no catalogues of translations. [Guile: Gettext Support]"
  (%check-message 'gettext 1 message)
  (if domain (%check-message 'gettext 2 domain))
  message)

(define* (ngettext one many n #:optional domain category)
  "(ngettext one many n [domain [category]]): ONE if N is 1, else MANY: what English asks for. [Guile: Gettext Support]"
  (%check-message 'ngettext 1 one)
  (%check-message 'ngettext 2 many)
  (if (not (and (exact-integer? n) (>= n 0))) (%wrong-type 'ngettext 3 "a natural number" n))
  (if domain (%check-message 'ngettext 4 domain))
  (if (= n 1) one many))

(define (%check-message who position text)
  "Complains in the name of WHO if argument POSITION, TEXT, is no string."
  (if (not (string? text)) (%wrong-type who position "a string" text)))
