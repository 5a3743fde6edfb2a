;;; (ice-9 match): pattern matching. [Guile: Pattern Matching]
;;;
;;; A pattern becomes code that tests and takes apart what a variable holds; %compile makes it, from the outside in. What
;;; follows on success is made by a procedure that is given the variables bound so far, so that a variable that comes
;;; again is compared with equal?.

(define-module (ice-9 match)
  #:export (match match-lambda match-lambda* match-let match-let* match-letrec))

(define (%no-match value)
  "Raises what match raises when no pattern fits VALUE."
  (throw 'match-error "match" "no matching pattern" value))

(define (%count-pairs value)
  "How many pairs VALUE is a chain of; -1 for a circle."
  (let loop ((slow value) (fast value) (n 0))
    (cond ((not (pair? fast)) n)
          ((not (pair? (cdr fast))) (+ n 1))
          ((and (> n 0) (eq? slow fast)) -1)
          (else (loop (cdr slow) (cddr fast) (+ n 2))))))

(define (%named? syntax name)
  "Whether SYNTAX is an identifier with this name."
  (and (identifier? syntax) (eq? (syntax->datum syntax) name)))

(define (%dots syntax)
  "The least number of elements that an ellipsis stands for, or #f if SYNTAX is none."
  (and (identifier? syntax)
       (let ((name (symbol->string (syntax->datum syntax))))
         (cond ((member name '("..." "___")) 0)
               ((and (> (string-length name) 2)
                     (member (substring name 0 2) '(".." "__"))
                     (string->number (substring name 2 (string-length name)))))
               (else #f)))))

(define (%union a b)
  "The identifiers of B that are not in A, in front of A."
  (cond ((null? b) a)
        ((%bound? (car b) a) (%union a (cdr b)))
        (else (%union (cons (car b) a) (cdr b)))))

(define (%bound? id bound)
  "Whether the identifier is among BOUND."
  (and (pair? bound)
       (or (bound-identifier=? id (car bound))
           (%bound? id (cdr bound)))))

(define (%variables pattern)
  "The identifiers that PATTERN binds."
  (syntax-case pattern ()
    (id (identifier? #'id)
     (if (or (%named? #'id '_) (%dots #'id)) '() (list #'id)))
    ((word . rest) (%named? #'word 'quote) '())
    ((word qp) (%named? #'word 'quasiquote) (%quasi-variables #'qp))
    ((word predicate p ...) (%named? #'word '?) (%variables #'(p ...)))
    ((word procedure p) (%named? #'word '=) (%variables #'p))
    ((word p ...) (or (%named? #'word 'and) (%named? #'word 'or)) (%variables #'(p ...)))
    ((word p ...) (%named? #'word 'not) '())
    ((word type p ...) (%named? #'word '$) (%variables #'(p ...)))
    ((word id) (or (%named? #'word 'get!) (%named? #'word 'set!)) (list #'id))
    ((p stars q) (%named? #'stars '***) (%union (%variables #'p) (%variables #'q)))
    ((p . q) (%union (%variables #'p) (%variables #'q)))
    (#(p ...) (%variables #'(p ...)))
    (other '())))

(define (%quasi-variables pattern)
  "The identifiers that a quasiquoted pattern binds."
  (syntax-case pattern ()
    ((word p) (or (%named? #'word 'unquote) (%named? #'word 'unquote-splicing)) (%variables #'p))
    ((p . q) (%union (%quasi-variables #'p) (%quasi-variables #'q)))
    (#(p ...) (%quasi-variables #'(p ...)))
    (other '())))

(define (%compile pattern v bound success fail)
  "Code that matches what the variable V holds with PATTERN: what SUCCESS gives for the variables bound then, or FAIL."
  (syntax-case pattern ()
    (id (identifier? #'id)
     (cond ((%named? #'id '_) (success bound))
           ((%bound? #'id bound)
            #`(if (equal? #,v id) #,(success bound) #,fail))
           (else #`(let ((id #,v)) #,(success (cons #'id bound))))))
    (() #`(if (null? #,v) #,(success bound) #,fail))
    ((word datum) (%named? #'word 'quote)
     #`(if (equal? #,v (quote datum)) #,(success bound) #,fail))
    ((word p) (%named? #'word 'quasiquote) (%compile-quasi #'p v bound success fail))
    ((word predicate p ...) (%named? #'word '?)
     #`(if (predicate #,v) #,(%compile-all #'(p ...) v bound success fail) #,fail))
    ((word procedure p) (%named? #'word '=)
     (with-syntax (((t) (generate-temporaries '(t))))
       #`(let ((t (procedure #,v))) #,(%compile #'p #'t bound success fail))))
    ((word p ...) (%named? #'word 'and) (%compile-all #'(p ...) v bound success fail))
    ((word p ...) (%named? #'word 'or) (%compile-any #'(p ...) v bound success fail))
    ((word p ...) (%named? #'word 'not)
     (with-syntax (((yes) (generate-temporaries '(t))))
       #`(let ((yes (lambda () #,(success bound))))
           #,(%compile-any #'(p ...) v bound (lambda (ignored) fail) #'(yes)))))
    ((word type p ...) (%named? #'word '$)
     #`(if (%record? #,v type) #,(%compile-fields #'(p ...) v 0 #'type bound success fail) #,fail))
    ((p stars q) (%named? #'stars '***) (%compile-search #'p #'q v bound success fail))
    ((word id) (and (%named? #'word 'get!) (identifier? #'id))
     #`(let ((id (lambda () #,v))) #,(success (cons #'id bound))))
    ((p word id) (and (or (%named? #'word 'set!) (%named? #'word 'get!)) (identifier? #'id))
     (with-syntax (((a) (generate-temporaries '(a))))
       #`(if (pair? #,v)
             (let ((a (car #,v)))
               #,(%compile-place #'(word id) #`(cdr #,v) (lambda (x) #`(set-cdr! #,v #,x)) bound
                   (lambda (bound) (%compile #'p #'a bound success fail))
                   fail))
             #,fail)))
    ((p dots . rest) (%dots #'dots) (%compile-dots #'p (%dots #'dots) #'rest v bound success fail))
    ((p . q)
     (with-syntax (((d) (generate-temporaries '(d))))
       #`(if (pair? #,v)
             #,(%compile-place #'p #`(car #,v) (lambda (x) #`(set-car! #,v #,x)) bound
                 (lambda (bound) #`(let ((d (cdr #,v))) #,(%compile #'q #'d bound success fail)))
                 fail)
             #,fail)))
    (#(p ...) (and-map (lambda (p) (not (%dots p))) #'(p ...))
     #`(if (and (vector? #,v) (= (vector-length #,v) #,(length #'(p ...))))
           #,(let loop ((patterns #'(p ...)) (k 0) (bound bound))
               (if (null? patterns)
                   (success bound)
                   (%compile-place (car patterns) #`(vector-ref #,v #,k) (lambda (x) #`(vector-set! #,v #,k #,x)) bound
                     (lambda (bound) (loop (cdr patterns) (+ k 1) bound))
                     fail)))
           #,fail))
    (#(p ...)
     (with-syntax (((t) (generate-temporaries '(t))))
       #`(if (vector? #,v)
             (let ((t (vector->list #,v))) #,(%compile #'(p ...) #'t bound success fail))
             #,fail)))
    (datum #`(if (equal? #,v (quote datum)) #,(success bound) #,fail))))

(define (%compile-place pattern get set bound success fail)
  "The same for what the expression GET gives, and the expression that SET makes of another one changes."
  (syntax-case pattern ()
    ((word id) (and (%named? #'word 'set!) (identifier? #'id))
     #`(let ((id (lambda (x) #,(set #'x)))) #,(success (cons #'id bound))))
    ((word id) (and (%named? #'word 'get!) (identifier? #'id))
     #`(let ((id (lambda () #,get))) #,(success (cons #'id bound))))
    (p
     (with-syntax (((t) (generate-temporaries '(t))))
       #`(let ((t #,get)) #,(%compile #'p #'t bound success fail))))))

(define (%compile-search p q v bound success fail)
  "The same for (P *** Q): Q in a tree of lists, and the list of what P matched at the head of each list on the way there."
  (let ((vars (filter (lambda (var) (not (%bound? var bound))) (%variables p))))
    (with-syntax (((look w k a next rest) (generate-temporaries '(look w k a next rest)))
                  ((x ...) vars)
                  ((xs ...) (generate-temporaries vars)))
      #`(let look ((w #,v) (xs '()) ... (k (lambda () #,fail)))
          #,(%compile q #'w bound
              (lambda (bound)
                #`(let ((x (reverse xs)) ...) #,(success (append vars bound))))
              #`(if (pair? w)
                    (let ((a (car w)))
                      #,(%compile p #'a bound
                          (lambda (ignored)
                            #'(let next ((rest (cdr w)))
                                (if (pair? rest)
                                    (look (car rest) (cons x xs) ... (lambda () (next (cdr rest))))
                                    (k))))
                          #'(k)))
                    (k)))))))

(define (%compile-quasi pattern v bound success fail)
  "The same for what stands in a quasiquote."
  (syntax-case pattern ()
    ((word p) (%named? #'word 'unquote) (%compile #'p v bound success fail))
    (((word p)) (%named? #'word 'unquote-splicing) (%compile #'p v bound success fail))
    (((word p) dots . rest) (and (%named? #'word 'unquote) (%dots #'dots))
     (%compile-dots #'p (%dots #'dots) (datum->syntax #'word '()) v bound success fail))
    ((p . q)
     (with-syntax (((a d) (generate-temporaries '(a d))))
       #`(if (pair? #,v)
             (let ((a (car #,v)) (d (cdr #,v)))
               #,(%compile-quasi #'p #'a bound
                   (lambda (bound) (%compile-quasi #'q #'d bound success fail))
                   fail))
             #,fail)))
    (#(p ...)
     (with-syntax (((t) (generate-temporaries '(t))))
       #`(if (vector? #,v)
             (let ((t (vector->list #,v))) #,(%compile-quasi #'(p ...) #'t bound success fail))
             #,fail)))
    (datum #`(if (equal? #,v (quote datum)) #,(success bound) #,fail))))

(define (%compile-all patterns v bound success fail)
  "Code that matches all of PATTERNS."
  (syntax-case patterns ()
    (() (success bound))
    ((p . more)
     (%compile #'p v bound (lambda (bound) (%compile-all #'more v bound success fail)) fail))))

(define (%compile-any patterns v bound success fail)
  "Code that matches the first of PATTERNS that fits; what follows stands once, as a procedure of their variables."
  (syntax-case patterns ()
    (() fail)
    ((p) (%compile #'p v bound success fail))
    ((p . more)
     (let ((variables (filter (lambda (id) (not (%bound? id bound))) (%variables #'p))))
       (with-syntax (((yes no) (generate-temporaries '(yes no)))
                     ((variable ...) variables))
         #`(let ((yes (lambda (variable ...) #,(success (append variables bound)))))
             #,(let loop ((l (syntax->list* patterns)))
                 (if (null? l)
                     fail
                     (with-syntax (((next) (generate-temporaries '(next))))
                       #`(let ((next (lambda () #,(loop (cdr l)))))
                           #,(%compile (car l) v bound (lambda (ignored) #'(yes variable ...)) #'(next))))))))))))

(define (syntax->list* form)
  "The elements of a syntax object that is a list."
  (syntax-case form ()
    (() '())
    ((a . d) (cons #'a (syntax->list* #'d)))))

(define (%compile-fields patterns v k type bound success fail)
  "Code that matches the fields of a record, from the one at K on."
  (syntax-case patterns ()
    (() (success bound))
    ((p . more)
     (%compile-place #'p #`(%record-ref #,v #,type #,k) (lambda (x) #`(%record-set! #,v #,type #,k #,x)) bound
       (lambda (bound) (%compile-fields #'more v (+ k 1) type bound success fail))
       fail))))

(define (%pattern-pairs pattern)
  "How many elements PATTERN asks for before its end."
  (syntax-case pattern ()
    ((p . q) (+ 1 (%pattern-pairs #'q)))
    (other 0)))

(define (%compile-dots p least rest v bound success fail)
  "Code that matches as many elements as there are with P, but for those that REST needs: each variable gets a list."
  (let ((variables (%variables p)))
    (with-syntax (((loop l n next) (generate-temporaries '(loop l n next)))
                  ((variable ...) variables)
                  ((all ...) (generate-temporaries variables))
                  (tail (%pattern-pairs rest)))
      #`(let loop ((l #,v) (n (- (%count-pairs #,v) tail)) (all '()) ...)
          #,(let ((end (%compile rest #'l (append variables bound) success fail)))
              #`(if (> n 0)
                    (let ((next (car l)))
                      #,(%compile p #'next '()
                          (lambda (ignored) #'(loop (cdr l) (- n 1) (cons variable all) ...))
                          fail))
                    (if (and (= n 0) #,(if (= least 0) #t #`(>= (- (%count-pairs #,v) tail) #,least)))
                        (let ((variable (reverse all)) ...) #,end)
                        #,fail)))))))

(define (%compile-clauses v clauses)
  "Code that tries CLAUSES one after the other."
  (syntax-case clauses ()
    (() #`(%no-match #,v))
    (((pattern (arrow id) body ...) . more) (and (%named? #'arrow '=>) (identifier? #'id))
     (with-syntax (((next) (generate-temporaries '(next))))
       #`(let ((next (lambda () #,(%compile-clauses v #'more))))
           #,(%compile #'pattern v '() (lambda (bound) #'(let ((id next)) body ...)) #'(next)))))
    (((pattern body ...) . more)
     (with-syntax (((next) (generate-temporaries '(next))))
       #`(let ((next (lambda () #,(%compile-clauses v #'more))))
           #,(%compile #'pattern v '() (lambda (bound) #'(let () body ...)) #'(next)))))))

(define-syntax match
  (lambda (form)
    (syntax-case form ()
      ((_ expression clause ...)
       (with-syntax (((v) (generate-temporaries '(v))))
         #`(let ((v expression)) #,(%compile-clauses #'v #'(clause ...))))))))

(define-syntax match-lambda
  (syntax-rules ()
    ((_ clause ...) (lambda (x) (match x clause ...)))))

(define-syntax match-lambda*
  (syntax-rules ()
    ((_ clause ...) (lambda x (match x clause ...)))))

(define-syntax match-let
  (syntax-rules ()
    ((_ ((pattern expression) ...) body0 body ...)
     (match (list expression ...) ((pattern ...) body0 body ...)))
    ((_ name ((pattern expression) ...) body0 body ...)
     (let ((name #f))
       (set! name (match-lambda* ((pattern ...) body0 body ...)))
       (name expression ...)))))

(define-syntax match-let*
  (syntax-rules ()
    ((_ () body0 body ...) (let () body0 body ...))
    ((_ ((pattern expression) more ...) body0 body ...)
     (match expression (pattern (match-let* (more ...) body0 body ...))))))

(define-syntax match-letrec
  (syntax-rules ()
    ((_ ((pattern expression) ...) body0 body ...)
     (%match-letrec () ((pattern expression) ...) body0 body ...))))

;; Names are bound by letrec*; what else a pattern binds is matched then.
(define-syntax %match-letrec
  (lambda (form)
    (syntax-case form ()
      ((_ (done ...) () body ...) #'(letrec* (done ...) (let () body ...)))
      ((_ (done ...) ((name expression) . more) body ...)
       (and (identifier? #'name) (not (memq (syntax->datum #'name) '(_))))
       #'(%match-letrec (done ... (name expression)) more body ...))
      ((_ (done ...) ((pattern expression) . more) body ...)
       #'(letrec* (done ...) (match-let ((pattern expression)) (%match-letrec () more body ...)))))))
