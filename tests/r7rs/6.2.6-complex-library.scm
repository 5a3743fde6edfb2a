; Section 6.2.6, (scheme complex): the procedures as far as they concern real numbers.
(real-part 5)                              ; expect: 5
(imag-part 5)                              ; expect: 0
(real-part 1.5)                            ; expect: 1.5
(magnitude -5)                             ; expect: 5
(magnitude -1.5)                           ; expect: 1.5
(angle 5)                                  ; expect: 0
(make-rectangular 3 0)                     ; expect: 3
(make-polar 3 0)                           ; expect: 3
(real-part 'a)                             ; error: real-part
(magnitude "x")                            ; error: magnitude
