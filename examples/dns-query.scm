;; Asks a name server for the addresses of a host, with a message made and taken apart by hand (RFC 1035).
;;
;;     sockeye examples/dns-query.scm example.org                    the name server of this machine
;;     sockeye examples/dns-query.scm example.org 9.9.9.9            another one
;;     sockeye examples/dns-query.scm example.org 127.0.0.1 5353     on another port
;;
;; A message is a header of six numbers of two bytes, then questions, then answers:
;;
;;     id  flags  questions  answers  authorities  additions
;;
;; From another terminal, the same question with the tool of the trade: dig example.org

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

(define (argument index default)
  (let ((arguments (command-line)))
    (if (> (length arguments) index) (list-ref arguments index) default)))

;; ---- The question

;; example.org as bytes: 7 e x a m p l e 3 o r g 0
(define (encode-name name)
  (let loop ((rest (string->list name)) (label '()) (bytes #u8()))
    (define (with-label)
      (let ((text (string->utf8 (list->string (reverse label)))))
        (bytevector-append bytes (bytevector (bytevector-length text)) text)))
    (cond ((null? rest) (bytevector-append (if (null? label) bytes (with-label)) #u8(0)))
          ((char=? (car rest) #\.) (loop (cdr rest) '() (with-label)))
          (else (loop (cdr rest) (cons (car rest) label) bytes)))))

(define (question id name)
  (bytevector-append
   (number->network id 2)
   (number->network #x0100 2)           ; a question, and please ask others
   (number->network 1 2)
   (number->network 0 6)
   (encode-name name)
   (number->network 1 2)                ; for IPv4 addresses
   (number->network 1 2)))              ; of the internet

;; ---- The answer

(define (u16 message at) (network->number message at (+ at 2)))

;; The name at a place, and the place behind it. A length of 192 and more is no length but, with the byte after it, the place
;; where the name goes on. A message whose names go round in circles is not worth reading.
(define (decode-name message at)
  (let loop ((at at) (labels '()) (end #f) (jumps 0))
    (let ((length (bytevector-u8-ref message at)))
      (cond ((> jumps 20) (error "this name never ends"))
            ((= length 0) (values (join (reverse labels)) (or end (+ at 1))))
            ((>= length 192)
             (loop (- (u16 message at) #xC000) labels (or end (+ at 2)) (+ jumps 1)))
            (else
             (let ((next (+ at 1 length)))
               (loop next (cons (utf8->string message (+ at 1) next) labels) end jumps)))))))

(define (join labels)
  (if (null? labels)
      ""
      (apply string-append (car labels) (map (lambda (label) (string-append "." label)) (cdr labels)))))

(define (skip-questions message count at)
  (if (= count 0)
      at
      (call-with-values (lambda () (decode-name message at))
        (lambda (name end) (skip-questions message (- count 1) (+ end 4))))))

;; An answer: name, type, class, how long it holds (4 bytes), how many bytes of data.
(define (show-answers message count at)
  (if (> count 0)
      (call-with-values (lambda () (decode-name message at))
        (lambda (name end)
          (let* ((type (u16 message end))
                 (data (+ end 10))
                 (next (+ data (u16 message (+ end 8)))))
            (cond ((= type 1)
                   (say name " has the address " (inet-ntop AF_INET (network->number message data next))))
                  ((= type 5)
                   (call-with-values (lambda () (decode-name message data))
                     (lambda (other end) (say name " is another name of " other))))
                  (else (say name " has data of type " type)))
            (show-answers message (- count 1) next))))))

(define (show message)
  (case (modulo (u16 message 2) 16)
    ((0)
     (if (= (u16 message 6) 0) (say "no addresses"))
     (show-answers message (u16 message 6) (skip-questions message (u16 message 4) 12)))
    ((3) (say "there is no such name"))
    (else (say "the server could not tell"))))

;; ---- The conversation

;; A datagram may be lost, in either direction: so ask again after two seconds, and not for ever. An answer to somebody else's
;; question has another id.
(define (ask sock message id)
  (let ((buffer (make-bytevector 4096)))
    (define (listen-again times)
      (let ((count (guard (e ((and (socket-would-block-error? e) (> times 1)) #f))
                     (recv! sock buffer))))
        (cond ((not count) (ask-again (- times 1)))
              ((and (>= count 12) (= (u16 buffer 0) id)) (bytevector-copy buffer 0 count))
              (else (listen-again times)))))
    (define (ask-again times)
      (send sock message)
      (listen-again times))
    (ask-again 3)))

;; The first name server that /etc/resolv.conf names.
(define (default-server)
  (guard (e ((file-error? e) "127.0.0.1"))
    (call-with-input-file "/etc/resolv.conf"
      (lambda (port)
        (let loop ((word (read port)))
          (cond ((eof-object? word) "127.0.0.1")
                ((eq? word 'nameserver) (symbol->string (read port)))
                (else (loop (read port)))))))))

(let* ((name (argument 1 "localhost"))
       (server (argument 2 #f))
       (port (string->number (argument 3 "53")))
       (id (modulo (exact (floor (* 1000 (current-second)))) 65536))
       (sock (socket AF_INET SOCK_DGRAM 0)))
  (setsockopt sock SOL_SOCKET SO_RCVTIMEO '(2 . 0))
  ;; A connected socket receives from this server only, and is told when nobody is there.
  (connect sock AF_INET (or server (default-server)) port)
  (show (ask sock (question id name) id))
  (close-port sock))
