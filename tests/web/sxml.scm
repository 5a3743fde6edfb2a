; XML as lists, and back.
(use-modules (sxml simple))
(define (x s . o) (apply xml->sxml s o))
(x "<foo/>")                                                           ; expect: (*TOP* (foo))
(x "<?xml version=\"1.0\"?><foo a=\"b\" c='d&lt;'>text<bar/>more &amp; &#65;&#x42;</foo>")  ; expect: (*TOP* (*PI* xml "version=\"1.0\"") (foo (@ (c "d<") (a "b")) "text" (bar) "more & AB"))
(x "<a>\n <b> x </b>\n</a>")                                           ; expect: (*TOP* (a "\n " (b " x ") "\n"))
(x "<a>\n <b> x </b>\n</a>" #:trim-whitespace? #t)                     ; expect: (*TOP* (a (b " x ")))
(x "<a><![CDATA[<x>&]]></a>")                                          ; expect: (*TOP* (a "<x>&"))
(x "<a><!-- c -->t<?pi some text?></a>")                               ; expect: (*TOP* (a "t" (*PI* pi "some text")))
(x "<!-- c --><a/>")                                                   ; expect: (*TOP* (a))
(x "<!DOCTYPE a><a/>")                                                 ; expect: (*TOP* (a))
(x "<a xmlns=\"http://x/\" b=\"1\"><c/></a>")                          ; expect: (*TOP* (http://x/:a (@ (b "1")) (http://x/:c)))
(x "<p:a xmlns:p=\"http://x/\" p:b=\"1\"/>")                           ; expect: (*TOP* (http://x/:a (@ (http://x/:b "1"))))
(x "<p:a xmlns:p=\"http://x/\" p:b=\"1\"/>" #:namespaces '((q . "http://x/")))  ; expect: (*TOP* (q:a (@ (q:b "1"))))
(x "<a xmlns=\"http://x/\"/>" #:namespaces '((q . "http://x/")))       ; expect: (*TOP* (q:a))
(x "<q:a/>" #:namespaces '((q . "http://x/")) #:declare-namespaces? #t)  ; expect: (*TOP* (q:a))
(x "<a>&foo;</a>" #:entities '((foo . "bar")))                         ; expect: (*TOP* (a "bar"))
(car (catch #t (lambda () (x "<a><b></a>")) list))                     ; expect: parser-error
(car (catch #t (lambda () (x "<a")) list))                             ; expect: parser-error
(car (catch #t (lambda () (x "")) list))                               ; expect: parser-error
(car (catch #t (lambda () (x "<a>&zz;</a>")) list))                    ; expect: parser-error
(car (catch #t (lambda () (x "<a x=1/>")) list))                       ; expect: parser-error
(x "<a>é λ</a>")                                                       ; expect: (*TOP* (a "é λ"))
(x (open-input-string "<a/>"))                                         ; expect: (*TOP* (a))
(call-with-output-string (lambda (p) (sxml->xml '(foo (@ (a "b<\"") (c 5)) "te<xt>&" (bar) 42) p)))  ; expect: "<foo a=\"b&lt;&quot;\" c=\"5\">te&lt;xt&gt;&amp;<bar />42</foo>"
(call-with-output-string (lambda (p) (sxml->xml '(*TOP* (*PI* xml "version='1.0'") (foo)) p)))  ; expect: "<?xml version='1.0'?><foo />"
(call-with-output-string (lambda (p) (sxml->xml '((a) (b "c")) p)))    ; expect: "<a /><b>c</b>"
(call-with-output-string (lambda (p) (sxml->xml (list 'a (lambda () (display "<raw>"))) p)))  ; expect: "<a><raw></a>"
(call-with-output-string (lambda (p) (sxml->xml '(a (@) "x") p)))      ; expect: "<a>x</a>"
(call-with-output-string (lambda (p) (sxml->xml '(a (*ENTITY* "nbsp")) p)))  ; expect: "<a>&nbsp;</a>"
(sxml->string '(foo (@ (a "b")) "x" (bar "y")))                        ; expect: "bxy"
(call-with-output-string (lambda (p) (sxml->xml "a<b" p)))             ; expect: "a&lt;b"
(call-with-output-string (lambda (p) (sxml->xml '(p ("a" "b") ()) p)))  ; expect: "<p>ab</p>"
