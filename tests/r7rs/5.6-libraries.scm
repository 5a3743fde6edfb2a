; Section 5.6 and 5.2: define-library and import, with only, except, prefix and rename.
(define-library (test stack)
  (export make push! pop! (rename stack-size size))
  (import (scheme base))
  (begin
    (define (make) (list '()))
    (define (push! s v) (set-car! s (cons v (car s))))
    (define (pop! s) (let ((v (caar s))) (set-car! s (cdar s)) v))
    (define (stack-size s) (length (car s)))
    (define hidden 'secret)))
(import (test stack))
(define s (make))
(push! s 1)
(push! s 2)
(size s)                                   ; expect: 2
(pop! s)                                   ; expect: 2
(size s)                                   ; expect: 1
hidden                                     ; error: hidden
stack-size                                 ; error: stack-size
(define-library (test colours)
  (export red green blue mix)
  (import (scheme base))
  (begin (define red 'r) (define green 'g) (define blue 'b) (define (mix a b) (list a b))))
(import (only (test colours) red))
red                                        ; expect: r
green                                      ; error: green
(import (prefix (test colours) c:))
(c:mix c:red c:blue)                       ; expect: (r b)
(import (rename (only (test colours) mix blue) (mix blend)))
(blend blue red)                           ; expect: (b r)
(import (prefix (except (test colours) mix red) only-))
only-green                                 ; expect: g
only-red                                   ; error: only-red
(import (rename (prefix (test colours) p-) (p-red rot)))
(list rot p-green)                         ; expect: (r g)
(define-library (test counter)
  (export next! count)
  (import (scheme base))
  (begin (define n 0) (define (next!) (set! n (+ n 1)) n) (define (count) n)))
(import (test counter))
(import (prefix (test counter) again:))
(next!)                                    ; expect: 1
(again:next!)                              ; expect: 2
(count)                                    ; expect: 2
(define-library (test re-export)
  (export next! (rename car first) double)
  (import (scheme base) (test counter))
  (begin (define-syntax double (syntax-rules () ((_ e) (* 2 e))))))
(import (prefix (test re-export) r:))
(r:next!)                                  ; expect: 3
(r:first '(1 2))                           ; expect: 1
(r:double (+ 1 2))                         ; expect: 6
(define-library (test macros)
  (export swap! my-unless helper-using)
  (import (scheme base))
  (begin
    (define (helper x) (list 'helped x))
    (define-syntax helper-using (syntax-rules () ((_ e) (helper e))))
    (define-syntax my-unless (syntax-rules () ((_ c e) (if c #f e))))
    (define-syntax swap! (syntax-rules () ((_ a b) (let ((tmp a)) (set! a b) (set! b tmp)))))))
(import (test macros))
(define (helper x) 'wrong)
(helper-using 1)                           ; expect: (helped 1)
(let ((tmp 1) (other 2)) (swap! tmp other) (list tmp other)) ; expect: (2 1)
(let ((if list)) (my-unless #f 'kept))     ; expect: kept
(define-library (test numbered 1) (export one) (import (scheme base)) (begin (define one 1)))
(import (test numbered 1))
one                                        ; expect: 1
(define-library (test order) (import (scheme base)) (export b a) (begin (define b 5)) (begin (define a (+ b 1))))
(import (test order))
(list a b)                                 ; expect: (6 5)
(define-library (test conditional)
  (export where)
  (import (scheme base))
  (cond-expand
    ((library (scheme write)) (begin (define where 'has-write)))
    (else (begin (define where 'has-not)))))
(import (test conditional))
where                                      ; expect: has-write
(define-library (test records)
  (export make-thing thing? thing-name)
  (import (scheme base))
  (begin (define-record-type thing (make-thing name) thing? (name thing-name))))
(import (test records))
(thing-name (make-thing "x"))              ; expect: "x"
(define-library (test values)
  (export q r)
  (import (scheme base))
  (begin (define-values (q r) (floor/ 17 5))))
(import (test values))
(list q r)                                 ; expect: (3 2)
(define-library (test included)
  (export included-value included-procedure)
  (import (scheme base))
  (include "data/included.txt"))
(import (test included))
(included-procedure 2)                     ; expect: 84
(define-library (test runs-once) (export number) (import (scheme base) (test counter)) (begin (define number (next!))))
(import (prefix (test runs-once) a:))
(import (prefix (test runs-once) b:))
(= a:number b:number)                      ; expect: #t
(import (no such library at all))          ; error: no such library at all
(import (only (test order) missing))       ; error: missing
(import (rename (test order) (missing x))) ; error: missing
(import (scheme base) (scheme case-lambda) (scheme char) (scheme complex) (scheme cxr) (scheme eval) (scheme file) (scheme inexact) (scheme lazy) (scheme load) (scheme process-context) (scheme read) (scheme repl) (scheme time) (scheme write))
(import (scheme r5rs))
(exact->inexact 1/2)                       ; expect: 0.5
