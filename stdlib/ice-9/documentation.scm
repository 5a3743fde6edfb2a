;;; (ice-9 documentation): doc strings. [Guile]

(define-module (ice-9 documentation)
  #:export (object-documentation file-commentary documentation-files search-documentation-files))

(define documentation-files '())

(define (object-documentation obj)
  "(object-documentation obj): the doc string of OBJ, or #f."
  (or (object-property obj 'documentation)
      (and (procedure? obj) (procedure-documentation obj))))

(define (search-documentation-files name . files)
  "(search-documentation-files name [files]): what the files say of NAME; there are none, so #f."
  #f)

(define* (file-commentary file #:optional (in-line? #t))
  "(file-commentary file): the comment of FILE between the lines ;;; Commentary: and ;;; Code:, without semicolons."
  (call-with-input-file file
    (lambda (port)
      (let loop ((inside? #f) (lines '()))
        (let ((line (read-line port)))
          (cond ((or (eof-object? line) (and inside? (not (string-prefix? ";" line))))
                 (string-join (reverse lines) "\n" 'suffix))
                ((string-prefix-ci? ";;; commentary:" line) (loop #t lines))
                ((and inside? (string-prefix-ci? ";;; code:" line)) (string-join (reverse lines) "\n" 'suffix))
                (inside?
                 (let ((text (string-trim line #\;)))
                   (loop #t (cons (if (string-prefix? " " text) (substring text 1) text) lines))))
                (else (loop #f lines))))))))
