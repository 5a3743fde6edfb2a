; Modules from files: select, prefix, rename; @ and @@; reflection.
; guile: same
(add-to-load-path "data")
(use-modules (shop goods) ((shop goods) #:prefix g:) ((shop goods) #:select ((total . sum))))
(use-modules ((shop goods) #:renamer (symbol-prefix-proc 'r:)))
(write (list (total 'tea 'cake) (outside) (g:total 'tea) (sum 'cake) (r:total 'tea 'tea))) ; prints: (7 inside 2 5 4)
(write (let ((good 'tea)) (priced good))) ; prints: (good 2 (filtered 1))
(write (list (filter 3) (delete 4) (fold + 0 '(1 2)))) ; prints: ((filtered 3) (deleted 4) 3)
(write (@@ (shop goods) secret)) ; prints: secret
(set! (@@ (shop goods) secret) 'known)
(write (optional 1 2)) ; prints: (known 1 2)
(write ((@ (shop prices) price) 'tea)) ; prints: 2
(write (module-ref (resolve-module '(shop prices)) 'prices)) ; prints: ((tea . 2) (cake . 5))
(write (module-bound? (resolve-interface '(shop goods)) 'secret)) ; prints: #f
(write (module-name (resolve-module '(shop goods)))) ; prints: (shop goods)
(write (sort (map symbol->string (module-map (lambda (name variable) name) (resolve-interface '(shop prices)))) string<?)) ; prints: ("price" "prices")
(define (uses-later x) (reduce x))
(define old-car car)
(define (car x) (list 'mine (old-car x)))
(define (reduce x) (car (list x)))
(write (uses-later 1)) ; prints: (mine 1)
(define-module (other) #:export (zz yy))
(define zz 12)
(define-syntax yy (identifier-syntax (+ zz 1)))
(define-module (guile-user))
(use-modules (other))
(write (list zz yy)) ; prints: (12 13)
(write (eval '(begin (define hidden 5) (* hidden 2)) (resolve-module '(other)))) ; prints: 10
(write (defined? 'hidden)) ; prints: #f
(write (@@ (other) hidden)) ; prints: 5
(module-define! (current-module) 'made 1)
(write made) ; prints: 1
(load "data/loaded.scm")
(write loaded) ; prints: "loaded"
(write (module-name (current-module))) ; prints: (guile-user)
(write (include-from-path "loaded-too.scm")) ; prints: 3
