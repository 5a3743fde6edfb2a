;;; Guardians, which watch over objects and give those back that nothing else holds. The watching is the collector's.

(define (make-guardian)
  "(make-guardian): a new guardian, a procedure. With an object it begins to watch over it; without, it gives an object that it
has watched over and that the program has no other way to reach, or #f when a collection has found none. What it gives it watches
over no longer. [Guile: Guardians]"
  (let ((state (%make-guardian)))
    (define guardian
      (case-lambda
        (() (%guarded state))
        ((obj) (%guard! state obj))))
    guardian))
