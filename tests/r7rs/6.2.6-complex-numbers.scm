; Section 6.2: complex numbers, exact and inexact.
(define (near? a b) (< (magnitude (- a b)) 1e-12))
3+4i                                       ; expect: 3+4i
-2i                                        ; expect: -2i
+i                                         ; expect: +i
-i                                         ; expect: -i
1/2+3/4i                                   ; expect: 1/2+3/4i
1.5-2.5i                                   ; expect: 1.5-2.5i
3+0i                                       ; expect: 3
0+2i                                       ; expect: +2i
(exact? 3+4i)                              ; expect: #t
(exact? 3.0+4.0i)                          ; expect: #f
(map complex? (list 3+4i 1 1.5 'a))        ; expect: (#t #t #t #f)
(map real? (list 3+4i 3+0i 1.5))           ; expect: (#f #t #t)
(map rational? (list 3+4i +i))             ; expect: (#f #f)
(map integer? (list 3+4i +i))              ; expect: (#f #f)
(number? +i)                               ; expect: #t
(+ 1+2i 3-5i)                              ; expect: 4-3i
(- 1+2i 1+2i)                              ; expect: 0
(* +i +i)                                  ; expect: -1
(* 1+2i 3-4i)                              ; expect: 11+2i
(/ 1+2i 3-4i)                              ; expect: -1/5+2/5i
(/ 1 +i)                                   ; expect: -i
(/ 4+2i 2)                                 ; expect: 2+i
(- 3+4i)                                   ; expect: -3-4i
(= 3+4i 3+4i)                              ; expect: #t
(= 3+4i 3.0+4.0i)                          ; expect: #t
(= 3+4i 3+5i)                              ; expect: #f
(eqv? 3+4i 3+4i)                           ; expect: #t
(eqv? 3+4i 3.0+4.0i)                       ; expect: #f
(equal? +i +i)                             ; expect: #t
(zero? 0+0i)                               ; expect: #t
(real-part 3+4i)                           ; expect: 3
(imag-part 3+4i)                           ; expect: 4
(magnitude 3+4i)                           ; expect: 5
(near? (angle +i) 1.5707963267948966)      ; expect: #t
(make-rectangular 3 4)                     ; expect: 3+4i
(make-rectangular 1/2 -1)                  ; expect: 1/2-i
(near? (make-polar 2 1.5707963267948966) +2.0i) ; expect: #t
(near? 1@1.5707963267948966 +1.0i)         ; expect: #t
(sqrt -1)                                  ; expect: +i
(sqrt -4)                                  ; expect: +2i
(near? (sqrt -2) +1.4142135623730951i)     ; expect: #t
(near? (sqrt -1.0) +i)                     ; expect: #t
(near? (sqrt 3+4i) 2+i)                    ; expect: #t
(near? (expt +i 2) -1)                     ; expect: #t
(expt 1+i 4)                               ; expect: -4
(near? (exp +3.141592653589793i) -1)       ; expect: #t
(near? (log -1) +3.141592653589793i)       ; expect: #t
(near? (sin +i) +1.1752011936438014i)      ; expect: #t
(near? (cos +i) 1.5430806348152437)        ; expect: #t
(square 1+i)                               ; expect: +2i
(exact 3.0+4.0i)                           ; expect: 3+4i
(inexact 3+4i)                             ; expect: 3.0+4.0i
(number->string 3+4i)                      ; expect: "3+4i"
(number->string 15+16i 16)                 ; expect: "f+10i"
(string->number "3+4i")                    ; expect: 3+4i
(string->number "+i")                      ; expect: +i
(string->number "#xA+Bi")                  ; expect: 10+11i
(map string->number '("i" "3+4" "3+4j" "+i+i" "3i" "1@" "@1" "3+4i5")) ; expect: (#f #f #f #f #f #f #f #f)
(< 3+4i 5)                                 ; error: <
(> 1 +i)                                   ; error: >
(max +i 1)                                 ; error: max
(floor +i)                                 ; error: floor
(positive? +i)                             ; error: positive?
(even? +i)                                 ; error: even?
(make-rectangular 'a 1)                    ; error: make-rectangular
(make-polar 1 'a)                          ; error: make-polar
(angle 'a)                                 ; error: angle
