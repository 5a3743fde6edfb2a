;;; (ice-9 regex): what programs do with matches of regular expressions. [Guile: Regexp Functions, Match Structures]
;;;
;;; A match is the vector that regexp-exec gives: the string, then a pair of positions for the whole and for each group.

(define-module (ice-9 regex)
  #:export (match:count match:string match:prefix match:suffix regexp-match? regexp-quote match:start match:end match:substring
            string-match regexp-substitute fold-matches list-matches regexp-substitute/global))

(define (regexp-match? obj)
  "(regexp-match? obj): whether OBJ is a match."
  (and (vector? obj)
       (> (vector-length obj) 1)
       (string? (vector-ref obj 0))
       (let loop ((i 1))
         (or (= i (vector-length obj))
             (and (pair? (vector-ref obj i)) (loop (+ i 1)))))))

(define (match:string match)
  "(match:string match): the string that was searched."
  (vector-ref match 0))

(define (match:count match)
  "(match:count match): how many substrings MATCH has: the whole, and one for each group."
  (- (vector-length match) 1))

(define* (match:start match #:optional (n 0))
  "(match:start match [n]): where group N (or the whole) begins, or #f if it took no part."
  (let ((start (car (vector-ref match (+ n 1)))))
    (and (>= start 0) start)))

(define* (match:end match #:optional (n 0))
  "(match:end match [n]): where group N (or the whole) ends, or #f if it took no part."
  (let ((end (cdr (vector-ref match (+ n 1)))))
    (and (>= end 0) end)))

(define* (match:substring match #:optional (n 0))
  "(match:substring match [n]): the text of group N (or the whole), or #f if it took no part."
  (let ((start (match:start match n)))
    (and start (substring (match:string match) start (match:end match n)))))

(define (match:prefix match)
  "(match:prefix match): the text in front of the match."
  (substring (match:string match) 0 (match:start match 0)))

(define (match:suffix match)
  "(match:suffix match): the text behind the match."
  (substring (match:string match) (match:end match 0)))

(define* (string-match pattern string #:optional (start 0))
  "(string-match pattern string [start]): the first match in STRING from START on of the extended expression PATTERN, or #f."
  (regexp-exec (make-regexp pattern regexp/extended) string start))

(define (regexp-quote string)
  "(regexp-quote string): a pattern that matches STRING and nothing else."
  (call-with-output-string
    (lambda (port)
      (string-for-each
        (lambda (c)
          (case c
            ((#\* #\. #\\ #\^ #\$ #\[)
             (write-char #\\ port)
             (write-char c port))
            ;; In brackets these mean themselves in basic and in extended expressions.
            ((#\( #\) #\+ #\? #\{ #\} #\|)
             (write-char #\[ port)
             (write-char c port)
             (write-char #\] port))
            (else (write-char c port))))
        string))))

(define (%output port items)
  "Writes the strings and matches' parts in ITEMS to PORT, or if that is #f, makes a string of them."
  (if port
      (for-each (lambda (item) (display item port)) items)
      (apply string-append items)))

(define (%item match item)
  "The text that ITEM, of regexp-substitute, stands for."
  (cond ((string? item) item)
        ((exact-integer? item) (match:substring match item))
        ((eq? item 'pre) (match:prefix match))
        ((eq? item 'post) (match:suffix match))
        (else (error "regexp-substitute: wrong type of item:" item))))

(define (regexp-substitute port match . items)
  "(regexp-substitute port match item ...): writes the items to PORT, or makes a string of them if that is #f: a string is written
as it is, a number stands for that group, pre and post for what is before and behind MATCH."
  (%output port (map (lambda (item) (%item match item)) items)))

(define (%fold regexp string init f flags)
  (let ((regexp (if (regexp? regexp) regexp (make-regexp regexp regexp/extended)))
        (size (string-length string)))
    (let loop ((start 0) (value init) (abuts #f))
      (let* ((bol (if (zero? start) 0 regexp/notbol))
             (match (and (<= start size) (regexp-exec regexp string start (logior flags bol)))))
        (cond ((not match) value)
              ((and (= (match:start match) (match:end match)) abuts (= (match:start match) start))
               ;; An empty match right behind another one does not count.
               (loop (+ start 1) value #f))
              ((= (match:start match) (match:end match))
               (loop (+ (match:end match) 1) (f match value) #f))
              (else (loop (match:end match) (f match value) #t)))))))

(define* (fold-matches regexp string init f #:optional (flags 0))
  "(fold-matches regexp string init f [flags]): (f last ... (f first init)) of all matches of REGEXP in STRING that do not overlap."
  (%fold regexp string init f flags))

(define* (list-matches regexp string #:optional (flags 0))
  "(list-matches regexp string [flags]): a list of all matches of REGEXP in STRING that do not overlap."
  (reverse (%fold regexp string '() cons flags)))

(define (regexp-substitute/global port regexp string . items)
  "(regexp-substitute/global port regexp string item ...): writes STRING to PORT with each match of REGEXP replaced by the items;
see regexp-substitute. pre is the text since the last match; post the rest, treated the same way; a procedure is called with the
match. If PORT is #f, it is made a string."
  (let* ((matches (list-matches regexp string))
         ;; Without post, what is behind the first match is left out.
         (again? (memq 'post items))
         (pieces
          (let loop ((matches matches) (start 0))
            (if (null? matches)
                (list (substring string start))
                (let ((match (car matches)))
                  (append-map
                    (lambda (item)
                      (cond ((eq? item 'pre) (list (substring string start (match:start match))))
                            ((eq? item 'post) (loop (cdr matches) (match:end match)))
                            ((procedure? item) (list (let ((text (item match))) (if (string? text) text (call-with-output-string (lambda (port) (display text port)))))))
                            (else (list (or (%item match item) "")))))
                    items))))))
    (%output port pieces)))
