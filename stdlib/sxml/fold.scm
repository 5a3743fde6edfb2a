;;; (sxml fold): going over SXML trees with several seeds. [Guile: SXML Tree Fold]

(define-module (sxml fold)
  #:export (foldt foldts foldts* fold-values foldts*-values))

(define (foldt up here tree)
  "(foldt up here tree): (up results) for a tree with parts, where (here leaf) is what a leaf gives."
  (if (pair? tree)
      (up (map (lambda (part) (foldt up here part)) tree))
      (here tree)))

(define (foldts down up here seed tree)
  "(foldts down up here seed tree): (down seed tree) is the seed for the parts of a tree, (up seed inner tree) what comes out of them, and
with (here seed leaf) what a leaf makes of the seed."
  (if (pair? tree)
      (let loop ((inner (down seed tree)) (parts tree))
        (if (pair? parts)
            (loop (foldts down up here inner (car parts)) (cdr parts))
            (up seed inner tree)))
      (here seed tree)))

(define (foldts* down up here seed tree)
  "(foldts* down up here seed tree): as foldts, but DOWN gives two values, a seed and the tree to go into."
  (if (pair? tree)
      (call-with-values (lambda () (down seed tree))
        (lambda (inner inside)
          (let loop ((inner inner) (parts inside))
            (if (pair? parts)
                (loop (foldts* down up here inner (car parts)) (cdr parts))
                (up seed inner tree)))))
      (here seed tree)))

(define (fold-values f list . seeds)
  "(fold-values f list seed ...): fold with several seeds: (f element seed ...) gives as many values."
  (if (null? list)
      (apply values seeds)
      (call-with-values (lambda () (apply f (car list) seeds))
        (lambda seeds (apply fold-values f (cdr list) seeds)))))

(define (foldts*-values down up here tree . seeds)
  "(foldts*-values down up here tree seed ...): foldts* with several seeds: (down tree seed ...) gives the tree to go into and the inner
seeds, (up tree seed ... inner ...) and (here leaf seed ...) give seeds."
  (if (pair? tree)
      (call-with-values (lambda () (apply down tree seeds))
        (lambda (inside . inner)
          (call-with-values
            (lambda ()
              (apply fold-values (lambda (part . inner) (apply foldts*-values down up here part inner)) inside inner))
            (lambda inner (apply up tree (append seeds inner))))))
      (apply here tree seeds)))
