;;; (srfi srfi-1): Lists. [SRFI 1]

(define-library (srfi srfi-1)
  (import (sockeye core))
  (export
    alist-cons alist-copy alist-delete any append append! append-map append-reverse assoc assq assv break caaaar
    caaadr caaar caadar caaddr caadr caar cadaar cadadr cadar caddar cadddr caddr cadr car car+cdr cdaaar cdaadr
    cdaar cdadar cdaddr cdadr cdar cddaar cddadr cddar cdddar cddddr cdddr cddr cdr circular-list circular-list?
    concatenate cons cons* count delete delete! delete-duplicates dotted-list? drop drop-right drop-while eighth
    every fifth filter filter! filter-map find find-tail first fold fold-right for-each fourth iota last last-pair
    length length+ list list-copy list-index list-ref list-tabulate list= lset-adjoin lset-diff+intersection
    lset-difference lset-intersection lset-union lset-xor lset<= lset= make-list map map-in-order member memq memv
    ninth not-pair? null-list? null? pair-fold pair-fold-right pair-for-each pair? partition proper-list? reduce
    reduce-right remove reverse reverse! second set-car! set-cdr! seventh sixth span split-at take take-right
    take-while tenth third unfold unfold-right unzip1 unzip2 unzip3 unzip4 unzip5 xcons zip alist-delete!
    append-map! append-reverse! break! concatenate! delete-duplicates! drop-right! lset-diff+intersection!
    lset-difference! lset-intersection! lset-union! lset-xor! map! partition! remove! span! split-at! take!
    take-while!))
