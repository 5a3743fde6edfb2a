;;; (fibers channels): messages handed from fiber to fiber, one waiting for the other. [guile-fibers]

(define-library (fibers channels)
  (import (sockeye core) (fibers operations))
  (export make-channel channel? put-operation get-operation put-message get-message)
  (begin
    (define-record-type (<channel> %keep-apart!) (%make-channel getters putters)
      channel?
      (getters %channel-getters)
      (putters %channel-putters))

    (define (make-channel . ignored)
      "(make-channel): a new channel, over which fibers hand each other messages, one waiting for the other."
      (%make-channel (%make-queue) (%make-queue)))

    (define (put-message channel message)
      "(put-message channel message): hands MESSAGE to a fiber that gets from CHANNEL; waits for one."
      (if (not (channel? channel)) (%wrong-type 'put-message 1 "a channel" channel))
      (let loop ()
        (if (not (%channel-give! (%channel-getters channel) message #f))
            (let ((wait (%open-wait)))
              (%channel-enter-putter! (%channel-putters channel) (%channel-getters channel) (vector wait #f message))
              (if (not (pair? (%park wait))) (loop))))))

    (define (get-message channel)
      "(get-message channel): the next message that a fiber puts to CHANNEL; waits for one."
      (if (not (channel? channel)) (%wrong-type 'get-message 1 "a channel" channel))
      (let ((message (%channel-take! (%channel-putters channel) #f)))
        (if message
            (%box-ref message)
            (let loop ()
              (let ((wait (%open-wait)))
                (%channel-enter-getter! (%channel-putters channel) (%channel-getters channel) (vector wait))
                (let ((woken (%park wait)))
                  (if (pair? woken) (cdr woken) (get-message channel))))))))

    (define (put-operation channel message)
      "(put-operation channel message): the operation of put-message."
      (if (not (channel? channel)) (%wrong-type 'put-operation 1 "a channel" channel))
      (%silent-operation
        (lambda () (and (%channel-give! (%channel-getters channel) message #f) values))
        (lambda (entry)
          (vector-set! entry 2 message)
          (%channel-enter-putter! (%channel-putters channel) (%channel-getters channel) entry))))

    (define (get-operation channel)
      "(get-operation channel): the operation of get-message."
      (if (not (channel? channel)) (%wrong-type 'get-operation 1 "a channel" channel))
      (%base-operation
        (lambda ()
          (let ((message (%channel-take! (%channel-putters channel) #f)))
            (and message (lambda () (%box-ref message)))))
        (lambda (entry)
          (%channel-enter-getter! (%channel-putters channel) (%channel-getters channel) entry))))))
