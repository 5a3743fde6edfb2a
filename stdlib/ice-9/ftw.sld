;;; (ice-9 ftw): walks over trees of folders. [Guile: File Tree Walk]
;;;
;;; All walks read a folder whole before they go into it, so what a walk's procedures do to the folder does not disturb it.
;;; Where Guile's order is that of the system's folders, so is this.

(define-library (ice-9 ftw)
  (import (sockeye core))
  (export file-system-fold file-system-tree scandir ftw nftw)
  (begin

(define (names-in folder)
  "The names in FOLDER without . and .., or, if they cannot be read, the number of the error."
  (catch 'system-error
    (lambda () (folder-names folder))
    (lambda error (system-error-errno error))))

(define (folder-names folder)
  "The names in FOLDER without . and .. ."
  (let ((stream (opendir folder)))
    (let loop ((names '()))
      (let ((name (readdir stream)))
        (cond ((eof-object? name) (closedir stream) (reverse names))
              ((or (string=? name ".") (string=? name "..")) (loop names))
              (else (loop (cons name names))))))))

(define (status-of stat name)
  "What STAT tells of the file NAME, or the number of the error."
  (catch 'system-error
    (lambda () (stat name))
    (lambda error (system-error-errno error))))

(define (identity-of status)
  "What tells the file that STATUS is of from all others."
  (cons (stat:dev status) (stat:ino status)))

(define (file-system-fold enter? leaf down up skip error init file-name . stat)
  "(file-system-fold enter? leaf down up skip error init file-name [stat]): walks over FILE-NAME and all that is in it. Each
procedure is called with the name of a file, what stat tells of it, and the result so far, which is INIT at first, and
gives the next result: LEAF for what is no folder; DOWN before and UP behind the contents of a folder for which ENTER? is
true, SKIP for other folders. ERROR is called with the number of the error before the result, for what cannot be looked at;
what stat tells is #f if that was what failed. STAT is lstat unless it is given: stat follows symbolic links."
  (let ((stat (if (pair? stat) (car stat) lstat)))
    (let visit ((name file-name) (result init) (above '()))
      (let ((status (status-of stat name)))
        (cond ((not (vector? status)) (error name #f status result))
              ((not (eq? (stat:type status) 'directory)) (leaf name status result))
              ((member (identity-of status) above) result)
              ((not (enter? name status result)) (skip name status result))
              (else
               (let ((names (names-in name)) (above (cons (identity-of status) above)))
                 (if (list? names)
                     (let loop ((names names) (result (down name status result)))
                       (if (pair? names)
                           (loop (cdr names) (visit (in-vicinity name (car names)) result above))
                           (up name status result)))
                     (error name status names result)))))))))

(define (file-system-tree file-name . options)
  "(file-system-tree file-name [enter? [stat]]): FILE-NAME and all that is in it as a list: its last part, what stat tells of
it, and such a list for each file in it; #f if there is no such file. Folders for which (ENTER? name status) is false have
no contents. STAT is lstat unless it is given."
  (let* ((enter? (if (pair? options) (car options) (lambda (name status) #t)))
         (stat (if (and (pair? options) (pair? (cdr options))) (cadr options) lstat))
         (add (lambda (name status trees)
                (cons (cons (list (basename name) status) (car trees)) (cdr trees))))
         (trees (file-system-fold
                  (lambda (name status trees) (enter? name status))
                  add
                  (lambda (name status trees) (cons '() trees))
                  (lambda (name status trees)
                    (let ((inside (reverse (car trees))) (outside (cdr trees)))
                      (cons (cons (cons* (basename name) status inside) (car outside)) (cdr outside))))
                  add
                  (lambda (name status errno trees) (if status (add name status trees) trees))
                  '(())
                  file-name
                  stat)))
    (and (pair? (car trees)) (caar trees))))

(define (scandir name . options)
  "(scandir name [select? [before?]]): the names in the folder NAME for which SELECT? is true, . and .. among them, in the order
of BEFORE?; #f if it cannot be read."
  (let ((select? (if (pair? options) (car options) (lambda (name) #t)))
        (before? (if (and (pair? options) (pair? (cdr options))) (cadr options) string<?))
        (names (names-in name)))
    (and (list? names)
         (sort (filter select? (cons* "." ".." names)) before?))))

(define (marks)
  "A procedure that says whether it was called before with the same file's status."
  (let ((seen (make-hash-table)))
    (lambda (status)
      (let ((key (identity-of status)))
        (or (hash-ref seen key)
            (begin (hash-set! seen key #t) #f))))))

(define (ftw file-name proc . options)
  "(ftw file-name proc ['hash-size n]): calls (PROC name status flag) for FILE-NAME and all that is in it, each file once; FLAG is
one of regular, directory, symlink (one that leads nowhere), directory-not-readable, invalid-stat. Ends with #t, or with
the first value of PROC's that is not."
  (let ((seen? (marks)))
    (let visit ((name file-name))
      (let ((status (status-of stat name)))
        (if (not (vector? status))
            (let ((own (status-of lstat name)))
              (if (vector? own)
                  (or (seen? own) (proc name own 'symlink))
                  (proc name #f 'invalid-stat)))
            (cond ((seen? status) #t)
                  ((not (eq? (stat:type status) 'directory)) (proc name status 'regular))
                  (else
                   (let ((names (names-in name)))
                     (if (not (list? names))
                         (proc name status 'directory-not-readable)
                         (let ((answer (proc name status 'directory)))
                           (if (eq? answer #t)
                               (every-true (lambda (inside) (visit (in-vicinity name inside))) names)
                               answer)))))))))))

(define (every-true visit names)
  "#t, or the first value other than that which VISIT gives for one of NAMES."
  (if (pair? names)
      (let ((answer (visit (car names))))
        (if (eq? answer #t)
            (every-true visit (cdr names))
            answer))
      #t))

(define (nftw file-name proc . options)
  "(nftw file-name proc option ...): calls (PROC name status flag base level) for FILE-NAME and all that is in it: BASE is where
the last part of the name begins (0 for FILE-NAME itself), LEVEL how deep in FILE-NAME the file is. FLAG is as for ftw, but
a symbolic link that leads nowhere is stale-symlink. Options, symbols: depth, contents come before their folder, whose flag
is directory-processed; physical, links are not followed, and have the flag symlink; mount, folders of other devices are
left out; chdir, the current folder is that of the file. Ends with #t, or with the first value of PROC's that is not."
  (let* ((option? (lambda (name) (memq name options)))
         (seen? (marks))
         (start (getcwd))
         (top (status-of lstat file-name))
         (same-device? (lambda (status)
                         (or (not (option? 'mount)) (not (vector? top)) (= (stat:dev status) (stat:dev top)))))
         (call (lambda (name status flag base level)
                 (if (option? 'chdir)
                     (begin
                       (chdir start)
                       (chdir (dirname name))))
                 (proc name status flag base level))))
    (dynamic-wind
      (lambda () #f)
      (lambda ()
        (let visit ((name file-name) (base 0) (level 0))
          (if (option? 'chdir) (chdir start))
          (let* ((own (status-of lstat name))
                 (link? (and (vector? own) (eq? (stat:type own) 'symlink)))
                 (target (if link? (status-of stat name) own))
                 (status (cond ((not (vector? own)) #f)
                               ((or (option? 'physical) (not (vector? target))) own)
                               (else target))))
            (cond ((not status) (call name #f 'invalid-stat base level))
                  ((not (same-device? status)) #t)
                  ((and link? (not (vector? target))) (call name status 'stale-symlink base level))
                  ((seen? status) #t)
                  ((eq? (stat:type status) 'symlink) (call name status 'symlink base level))
                  ((not (eq? (stat:type status) 'directory)) (call name status 'regular base level))
                  (else
                   (let ((names (names-in name)))
                     (if (not (list? names))
                         (call name status 'directory-not-readable base level)
                         (let* ((inside-base (string-length (in-vicinity name "")))
                                (contents (lambda ()
                                            (every-true
                                              (lambda (inside)
                                                (visit (in-vicinity name inside) inside-base (+ level 1)))
                                              names)))
                                (before (if (option? 'depth) #t (call name status 'directory base level)))
                                (answer (if (eq? before #t) (contents) before)))
                           (if (and (eq? answer #t) (option? 'depth))
                               (call name status 'directory-processed base level)
                               answer)))))))))
      (lambda () (if (option? 'chdir) (chdir start))))))

)) ; end of the library
