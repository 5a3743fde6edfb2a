;;; (rnrs lists): list procedures under R6RS's names. [R6RS libraries 3]

(define-module (rnrs lists)
  #:re-export (find filter partition fold-right member memv memq assoc assv assq cons*)
  #:export (for-all exists fold-left remp remv remq memp assp)
  #:replace (remove))

(define (for-all ok? list . more)
  "(for-all ok? list ...): the same as every."
  (apply every ok? list more))

(define (exists ok? list . more)
  "(exists ok? list ...): the same as any."
  (apply any ok? list more))

(define (fold-left f seed list . more)
  "(fold-left f seed list ...): from left to right, (f seed element ...) is the next seed; the last one is the answer."
  (let loop ((lists (cons list more)) (seed seed))
    (if (any null? lists)
        seed
        (loop (map cdr lists) (apply f seed (map car lists))))))

(define (remp drop? list)
  "(remp drop? list): the elements of LIST for which DROP? is false."
  ((@ (guile) remove) drop? list))

(define (remove x list)
  "(remove x list): the elements of LIST that are not equal to X."
  (delete x list))

(define (remv x list)
  "(remv x list): the elements of LIST that are not eqv? to X."
  (delv x list))

(define (remq x list)
  "(remq x list): the elements of LIST that are not eq? to X."
  (delq x list))

(define (memp wanted? list)
  "(memp wanted? list): the part of LIST that begins with the first element for which WANTED? is true, or #f."
  (find-tail wanted? list))

(define (assp wanted? alist)
  "(assp wanted? alist): the first pair of ALIST whose car makes WANTED? true, or #f."
  (find (lambda (pair) (wanted? (car pair))) alist))
