;;; (srfi srfi-207): bytevectors as strings of bytes, mostly ASCII. [SRFI 207]

(define-module (srfi srfi-207)
  #:export (bytestring make-bytestring make-bytestring! bytevector->hex-string hex-string->bytevector bytevector->base64
            base64->bytevector bytestring->list make-bytestring-generator bytestring-pad bytestring-pad-right
            bytestring-trim bytestring-trim-right bytestring-trim-both bytestring-replace bytestring<? bytestring>?
            bytestring<=? bytestring>=? bytestring-index bytestring-index-right bytestring-break bytestring-span
            bytestring-join bytestring-split read-textual-bytestring write-textual-bytestring write-binary-bytestring
            bytestring-error?))

(define (%fail message . irritants)
  "Raises a bytestring error."
  (throw 'bytestring-error "bytestring" message irritants #f))

(define (bytestring-error? obj)
  "(bytestring-error? obj): whether OBJ was raised because something is no bytestring."
  (catch #t (lambda () (raise-object obj)) (lambda (key . args) (eq? key 'bytestring-error))))

(define (%bytes item)
  "The list of the bytes that ITEM, a byte, ASCII character or string, or bytevector, stands for."
  (cond ((and (exact-integer? item) (<= 0 item 255)) (list item))
        ((and (char? item) (char<? item #\x80)) (list (char->integer item)))
        ((bytevector? item) (bytevector->u8-list item))
        ((and (string? item) (string-every char-set:ascii item)) (map char->integer (string->list item)))
        (else (%fail "this is no part of a bytestring" item))))

(define (bytestring . items)
  "(bytestring item ...): a bytevector of the bytes of the items: bytes, ASCII characters and strings, bytevectors."
  (make-bytestring items))

(define (make-bytestring items)
  "(make-bytestring list): a bytevector of the bytes of the items in LIST."
  (u8-list->bytevector (append-map %bytes items)))

(define (make-bytestring! bytes at items)
  "(make-bytestring! bytevector at list): puts the bytes of the items in LIST into BYTEVECTOR from AT on."
  (bytevector-copy! bytes at (make-bytestring items)))

;;; ---- Hexadecimal and base 64 -------------------------------------------------------------------------------------

(define (bytevector->hex-string bytes)
  "(bytevector->hex-string bytevector): the bytes as hexadecimal digits, two for each."
  (string-concatenate
    (map (lambda (b) (string-pad (number->string b 16) 2 #\0)) (bytevector->u8-list bytes))))

(define (hex-string->bytevector string)
  "(hex-string->bytevector string): the bytes that pairs of hexadecimal digits in STRING stand for."
  (let ((n (string-length string)))
    (if (or (odd? n) (not (string-every char-set:hex-digit string))) (%fail "these are no pairs of hexadecimal digits" string))
    (u8-list->bytevector
      (map (lambda (k) (string->number (substring string (* 2 k) (+ 2 (* 2 k))) 16)) (iota (quotient n 2))))))

(define %alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

(define* (bytevector->base64 bytes #:optional (digits "+/"))
  "(bytevector->base64 bytevector [digits]): the bytes in base 64; DIGITS are the last two of its digits."
  (let* ((alphabet (string-append %alphabet digits)) (n (bytevector-length bytes))
         (byte (lambda (i) (if (< i n) (bytevector-u8-ref bytes i) 0)))
         (out (open-output-string)))
    (let loop ((i 0))
      (if (< i n)
          (let ((word (+ (* 65536 (byte i)) (* 256 (byte (+ i 1))) (byte (+ i 2)))))
            (write-char (string-ref alphabet (ash word -18)) out)
            (write-char (string-ref alphabet (logand 63 (ash word -12))) out)
            (write-char (if (< (+ i 1) n) (string-ref alphabet (logand 63 (ash word -6))) #\=) out)
            (write-char (if (< (+ i 2) n) (string-ref alphabet (logand 63 word)) #\=) out)
            (loop (+ i 3)))))
    (get-output-string out)))

(define* (base64->bytevector string #:optional (digits "+/"))
  "(base64->bytevector string [digits]): the bytes that STRING stands for in base 64; white space does not count."
  (let* ((alphabet (string-append %alphabet digits))
         (text (string-delete char-set:whitespace string))
         (body (string-trim-right text #\=))
         (padding (- (string-length text) (string-length body))))
    (if (not (or (string-null? body) (and (<= padding 2) (= 0 (modulo (string-length text) 4))))) (%fail "this is not in base 64" string))
    (let loop ((chars (string->list body)) (word 0) (bits 0) (bytes '()))
      (if (null? chars)
          (u8-list->bytevector (reverse bytes))
          (let* ((digit (or (string-index alphabet (car chars)) (%fail "this is no digit of base 64" (car chars))))
                 (word (logior (ash word 6) digit)) (bits (+ bits 6)))
            (if (>= bits 8)
                (let ((left (- bits 8)))
                  (loop (cdr chars) (logand word (- (ash 1 left) 1)) left (cons (ash word (- left)) bytes)))
                (loop (cdr chars) word bits bytes)))))))

;;; ---- Parts -------------------------------------------------------------------------------------------------------

(define* (bytestring->list bytes #:optional (start 0) (end (bytevector-length bytes)))
  "(bytestring->list bytevector [start [end]]): a list of characters for the bytes that are printable ASCII, and of the others."
  (map (lambda (b) (if (<= 32 b 126) (integer->char b) b)) (bytevector->u8-list (bytevector-copy bytes start end))))

(define (make-bytestring-generator . items)
  "(make-bytestring-generator item ...): a procedure that gives the bytes of the items one by one, then the end of file."
  (let ((bytes (append-map %bytes items)))
    (lambda ()
      (if (null? bytes)
          (eof-object)
          (let ((b (car bytes))) (set! bytes (cdr bytes)) b)))))

(define (%byte x)
  "The byte that X, a byte or ASCII character, is."
  (car (%bytes x)))

(define (bytestring-pad bytes length pad)
  "(bytestring-pad bytevector length pad): BYTEVECTOR with PAD in front, LENGTH bytes long; its last bytes if it is longer."
  (let ((n (bytevector-length bytes)))
    (if (>= n length)
        (bytevector-copy bytes (- n length))
        (bytevector-append (make-bytevector (- length n) (%byte pad)) bytes))))

(define (bytestring-pad-right bytes length pad)
  "(bytestring-pad-right bytevector length pad): BYTEVECTOR with PAD behind, LENGTH bytes long; its first bytes if it is longer."
  (let ((n (bytevector-length bytes)))
    (if (>= n length)
        (bytevector-copy bytes 0 length)
        (bytevector-append bytes (make-bytevector (- length n) (%byte pad))))))

(define* (bytestring-index bytes wanted? #:optional (start 0) (end (bytevector-length bytes)))
  "(bytestring-index bytevector wanted? [start [end]]): the place of the first byte for which WANTED? is true, or #f."
  (let loop ((i start))
    (cond ((>= i end) #f)
          ((wanted? (bytevector-u8-ref bytes i)) i)
          (else (loop (+ i 1))))))

(define* (bytestring-index-right bytes wanted? #:optional (start 0) (end (bytevector-length bytes)))
  "(bytestring-index-right bytevector wanted? [start [end]]): the place of the last byte for which WANTED? is true, or #f."
  (let loop ((i (- end 1)))
    (cond ((< i start) #f)
          ((wanted? (bytevector-u8-ref bytes i)) i)
          (else (loop (- i 1))))))

(define (%not f)
  "The predicate that is true where F is false."
  (lambda (x) (not (f x))))

(define (bytestring-trim bytes out?)
  "(bytestring-trim bytevector out?): BYTEVECTOR without the first bytes for which OUT? is true."
  (bytevector-copy bytes (or (bytestring-index bytes (%not out?)) (bytevector-length bytes))))

(define (bytestring-trim-right bytes out?)
  "(bytestring-trim-right bytevector out?): BYTEVECTOR without the last bytes for which OUT? is true."
  (let ((last (bytestring-index-right bytes (%not out?))))
    (bytevector-copy bytes 0 (if last (+ last 1) 0))))

(define (bytestring-trim-both bytes out?)
  "(bytestring-trim-both bytevector out?): BYTEVECTOR without the first and last bytes for which OUT? is true."
  (bytestring-trim (bytestring-trim-right bytes out?) out?))

(define* (bytestring-replace a b start1 end1 #:optional (start2 0) (end2 (bytevector-length b)))
  "(bytestring-replace bytevector1 bytevector2 start1 end1 [start2 [end2]]): BYTEVECTOR1 with its bytes from START1 to before END1
replaced by those of BYTEVECTOR2."
  (bytevector-append (bytevector-copy a 0 start1) (bytevector-copy b start2 end2) (bytevector-copy a end1)))

(define (%order a b)
  "-1, 0 or 1 as the bytevector A comes before, is or comes after B."
  (let ((n (min (bytevector-length a) (bytevector-length b))))
    (let loop ((i 0))
      (cond ((= i n)
             (cond ((< (bytevector-length a) (bytevector-length b)) -1)
                   ((> (bytevector-length a) (bytevector-length b)) 1)
                   (else 0)))
            ((< (bytevector-u8-ref a i) (bytevector-u8-ref b i)) -1)
            ((> (bytevector-u8-ref a i) (bytevector-u8-ref b i)) 1)
            (else (loop (+ i 1)))))))

(define (bytestring<? a b)
  "(bytestring<? a b): whether A comes before B, byte by byte."
  (< (%order a b) 0))

(define (bytestring>? a b)
  "(bytestring>? a b): whether A comes after B, byte by byte."
  (> (%order a b) 0))

(define (bytestring<=? a b)
  "(bytestring<=? a b): whether A does not come after B, byte by byte."
  (<= (%order a b) 0))

(define (bytestring>=? a b)
  "(bytestring>=? a b): whether A does not come before B, byte by byte."
  (>= (%order a b) 0))

(define (bytestring-break bytes out?)
  "(bytestring-break bytevector out?): two values, the first bytes for which OUT? is false, and the rest."
  (let ((place (or (bytestring-index bytes out?) (bytevector-length bytes))))
    (values (bytevector-copy bytes 0 place) (bytevector-copy bytes place))))

(define (bytestring-span bytes in?)
  "(bytestring-span bytevector in?): two values, the first bytes for which IN? is true, and the rest."
  (bytestring-break bytes (%not in?)))

(define* (bytestring-join list delimiter #:optional (grammar 'infix))
  "(bytestring-join list delimiter [grammar]): the bytevectors in LIST with DELIMITER between them; GRAMMAR as for string-join."
  (let* ((delimiter (u8-list->bytevector (%bytes delimiter)))
         (behind (lambda (l) (append-map (lambda (b) (cons* delimiter b '())) l))))
    (case grammar
      ((infix) (if (null? list) (bytevector) (apply bytevector-append (car list) (behind (cdr list)))))
      ((strict-infix)
       (if (null? list) (%fail "bytestring-join: the list is empty"))
       (apply bytevector-append (car list) (behind (cdr list))))
      ((prefix) (apply bytevector-append (behind list)))
      ((suffix) (apply bytevector-append (append-map (lambda (b) (cons* b delimiter '())) list)))
      (else (%fail "bytestring-join: unknown grammar" grammar)))))

(define* (bytestring-split bytes delimiter #:optional (grammar 'infix))
  "(bytestring-split bytevector delimiter [grammar]): a list of the parts of BYTEVECTOR between the DELIMITER bytes; by GRAMMAR prefix
or suffix, the first or the last part does not count if it is empty."
  (let* ((delimiter (%byte delimiter)) (n (bytevector-length bytes))
         (parts (if (= n 0)
                    '()
                    (let loop ((start 0))
                      (let ((place (bytestring-index bytes (lambda (b) (= b delimiter)) start)))
                        (if place
                            (cons (bytevector-copy bytes start place) (loop (+ place 1)))
                            (list (bytevector-copy bytes start))))))))
    (cond ((null? parts) '())
          ((and (eq? grammar 'prefix) (= 0 (bytevector-length (car parts)))) (cdr parts))
          ((and (eq? grammar 'suffix) (= 0 (bytevector-length (last parts)))) (drop-right parts 1))
          (else parts))))

;;; ---- Reading and writing -----------------------------------------------------------------------------------------

(define* (write-textual-bytestring bytes #:optional (port (current-output-port)))
  "(write-textual-bytestring bytevector [port]): writes BYTEVECTOR as #u8\"...\"."
  (display "#u8\"" port)
  (for-each
    (lambda (b)
      (case b
        ((7) (display "\\a" port))
        ((8) (display "\\b" port))
        ((9) (display "\\t" port))
        ((10) (display "\\n" port))
        ((13) (display "\\r" port))
        ((34) (display "\\\"" port))
        ((92) (display "\\\\" port))
        (else
         (if (<= 32 b 126)
             (write-char (integer->char b) port)
             (begin (display "\\x" port) (display (number->string b 16) port) (display ";" port))))))
    (bytevector->u8-list bytes))
  (display "\"" port))

(define* (write-binary-bytestring port . items)
  "(write-binary-bytestring port item ...): writes the bytes of the items to the binary PORT."
  (for-each (lambda (item) (write-bytevector (u8-list->bytevector (%bytes item)) port)) items))

(define* (read-textual-bytestring prefix? #:optional (port (current-input-port)))
  "(read-textual-bytestring prefix? [port]): reads a bytestring, from #u8\"...\" if PREFIX? is true, else from \"...\"."
  (if (not prefix?)
      (let ((text (read port)))
        (if (string? text) (u8-list->bytevector (map char->integer (string->list text))) (%fail "this is no bytestring" text)))
      (let ((bytes (read port)))
        (if (bytevector? bytes) bytes (%fail "this is no bytestring" bytes)))))
