; guile: same
; needs: redis-server
; slow: a server is started
; A client of redis as Guile's are written: requests and replies over a buffered socket port, a pipeline of them, errors as
; exceptions, bytes that are no text, a subscriber, and what a server's end looks like.
(use-modules (ice-9 rdelim) (ice-9 binary-ports) (ice-9 match) (ice-9 exceptions) (ice-9 format)
             (rnrs bytevectors) (srfi srfi-1) (srfi srfi-9) (srfi srfi-11) (srfi srfi-26))

;; ---- The client -----------------------------------------------------------------------------------------------------

(define-record-type <connection>
  (make-connection socket path)
  connection?
  (socket connection-socket)
  (path connection-path))

(define-exception-type &redis-error &error
  make-redis-error redis-error?
  (prefix redis-error-prefix)
  (text redis-error-text))

(define* (redis-connect path #:key (buffer 4096))
  (let ((sock (socket PF_UNIX SOCK_STREAM 0)))
    (connect sock AF_UNIX path)
    (setvbuf sock 'block buffer)
    (set-port-encoding! sock "ISO-8859-1")
    (make-connection sock path)))

(define (redis-close connection)
  (close-port (connection-socket connection)))

(define (->bytes argument)
  (cond ((bytevector? argument) argument)
        ((string? argument) (string->utf8 argument))
        ((symbol? argument) (->bytes (symbol->string argument)))
        ((number? argument) (->bytes (number->string argument)))
        (else (scm-error 'wrong-type-arg "redis" "Not an argument: ~S" (list argument) (list argument)))))

(define (write-request port command args)
  (format port "*~a\r\n" (+ 1 (length args)))
  (for-each (lambda (bytes)
              (format port "$~a\r\n" (bytevector-length bytes))
              (put-bytevector port bytes)
              (display "\r\n" port))
            (map ->bytes (cons command args))))

(define (read-header port)
  (let ((line (read-line port 'concat)))
    (if (or (eof-object? line) (not (string-suffix? "\r\n" line)))
        (throw 'redis-closed line)
        (values (string-ref line 0) (substring line 1 (- (string-length line) 2))))))

(define (read-reply port)
  (let-values (((type text) (read-header port)))
    (case type
      ((#\+) (string->symbol text))
      ((#\-) (let ((space (string-index text #\space)))
               (raise-exception
                 (make-exception (make-redis-error (substring text 0 space) (substring text (+ 1 space)))
                                 (make-exception-with-message text)))))
      ((#\:) (string->number text))
      ((#\$) (match (string->number text)
               (-1 #f)
               (0 (get-bytevector-n port 2) "")
               (length (let ((bytes (get-bytevector-n port length)))
                         (get-bytevector-n port 2)
                         (catch 'decoding-error (lambda () (utf8->string bytes)) (lambda _ bytes))))))
      ((#\*) (match (string->number text)
               (-1 #f)
               (count (let loop ((n count) (items '()))
                        (if (zero? n)
                            (reverse items)
                            (loop (- n 1) (cons (read-reply port) items)))))))
      (else (throw 'redis-protocol type text)))))

(define (redis connection command . args)
  (match connection
    (($ <connection> port)
     (write-request port command args)
     (force-output port)
     (read-reply port))))

(define-syntax define-commands
  (lambda (x)
    (syntax-case x ()
      ((_ name ...)
       #'(begin (define (name connection . args) (apply redis connection 'name args)) ...)))))

(define-commands PING ECHO SET GET DEL EXISTS INCR INCRBY LPUSH RPUSH LRANGE LLEN HSET HGETALL SADD SMEMBERS APPEND STRLEN
  GETRANGE EXPIRE TTL TYPE KEYS FLUSHALL MULTI EXEC DBSIZE)

(define-syntax-rule (pipeline connection (command arg ...) ...)
  (let ((port (connection-socket connection)))
    (write-request port 'command (list arg ...)) ...
    (force-output port)
    (list (begin 'command (false-if-exception (read-reply port))) ...)))

;; ---- The server -----------------------------------------------------------------------------------------------------

(define folder (string-append (or (getenv "TMPDIR") "/tmp") "/redis-" (number->string (getpid))))
(mkdir folder)
(define path (string-append folder "/socket"))

(define server
  (let ((pid (primitive-fork)))
    (if (zero? pid)
        (catch #t
          (lambda ()
            (let ((null (open-file "/dev/null" "r+")))
              (dup2 (fileno null) 0)
              (dup2 (fileno null) 1)
              (dup2 (fileno null) 2))
            (execlp "redis-server" "redis-server" "--port" "0" "--unixsocket" path "--dir" folder "--save" ""
                    "--appendonly" "no"))
          (lambda _ (primitive-exit 127)))
        pid)))

;; It is there when it answers; meanwhile there is no such file, or nobody listens.
(define connection
  (let wait ((tries 2000))
    (catch 'system-error
      (lambda () (redis-connect path))
      (lambda failure
        (if (or (zero? tries) (not (memv (system-error-errno failure) (list ENOENT ECONNREFUSED))))
            (apply throw failure))
        (usleep 10000)
        (wait (- tries 1))))))

(define checks 0)
(define-syntax check
  (syntax-rules (=>)
    ((_ expression => expected)
     (let ((value expression) (wanted expected))
       (set! checks (+ checks 1))
       (if (not (equal? value wanted))
           (begin
             (format #t "~s is ~s, not ~s\n" 'expression value wanted)
             (kill server SIGKILL)
             (primitive-exit 1)))))))

;; ---- What it says ---------------------------------------------------------------------------------------------------

(check (PING connection) => 'PONG)
(check (PING connection "hello world") => "hello world")
(check (ECHO connection "grüße λ\r\nzwei") => "grüße λ\r\nzwei")
(check (SET connection 'k "v") => 'OK)
(check (GET connection 'k) => "v")
(check (GET connection 'nothing) => #f)
(check (SET connection "empty" "") => 'OK)
(check (GET connection "empty") => "")
(check (EXISTS connection 'k "empty" 'nothing) => 2)
(check (INCR connection 'n) => 1)
(check (INCRBY connection 'n 41) => 42)
(check (GET connection 'n) => "42")
(check (RPUSH connection 'l "a" "b" "c") => 3)
(check (LPUSH connection 'l "z") => 4)
(check (LRANGE connection 'l 0 -1) => '("z" "a" "b" "c"))
(check (LRANGE connection 'l 9 10) => '())
(check (HSET connection 'h "f" 1 "g" 2) => 2)
(check (sort (HGETALL connection 'h) string<?) => '("1" "2" "f" "g"))
(check (SADD connection 's "x" "y" "x") => 2)
(check (sort (SMEMBERS connection 's) string<?) => '("x" "y"))
(check (TYPE connection 'h) => 'hash)
(check (TTL connection 'k) => -1)
(check (EXPIRE connection 'k 100) => 1)
(check (<= 0 (TTL connection 'k) 100) => #t)
(check (sort (KEYS connection "*") string<?) => '("empty" "h" "k" "l" "n" "s"))

;; All bytes there are, and more than any buffer holds.
(define all (u8-list->bytevector (iota 256)))
(check (SET connection 'all all) => 'OK)
(check (GET connection 'all) => all)
(define big (make-bytevector 300000 255))
(check (SET connection 'big big) => 'OK)
(check (GET connection 'big) => big)
(check (STRLEN connection 'big) => 300000)
(check (GETRANGE connection 'big 0 1) => #vu8(255 255))

;; Errors are exceptions of a type of their own, and the next request is answered.
(check (guard (e ((redis-error? e) (list (redis-error-prefix e) (string? (redis-error-text e)))))
         (LPUSH connection 'k "x"))
       => '("WRONGTYPE" #t))
(check (guard (e ((redis-error? e) (redis-error-prefix e))) (redis connection 'NO-SUCH-COMMAND)) => "ERR")
(check (catch #t (lambda () (redis connection 'INCR 'k)) (lambda (key . args) key)) => '%exception)
(check (with-exception-handler
         (lambda (e) (exception-message e))
         (lambda () (redis connection 'INCR 'k))
         #:unwind? #t #:unwind-for-type &redis-error)
       => "ERR value is not an integer or out of range")
(check (catch 'wrong-type-arg (lambda () (SET connection 'k '(a list))) (lambda (key . args) key)) => 'wrong-type-arg)
(redis-close connection)

;; A failed request leaves what it had written in the buffer: a new connection begins anew.
(let ((connection (redis-connect path #:buffer 1)))
  (check (pipeline connection (SET 'p 1) (INCR 'p) (LPUSH 'p 1) (GET 'p) (DEL 'p)) => '(OK 2 #f "2" 1))
  (check (MULTI connection) => 'OK)
  (check (redis connection 'SET 'q 5) => 'QUEUED)
  (check (redis connection 'INCR 'q) => 'QUEUED)
  (check (EXEC connection) => '(OK 6))
  (let ((port (connection-socket connection)))
    (do ((n 0 (+ n 1))) ((= n 2000))
      (write-request port 'RPUSH (list 'many n)))
    (force-output port)
    (check (map (lambda (n) (read-reply port)) (iota 2000)) => (iota 2000 1)))
  (check (map string->number (LRANGE connection 'many 0 -1)) => (iota 2000))
  (redis-close connection))

;; One subscribes, another tells it.
(let* ((subscriber (redis-connect path))
       (teller (redis-connect path))
       (port (connection-socket subscriber)))
  (check (redis subscriber 'SUBSCRIBE 'news) => '("subscribe" "news" 1))
  (check (car (select (list port) '() '() 0)) => '())
  (for-each (lambda (text) (check (redis teller 'PUBLISH 'news text) => 1)) '("one" "two"))
  (check (car (select (list port) '() '() 10)) => (list port))
  (check (list (read-reply port) (read-reply port)) => '(("message" "news" "one") ("message" "news" "two")))
  ;; Who waits for an item of a list is answered when somebody adds one.
  (let ((waiter (redis-connect path)))
    (write-request (connection-socket waiter) 'BLPOP '(queue 10))
    (force-output (connection-socket waiter))
    (check (RPUSH teller 'queue "item") => 1)
    (check (read-reply (connection-socket waiter)) => '("queue" "item"))
    (redis-close waiter))
  ;; The server ends: whoever reads sees the end, and whoever connects is refused.
  (kill server SIGTERM)
  (check (status:exit-val (cdr (waitpid server))) => 0)
  (check (catch 'redis-closed (lambda () (read-reply port)) (lambda (key line) (eof-object? line))) => #t)
  (check (catch 'system-error
           (lambda ()
             (sigaction SIGPIPE SIG_IGN)
             (redis teller 'PING)
             (redis teller 'PING))
           (lambda failure (and (memv (system-error-errno failure) (list EPIPE ECONNRESET)) #t)))
         => #t)
  (false-if-exception (redis-close teller))
  (redis-close subscriber))
(check (catch 'system-error
         (lambda () (redis-connect path))
         (lambda failure (and (memv (system-error-errno failure) (list ENOENT ECONNREFUSED)) #t)))
       => #t)

(false-if-exception (delete-file path))
(for-each (lambda (name) (false-if-exception (delete-file (string-append folder "/" name)))) '("redis.log" "dump.rdb"))
(rmdir folder)
(format #t "~a checks hold\n" checks)
