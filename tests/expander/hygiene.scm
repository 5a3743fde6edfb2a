; Section 4.3: macros never capture and are never captured.
(let ((=> #f)) (cond (#t => 'ok)))         ; expect: ok
(let-syntax ((given-that (syntax-rules () ((_ test stmt1 stmt2 ...) (if test (begin stmt1 stmt2 ...)))))) (let ((if #t)) (given-that if (set! if 'now)) if)) ; expect: now
(let ((x 'outer)) (let-syntax ((m (syntax-rules () ((m) x)))) (let ((x 'inner)) (m)))) ; expect: outer
(define x 'global)
(define-syntax get-x (syntax-rules () ((_) x)))
(let ((x 'local)) (get-x))                 ; expect: global
(define (f) (define x 'internal) (get-x))
(f)                                        ; expect: global
(set! x 'changed)
(get-x)                                    ; expect: changed
(define-syntax set-x! (syntax-rules () ((_ v) (set! x v))))
(let ((x 'local)) (set-x! 'via-macro) (list x (get-x))) ; expect: (local via-macro)
(define-syntax bind-x (syntax-rules () ((_ e) (let ((x 'from-macro)) e))))
(let ((x 'mine)) (bind-x x))               ; expect: mine
(define-syntax with-name (syntax-rules () ((_ n e) (let ((n 'given)) e))))
(with-name x x)                            ; expect: given
(define-syntax two-temps (syntax-rules () ((_ a b) (let ((t a)) (let ((u b)) (list t u))))))
(let ((t 1) (u 2)) (two-temps t u))        ; expect: (1 2)
(let ((t 1) (u 2)) (two-temps u t))        ; expect: (2 1)
(define-syntax nest-temp (syntax-rules () ((_ e) (let ((t 1)) (nest-temp2 t e)))))
(define-syntax nest-temp2 (syntax-rules () ((_ a e) (let ((t 2)) (list a t e)))))
(let ((t 3)) (nest-temp t))                ; expect: (1 2 3)
(define-syntax make-getter (syntax-rules () ((_ name val) (begin (define hidden val) (define (name) hidden)))))
(make-getter get-a 1)
(make-getter get-b 2)
(list (get-a) (get-b))                     ; expect: (1 2)
(let () (make-getter ga 1) (make-getter gb 2) (list (ga) (gb))) ; expect: (1 2)
(define hidden 'user)
(make-getter get-c 3)
hidden                                     ; expect: user
(define-syntax def-macro (syntax-rules () ((_ name val) (define-syntax name (syntax-rules () ((_) val))))))
(def-macro seven 7)
(seven)                                    ; expect: 7
(let ((y 'here)) (def-macro get-y y) (let ((y 'there)) (get-y))) ; expect: here
(define-syntax my-define (syntax-rules () ((_ n v) (define n v))))
(let () (my-define a 1) (my-define b (+ a 1)) (list a b)) ; expect: (1 2)
(let ((else #t)) (case 5 ((1) 'one) (else 'other))) ; error: case
(let loop ((i 0)) (define-syntax inc (syntax-rules () ((_ v) (+ v 1)))) (if (< i 5) (loop (inc i)) i)) ; expect: 5
(let ((if (lambda (a b c) (list 'if a b c)))) (define-syntax m (syntax-rules () ((_ a) (if a 1 2)))) (m #t)) ; expect: (if #t 1 2)
(define-syntax shadow-list (syntax-rules () ((_ e) (list e 'built-in))))
(let ((list vector)) (shadow-list 1))      ; expect: (1 built-in)
(define-syntax my-or2 (syntax-rules () ((_ a b) (let ((t a)) (if t t b)))))
(let ((t 5)) (my-or2 #f t))                ; expect: 5
(let ((if list) (t 6)) (my-or2 #f t))      ; expect: 6
(let ((let list)) (my-or2 #f 7))           ; expect: 7
(define-syntax loop-until (syntax-rules () ((_ id init test ret step) (letrec ((loop (lambda (id) (if test ret (loop step))))) (loop init)))))
(loop-until x 1 (> x 100) x (* x 2))       ; expect: 128
(let ((loop 'mine)) (loop-until x 0 (= x 3) loop (+ x 1))) ; expect: mine
(define-syntax kw (syntax-rules (key) ((_ key) 'keyword) ((_ x) 'other)))
(kw key)                                   ; expect: keyword
(let ((key 1)) (kw key))                   ; expect: other
(define-syntax jabberwocky (syntax-rules () ((_ hatter) (begin (define march-hare 42) (define-syntax hatter (syntax-rules () ((_) march-hare)))))))
(jabberwocky mad-hatter)
(mad-hatter)                               ; expect: 42
(define-syntax gen (syntax-rules () ((_ n) (gen2 n tmp))))
(define-syntax gen2 (syntax-rules () ((_ n t) (let ((t n)) (let ((tmp 'no)) t)))))
(gen 5)                                    ; expect: 5
(define-syntax rec-temps (syntax-rules () ((_ () (t ...) (v ...)) (let ((t v) ...) (list t ...))) ((_ (e rest ...) (t ...) (v ...)) (rec-temps (rest ...) (t ... new) (v ... e)))))
(rec-temps (1 2 3) () ())                  ; expect: (1 2 3)
(define-syntax my-do-times (syntax-rules () ((_ n body ...) (let loop ((i 0)) (if (< i n) (begin body ... (loop (+ i 1))))))))
(let ((i 0)) (my-do-times 3 (set! i (+ i 10))) i) ; expect: 30
(define-syntax define-pair (syntax-rules () ((_ a b v) (define-values (a b) (values v v)))))
(define-pair p1 p2 9)
(list p1 p2)                               ; expect: (9 9)
(define-syntax quoted (syntax-rules () ((_ a) '(a b c))))
(quoted x)                                 ; expect: (x b c)
(eq? (car (quoted zzz)) 'zzz)              ; expect: #t
(define-syntax m-record (syntax-rules () ((_ name make pred get) (define-record-type name (make field) pred (field get)))))
(m-record thing make-thing thing? thing-field)
(thing-field (make-thing 5))               ; expect: 5
(define-syntax guard-it (syntax-rules () ((_ e) (guard (x (#t (list 'caught x))) e))))
(let ((x 'user)) (guard-it (raise x)))     ; expect: (caught user)
(define-syntax param-it (syntax-rules () ((_ p v e) (parameterize ((p v)) e))))
(let ((q (make-parameter 1))) (param-it q 2 (q))) ; expect: 2
