;;; Calls each procedure of a library with a huge argument at each place, small ones beside it, and says when a call begins and ends;
;;; run by tests/interrupts.rs, which interrupts what takes long. There is one huge thing at a time, so that it is not the collector
;;; that takes long.
;;;
;;; Arguments: the library, an expression for the huge argument, the number of the procedure to begin with, and names to leave out.

(define (datum text) (call-with-input-string text read))

(define library (datum (list-ref (command-line) 1)))
(define expression (datum (list-ref (command-line) 2)))
(define first-index (string->number (list-ref (command-line) 3)))
(define left-out (map string->symbol (list-tail (command-line) 4)))
(define out (current-output-port))
(define nowhere (open-output-file "/dev/null"))

(define (say . parts)
  (for-each (lambda (part) (display part out)) parts)
  (newline out)
  (force-output out))

(define (safely thunk) (catch #t thunk list))

(define (before? a b) (string<? (symbol->string (car a)) (symbol->string (car b))))

;; Names and procedures; another library's are those that it does not share with (guile).
(define entries
  (let* ((bound (lambda (name variable) (cons name (and (variable-bound? variable) (variable-ref variable)))))
         (all (lambda (library) (module-map bound (resolve-interface library))))
         (common (if (equal? library '(guile)) '() (map cdr (all '(guile)))))
         (fit? (lambda (entry)
                 (and (procedure? (cdr entry))
                      (not (memq (cdr entry) common))
                      (not (memq (car entry) left-out))))))
    (list->vector (filter fit? (sort (all library) before?)))))

(define the-huge #f)

;; A port is read from its beginning again.
(define (huge)
  (if (or (not the-huge) (and (port? the-huge) (port-closed? the-huge)))
      (set! the-huge (eval expression (interaction-environment))))
  (if (port? the-huge) (seek the-huge 0 SEEK_SET))
  the-huge)

(define (small state)
  (let ((choice (list "ab" 0 1 #\a 'a car (lambda (x) x) (lambda x #t) (list 1 2) #f '() (bytevector 1 2) (vector 1 2) (make-hash-table))))
    (list-ref choice (random (length choice) state))))

;; The lists of arguments to try with a procedure, each as a procedure that makes it; always the same.
(define (tries procedure state)
  (let* ((arity (or (procedure-minimum-arity procedure) '(0 0 #f)))
         (least (car arity))
         (most (+ least (cadr arity) (if (caddr arity) 2 0))))
    (append-map
      (lambda (count)
        (cons
          (lambda () (make-list count (huge)))
          (append-map
            (lambda (place)
              (let ((beside (lambda () (map (lambda (i) (if (= i place) (huge) (small state))) (iota count)))))
                (if (= count 1) '() (make-list 5 beside))))
            (iota (min count 3)))))
      (filter (lambda (count) (<= least count most)) (delete-duplicates (list (max 1 least) (+ least 1) 2 3))))))

(define (try index name procedure arguments)
  (say "> " index " " name " of " (length arguments) ", at " (list-index (lambda (argument) (eq? argument the-huge)) arguments))
  (let ((result (safely (lambda ()
                          (parameterize ((current-output-port nowhere) (current-error-port nowhere))
                            (call-with-values (lambda () (apply procedure arguments)) (lambda results #f)))))))
    (say "<")
    ;; Whatever has an effect may have changed it.
    (if (and (string-index (symbol->string name) #\!) (not (and result (eq? (car result) 'wrong-type-arg))))
        (set! the-huge #f))))

;; The procedure that is tried, and what is still to be tried with it; #f before it begins.
(define index first-index)
(define pending #f)

(define (go-on)
  (let ((entry (vector-ref entries index)))
    (cond ((not pending) (set! pending (tries (cdr entry) (seed->random-state index))))
          ((null? pending)
           (set! pending #f)
           (set! index (+ index 1)))
          (else
            (let ((make (car pending)))
              (set! pending (cdr pending))
              (try index (car entry) (cdr entry) (make)))))))

(huge)
;; An interrupt may come late, and find this program at work.
(while (< index (vector-length entries))
  (safely (lambda () (while (< index (vector-length entries)) (go-on))))
  (say "<"))
(say "done")
