;;; (srfi srfi-171 meta): what transducers are made of. [SRFI 171]

(define-module (srfi srfi-171 meta)
  #:use-module (srfi srfi-171)
  #:re-export (reduced reduced? unreduce ensure-reduced preserving-reduced)
  #:export (list-reduce vector-reduce string-reduce bytevector-u8-reduce port-reduce generator-reduce))

(define (%reduce-items f identity length ref)
  "(f so-far item) for the items (REF 0) and so on, until that is reduced."
  (let loop ((k 0) (so-far identity))
    (cond ((reduced? so-far) (unreduce so-far))
          ((= k length) so-far)
          (else (loop (+ k 1) (f so-far (ref k)))))))

(define (list-reduce f identity list)
  "(list-reduce f identity list): (f so-far element) for the elements, from IDENTITY on, until that is reduced."
  (let loop ((list list) (so-far identity))
    (cond ((reduced? so-far) (unreduce so-far))
          ((null? list) so-far)
          (else (loop (cdr list) (f so-far (car list)))))))

(define (vector-reduce f identity vector)
  "(vector-reduce f identity vector): list-reduce for a vector."
  (%reduce-items f identity (vector-length vector) (lambda (k) (vector-ref vector k))))

(define (string-reduce f identity string)
  "(string-reduce f identity string): list-reduce for the characters of a string."
  (%reduce-items f identity (string-length string) (lambda (k) (string-ref string k))))

(define (bytevector-u8-reduce f identity bytevector)
  "(bytevector-u8-reduce f identity bytevector): list-reduce for the bytes of a bytevector."
  (%reduce-items f identity (bytevector-length bytevector) (lambda (k) (bytevector-u8-ref bytevector k))))

(define (generator-reduce f identity generator)
  "(generator-reduce f identity generator): list-reduce for what (generator) gives, up to an end-of-file object."
  (let loop ((so-far identity))
    (if (reduced? so-far)
        (unreduce so-far)
        (let ((item (generator)))
          (if (eof-object? item) so-far (loop (f so-far item)))))))

(define (port-reduce f identity read port)
  "(port-reduce f identity read port): list-reduce for what (read port) gives, up to an end-of-file object."
  (generator-reduce f identity (lambda () (read port))))
