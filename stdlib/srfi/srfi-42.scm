;;; (srfi srfi-42): eager comprehensions. [SRFI 42]
;;;
;;; Each generator is a macro that hands a loop in normal form, (:do (let OUTER) LOOP TEST (let INNER) AGAIN STEPS), to the
;;; continuation that stands in its first place: (:list (K ...) x l) expands to (K ... LOOP). So loops can be run, put side by side
;;; (:parallel) and ended early (:while, :until) before they are code.

(define-module (srfi srfi-42)
  #:export (do-ec list-ec append-ec string-ec string-append-ec vector-ec vector-of-length-ec sum-ec product-ec min-ec max-ec
            any?-ec every?-ec first-ec last-ec fold-ec fold3-ec
            : :list :string :vector :integers :range :real-range :char-range :port :let :do :parallel :while :until
            :dispatched :generator-proc dispatch-union make-initial-:-dispatch :-dispatch-ref :-dispatch-set!))

;; (do-ec QUALIFIER ... COMMAND): runs COMMAND for all that the qualifiers let through.
(define-syntax do-ec
  (syntax-rules (nested if not and or begin :do)
    ((_ command) command)
    ((_ (nested q ...) etc ... command) (do-ec q ... etc ... command))
    ((_ (if test) etc ... command) (if test (do-ec etc ... command)))
    ((_ (not test) etc ... command) (if (not test) (do-ec etc ... command)))
    ((_ (and test ...) etc ... command) (if (and test ...) (do-ec etc ... command)))
    ((_ (or test ...) etc ... command) (if (or test ...) (do-ec etc ... command)))
    ((_ (begin form ...) etc ... command) (begin form ... (do-ec etc ... command)))
    ((_ (:do arg ...) etc ... command) (:do (%run (do-ec etc ... command)) arg ...))
    ((_ (generator arg ...) etc ... command) (generator (%run (do-ec etc ... command)) arg ...))))

(define-syntax %run
  (syntax-rules (:do let)
    ((_ body (:do (let (ob ...) oc ...) (lb ...) test (let (ib ...) ic ...) again (step ...)))
     (let (ob ...)
       oc ...
       (%named-loop body (lb ...) test (ib ...) (ic ...) again (step ...))))))

(define-syntax %named-loop
  (syntax-rules ()
    ((_ body ((name value) ...) test (ib ...) (ic ...) again (step ...))
     (let loop ((name value) ...)
       (if test
           (let (ib ...)
             ic ...
             body
             (if again (loop step ...))))))))

;; (:do [(let (BINDING ...) COMMAND ...)] (LOOP-BINDING ...) TEST [(let (BINDING ...) COMMAND ...)] [AGAIN] (STEP ...))
(define-syntax :do
  (syntax-rules (let)
    ((_ (k ...) (let (ob ...) oc ...) lbs test (let (ib ...) ic ...) again steps)
     (k ... (:do (let (ob ...) oc ...) lbs test (let (ib ...) ic ...) again steps)))
    ((_ k lbs test steps)
     (:do k (let ()) lbs test (let ()) #t steps))))

;; (:let NAME EXPRESSION)
(define-syntax :let
  (syntax-rules (index)
    ((_ (k ...) name (index i) expression) (k ... (:do (let ((name expression) (i 0))) () #t (let ()) #f ())))
    ((_ (k ...) name expression) (k ... (:do (let ((name expression))) () #t (let ()) #f ())))))

;; (:list NAME [(index I)] LIST ...)
(define-syntax :list
  (syntax-rules (index)
    ((_ k name (index i) arg ...) (:parallel k (:integers i) (:list name arg ...)))
    ((_ (k ...) name arg)
     (k ... (:do (let ()) ((t arg)) (not (null? t)) (let ((name (car t)))) #t ((cdr t)))))
    ((_ k name a b ...) (:list k name (append a b ...)))))

;; (:string NAME [(index I)] STRING ...)
(define-syntax :string
  (syntax-rules (index)
    ((_ (k ...) name (index i) arg)
     (k ... (:do (let ((s arg) (n 0)) (set! n (string-length s))) ((i 0)) (< i n) (let ((name (string-ref s i)))) #t ((+ i 1)))))
    ((_ k name (index i) a b ...) (:string k name (index i) (string-append a b ...)))
    ((_ k name arg ...) (:string k name (index i) arg ...))))

;; (:vector NAME [(index I)] VECTOR ...)
(define-syntax :vector
  (syntax-rules (index)
    ((_ (k ...) name (index i) arg)
     (k ... (:do (let ((v arg) (n 0)) (set! n (vector-length v))) ((i 0)) (< i n) (let ((name (vector-ref v i)))) #t ((+ i 1)))))
    ((_ k name (index i) a b ...) (:vector k name (index i) (vector-append a b ...)))
    ((_ k name arg ...) (:vector k name (index i) arg ...))))

;; (:integers NAME [(index I)]): 0, 1, 2 and so on without end.
(define-syntax :integers
  (syntax-rules (index)
    ((_ (k ...) name (index i)) (k ... (:do (let ()) ((name 0) (i 0)) #t (let ()) #t ((+ name 1) (+ i 1)))))
    ((_ (k ...) name) (k ... (:do (let ()) ((name 0)) #t (let ()) #t ((+ name 1)))))))

;; (:range NAME [(index I)] [FROM] TO [STEP]): exact numbers.
(define-syntax :range
  (syntax-rules (index)
    ((_ k name (index i) arg ...) (:parallel k (:range name arg ...) (:integers i)))
    ((_ k name to) (:range k name 0 to 1))
    ((_ k name from to) (:range k name from to 1))
    ((_ (k ...) name from to step)
     (k ... (:do (let ((a from) (b to) (s step)) (%check-range a b s))
                 ((name a)) (if (> s 0) (< name b) (> name b)) (let ()) #t ((+ name s)))))))

(define (%check-range a b s)
  "Complains unless these are the numbers of a range."
  (if (not (and (real? a) (real? b) (real? s) (not (= s 0)))) (error "these are not the bounds and the step of a range:" a b s)))

;; (:real-range NAME [(index I)] [FROM] TO [STEP]): real numbers, by multiplication.
(define-syntax :real-range
  (syntax-rules (index)
    ((_ k name to) (:real-range k name (index i) 0 to 1))
    ((_ k name (index i) to) (:real-range k name (index i) 0 to 1))
    ((_ k name (index i) from to) (:real-range k name (index i) from to 1))
    ((_ (k ...) name (index i) from to step)
     (k ... (:do (let ((a from) (b to) (s step) (n 0)) (%check-range a b s) (set! n (/ (- b a) s))
                   (if (not (exact? (* a b s))) (set! a (exact->inexact a))))
                 ((i 0)) (< i n) (let ((name (+ a (* s i))))) #t ((+ i 1)))))
    ((_ k name from to) (:real-range k name (index i) from to 1))
    ((_ k name from to step) (:real-range k name (index i) from to step))))

;; (:char-range NAME [(index I)] FROM TO): the last one counts.
(define-syntax :char-range
  (syntax-rules (index)
    ((_ k name (index i) from to) (:parallel k (:char-range name from to) (:integers i)))
    ((_ (k ...) name from to)
     (k ... (:do (let ((n (char->integer to))) ) ((c (char->integer from))) (<= c n) (let ((name (integer->char c)))) #t ((+ c 1)))))))

;; (:port NAME [(index I)] PORT [READ])
(define-syntax :port
  (syntax-rules (index)
    ((_ k name (index i) arg ...) (:parallel k (:port name arg ...) (:integers i)))
    ((_ k name port) (:port k name port read))
    ((_ (k ...) name port read)
     (k ... (:do (let ((p port) (r read))) ((name (r p))) (not (eof-object? name)) (let ()) #t ((r p)))))))

;; (:parallel GENERATOR ...): side by side, until one ends.
(define-syntax :parallel
  (syntax-rules ()
    ((_ (k ...)) (k ... (:do (let ()) () #t (let ()) #t ())))
    ((_ k (generator arg ...) more ...) (generator (%parallel-next k (more ...)) arg ...))))

(define-syntax %parallel-next
  (syntax-rules ()
    ((_ (k ...) () loop) (k ... loop))
    ((_ k ((generator arg ...) more ...) loop) (generator (%parallel-join k (more ...) loop) arg ...))))

(define-syntax %parallel-join
  (syntax-rules (:do let)
    ((_ k more
        (:do (let (ob1 ...) oc1 ...) (lb1 ...) test1 (let (ib1 ...) ic1 ...) again1 (step1 ...))
        (:do (let (ob2 ...) oc2 ...) (lb2 ...) test2 (let (ib2 ...) ic2 ...) again2 (step2 ...)))
     (%parallel-next k more
       (:do (let (ob1 ... ob2 ...) oc1 ... oc2 ...) (lb1 ... lb2 ...) (and test1 test2)
            (let (ib1 ... ib2 ...) ic1 ... ic2 ...) (and again1 again2) (step1 ... step2 ...))))))

;; (:while GENERATOR TEST): as long as TEST is true.
(define-syntax :while
  (syntax-rules ()
    ((_ k (generator arg ...) test) (generator (%while k test) arg ...))))

;; What the inner bindings bind is set before the test.
(define-syntax %while
  (syntax-rules (:do let)
    ((_ (k ...) goes-on? (:do (let (ob ...) oc ...) lbs test (let ((name value) ...) ic ...) again steps))
     (k ... (:do (let (ob ... (name #f) ...) oc ...) lbs
                 (and test (begin (set! name value) ... ic ... goes-on?))
                 (let ()) again steps)))))

;; (:until GENERATOR TEST): until TEST has been true.
(define-syntax :until
  (syntax-rules ()
    ((_ k (generator arg ...) test) (generator (%until k test) arg ...))))

(define-syntax %until
  (syntax-rules (:do let)
    ((_ (k ...) ends? (:do outer lbs test inner again steps))
     (k ... (:do outer lbs test inner (and (not ends?) again) steps)))))

;;; ---- Generators chosen by their arguments ------------------------------------------------------------------------
;;;
;;; A dispatcher is called with the list of arguments, and gives a generator procedure or #f. Such a procedure is called with an
;;; object that stands for the end, and gives the next object.

;; (: NAME [(index I)] ARGUMENT ...): a list, string, vector, range, port or generator procedure.
(define-syntax :
  (syntax-rules (index)
    ((_ k name (index i) arg ...) (:dispatched k name (index i) (:-dispatch-ref) arg ...))
    ((_ k name arg ...) (:dispatched k name (:-dispatch-ref) arg ...))))

;; (:dispatched NAME [(index I)] DISPATCHER ARGUMENT ...)
(define-syntax :dispatched
  (syntax-rules (index)
    ((_ k name (index i) dispatcher arg ...) (:parallel k (:integers i) (:dispatched name dispatcher arg ...)))
    ((_ (k ...) name dispatcher arg ...)
     (k ... (:do (let ((next (%dispatch dispatcher (list arg ...))) (end (list 'end))))
                 ((name (next end))) (not (eq? name end)) (let ()) #t ((next end)))))))

(define (%dispatch dispatcher args)
  "The generator procedure that DISPATCHER gives for ARGS."
  (or (dispatcher args) (error "there is no generator for these arguments:" args)))

;; (:generator-proc (GENERATOR ARGUMENT ...)): a generator procedure of what the generator gives.
(define-syntax-rule (:generator-proc (generator arg ...))
  (let ((rest (list-ec (generator x arg ...) x)))
    (lambda (end)
      (if (null? rest)
          end
          (let ((x (car rest))) (set! rest (cdr rest)) x)))))

(define (%from-list list)
  "A generator procedure of the elements of LIST."
  (lambda (end)
    (if (null? list)
        end
        (let ((x (car list))) (set! list (cdr list)) x))))

(define (make-initial-:-dispatch)
  "(make-initial-:-dispatch): the dispatcher that : begins with."
  (lambda (args)
    (let ((range (lambda (from to step)
                   (lambda (end)
                     (if (if (> step 0) (< from to) (> from to))
                         (let ((x from)) (set! from (+ from step)) x)
                         end)))))
      (cond ((null? args) 'SRFI42)
            ((every list? args) (%from-list (apply append args)))
            ((every string? args) (%from-list (string->list (apply string-append args))))
            ((every vector? args) (%from-list (vector->list (apply vector-append args))))
            ((and (every real? args) (<= (length args) 3))
             (case (length args)
               ((1) (range 0 (car args) 1))
               ((2) (range (car args) (cadr args) 1))
               (else (range (car args) (cadr args) (caddr args)))))
            ((and (= (length args) 2) (every char? args))
             (%from-list (map integer->char
                              (iota (max 0 (+ 1 (- (char->integer (cadr args)) (char->integer (car args))))) (char->integer (car args))))))
            ((input-port? (car args))
             (let ((port (car args)) (read (if (pair? (cdr args)) (cadr args) read)))
               (lambda (end) (let ((x (read port))) (if (eof-object? x) end x)))))
            ((and (procedure? (car args)) (null? (cdr args))) (car args))
            (else #f)))))

(define %dispatcher (list #f))

(define (:-dispatch-ref)
  "(:-dispatch-ref): the dispatcher that : uses."
  (if (not (car %dispatcher)) (set-car! %dispatcher (make-initial-:-dispatch)))
  (car %dispatcher))

(define (:-dispatch-set! dispatcher)
  "(:-dispatch-set! dispatcher): makes : use DISPATCHER."
  (if (not (procedure? dispatcher)) (%wrong-type ':-dispatch-set! 1 "a procedure" dispatcher))
  (set-car! %dispatcher dispatcher))

(define (dispatch-union first second)
  "(dispatch-union first second): a dispatcher that asks both; that both have an answer is an error."
  (lambda (args)
    (let ((a (first args)) (b (second args)))
      (if (null? args)
          (append (if (list? a) a (list a)) (if (list? b) b (list b)))
          (if (and a b) (error "two dispatchers have a generator for these arguments:" args) (or a b))))))

;;; ---- Comprehensions ----------------------------------------------------------------------------------------------

;; (fold3-ec DEFAULT QUALIFIER ... EXPRESSION FIRST REST): (FIRST x) of the first, then (REST x seed).
(define-syntax fold3-ec
  (syntax-rules ()
    ((_ default q ... expression first rest)
     (let ((empty? #t) (result #f) (f first) (r rest))
       (do-ec q ...
         (let ((x expression))
           (if empty?
               (begin (set! empty? #f) (set! result (f x)))
               (set! result (r x result)))))
       (if empty? default result)))))

;; (fold-ec SEED QUALIFIER ... EXPRESSION F): (F x seed) is the next seed.
(define-syntax fold-ec
  (syntax-rules ()
    ((_ seed q ... expression f)
     (let ((result seed) (g f))
       (do-ec q ... (set! result (g expression result)))
       result))))

;; (list-ec QUALIFIER ... EXPRESSION): the list of the values.
(define-syntax list-ec
  (syntax-rules ()
    ((_ q ... expression) (reverse (fold-ec '() q ... expression cons)))))

;; (append-ec QUALIFIER ... LIST)
(define-syntax-rule (append-ec q ...) (concatenate (list-ec q ...)))

;; (string-ec QUALIFIER ... CHAR)
(define-syntax-rule (string-ec q ...) (list->string (list-ec q ...)))

;; (string-append-ec QUALIFIER ... STRING)
(define-syntax-rule (string-append-ec q ...) (string-concatenate (list-ec q ...)))

;; (vector-ec QUALIFIER ... EXPRESSION)
(define-syntax-rule (vector-ec q ...) (list->vector (list-ec q ...)))

;; (vector-of-length-ec LENGTH QUALIFIER ... EXPRESSION)
(define-syntax vector-of-length-ec
  (syntax-rules ()
    ((_ length q ... expression)
     (let* ((n length) (v (make-vector n)) (i 0))
       (do-ec q ...
         (if (< i n)
             (begin (vector-set! v i expression) (set! i (+ i 1)))
             (error "vector-of-length-ec: there are too many values")))
       (if (= i n) v (error "vector-of-length-ec: there are too few values"))))))

;; (sum-ec QUALIFIER ... NUMBER) and (product-ec QUALIFIER ... NUMBER)
(define-syntax sum-ec
  (syntax-rules ()
    ((_ q ... expression) (fold-ec 0 q ... expression +))))

(define-syntax product-ec
  (syntax-rules ()
    ((_ q ... expression) (fold-ec 1 q ... expression *))))

;; (min-ec QUALIFIER ... NUMBER) and (max-ec QUALIFIER ... NUMBER): of at least one value.
(define-syntax min-ec
  (syntax-rules ()
    ((_ q ... expression) (fold3-ec (min) q ... expression (lambda (x) x) min))))

(define-syntax max-ec
  (syntax-rules ()
    ((_ q ... expression) (fold3-ec (max) q ... expression (lambda (x) x) max))))

;; (first-ec DEFAULT QUALIFIER ... EXPRESSION): the first value; nothing more is evaluated.
(define-syntax first-ec
  (syntax-rules ()
    ((_ default q ... expression)
     (let ((none default))
       (call/cc (lambda (return) (do-ec q ... (return expression)) none))))))

;; (last-ec DEFAULT QUALIFIER ... EXPRESSION): the last value.
(define-syntax last-ec
  (syntax-rules ()
    ((_ default q ... expression)
     (let ((result default))
       (do-ec q ... (set! result expression))
       result))))

;; (any?-ec QUALIFIER ... TEST) and (every?-ec QUALIFIER ... TEST)
(define-syntax any?-ec
  (syntax-rules ()
    ((_ q ... test) (call/cc (lambda (return) (do-ec q ... (if test (return #t))) #f)))))

(define-syntax every?-ec
  (syntax-rules ()
    ((_ q ... test) (call/cc (lambda (return) (do-ec q ... (if (not test) (return #f))) #t)))))
