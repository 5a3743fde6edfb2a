; Test suites. guile: same
(use-modules (srfi srfi-64))
(define r (test-runner-null))
(define seen '())
(test-runner-on-test-end! r (lambda (r) (set! seen (cons (list (test-runner-test-name r) (test-result-kind r)) seen))))
(test-with-runner r
  (test-begin "suite")
  (test-assert "yes" #t)
  (test-equal "equal" '(1 2) (list 1 2))
  (test-equal "bad" 6 (+ 2 3))
  (test-eqv 5 5)
  (test-error "error" #t (car 5))
  (test-error "key" 'wrong-type-arg (car 5))
  (test-error "no error" #t 5)
  (test-approximate "near" 1.0 1.01 0.1)
  (test-skip 1)
  (test-assert "skipped" #f)
  (test-expect-fail "known")
  (test-assert "known" #f)
  (test-group "inner" (test-assert "inside" #t) (test-assert "broken" (car 5)))
  (test-group-with-cleanup "clean" (test-assert "tidy" #t) (set! seen (cons 'cleaned seen)))
  (test-end "suite"))
(list (test-runner-pass-count r) (test-runner-fail-count r) (test-runner-xfail-count r) (test-runner-xpass-count r) (test-runner-skip-count r)) ; expect: (8 3 1 0 1)
(reverse seen)                                                               ; expect: (("yes" pass) ("equal" pass) ("bad" fail) ("" pass) ("error" pass) ("key" pass) ("no error" fail) ("near" pass) ("skipped" skip) ("known" xfail) ("inside" pass) ("broken" fail) ("tidy" pass) cleaned)
(test-runner-group-path r)                                                   ; expect: ()
(test-runner? r)                                                             ; expect: #t
(test-read-eval-string "(+ 1 2)")                                            ; expect: 3
(test-read-eval-string "1 2")                                                ; error:
