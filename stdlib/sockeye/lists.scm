;;; Lists: the rest of SRFI 1, Guile's association lists, and what else of lists is not in the base file.
;;;
;;; What SRFI 1 lets change its arguments (the names with !) here makes new lists where that is as quick.

(define (%nonnegative who position n)
  "Complains in the name of WHO about argument POSITION unless it is an index or a count."
  (if (not (and (exact-integer? n) (>= n 0))) (%wrong-type who position "an exact integer, not negative" n)))

(define (%need-procedure who position f)
  "Complains in the name of WHO about argument POSITION unless it is a procedure."
  (if (not (procedure? f)) (%wrong-type who position "a procedure" f)))

;;; ---- Making ------------------------------------------------------------------------------------------------------

(define (xcons a b)
  "(xcons a b): (cons b a)."
  (cons b a))

(define (acons key value alist)
  "(acons key value alist): ALIST with the pair of KEY and VALUE in front."
  (cons (cons key value) alist))

(define (circular-list first . rest)
  "(circular-list x ...): a list that goes round and round through its elements."
  (let ((list (cons first (list-copy rest))))
    (set-cdr! (last-pair list) list)
    list))

(define (copy-tree tree)
  "(copy-tree tree): TREE with new pairs and vectors all the way down."
  (cond ((pair? tree)
         (let loop ((t tree) (l '()))
           (if (pair? t)
               (loop (cdr t) (cons (copy-tree (car t)) l))
               (append-reverse l (copy-tree t)))))
        ((vector? tree) (vector-map copy-tree tree))
        (else tree)))

(define (list-cdr-ref list k)
  "(list-cdr-ref list k): what follows the first K pairs of LIST."
  (list-tail list k))

(define (list-cdr-set! list k obj)
  "(list-cdr-set! list k obj): makes OBJ what follows pair K of LIST."
  (set-cdr! (list-tail list k) obj)
  obj)

;;; ---- Kinds of lists ----------------------------------------------------------------------------------------------

(define (proper-list? obj)
  "(proper-list? obj): whether OBJ is a list that ends with ()."
  (list? obj))

(define (circular-list? obj)
  "(circular-list? obj): whether OBJ is a list that goes round in a circle."
  (let loop ((slow obj) (fast obj))
    (and (pair? fast)
         (pair? (cdr fast))
         (or (eq? (cddr fast) (cdr slow))
             (loop (cdr slow) (cddr fast))))))

(define (dotted-list? obj)
  "(dotted-list? obj): whether OBJ ends with something that is not (); so any OBJ that is no list does."
  (not (or (list? obj) (circular-list? obj))))

(define (null-list? list)
  "(null-list? list): whether LIST, a proper or circular list, is empty."
  (cond ((pair? list) #f)
        ((null? list) #t)
        (else (%wrong-type 'null-list? 1 "a list" list))))

(define (not-pair? obj)
  "(not-pair? obj): whether OBJ is anything but a pair."
  (not (pair? obj)))

(define (list= same? . lists)
  "(list= same? list ...): whether all LISTS have the same length and elements that are SAME?."
  (or (null? lists)
      (let next ((a (car lists)) (rest (cdr lists)))
        (or (null? rest)
            (let ((b (car rest)))
              (and (or (eq? a b)
                       (let loop ((x a) (y b))
                         (cond ((null? x) (null? y))
                               ((null? y) #f)
                               (else (and (same? (car x) (car y)) (loop (cdr x) (cdr y)))))))
                   (next b (cdr rest))))))))

(define (length+ list)
  "(length+ list): how many elements LIST has, or #f if it goes round in a circle."
  (if (circular-list? list) #f (length list)))

;;; ---- Parts -------------------------------------------------------------------------------------------------------

(define (first list)
  "(first list): the first element."
  (car list))

(define (second list)
  "(second list): the second element."
  (cadr list))

(define (third list)
  "(third list): the third element."
  (caddr list))

(define (fourth list)
  "(fourth list): the fourth element."
  (cadddr list))

(define (fifth list)
  "(fifth list): the fifth element."
  (car (cddddr list)))

(define (sixth list)
  "(sixth list): the sixth element."
  (cadr (cddddr list)))

(define (seventh list)
  "(seventh list): the seventh element."
  (caddr (cddddr list)))

(define (eighth list)
  "(eighth list): the eighth element."
  (cadddr (cddddr list)))

(define (ninth list)
  "(ninth list): the ninth element."
  (car (cddddr (cddddr list))))

(define (tenth list)
  "(tenth list): the tenth element."
  (cadr (cddddr (cddddr list))))

(define (car+cdr pair)
  "(car+cdr pair): two values, the halves of PAIR."
  (values (car pair) (cdr pair)))

(define (take list k)
  "(take list k): a new list of the first K elements of LIST."
  (%nonnegative 'take 2 k)
  (let loop ((l list) (k k))
    (cond ((= k 0) '())
          ((pair? l) (cons (car l) (loop (cdr l) (- k 1))))
          (else (%wrong-type 'take 1 "a list that is long enough" list)))))

(define (drop list k)
  "(drop list k): what follows the first K elements of LIST."
  (%nonnegative 'drop 2 k)
  (let loop ((l list) (k k))
    (cond ((= k 0) l)
          ((pair? l) (loop (cdr l) (- k 1)))
          (else (%wrong-type 'drop 1 "a list that is long enough" list)))))

(define (take-right list k)
  "(take-right list k): the last K pairs of LIST, and what ends it."
  (let loop ((lag list) (lead (drop list k)))
    (if (pair? lead)
        (loop (cdr lag) (cdr lead))
        lag)))

(define (drop-right list k)
  "(drop-right list k): a new list of all but the last K elements of LIST."
  (let loop ((lag list) (lead (drop list k)))
    (if (pair? lead)
        (cons (car lag) (loop (cdr lag) (cdr lead)))
        '())))

(define (take! list k)
  "(take! list k): LIST cut off after its first K elements."
  (%nonnegative 'take! 2 k)
  (if (= k 0)
      '()
      (begin (set-cdr! (drop list (- k 1)) '()) list)))

(define (drop-right! list k)
  "(drop-right! list k): LIST cut off before its last K elements."
  (let loop ((lag list) (lead (drop list k)))
    (cond ((and (eq? lag list) (not (pair? lead))) '())
          ((and (pair? lead) (pair? (cdr lead))) (loop (cdr lag) (cdr lead)))
          ((pair? lead)
           (set-cdr! lag '())
           list)
          (else '()))))

(define (split-at list k)
  "(split-at list k): two values, a list of the first K elements of LIST and what follows them."
  (values (take list k) (drop list k)))

(define (split-at! list k)
  "(split-at! list k): two values, LIST cut off after its first K elements and what followed them."
  (let ((rest (drop list k)))
    (values (take! list k) rest)))

(define (last list)
  "(last list): the last element of LIST."
  (car (last-pair list)))

;;; ---- Appending and reversing -------------------------------------------------------------------------------------

(define (concatenate lists)
  "(concatenate lists): the elements of the lists in LISTS, one list after the other."
  (apply append lists))

(define (concatenate! lists)
  "(concatenate! lists): as concatenate; the lists may be changed."
  (apply append! lists))

(define (append-reverse front tail)
  "(append-reverse front tail): the elements of FRONT in reverse order, then TAIL."
  (let loop ((l front) (tail tail))
    (if (pair? l)
        (loop (cdr l) (cons (car l) tail))
        tail)))

(define (append-reverse! front tail)
  "(append-reverse! front tail): as append-reverse; FRONT may be changed."
  (append-reverse front tail))

(define (zip list . more)
  "(zip list ...): a list of lists: of the first elements, of the second ones, and so on."
  (apply map (lambda elements elements) list more))

(define (unzip1 lists)
  "(unzip1 lists): the list of the first elements of the lists in LISTS."
  (map first lists))

(define (unzip2 lists)
  "(unzip2 lists): two values, the lists of the first and of the second elements of the lists in LISTS."
  (values (map first lists) (map second lists)))

(define (unzip3 lists)
  "(unzip3 lists): three values, the lists of the first, second and third elements of the lists in LISTS."
  (values (map first lists) (map second lists) (map third lists)))

(define (unzip4 lists)
  "(unzip4 lists): four values, the lists of the first to fourth elements of the lists in LISTS."
  (values (map first lists) (map second lists) (map third lists) (map fourth lists)))

(define (unzip5 lists)
  "(unzip5 lists): five values, the lists of the first to fifth elements of the lists in LISTS."
  (values (map first lists) (map second lists) (map third lists) (map fourth lists) (map fifth lists)))

;;; ---- Folding and mapping -----------------------------------------------------------------------------------------

(define (map-in-order f list . more)
  "(map-in-order f list ...): the same as map, which takes the elements from left to right."
  (apply map f list more))

(define (append-map! f list . more)
  "(append-map! f list ...): as append-map; the lists that F gives may be changed."
  (apply append-map f list more))

(define (map! f list . more)
  "(map! f list ...): the same as map."
  (apply map f list more))

(define (pair-for-each f list . more)
  "(pair-for-each f list ...): calls F with each pair of LIST, or with pairs of several lists."
  (%need-procedure 'pair-for-each 1 f)
  (let loop ((lists (cons list more)))
    (if (%all-pairs? lists)
        (let ((rests (%cdrs lists)))
          (apply f lists)
          (loop rests)))))

(define (pair-fold f seed list . more)
  "(pair-fold f seed list ...): as fold, but F gets the pairs of LIST in place of the elements."
  (%need-procedure 'pair-fold 1 f)
  (let loop ((lists (cons list more)) (seed seed))
    (if (%all-pairs? lists)
        (let ((rests (%cdrs lists)))
          (loop rests (apply f (append lists (cons seed '())))))
        seed)))

(define (pair-fold-right f seed list . more)
  "(pair-fold-right f seed list ...): as fold-right, but F gets the pairs of LIST in place of the elements."
  (%need-procedure 'pair-fold-right 1 f)
  (let loop ((lists (cons list more)))
    (if (%all-pairs? lists)
        (apply f (append lists (cons (loop (%cdrs lists)) '())))
        seed)))

(define (reduce-right f default list)
  "(reduce-right f default list): fold-right with the last element as seed; DEFAULT if there is none."
  (%need-procedure 'reduce-right 1 f)
  (if (null? list)
      default
      (let loop ((x (car list)) (l (cdr list)))
        (if (pair? l)
            (f x (loop (car l) (cdr l)))
            x))))

(define (unfold stop? mapper successor seed #!optional tail)
  "(unfold stop? mapper successor seed [tail]): the list of what MAPPER gives for SEED, (SUCCESSOR SEED) and so on until STOP? is
true of one; it ends with what TAIL gives for that, or with ()."
  (%need-procedure 'unfold 1 stop?)
  (%need-procedure 'unfold 2 mapper)
  (%need-procedure 'unfold 3 successor)
  (let loop ((seed seed))
    (if (stop? seed)
        (if (or (%default? tail) (not tail)) '() (tail seed))
        (let ((x (mapper seed)))
          (cons x (loop (successor seed)))))))

(define (unfold-right stop? mapper successor seed #!optional tail)
  "(unfold-right stop? mapper successor seed [tail]): as unfold, but the list is made from its end to its beginning, and ends
with TAIL, or with ()."
  (%need-procedure 'unfold-right 1 stop?)
  (%need-procedure 'unfold-right 2 mapper)
  (%need-procedure 'unfold-right 3 successor)
  (let loop ((seed seed) (list (if (%default? tail) '() tail)))
    (if (stop? seed)
        list
        (loop (successor seed) (cons (mapper seed) list)))))

(define (and-map f list)
  "(and-map f list): #f as soon as F gives #f for an element of LIST, else what it gave for the last; #t if none."
  (every f list))

(define (or-map f list)
  "(or-map f list): the first true value that F gives for an element of LIST, or #f."
  (any f list))

;;; ---- Selecting and searching -------------------------------------------------------------------------------------

(define (take-while in? list)
  "(take-while in? list): a new list of the first elements of LIST for which IN? is true."
  (%need-procedure 'take-while 1 in?)
  (let loop ((l list))
    (if (and (pair? l) (in? (car l)))
        (cons (car l) (loop (cdr l)))
        '())))

(define (take-while! in? list)
  "(take-while! in? list): the same as take-while."
  (take-while in? list))

(define (drop-while out? list)
  "(drop-while out? list): LIST from the first element on for which OUT? is false."
  (%need-procedure 'drop-while 1 out?)
  (let loop ((l list))
    (if (and (pair? l) (out? (car l)))
        (loop (cdr l))
        l)))

(define (span in? list)
  "(span in? list): two values, the first elements of LIST for which IN? is true, and the rest of it."
  (%need-procedure 'span 1 in?)
  (let loop ((l list) (front '()))
    (if (and (pair? l) (in? (car l)))
        (loop (cdr l) (cons (car l) front))
        (values (reverse front) l))))

(define (span! in? list)
  "(span! in? list): the same as span."
  (span in? list))

(define (break out? list)
  "(break out? list): two values, the first elements of LIST for which OUT? is false, and the rest of it."
  (%need-procedure 'break 1 out?)
  (span (lambda (x) (not (out? x))) list))

(define (break! out? list)
  "(break! out? list): the same as break."
  (break out? list))

(define (filter! keep? list)
  "(filter! keep? list): the same as filter."
  (filter keep? list))

(define (remove! drop? list)
  "(remove! drop? list): the same as remove."
  (remove drop? list))

(define (partition! in? list)
  "(partition! in? list): the same as partition."
  (partition in? list))

(define (delete! x list #!optional same?)
  "(delete! x list [same?]): LIST without the elements equal to X."
  (if (%default? same?) (delete x list) (delete x list same?)))

(define (delq x list)
  "(delq x list): a new list of the elements of LIST that are not eq? to X."
  (delete x list eq?))

(define (delv x list)
  "(delv x list): a new list of the elements of LIST that are not eqv? to X."
  (delete x list eqv?))

(define (delq! x list)
  "(delq! x list): LIST without the elements eq? to X."
  (if (pair? list) (delete x list eq?) list))

(define (delv! x list)
  "(delv! x list): LIST without the elements eqv? to X."
  (if (pair? list) (delete x list eqv?) list))

(define (%delete-first x list same?)
  "LIST without its first element that is SAME? as X."
  (cond ((not (pair? list)) list)
        ((same? x (car list)) (cdr list))
        (else (cons (car list) (%delete-first x (cdr list) same?)))))

(define (delq1! x list)
  "(delq1! x list): LIST without its first element eq? to X."
  (%delete-first x list eq?))

(define (delv1! x list)
  "(delv1! x list): LIST without its first element eqv? to X."
  (%delete-first x list eqv?))

(define (delete1! x list)
  "(delete1! x list): LIST without its first element equal? to X."
  (%delete-first x list equal?))

(define (delete-duplicates! list #!optional same?)
  "(delete-duplicates! list [same?]): the same as delete-duplicates."
  (if (%default? same?) (delete-duplicates list) (delete-duplicates list same?)))

;;; ---- Association lists -------------------------------------------------------------------------------------------

(define (assq-ref alist key)
  "(assq-ref alist key): the value under KEY in ALIST, found by eq?, or #f."
  (let ((pair (and (pair? alist) (sloppy-assq key alist)))) (and pair (cdr pair))))

(define (assv-ref alist key)
  "(assv-ref alist key): the value under KEY in ALIST, found by eqv?, or #f."
  (let ((pair (and (pair? alist) (sloppy-assv key alist)))) (and pair (cdr pair))))

(define (assoc-ref alist key)
  "(assoc-ref alist key): the value under KEY in ALIST, found by equal?, or #f."
  (let ((pair (and (pair? alist) (sloppy-assoc key alist)))) (and pair (cdr pair))))

(define (%sloppy key alist same?)
  "The first pair in ALIST whose car is SAME? as KEY, or #f; elements that are no pairs are passed over."
  (let loop ((l alist))
    (and (pair? l)
         (if (and (pair? (car l)) (same? (caar l) key))
             (car l)
             (loop (cdr l))))))

(define (sloppy-assq key alist)
  "(sloppy-assq key alist): as assq, but any ALIST will do."
  (%sloppy key alist eq?))

(define (sloppy-assv key alist)
  "(sloppy-assv key alist): as assv, but any ALIST will do."
  (%sloppy key alist eqv?))

(define (sloppy-assoc key alist)
  "(sloppy-assoc key alist): as assoc, but any ALIST will do."
  (%sloppy key alist equal?))

(define (%alist-set! pair alist key value)
  "ALIST with VALUE under KEY: in PAIR, if that is no #f, else in a new pair in front."
  (if pair
      (begin (set-cdr! pair value) alist)
      (acons key value alist)))

(define (assq-set! alist key value)
  "(assq-set! alist key value): ALIST with VALUE under KEY, found by eq?; use the result in place of ALIST."
  (%alist-set! (sloppy-assq key alist) alist key value))

(define (assv-set! alist key value)
  "(assv-set! alist key value): ALIST with VALUE under KEY, found by eqv?; use the result in place of ALIST."
  (%alist-set! (sloppy-assv key alist) alist key value))

(define (assoc-set! alist key value)
  "(assoc-set! alist key value): ALIST with VALUE under KEY, found by equal?; use the result in place of ALIST."
  (%alist-set! (sloppy-assoc key alist) alist key value))

(define (assq-remove! alist key)
  "(assq-remove! alist key): ALIST without the first pair for KEY, found by eq?."
  (let ((pair (sloppy-assq key alist))) (if pair (delq1! pair alist) alist)))

(define (assv-remove! alist key)
  "(assv-remove! alist key): ALIST without the first pair for KEY, found by eqv?."
  (let ((pair (sloppy-assv key alist))) (if pair (delq1! pair alist) alist)))

(define (assoc-remove! alist key)
  "(assoc-remove! alist key): ALIST without the first pair for KEY, found by equal?."
  (let ((pair (sloppy-assoc key alist))) (if pair (delq1! pair alist) alist)))

(define (alist-cons key value alist)
  "(alist-cons key value alist): ALIST with the pair of KEY and VALUE in front."
  (acons key value alist))

(define (alist-copy alist)
  "(alist-copy alist): ALIST with new pairs."
  (map (lambda (pair) (if (pair? pair) (cons (car pair) (cdr pair)) pair)) alist))

(define (alist-delete key alist #!optional same?)
  "(alist-delete key alist [same?]): the pairs of ALIST whose key is not equal to KEY."
  (let ((same? (if (%default? same?) equal? same?)))
    (remove (lambda (pair) (same? key (car pair))) alist)))

(define (alist-delete! key alist #!optional same?)
  "(alist-delete! key alist [same?]): the same as alist-delete."
  (alist-delete key alist same?))

;;; ---- Lists as sets -----------------------------------------------------------------------------------------------

(define (lset<= same? . lists)
  "(lset<= same? list ...): whether each list has all elements of the one before it."
  (%need-procedure 'lset<= 1 same?)
  (or (null? lists)
      (let loop ((a (car lists)) (rest (cdr lists)))
        (or (null? rest)
            (let ((b (car rest)))
              (and (or (eq? a b) (every (lambda (x) (%has? same? x b)) a))
                   (loop b (cdr rest))))))))

(define (%has? same? x list)
  "Whether LIST has an element Y with (SAME? X Y)."
  (let loop ((l list))
    (and (pair? l) (or (same? x (car l)) (loop (cdr l))))))

(define (%had? same? x list)
  "Whether LIST has an element Y with (SAME? Y X)."
  (let loop ((l list))
    (and (pair? l) (or (same? (car l) x) (loop (cdr l))))))

(define (lset= same? . lists)
  "(lset= same? list ...): whether all lists have the same elements."
  (%need-procedure 'lset= 1 same?)
  (or (null? lists)
      (let loop ((a (car lists)) (rest (cdr lists)))
        (or (null? rest)
            (let ((b (car rest)))
              (and (or (eq? a b)
                       (and (every (lambda (x) (%has? same? x b)) a)
                            (every (lambda (x) (%had? same? x a)) b)))
                   (loop b (cdr rest))))))))

(define (lset-adjoin same? list . elements)
  "(lset-adjoin same? list x ...): LIST with those of the elements X in front that it does not have."
  (%need-procedure 'lset-adjoin 1 same?)
  (fold (lambda (x l) (if (%had? same? x l) l (cons x l))) list elements))

(define (lset-union same? . lists)
  "(lset-union same? list ...): the elements that are in any of the lists."
  (%need-procedure 'lset-union 1 same?)
  (reduce (lambda (list union)
            (cond ((null? list) union)
                  ((null? union) list)
                  ((eq? list union) union)
                  (else (fold (lambda (x l) (if (%had? same? x l) l (cons x l))) union list))))
          '() lists))

(define (lset-union! same? . lists)
  "(lset-union! same? list ...): the same as lset-union."
  (apply lset-union same? lists))

(define (lset-intersection same? list . others)
  "(lset-intersection same? list other ...): the elements of LIST that are in all others."
  (%need-procedure 'lset-intersection 1 same?)
  (filter (lambda (x) (every (lambda (other) (%has? same? x other)) others)) list))

(define (lset-intersection! same? list . others)
  "(lset-intersection! same? list other ...): the same as lset-intersection."
  (apply lset-intersection same? list others))

(define (lset-difference same? list . others)
  "(lset-difference same? list other ...): the elements of LIST that are in no other."
  (%need-procedure 'lset-difference 1 same?)
  (filter (lambda (x) (not (any (lambda (other) (%has? same? x other)) others))) list))

(define (lset-difference! same? list . others)
  "(lset-difference! same? list other ...): the same as lset-difference."
  (apply lset-difference same? list others))

(define (lset-xor same? . lists)
  "(lset-xor same? list ...): the elements that are in an odd number of the lists."
  (%need-procedure 'lset-xor 1 same?)
  (reduce (lambda (b a)
            (append (filter (lambda (x) (not (%has? same? x a))) b)
                    (filter (lambda (x) (not (%had? same? x b))) a)))
          '() lists))

(define (lset-xor! same? . lists)
  "(lset-xor! same? list ...): the same as lset-xor."
  (apply lset-xor same? lists))

(define (lset-diff+intersection same? list . others)
  "(lset-diff+intersection same? list other ...): two values: the elements of LIST that are in no other, and the rest of them."
  (%need-procedure 'lset-diff+intersection 1 same?)
  (partition (lambda (x) (not (any (lambda (other) (%has? same? x other)) others))) list))

(define (lset-diff+intersection! same? list . others)
  "(lset-diff+intersection! same? list other ...): the same as lset-diff+intersection."
  (apply lset-diff+intersection same? list others))

;;; ---- Sorting -----------------------------------------------------------------------------------------------------

(define (sort-list list less?)
  "(sort-list list less?): a sorted copy of LIST."
  (sort list less?))

(define (sort-list! list less?)
  "(sort-list! list less?): the same as sort-list."
  (sort list less?))

(define (stable-sort! items less?)
  "(stable-sort! items less?): the same as sort!."
  (sort! items less?))

(define (merge! a b less?)
  "(merge! a b less?): the same as merge."
  (merge a b less?))

(define (restricted-vector-sort! vector less? start end)
  "(restricted-vector-sort! vector less? start end): sorts the elements of VECTOR from START to before END in place."
  (vector-copy! vector start (sort (vector-copy vector start end) less?)))
