; Headers of HTTP, first lines, and chunks.
(use-modules (web http) (web uri) (srfi srfi-19) (ice-9 rdelim))
(define (h name text) (catch #t (lambda () (let ((v (parse-header name text))) (list (cond ((date? v) (date->string v "~Y-~m-~dT~H:~M:~S")) ((uri-reference? v) (uri->string v)) (else v)) (valid-header? name v) (call-with-output-string (lambda (p) (write-header name v p)))))) (lambda args (cons 'err args))))
(h 'cache-control "no-cache, max-age=10, private=\"foo, bar\", x=y, only-if-cached")  ; expect: ((no-cache (max-age . 10) (private foo bar) (x . "y") only-if-cached) #t "Cache-Control: no-cache, max-age=10, private=\"Foo, Bar\", x=y, only-if-cached\r\n")
(h 'connection "close, Keep-Alive")                                    ; expect: ((close keep-alive) #t "Connection: close, Keep-Alive\r\n")
(h 'date "Sun, 06 Nov 1994 08:49:37 GMT")                              ; expect: ("1994-11-06T08:49:37" #t "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
(h 'date "Sunday, 06-Nov-94 08:49:37 GMT")                             ; expect: ("1994-11-06T08:49:37" #t "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
(h 'date "Sun Nov  6 08:49:37 1994")                                   ; expect: ("1994-11-06T08:49:37" #t "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
(h 'date "rubbish")                                                    ; expect: (err bad-header date "rubbish")
(h 'trailer "foo, Bar-Baz")                                            ; expect: ((foo bar-baz) #t "Trailer: Foo, Bar-Baz\r\n")
(h 'transfer-encoding "chunked")                                       ; expect: (((chunked)) #t "Transfer-Encoding: chunked\r\n")
(h 'transfer-encoding "gzip;foo=bar, chunked")                         ; expect: (((gzip (foo . "bar")) (chunked)) #t "Transfer-Encoding: gzip;foo=bar,chunked\r\n")
(h 'upgrade "HTTP/2.0, x")                                             ; expect: (("HTTP/2.0" "x") #t "Upgrade: HTTP/2.0, x\r\n")
(h 'via "1.0 fred, 1.1 p.example.net")                                 ; expect: (("1.0 fred" "1.1 p.example.net") #t "Via: 1.0 fred, 1.1 p.example.net\r\n")
(h 'warning "123 foo \"core breach imminent\"")                        ; expect: (((123 "foo" "core breach imminent" #f)) #t "Warning: 123 foo \"core breach imminent\"\r\n")
(h 'allow "GET, POST")                                                 ; expect: ((GET POST) #t "Allow: GET, POST\r\n")
(h 'content-encoding "gzip")                                           ; expect: ((gzip) #t "Content-Encoding: gzip\r\n")
(h 'content-language "en, de")                                         ; expect: (("en" "de") #t "Content-Language: en, de\r\n")
(h 'content-length "42")                                               ; expect: (42 #t "Content-Length: 42\r\n")
(h 'content-length "4x")                                               ; expect: (err bad-header-component non-negative-integer "4x")
(h 'content-location "http://x/y")                                     ; expect: ("http://x/y" #t "Content-Location: http://x/y\r\n")
(h 'content-location "/y")                                             ; expect: ("/y" #t "Content-Location: /y\r\n")
(h 'content-md5 "abc")                                                 ; expect: ("abc" #t "Content-MD5: abc\r\n")
(h 'content-range "bytes 0-5/10")                                      ; expect: ((bytes (0 . 5) 10) #t "Content-Range: bytes 0-5/10\r\n")
(h 'content-range "bytes */10")                                        ; expect: ((bytes * 10) #t "Content-Range: bytes */10\r\n")
(h 'content-range "bytes 0-5/*")                                       ; expect: ((bytes (0 . 5) *) #t "Content-Range: bytes 0-5/*\r\n")
(h 'content-type "text/html; charset=utf-8")                           ; expect: ((text/html (charset . "utf-8")) #t "Content-Type: text/html;charset=utf-8\r\n")
(h 'content-type "text/html;charset=\"ut f\"")                         ; expect: ((text/html (charset . "\"ut f\"")) #t "Content-Type: text/html;charset=\"ut f\"\r\n")
(h 'content-type "text")                                               ; expect: (err bad-header-component media-type "text")
(h 'expires "Sun, 06 Nov 1994 08:49:37 GMT")                           ; expect: ("1994-11-06T08:49:37" #t "Expires: Sun, 06 Nov 1994 08:49:37 GMT\r\n")
(h 'last-modified "Sun, 06 Nov 1994 08:49:37 +0100")                   ; expect: ("1994-11-06T07:49:37" #t "Last-Modified: Sun, 06 Nov 1994 07:49:37 GMT\r\n")
(h 'accept "text/*;q=0.3, text/html, text/html;level=1, */*;q=0.5")    ; expect: (((text/* (q . 300)) (text/html) (text/html (level . "1")) (*/* (q . 500))) #t "Accept: text/*;q=0.300,text/html,text/html;level=1,*/*;q=0.500\r\n")
(h 'accept-charset "iso-8859-5, unicode-1-1;q=0.8")                    ; expect: (((1000 . "iso-8859-5") (800 . "unicode-1-1")) #t "Accept-Charset: iso-8859-5,unicode-1-1;q=0.800\r\n")
(h 'accept-encoding "gzip;q=1.0, identity; q=0.5, *;q=0")              ; expect: (((1000 . "gzip") (500 . "identity") (0 . "*")) #t "Accept-Encoding: gzip,identity;q=0.500,*;q=0.000\r\n")
(h 'accept-language "da, en-gb;q=0.8, en;q=0.7")                       ; expect: (((1000 . "da") (800 . "en-gb") (700 . "en")) #t "Accept-Language: da,en-gb;q=0.800,en;q=0.700\r\n")
(h 'authorization "Basic QWxhZGRpbg==")                                ; expect: ((basic . "QWxhZGRpbg==") #t "Authorization: basic QWxhZGRpbg==\r\n")
(h 'authorization "Digest username=\"u\", realm=\"r\"")                ; expect: ((digest (username . "u") (realm . "r")) #t "Authorization: digest username=u, realm=r\r\n")
(h 'expect "100-continue")                                             ; expect: (((#{100-continue}#)) #t "Expect: 100-continue\r\n")
(h 'from "a@b")                                                        ; expect: ("a@b" #t "From: a@b\r\n")
(h 'host "h")                                                          ; expect: (("h" . #f) #t "Host: h\r\n")
(h 'host "h:80")                                                       ; expect: (("h" . 80) #t "Host: h:80\r\n")
(h 'host "[::1]:80")                                                   ; expect: (("::1" . 80) #t "Host: [::1]:80\r\n")
(h 'if-match "\"xyzzy\", W/\"qux\"")                                   ; expect: ((("xyzzy" . #t) ("qux" . #f)) #t "If-Match: \"xyzzy\", W/\"qux\"\r\n")
(h 'if-match "*")                                                      ; expect: (* #t "If-Match: *\r\n")
(h 'if-none-match "xyzzy, W/\"qux\"")                                  ; expect: ((("xyzzy" . #t) ("qux" . #f)) #t "If-None-Match: \"xyzzy\", W/\"qux\"\r\n")
(h 'if-range "\"foo\"")                                                ; expect: (("foo" . #t) #t "If-Range: \"foo\"\r\n")
(h 'if-range "Tue, 15 Nov 1994 08:12:31 GMT")                          ; expect: ("1994-11-15T08:12:31" #t "If-Range: Tue, 15 Nov 1994 08:12:31 GMT\r\n")
(h 'max-forwards "10")                                                 ; expect: (10 #t "Max-Forwards: 10\r\n")
(h 'range "bytes=0-999")                                               ; expect: ((bytes (0 . 999)) #t "Range: bytes=0-999\r\n")
(h 'range "bytes=0-9,-5,7-")                                           ; expect: ((bytes (0 . 9) (#f . 5) (7 . #f)) #t "Range: bytes=0-9,-5,7-\r\n")
(h 'referer "http://foo/bar?baz")                                      ; expect: ("http://foo/bar?baz" #t "Referer: http://foo/bar?baz\r\n")
(h 'te "trailers, deflate;q=0.5")                                      ; expect: (((trailers) (deflate (q . "0.5"))) #t "TE: trailers,deflate;q=0.5\r\n")
(h 'user-agent "guile")                                                ; expect: ("guile" #t "User-Agent: guile\r\n")
(h 'accept-ranges "foo,bar")                                           ; expect: ((foo bar) #t "Accept-Ranges: foo, bar\r\n")
(h 'age "30")                                                          ; expect: (30 #t "Age: 30\r\n")
(h 'etag "\"foo\"")                                                    ; expect: (("foo" . #t) #t "ETag: \"foo\"\r\n")
(h 'etag "W/\"foo\"")                                                  ; expect: (("foo" . #f) #t "ETag: W/\"foo\"\r\n")
(h 'location "http://other-place")                                     ; expect: ("http://other-place" #t "Location: http://other-place\r\n")
(h 'location "/x#y")                                                   ; expect: ("/x#y" #t "Location: /x\r\n")
(h 'proxy-authenticate "Basic realm=\"guile\"")                        ; expect: (((basic (realm . "guile"))) #t "Proxy-Authenticate: basic realm=guile\r\n")
(h 'www-authenticate "Basic realm=\"guile\", Digest realm=\"x\", nonce=5")  ; expect: (((basic (realm . "guile")) (digest (realm . "x") (nonce . "5"))) #t "WWW-Authenticate: basic realm=guile, digest realm=x, nonce=5\r\n")
(h 'retry-after "20")                                                  ; expect: (20 #t "Retry-After: 20\r\n")
(h 'retry-after "Tue, 15 Nov 1994 08:12:31 GMT")                       ; expect: ("1994-11-15T08:12:31" #t "Retry-After: Tue, 15 Nov 1994 08:12:31 GMT\r\n")
(h 'server "guile!")                                                   ; expect: ("guile!" #t "Server: guile!\r\n")
(h 'vary "*")                                                          ; expect: (* #t "Vary: *\r\n")
(h 'vary "foo, bar")                                                   ; expect: ((foo bar) #t "Vary: Foo, Bar\r\n")
(h 'x-foo "bar baz")                                                   ; expect: ("bar baz" #t "X-Foo: bar baz\r\n")
(string->header "Content-Type")                                        ; expect: content-type
(header->string 'content-md5)                                          ; expect: "Content-MD5"
(header->string 'x-foo-bar)                                            ; expect: "X-Foo-Bar"
(header->string 'etag)                                                 ; expect: "ETag"
(header->string 'te)                                                   ; expect: "TE"
(header->string 'www-authenticate)                                     ; expect: "WWW-Authenticate"
(known-header? 'host)                                                  ; expect: #t
(known-header? 'x-foo)                                                 ; expect: #f
(valid-header? 'host 5)                                                ; expect: #f
(valid-header? 'content-length "5")                                    ; expect: #f
(parse-http-version "HTTP/1.1")                                        ; expect: (1 . 1)
(parse-http-method "GET")                                              ; expect: GET
(let ((u (parse-request-uri "/a/b?c#d"))) (list (uri-path u) (uri-query u) (uri-fragment u)))  ; expect: ("/a/b" "c" "d")
(parse-request-uri "*")                                                ; expect: #f
(uri->string (parse-request-uri "http://h/x"))                         ; expect: "http://h/x"
(call-with-values (lambda () (read-request-line (open-input-string "GET /x HTTP/1.1\r\n"))) (lambda (a b c) (list a (uri->string b) c)))  ; expect: (GET "/x" (1 . 1))
(call-with-values (lambda () (read-response-line (open-input-string "HTTP/1.0 200 OK then\r\n"))) list)  ; expect: ((1 . 0) 200 "OK then")
(call-with-output-string (lambda (p) (write-request-line 'GET (string->uri "http://h:81/x?y#z") '(1 . 1) p)))  ; expect: "GET /x?y HTTP/1.1\r\n"
(call-with-output-string (lambda (p) (write-request-line 'GET (string->uri "http://h") '(1 . 1) p)))  ; expect: "GET / HTTP/1.1\r\n"
(call-with-output-string (lambda (p) (write-response-line '(1 . 1) 404 "Not Found" p)))  ; expect: "HTTP/1.1 404 Not Found\r\n"
(call-with-output-string (lambda (p) (write-headers '((host . ("a" . 80)) (content-length . 5) (x-y . "z")) p)))  ; expect: "Host: a:80\r\nContent-Length: 5\r\nX-Y: z\r\n"
(read-headers (open-input-string "Host: a:80\r\nContent-Length: 5\r\nX-Y: a\r\n  b\r\n\r\nrest"))  ; expect: ((host "a" . 80) (content-length . 5) (x-y . "a  b"))
(read-headers (open-input-string "Host a:80\r\n\r\n"))                 ; expect: ((#{host a}# . "80"))
(read-string (make-chunked-input-port (open-input-string "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n")))  ; expect: "hello world"
(begin (declare-header! "X-Int" string->number number? (lambda (v p) (display v p))) (h 'x-int "5"))  ; expect: (5 #t "X-Int: 5\r\n")
(begin (declare-opaque-header! "X-Op") (h 'x-op "5 6"))                ; expect: ("5 6" #t "X-Op: 5 6\r\n")
(http-proxy-port? (current-output-port))                               ; expect: #f
