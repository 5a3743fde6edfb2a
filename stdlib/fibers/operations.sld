;;; (fibers operations): what a fiber may wait for, as values that can be chosen among and wrapped. [guile-fibers]
;;;
;;; To wait for several things at once a fiber opens one wait and puts an entry for each of them where it will be found:
;;; #(wait operation message). Whoever ends the wait says by which entry; the others mean nothing from then on.

(define-library (fibers operations)
  (import (sockeye core))
  (export
    make-base-operation wrap-operation choice-operation perform-operation operation?
    %base-operation %silent-operation)
  (begin
    ;;;
    ;;; A base operation is #(tag wrap try enter custom?): (try) gives #f or a thunk of the values, (enter entry) puts an
    ;;; entry where it will be found. WRAP is #f or a procedure the values go through. For those of make-base-operation
    ;;; enter is called as Guile has it, with a flag, a scheduler and a procedure that resumes.

    (define-record-type (<operation> %keep-apart!) (%make-operation wrap try enter custom? choices)
      operation?
      (wrap %operation-wrap)
      (try %operation-try)
      (enter %operation-enter)
      (custom? %operation-custom?)
      (choices %operation-choices))

    (define (make-base-operation wrap try block)
      "(make-base-operation wrap try block): the operation for which (try) gives #f or a thunk of its values; to wait, (block
    flag scheduler resume) arranges that (resume thunk) is called once it can go on. WRAP, if not #f, takes the values."
      (%make-operation wrap try block #t #f))

    (define (%base-operation try enter)
      "An operation of the library, whose value is what its entry is woken with."
      (%make-operation #f try enter #f #f))

    (define (%silent-operation try enter)
      "The same, without values."
      (%make-operation #f try enter 'silent #f))

    (define (wrap-operation operation f)
      "(wrap-operation operation f): as OPERATION, but its values go through F."
      (if (not (operation? operation)) (%wrong-type 'wrap-operation 1 "an operation" operation))
      (let ((choices (%operation-choices operation))
            (wrap (%operation-wrap operation)))
        (if choices
            (%make-operation #f #f #f #f (map (lambda (choice) (wrap-operation choice f)) choices))
            (%make-operation (if wrap (lambda vals (call-with-values (lambda () (apply wrap vals)) f)) f)
                             (%operation-try operation) (%operation-enter operation) (%operation-custom? operation) #f))))

    (define (choice-operation . operations)
      "(choice-operation operation ...): goes on with whichever of the operations can first, and does no other."
      (%make-operation #f #f #f #f
        (append-map (lambda (operation)
                      (if (not (operation? operation)) (%wrong-type 'choice-operation 1 "an operation" operation))
                      (or (%operation-choices operation) (list operation)))
                    operations)))

    (define (%finish operation thunk)
      "The values of THUNK, as OPERATION passes them on."
      (let ((wrap (%operation-wrap operation)))
        (if wrap (call-with-values thunk wrap) (thunk))))

    (define (perform-operation operation)
      "(perform-operation operation): waits until the operation can be done, and gives its values."
      (if (not (operation? operation)) (%wrong-type 'perform-operation 1 "an operation" operation))
      (let* ((choices (or (%operation-choices operation) (list operation)))
             (choices (if (and (pair? choices) (pair? (cdr choices))) (%rotate choices) choices)))
        (let try ((l choices))
          (if (null? l)
              (%block choices)
              (let ((thunk ((%operation-try (car l)))))
                (if thunk
                    (%finish (car l) thunk)
                    (try (cdr l))))))))

    (define (%rotate list)
      "LIST from a random place on, and then what was before: no choice is always asked first."
      (let ((k (random (length list))))
        (append (list-tail list k) (list-head list k))))

    (define (%block choices)
      "Waits for one of the operations CHOICES."
      (let ((wait (%open-wait)))
        (let enter ((l choices))
          (if (and (pair? l) (not (%wait-over? wait)))
              (let* ((operation (car l))
                     (entry (vector wait operation #f)))
                (if (eq? (%operation-custom? operation) #t)
                    ((%operation-enter operation) (%make-flag wait) #f (lambda (thunk) (%wake! entry thunk)))
                    ((%operation-enter operation) entry))
                (enter (cdr l)))))
        (let ((woken (%park wait)))
          (if (not (pair? woken))
              ;; Interrupted: whatever it was, it has not happened.
              (perform-operation (%make-operation #f #f #f #f choices))
              (let ((operation (vector-ref (car woken) 1))
                    (value (cdr woken)))
                (%finish operation
                  (case (%operation-custom? operation)
                    ((#t) value)
                    ((silent) values)
                    (else (lambda () value)))))))))

    (define (%make-flag wait)
      "What make-base-operation's block procedures get as their flag: an atomic box that tells whether the wait is over."
      (%make-box (if (%wait-over? wait) 'S 'W)))))
