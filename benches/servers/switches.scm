; switches: a million turns of ten thousand fibers, each five calls deep: leaving a fiber captures its frames, entering it brings
; them back. Says how long that took.
;
;   target/release/sockeye benches/servers/switches.scm
(import (scheme base) (scheme time) (scheme write) (fibers))

(define fibers 10000)
(define turns 100)
(define taken 0)

(define (take-turns n)
  (if (> n 0)
      (begin
        (yield-fiber)
        (set! taken (+ taken 1))
        (take-turns (- n 1)))))

(define (deep n) (if (= n 0) (begin (take-turns turns) 0) (+ 1 (deep (- n 1)))))

(define began (current-jiffy))
(define depths
  (run-fibers
    (lambda ()
      (map fiber-join
        (let loop ((n fibers) (all '()))
          (if (= n 0) all (loop (- n 1) (cons (spawn-fiber (lambda () (deep 5))) all))))))))
(define ended (current-jiffy))

(if (not (and (= taken (* fibers turns)) (= (apply + depths) (* 5 fibers))))
    (error "not every fiber had its turns:" taken))
(display (list taken 'turns 'in (/ (round (* 1000. (/ (- ended began) (jiffies-per-second)))) 1000) 'seconds))
(newline)
