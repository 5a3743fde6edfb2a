;;; Calls every procedure of a module with arguments that nobody should give it, and says which it is about to call; run by
;;; tests/awkward.rs, which interrupts what takes long.
;;;
;;; Arguments: the module as written, how often to call each procedure, a number to begin with, and names to leave out.

(define arguments (cdr (command-line)))
(define name-of-module (with-input-from-string (car arguments) read))
(define module (resolve-interface name-of-module))
(define rounds (string->number (cadr arguments)))
(define state (string->number (caddr arguments)))
(define left-out (map string->symbol (cdddr arguments)))
(define out (current-output-port))
;; What another module shares with (guile) is called there.
(define common
  (let ((table (make-hash-table)))
    (if (not (equal? name-of-module '(guile)))
        (module-for-each
          (lambda (name variable) (if (variable-bound? variable) (hashq-set! table (variable-ref variable) #t)))
          (resolve-interface '(guile))))
    table))
(define all-names (sort (map symbol->string (module-map (lambda (name variable) name) module)) string<?))

(define (random-below n)
  (set! state (modulo (+ (* state 6364136223846793005) 1442695040888963407) 18446744073709551616))
  (modulo (quotient state 4294967296) n))

(define (deep n) (let loop ((n n) (l '())) (if (= n 0) l (loop (- n 1) (list l)))))
(define (circle) (let ((l (list 1 2 3))) (set-cdr! (cddr l) l) l))
(define (knot) (let ((v (vector 1 2))) (vector-set! v 0 v) v))
(define (closed port) (close-port port) port)
(define-record-type thing (make-thing a b) thing? (a thing-a set-thing-a!) (b thing-b))

;; Each is made anew for each call, as the one before may have changed it.
(define makers
  (vector
    (lambda () 0) (lambda () 1) (lambda () 2) (lambda () 3) (lambda () -1) (lambda () 7) (lambda () 64) (lambda () 255)
    (lambda () 256) (lambda () 65535) (lambda () 1000000) (lambda () 2147483647) (lambda () -2147483648) (lambda () 4294967296)
    (lambda () 1152921504606846975) (lambda () 2305843009213693951) (lambda () -2305843009213693952)
    (lambda () 9223372036854775807) (lambda () 18446744073709551615) (lambda () (expt 2 64)) (lambda () (- (expt 2 200)))
    (lambda () 1/3) (lambda () (/ (expt 10 30) 7)) (lambda () 1.5) (lambda () -0.0) (lambda () +inf.0) (lambda () -inf.0)
    (lambda () +nan.0) (lambda () 1e300) (lambda () 1e-320) (lambda () 1+2i) (lambda () -1.5+0.5i)
    (lambda () #t) (lambda () #f) (lambda () '()) (lambda () #\a) (lambda () #\nul) (lambda () #\newline) (lambda () #\x10ffff)
    (lambda () (string)) (lambda () (string #\a)) (lambda () "constant") (lambda () (string-copy "é𝄞ß")) (lambda () (string #\nul))
    (lambda () (make-string 5000 #\a)) (lambda () (make-string 300 #\()) (lambda () "~a~s~%~100f~!") (lambda () "[a-(*\\")
    (lambda () 'a) (lambda () '||) (lambda () (string->uninterned-symbol "u")) (lambda () #:key)
    (lambda () (vector)) (lambda () (vector 1 "a" 'b)) (lambda () '#(constant)) (lambda () (make-vector 2000 0)) (lambda () (knot))
    (lambda () (bytevector)) (lambda () (bytevector 1 2 255)) (lambda () (make-bytevector 1000 200)) (lambda () (bytevector 0 0 0 0 0 0 0 0))
    (lambda () (list 1 2 3)) (lambda () (cons 1 2)) (lambda () (list 'a 'b)) (lambda () (list (cons 'a 1) (cons 'b 2)))
    (lambda () (list "x" "y")) (lambda () (list #\a #\b)) (lambda () (cons 1 (cons 2 3))) (lambda () (circle)) (lambda () (deep 20000))
    (lambda () (list (circle))) (lambda () (iota 1000)) (lambda () (list 'quote 'x)) (lambda () (list 'lambda '(x . y) 'x))
    (lambda () car) (lambda () +) (lambda () (lambda () 1)) (lambda () (lambda (x) x)) (lambda () (lambda (x y) x))
    (lambda () (lambda x x)) (lambda () (lambda x (error "from the procedure" x))) (lambda () (lambda x (values)))
    (lambda () (lambda x (values 1 2 3))) (lambda () (lambda x #f)) (lambda () list)
    (lambda () (make-hash-table)) (lambda () (let ((h (make-weak-key-hash-table))) (hash-set! h 'a 1) h))
    (lambda () (eof-object)) (lambda () (if #f #f)) (lambda () (make-parameter 1)) (lambda () (delay (car 1))) (lambda () (make-promise 1))
    (lambda () (make-thing 1 2)) (lambda () thing) (lambda () (call/cc (lambda (k) (with-exception-handler k (lambda () (car 1))))))
    (lambda () (make-exception-from-throw 'a '(1 2))) (lambda () (interaction-environment)) (lambda () (current-module))
    (lambda () (make-fluid)) (lambda () (make-variable 1)) (lambda () (make-undefined-variable)) (lambda () (make-bitvector 70 #t))
    (lambda () (char-set #\a)) (lambda () (open-input-string "some (text) ; here")) (lambda () (closed (open-input-string "x")))
    (lambda () (open-output-string)) (lambda () (closed (open-output-string))) (lambda () (open-input-bytevector (bytevector 200 1)))
    (lambda () (open-output-bytevector)) (lambda () (socket AF_UNIX SOCK_STREAM 0)) (lambda () (closed (socket AF_INET SOCK_DGRAM 0)))
    (lambda () (make-socket-address AF_INET INADDR_LOOPBACK 1)) (lambda () AF_INET) (lambda () SOCK_STREAM) (lambda () SOL_SOCKET)
    (lambda () (make-prompt-tag)) (lambda () (make-atomic-box 1)) (lambda () (datum->syntax #'here '(a b)))
    (lambda () (make-weak-vector 3)) (lambda () (make-regexp "a(b)?")) (lambda () (make-array 0 2 3)) (lambda () (f64vector 1. 2.))
    (lambda () (current-time)) (lambda () (localtime 0)) (lambda () (stat ".")) (lambda () (current-dynamic-state))))

(define (say . parts)
  (for-each (lambda (part) (display part out)) parts)
  (newline out)
  (force-output out))

(define (some-arguments count)
  (let loop ((i 0) (l '()))
    (if (= i count) l (loop (+ i 1) (cons ((vector-ref makers (random-below (vector-length makers)))) l)))))

;; How many arguments: mostly as many as it takes.
(define (counts procedure)
  (let* ((arity (procedure-minimum-arity procedure))
         (least (if arity (car arity) 0))
         (most (if arity (min 6 (+ least (cadr arity) (if (caddr arity) 3 0))) 3)))
    (list least most)))

(define interrupted 0)

(define (attempt procedure arguments)
  (catch #t
    (lambda () (call-with-values (lambda () (apply procedure arguments)) (lambda results #t)))
    (lambda (key . rest)
      ;; What never ends of its own is not tried again and again.
      (if (memq key '(signal interrupted)) (set! interrupted (+ interrupted 1)))
      #f)))

(define (try name procedure)
  ;; What waits as it was told to is not called for ever.
  (let* ((range (counts procedure)) (least (car range)) (most (cadr range))
         (end (+ (get-internal-real-time) (* 4 internal-time-units-per-second))))
    (set! interrupted 0)
    (let loop ((n 0))
      (if (and (< n rounds) (< interrupted 2) (< (get-internal-real-time) end))
          (let ((count (cond ((= n 0) 0)
                             ((= 0 (modulo n 10)) (random-below 6))
                             (else (+ least (random-below (+ 1 (- (max most least) least))))))))
            (let ((arguments (catch #t (lambda () (some-arguments count)) (lambda rest '()))))
              (attempt procedure arguments))
            (loop (+ n 1)))))))

;; An interrupt may come late, and find the driver at work.
(define (safely thunk)
  (catch #t thunk (lambda rest #f)))

(define (try-name text)
  (let* ((name (string->symbol text))
         (value (safely (lambda () (variable-ref (module-variable module name))))))
    (if (and (procedure? value) (not (hashq-ref common value)) (not (char=? (string-ref text 0) #\%)) (not (memq name left-out)))
        (begin
          (say "@@ " text)
          (try name value)))))

(for-each (lambda (text) (safely (lambda () (try-name text)))) all-names)
(say "@@done")
