(define (f x)
  (list x "unfinished))
(f 1)
