; Names and numbers: hosts, services, protocols, as far as they are the same on every machine.
(define found (car (getaddrinfo "127.0.0.1" "80" AI_NUMERICHOST AF_INET SOCK_STREAM)))
(addrinfo:fam found)                       ; expect: 2
(addrinfo:socktype found)                  ; expect: 1
(sockaddr:addr (addrinfo:addr found))      ; expect: 2130706433
(sockaddr:port (addrinfo:addr found))      ; expect: 80
(sockaddr:addr (addrinfo:addr (car (getaddrinfo "::1" "443" AI_NUMERICHOST AF_INET6 SOCK_STREAM)))) ; expect: 1
(catch 'getaddrinfo-error (lambda () (getaddrinfo "no such host name" "80" AI_NUMERICHOST)) (lambda (key code) (= code EAI_NONAME))) ; expect: #t
(string? (gethostname))                    ; expect: #t
(getaddrinfo 5 "80")                       ; error: getaddrinfo
