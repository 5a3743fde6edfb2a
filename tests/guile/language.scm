; Modules, fluids, prompts, setters, macros.
; guile: same
(define-syntax try (syntax-rules () ((_ e) (catch #t (lambda () (write e) (newline)) (lambda args (write args) (newline))))))
(define-syntax-parameter it (lambda (s) (syntax-violation 'it "outside" s)))
(define-syntax-rule (aif c a b) (let ((x c)) (if x (syntax-parameterize ((it (identifier-syntax x))) a) b)))
(try (aif (+ 1 2) (list it) 0)) ; prints: (3)
(define-syntax-parameter ret (syntax-rules ()))
(define-syntax-rule (with-ret body ...) (call/cc (lambda (k) (syntax-parameterize ((ret (syntax-rules () ((_ x) (k x))))) body ...))))
(try (with-ret (for-each (lambda (x) (if (odd? x) (ret x))) '(2 3 4)) 'none)) ; prints: 3
(define-macro (swap! a b) `(let ((tmp ,a)) (set! ,a ,b) (set! ,b tmp)))
(define x 1)
(define y 2)
(swap! x y)
(try (list x y)) ; prints: (2 1)
(defmacro inc! (v . n) `(set! ,v (+ ,v ,(if (null? n) 1 (car n)))))
(define z 1)
(inc! z)
(inc! z 5)
(try z) ; prints: 7
(try (let ((i 0) (l '())) (while (< i 10) (set! i (+ i 1)) (if (= i 3) (continue)) (if (= i 6) (break)) (set! l (cons i l))) l)) ; prints: (5 4 2 1)
(try (while #f 1)) ; prints: #f
(try (while #t (break 1 2))) ; prints: 1
(try (while #t (break))) ; prints: #t
(define f (make-fluid 1))
(try (list (fluid-ref f) (with-fluids ((f 2)) (fluid-set! f (+ (fluid-ref f) 1)) (fluid-ref f)) (fluid-ref f) (fluid? f))) ; prints: (1 3 1 #t)
(define p (make-parameter 1 (lambda (x) (* 2 x))))
(try (list (p) (parameterize ((p 5)) (p)) (p))) ; prints: (2 10 2)
(define f (make-fluid 7))
(define fp (fluid->parameter f))
(try (list (fp) (parameterize ((fp 8)) (fluid-ref f)))) ; prints: (7 8)
(use-modules (ice-9 control))
(try (% (+ 1 (abort 5)) (lambda (k v) (k (* v 2))))) ; prints: 11
(use-modules (ice-9 control))
(try (reset (+ 1 (shift k (k (k 5)))))) ; prints: 7
(use-modules (ice-9 control))
(try (reset (list 1 (shift k (list 'x (k 2) (k 3)))))) ; prints: (x (1 2) (1 3))
(use-modules (ice-9 control))
(try (let/ec k (for-each (lambda (x) (if (> x 2) (k x))) '(1 2 3 4)) 'none)) ; prints: 3
(try (call-with-prompt 'foo (lambda () (+ 1 (abort-to-prompt 'foo 1 2))) (lambda (k a b) (list a b (k 10))))) ; prints: (1 2 11)
(try (let ((tag (make-prompt-tag "x"))) (call-with-prompt tag (lambda () (dynamic-wind (lambda () (display "i")) (lambda () (abort-to-prompt tag)) (lambda () (display "o")))) (lambda (k) 'done)))) ; prints: iodone
(try (abort-to-prompt 'nope 1)) ; prints: (misc-error "abort" "Abort to unknown prompt" (nope) #f)
(define v (make-procedure-with-setter (lambda (x) (car x)) (lambda (x y) (set-car! x y))))
(define l (list 1 2))
(set! (v l) 9)
(try (list l (v l) (procedure-with-setter? v))) ; prints: ((9 2) 9 #t)
(use-modules (srfi srfi-17))
(define l (list 1 2))
(set! (car l) 5)
(set! (cadr l) 6)
(try l) ; prints: (5 6)
(try ((compose car cdr) '(1 2 3))) ; prints: 2
(try (and=> 5 1+)) ; prints: 6
(try (map (const 5) '(1 2))) ; prints: (5 5)
(try (list (thunk? (lambda () 1)) (thunk? car) (thunk? (lambda x x)))) ; prints: (#t #f #t)
(try (procedure-minimum-arity (lambda* (a b #:optional c . d) 1))) ; prints: (2 1 #t)
(define (foo x) "doc" x)
(try (list (procedure-name foo) (procedure-documentation foo))) ; prints: (foo "doc")
(try (module-name (current-module))) ; prints: (guile-user)
(module-define! (current-module) 'zork 5)
(try zork) ; prints: 5
(try (module-bound? (current-module) 'nonexistent-thing)) ; prints: #f
(try (eval '(* 6 7) (interaction-environment))) ; prints: 42
(try (primitive-eval '(+ 1 2))) ; prints: 3
(try (eval-string "(+ 1 2) (* 3 4)")) ; prints: 12
(try (procedure? (module-ref (resolve-interface '(srfi srfi-1) #:prefix 's:) 's:fold))) ; prints: #t
(try (module-ref (current-module) 'nope 'default)) ; prints: default
(define q 1)
(module-set! (current-module) 'q 2)
(try q) ; prints: 2
(define q 1)
(try (variable-ref (module-variable (current-module) 'q))) ; prints: 1
(try (cond-expand (guile 'guile) (else 'other))) ; prints: guile
(try (+ 1 (values 2 3))) ; prints: 3
(try (begin (values 1 2))) ; prints: 1
(try (call-with-values (lambda () (values)) list)) ; prints: ()
(define-public dp 5)
(try dp) ; prints: 5
(define-values (a . b) (values 1 2 3))
(try (list a b)) ; prints: (1 (2 3))
(use-modules (ice-9 receive))
(try (receive (a . rest) (values 1 2 3) (list a rest))) ; prints: (1 (2 3))
(use-modules (ice-9 atomic))
(define b (make-atomic-box 1))
(try (list (atomic-box-swap! b 2) (atomic-box-ref b) (atomic-box-compare-and-swap! b 2 3) (atomic-box-ref b))) ; prints: (1 2 2 3)
(use-modules (ice-9 curried-definitions))
(define ((add a) b) (+ a b))
(try ((add 1) 2)) ; prints: 3
(define-syntax ten (identifier-syntax 10))
(try (+ ten 1)) ; prints: 11
(define-syntax swap (lambda (x) (syntax-case x () ((_ a b) #'(let ((t a)) (set! a b) (set! b t))))))
(define t 1)
(define u 2)
(swap t u)
(try (list t u)) ; prints: (2 1)
(define-syntax foo (lambda (x) (syntax-case x () ((k name) (with-syntax ((id (datum->syntax #'k (symbol-append 'my- (syntax->datum #'name))))) #'(define id 42))))))
(foo thing)
(try my-thing) ; prints: 42
(define-syntax m (lambda (x) (syntax-case x () ((_ a) (identifier? #'a) #''id) ((_ a) #''other))))
(try (list (m x) (m 5))) ; prints: (id other)
(define-syntax m (lambda (x) (syntax-case x () ((_ a ...) (let ((n (length #'(a ...)))) #`(list #,n a ...))))))
(try (m 1 2 3)) ; prints: (3 1 2 3)
(define-syntax m (lambda (x) (syntax-case x () ((_ (a b) ...) #'(list (cons a b) ...)))))
(try (m (1 2) (3 4))) ; prints: ((1 . 2) (3 . 4))
(define-syntax while2 (lambda (x) (syntax-case x () ((_ c b ...) #`(let loop () (when c b ... (loop)))))))
(define i 0)
(while2 (< i 3) (set! i (+ i 1)))
(try i) ; prints: 3
(define-syntax my-or (syntax-rules () ((_) #f) ((_ e) e) ((_ e r ...) (let ((t e)) (if t t (my-or r ...))))))
(define t 5)
(try (my-or #f t)) ; prints: 5
(define-syntax be-like-begin (syntax-rules () ((_ name) (define-syntax name (syntax-rules () ((_ expr (... ...)) (begin expr (... ...))))))))
(be-like-begin seq)
(try (seq 1 2 3)) ; prints: 3
(define-syntax m (lambda (x) (syntax-case x (else) ((_ else) #''else) ((_ y) #''y))))
(try (list (m else) (m foo))) ; prints: (else foo)
(define-syntax m (lambda (x) (with-ellipsis ::: (syntax-case x () ((_ a :::) #'(list a :::))))))
(try (m 1 2)) ; prints: (1 2)
(try (syntax->datum #'(a b))) ; prints: (a b)
(try (bound-identifier=? #'a #'a)) ; prints: #t
(try (let-syntax ((foo (syntax-rules () ((_ x) (* x 2))))) (foo 5))) ; prints: 10
(try (letrec-syntax ((ev? (syntax-rules () ((_) #t) ((_ x r ...) (od? r ...)))) (od? (syntax-rules () ((_) #f) ((_ x r ...) (ev? r ...))))) (ev? 1 2 3))) ; prints: #f
(define-syntax v (make-variable-transformer (lambda (x) (syntax-case x (set!) ((set! _ e) #'(list 'set e)) (_ #''ref)))))
(try (list v (set! v 5))) ; prints: (ref (set 5))
(eval-when (expand load eval) (define (helper x) (* x 2)))
(define-syntax m (lambda (x) (syntax-case x () ((_ n) (datum->syntax x (helper (syntax->datum #'n)))))))
(try (m 21)) ; prints: 42
(try (let loop ((i 0)) (if (< i 10) (loop (+ i 1)) i))) ; prints: 10
(try (do ((i 0 (+ i 1)) (s 0 (+ s i))) ((= i 4) s))) ; prints: 6
(try (case 5 ((1 2) 'a) ((5) => (lambda (x) (list x))) (else 'c))) ; prints: (5)
(try ((case-lambda ((a) (list a)) ((a b) (list a b)) ((a . r) (list a r))) 1 2 3)) ; prints: (1 (2 3))
(define x (delay (begin (display "once") 5)))
(try (list (force x) (force x))) ; prints: once(5 5)
(define s (make-string 2 #\a))
(try (string-length s)) ; prints: 2
(define (f) (define a 1) (display a) (define b 2) (+ a b))
(try (f)) ; prints: 13
(try (call-with-current-continuation (lambda (k) (dynamic-wind (lambda () (display 1)) (lambda () (k 5)) (lambda () (display 2)))))) ; prints: 125
(try (let* ((x 1) (y (+ x 1))) (define z 3) (list x y z))) ; prints: (1 2 3)
(try (let () (define-values (a b) (values 1 2)) (+ a b))) ; prints: 3
(try (catch 'wrong-type-arg (lambda () (vector-ref '(1) 0)) (lambda (k . args) k))) ; prints: wrong-type-arg
(try (string->number "abc")) ; prints: #f
(try (version)) ; prints: "3.0.8"
