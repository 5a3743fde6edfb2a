;;; (srfi srfi-132): sorting. [SRFI 132]
;;;
;;; All sorts here are stable, whatever their name promises.

(define-module (srfi srfi-132)
  #:replace (list-sort vector-sort vector-sort!)
  #:export (list-sorted? vector-sorted? list-stable-sort list-sort! list-stable-sort! vector-stable-sort vector-stable-sort!
            list-merge list-merge! vector-merge vector-merge! list-delete-neighbor-dups list-delete-neighbor-dups!
            vector-delete-neighbor-dups vector-delete-neighbor-dups! vector-find-median vector-find-median! vector-select!
            vector-separate!))

(define (%part vector start end)
  "The elements of VECTOR from START (or 0) to before END (or its end)."
  (vector-copy vector (or start 0) (or end (vector-length vector))))

(define (list-sorted? less? list)
  "(list-sorted? less? list): whether no element is LESS? than the one before it."
  (sorted? list less?))

(define* (vector-sorted? less? vector #:optional start end)
  "(vector-sorted? less? vector [start [end]]): whether no element from START to before END is LESS? than the one before it."
  (sorted? (vector->list (%part vector start end)) less?))

(define (list-sort less? list)
  "(list-sort less? list): a sorted list of the elements of LIST."
  (sort list less?))

(define (list-stable-sort less? list)
  "(list-stable-sort less? list): the same as list-sort."
  (sort list less?))

(define (list-sort! less? list)
  "(list-sort! less? list): the same as list-sort."
  (sort list less?))

(define (list-stable-sort! less? list)
  "(list-stable-sort! less? list): the same as list-sort."
  (sort list less?))

(define* (vector-sort less? vector #:optional start end)
  "(vector-sort less? vector [start [end]]): a sorted vector of the elements of VECTOR from START to before END."
  (sort (%part vector start end) less?))

(define* (vector-stable-sort less? vector #:optional start end)
  "(vector-stable-sort less? vector [start [end]]): the same as vector-sort."
  (vector-sort less? vector start end))

(define* (vector-sort! less? vector #:optional start end)
  "(vector-sort! less? vector [start [end]]): sorts the elements of VECTOR from START to before END in place."
  (vector-copy! vector (or start 0) (vector-sort less? vector start end)))

(define* (vector-stable-sort! less? vector #:optional start end)
  "(vector-stable-sort! less? vector [start [end]]): the same as vector-sort!."
  (vector-sort! less? vector start end))

(define (list-merge less? a b)
  "(list-merge less? a b): the sorted lists A and B as one; of equals those of A come first."
  (merge a b less?))

(define (list-merge! less? a b)
  "(list-merge! less? a b): the same as list-merge."
  (merge a b less?))

(define* (vector-merge less? a b #:optional start1 end1 start2 end2)
  "(vector-merge less? a b [start1 [end1 [start2 [end2]]]]): the sorted vectors A and B as one."
  (list->vector (merge (vector->list (%part a start1 end1)) (vector->list (%part b start2 end2)) less?)))

(define* (vector-merge! less? to a b #:optional start start1 end1 start2 end2)
  "(vector-merge! less? to a b [start [start1 [end1 [start2 [end2]]]]]): puts the sorted vectors A and B as one into TO, from START
on."
  (vector-copy! to (or start 0) (vector-merge less? a b start1 end1 start2 end2)))

(define (list-delete-neighbor-dups same? list)
  "(list-delete-neighbor-dups same? list): LIST without elements that are SAME? as the one before them."
  (if (null? list)
      '()
      (let loop ((last (car list)) (l (cdr list)) (kept (cons (car list) '())))
        (cond ((null? l) (reverse kept))
              ((same? last (car l)) (loop last (cdr l) kept))
              (else (loop (car l) (cdr l) (cons (car l) kept)))))))

(define (list-delete-neighbor-dups! same? list)
  "(list-delete-neighbor-dups! same? list): the same as list-delete-neighbor-dups."
  (list-delete-neighbor-dups same? list))

(define* (vector-delete-neighbor-dups same? vector #:optional start end)
  "(vector-delete-neighbor-dups same? vector [start [end]]): a vector of the elements from START to before END without those that
are SAME? as the one before them."
  (list->vector (list-delete-neighbor-dups same? (vector->list (%part vector start end)))))

(define* (vector-delete-neighbor-dups! same? vector #:optional start end)
  "(vector-delete-neighbor-dups! same? vector [start [end]]): the same in place; the answer is the place behind the last one kept."
  (let ((kept (vector-delete-neighbor-dups same? vector start end)))
    (vector-copy! vector (or start 0) kept)
    (+ (or start 0) (vector-length kept))))

(define* (vector-find-median less? vector knil #:optional (mean (lambda (a b) (/ (+ a b) 2))))
  "(vector-find-median less? vector knil [mean]): the middle element of VECTOR when it is sorted; of two the MEAN, of none KNIL."
  (let ((n (vector-length vector)))
    (if (= n 0)
        knil
        (let ((sorted (sort vector less?)) (k (quotient n 2)))
          (if (odd? n)
              (vector-ref sorted k)
              (mean (vector-ref sorted (- k 1)) (vector-ref sorted k)))))))

(define* (vector-find-median! less? vector knil #:optional (mean (lambda (a b) (/ (+ a b) 2))))
  "(vector-find-median! less? vector knil [mean]): as vector-find-median; VECTOR is sorted then."
  (vector-sort! less? vector)
  (vector-find-median less? vector knil mean))

(define* (vector-select! less? vector k #:optional (start 0) end)
  "(vector-select! less? vector k [start [end]]): element K of the elements from START to before END when they are sorted."
  (vector-sort! less? vector start end)
  (vector-ref vector (+ start k)))

(define* (vector-separate! less? vector k #:optional (start 0) end)
  "(vector-separate! less? vector k [start [end]]): puts the K least of the elements from START to before END in front of the
others."
  (vector-sort! less? vector start end))
