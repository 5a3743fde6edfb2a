;;; (rnrs enums): sets of symbols out of a universe. [R6RS libraries 14]
;;;
;;; A set is the vector of its universe, in order, and a list of those that belong to it, in the same order.

(define-module (rnrs enums)
  #:export (make-enumeration enum-set-universe enum-set-indexer enum-set-constructor enum-set->list enum-set-member?
            enum-set-subset? enum-set=? enum-set-union enum-set-intersection enum-set-difference enum-set-complement
            enum-set-projection define-enumeration))

(define %enum-set-type (%make-record-type 'enum-set #(universe symbols)))

(define (%universe who set)
  "The universe of SET, argument 1 of WHO, a list."
  (if (not (%record? set %enum-set-type)) (%wrong-type who 1 "an enumeration set" set))
  (%record-ref set %enum-set-type 0))

(define (%make universe wanted?)
  "The set of those of UNIVERSE for which WANTED? is true."
  (%record %enum-set-type universe (filter wanted? universe)))

(define (make-enumeration symbols)
  "(make-enumeration symbols): the set of the symbols of a list; they are its universe too."
  (if (not (and (list? symbols) (every symbol? symbols))) (%wrong-type 'make-enumeration 1 "a list of symbols" symbols))
  (let ((universe (delete-duplicates symbols eq?)))
    (%record %enum-set-type universe universe)))

(define (enum-set-universe set)
  "(enum-set-universe set): the set of all symbols that might be in SET."
  (make-enumeration (%universe 'enum-set-universe set)))

(define (enum-set-indexer set)
  "(enum-set-indexer set): a procedure that gives the place of a symbol in the universe of SET, or #f."
  (let ((universe (%universe 'enum-set-indexer set)))
    (lambda (symbol) (list-index (lambda (other) (eq? other symbol)) universe))))

(define (enum-set-constructor set)
  "(enum-set-constructor set): a procedure that makes the set of a list of symbols out of the universe of SET."
  (let ((universe (%universe 'enum-set-constructor set)))
    (lambda (symbols)
      (for-each (lambda (symbol)
                  (if (not (memq symbol universe))
                      (%wrong-type 'enum-set-constructor 1 "a list of symbols of the universe" symbols)))
                symbols)
      (%make universe (lambda (symbol) (memq symbol symbols))))))

(define (enum-set->list set)
  "(enum-set->list set): the symbols of SET, in the order of its universe."
  (%universe 'enum-set->list set)
  (list-copy (%record-ref set %enum-set-type 1)))

(define (enum-set-member? symbol set)
  "(enum-set-member? symbol set): whether SYMBOL is in SET."
  (and (memq symbol (enum-set->list set)) #t))

(define (%subset? some all)
  "Whether each of the list SOME is in the list ALL."
  (every (lambda (symbol) (memq symbol all)) some))

(define (enum-set-subset? a b)
  "(enum-set-subset? a b): whether all of A, and all of its universe, are in B and its universe."
  (and (%subset? (%universe 'enum-set-subset? a) (%universe 'enum-set-subset? b))
       (%subset? (enum-set->list a) (enum-set->list b))
       #t))

(define (enum-set=? a b)
  "(enum-set=? a b): whether A and B have the same symbols and the same universe."
  (and (enum-set-subset? a b) (enum-set-subset? b a)))

(define (%combine who a b wanted?)
  "The set of those of the universe for which (WANTED? in-a? in-b?) is true."
  (let ((universe (%universe who a)) (in-a (enum-set->list a)) (in-b (enum-set->list b)))
    (if (not (equal? universe (%universe who b))) (%wrong-type who 2 "a set of the same universe" b))
    (%make universe (lambda (symbol) (wanted? (memq symbol in-a) (memq symbol in-b))))))

(define (enum-set-union a b)
  "(enum-set-union a b): the set of what is in A or in B."
  (%combine 'enum-set-union a b (lambda (in-a? in-b?) (or in-a? in-b?))))

(define (enum-set-intersection a b)
  "(enum-set-intersection a b): the set of what is in A and in B."
  (%combine 'enum-set-intersection a b (lambda (in-a? in-b?) (and in-a? in-b?))))

(define (enum-set-difference a b)
  "(enum-set-difference a b): the set of what is in A and not in B."
  (%combine 'enum-set-difference a b (lambda (in-a? in-b?) (and in-a? (not in-b?)))))

(define (enum-set-complement set)
  "(enum-set-complement set): the set of what is in the universe of SET and not in SET."
  (let ((in (enum-set->list set)))
    (%make (%universe 'enum-set-complement set) (lambda (symbol) (not (memq symbol in))))))

(define (enum-set-projection a b)
  "(enum-set-projection a b): the set of those of A that the universe of B has, in that universe."
  (let ((in (enum-set->list a)))
    (%make (%universe 'enum-set-projection b) (lambda (symbol) (memq symbol in)))))

;; (define-enumeration NAME (SYMBOL ...) CONSTRUCTOR): (NAME symbol) is the symbol, checked when it is expanded, and
;; (CONSTRUCTOR symbol ...) is the set of the symbols.
(define-syntax define-enumeration
  (syntax-rules ()
    ((_ name (symbol ...) constructor)
     (begin
       (define %universe-of-name (make-enumeration '(symbol ...)))
       (define-syntax name
         (syntax-rules (symbol ...)
           ((_ symbol) 'symbol) ...))
       (define-syntax constructor
         (syntax-rules ()
           ((_ . symbols) ((enum-set-constructor %universe-of-name) 'symbols))))))))
