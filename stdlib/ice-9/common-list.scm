;;; (ice-9 common-list): list procedures under older names. [Guile]

(define-module (ice-9 common-list)
  #:re-export (every reduce)
  #:export (adjoin union intersection set-difference reduce-init notany notevery some and? or? find-if member-if count-if
            remove-if remove-if-not delete-if! delete-if-not! butlast has-duplicates? pick pick-mappings uniq))

(define (adjoin x list)
  "(adjoin x list): LIST with X in front, unless it has X, by eq?."
  (if (memq x list) list (cons x list)))

(define (union a b)
  "(union a b): the elements of A that B does not have, by eq?, in front of B."
  (fold adjoin b a))

(define (intersection a b)
  "(intersection a b): the elements of A that B has, by eqv?."
  (filter (lambda (x) (memv x b)) a))

(define (set-difference a b)
  "(set-difference a b): the elements of A that B does not have, by eqv?."
  (remove (lambda (x) (memv x b)) a))

(define (reduce-init f init list)
  "(reduce-init f init list): from left to right, (f seed element) is the next seed, INIT the first."
  (fold (lambda (x seed) (f seed x)) init list))

(define (some ok? list . more)
  "(some ok? list ...): the same as any."
  (apply any ok? list more))

(define (notany ok? . lists)
  "(notany ok? list ...): whether OK? is true of nothing."
  (not (apply any ok? lists)))

(define (notevery ok? . lists)
  "(notevery ok? list ...): whether OK? is false of something."
  (not (apply every ok? lists)))

(define (and? . objs)
  "(and? obj ...): whether all OBJS are true."
  (every (lambda (x) (if x #t #f)) objs))

(define (or? . objs)
  "(or? obj ...): whether any of the OBJS is true."
  (any (lambda (x) (if x #t #f)) objs))

(define (find-if wanted? list)
  "(find-if wanted? list): the same as find."
  (find wanted? list))

(define (member-if wanted? list)
  "(member-if wanted? list): the same as find-tail."
  (find-tail wanted? list))

(define (count-if wanted? list)
  "(count-if wanted? list): the same as count."
  (count wanted? list))

(define (remove-if drop? list)
  "(remove-if drop? list): the same as remove."
  (remove drop? list))

(define (remove-if-not keep? list)
  "(remove-if-not keep? list): the same as filter."
  (filter keep? list))

(define (delete-if! drop? list)
  "(delete-if! drop? list): the same as remove."
  (remove drop? list))

(define (delete-if-not! keep? list)
  "(delete-if-not! keep? list): the same as filter."
  (filter keep? list))

(define (butlast list n)
  "(butlast list n): LIST without its last N elements."
  (drop-right list n))

(define (has-duplicates? list)
  "(has-duplicates? list): whether some element is equal to another."
  (and (pair? list)
       (or (and (member (car list) (cdr list)) #t)
           (has-duplicates? (cdr list)))))

(define (pick f list)
  "(pick f list): the elements for which F is true, the last first."
  (fold (lambda (x l) (if (f x) (cons x l) l)) '() list))

(define (pick-mappings f list)
  "(pick-mappings f list): the true values that F gives, the last first."
  (fold (lambda (x l) (let ((y (f x))) (if y (cons y l) l))) '() list))

(define (uniq list)
  "(uniq list): LIST with one of each group of elements that are eq?."
  (reverse (fold (lambda (x l) (if (memq x l) l (cons x l))) '() list)))
