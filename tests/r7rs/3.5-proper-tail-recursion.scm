; slow: loops of a million calls, each of which would collect
; Section 3.5: a call in tail position uses no space, however many there are.
(define (count-if n) (if (= n 0) 'done (count-if (- n 1))))
(count-if 1000000)                         ; expect: done
(define (even1? n) (if (= n 0) #t (odd1? (- n 1))))
(define (odd1? n) (if (= n 0) #f (even1? (- n 1))))
(even1? 1000000)                           ; expect: #t
(define (in-cond n) (cond ((= n 0) 'done) ((odd? n) (in-cond (- n 1))) (else (in-cond (- n 1)))))
(in-cond 300000)                           ; expect: done
(define (in-arrow n) (cond ((= n 0) 'done) ((- n 1) => in-arrow) (else 'no)))
(in-arrow 300000)                          ; expect: done
(define (in-case n) (case n ((0) 'done) ((1 2 3) (in-case (- n 1))) (else (in-case (- n 1)))))
(in-case 300000)                           ; expect: done
(define (in-case-arrow n) (case n ((0) 'done) (else => (lambda (m) (in-case-arrow (- m 1))))))
(in-case-arrow 300000)                     ; expect: done
(define (in-and n) (and #t (if (= n 0) 'done (in-and (- n 1)))))
(in-and 300000)                            ; expect: done
(define (in-or n) (or #f (if (= n 0) 'done (in-or (- n 1)))))
(in-or 300000)                             ; expect: done
(define (in-when n) (if (= n 0) 'done (when #t (in-when (- n 1)))))
(in-when 300000)                           ; expect: done
(define (in-unless n) (if (= n 0) 'done (unless #f (in-unless (- n 1)))))
(in-unless 300000)                         ; expect: done
(define (in-begin n) (begin 'x (if (= n 0) 'done (begin 'y (in-begin (- n 1))))))
(in-begin 300000)                          ; expect: done
(define (in-let n) (let ((m (- n 1))) (if (< m 0) 'done (in-let m))))
(in-let 300000)                            ; expect: done
(define (in-let* n) (let* ((m n) (k (- m 1))) (if (< k 0) 'done (in-let* k))))
(in-let* 300000)                           ; expect: done
(define (in-letrec n) (letrec ((f (lambda () (in-letrec (- n 1))))) (if (= n 0) 'done (f))))
(in-letrec 300000)                         ; expect: done
(define (in-named-let n) (let loop ((i n)) (if (= i 0) 'done (in-named-let (- i 1)))))
(in-named-let 300000)                      ; expect: done
(define (in-do n) (do () (#t (if (= n 0) 'done (in-do (- n 1))))))
(in-do 300000)                             ; expect: done
(define (in-let-values n) (let-values (((a b) (values n 1))) (if (= a 0) 'done (in-let-values (- a b)))))
(in-let-values 200000)                     ; expect: done
(define (in-body n) (define m (- n 1)) (if (< m 0) 'done (in-body m)))
(in-body 300000)                           ; expect: done
(define (in-apply n) (if (= n 0) 'done (apply in-apply (list (- n 1)))))
(in-apply 300000)                          ; expect: done
(define (in-apply2 n m) (if (= n 0) 'done (apply in-apply2 (- n 1) (list m))))
(in-apply2 300000 1)                       ; expect: done
(define (in-call/cc n) (if (= n 0) 'done (call/cc (lambda (k) (in-call/cc (- n 1))))))
(in-call/cc 300000)                        ; expect: done
(define (through-k n) (if (= n 0) 'done (through-k (call/cc (lambda (k) (k (- n 1)))))))
(through-k 300000)                         ; expect: done
(define (in-values n) (if (= n 0) 'done (call-with-values (lambda () (values n 1)) (lambda (a b) (in-values (- a b))))))
(in-values 300000)                         ; expect: done
(define in-case-lambda (case-lambda ((n) (if (= n 0) 'done (in-case-lambda (- n 1) 'x))) ((n x) (in-case-lambda n))))
(in-case-lambda 300000)                    ; expect: done
(define (in-closure n) (let ((f (lambda (m) (in-closure m)))) (if (= n 0) 'done (f (- n 1)))))
(in-closure 300000)                        ; expect: done
(define (cps n k) (if (= n 0) (k 'done) (cps (- n 1) (lambda (v) (k v)))))
(cps 100000 (lambda (v) v))                ; expect: done
(define-syntax my-while (syntax-rules () ((_ test body ...) (let loop () (if test (begin body ... (loop)) 'done)))))
(let ((i 0)) (my-while (< i 300000) (set! i (+ i 1)))) ; expect: done
(define (state-a n) (if (= n 0) 'done (state-b (- n 1) 'x)))
(define (state-b n y) (if (= n 0) 'done (state-c (- n 1) y 'z)))
(define (state-c n y z) (if (= n 0) 'done (state-a (- n 1))))
(state-a 900000)                           ; expect: done
(define (many-args a b c d e f g h n) (if (= n 0) (list a b c d e f g h) (many-args b c d e f g h a (- n 1))))
(many-args 1 2 3 4 5 6 7 8 100003)         ; expect: (4 5 6 7 8 1 2 3)
(define (rest-args n . rest) (if (= n 0) (length rest) (apply rest-args (- n 1) rest)))
(rest-args 100000 1 2 3)                   ; expect: 3
(let ((v (vector #f))) (vector-set! v 0 (lambda (n) (if (= n 0) 'done ((vector-ref v 0) (- n 1))))) ((vector-ref v 0) 300000)) ; expect: done
(define (in-parameterize-argument n) (if (= n 0) 'done (in-parameterize-argument (let ((p (make-parameter n))) (parameterize ((p (- n 1))) (p))))))
(in-parameterize-argument 20000)           ; expect: done
(define (eval-tail n) (if (= n 0) 'done (eval-tail (- n 1))))
(eval '(let loop ((i 0)) (if (< i 300000) (loop (+ i 1)) 'done)) (environment '(scheme base))) ; expect: done
