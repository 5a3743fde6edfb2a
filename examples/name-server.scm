;; A name server: answers questions of DNS about the names and addresses in a list such as /etc/hosts, over UDP. [RFC 1035]
;; Written with IOLib's socket operators. What does not fit into a message is left out, and the message says so.
;;
;;     sockeye examples/name-server.scm                    on port 5354, from /etc/hosts
;;     sockeye examples/name-server.scm 0 my-hosts.txt     the system chooses the port
;;
;; Then, from another terminal, one of these:
;;
;;     sockeye examples/dns-query.scm localhost 127.0.0.1 5354
;;     dig @127.0.0.1 -p 5354 localhost
;;     dig @127.0.0.1 -p 5354 -x 127.0.0.1

(import (iolib sockets) (scheme base))

(define (say . parts)
  (for-each display parts)
  (newline)
  (flush-output-port))

;;; ---- The list ------------------------------------------------------------------------------------------------------

;; Records: lists of a name in lower case, a type and the data, octets.
(define type-a 1)
(define type-ptr 12)
(define type-aaaa 28)
(define any-type 255)

(define (words line)
  (filter (lambda (word) (not (string-null? word)))
          (string-split (car (string-split (string-map (lambda (c) (if (char-whitespace? c) #\space c)) line) #\#)) #\space)))

;; A vector of numbers as octets, most significant first.
(define (octets numbers size)
  (apply bytevector-append (map (lambda (n) (number->network n size)) (vector->list numbers))))

;; The name under which an address is looked up backwards.
(define (backwards address)
  (let* ((ipv4? (ipv4-address? address))
         (digits (if ipv4?
                     (map number->string (vector->list (address-name address)))
                     (map string (string->list (apply string-append
                                                      (map (lambda (n) (string-pad (number->string n 16) 4 #\0))
                                                           (vector->list (address-name address)))))))))
    (string-append (string-join (reverse digits) ".") (if ipv4? ".in-addr.arpa" ".ip6.arpa"))))

(define (records-of line)
  (let* ((parts (words line))
         (address (and (pair? parts) (ensure-address (car parts) #:errorp #f)))
         (names (if address (map string-downcase (cdr parts)) '())))
    (if (null? names)
        '()
        (cons (list (backwards address) type-ptr (name->octets (car names)))
              (map (lambda (name)
                     (if (ipv4-address? address)
                         (list name type-a (octets (address-name address) 1))
                         (list name type-aaaa (octets (address-name address) 2))))
                   names)))))

(define (read-list file)
  (call-with-input-file file
    (lambda (port)
      (let loop ((records '()))
        (let ((line (read-line port)))
          (if (eof-object? line)
              (reverse records)
              (loop (append (reverse (records-of line)) records))))))))

;;; ---- Messages ------------------------------------------------------------------------------------------------------

;; A name is its labels, each after its length, and an empty one.
(define (name->octets name)
  (bytevector-append
    (apply bytevector-append
           (map (lambda (label)
                  (let ((text (string->utf8 label)))
                    (bytevector-append (bytevector (bytevector-length text)) text)))
                (string-split name #\.)))
    (bytevector 0)))

;; The name at a place of a message, and the place after it. Questions do not point elsewhere.
(define (read-name message at labels)
  (let ((length (bytevector-u8-ref message at)))
    (cond ((= length 0) (values (string-downcase (string-join (reverse labels) ".")) (+ at 1)))
          ((> length 63) (error "a name in a question points elsewhere"))
          (else
           (read-name message (+ at 1 length) (cons (utf8->string message (+ at 1) (+ at 1 length)) labels))))))

(define (word message at)
  (network->number message at (+ at 2)))

;; A message over UDP has at most so many octets.
(define longest 512)

;; A record as an answer has it. The name is that of the question, which stands at 12; it holds for a minute.
(define (record->octets record)
  (bytevector-append (bytevector #xc0 12)
                     (number->network (cadr record) 2) (number->network 1 2) (number->network 60 4)
                     (number->network (bytevector-length (caddr record)) 2)
                     (caddr record)))

;; As many of the first pieces as there is room for.
(define (fitting pieces room)
  (if (or (null? pieces) (> (bytevector-length (car pieces)) room))
      '()
      (cons (car pieces) (fitting (cdr pieces) (- room (bytevector-length (car pieces)))))))

;; An answer to the question that stands in a message, or #f to what is no question.
(define (answer message count records)
  (and (>= count 17)
       (< (bytevector-u8-ref message 2) 128)
       (= (word message 4) 1)
       (call-with-values (lambda () (read-name (bytevector-copy message 0 count) 12 '()))
         (lambda (name after)
           (let* ((type (word message after))
                  (known (filter (lambda (record) (string=? (car record) name)) records))
                  (found (map record->octets
                              (filter (lambda (record) (or (= type any-type) (= type (cadr record)))) known)))
                  (told (fitting found (- longest after 4)))
                  (cut? (< (length told) (length found))))
             (say name " type " type ": " (length found) (if cut? ", too many for one message" ""))
             (bytevector-append
               (bytevector-copy message 0 2)
               ;; An answer, with authority; whether it was cut short; whether recursion was wanted; and 3, if there is no such name.
               (bytevector (+ #x84 (if cut? 2 0) (modulo (bytevector-u8-ref message 2) 2)) (if (null? known) 3 0))
               (number->network 1 2) (number->network (length told) 2) (number->network 0 4)
               (bytevector-copy message 12 (+ after 4))
               (apply bytevector-append told)))))))

;;; ---- The service ---------------------------------------------------------------------------------------------------

(define buffer (make-bytevector 512))

(define (serve socket records)
  (call-with-values (lambda () (receive-from socket #:buffer buffer))
    (lambda (buffer count host port)
      (let ((reply (guard (e (#t #f)) (answer buffer count records))))
        (if reply
            (guard (e ((socket-error? e) (say "lost an answer to " (address-to-string host))))
              (send-to socket reply #:remote-host host #:remote-port port))
            (say "no question, from " (address-to-string host))))))
  (serve socket records))

(let* ((arguments (cdr (command-line)))
       (port (if (pair? arguments) (string->number (car arguments)) 5354))
       (records (read-list (if (and (pair? arguments) (pair? (cdr arguments))) (cadr arguments) "/etc/hosts"))))
  (with-open-socket (socket #:type 'datagram #:local-host +ipv4-loopback+ #:local-port port)
    (say "name server for " (length records) " records on port " (local-port socket) ", stop it with Ctrl-C")
    (serve socket records)))
