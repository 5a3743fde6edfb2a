;;; (sxml xpath): parts of XML documents found by their paths. [Guile: SXPath]
;;;
;;; A converter takes a node or a nodeset, a list of nodes that does not begin with a symbol, and gives a nodeset. A path is
;;; translated to a converter: (sxpath '(doc (para 1) @ id)).

(define-module (sxml xpath)
  #:export (nodeset? node-typeof? node-eq? node-equal? node-pos filter take-until take-after map-union node-reverse node-trace
            select-kids node-self node-join node-reduce node-or node-closure node-parent sxpath)
  #:replace (filter))

(define (nodeset? obj)
  "(nodeset? obj): whether OBJ is a list of nodes, that is, a list that does not begin with a symbol."
  (or (and (pair? obj) (not (symbol? (car obj)))) (null? obj)))

(define (%nodes obj)
  "OBJ as a nodeset."
  (if (nodeset? obj) obj (list obj)))

(define (node-typeof? criterion)
  "(node-typeof? criterion): a predicate of nodes: * is any element, *any* any node, *text* text, @ the attributes, *PI* and other
such names these nodes, and any name the elements of it."
  (lambda (node)
    (case criterion
      ((*) (and (pair? node) (not (memq (car node) '(@ *PI*)))))
      ((*any*) #t)
      ((*text*) (string? node))
      (else (and (pair? node) (eq? criterion (car node)))))))

(define (node-eq? other)
  "(node-eq? other): a predicate of nodes: whether one is OTHER."
  (lambda (node) (eq? other node)))

(define (node-equal? other)
  "(node-equal? other): a predicate of nodes: whether one is equal to OTHER."
  (lambda (node) (equal? other node)))

(define (node-pos n)
  "(node-pos n): a converter that gives the Nth node, counted from 1, or from the end if N is negative."
  (lambda (nodes)
    (let* ((nodes (%nodes nodes)) (count (length nodes)) (index (if (> n 0) (- n 1) (+ count n))))
      (if (and (not (= n 0)) (< -1 index count))
          (list (list-ref nodes index))
          '()))))

(define (filter keep?)
  "(filter keep?): a converter that gives the nodes for which KEEP? is true, and not an empty nodeset."
  (lambda (nodes)
    (let loop ((l (%nodes nodes)) (kept '()))
      (cond ((null? l) (reverse kept))
            ((let ((answer (keep? (car l)))) (and answer (not (null? answer)))) (loop (cdr l) (cons (car l) kept)))
            (else (loop (cdr l) kept))))))

(define (take-until stop?)
  "(take-until stop?): a converter that gives the nodes before the first for which STOP? is true."
  (lambda (nodes)
    (let loop ((l (%nodes nodes)) (taken '()))
      (if (or (null? l) (%true? (stop? (car l))))
          (reverse taken)
          (loop (cdr l) (cons (car l) taken))))))

(define (take-after start?)
  "(take-after start?): a converter that gives the nodes after the first for which START? is true."
  (lambda (nodes)
    (let loop ((l (%nodes nodes)))
      (cond ((null? l) '())
            ((%true? (start? (car l))) (cdr l))
            (else (loop (cdr l)))))))

(define (%true? answer)
  "Whether ANSWER is true, and not an empty nodeset."
  (and answer (not (null? answer))))

(define (map-union f nodes)
  "(map-union f nodes): the nodesets, or single nodes, that F gives for NODES, put together."
  (if (null? nodes)
      '()
      (let ((answer (f (car nodes))))
        (if (nodeset? answer)
            (append answer (map-union f (cdr nodes)))
            (cons answer (map-union f (cdr nodes)))))))

(define (node-reverse nodes)
  "(node-reverse nodes): the nodeset in the other order."
  (reverse (%nodes nodes)))

(define (node-trace title)
  "(node-trace title): a converter that writes the nodes, under TITLE, and gives them back."
  (lambda (nodes)
    (display "\n-->") (display title) (display " :") (write nodes) (newline)
    nodes))

(define (select-kids test?)
  "(select-kids test?): a converter that gives the children of the nodes for which TEST? is true."
  (lambda (nodes)
    (cond ((null? nodes) '())
          ((not (pair? nodes)) '())
          ((symbol? (car nodes)) ((filter test?) (cdr nodes)))
          (else (map-union (select-kids test?) nodes)))))

(define (node-self test?)
  "(node-self test?): a converter that gives the nodes themselves for which TEST? is true."
  (filter test?))

(define (node-join . converters)
  "(node-join converter ...): each converter applied to each node that the one before gives."
  (lambda (nodes)
    (let loop ((nodes nodes) (l converters))
      (if (null? l)
          nodes
          (loop (if (nodeset? nodes) (map-union (car l) nodes) ((car l) nodes)) (cdr l))))))

(define (node-reduce . converters)
  "(node-reduce converter ...): each converter applied to the whole nodeset that the one before gives."
  (lambda (nodes)
    (let loop ((nodes nodes) (l converters))
      (if (null? l) nodes (loop ((car l) nodes) (cdr l))))))

(define (node-or . converters)
  "(node-or converter ...): what all the converters give, put together."
  (lambda (nodes)
    (apply append (map (lambda (converter) (%nodes (or (converter nodes) '()))) converters))))

(define (node-closure test?)
  "(node-closure test?): a converter that gives the descendants of the nodes for which TEST? is true, children first."
  (lambda (nodes)
    (let loop ((parents nodes) (found '()))
      (if (null? parents)
          found
          (loop ((select-kids (node-typeof? '*)) parents)
                (append found ((select-kids test?) parents)))))))

(define (node-parent root)
  "(node-parent root): a converter that gives the parents of the nodes, which are looked for in ROOT."
  (lambda (nodes)
    (if (nodeset? nodes)
        (map-union (node-parent root) nodes)
        (let loop ((pending (%nodes root)))
          (cond ((null? pending) '())
                ((and (pair? (car pending))
                      (or (memq nodes (car pending))
                          (let ((attributes (and (pair? (cdar pending)) (cadar pending))))
                            (and (pair? attributes) (eq? (car attributes) '@) (memq nodes (cdr attributes))))))
                 (list (car pending)))
                (else
                 (loop (append (if (pair? (car pending)) ((select-kids (node-typeof? '*)) (car pending)) '())
                               (cdr pending)))))))))

(define (sxpath path)
  "(sxpath path): the converter for PATH, a list of steps: a name, * or *text* and so on for children, @ for the attributes, // for
all descendants, (equal? x) and (eq? x) for children like X, a procedure, or a list of a step and conditions: numbers or paths."
  (lambda (nodes)
    (let loop ((nodes nodes) (l path))
      (cond ((null? l) nodes)
            ((procedure? (car l)) (loop (if (nodeset? nodes) (map-union (car l) nodes) ((car l) nodes)) (cdr l)))
            ((eq? '// (car l))
             (loop ((if (nodeset? nodes) append list)
                    nodes
                    ((node-closure (node-typeof? '*any*)) nodes))
                   (cdr l)))
            ((symbol? (car l)) (loop ((select-kids (node-typeof? (car l))) nodes) (cdr l)))
            ((not (pair? (car l))) (error "sxpath: this is no step of a path:" (car l)))
            ((eq? 'equal? (caar l)) (loop ((select-kids (apply node-equal? (cdar l))) nodes) (cdr l)))
            ((eq? 'eq? (caar l)) (loop ((select-kids (apply node-eq? (cdar l))) nodes) (cdr l)))
            (else
             (loop (%conditional (caar l) (cdar l) nodes) (cdr l)))))))

(define (%conditional step conditions nodes)
  "What STEP gives for each of NODES, as far as CONDITIONS let it."
  (let ((select (if (symbol? step) (select-kids (node-typeof? step)) (sxpath step))))
    (map-union
      (lambda (node)
        (let loop ((nodes (select node)) (l conditions))
          (cond ((null? l) nodes)
                ((number? (car l)) (loop ((node-pos (car l)) nodes) (cdr l)))
                (else (loop ((filter (if (procedure? (car l)) (car l) (sxpath (car l)))) nodes) (cdr l))))))
      (%nodes nodes))))
