;;; (ice-9 q): queues. [Guile: Queues]
;;;
;;; A queue is a pair of its list and that list's last pair, or #f.

(define-module (ice-9 q)
  #:export (sync-q! make-q q? q-empty? q-empty-check q-front q-rear q-remove! q-push! enq! q-pop! deq! q-length))

(define (sync-q! q)
  "(sync-q! q): makes Q whole after its list has been changed."
  (set-cdr! q (if (pair? (car q)) (last-pair (car q)) #f))
  q)

(define (make-q)
  "(make-q): a new empty queue."
  (cons '() #f))

(define (q? obj)
  "(q? obj): whether OBJ is a queue."
  (and (pair? obj)
       (if (pair? (car obj))
           (and (list? (car obj)) (eq? (cdr obj) (last-pair (car obj))))
           (and (null? (car obj)) (not (cdr obj))))))

(define (q-empty? q)
  "(q-empty? q): whether Q has no elements."
  (null? (car q)))

(define (q-empty-check q)
  "(q-empty-check q): throws q-empty if Q has no elements."
  (if (q-empty? q) (throw 'q-empty q)))

(define (q-front q)
  "(q-front q): the first element of Q."
  (q-empty-check q)
  (caar q))

(define (q-rear q)
  "(q-rear q): the last element of Q."
  (q-empty-check q)
  (cadr q))

(define (q-remove! q obj)
  "(q-remove! q obj): takes all elements eq? to OBJ out of Q."
  (set-car! q (delq! obj (car q)))
  (sync-q! q))

(define (q-push! q obj)
  "(q-push! q obj): puts OBJ in front of Q."
  (set-car! q (cons obj (car q)))
  (if (not (cdr q)) (set-cdr! q (car q)))
  q)

(define (enq! q obj)
  "(enq! q obj): puts OBJ at the end of Q."
  (let ((pair (cons obj '())))
    (if (null? (car q))
        (set-car! q pair)
        (set-cdr! (cdr q) pair))
    (set-cdr! q pair))
  q)

(define (q-pop! q)
  "(q-pop! q): takes the first element out of Q and gives it."
  (q-empty-check q)
  (let ((first (caar q)))
    (set-car! q (cdar q))
    (if (null? (car q)) (set-cdr! q #f))
    first))

(define (deq! q)
  "(deq! q): the same as q-pop!."
  (q-pop! q))

(define (q-length q)
  "(q-length q): how many elements Q has."
  (length (car q)))
