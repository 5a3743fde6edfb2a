; Fibers with call/cc and dynamic-wind: parking, yielding and being pre-empted run no winders; jumps do.
(import (fibers) (fibers channels) (ice-9 rdelim))
(define log '())
(define (note x) (set! log (cons x log)))
(define (logged) (let ((l (reverse log))) (set! log '()) l))
(define-syntax winding
  (syntax-rules () ((_ name form ...) (dynamic-wind (lambda () (note (list 'in name))) (lambda () form ...) (lambda () (note (list 'out name)))))))
(define p (socketpair AF_UNIX SOCK_STREAM 0))
(define ch (make-channel))

; In two fibers at once, interleaved.
(define a (spawn-fiber (lambda () (winding 'a (read-line (car p)) (note 'a-read)))))
(define b (spawn-fiber (lambda () (winding 'b (get-message ch) (note 'b-got)))))
(yield-fiber)
(logged)                                     ; expect: ((in a) (in b))
(display "x\n" (cdr p))
(fiber-join a)
(logged)                                     ; expect: (a-read (out a))
(put-message ch 1)
(fiber-join b)
(logged)                                     ; expect: (b-got (out b))

; Pre-empted in the middle.
(define stop #f)
(define c (spawn-fiber (lambda () (winding 'c (let loop () (if (not stop) (loop)))))))
(sleep 0.005)
(logged)                                     ; expect: ((in c))
(set! stop #t)
(fiber-join c)
(logged)                                     ; expect: ((out c))

; A jump out of a wind after a wait, and back in, in one fiber.
(define k #f)
(define d
  (spawn-fiber
    (lambda ()
      (let ((times 0))
        (winding 'd
          (call/cc (lambda (here) (set! k here)))
          (get-message ch)
          (set! times (+ times 1)))
        (if (< times 3) (k #f))
        times))))
(define putter (spawn-fiber (lambda () (for-each (lambda (i) (put-message ch i)) '(1 2 3)))))
(fiber-join d)                               ; expect: 3
(logged)                                     ; expect: ((in d) (out d) (in d) (out d) (in d) (out d))

; A generator made of continuations, that waits between its values.
(define (make-generator proc)
  (define return #f)
  (define resume (lambda (ignored) (proc (lambda (v) (call/cc (lambda (next) (set! resume next) (return v))))) (return 'end)))
  (lambda () (call/cc (lambda (r) (set! return r) (resume #f)))))
(define g (make-generator (lambda (give) (winding 'g (give (get-message ch)) (give (get-message ch))))))
(define putter (spawn-fiber (lambda () (put-message ch 'one) (put-message ch 'two))))
(list (g) (g) (g))                           ; expect: (one two end)
(logged)                                     ; expect: ((in g) (out g) (in g) (out g) (in g) (out g))

; Parameters are each fiber's own across waits.
(define par (make-parameter 'outer))
(define fibers (map (lambda (i) (spawn-fiber (lambda () (parameterize ((par i)) (yield-fiber) (get-message ch) (par))))) '(1 2 3)))
(for-each (lambda (i) (put-message ch i)) '(1 2 3))
(map fiber-join fibers)                      ; expect: (1 2 3)
(par)                                        ; expect: outer

; Handlers stay where they were, and an error after a wait finds them.
(define e (spawn-fiber (lambda () (guard (x (#t (list 'caught x))) (get-message ch) (raise 'late)))))
(put-message ch #t)
(fiber-join e)                               ; expect: (caught late)

; Deep in a recursion, prompts and waits together.
(use-modules (ice-9 control))
(define (down n) (if (= n 0) (begin (get-message ch) 0) (+ 1 (down (- n 1)))))
(define deep (map (lambda (n) (spawn-fiber (lambda () (% (+ (down n) (abort 1000)) (lambda (k v) (k v)))))) '(10 1000 5000)))
(for-each (lambda (i) (put-message ch i)) '(1 2 3))
(map fiber-join deep)                        ; expect: (1010 2000 6000)
