; Identifiers that the templates of one transformer insert are the same wherever the templates stand.
(define-syntax letters
  (lambda (form)
    (syntax-case form ()
      ((_ text)
       #`(let ((s text))
           (list #,@(let loop ((i 0) (out '()))
                      (if (< i (string-length (syntax->datum #'text)))
                          (loop (+ i 1) (cons #`(string-ref s #,i) out))
                          (reverse out)))))))))
(letters "abc")                                             ; expect: (#\a #\b #\c)
(define-syntax m (lambda (form) (syntax-case form () ((_ e) #`(let ((s e)) #,(let ((i 1)) #'(list s)))))))
(let ((s 1)) (m (+ s 1)))                                   ; expect: (2)
(define-syntax (helped form)
  (define (inner i) #`(list s #,i))
  (syntax-case form () ((_ e) #`(let ((s e)) #,(inner 5)))))
(helped 'x)                                                 ; expect: (x 5)
; A macro of a body means what stands around it, also what is defined further down.
(let ()
  (define-syntax call (lambda (form) #`(#,(let ((i 1)) #'helper))))
  (define (foo) (call))
  (define (helper) 'helped)
  (foo))                                                    ; expect: helped
; What the transformer itself binds as syntax is seen by its templates.
(define-syntax outer
  (lambda (form)
    (let-syntax ((word (syntax-rules () ((_) 'inner))))
      (syntax-case form () ((_) (datum->syntax #'here (word)))))))
(define inner 'value)
(outer)                                                     ; expect: value
(define-syntax documented (syntax-rules () "A doc string." ((_ x) (list x))))
(documented 1)                                              ; expect: (1)
