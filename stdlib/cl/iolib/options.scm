;;; (iolib options): the socket options of (iolib sockets), which exports all of it: one table of names, levels and kinds of values.
;;; [IOLib]

(define-module (iolib options)
  #:use-module (sockeye net raising)
  #:use-module (sockeye net socket)
  #:export (socket-option set-socket-option! *default-linger-seconds*))

(define *default-linger-seconds* (make-parameter 15))

;;; A row is (level name kind ways): ways is any, read or write.

(define (%option-row name)
  "What is known of the option NAME, or #f."
  (case name
    ((accept-connections) (list SOL_SOCKET SO_ACCEPTCONN 'bool 'read))
    ((error) (list SOL_SOCKET SO_ERROR 'int 'read))
    ((type) (list SOL_SOCKET SO_TYPE 'int 'read))
    ((broadcast) (list SOL_SOCKET SO_BROADCAST 'bool 'any))
    ((debug) (list SOL_SOCKET SO_DEBUG 'bool 'any))
    ((dont-route) (list SOL_SOCKET SO_DONTROUTE 'bool 'any))
    ((keep-alive) (list SOL_SOCKET SO_KEEPALIVE 'bool 'any))
    ((oob-inline) (list SOL_SOCKET SO_OOBINLINE 'bool 'any))
    ((reuse-address) (list SOL_SOCKET SO_REUSEADDR 'bool 'any))
    ((receive-buffer) (list SOL_SOCKET SO_RCVBUF 'int 'any))
    ((send-buffer) (list SOL_SOCKET SO_SNDBUF 'int 'any))
    ((receive-low-water) (list SOL_SOCKET SO_RCVLOWAT 'int 'any))
    ((send-low-water) (list SOL_SOCKET SO_SNDLOWAT 'int 'any))
    ((priority) (list SOL_SOCKET SO_PRIORITY 'int 'any))
    ((linger) (list SOL_SOCKET SO_LINGER 'linger 'any))
    ((receive-timeout) (list SOL_SOCKET SO_RCVTIMEO 'time 'any))
    ((send-timeout) (list SOL_SOCKET SO_SNDTIMEO 'time 'any))
    ((bind-to-device) (list SOL_SOCKET SO_BINDTODEVICE 'text 'write))
    ((tcp-nodelay) (list IPPROTO_TCP TCP_NODELAY 'bool 'any))
    ((tcp-cork) (list IPPROTO_TCP TCP_CORK 'bool 'any))
    ((tcp-quickack) (list IPPROTO_TCP TCP_QUICKACK 'bool 'any))
    ((tcp-maxseg) (list IPPROTO_TCP TCP_MAXSEG 'int 'any))
    ((tcp-defer-accept) (list IPPROTO_TCP TCP_DEFER_ACCEPT 'int 'any))
    ((tcp-keepcnt) (list IPPROTO_TCP TCP_KEEPCNT 'int 'any))
    ((tcp-keepidle) (list IPPROTO_TCP TCP_KEEPIDLE 'int 'any))
    ((tcp-keepintvl) (list IPPROTO_TCP TCP_KEEPINTVL 'int 'any))
    ((tcp-linger2) (list IPPROTO_TCP TCP_LINGER2 'int 'any))
    ((tcp-syncnt) (list IPPROTO_TCP TCP_SYNCNT 'int 'any))
    ((tcp-window-clamp) (list IPPROTO_TCP TCP_WINDOW_CLAMP 'int 'any))
    ((ip-header-include) (list IPPROTO_IP IP_HDRINCL 'bool 'any))
    ((ip-receive-error) (list IPPROTO_IP IP_RECVERR 'bool 'any))
    ;; ICMP_FILTER, of which the system's headers say no more than this number.
    ((icmp-filter) (list IPPROTO_RAW 1 'int 'any))
    (else #f)))

(define (%row-for socket name operation unwanted)
  "The row of the option NAME of SOCKET. Complains if there is none, or if it can only be used in the way UNWANTED."
  (let ((row (%option-row (value-symbol name))))
    (if (or (not row) (eq? (cadddr row) unwanted))
        (raise-socket-error ENOPROTOOPT operation #:socket socket))
    row))

(define socket-option
  (make-procedure-with-setter
    (lambda (socket name)
      (need-socket 'socket-option socket)
      (let ((row (%row-for socket name 'socket-option 'write)))
        (get-option socket (car row) (cadr row) (caddr row))))
    (lambda (socket name . values) (apply set-socket-option! socket name values))))

(define (set-socket-option! socket name value . more)
  "(set-socket-option! socket name value ...): sets the option NAME, a symbol, of SOCKET: a boolean or an exact integer as the option has it; for
linger, whether, and for how many seconds, (*default-linger-seconds*) without; for receive-timeout and send-timeout a real number of seconds. An unknown
option, or one that can only be read, raises &socket-option-not-supported-error. [IOLib]"
  (need-socket 'set-socket-option! socket)
  (let* ((row (%row-for socket name 'set-socket-option! 'read))
         (kind (caddr row))
         (refuse (lambda (expected got) (raise-wrong-argument 'set-socket-option! 3 expected got)))
         (extra (lambda () (if (pair? more) (raise-wrong-argument 'set-socket-option! 4 "absent: the option has one value" (car more))))))
    (case kind
      ((bool)
       (extra)
       (if (not (boolean? value)) (refuse "a boolean" value)))
      ((int)
       (extra)
       (if (not (exact-integer? value)) (refuse "an exact integer" value)))
      ((text)
       (extra)
       (if (not (string? value)) (refuse "a string" value)))
      ((time)
       (extra)
       (if (not (and (real? value) (>= value 0))) (raise-wrong-argument 'set-socket-option! 3 "a number of seconds, not negative" value #t)))
      ((linger)
       (if (not (boolean? value)) (refuse "a boolean" value))
       (if (and (pair? more) (not (and (exact-integer? (car more)) (>= (car more) 0) (null? (cdr more)))))
           (raise-wrong-argument 'set-socket-option! 4 "a number of seconds: an exact integer, not negative" (car more) #t))))
    (if (eq? kind 'linger)
        (set-option socket (car row) (cadr row) kind value (if (pair? more) (car more) (*default-linger-seconds*)))
        (set-option socket (car row) (cadr row) kind value))
    (if #f #f)))
