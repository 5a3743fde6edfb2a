;;; The procedures of the base language that call procedures: no builtin ever calls back into Scheme.
;;;
;;; Each definition begins in column 0 and is compiled when its name is first used, so the order is free and
;;; nothing here runs by itself. Names that begin with % are not exported: those defined here serve this file and
;;; the code the expander makes (%guard, %parameterize) or the machine starts (%raise-error, %reroot-and-throw);
;;; all others are primitives of the machine.
;;;
;;; Promises: continuations may be captured in every procedure argument and re-entered, any number of times, and no
;;; result handed out earlier changes (so lists are built by recursion, never by set-cdr!). Lists may be unequal in
;;; length and all but one may be circular. A wrong argument is reported in the name the user called.

;;; ---- Lists -------------------------------------------------------------------------------------------------------

(define (map f list . more)
  "(map f list ...): the list of what F gives for each element, or for the first elements, the second ones and so
on of several lists, until the shortest is used up. Elements are taken from left to right."
  (if (not (procedure? f)) (%wrong-type 'map 1 "a procedure" f))
  (cond ((null? more)
         (let loop ((l list))
           (if (pair? l)
               (let ((x (f (car l))))
                 (cons x (loop (cdr l))))
               (if (null? l) '() (%wrong-type 'map 2 "a list" list)))))
        ((null? (cdr more))
         (let loop ((a list) (b (car more)))
           (if (and (pair? a) (pair? b))
               (let ((x (f (car a) (car b))))
                 (cons x (loop (cdr a) (cdr b))))
               (begin (%check-ends 'map (cons a (cons b '()))) '()))))
        (else
         (let loop ((lists (cons list more)))
           (if (%all-pairs? lists)
               (let ((x (apply f (%cars lists))))
                 (cons x (loop (%cdrs lists))))
               (begin (%check-ends 'map lists) '()))))))

(define (for-each f list . more)
  "(for-each f list ...): calls F on each element from left to right, for what it does; with several lists as map."
  (if (not (procedure? f)) (%wrong-type 'for-each 1 "a procedure" f))
  (cond ((null? more)
         (let loop ((l list))
           (if (pair? l)
               (begin (f (car l)) (loop (cdr l)))
               (if (not (null? l)) (%wrong-type 'for-each 2 "a list" list)))))
        ((null? (cdr more))
         (let loop ((a list) (b (car more)))
           (if (and (pair? a) (pair? b))
               (begin (f (car a) (car b)) (loop (cdr a) (cdr b)))
               (%check-ends 'for-each (cons a (cons b '()))))))
        (else
         (let loop ((lists (cons list more)))
           (if (%all-pairs? lists)
               (begin (apply f (%cars lists)) (loop (%cdrs lists)))
               (%check-ends 'for-each lists))))))

(define (append-map f list . more)
  "(append-map f list ...): as map, but the results are lists and are appended."
  (apply append (apply map f list more)))

(define (filter-map f list . more)
  "(filter-map f list ...): as map, but results that are #f are left out."
  (let loop ((l (apply map f list more)))
    (cond ((null? l) '())
          ((car l) (cons (car l) (loop (cdr l))))
          (else (loop (cdr l))))))

(define (%all-pairs? lists)
  "Whether each of LISTS has an element left."
  (or (null? lists)
      (and (pair? (car lists))
           (%all-pairs? (cdr lists)))))

(define (%check-ends who lists)
  "Complains in the name of WHO, whose argument 2 is the first of LISTS, about what is neither a pair nor ()."
  (let loop ((lists lists) (position 2))
    (cond ((null? lists) (if #f #f))
          ((or (pair? (car lists)) (null? (car lists))) (loop (cdr lists) (+ position 1)))
          (else (%wrong-type who position "a list" (car lists))))))

(define (%cars lists)
  "The first elements of LISTS."
  (if (null? lists) '() (cons (caar lists) (%cars (cdr lists)))))

(define (%cdrs lists)
  "What follows the first elements of LISTS."
  (if (null? lists) '() (cons (cdar lists) (%cdrs (cdr lists)))))

(define (member x list . same)
  "(member x list [same?]): the part of LIST that begins with the first element equal to X, or #f."
  (cond ((null? same) (%member x list))
        ((pair? (cdr same)) (%wrong-count 'member (+ 2 (length same))))
        ((not (procedure? (car same))) (%wrong-type 'member 3 "a procedure" (car same)))
        (else
         (let ((same? (car same)))
           (let loop ((l list))
             (cond ((pair? l) (if (same? x (car l)) l (loop (cdr l))))
                   ((null? l) #f)
                   (else (%wrong-type 'member 2 "a list" list))))))))

(define (assoc key alist . same)
  "(assoc key alist [same?]): the first pair of ALIST whose car is equal to KEY, or #f."
  (cond ((null? same) (%assoc key alist))
        ((pair? (cdr same)) (%wrong-count 'assoc (+ 2 (length same))))
        ((not (procedure? (car same))) (%wrong-type 'assoc 3 "a procedure" (car same)))
        (else
         (let ((same? (car same)))
           (let loop ((l alist))
             (cond ((pair? l)
                    (cond ((not (pair? (car l))) (%wrong-type 'assoc 2 "an association list" alist))
                          ((same? key (caar l)) (car l))
                          (else (loop (cdr l)))))
                   ((null? l) #f)
                   (else (%wrong-type 'assoc 2 "an association list" alist))))))))

(define (list-tabulate n f)
  "(list-tabulate n f): the list (f 0) (f 1) ... of N elements."
  (if (not (and (exact-integer? n) (>= n 0))) (%wrong-type 'list-tabulate 1 "an exact integer, not negative" n))
  (if (not (procedure? f)) (%wrong-type 'list-tabulate 2 "a procedure" f))
  (let loop ((i 0))
    (if (< i n)
        (let ((x (f i)))
          (cons x (loop (+ i 1))))
        '())))

(define (filter keep? list)
  "(filter keep? list): the elements for which KEEP? is true."
  (if (not (procedure? keep?)) (%wrong-type 'filter 1 "a procedure" keep?))
  (let loop ((l list))
    (cond ((pair? l)
           (if (keep? (car l))
               (cons (car l) (loop (cdr l)))
               (loop (cdr l))))
          ((null? l) '())
          (else (%wrong-type 'filter 2 "a list" list)))))

(define (remove drop? list)
  "(remove drop? list): the elements for which DROP? is false."
  (if (not (procedure? drop?)) (%wrong-type 'remove 1 "a procedure" drop?))
  (let loop ((l list))
    (cond ((pair? l)
           (if (drop? (car l))
               (loop (cdr l))
               (cons (car l) (loop (cdr l)))))
          ((null? l) '())
          (else (%wrong-type 'remove 2 "a list" list)))))

(define (partition in? list)
  "(partition in? list): two values, the elements for which IN? is true and the others."
  (if (not (procedure? in?)) (%wrong-type 'partition 1 "a procedure" in?))
  (let loop ((l list) (in '()) (out '()))
    (cond ((pair? l)
           (if (in? (car l))
               (loop (cdr l) (cons (car l) in) out)
               (loop (cdr l) in (cons (car l) out))))
          ((null? l) (values (reverse in) (reverse out)))
          (else (%wrong-type 'partition 2 "a list" list)))))

(define (delete x list . same)
  "(delete x list [same?]): the elements that are not equal to X."
  (let ((same? (if (pair? same) (car same) equal?)))
    (let loop ((l list))
      (cond ((pair? l)
             (if (same? x (car l))
                 (loop (cdr l))
                 (cons (car l) (loop (cdr l)))))
            ((null? l) '())
            (else (%wrong-type 'delete 2 "a list" list))))))

(define (delete-duplicates list . same)
  "(delete-duplicates list [same?]): LIST with only the first of each group of equal elements."
  (let ((same? (if (pair? same) (car same) equal?)))
    (if (not (list? list)) (%wrong-type 'delete-duplicates 1 "a list" list))
    (let loop ((l list) (kept '()))
      (cond ((pair? l)
             (let ((x (car l)))
               (if (let seen? ((k kept)) (and (pair? k) (or (same? (car k) x) (seen? (cdr k)))))
                   (loop (cdr l) kept)
                   (loop (cdr l) (cons x kept)))))
            ((null? l) (reverse kept))
            (else (%wrong-type 'delete-duplicates 1 "a list" list))))))

(define (fold f seed list . more)
  "(fold f seed list ...): (f last ... (f second (f first seed))); of several lists F gets an element each."
  (if (not (procedure? f)) (%wrong-type 'fold 1 "a procedure" f))
  (if (null? more)
      (let loop ((l list) (seed seed))
        (cond ((pair? l) (loop (cdr l) (f (car l) seed)))
              ((null? l) seed)
              (else (%wrong-type 'fold 3 "a list" list))))
      (let loop ((lists (cons list more)) (seed seed))
        (if (%all-pairs? lists)
            (loop (%cdrs lists) (apply f (append (%cars lists) (cons seed '()))))
            seed))))

(define (fold-right f seed list . more)
  "(fold-right f seed list ...): (f first (f second ... (f last seed))); of several lists F gets an element each."
  (if (not (procedure? f)) (%wrong-type 'fold-right 1 "a procedure" f))
  (if (null? more)
      (let loop ((l list))
        (cond ((pair? l) (f (car l) (loop (cdr l))))
              ((null? l) seed)
              (else (%wrong-type 'fold-right 3 "a list" list))))
      (let loop ((lists (cons list more)))
        (if (%all-pairs? lists)
            (apply f (append (%cars lists) (cons (loop (%cdrs lists)) '())))
            seed))))

(define (reduce f default list)
  "(reduce f default list): fold with the first element as seed; DEFAULT if there is none."
  (cond ((pair? list) (fold f (car list) (cdr list)))
        ((null? list) default)
        (else (%wrong-type 'reduce 3 "a list" list))))

(define (find wanted? list)
  "(find wanted? list): the first element for which WANTED? is true, or #f."
  (let ((tail (find-tail wanted? list)))
    (and tail (car tail))))

(define (find-tail wanted? list)
  "(find-tail wanted? list): the part of LIST that begins with the first element for which WANTED? is true, or #f."
  (if (not (procedure? wanted?)) (%wrong-type 'find-tail 1 "a procedure" wanted?))
  (let loop ((l list))
    (cond ((pair? l) (if (wanted? (car l)) l (loop (cdr l))))
          ((null? l) #f)
          (else (%wrong-type 'find-tail 2 "a list" list)))))

(define (list-index wanted? list . more)
  "(list-index wanted? list ...): the place of the first element for which WANTED? is true, or #f."
  (let loop ((lists (cons list more)) (i 0))
    (cond ((not (%all-pairs? lists)) #f)
          ((apply wanted? (%cars lists)) i)
          (else (loop (%cdrs lists) (+ i 1))))))

(define (count wanted? list . more)
  "(count wanted? list ...): how many elements WANTED? is true for."
  (let loop ((lists (cons list more)) (n 0))
    (cond ((not (%all-pairs? lists)) n)
          ((apply wanted? (%cars lists)) (loop (%cdrs lists) (+ n 1)))
          (else (loop (%cdrs lists) n)))))

(define (any ok? list . more)
  "(any ok? list ...): the first true value OK? gives for an element, or #f."
  (if (not (procedure? ok?)) (%wrong-type 'any 1 "a procedure" ok?))
  (if (null? more)
      (let loop ((l list))
        (cond ((pair? l) (if (null? (cdr l)) (ok? (car l)) (or (ok? (car l)) (loop (cdr l)))))
              ((null? l) #f)
              (else (%wrong-type 'any 2 "a list" list))))
      (let loop ((lists (cons list more)))
        (and (%all-pairs? lists)
             (or (apply ok? (%cars lists)) (loop (%cdrs lists)))))))

(define (every ok? list . more)
  "(every ok? list ...): #f as soon as OK? gives #f for an element, else what it gave for the last; #t if none."
  (if (not (procedure? ok?)) (%wrong-type 'every 1 "a procedure" ok?))
  (if (null? more)
      (let loop ((l list))
        (cond ((pair? l) (if (null? (cdr l)) (ok? (car l)) (and (ok? (car l)) (loop (cdr l)))))
              ((null? l) #t)
              (else (%wrong-type 'every 2 "a list" list))))
      (let loop ((lists (cons list more)) (last #t))
        (if (%all-pairs? lists)
            (let ((x (apply ok? (%cars lists))))
              (and x (loop (%cdrs lists) x)))
            last))))

;;; ---- Sorting -----------------------------------------------------------------------------------------------------

(define (sort items less?)
  "(sort items less?): a sorted copy of a list or vector. Elements neither of which is LESS? keep their order."
  (%sort 'sort 1 items less?))

(define (stable-sort items less?)
  "(stable-sort items less?): the same as sort."
  (%sort 'stable-sort 1 items less?))

(define (sort! items less?)
  "(sort! items less?): sorts a vector in place; of a list it gives a sorted copy."
  (let ((sorted (%sort 'sort! 1 items less?)))
    (if (vector? items)
        (begin (vector-copy! items 0 sorted) items)
        sorted)))

(define (list-sort less? list)
  "(list-sort less? list): a sorted copy of LIST."
  (if (not (list? list)) (%wrong-type 'list-sort 2 "a list" list))
  (%sort 'list-sort 2 list less?))

(define (vector-sort less? vector)
  "(vector-sort less? vector): a sorted copy of VECTOR."
  (if (not (vector? vector)) (%wrong-type 'vector-sort 2 "a vector" vector))
  (%sort 'vector-sort 2 vector less?))

(define (vector-sort! less? vector)
  "(vector-sort! less? vector): sorts VECTOR in place."
  (if (not (vector? vector)) (%wrong-type 'vector-sort! 2 "a vector" vector))
  (vector-copy! vector 0 (%sort 'vector-sort! 2 vector less?)))

(define (sorted? items less?)
  "(sorted? items less?): whether no element of the list or vector is LESS? than the one before it."
  (let ((l (if (vector? items) (vector->list items) items)))
    (or (null? l)
        (let loop ((x (car l)) (l (cdr l)))
          (or (null? l)
              (and (not (less? (car l) x))
                   (loop (car l) (cdr l))))))))

(define (merge a b less?)
  "(merge a b less?): the sorted lists A and B as one sorted list; of equals those of A come first."
  (reverse (%merge-up a b less?)))

(define (%sort who position items less?)
  "The sorted copy of ITEMS, argument POSITION of WHO; LESS? is its other argument."
  (if (not (procedure? less?)) (%wrong-type who (- 3 position) "a procedure" less?))
  (cond ((null? items) '())
        ((list? items) (%sort-up items (length items) less?))
        ((vector? items)
         (let ((n (vector-length items)))
           (if (= n 0) (vector) (list->vector (%sort-up (vector->list items) n less?)))))
        (else (%wrong-type who position "a list or vector" items))))

;; Merging pushes onto the front, so merging two rising lists from their small ends gives a falling list and the
;; other way round: the two directions take turns, nothing is reversed, and nothing is ever changed in place.

(define (%sort-up l n less?)
  "The first N >= 1 elements of L, rising; of equals the earlier come first."
  (cond ((= n 1) (cons (car l) '()))
        ((= n 2)
         (let ((a (car l)) (b (cadr l)))
           (if (less? b a) (cons b (cons a '())) (cons a (cons b '())))))
        (else
         (let* ((half (quotient n 2))
                (a (%sort-down l half less?))
                (b (%sort-down (list-tail l half) (- n half) less?)))
           (%merge-down a b less?)))))

(define (%sort-down l n less?)
  "The first N >= 1 elements of L, falling: exactly the reverse of what %sort-up gives."
  (cond ((= n 1) (cons (car l) '()))
        ((= n 2)
         (let ((a (car l)) (b (cadr l)))
           (if (less? b a) (cons a (cons b '())) (cons b (cons a '())))))
        (else
         (let* ((half (quotient n 2))
                (a (%sort-up l half less?))
                (b (%sort-up (list-tail l half) (- n half) less?)))
           (%merge-up a b less?)))))

(define (%merge-up a b less?)
  "The falling list of the elements of the rising lists A and B; those of A were first."
  (let loop ((a a) (b b) (out '()))
    (cond ((null? a) (%push-all b out))
          ((null? b) (%push-all a out))
          ((less? (car b) (car a)) (loop a (cdr b) (cons (car b) out)))
          (else (loop (cdr a) b (cons (car a) out))))))

(define (%merge-down a b less?)
  "The rising list of the elements of the falling lists A and B; those of A were first."
  (let loop ((a a) (b b) (out '()))
    (cond ((null? a) (%push-all b out))
          ((null? b) (%push-all a out))
          ((less? (car b) (car a)) (loop (cdr a) b (cons (car a) out)))
          (else (loop a (cdr b) (cons (car b) out))))))

(define (%push-all l out)
  "The elements of L, one by one, in front of OUT."
  (if (pair? l)
      (%push-all (cdr l) (cons (car l) out))
      out))

;;; ---- Strings and vectors -----------------------------------------------------------------------------------------

(define (string-map f string . more)
  "(string-map f string ...): the string of the characters F gives for each place, until the shortest string ends. As in
SRFI 13, (string-map f string start [end]) maps a part of STRING."
  (if (not (procedure? f)) (%wrong-type 'string-map 1 "a procedure" f))
  (if (and (pair? more) (exact-integer? (car more)))
      (set! string (apply substring string more)))
  (if (or (null? more) (exact-integer? (car more)))
      (let ((n (if (string? string) (string-length string) (%wrong-type 'string-map 2 "a string" string))))
        (let loop ((i 0) (out '()))
          (if (< i n)
              (loop (+ i 1) (cons (f (string-ref string i)) out))
              (list->string (reverse out)))))
      (list->string (apply map f (%strings->lists 'string-map (cons string more))))))

(define (string-for-each f string . more)
  "(string-for-each f string ...): calls F on each character from left to right, for what it does. As in SRFI 13, also
 as (string-for-each f string start [end]) goes over a part of STRING."
  (if (not (procedure? f)) (%wrong-type 'string-for-each 1 "a procedure" f))
  (if (and (pair? more) (exact-integer? (car more)))
      (set! string (apply substring string more)))
  (if (or (null? more) (exact-integer? (car more)))
      (let ((n (if (string? string) (string-length string) (%wrong-type 'string-for-each 2 "a string" string))))
        (let loop ((i 0))
          (if (< i n)
              (begin (f (string-ref string i)) (loop (+ i 1))))))
      (apply for-each f (%strings->lists 'string-for-each (cons string more)))))

(define (%strings->lists who strings)
  "The characters of each of STRINGS, the arguments of WHO from the second on."
  (let loop ((l strings) (position 2))
    (cond ((null? l) '())
          ((string? (car l)) (cons (string->list (car l)) (loop (cdr l) (+ position 1))))
          (else (%wrong-type who position "a string" (car l))))))

;; The new vector is made when the last element is known and filled on the way back: a continuation that re-enters F
;; makes a vector of its own.

(define (vector-map f vector . more)
  "(vector-map f vector ...): the vector of what F gives for each place, until the shortest vector ends."
  (if (not (procedure? f)) (%wrong-type 'vector-map 1 "a procedure" f))
  (if (null? more)
      (let ((n (if (vector? vector) (vector-length vector) (%wrong-type 'vector-map 2 "a vector" vector))))
        (let loop ((i 0))
          (if (< i n)
              (let* ((x (f (vector-ref vector i)))
                     (out (loop (+ i 1))))
                (vector-set! out i x)
                out)
              (make-vector n))))
      (list->vector (apply map f (%vectors->lists 'vector-map (cons vector more))))))

(define (vector-for-each f vector . more)
  "(vector-for-each f vector ...): calls F on each element from left to right, for what it does."
  (if (not (procedure? f)) (%wrong-type 'vector-for-each 1 "a procedure" f))
  (if (null? more)
      (let ((n (if (vector? vector) (vector-length vector) (%wrong-type 'vector-for-each 2 "a vector" vector))))
        (let loop ((i 0))
          (if (< i n)
              (begin (f (vector-ref vector i)) (loop (+ i 1))))))
      (apply for-each f (%vectors->lists 'vector-for-each (cons vector more)))))

(define (%vectors->lists who vectors)
  "The elements of each of VECTORS, the arguments of WHO from the second on."
  (let loop ((l vectors) (position 2))
    (cond ((null? l) '())
          ((vector? (car l)) (cons (vector->list (car l)) (loop (cdr l) (+ position 1))))
          (else (%wrong-type who position "a vector" (car l))))))

;;; ---- Continuations and the dynamic state -------------------------------------------------------------------------
;;;
;;; The dynamic state (%dyn) is an immutable list of entries, the innermost first:
;;;
;;;     (parameter . box)                      a binding made by parameterize
;;;     (%handler-key . (handlers . winds))    from here on these are the exception handlers, the innermost first; WINDS
;;;                                            is the tail of the state that begins with the innermost wind, gate
;;;                                            or prompt, or ()
;;;     (%wind-key . (before after . handlers)) a dynamic-wind whose thunk has not returned, and the handlers outside of it
;;;     (tag . #f)                             a prompt
;;;     (%gate-key . box)                      a place that cannot be entered any more once the box holds #t
;;;
;;; A handler runs in the state of the raise with one more entry, the handlers outside of it: so it sees the
;;; parameters of the place that failed, and leaving it runs the afters of the winds it was raised in.

(define (%reroot-and-throw k vals)
  "What applying a continuation procedure means: leave and enter dynamic-winds, then deliver VALS."
  (let ((here (%dyn)) (there (%continuation-dyn k)))
    (if (or (eq? here there) (eq? (%winds-in here) (%winds-in there)))
        (%throw k there vals)
        (%switch-winds k here there (lambda () (%throw k there vals))))))

(define (%escape k thunk)
  "Leaves and enters dynamic-winds, then calls THUNK in the place of K."
  (let ((here (%dyn)) (there (%continuation-dyn k)))
    (if (or (eq? here there) (eq? (%winds-in here) (%winds-in there)))
        (%resume k there thunk)
        (%switch-winds k here there (lambda () (%resume k there thunk))))))

(define (%switch-winds k here there arrive)
  "Runs the afters of the winds of HERE that are not in THERE, then the befores of those only in THERE; then calls ARRIVE, which
goes on in K. All of it is done in the place of K already: nobody returns to the frames that are left, and afters that raise
something, one after the other, leave none behind. Only where prompts are left the afters may want to find them."
  (let* ((here-winds (%winds-in here)) (there-winds (%winds-in there))
         (known? (%way-known? here-winds there-winds))
         (shared (%winds-in (%shared-tail here-winds there-winds)))
         (plain? (or known? (not (%prompt-between? here-winds shared)))))
    (define (switch)
      (if (not (eq? here-winds shared))
          (begin (%unwind here-winds (and plain? there-winds) shared)
                 (vector-set! %way 0 #f)))
      (%rewind there-winds shared)
      (arrive))
    (if (%shut? there-winds shared) ((%late '%raise-reentry)))
    (if plain?
        (%resume k here switch)
        (switch))))

(define (%prompt-between? here shared)
  "Whether there is a prompt between HERE and its tail SHARED."
  (cond ((eq? here shared) #f)
        ((cdar here) (%prompt-between? (cdr here) shared))
        (else #t)))

(define (%winds-in dyn)
  "The tail of a dynamic state that begins with its innermost wind, gate or prompt, or (). Handlers know it."
  (cond ((not (pair? dyn)) '())
        ((eq? (caar dyn) (%wind-key)) dyn)
        ((not (cdar dyn)) dyn)
        ((eq? (caar dyn) %gate-key) dyn)
        ((eq? (caar dyn) (%handler-key)) (cddr (car dyn)))
        (else (%winds-in (cdr dyn)))))

(define (%shared-tail a b)
  "The longest list that both A and B end with. Mostly that is one of them, and the other is a little longer."
  (or (%way-known? a b)
      (let near ((x a) (y b))
        (cond ((eq? x b) b)
              ((eq? y a) a)
              ((and (pair? x) (pair? y)) (near (cdr x) (cdr y)))
              (else
               (let ((na (length a)) (nb (length b)))
                 (let loop ((a (if (> na nb) (list-tail a (- na nb)) a))
                            (b (if (> nb na) (list-tail b (- nb na)) b)))
                   (if (eq? a b) a (loop (cdr a) (cdr b))))))))))

(define (%unwind here there shared)
  "Runs the afters of the winds between HERE and its tail SHARED, the innermost first, each outside of its wind, on the way to
THERE; #f stands for a way that is not to be remembered."
  (if (not (eq? here shared))
      (begin
        (if (eq? (caar here) (%wind-key))
            (begin
              (vector-set! %way 0 (vector (%winds-in (cdr here)) there shared))
              (%call-with-dyn (cdr here) (cadr (cdar here)))))
        (%unwind (cdr here) there shared))))

;; What is known of an unwinding under way that passes no prompts: where it has got to, where it leads, and the longest list that
;; both end with. An after that raises something mostly leads there, too, and so may the next one, thousands of times: none has to
;; find it out again. The three are one object, as another fiber may take its turn at any time; what they say holds for all.
(define %way (vector #f))

(define (%way-known? here there)
  "If HERE is where the unwinding under way has got to, and THERE where it leads: the longest list that both end with."
  (let ((way (vector-ref %way 0)))
    (and way (eq? here (vector-ref way 0)) (eq? there (vector-ref way 1)) (vector-ref way 2))))

(define (%rewind there shared)
  "Runs the befores of the winds between THERE and its tail SHARED, the outermost first, each outside of its wind."
  (if (not (eq? there shared))
      (begin
        (%rewind (cdr there) shared)
        (if (eq? (caar there) (%wind-key)) (%call-with-dyn (cdr there) (cadar there))))))

;;; Who goes through a shut gate is told so where he is, before anything else happens. A guard that passes on what was raised
;;; inside of a gate that its own leaving has shut raises it outside.

(define %gate-key (list 'gate))

(define (%shut? there shared)
  "Whether a gate between THERE and its tail SHARED is shut."
  (cond ((eq? there shared) #f)
        ((and (eq? (caar there) %gate-key) (%box-ref (cdar there))) #t)
        (else (%shut? (cdr there) shared))))

(define (%shut-from? here there)
  "Whether the way from HERE to THERE, dynamic states, goes through a gate that is shut."
  (let ((here (%winds-in here)) (there (%winds-in there)))
    (and (not (eq? here there))
         (%shut? there (%shared-tail here there)))))

(define (%call-behind-gate gate thunk)
  "The values of (THUNK), into which no continuation leads any more once the box GATE holds #t."
  (%call-with-dyn (cons (cons %gate-key gate) (%dyn)) thunk))

(define (dynamic-wind before thunk after)
  "(dynamic-wind before thunk after): the values of (thunk), with (before) called whenever control enters it and
 (after) whenever control leaves it, be it by returning, by a continuation or by an exception."
  (if (not (procedure? before)) (%wrong-type 'dynamic-wind 1 "a procedure" before))
  (if (not (procedure? thunk)) (%wrong-type 'dynamic-wind 2 "a procedure" thunk))
  (if (not (procedure? after)) (%wrong-type 'dynamic-wind 3 "a procedure" after))
  (before)
  (call-with-values
      (lambda () (%call-with-dyn (%with-wind before after (%dyn)) thunk))
    (lambda results
      (after)
      (apply values results))))

(define (%with-wind before after dyn)
  "A dynamic state like DYN, inside of a dynamic-wind with these procedures."
  (cons (cons (%wind-key) (cons before (cons after (%handlers-in dyn)))) dyn))

(define (make-parameter value . converter)
  "(make-parameter value [converter]): a procedure that gives VALUE, or what parameterize puts in its place; both
go through CONVERTER first."
  (cond ((null? converter) (%make-parameter value #f))
        ((pair? (cdr converter)) (%wrong-count 'make-parameter (+ 1 (length converter))))
        ((procedure? (car converter)) (%make-parameter ((car converter) value) (car converter)))
        (else (%wrong-type 'make-parameter 2 "a procedure" (car converter)))))

(define (%assign-converted parameter value)
  "What (PARAMETER value) does where there is a converter: the value that was there before."
  (let* ((before (parameter))
         (value ((%parameter-converter parameter) value)))
    (%parameter-assign! parameter value)
    before))

(define (%parameterize bindings thunk)
  "Calls THUNK with each parameter of the pairs in BINDINGS bound to its converted value."
  (let loop ((l bindings) (dyn (%dyn)))
    (if (null? l)
        (%call-with-dyn dyn thunk)
        (let ((parameter (caar l)) (value (cdar l)))
          (if (not (parameter? parameter)) (%wrong-type 'parameterize 1 "a parameter" parameter))
          (let* ((convert (%parameter-converter parameter))
                 (converted (if convert (convert value) value)))
            (loop (cdr l) (cons (%parameter-binding parameter converted) dyn)))))))

;;; ---- Promises ----------------------------------------------------------------------------------------------------
;;;
;;; A promise that is not done holds a thunk that gives another promise: (delay x) is (delay-force (make-promise x)).

(define (make-promise obj)
  "(make-promise obj): a promise whose value is OBJ already; a promise is given back as it is."
  (if (promise? obj) obj (%make-promise #t obj)))

(define (force promise)
  "(force promise): the value of PROMISE, computed the first time; anything else is its own value."
  (cond ((not (promise? promise)) promise)
        ((%promise-done? promise) (%promise-value promise))
        (else
         (let ((next ((%promise-value promise))))
           (if (not (%promise-done? promise))
               (if (promise? next)
                   (%promise-share! promise next)
                   (%wrong-type 'delay-force 1 "a promise" next)))
           (force promise)))))

;;; ---- Ports -------------------------------------------------------------------------------------------------------

(define (call-with-port port f)
  "(call-with-port port f): the values of (f port); PORT is closed when F returns."
  (if (not (port? port)) (%wrong-type 'call-with-port 1 "a port" port))
  (if (not (procedure? f)) (%wrong-type 'call-with-port 2 "a procedure" f))
  (call-with-values
      (lambda () (f port))
    (lambda results
      (close-port port)
      (apply values results))))

(define (call-with-input-file file f . options)
  "(call-with-input-file file f option ...): the values of F, called with a port that reads FILE and is then closed."
  (if (not (procedure? f)) (%wrong-type 'call-with-input-file 2 "a procedure" f))
  (call-with-port (apply open-input-file file options) f))

(define (call-with-output-file file f . options)
  "(call-with-output-file file f option ...): the values of F, called with a port that writes FILE and is then closed."
  (if (not (procedure? f)) (%wrong-type 'call-with-output-file 2 "a procedure" f))
  (call-with-port (apply open-output-file file options) f))

(define (with-input-from-file file thunk . options)
  "(with-input-from-file file thunk option ...): the values of (thunk), with FILE as the current input port."
  (if (not (procedure? thunk)) (%wrong-type 'with-input-from-file 2 "a procedure" thunk))
  (call-with-port (apply open-input-file file options)
    (lambda (port) (parameterize ((current-input-port port)) (thunk)))))

(define (with-output-to-file file thunk . options)
  "(with-output-to-file file thunk option ...): the values of (thunk), with what it prints going to FILE."
  (if (not (procedure? thunk)) (%wrong-type 'with-output-to-file 2 "a procedure" thunk))
  (call-with-port (apply open-output-file file options)
    (lambda (port) (parameterize ((current-output-port port)) (thunk)))))

(define (call-with-input-string string f)
  "(call-with-input-string string f): the values of F, called with a port that reads STRING."
  (f (open-input-string string)))

(define (call-with-output-string f)
  "(call-with-output-string f): what F, called with a port, wrote to it, as a string."
  (let ((port (open-output-string)))
    (f port)
    (get-output-string port)))

(define (with-input-from-string string thunk)
  "(with-input-from-string string thunk): the values of (thunk), with STRING as the current input."
  (parameterize ((current-input-port (open-input-string string))) (thunk)))

(define (with-output-to-string thunk)
  "(with-output-to-string thunk): what (thunk) printed, as a string."
  (let ((port (open-output-string)))
    (parameterize ((current-output-port port)) (thunk))
    (get-output-string port)))

(define (with-error-to-string thunk)
  "(with-error-to-string thunk): what (thunk) wrote to the current error port, as a string."
  (let ((port (open-output-string)))
    (parameterize ((current-error-port port)) (thunk))
    (get-output-string port)))

;;; ---- Prompts -----------------------------------------------------------------------------------------------------

(define (make-prompt-tag . stem)
  "(make-prompt-tag [stem]): a new tag for call-with-prompt."
  (list (if (pair? stem) (car stem) "prompt")))

(define default-prompt-tag (make-parameter (list "prompt")))

(define (call-with-prompt tag thunk handler)
  "(call-with-prompt tag thunk handler): the values of (thunk); (abort-to-prompt tag x ...) in it ends it with the
values of (handler k x ...), where calling K goes on in THUNK from the abort to its end."
  (if (not (procedure? thunk)) (%wrong-type 'call-with-prompt 2 "a procedure" thunk))
  (if (not (procedure? handler)) (%wrong-type 'call-with-prompt 3 "a procedure" handler))
  (%call-with-prompt tag
    (lambda () (%call-with-dyn (cons (cons tag #f) (%dyn)) thunk))
    (lambda (k entries . vals)
      (apply handler (lambda args (%reinstate k entries args)) vals))))

(define (abort-to-prompt tag . vals)
  "(abort-to-prompt tag x ...): leaves the innermost prompt of TAG and calls its handler with what was left and X ..."
  (let loop ((dyn (%dyn)) (entries '()))
    (cond ((null? dyn) (scm-error 'misc-error "abort" "Abort to unknown prompt" (list tag) #f))
          ((eq? (caar dyn) tag)
           (%unwind (%dyn) #f dyn)
           (let ((base (%handlers-in dyn)))
             (%abort-to-prompt tag (cons (map (lambda (entry) (%relative-entry entry base)) (reverse entries)) vals))))
          (else (loop (cdr dyn) (cons (car dyn) entries))))))

(define (%relative-entry entry base)
  "The handlers that ENTRY of a dynamic state stands for, those inside of BASE, as a procedure to be given other outer ones;
an ENTRY of another sort as it is."
  (if (eq? (car entry) (%handler-key))
      (let loop ((handlers (cadr entry)) (inner '()))
        (cond ((eq? handlers base) (lambda (outer) (append (reverse inner) outer)))
              ((pair? handlers) (loop (cdr handlers) (cons (car handlers) inner)))
              (else (lambda (outer) (cadr entry)))))
      entry))

(define (%reinstate k entries args)
  "Goes on in the composable continuation K, which was left with ENTRIES on top of its prompt's dynamic state."
  (let* ((here (%dyn))
         (outer (%handlers))
         (there (let loop ((entries (reverse entries)) (dyn here))
                  (cond ((null? entries) dyn)
                        ((procedure? (car entries)) (loop (cdr entries) (%with-handlers ((car entries) outer) dyn)))
                        ((eq? (caar entries) (%wind-key))
                         (loop (cdr entries) (%with-wind (cadar entries) (cadr (cdar entries)) dyn)))
                        (else (loop (cdr entries) (cons (car entries) dyn)))))))
    (if (%shut? there here) (%raise-reentry))
    (%rewind there here)
    (%call-with-dyn there (lambda () (%compose k args here)))))

;;; ---- Evaluation --------------------------------------------------------------------------------------------------

(define (%run-expansion expansion)
  "Drives an expansion to its end: runs what it wants run, then what it has come to."
  (let loop ((request (%expand-next expansion #f)))
    (case (car request)
      ((done) ((cdr request)))
      ((eval) (loop (%expand-next expansion ((cdr request)))))
      (else (loop (%expand-next expansion (apply (cadr request) (cddr request))))))))

(define (%late name)
  "The value of NAME in the base language, compiled now if it was not yet: for what is rarely wanted by what always is."
  (%run-expansion (%late-start name)))

(define (environment . imports)
  "(environment import-set ...): an environment with what these import sets name, for eval."
  (let ((environment (%make-environment)))
    (%run-expansion (%import-start imports environment))
    environment))

(define (scheme-report-environment version)
  "(scheme-report-environment 5): the names of R5RS, for eval."
  (if (not (eqv? version 5)) (%wrong-type 'scheme-report-environment 1 "the number 5" version))
  (environment '(scheme r5rs)))

(define (null-environment version)
  "(null-environment 5): the syntax of R5RS, for eval."
  (if (not (eqv? version 5)) (%wrong-type 'null-environment 1 "the number 5" version))
  (environment '(only (scheme r5rs)
    and begin case cond define define-syntax delay do if lambda let let* let-syntax letrec letrec-syntax or
    quasiquote quote set! syntax-rules else => ... _ unquote unquote-splicing)))
