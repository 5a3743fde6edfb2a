;;; (ice-9 readline): a line from the terminal. [Guile: Readline Support]
;;;
;;; The prompt of this program edits its lines itself; here is what scripts ask for.

(define-module (ice-9 readline)
  #:export (readline activate-readline set-readline-prompt! with-readline-completion-function add-history readline-port))

(define* (readline #:optional (prompt "") (input (current-input-port)) (output (current-output-port)))
  "(readline [prompt [input [output]]]): displays PROMPT and reads a line."
  (display prompt output)
  (force-output output)
  (read-line input))

(define (activate-readline)
  "(activate-readline): nothing: the prompt edits lines as it is."
  (if #f #f))

(define (set-readline-prompt! prompt . rest)
  "(set-readline-prompt! prompt): nothing: the prompt is its own."
  (if #f #f))

(define (with-readline-completion-function completer thunk)
  "(with-readline-completion-function completer thunk): the values of (thunk)."
  (thunk))

(define (add-history line)
  "(add-history line): nothing: the prompt remembers what is typed at it."
  (if #f #f))

(define (readline-port)
  "(readline-port): the port that lines come from."
  (current-input-port))
