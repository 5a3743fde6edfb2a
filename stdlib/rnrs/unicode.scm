;;; (rnrs unicode): characters and strings of all scripts. [R6RS libraries 1]

(define-module (rnrs unicode)
  #:export (char-title-case?)
  #:re-export (char-alphabetic? char-ci<=? char-ci<? char-ci=? char-ci>=? char-ci>? char-downcase char-foldcase
               char-general-category char-lower-case? char-numeric? char-titlecase char-upcase char-upper-case?
               char-whitespace? string-ci<=? string-ci<? string-ci=? string-ci>=? string-ci>? string-downcase
               string-foldcase string-normalize-nfc string-normalize-nfd string-normalize-nfkc string-normalize-nfkd
               string-titlecase string-upcase))

(define (char-title-case? char)
  "(char-title-case? char): whether CHAR is a letter of its own for the beginnings of words, such as one made of D and z."
  (eq? (char-general-category char) 'Lt))
