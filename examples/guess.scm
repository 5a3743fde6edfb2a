;; A guessing game: the program guesses a number you think of, by halving.
;;
;;     sockeye examples/guess.scm
;;
;; Answer with h (my guess is too high), l (too low) or y (yes, that is it). Plain R7RS: it runs on any Scheme.

(import (scheme base) (scheme write) (scheme char))

(define (ask . parts)
  (for-each display parts)
  (flush-output-port)
  (let ((line (read-line)))
    (if (or (eof-object? line) (string=? line ""))
        line
        (char-downcase (string-ref line 0)))))

(define (say . parts)
  (for-each display parts)
  (newline))

;; The number is known to lie between LOW and HIGH, both included.
(define (guess low high tries)
  (if (> low high)
      (say "That cannot be: no number is left. One of your answers was wrong.")
      (let* ((middle (quotient (+ low high) 2))
             (answer (ask "Is it " middle "? (h, l or y) ")))
        (cond ((eof-object? answer) (newline) (say "Goodbye."))
              ((eqv? answer #\y) (say "Found it with " tries (if (= tries 1) " guess." " guesses.")))
              ((eqv? answer #\h) (guess low (- middle 1) (+ tries 1)))
              ((eqv? answer #\l) (guess (+ middle 1) high (+ tries 1)))
              (else (say "Please answer h, l or y.")
                    (guess low high tries))))))

(say "Think of a number from 1 to 100.")
(guess 1 100 1)
