;;; (sockeye net poller): sets of ports that are waited for together, each known by a key.
;;;
;;; A poller is an epoll instance. It reports a member as long as it is ready, and at each wait, until it is served or taken
;;; out. What counts is the descriptor: data that a port has fetched into its buffer already makes it not ready. A poller is
;;; waitable itself, by its port: so a fiber may wait for it while others run, and pollers may be members of pollers.

(define-library (sockeye net poller)
  (import (sockeye core))
  (export
    make-poller poller? poller-add! poller-modify! poller-remove! poller-members
    poller-wait! poller-wake! poller-port close-poller monotonic-time)
  (begin
    ;; MEMBERS: number -> #(port key descriptor); NUMBERS: descriptor -> number. A number is never used again, so that an event of a
    ;; descriptor that was closed is not taken for one of its successor.
    (define-record-type (<poller> %keep-apart!) (%make-poller port wakes members numbers next)
      poller?
      (port %poller-port)
      (wakes %poller-wakes)
      (members %poller-members)
      (numbers %poller-numbers)
      (next %poller-next %set-poller-next!))

    (define (%check who poller)
      "Fails in the name of WHO if POLLER is none."
      (if (not (poller? poller)) (%wrong-type who 1 "a poller" poller)))

    (define (make-poller)
      "(make-poller): a new poller, without members."
      (let ((port (%make-poller-port))
            (wakes (%make-wake-port)))
        (%poller-add! port wakes '(read) 0)
        (%make-poller port wakes (make-hash-table) (make-hash-table) 1)))

    (define (poller-port poller)
      "(poller-port poller): the port of the epoll instance; it can be read when a member is ready. For waiting only."
      (%check 'poller-port poller)
      (%poller-port poller))

    (define (poller-add! poller port interest key)
      "(poller-add! poller port interest key): makes PORT, or a descriptor, a member of POLLER, known by KEY. INTEREST is a list of
the symbols read and write; closing and failing are reported in any case."
      (%check 'poller-add! poller)
      (let ((number (%poller-next poller))
            (descriptor (%member-number port)))
        (%poller-add! (%poller-port poller) port interest number)
        (%set-poller-next! poller (+ number 1))
        ;; Its predecessor of that number was closed, and is a member no more.
        (let ((former (hashv-ref (%poller-numbers poller) descriptor)))
          (if former (hashv-remove! (%poller-members poller) former)))
        (hashv-set! (%poller-numbers poller) descriptor number)
        (hashv-set! (%poller-members poller) number (vector port key descriptor))
        (if #f #f)))

    (define (%find poller port)
      "The number of the member PORT, of which the descriptor may be closed; #f if it is none."
      (let ((number (and (not (and (port? port) (port-closed? port)))
                         (hashv-ref (%poller-numbers poller) (%member-number port)))))
        (if (and number (equal? port (vector-ref (hashv-ref (%poller-members poller) number) 0)))
            number
            (hash-fold (lambda (number member found) (if (equal? port (vector-ref member 0)) number found))
                       #f (%poller-members poller)))))

    (define (poller-modify! poller port interest)
      "(poller-modify! poller port interest): from now on PORT, a member, is waited for because of INTEREST."
      (%check 'poller-modify! poller)
      (let ((number (%find poller port)))
        (%poller-modify! (%poller-port poller) port interest (or number 0))))

    (define (poller-remove! poller port)
      "(poller-remove! poller port): makes PORT no member any more, also if it was closed; whether it was one."
      (%check 'poller-remove! poller)
      (let ((number (%find poller port)))
        (and number
             (let ((descriptor (vector-ref (hashv-ref (%poller-members poller) number) 2)))
               (hashv-remove! (%poller-members poller) number)
               (if (eqv? number (hashv-ref (%poller-numbers poller) descriptor))
                   (hashv-remove! (%poller-numbers poller) descriptor))
               (if (not (and (port? port) (port-closed? port)))
                   (%poller-remove! (%poller-port poller) port))
               #t))))

    (define (poller-members poller)
      "(poller-members poller): the members: a list of pairs of key and port."
      (%check 'poller-members poller)
      (hash-fold (lambda (number member rest) (cons (cons (vector-ref member 1) (vector-ref member 0)) rest))
                 '() (%poller-members poller)))

    (define (poller-wait! poller . timeout)
      "(poller-wait! poller [timeout]): waits until a member is ready, for at most TIMEOUT seconds, or for ever if that is #f: a list
of (key event ...), where events are read, write, hangup and error. It is empty if the time ran out, or poller-wake! was called."
      (%check 'poller-wait! poller)
      (let* ((seconds (and (pair? timeout) (car timeout)))
             (deadline (and seconds (%deadline 'poller-wait! seconds))))
        (let again ()
          (let* ((found (%poller-wait! (%poller-port poller) deadline))
                 (woken? (assv 0 found))
                 (events (%with-keys poller found)))
            (if woken? (%drain! (%poller-wakes poller)))
            ;; Events of who is a member no longer are none; and a signal ends no wait, when its handler has run.
            (if (or (pair? events) woken? (and deadline (>= (get-internal-real-time) deadline)))
                events
                (again))))))

    (define (%with-keys poller found)
      "The list FOUND with keys in place of numbers."
      (let loop ((l found) (events '()))
        (if (null? l)
            (reverse! events)
            (let ((member (hashv-ref (%poller-members poller) (caar l))))
              (loop (cdr l)
                    (if member (cons (cons (vector-ref member 1) (cdar l)) events) events))))))

    (define (poller-wake! poller)
      "(poller-wake! poller): ends the wait of who waits for POLLER, or, if nobody does, the next one."
      (%check 'poller-wake! poller)
      (%notify! (%poller-wakes poller))
      (if #f #f))

    (define (close-poller poller)
      "(close-poller poller): closes its descriptors, not those of its members; a wait for it fails."
      (%check 'close-poller poller)
      (close-port (%poller-port poller))
      (close-port (%poller-wakes poller))
      (if #f #f))))
