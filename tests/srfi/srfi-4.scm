; Uniform vectors. guile: same
(use-modules (srfi srfi-4) (rnrs bytevectors))
(s16vector 1 -2 300)                       ; expect: #s16(1 -2 300)
(f64vector 1 2.5)                          ; expect: #f64(1.0 2.5)
'#f32(1.5 -2.0)                            ; expect: #f32(1.5 -2.0)
(u64vector-ref #u64(18446744073709551615) 0) ; expect: 18446744073709551615
(s64vector-ref (s64vector -9223372036854775808) 0) ; expect: -9223372036854775808
(c64vector 1+2i)                           ; expect: #c64(1.0+2.0i)
(make-u16vector 3 7)                       ; expect: #u16(7 7 7)
(let ((v (make-s32vector 2 0))) (s32vector-set! v 1 -5) v) ; expect: #s32(0 -5)
(u8vector->list (u8vector 1 2 3))          ; expect: (1 2 3)
(list->f32vector '(1 2))                   ; expect: #f32(1.0 2.0)
(f32vector->list #f32(0.5))                ; expect: (0.5)
(u32vector-length #u32(1 2 3))             ; expect: 3
(map (lambda (p) (p (s8vector 1))) (list s8vector? u8vector? s16vector? f64vector?)) ; expect: (#t #f #f #f)
(bytevector? (f64vector 1.5))              ; expect: #t
(bytevector-length (f64vector 1.5 2.5))    ; expect: 16
(bytevector-u8-ref (s8vector -1) 0)        ; expect: 255
(equal? (u8vector 1 2) (u8vector 1 2))     ; expect: #t
(equal? (u8vector 1) (s8vector 1))         ; expect: #f
(eq? #t (u8vector? (make-bytevector 2 0))) ; expect: #t
(s8vector 128)                             ; error: s8vector
(u16vector -1)                             ; error: u16vector
(f32vector 'a)                             ; error: f32vector
(u32vector-ref #u32(1) 1)                  ; error: u32vector-ref
(s16vector-ref #u16(1) 0)                  ; error: s16vector-ref
(make-f64vector -1)                        ; error: make-f64vector
