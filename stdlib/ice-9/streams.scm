;;; (ice-9 streams): sequences whose elements are computed when they are asked for. [Guile: Streams]
;;;
;;; A stream is a promise of (), or of a pair of an element and a stream.

(define-module (ice-9 streams)
  #:export (make-stream stream-car stream-cdr stream-null? list->stream vector->stream port->stream
            stream->list stream->reversed-list stream->list&length stream->reversed-list&length stream->vector
            stream-fold stream-for-each stream-map))

(define (make-stream next state)
  "(make-stream next state): the stream whose element is the car of (next state), and which goes on with the cdr as its state;
it ends where that is no pair."
  (delay
    (let ((pair (next state)))
      (if (pair? pair)
          (cons (car pair) (make-stream next (cdr pair)))
          '()))))

(define (stream-car stream)
  "(stream-car stream): the first element."
  (car (force stream)))

(define (stream-cdr stream)
  "(stream-cdr stream): the stream behind the first element."
  (cdr (force stream)))

(define (stream-null? stream)
  "(stream-null? stream): whether STREAM has no elements."
  (null? (force stream)))

(define (list->stream list)
  "(list->stream list): the stream of the elements of LIST."
  (make-stream (lambda (list) list) list))

(define (vector->stream vector)
  "(vector->stream vector): the stream of the elements of VECTOR."
  (make-stream
    (lambda (i) (and (< i (vector-length vector)) (cons (vector-ref vector i) (+ i 1))))
    0))

(define (port->stream port read)
  "(port->stream port read): the stream of what (read port) gives, up to an end-of-file object."
  (make-stream
    (lambda (port)
      (let ((obj (read port)))
        (and (not (eof-object? obj)) (cons obj port))))
    port))

(define (stream->reversed-list&length stream . count)
  "(stream->reversed-list&length stream [count]): the elements, at most COUNT of them, the last one first; and their number."
  (let loop ((stream stream) (out '()) (n 0))
    (if (or (and (pair? count) (= n (car count))) (stream-null? stream))
        (values out n)
        (loop (stream-cdr stream) (cons (stream-car stream) out) (+ n 1)))))

(define (stream->list&length stream . count)
  "(stream->list&length stream [count]): a list of the elements, at most COUNT of them; and their number."
  (call-with-values (lambda () (apply stream->reversed-list&length stream count))
    (lambda (out n) (values (reverse out) n))))

(define (stream->reversed-list stream . count)
  "(stream->reversed-list stream [count]): the elements, at most COUNT of them, the last one first."
  (call-with-values (lambda () (apply stream->reversed-list&length stream count))
    (lambda (out n) out)))

(define (stream->list stream . count)
  "(stream->list stream [count]): a list of the elements, at most COUNT of them."
  (reverse (apply stream->reversed-list stream count)))

(define (stream->vector stream)
  "(stream->vector stream): a vector of the elements."
  (list->vector (stream->list stream)))

(define (%step streams)
  "The first elements of STREAMS and what is behind them, or #f at the end of one."
  (and (not (any stream-null? streams))
       (cons (map stream-car streams) (map stream-cdr streams))))

(define (stream-fold f init stream . streams)
  "(stream-fold f init stream ...): (f element ... so-far) for the first elements, then the next ones, and so on; INIT is what is
there before the first."
  (let loop ((streams (cons stream streams)) (so-far init))
    (let ((step (%step streams)))
      (if step
          (loop (cdr step) (apply f (append (car step) (list so-far))))
          so-far))))

(define (stream-for-each f stream . streams)
  "(stream-for-each f stream ...): calls F on the first elements, then on the next ones, and so on, until a stream ends."
  (let loop ((streams (cons stream streams)))
    (let ((step (%step streams)))
      (if step
          (begin (apply f (car step)) (loop (cdr step)))))))

(define (stream-map f stream . streams)
  "(stream-map f stream ...): the stream of what F gives for the first elements, then for the next ones, and so on."
  (make-stream
    (lambda (streams)
      (let ((step (%step streams)))
        (and step (cons (apply f (car step)) (cdr step)))))
    (cons stream streams)))
