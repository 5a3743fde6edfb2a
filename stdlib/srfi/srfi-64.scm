;;; (srfi srfi-64): test suites. [SRFI 64]
;;;
;;; The simple runner prints and logs what Guile's does: failures as they happen, counts at the end, all else in a file named
;;; for the suite. A test's place is where its form stands in the source.

(define-module (srfi srfi-64)
  #:export (test-begin test-end test-assert test-eqv test-eq test-equal test-approximate test-error test-apply test-with-runner
            test-match-nth test-match-all test-match-any test-match-name test-skip test-expect-fail test-read-eval-string
            test-group test-group-with-cleanup test-passed? test-result-ref test-result-set! test-result-remove
            test-result-clear test-result-kind test-result-alist test-result-alist! test-log-to-file
            test-runner-create test-runner-null test-runner-simple test-runner-current test-runner-factory test-runner-get
            test-runner? test-runner-reset test-runner-test-name test-runner-group-path test-runner-group-stack
            test-runner-group-stack! test-runner-pass-count test-runner-pass-count! test-runner-fail-count
            test-runner-fail-count! test-runner-xpass-count test-runner-xpass-count! test-runner-xfail-count
            test-runner-xfail-count! test-runner-skip-count test-runner-skip-count! test-runner-aux-value
            test-runner-aux-value! test-runner-on-test-begin test-runner-on-test-begin! test-runner-on-test-end
            test-runner-on-test-end! test-runner-on-group-begin test-runner-on-group-begin! test-runner-on-group-end
            test-runner-on-group-end! test-runner-on-final test-runner-on-final! test-runner-on-bad-count
            test-runner-on-bad-count! test-runner-on-bad-end-name test-runner-on-bad-end-name!
            test-on-test-begin-simple test-on-test-end-simple test-on-group-begin-simple test-on-group-end-simple
            test-on-final-simple test-on-bad-count-simple test-on-bad-end-name-simple))

;;; ---- Runners -----------------------------------------------------------------------------------------------------

(define-record-type (<test-runner> %keep-apart!)
  (%make-runner)
  test-runner?
  (pass test-runner-pass-count test-runner-pass-count!)
  (fail test-runner-fail-count test-runner-fail-count!)
  (xpass test-runner-xpass-count test-runner-xpass-count!)
  (xfail test-runner-xfail-count test-runner-xfail-count!)
  (skip test-runner-skip-count test-runner-skip-count!)
  ;; What says which tests are skipped or expected to fail: procedures of the runner.
  (skips %skips %skips!)
  (fails %fails %fails!)
  ;; Of test-apply: which tests are run at all, or #f.
  (only %only %only!)
  ;; The names of the open groups, the innermost first, and for each (count-at-start expected-count skips fails).
  (stack test-runner-group-stack test-runner-group-stack!)
  (frames %frames %frames!)
  (total %total %total!)
  (result test-result-alist test-result-alist!)
  (aux test-runner-aux-value test-runner-aux-value!)
  (on-test-begin test-runner-on-test-begin test-runner-on-test-begin!)
  (on-test-end test-runner-on-test-end test-runner-on-test-end!)
  (on-group-begin test-runner-on-group-begin test-runner-on-group-begin!)
  (on-group-end test-runner-on-group-end test-runner-on-group-end!)
  (on-final test-runner-on-final test-runner-on-final!)
  (on-bad-count test-runner-on-bad-count test-runner-on-bad-count!)
  (on-bad-end-name test-runner-on-bad-end-name test-runner-on-bad-end-name!))

(define (test-runner-reset runner)
  "(test-runner-reset runner): makes RUNNER as it was when it was new, but for what it calls."
  (for-each (lambda (set) (set runner 0))
            (list test-runner-pass-count! test-runner-fail-count! test-runner-xpass-count! test-runner-xfail-count!
                  test-runner-skip-count! %total!))
  (for-each (lambda (set) (set runner '()))
            (list %skips! %fails! test-runner-group-stack! %frames! test-result-alist!))
  (%only! runner #f))

(define (test-runner-null)
  "(test-runner-null): a new runner that counts, and says nothing."
  (let ((runner (%make-runner)))
    (test-runner-reset runner)
    (test-runner-aux-value! runner #f)
    (test-runner-on-test-begin! runner (lambda (runner) #f))
    (test-runner-on-test-end! runner (lambda (runner) #f))
    (test-runner-on-group-begin! runner (lambda (runner name count) #f))
    (test-runner-on-group-end! runner (lambda (runner) #f))
    (test-runner-on-final! runner (lambda (runner) #f))
    (test-runner-on-bad-count! runner (lambda (runner count expected) #f))
    (test-runner-on-bad-end-name! runner (lambda (runner begun ended) #f))
    runner))

(define (test-runner-simple)
  "(test-runner-simple): a new runner that prints failures and counts, and logs everything to a file."
  (let ((runner (test-runner-null)))
    (test-runner-on-test-begin! runner test-on-test-begin-simple)
    (test-runner-on-test-end! runner test-on-test-end-simple)
    (test-runner-on-group-begin! runner test-on-group-begin-simple)
    (test-runner-on-group-end! runner test-on-group-end-simple)
    (test-runner-on-final! runner test-on-final-simple)
    (test-runner-on-bad-count! runner test-on-bad-count-simple)
    (test-runner-on-bad-end-name! runner test-on-bad-end-name-simple)
    runner))

(define test-runner-current (make-parameter #f))

(define test-runner-factory (make-parameter test-runner-simple))

(define (test-runner-create)
  "(test-runner-create): a new runner, from (test-runner-factory)."
  ((test-runner-factory)))

(define (test-runner-get)
  "(test-runner-get): the current runner, which there must be."
  (or (test-runner-current) (error "test-runner-get: test-begin is missing, there is no current test runner")))

(define (test-runner-group-path runner)
  "(test-runner-group-path runner): the names of the open groups of RUNNER, the outermost first."
  (reverse (test-runner-group-stack runner)))

(define (test-runner-test-name runner)
  "(test-runner-test-name runner): the name of the test, or an empty string."
  (test-result-ref runner 'test-name ""))

;; Tests, and what is true of the runner's tests now.

(define* (test-result-ref runner property #:optional (default #f))
  "(test-result-ref runner property [default]): what is known under PROPERTY of the test that RUNNER runs or has run last."
  (let ((pair (assq property (test-result-alist runner))))
    (if pair (cdr pair) default)))

(define (test-result-set! runner property value)
  "(test-result-set! runner property value): notes VALUE under PROPERTY of the test."
  (let ((pair (assq property (test-result-alist runner))))
    (if pair
        (set-cdr! pair value)
        (test-result-alist! runner (append (test-result-alist runner) (list (cons property value)))))))

(define (test-result-remove runner property)
  "(test-result-remove runner property): forgets what is noted under PROPERTY of the test."
  (test-result-alist! runner (remove (lambda (pair) (eq? (car pair) property)) (test-result-alist runner))))

(define (test-result-clear runner)
  "(test-result-clear runner): forgets all that is noted of the test."
  (test-result-alist! runner '()))

(define* (test-result-kind #:optional (runner (test-runner-get)))
  "(test-result-kind [runner]): how the last test ended: pass, fail, xpass, xfail or skip."
  (test-result-ref runner 'result-kind))

(define* (test-passed? #:optional (runner (test-runner-get)))
  "(test-passed? [runner]): whether the last test passed, expectedly or not."
  (if (memq (test-result-kind runner) '(pass xpass)) #t #f))

;;; ---- Groups ------------------------------------------------------------------------------------------------------

(define* (test-begin name #:optional count)
  "(test-begin name [count]): opens a group of tests, COUNT of them if that is given."
  (if (not (test-runner-current))
      (let ((runner (test-runner-create)))
        (test-runner-current runner)
        ;; This runner goes when its last group is closed.
        (%own-runner! runner)))
  (let ((runner (test-runner-current)))
    ((test-runner-on-group-begin runner) runner name count)
    (%frames! runner (cons (list (%total runner) count (%skips runner) (%fails runner)) (%frames runner)))
    (test-runner-group-stack! runner (cons name (test-runner-group-stack runner)))))

(define %owned (make-weak-key-hash-table))

(define (%own-runner! runner)
  "Notes that RUNNER was made by test-begin."
  (hashq-set! %owned runner #t))

(define* (test-end #:optional name)
  "(test-end [name]): closes the innermost group, which should have that NAME."
  (let* ((runner (test-runner-get)) (groups (test-runner-group-stack runner)))
    (if (null? groups) (error "test-end: no test group is open" name))
    (if (and name (not (equal? name (car groups))))
        ((test-runner-on-bad-end-name runner) runner (car groups) name))
    (let* ((frame (car (%frames runner))) (expected (cadr frame)) (count (- (%total runner) (car frame))))
      (if (and expected (not (= expected count)))
          ((test-runner-on-bad-count runner) runner count expected))
      ((test-runner-on-group-end runner) runner)
      (test-runner-group-stack! runner (cdr groups))
      (%frames! runner (cdr (%frames runner)))
      (%skips! runner (caddr frame))
      (%fails! runner (cadddr frame))
      (if (null? (cdr groups))
          (begin
            ((test-runner-on-final runner) runner)
            (if (hashq-ref %owned runner) (test-runner-current #f)))))))

;; (test-group NAME BODY ...): a group around BODY, unless it is to be skipped.
(define-syntax-rule (test-group name body ...)
  (%group name (lambda () body ...) #f))

;; (test-group-with-cleanup NAME BODY ... CLEANUP): as test-group; CLEANUP is done however BODY ends.
(define-syntax test-group-with-cleanup
  (syntax-rules ()
    ((_ name body cleanup) (%group name (lambda () body) (lambda () cleanup)))
    ((_ name first second rest ...) (%with-cleanup name (first) second rest ...))))

(define-syntax %with-cleanup
  (syntax-rules ()
    ((_ name (body ...) cleanup) (%group name (lambda () body ...) (lambda () cleanup)))
    ((_ name (body ...) next rest ...) (%with-cleanup name (body ... next) rest ...))))

(define (%group name body cleanup)
  "Runs BODY as a group called NAME, then CLEANUP, if there is one."
  (let ((runner (or (test-runner-current) (let ((runner (test-runner-create))) (test-runner-current runner) (%own-runner! runner) runner))))
    (test-result-alist! runner (list (cons 'test-name name)))
    (if (%wanted? runner)
        (dynamic-wind
          (lambda () (test-begin name))
          body
          (lambda ()
            (if cleanup (cleanup))
            (test-end name))))))

;;; ---- Which tests are run -----------------------------------------------------------------------------------------

(define (%specifier x)
  "The procedure of a runner that a test specifier stands for."
  (cond ((procedure? x) x)
        ((exact-integer? x) (test-match-nth 1 x))
        ((string? x) (test-match-name x))
        (else (error "this should be a test specifier: a procedure, a number or a name:" x))))

(define* (test-match-nth n #:optional (count 1))
  "(test-match-nth n [count]): a specifier of COUNT tests from the Nth on that it is asked about."
  (let ((seen 0))
    (lambda (runner)
      (set! seen (+ seen 1))
      (and (>= seen n) (< seen (+ n count))))))

(define (test-match-name name)
  "(test-match-name name): a specifier of the tests with that NAME."
  (lambda (runner) (equal? name (test-runner-test-name runner))))

(define (test-match-all . specifiers)
  "(test-match-all specifier ...): a specifier of the tests that all specifiers match."
  (let ((tests (map %specifier specifiers)))
    (lambda (runner) (fold (lambda (test all?) (and (test runner) all?)) #t tests))))

(define (test-match-any . specifiers)
  "(test-match-any specifier ...): a specifier of the tests that any specifier matches."
  (let ((tests (map %specifier specifiers)))
    (lambda (runner) (fold (lambda (test any?) (or (test runner) any?)) #f tests))))

(define (test-skip . specifiers)
  "(test-skip specifier ...): tests that all specifiers match are not run, until the group ends."
  (let ((runner (test-runner-get)))
    (%skips! runner (cons (apply test-match-all specifiers) (%skips runner)))))

(define (test-expect-fail . specifiers)
  "(test-expect-fail specifier ...): tests that all specifiers match are expected to fail, until the group ends."
  (let ((runner (test-runner-get)))
    (%fails! runner (cons (apply test-match-all specifiers) (%fails runner)))))

(define (%any-matches? tests runner)
  "Whether one of TESTS is true of RUNNER; all are asked, as they may count."
  (fold (lambda (test any?) (or (test runner) any?)) #f tests))

(define (%wanted? runner)
  "Whether the test that is about to begin is to be run."
  (let ((only? (or (not (%only runner)) (%any-matches? (%only runner) runner)))
        (skip? (%any-matches? (%skips runner) runner)))
    (and only? (not skip?))))

(define (test-apply first . rest)
  "(test-apply [runner] specifier ... thunk): calls THUNK with only those tests run that some specifier matches."
  (if (test-runner? first)
      (test-with-runner first (apply test-apply rest))
      (let* ((runner (test-runner-current))
             (all (cons first rest))
             (thunk (last all))
             (specifiers (map %specifier (drop-right all 1))))
        (if (not runner)
            (let ((runner (test-runner-create)))
              (test-with-runner runner (apply test-apply all))
              ((test-runner-on-final runner) runner))
            (let ((saved (%only runner)))
              (%only! runner (if (null? specifiers) saved specifiers))
              (thunk)
              (%only! runner saved))))))

;; (test-with-runner RUNNER BODY ...): runs BODY with RUNNER as the current runner.
(define-syntax-rule (test-with-runner runner body ...)
  (let ((saved (test-runner-current)) (new runner))
    (dynamic-wind
      (lambda () (test-runner-current new))
      (lambda () body ...)
      (lambda () (test-runner-current saved)))))

;;; ---- Tests -------------------------------------------------------------------------------------------------------

(define (%run-test place form name test)
  "Runs a test: (TEST runner) notes values and says whether it passed."
  (let ((runner (or (test-runner-current) (let ((runner (test-runner-create))) (test-runner-current runner) runner))))
    (test-result-alist! runner
      (append (if name (list (cons 'test-name name)) '())
              (if place (list (cons 'source-file (car place)) (cons 'source-line (cdr place))) '())
              (list (cons 'source-form form))))
    (if (not (%wanted? runner))
        (%finish runner 'skip)
        (let ((fail? (%any-matches? (%fails runner) runner)))
          (if fail? (test-result-set! runner 'result-kind 'xfail))
          ((test-runner-on-test-begin runner) runner)
          (let ((passed? (test runner)))
            (%finish runner (if fail? (if passed? 'xpass 'xfail) (if passed? 'pass 'fail))))))))

(define (%finish runner kind)
  "Notes and counts that a test ended as KIND says."
  (test-result-set! runner 'result-kind kind)
  (if (eq? kind 'skip) ((test-runner-on-test-begin runner) runner))
  ((test-runner-on-test-end runner) runner)
  (%total! runner (+ (%total runner) 1))
  (case kind
    ((pass) (test-runner-pass-count! runner (+ (test-runner-pass-count runner) 1)))
    ((fail) (test-runner-fail-count! runner (+ (test-runner-fail-count runner) 1)))
    ((xpass) (test-runner-xpass-count! runner (+ (test-runner-xpass-count runner) 1)))
    ((xfail) (test-runner-xfail-count! runner (+ (test-runner-xfail-count runner) 1)))
    (else (test-runner-skip-count! runner (+ (test-runner-skip-count runner) 1)))))

(define (%value runner thunk)
  "The value of THUNK, which is noted; or #f when it fails, and the error is noted."
  (catch #t
    (lambda ()
      (let ((value (thunk)))
        (test-result-set! runner 'actual-value value)
        value))
    (lambda (key . args)
      (test-result-set! runner 'actual-value #f)
      (test-result-set! runner 'actual-error (cons key args))
      #f)))

(define (%test-assert place form name thunk)
  (%run-test place form name (lambda (runner) (%value runner thunk))))

(define (%test-compare place form name same? expected thunk)
  (%run-test place form name
    (lambda (runner)
      (let* ((wanted (expected)) (actual (%value runner thunk)))
        (test-result-set! runner 'expected-value wanted)
        (and (not (test-result-ref runner 'actual-error))
             (same? wanted actual))))))

(define (%test-error place form name type thunk)
  (%run-test place form name
    (lambda (runner)
      (let ((type (type)))
        (let ((passed?
               (guard (object
                       (#t
                        (test-result-set! runner 'actual-error (%error-list object))
                        (%error-matches? type object)))
                 (test-result-set! runner 'actual-value (thunk))
                 #f)))
          (test-result-set! runner 'expected-error type)
          passed?)))))

(define (%error-list object)
  "The key and the arguments of a raised OBJECT, as catch gives them."
  (catch #t (lambda () (raise-object object)) list))

(define (%error-matches? type object)
  "Whether the error type TYPE of test-error describes the raised OBJECT."
  (cond ((boolean? type) type)
        ((symbol? type) (catch #t (lambda () (raise-object object)) (lambda (key . args) (eq? key type))))
        ((procedure? type) (and (type object) #t))
        (else #t)))

(define (%test-syntax form run)
  "What the test form FORM expands to: RUN with the place, the form as a datum, and what stands in it."
  (with-syntax ((run run)
                (place (%place-syntax form))
                (whole (datum->syntax form (list 'quote (syntax->datum form)))))
    (syntax-case form ()
      ((_ . args) #'(run place whole . args)))))

(define (%place-syntax form)
  "A datum for the file and line where FORM stands, or #f."
  (let* ((source (syntax-source form))
         (file (and source (assq 'filename source)))
         (line (and source (assq 'line source))))
    (datum->syntax form
      (if (and file line) (list 'quote (cons (cdr file) (+ 1 (cdr line)))) #f))))

;; (test-assert [NAME] EXPRESSION): passes if EXPRESSION is true.
(define-syntax test-assert
  (lambda (form) (%test-syntax form #'%assert)))

;; (test-eq [NAME] EXPECTED EXPRESSION), and with eqv? and equal?
(define-syntax test-eq
  (lambda (form) (%test-syntax form #'%eq)))

(define-syntax test-eqv
  (lambda (form) (%test-syntax form #'%eqv)))

(define-syntax test-equal
  (lambda (form) (%test-syntax form #'%equal)))

;; (test-approximate [NAME] EXPECTED EXPRESSION ERROR): passes if the number is at most ERROR from the expected one.
(define-syntax test-approximate
  (lambda (form) (%test-syntax form #'%approximate)))

;; (test-error [[NAME] TYPE] EXPRESSION): passes if EXPRESSION raises an error: of TYPE, which is #t, a key or a predicate.
(define-syntax test-error
  (lambda (form) (%test-syntax form #'%error)))

(define-syntax %assert
  (syntax-rules ()
    ((_ place form name expression) (%test-assert place form name (lambda () expression)))
    ((_ place form expression) (%test-assert place form #f (lambda () expression)))))

(define-syntax %eq
  (syntax-rules ()
    ((_ place form name expected expression) (%test-compare place form name eq? (lambda () expected) (lambda () expression)))
    ((_ place form expected expression) (%test-compare place form #f eq? (lambda () expected) (lambda () expression)))))

(define-syntax %eqv
  (syntax-rules ()
    ((_ place form name expected expression) (%test-compare place form name eqv? (lambda () expected) (lambda () expression)))
    ((_ place form expected expression) (%test-compare place form #f eqv? (lambda () expected) (lambda () expression)))))

(define-syntax %equal
  (syntax-rules ()
    ((_ place form name expected expression) (%test-compare place form name equal? (lambda () expected) (lambda () expression)))
    ((_ place form expected expression) (%test-compare place form #f equal? (lambda () expected) (lambda () expression)))))

(define-syntax %approximate
  (syntax-rules ()
    ((_ place form name expected expression error)
     (%test-compare place form name (%within error) (lambda () expected) (lambda () expression)))
    ((_ place form expected expression error)
     (%test-compare place form #f (%within error) (lambda () expected) (lambda () expression)))))

(define (%within error)
  "A comparison of numbers, real or not, that may be ERROR apart."
  (lambda (expected actual)
    (and (number? actual)
         (<= (abs (- (real-part expected) (real-part actual))) error)
         (<= (abs (- (imag-part expected) (imag-part actual))) error))))

(define-syntax %error
  (syntax-rules ()
    ((_ place form name type expression) (%test-error place form name (lambda () type) (lambda () expression)))
    ((_ place form type expression) (%test-error place form #f (lambda () type) (lambda () expression)))
    ((_ place form expression) (%test-error place form #f (lambda () #t) (lambda () expression)))))

(define (test-read-eval-string string)
  "(test-read-eval-string string): the value of the one expression that STRING holds."
  (let* ((port (open-input-string string)) (form (read port)))
    (if (eof-object? (read-char port))
        (eval form (interaction-environment))
        (error "test-read-eval-string: more than one expression in" string))))

;;; ---- The simple runner -------------------------------------------------------------------------------------------

(define test-log-to-file (make-parameter #t))

(define (%log runner)
  "The port to which RUNNER logs, or #f."
  (let ((log (test-runner-aux-value runner)))
    (and (port? log) (output-port? log) log)))

(define (test-on-group-begin-simple runner name count)
  "(test-on-group-begin-simple runner name count): what the simple runner does when a group begins."
  (if (null? (test-runner-group-stack runner))
      (begin
        (display "%%%% Starting test ")
        (display name)
        (let ((file (test-log-to-file)))
          (if file
              (let* ((file (if (string? file) file (string-append (%file-name name) ".log")))
                     (port (open-output-file file)))
                (display "%%%% Starting test " port)
                (display name port)
                (newline port)
                (test-runner-aux-value! runner port)
                (display "  (Writing full log to \"")
                (display file)
                (display "\")"))))
        (newline)))
  (if (%log runner)
      (begin (display "Group begin: " (%log runner))
             (display name (%log runner))
             (newline (%log runner)))))

(define (%shown obj)
  "OBJ as display writes it."
  (call-with-output-string (lambda (port) (display obj port))))

(define (%file-name name)
  "The name of a suite as the name of a file."
  (string-map (lambda (c) (if (memv c '(#\/ #\nul)) #\_ c)) (if (string? name) name (%shown name))))

(define (test-on-group-end-simple runner)
  "(test-on-group-end-simple runner): what the simple runner does when a group ends."
  (if (%log runner)
      (begin (display "Group end: " (%log runner))
             (display (car (test-runner-group-stack runner)) (%log runner))
             (newline (%log runner)))))

(define (test-on-test-begin-simple runner)
  "(test-on-test-begin-simple runner): what the simple runner does when a test begins."
  (let ((log (%log runner)))
    (if log
        (begin
          (display "Test begin:" log)
          (newline log)
          (for-each (lambda (pair) (if (memq (car pair) '(test-name source-file source-line source-form)) (%log-property pair log)))
                    (test-result-alist runner))))))

(define (%log-property pair port)
  "Writes what is known of a test to the log."
  (display "  " port)
  (display (car pair) port)
  (display ": " port)
  (write (cdr pair) port)
  (newline port))

(define (test-on-test-end-simple runner)
  "(test-on-test-end-simple runner): what the simple runner does when a test ends."
  (let ((log (%log runner)) (kind (test-result-kind runner)))
    (if (memq kind '(fail xpass))
        (begin
          (if (test-result-ref runner 'source-file)
              (begin (display (test-result-ref runner 'source-file))
                     (display ":")
                     (display (test-result-ref runner 'source-line))
                     (display ": ")))
          (display (if (eq? kind 'xpass) "XPASS" "FAIL"))
          (if (not (equal? (test-runner-test-name runner) ""))
              (begin (display " ") (display (test-runner-test-name runner))))
          (newline)))
    (if log
        (begin
          (display "Test end:" log)
          (newline log)
          (%log-property (cons 'result-kind kind) log)
          (for-each (lambda (pair)
                      (if (not (memq (car pair) '(test-name source-file source-line source-form result-kind)))
                          (%log-property pair log)))
                    (test-result-alist runner))))))

(define (test-on-final-simple runner)
  "(test-on-final-simple runner): what the simple runner does when the last group has ended: it prints the counts."
  (%print-counts runner (current-output-port))
  (let ((log (%log runner)))
    (if log
        (begin (%print-counts runner log)
               (close-port log)
               (test-runner-aux-value! runner #f)))))

(define (%print-counts runner port)
  "Writes how many tests ended in which way, as far as any did."
  (for-each
    (lambda (what count)
      (if (> (count runner) 0)
          (begin (display what port)
                 (display (count runner) port)
                 (newline port))))
    '("# of expected passes      " "# of expected failures    " "# of unexpected successes " "# of unexpected failures  "
      "# of skipped tests        ")
    (list test-runner-pass-count test-runner-xfail-count test-runner-xpass-count test-runner-fail-count
          test-runner-skip-count)))

(define (test-on-bad-count-simple runner count expected)
  "(test-on-bad-count-simple runner count expected): what the simple runner does about a wrong number of tests."
  (for-each
    (lambda (port)
      (display "*** Total number of tests was " port)
      (display count port)
      (display " but should be " port)
      (display expected port)
      (display ". ***" port)
      (newline port)
      (display "*** Discrepancy indicates testsuite error or exceptions. ***" port)
      (newline port))
    (if (%log runner) (list (current-output-port) (%log runner)) (list (current-output-port)))))

(define (test-on-bad-end-name-simple runner begun ended)
  "(test-on-bad-end-name-simple runner begun ended): what the simple runner does about a wrong name in test-end."
  (error (string-append "test-end " (%shown ended) " does not match test-begin " (%shown begun))))
