;;; (ice-9 string-fun): taking strings apart; results go to a procedure. [Guile]

(define-module (ice-9 string-fun)
  #:export (split-after-char split-before-char split-discarding-char split-after-char-last split-before-char-last
            split-discarding-char-last split-before-predicate split-after-predicate split-discarding-predicate
            separate-fields-discarding-char separate-fields-after-char separate-fields-before-char string-prefix-predicate
            string-prefix=? sans-surrounding-whitespace sans-trailing-whitespace sans-leading-whitespace sans-final-newline
            has-trailing-newline? string-replace-substring))

(define (%split place skip before? string receive)
  "Hands STRING to RECEIVE in two parts, cut at PLACE: in front of it if BEFORE?, else behind it; without it if SKIP?."
  (if place
      (receive (substring string 0 (if (or before? skip) place (+ place 1)))
               (substring string (if (and before? (not skip)) place (+ place 1))))
      (receive string "")))

(define (split-after-char char string receive)
  "(split-after-char char string receive): calls RECEIVE with the parts of STRING up to and behind its first CHAR."
  (%split (string-index string char) #f #f string receive))

(define (split-before-char char string receive)
  "(split-before-char char string receive): calls RECEIVE with the parts of STRING in front of and from its first CHAR."
  (%split (string-index string char) #f #t string receive))

(define (split-discarding-char char string receive)
  "(split-discarding-char char string receive): calls RECEIVE with the parts of STRING around its first CHAR."
  (%split (string-index string char) #t #t string receive))

(define (%split-last place skip before? string receive)
  "As %split, but without a place all goes to the second part."
  (if place
      (%split place skip before? string receive)
      (receive "" string)))

(define (split-after-char-last char string receive)
  "(split-after-char-last char string receive): as split-after-char, with the last CHAR."
  (%split-last (string-rindex string char) #f #f string receive))

(define (split-before-char-last char string receive)
  "(split-before-char-last char string receive): as split-before-char, with the last CHAR."
  (%split-last (string-rindex string char) #f #t string receive))

(define (split-discarding-char-last char string receive)
  "(split-discarding-char-last char string receive): as split-discarding-char, with the last CHAR."
  (%split-last (string-rindex string char) #t #t string receive))

(define (split-before-predicate wanted? string receive)
  "(split-before-predicate wanted? string receive): as split-before-char, with the first character for which WANTED? is true."
  (%split (string-index string wanted?) #f #t string receive))

(define (split-after-predicate wanted? string receive)
  "(split-after-predicate wanted? string receive): as split-after-char, with the first character for which WANTED? is true."
  (%split (string-index string wanted?) #f #f string receive))

(define (split-discarding-predicate wanted? string receive)
  "(split-discarding-predicate wanted? string receive): as split-discarding-char, with the first character for which WANTED? is
true."
  (%split (string-index string wanted?) #t #t string receive))

(define (separate-fields-discarding-char char string receive)
  "(separate-fields-discarding-char char string receive): calls RECEIVE with the parts of STRING between the CHARs."
  (apply receive (string-split string char)))

(define (%fields string cut)
  "The parts of STRING, each behind a place of CUT."
  (let loop ((string string))
    (let ((place (cut string)))
      (if place
          (cons (substring string 0 place) (loop (substring string place)))
          (list string)))))

(define (separate-fields-after-char char string receive)
  "(separate-fields-after-char char string receive): calls RECEIVE with the parts of STRING, each but the last up to a CHAR."
  (apply receive (%fields string (lambda (s) (let ((place (string-index s char))) (and place (+ place 1)))))))

(define (separate-fields-before-char char string receive)
  "(separate-fields-before-char char string receive): calls RECEIVE with the parts of STRING, each but the first from a CHAR on."
  (apply receive (%fields string (lambda (s) (and (> (string-length s) 0) (string-index s char 1))))))

(define (string-prefix-predicate same?)
  "(string-prefix-predicate same?): a procedure of a prefix and a string: whether that begins with something SAME?."
  (lambda (prefix string)
    (and (<= (string-length prefix) (string-length string))
         (same? prefix (substring string 0 (string-length prefix))))))

(define (string-prefix=? prefix string)
  "(string-prefix=? prefix string): whether STRING begins with PREFIX."
  (string-prefix? prefix string))

(define (sans-surrounding-whitespace string)
  "(sans-surrounding-whitespace string): STRING without the white space at its sides."
  (string-trim-both string))

(define (sans-trailing-whitespace string)
  "(sans-trailing-whitespace string): STRING without the white space at its right side."
  (string-trim-right string))

(define (sans-leading-whitespace string)
  "(sans-leading-whitespace string): STRING without the white space at its left side."
  (string-trim string))

(define (has-trailing-newline? string)
  "(has-trailing-newline? string): whether STRING ends with a newline."
  (string-suffix? "\n" string))

(define (sans-final-newline string)
  "(sans-final-newline string): STRING without a newline at its end."
  (if (has-trailing-newline? string) (string-drop-right string 1) string))

(define (string-replace-substring string part replacement)
  "(string-replace-substring string part replacement): STRING with every PART replaced."
  (let ((size (string-length part)))
    (if (= size 0) (error "string-replace-substring: the part to be replaced is empty"))
    (let loop ((start 0) (pieces '()))
      (let ((place (string-contains string part start)))
        (if place
            (loop (+ place size) (cons* replacement (substring string start place) pieces))
            (string-concatenate-reverse (cons (substring string start) pieces)))))))
