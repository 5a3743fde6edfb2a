;;; (sxml transform): making other trees of SXML trees by rules. [Guile: Transforming SXML]
;;;
;;; Rules are an association list from the name of an element to a procedure of the element's parts, or to *preorder* or *macro* and a
;;; procedure, or to a list of rules that hold inside and a procedure. *default* and *text* stand for what has no rule.

(define-module (sxml transform)
  #:export (SRV:send-reply foldts post-order pre-post-order replace-range))

(define (SRV:send-reply . fragments)
  "(SRV:send-reply fragment ...): displays the strings, numbers and characters in trees and calls thunks; whether there was anything."
  (let loop ((fragments fragments) (any? #f))
    (cond ((null? fragments) any?)
          ((not (car fragments)) (loop (cdr fragments) any?))
          ((null? (car fragments)) (loop (cdr fragments) any?))
          ((eq? #t (car fragments)) (loop (cdr fragments) #t))
          ((pair? (car fragments)) (loop (cdr fragments) (or (loop (car fragments) #f) any?)))
          ((procedure? (car fragments)) ((car fragments)) (loop (cdr fragments) #t))
          (else (display (car fragments)) (loop (cdr fragments) #t)))))

(define (%rule name rules)
  "The rule for NAME, or that for what has none."
  (or (assq name rules)
      (assq '*default* rules)
      (error "Unknown binding for " name " and no default")))

(define (pre-post-order tree rules)
  "(pre-post-order tree rules): what the rules make of TREE: of an element's parts first, and then of the element, unless its rule
says *preorder* or *macro*."
  (cond ((null? tree) '())
        ((not (pair? tree))
         (let ((rule (or (assq '*text* rules) (error "Unknown binding for *text* and no default"))))
           ((cdr rule) '*text* tree)))
        ((not (symbol? (car tree))) (map (lambda (part) (pre-post-order part rules)) tree))
        (else
         (let* ((rule (cdr (%rule (car tree) rules))))
           (cond ((not (pair? rule))
                  (apply rule (car tree) (pre-post-order (cdr tree) rules)))
                 ((eq? (car rule) '*preorder*) (apply (cdr rule) tree))
                 ((eq? (car rule) '*macro*) (pre-post-order (apply (cdr rule) tree) rules))
                 (else (apply (cdr rule) (car tree) (pre-post-order (cdr tree) (append (car rule) rules)))))))))

(define (post-order tree rules)
  "(post-order tree rules): what the rules make of TREE; of an element's parts first."
  (pre-post-order tree
    (map (lambda (rule)
           (if (or (eq? (car rule) '*text*) (not (pair? (cdr rule)))) rule (cons (car rule) (cdr rule))))
         rules)))

(define (foldts down up here seed tree)
  "(foldts down up here seed tree): goes over TREE: (down seed tree) is the seed for the parts, (up seed inner tree) what comes out of
them, (here seed leaf) what a leaf makes of the seed."
  (cond ((null? tree) seed)
        ((not (pair? tree)) (here seed tree))
        (else
         (let loop ((inner (down seed tree)) (parts (cdr tree)))
           (if (pair? parts)
               (loop (foldts down up here inner (car parts)) (cdr parts))
               (up seed inner tree))))))

(define (replace-range begin? end? forest)
  "(replace-range begin? end? forest): FOREST with each run of trees from one for which (begin? tree) is not #f, which is what stands in
its place and behind it, up to one for which (end? tree) is not #f, which is what follows."
  (define (outside forest keep)
    (cond ((null? forest) (keep '()))
          ((begin? (car forest))
           => (lambda (new) (append (keep (if (pair? new) new '())) (inside (cdr forest)))))
          ((and (pair? (car forest)) (symbol? (caar forest)))
           (cons (cons (caar forest) (outside (cdar forest) (lambda (rest) rest))) (outside (cdr forest) keep)))
          (else (cons (car forest) (outside (cdr forest) keep)))))
  (define (inside forest)
    (cond ((null? forest) '())
          ((end? (car forest)) => (lambda (new) (append (if (pair? new) new '()) (outside (cdr forest) (lambda (rest) rest)))))
          (else (inside (cdr forest)))))
  (outside forest (lambda (rest) rest)))
