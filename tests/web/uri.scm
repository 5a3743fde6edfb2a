; URIs, taken apart and put together.
(use-modules (web uri))
(map (lambda (s) (let ((u (string->uri s))) (and u (list (uri-scheme u) (uri-userinfo u) (uri-host u) (uri-port u) (uri-path u) (uri-query u) (uri-fragment u) (uri->string u))))) '("http://a.b/c?d=e#f" "http://u:p@h:80/" "http://[::1]:8080/x" "mailto:a@b" "foo" "/a/b" "HTTP://A/" "http:" "http://" "file:///etc" "http://h" "http://h:/" "http://h:x/" "ftp://1.2.3.4:21/a" "urn:ietf:rfc" "http://-a/" "http://a_b/" "http://localhost?x" "https://h:443/" "https://h:444/" "http://a b/" "http://h/%20 x" "" "://" "1http://x/" "http://999.1.1.1/" "http://a..b/" "http://a./" "x:y#z#w" "http://a?b?c"))  ; expect: ((http #f "a.b" #f "/c" "d=e" "f" "http://a.b/c?d=e#f") (http "u:p" "h" 80 "/" #f #f "http://u:p@h/") (http #f "::1" 8080 "/x" #f #f "http://[::1]:8080/x") (mailto #f #f #f "a@b" #f #f "mailto:a@b") #f #f (http #f "A" #f "/" #f #f "http://A/") (http #f #f #f "" #f #f "http:") (http #f #f #f "" #f #f "http:") (file #f #f #f "/etc" #f #f "file:/etc") (http #f "h" #f "" #f #f "http://h") (http #f "h" #f "/" #f #f "http://h/") #f (ftp #f "1.2.3.4" 21 "/a" #f #f "ftp://1.2.3.4:21/a") (urn #f #f #f "ietf:rfc" #f #f "urn:ietf:rfc") #f #f (http #f "localhost" #f "" "x" #f "http://localhost?x") (https #f "h" 443 "/" #f #f "https://h/") (https #f "h" 444 "/" #f #f "https://h:444/") #f (http #f "h" #f "/%20 x" #f #f "http://h/%20 x") #f #f #f #f #f #f (x #f #f #f "y" #f "z#w" "x:y#z#w") (http #f "a" #f "" "b?c" #f "http://a?b?c"))
(map (lambda (s) (let ((u (string->uri-reference s))) (and u (list (uri-scheme u) (uri-host u) (uri-port u) (uri-path u) (uri-query u) (uri-fragment u) (uri->string u))))) '("/a/b" "a/b" "//h/x" "?q" "#f" "" "a:b" "./a:b" "//h:99" "a b"))  ; expect: ((#f #f #f "/a/b" #f #f "/a/b") (#f #f #f "a/b" #f #f "a/b") (#f "h" #f "/x" #f #f "//h/x") (#f #f #f "" "q" #f "?q") (#f #f #f "" #f "f" "#f") (#f #f #f "" #f #f "") (a #f #f "b" #f #f "a:b") (#f #f #f "./a:b" #f #f "./a:b") (#f "h" 99 "" #f #f "//h:99") (#f #f #f "a b" #f #f "a b"))
(map (lambda (s) (let ((u (string->relative-ref s))) (and u (uri->string u)))) '("/a/b" "http://x/" "//h/x"))  ; expect: ("/a/b" #f "//h/x")
(uri-decode "a%20b+c")                                                 ; expect: "a b c"
(uri-decode "a%20b+c" #:decode-plus-to-space? #f)                      ; expect: "a b+c"
(uri-decode "%C3%A9")                                                  ; expect: "é"
(uri-decode "%41" #:encoding #f)                                       ; expect: #vu8(65)
(uri-encode "a b/é~-._")                                               ; expect: "a%20b%2F%C3%A9~-._"
(uri-encode "a b" #:unescaped-chars char-set:full)                     ; expect: "a b"
(split-and-decode-uri-path "/foo/bar%20baz//x+y/")                     ; expect: ("foo" "bar baz" "x+y")
(encode-and-join-uri-path '("foo" "a b" "é"))                          ; expect: "foo/a%20b/%C3%A9"
(uri->string (build-uri 'http #:host "h" #:port 80 #:path "/x"))       ; expect: "http://h/x"
(uri->string (build-uri 'http #:host "h" #:port 81 #:path "/x" #:query "q" #:fragment "f"))  ; expect: "http://h:81/x?q#f"
(uri->string (build-uri 'http #:host "h" #:port 81 #:path "/x" #:query "q" #:fragment "f") #:include-fragment? #f)  ; expect: "http://h:81/x?q"
(uri? (build-uri 'http))                                               ; expect: #t
(uri? (build-relative-ref #:path "/x"))                                ; expect: #f
(uri-reference? (build-relative-ref #:path "/x"))                      ; expect: #t
(relative-ref? (build-relative-ref #:path "/x"))                       ; expect: #t
(uri->string (build-uri-reference #:path "/x"))                        ; expect: "/x"
(uri->string (build-uri 'file #:path "/etc/x"))                        ; expect: "file:/etc/x"
(uri-decode "%zz")                                                     ; expect: "%zz"
(uri-decode "%4")                                                      ; expect: "%4"
