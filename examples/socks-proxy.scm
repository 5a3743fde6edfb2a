;; A SOCKS5 proxy (RFC 1928): makes connections on behalf of its clients, and passes on what is said, both ways.
;;
;;     sockeye examples/socks-proxy.scm          on port 1080
;;
;; Then, with the server of http-server.scm running, too:
;;
;;     curl --socks5 127.0.0.1:1080 http://127.0.0.1:8080/
;;     curl --socks5-hostname 127.0.0.1:1080 http://localhost:8080/       the proxy looks up the name

(import (fibers) (rnrs bytevectors))

(define patience 10)                    ; seconds for the handshake, and for a connection

(define (refuse . what)
  (apply error "a client that does not speak SOCKS5:" what))

;; ---- The handshake ----------------------------------------------------------------------------------------------

(define (read-bytes port count)
  (let ((bytes (if (= count 0) (bytevector) (read-bytevector count port))))
    (if (and (bytevector? bytes) (= (bytevector-length bytes) count))
        bytes
        (refuse 'end))))

(define (read-byte port)
  (bytevector-u8-ref (read-bytes port 1) 0))

(define (read-port-number port)
  (bytevector-u16-ref (read-bytes port 2) 0 (endianness big)))

;; Version, methods: we know but one, which is to ask for nothing.
(define (greet port)
  (if (not (= (read-byte port) 5)) (refuse 'version))
  (let* ((count (read-byte port))
         (methods (bytevector->u8-list (read-bytes port count))))
    (write-bytevector (if (memv 0 methods) #vu8(5 0) #vu8(5 255)) port)
    (if (not (memv 0 methods)) (refuse 'methods methods))))

;; What the client wants: a command, and the host, as text, and port that it is for.
(define (read-wish port)
  (if (not (= (read-byte port) 5)) (refuse 'version))
  (let* ((command (read-byte port))
         (reserved (read-byte port))
         (host (case (read-byte port)
                 ((1) (inet-ntop AF_INET (bytevector-u32-ref (read-bytes port 4) 0 (endianness big))))
                 ((3) (utf8->string (read-bytes port (read-byte port))))
                 ((4) (inet-ntop AF_INET6 (bytevector-uint-ref (read-bytes port 16) 0 (endianness big) 16)))
                 (else #f))))
    (values command host (and host (read-port-number port)))))

;; Status, and an address that nobody looks at.
(define (reply port status)
  (write-bytevector (bytevector 5 status 0 1 0 0 0 0 0 0) port))

;; ---- Connecting -------------------------------------------------------------------------------------------------

(define (dial host port)
  (let* ((info (car (getaddrinfo host (number->string port) 0 AF_UNSPEC SOCK_STREAM)))
         (target (socket (addrinfo:fam info) SOCK_STREAM 0)))
    (guard (e (#t (close-port target) (raise e)))
      (connect target (addrinfo:addr info))
      target)))

;; Why it was not possible, as RFC 1928 numbers it.
(define (status-of failure)
  (cond ((not (socket-error-type failure)) 1)
        ((socket-error-is? failure 'socket-connection-refused-error) 5)
        ((socket-error-is? failure 'socket-network-unreachable-error) 3)
        ((or (socket-error-is? failure 'lookup-error)
             (socket-error-is? failure 'socket-host-unreachable-error)) 4)
        (else 1)))

;; The connection, or the number that says why there is none.
(define (try-to-dial command host port)
  (cond ((not host) 8)
        ((not (= command 1)) 7)
        (else
         (guard (e (#t (status-of e)))
           (with-timeout patience (lambda () (dial host port)) (lambda () 4))))))

;; ---- Passing on -------------------------------------------------------------------------------------------------

;; Everything, and then the end; if one of the two fails, nobody waits for the other.
(define (pump from to)
  (let ((buffer (make-bytevector 65536)))
    (guard (e (#t (shutdown from 0)))
      (let loop ()
        (let ((count (recv! from buffer)))
          (if (> count 0)
              (begin
                (send to buffer 0 0 count)
                (loop)))))
      (shutdown to 1))))

(define (serve client)
  (call-with-values
    (lambda () (with-timeout patience (lambda () (greet client) (read-wish client))))
    (lambda (command host port)
      (let ((target (try-to-dial command host port)))
        (if (number? target)
            (reply client target)
            (begin
              (reply client 0)
              (let ((back (spawn-fiber (lambda () (pump target client)))))
                (pump client target)
                (fiber-join back)
                (close-port target))))))))

(define (main port)
  (let ((server (socket PF_INET SOCK_STREAM 0)))
    (setsockopt server SOL_SOCKET SO_REUSEADDR 1)
    (bind server AF_INET INADDR_LOOPBACK port)
    (listen server 128)
    (display (string-append "a SOCKS5 proxy on port " (number->string (sockaddr:port (getsockname server)))
                            ", stop it with Ctrl-C\n"))
    (force-output)
    (let loop ()
      (let ((client (car (accept server))))
        (spawn-fiber
          (lambda ()
            (guard (e (#t #f)) (serve client))
            (close-port client)))
        (loop)))))

(let ((arguments (cdr (command-line))))
  (main (if (pair? arguments) (string->number (car arguments)) 1080)))
