;;; Calls every procedure there is with huge arguments, and says when a call begins and ends; run by tests/interrupts.rs, which
;;; interrupts what takes long.
;;;
;;; Arguments: the number of the procedure to begin with, and names to leave out. An argument of a wrong type is not tried again in
;;; its place, so that soon those are left that give the procedure work.

(define arguments (cdr (command-line)))
(define index (string->number (car arguments)))
(define left-out (map string->symbol (cdr arguments)))
(define out (current-output-port))
(define nowhere (open-output-file "/dev/null"))
(define state 12345)

(define (random-below n)
  (set! state (modulo (+ (* state 6364136223846793005) 1442695040888963407) 18446744073709551616))
  (modulo (quotient state 4294967296) n))

(define (say . parts)
  (for-each (lambda (part) (display part out)) parts)
  (newline out)
  (force-output out))

(define (safely thunk) (catch #t thunk (lambda rest #f)))

(define procedures
  (let ((module (resolve-interface '(guile))))
    (list->vector
      (filter
        (lambda (entry)
          (let ((text (symbol->string (car entry))))
            (and (procedure? (cdr entry)) (not (char=? (string-ref text 0) #\%)) (not (memq (car entry) left-out)))))
        (sort (module-map (lambda (name variable) (cons name (safely (lambda () (variable-ref variable))))) module)
              (lambda (a b) (string<? (symbol->string (car a)) (symbol->string (car b)))))))))

(define (repeated text n) (string-concatenate (make-list n text)))
(define (names n) (map (lambda (i) (string->symbol (string-append "v" (number->string i)))) (iota n)))
(define (full port text) (display text port) port)
(define (table n) (let ((h (make-hash-table))) (for-each (lambda (i) (hashv-set! h i i)) (iota n)) h))

;; These are made once, and anew when a procedure may have changed them.
(define huge
  (vector
    (lambda () (iota 10000000)) (lambda () (make-list 10000000 #\a)) (lambda () (make-list 5000000 "ab"))
    (lambda () (map (lambda (i) (cons i i)) (iota 2000000))) (lambda () (make-list 3 (make-list 3000000 1)))
    (lambda () (fold (lambda (i l) (list l)) '() (iota 3000000))) (lambda () (apply circular-list (make-list 3000000 1)))
    (lambda () (make-vector 10000000 1)) (lambda () (make-vector 10000000 #\a)) (lambda () (make-string 50000000 #\a))
    (lambda () (make-string 20000000 #\é)) (lambda () (make-string 10000000 #\7)) (lambda () (make-string 10000000 #\())
    (lambda () (repeated "12 ab\n" 3000000)) (lambda () (repeated "~a~s" 3000000)) (lambda () (repeated "a/1." 5000000))
    (lambda () (repeated "(a|b)*" 20000)) (lambda () (make-bytevector 100000000 65)) (lambda () (make-bytevector 20000000 0))
    (lambda () (expt 3 20000000)) (lambda () (- (expt 7 3000000))) (lambda () (expt 2 33000000)) (lambda () (/ -1 (expt 3 15000000)))
    (lambda () (make-bitvector 100000000 #t)) (lambda () (make-f64vector 10000000 1.5)) (lambda () (make-array 1 3000 3000))
    (lambda () (table 1000000)) (lambda () char-set:full) (lambda () (string->symbol (make-string 20000000 #\|)))
    (lambda () (cons 'begin (make-list 2000000 '(car '(1))))) (lambda () (list 'quote (make-list 5000000 1)))
    (lambda () (list 'lambda (names 300000) 1)) (lambda () (cons 'cond (make-list 300000 '(#f 1))))
    (lambda () (datum->syntax #'here (iota 3000000)))))

;; These for each call.
(define fresh
  (vector
    (lambda () (open-input-string (make-string 50000000 #\a))) (lambda () (open-input-bytevector (make-bytevector 50000000 65)))
    (lambda () (full (open-output-string) (make-string 50000000 #\a))) (lambda () (open-output-string)) (lambda () (make-hash-table))
    (lambda () 0) (lambda () 1) (lambda () 16) (lambda () -1) (lambda () 10000000) (lambda () 1000000000000) (lambda () 1.5)
    (lambda () #t) (lambda () #f) (lambda () (string #\a)) (lambda () "") (lambda () #\a) (lambda () '()) (lambda () (list 1 2))
    (lambda () 'a) (lambda () car) (lambda () +) (lambda () <) (lambda () cons) (lambda () (lambda (x) x)) (lambda () (lambda x #t))
    (lambda () (lambda x #f)) (lambda () char-alphabetic?) (lambda () (interaction-environment)) (lambda () (vector 1 2 3))
    (lambda () (make-regexp "(a|aa|b)*c")) (lambda () (current-input-port)) (lambda () "UTF-16")))

(define made (make-vector (vector-length huge) #f))
(define kinds (iota (+ (vector-length huge) (vector-length fresh))))

(define (argument kind)
  (let ((small (- kind (vector-length huge))))
    (cond ((>= small 0) ((vector-ref fresh small)))
          ((vector-ref made kind) => values)
          (else (vector-set! made kind ((vector-ref huge kind))) (vector-ref made kind)))))

;; The calls of the procedure that is tried: with how many arguments, of which kinds at each place, and how many have been made.
(define count #f)
(define fitting #f)
(define calls 0)

(define (begin-with n)
  (set! count n)
  (set! fitting (make-vector n kinds))
  (set! calls 0))

(define (forget-kind! place kind)
  (let ((rest (delv kind (vector-ref fitting place))))
    (if (pair? rest) (vector-set! fitting place rest))))

(define (call name procedure)
  (let* ((chosen (map (lambda (place) (list-ref (vector-ref fitting place) (random-below (length (vector-ref fitting place))))) (iota count)))
         (arguments (map argument chosen)))
    (say "> " index " " name " " chosen)
    (let ((error (catch #t
                   (lambda ()
                     (parameterize ((current-output-port nowhere) (current-error-port nowhere))
                       (call-with-values (lambda () (apply procedure arguments)) (lambda results #f))))
                   list)))
      (say "<")
      (if (string-index (symbol->string name) #\!)
          (for-each (lambda (kind) (if (< kind (vector-length huge)) (vector-set! made kind #f))) chosen))
      (if (and (pair? error) (eq? (car error) 'wrong-type-arg))
          (let ((bad (safely (lambda () (caar (list-tail error 4))))))
            (for-each (lambda (place value kind) (if (eq? value bad) (forget-kind! place kind))) (iota count) arguments chosen)
            (set! calls (+ calls 1)))
          (set! calls (+ calls 40))))))

(define (go-on)
  (let* ((entry (vector-ref procedures index))
         (arity (or (procedure-minimum-arity (cdr entry)) '(0 0 #f)))
         (least (car arity))
         (most (min 5 (+ least (cadr arity) (if (caddr arity) 2 0)))))
    (cond ((not count) (begin-with least))
          ((< calls 400) (call (car entry) (cdr entry)))
          ((< count most) (begin-with (+ count 1)))
          (else (set! count #f) (set! index (+ index 1))))))

(for-each argument (iota (vector-length huge)))
(let again ()
  ;; An interrupt may come late, and find this program at work.
  (safely (lambda () (let loop () (if (< index (vector-length procedures)) (begin (go-on) (loop))))))
  (if (< index (vector-length procedures)) (begin (say "<") (again))))
(say "done")
