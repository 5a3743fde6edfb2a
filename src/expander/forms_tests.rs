//! The expander's upper half: forms, bodies, hygiene through whole expansions, top level, libraries.

use std::collections::HashMap;
use std::rc::Rc;

use super::context::{ExpandContext, ExpanderState};
use super::convert::{list_items, tree_to_syntax};
use super::core::{Node, NodeId, Unit};
use super::env::{Binding, Env};
use super::expand::{Expansion, Step};
use super::library::{Loader, USER, Unread};
use super::shared::Shared;
use super::show;
use crate::reader;
use crate::source::{Sources, Span};
use crate::symbol::Symbols;
use crate::value::heap::cell;
use crate::value::{Heap, Kind, Value};

#[derive(Default)]
struct Files(HashMap<String, String>);

impl Loader for Files {
    fn find_library(&mut self, name: &str, _: &[String]) -> Result<Option<(String, Rc<str>)>, Unread> {
        let path = format!("{name}.sld");
        Ok(self.0.get(&path).map(|text| (path.clone(), text.as_str().into())))
    }

    fn read_file(&mut self, path: &str, _: Option<&str>) -> Result<(String, Rc<str>), Unread> {
        let text = self.0.get(path).ok_or_else(|| format!("there is no file {path}"))?;
        Ok((path.to_string(), text.as_str().into()))
    }
}

struct Lab {
    heap: Heap,
    symbols: Symbols,
    sources: Sources,
    state: ExpanderState,
    files: Files,
    env: Rc<Env>,
}

/// Names that tests use as procedures of the core.
const PROCEDURES: &[&str] = &[
    "car",
    "cdr",
    "cons",
    "list",
    "cons*",
    "append",
    "vector",
    "list->vector",
    "eq?",
    "eqv?",
    "display",
    "%make-promise",
    "%promise-of",
    "%parameterize",
    "%guard",
    "%guard-always",
    "%make-record-type",
    "%record",
    "%record?",
    "%record-ref",
    "%record-set!",
    "f",
    "g",
    "h",
    "dynamic-wind",
    "%syntax-match",
    "%syntax-no-match",
    "%syntax-instantiate",
    "vector-ref",
    "values",
    "+",
    "setter",
    "%assertion-failed",
    "%keyword-argument",
    "make-variable-transformer",
    "if-not-a-form",
];

impl Lab {
    fn new() -> Lab {
        Lab::with_source(None)
    }

    /// A core that has this source.
    fn with_source(text: Option<&'static str>) -> Lab {
        let (mut shared, mut sources) = (Shared::new(), Sources::new());
        if let Some(text) = text {
            shared.add_source(sources.add("core.scm", text), text);
        }
        let shared: &'static Shared = Box::leak(Box::new(shared));
        let mut lab = Lab {
            heap: Heap::new(),
            symbols: Symbols::with_ledger(Default::default(), &shared.names),
            sources,
            state: ExpanderState::default(),
            files: Files::default(),
            env: Env::root(USER),
        };
        lab.state.modules.set_up(&mut lab.symbols, shared);
        for name in PROCEDURES {
            let symbol = lab.symbols.intern(name);
            let cell = cell::make(&lab.heap, symbol, Value::TRUE);
            cell::add_fact(&lab.heap, cell, cell::CONSTANT);
            lab.state.modules.define_core(&mut lab.symbols, name, Binding::Variable(cell));
        }
        lab.env = lab.state.modules.env(USER);
        lab
    }

    fn with<R>(&mut self, work: impl FnOnce(&mut ExpandContext) -> R) -> R {
        work(&mut ExpandContext {
            heap: &mut self.heap,
            symbols: &mut self.symbols,
            sources: &mut self.sources,
            state: &mut self.state,
            loader: &mut self.files,
        })
    }

    /// Expands all forms of a text, and shows every unit, those to be run on the way too.
    fn units(&mut self, text: &str) -> Result<Vec<Unit>, String> {
        let source = self.sources.add("test", text);
        let trees = reader::read_all(text, source, &mut self.symbols).unwrap();
        let mut units = Vec::new();
        for tree in trees {
            let form = tree_to_syntax(&tree, &self.heap);
            let env = self.env.clone();
            let mut expansion = self.with(|cx| Expansion::new(form, env, cx));
            let mut answer = None;
            loop {
                self.collect(&mut expansion, &mut units, &mut answer);
                match self.with(|cx| expansion.advance(cx, answer.take())) {
                    Ok(Step::Done(unit)) => {
                        check(&unit);
                        self.define(&unit);
                        units.push(unit);
                        break;
                    }
                    Ok(Step::Eval(unit)) => {
                        check(&unit);
                        self.define(&unit);
                        let root = unit.node(unit.root.unwrap()).clone();
                        // The variable `second` stands for that transformer.
                        answer = Some(match root {
                            Node::Global(index) if self.is_named(unit.cells[index as usize], "second") => {
                                self.heap.make(Kind::Builtin, &[Value::fixnum(0)])
                            }
                            _ => Value::UNSPECIFIED,
                        });
                        units.push(unit);
                    }
                    // The only transformer there is returns the second element of the form it gets.
                    Ok(Step::Call { arguments, .. }) => {
                        answer = list_items(arguments[0]).map(|items| items[1]);
                    }
                    Err(error) => return Err(self.describe(error.span, &error.message)),
                }
            }
        }
        Ok(units)
    }

    /// What may happen between steps: everything moves.
    fn collect(&mut self, expansion: &mut Expansion, units: &mut [Unit], answer: &mut Option<Value>) {
        if units.len() > 50 {
            return;
        }
        let state = &mut self.state;
        self.heap.collect(units.len().is_multiple_of(2), &mut |tracer| {
            state.trace(tracer);
            expansion.trace(tracer);
            units.iter_mut().for_each(|unit| unit.trace(tracer));
            answer.iter_mut().for_each(|answer| tracer.visit(answer));
        });
    }

    /// All that running a unit does here: what it defines, has a value.
    fn define(&self, unit: &Unit) {
        for node in &unit.nodes {
            if let Node::DefineGlobal(index, _) = node {
                cell::set_value(&self.heap, unit.cells[*index as usize], Value::TRUE);
            }
        }
    }

    fn is_named(&self, cell: Value, name: &str) -> bool {
        self.symbols.name(cell::name(cell)) == name
    }

    fn describe(&self, span: Span, message: &str) -> String {
        let text = self.sources.text(span.source);
        format!("{} @ {}", message, &text[span.start as usize..span.end as usize])
    }

    fn expand(&mut self, text: &str) -> String {
        match self.units(text) {
            Ok(units) => {
                let shown: Vec<String> = units.iter().map(|unit| show::unit(&self.heap, &self.symbols, unit)).collect();
                shown.join("\n")
            }
            Err(error) => format!("error: {error}"),
        }
    }
}

/// What `core` promises: every node's children come before it, each subtree stands together, siblings in order.
fn check(unit: &Unit) {
    let mut first: Vec<u32> = Vec::with_capacity(unit.nodes.len());
    for (id, node) in unit.nodes.iter().enumerate() {
        let children: Vec<NodeId> = match node {
            Node::Constant(_) | Node::Local(_) | Node::Global(_) => vec![],
            Node::SetLocal(_, a) | Node::SetGlobal(_, a) | Node::DefineGlobal(_, a) => vec![*a],
            Node::If(a, b, c) => vec![*a, *b, *c],
            Node::Seq(nodes) => nodes.to_vec(),
            Node::Lambda(lambda) => unit.lambdas[lambda.0 as usize].clauses.iter().map(|clause| clause.body).collect(),
            Node::Let(_, inits, body) | Node::Letrec(_, inits, body) => [&inits[..], &[*body]].concat(),
            Node::Call(operator, operands) => [&[*operator], &operands[..]].concat(),
            Node::LetValues { producer, body, .. } => vec![*producer, *body],
        };
        // From the back: the last child ends just before the node, each other one before its next sibling.
        let mut end = id as u32;
        for child in children.iter().rev() {
            assert_eq!(child.0 + 1, end, "subtrees stand together, in order: {node:?}");
            end = first[child.0 as usize];
        }
        first.push(end);
    }
    assert_eq!(unit.root.map(|root| root.0 as usize), Some(unit.nodes.len() - 1));
    assert_eq!(first.last(), Some(&0), "nothing stands outside of the root");
}

fn expand(text: &str) -> String {
    Lab::new().expand(text)
}

#[test]
fn constants_and_calls() {
    assert_eq!(expand("5"), "5");
    assert_eq!(expand("\"a\""), "\"a\"");
    assert_eq!(expand("'(a b . c)"), "'(a b . c)");
    assert_eq!(expand("#(a (b))"), "'#(a (b))");
    assert_eq!(expand("(f 1 (g 2))"), "(f 1 (g 2))");
    assert_eq!(expand("(undefined-yet)"), "(undefined-yet)");
    assert_eq!(
        expand("(f ())"),
        "error: () is not an expression: write '() for the empty list, or name a procedure to call @ (f ())"
    );
    assert_eq!(expand("(f . 1)"), "error: a call is a proper list: (PROCEDURE ARGUMENT ...) @ (f . 1)");
}

#[test]
fn lambda() {
    assert_eq!(expand("(lambda (x . r) (f x r))"), "(lambda (x.0 . r.1) (f x.0 r.1))");
    assert_eq!(expand("(lambda r r)"), "(lambda r.0 r.0)");
    assert_eq!(expand("(lambda (a #!optional b #!rest c) b)"), "(lambda (a.0 #!optional b.1 . c.2) b.1)");
    assert_eq!(expand("((lambda (x) x) 1)"), "(let ((x.0 1)) x.0)");
    assert_eq!(expand("(case-lambda ((a) a) ((a . b) b))"), "(case-lambda ((a.0) a.0) ((a.1 . b.2) b.2))");
    assert_eq!(expand("(lambda (x x) 1)"), "error: lambda: x is bound twice in the same list of variables @ x");
    assert_eq!(
        expand("(lambda (x))"),
        "error: lambda: a body of one expression at least is missing here @ (lambda (x))"
    );
    assert_eq!(
        expand("(lambda (x 5) 1)"),
        "error: lambda: a parameter is a name: (lambda (PARAMETER ...) BODY ...) @ (lambda (x 5) 1)"
    );
    let mut lab = Lab::new();
    let units = lab.units("(define (f x) \"Says it.\" x)").unwrap();
    assert_eq!(units[0].lambdas[0].documentation.as_deref(), Some("Says it."));
    assert_eq!(lab.symbols.name(units[0].lambdas[0].name.unwrap()), "f");
}

#[test]
fn if_and_set() {
    assert_eq!(expand("(if 1 2)"), "(if 1 2 #<unspecified>)");
    assert_eq!(
        expand("(if 1)"),
        "error: if: this should look like (if TEST CONSEQUENT) or (if TEST CONSEQUENT ALTERNATE) @ (if 1)"
    );
    assert_eq!(expand("(lambda (x) (set! x 1))"), "(lambda (x.0) (set! x.0 1))");
    assert_eq!(expand("(set! y 1)"), "(set! y 1)");
    let refused = expand("(set! car 1)");
    assert!(refused.starts_with("error: set!: car is imported from (sockeye core)"), "{refused}");
    assert_eq!(expand("(set! if 1)"), "error: set!: if is syntax, not a variable: it cannot be assigned @ if");
    assert_eq!(expand("(lambda (x) (set! (car x) 1))"), "(lambda (x.0) ((setter car) x.0 1))");
}

#[test]
fn lets() {
    assert_eq!(expand("(let ((x 1) (y 2)) (f x y))"), "(let ((x.0 1) (y.1 2)) (f x.0 y.1))");
    assert_eq!(expand("(let* ((x 1) (x x)) x)"), "(let ((x.0 1)) (let ((x.1 x.0)) x.1))");
    assert_eq!(expand("(letrec ((x (lambda () x))) x)"), "(letrec ((x.0 (lambda () x.0))) x.0)");
    assert_eq!(
        expand("(let loop ((i loop)) (loop i))"),
        "(letrec ((loop.0 (lambda (i.1) (loop.0 i.1)))) (loop.0 loop))"
    );
    assert_eq!(
        expand("(do ((i 0 (+ i 1)) (j i)) ((f i) j) (g i))"),
        "(letrec ((do.0 (lambda (i.1 j.2) (if (f i.1) j.2 (begin (g i.1) (do.0 (+ i.1 1) j.2)))))) (do.0 0 i))"
    );
    assert_eq!(
        expand("(let-values (((a b) (f)) (c (g))) (h a b c))"),
        "(let-values (a.0 b.1) (f) (let-values c.2 (g) (h a.0 b.1 c.2)))"
    );
    assert_eq!(
        expand("(let*-values (((a) (f)) ((a) (g a))) a)"),
        "(let-values (a.0) (f) (let-values (a.1) (g a.0) a.1))"
    );
    assert_eq!(expand("(receive (a . b) (f) b)"), "(let-values (a.0 . b.1) (f) b.1)");
    assert_eq!(expand("(let ((x)) 1)"), "error: let: a binding should look like (VARIABLE INIT) @ (x)");
    assert_eq!(expand("(let ((x 1) (x 2)) 1)"), "error: let: x is bound twice in the same list of variables @ x");
}

#[test]
fn conditionals() {
    assert_eq!(expand("(and)"), "#t");
    assert_eq!(expand("(and 1 2 3)"), "(if 1 (if 2 3 #f) #f)");
    assert_eq!(expand("(or)"), "#f");
    assert_eq!(
        expand("(or 1 2 3)"),
        "(let ((temporary.0 1)) (if temporary.0 temporary.0 (let ((temporary.1 2)) (if temporary.1 temporary.1 3))))"
    );
    assert_eq!(expand("(when 1 2 3)"), "(if 1 (begin 2 3) #<unspecified>)");
    assert_eq!(expand("(unless 1 2)"), "(if 1 #<unspecified> 2)");
    assert_eq!(
        expand("(cond (1 2) (3) (4 => f) (else 5 6))"),
        "(if 1 2 (let ((temporary.0 3)) (if temporary.0 temporary.0 (let ((temporary.1 4)) (if temporary.1 \
         (f temporary.1) (begin 5 6))))))"
    );
    assert_eq!(expand("(cond (1 2))"), "(if 1 2 #<unspecified>)");
    assert_eq!(expand("(cond (else 1) (2 3))"), "error: cond: else can stand in the last clause only @ (else 1)");
    assert_eq!(
        expand("(case (f) ((a 1) 2) ((1.5) 3) (else => g))"),
        "(let ((temporary.0 (f))) (if (if (eq? temporary.0 'a) #t (eq? temporary.0 1)) 2 (if (eqv? temporary.0 1.5) 3 \
         (g temporary.0))))"
    );
}

#[test]
fn bodies() {
    assert_eq!(
        expand("(lambda () (define a 1) (f a) (define (b) a) (b))"),
        "(lambda () (letrec ((a.0 1) (temporary.2 (f a.0)) (b.1 (lambda () a.0))) (b.1)))"
    );
    assert_eq!(
        expand("(let () (define-values (a . b) (f)) (g a b))"),
        "(letrec ((a.0 #<unspecified>) (b.1 #<unspecified>) (temporary.4 (let-values (temporary.2 . temporary.3) (f) \
         (begin (set! a.0 temporary.2) (set! b.1 temporary.3))))) (g a.0 b.1))"
    );
    assert_eq!(expand("(let ((x 1)) (begin (define y x)) y)"), "(let ((x.0 1)) (letrec ((y.1 x.0)) y.1))");
    let refused = expand("(let () (define x 1))");
    assert!(refused.starts_with("error: this body has definitions only"), "{refused}");
    assert_eq!(
        expand("(let () (define x 1) (define x 2) x)"),
        "error: define: x is defined twice in the same body @ x"
    );
    let refused = expand("(if 1 (define x 2))");
    assert!(refused.ends_with("@ (define x 2)"), "{refused}");
    // A macro of the body that makes definitions of names given to it, and of its own.
    assert_eq!(
        expand(
            "(let () (define-syntax def (syntax-rules () ((_ a v) (begin (define t v) (define a t))))) (def x 1) (def y 2) \
             (f x y))"
        ),
        "(letrec ((t.0 1) (x.1 t.0) (t.2 2) (y.3 t.2)) (f x.1 y.3))"
    );
}

#[test]
fn hygiene() {
    // The macro's temporary is not the user's.
    assert_eq!(
        expand(
            "(define-syntax my-or (syntax-rules () ((_ a b) (let ((t a)) (if t t b)))))
             (lambda (t) (my-or 1 t))"
        ),
        "#<unspecified>\n(lambda (t.0) (let ((t.1 1)) (if t.1 t.1 t.0)))"
    );
    // The macro's `if` is not the user's.
    assert_eq!(
        expand(
            "(define-syntax my-or (syntax-rules () ((_ a b) (let ((t a)) (if t t b)))))
             (lambda (if let) (my-or if let))"
        ),
        "#<unspecified>\n(lambda (if.0 let.1) (let ((t.2 if.0)) (if t.2 t.2 let.1)))"
    );
    // A shadowed else is a variable.
    assert_eq!(expand("(lambda (else) (cond (else 1)))"), "(lambda (else.0) (if else.0 1 #<unspecified>))");
    // A macro that defines a macro that uses both's names.
    assert_eq!(
        expand(
            "(define-syntax a (syntax-rules () ((_ name x) (define-syntax name (syntax-rules () ((_ y) (let ((t x)) \
             (let ((u y)) (f t u x y)))))))))
             (lambda (t u) (let () (a b t) (b u)))"
        ),
        "#<unspecified>\n(lambda (t.0 u.1) (let ((t.2 t.0)) (let ((u.3 u.1)) (f t.2 u.3 t.0 u.1))))"
    );
    // What a macro in a body means by a name, the body says, even if it says so later.
    assert_eq!(
        expand("(lambda (x) (define-syntax m (syntax-rules () ((_) x))) (define y (m)) (let ((x 2)) (m)))"),
        "(lambda (x.0) (letrec ((y.1 x.0)) (let ((x.2 2)) x.0)))"
    );
    // Names introduced at top level are the macro's own.
    assert_eq!(
        expand(
            "(define-syntax def (syntax-rules () ((_ v) (begin (define tmp v) (f tmp)))))
             (define tmp 1)
             (def 2)
             tmp"
        ),
        "#<unspecified>\n(define tmp 1)\n(define tmp 2)\n(f tmp)\ntmp"
    );
    // let-syntax and letrec-syntax: what their definitions define, the body around them sees.
    assert_eq!(
        expand("(let () (let-syntax ((one (syntax-rules () ((_) 1)))) (define x (one))) x)"),
        "(letrec ((x.0 1)) x.0)"
    );
    assert_eq!(
        expand(
            "(letrec-syntax ((ev (syntax-rules () ((_) #t) ((_ x . r) (od . r)))) (od (syntax-rules () ((_) #f) ((_ x . r) \
             (ev . r))))) (ev 1 2 3 4))"
        ),
        "#t"
    );
    // A quoted identifier loses its marks.
    assert_eq!(
        expand("(define-syntax q (syntax-rules () ((_ x) '(y x #(z x)))))\n(q a)"),
        "#<unspecified>\n'(y a #(z a))"
    );
}

#[test]
fn quasiquotation() {
    assert_eq!(expand("`(a b)"), "'(a b)");
    assert_eq!(expand("`(a ,(f) c)"), "(cons* 'a (f) '(c))");
    assert_eq!(expand("`(,(f))"), "(list (f))");
    assert_eq!(expand("`(a . ,(f))"), "(cons 'a (f))");
    assert_eq!(expand("`(,@(f) b)"), "(append (f) '(b))");
    assert_eq!(expand("`(a ,@(f))"), "(cons 'a (f))");
    assert_eq!(expand("`(a ,@(f) . ,(g))"), "(cons 'a (append (f) (g)))");
    assert_eq!(expand("`#(a ,(f))"), "(vector 'a (f))");
    assert_eq!(expand("`#(a ,@(f))"), "(list->vector (cons 'a (f)))");
    assert_eq!(expand("`(1 `(2 ,(3 ,(f))))"), "(list 1 (list 'quasiquote (list 2 (list 'unquote (list 3 (f))))))");
    assert_eq!(expand("`,@(f)"), "error: quasiquote: unquote-splicing has no list here to put elements into @ ,@(f)");
    // The procedures are the core's, and an unquote that is shadowed is none.
    assert_eq!(expand("(lambda (list cons) `(1 ,cons))"), "(lambda (list.0 cons.1) (list 1 cons.1))");
    assert_eq!(expand("(lambda (unquote) `(1 ,unquote))"), "(lambda (unquote.0) '(1 (unquote unquote)))");
}

#[test]
fn definitions_at_top_level() {
    assert_eq!(expand("(define x 1)"), "(define x 1)");
    assert_eq!(expand("(define (f x) x)"), "(define f (lambda (x.0) x.0))");
    assert_eq!(expand("(define ((f x) y) x)"), "(define f (lambda (x.0) (lambda (y.1) x.0)))");
    assert_eq!(expand("(begin (define x 1) (f x))"), "(begin (define x 1) (f x))");
    assert_eq!(
        expand("(define-values (a b) (f))"),
        "(let-values (temporary.0 temporary.1) (f) (begin (define a temporary.0) (define b temporary.1)))"
    );
    // Until the definition is done, the name means what it meant; later references are to the new variable.
    assert_eq!(
        expand("(define car (let ((old car)) old))"),
        "(begin (define car car) (define car (let ((old.0 car)) old.0)))"
    );
    assert_eq!(
        expand("(define-syntax m (syntax-rules () ((_) 1)))\n(begin (define-syntax m (syntax-rules () ((_) 2))) (m))"),
        "#<unspecified>\n(begin #<unspecified> 2)"
    );
    assert_eq!(expand("(define if-not (lambda (x) x))\n(if-not 1)"), "(define if-not (lambda (x.0) x.0))\n(if-not 1)");
    assert_eq!(expand("(define if list)\n(if 1)"), "(define if list)\n(if 1)");
}

#[test]
fn records() {
    assert_eq!(
        expand("(define-record-type point (make-point x) point? (x point-x set-point-x!) (y point-y))"),
        "(begin (define record-type (%make-record-type 'point '#(x y))) (define point record-type) (define make-point (lambda (x.0) (%record record-type x.0 #f))) \
         (define point? (lambda (record.1) (%record? record.1 record-type))) (define point-x (lambda (record.2) (%record-ref \
         record.2 record-type 0))) (define set-point-x! (lambda (record.3 value.4) (%record-set! record.3 record-type 0 value.4))) \
         (define point-y (lambda (record.5) (%record-ref record.5 record-type 1))))"
    );
    assert_eq!(
        expand("(define-record-type p (make z) p? (x px))"),
        "error: define-record-type: the constructor sets a field that the record type does not have @ z"
    );
}

#[test]
fn control() {
    assert_eq!(expand("(delay 1)"), "(%make-promise #f (lambda () (let-values values.0 1 (%promise-of values.0))))");
    assert_eq!(expand("(delay-force (f))"), "(%make-promise #f (lambda () (f)))");
    assert_eq!(expand("(parameterize ((f 1) (g 2)) 3)"), "(%parameterize (list (cons f 1) (cons g 2)) (lambda () 3))");
    assert_eq!(
        expand("(guard (e ((f e) 1) ((g e) => h)) 2)"),
        "(%guard (lambda () 2) (lambda (e.0) (if (f e.0) (lambda () 1) (let ((temporary.1 (g e.0))) (if temporary.1 \
         (lambda () (h temporary.1)) #f)))))"
    );
    assert_eq!(expand("(guard (e (else 1)) 2)"), "(%guard-always (lambda () 2) (lambda (e.0) (lambda () 1)))");
    assert_eq!(expand("(assert (f x))"), "(if (f x) #t (%assertion-failed '(f x)))");
}

#[test]
fn conditional_forms() {
    assert_eq!(expand("(cond-expand ((and r7rs (not other)) 1) (else 2))"), "1");
    assert_eq!(expand("(cond-expand ((library (no such)) 1) (else 2))"), "2");
    assert_eq!(expand("(eval-when (expand load eval) 1)"), "1");
    let mut lab = Lab::new();
    lab.files.0.insert("a.scm".into(), "(define A 1) (f A)".into());
    assert_eq!(lab.expand("(include \"a.scm\")"), "(define A 1)\n(f A)");
    assert_eq!(lab.expand("(let () (include-ci \"a.scm\"))"), "(letrec ((a.0 1)) (f a.0))");
    assert_eq!(lab.expand("(include \"b.scm\")"), "error: include: there is no file b.scm @ (include \"b.scm\")");
}

#[test]
fn depth_and_length() {
    let deep = 100_000;
    let nested = |open: &str, close: &str| format!("{}1{}", open.repeat(deep), close.repeat(deep));
    for (open, close) in [
        ("(f ", ")"),
        ("(let ((x 1)) ", ")"),
        ("(lambda (x) ", ")"),
        ("(if 1 2 ", ")"),
        ("(begin 1 ", ")"),
        ("(let () (define x 1) ", ")"),
        ("(cond (1 2) (else ", "))"),
        ("'(", ")"),
        ("`(,(f) ", ")"),
        ("(let-syntax () ", ")"),
        ("(parameterize ((f 1)) ", ")"),
        ("(guard (e (1 2)) ", ")"),
    ] {
        let mut lab = Lab::new();
        if let Err(error) = lab.units(&nested(open, close)) {
            panic!("{open}: {}", &error[..100]);
        }
    }
    let units = Lab::new().units(&format!("'({})", "x ".repeat(1_000_000))).unwrap();
    assert_eq!(units[0].nodes.len(), 1);
    Lab::new().units(&format!("`({} ,(f))", "x ".repeat(1_000_000))).unwrap();
    Lab::new().units(&format!("(begin {})", "(f) ".repeat(100_000))).unwrap();
    Lab::new().units(&format!("(let () {} 1)", "(define x (f)) ".replace('x', "y") + &"(f)".repeat(100_000))).unwrap();
    // A macro that calls itself so deep.
    Lab::new()
        .units(&format!(
            "(define-syntax m (syntax-rules () ((_) 1) ((_ x . r) (f (m . r)))))\n(m {})",
            "x ".repeat(2_000)
        ))
        .unwrap();
}

#[test]
fn endless_expansion_is_an_error() {
    let refused = expand("(define-syntax m (syntax-rules () ((_) (m))))\n(m)");
    assert!(refused.contains("does not come to an end"), "{refused}");
}

#[test]
fn procedural_macros() {
    assert_eq!(expand("(define-syntax m second)\n(f (m (g 1)))"), "second\n#<unspecified>\n(f (g 1))");
    // In a body, in the middle of looking for definitions, and as a definition itself.
    assert_eq!(
        expand("(lambda (y) (define-syntax m second) (define a 1) (m (define b y)) (m (f a b)))"),
        "second\n(lambda (y.0) (letrec ((a.1 1) (b.2 y.0)) (f a.1 b.2)))"
    );
    assert_eq!(expand("(let-syntax ((m second)) (m (define x 1)) (m x))"), "second\n(define x 1)\nx");
    // While macros are defined, the program's variables have no values.
    assert_eq!(
        expand("(lambda (x) (let-syntax ((m (f x))) (m)))"),
        "error: x is a variable of the running program: it has no value while macros are defined @ x"
    );
    assert_eq!(
        expand("(define-syntax m (f 1))"),
        "error: m: a macro is made by (syntax-rules ...) or a procedure that takes a form and returns a form @ (f 1)"
    );
    // Another name for a macro or core form.
    assert_eq!(expand("(define-syntax my-if if)\n(my-if 1 2)"), "#<unspecified>\n(if 1 2 #<unspecified>)");
    assert_eq!(
        expand("(define-syntax-rule (swap a b) (let ((t a)) (set! a b) (set! b t)))\n(lambda (t u) (swap t u))"),
        "#<unspecified>\n(lambda (t.0 u.1) (let ((t.2 t.0)) (begin (set! t.0 u.1) (set! u.1 t.2))))"
    );
}

#[test]
fn syntax_case_and_friends() {
    assert_eq!(
        expand("(lambda (x) (syntax-case x () ((_ a) (f #'a)) (b 1)))"),
        "(lambda (x.0) (let ((temporary.1 x.0)) (let ((temporary.2 (%syntax-match 0 temporary.1))) (if temporary.2 (let \
         ((a.3 (vector-ref temporary.2 0))) (f (%syntax-instantiate 0 a.3))) (let ((temporary.4 (%syntax-match 1 \
         temporary.1))) (if temporary.4 (let ((b.5 (vector-ref temporary.4 0))) 1) (%syntax-no-match temporary.1)))))))"
    );
    let with_fender = expand("(lambda (x) (syntax-case x () ((_ a) (f #'a) 1)))");
    assert!(with_fender.contains("(if (f (%syntax-instantiate 0 a.4)) temporary.3 #f)"), "{with_fender}");
    let built = expand("(lambda (x) (with-syntax ((y x)) #`(y #,(f) #,@(g))))");
    assert!(
        built.contains("(%syntax-match 0") && built.contains("(list x.0)") && built.contains("(list (f) (g))"),
        "{built}"
    );
    let refused = expand("(lambda (x) (syntax-case x () ((_ a) a)))");
    assert!(refused.starts_with("error: a is a pattern variable"), "{refused}");
    assert!(expand("(identifier-syntax 1)").starts_with("(lambda (x.0)"));
    assert!(
        expand("(identifier-syntax (a 1) ((set! a b) (f b)))").starts_with("(make-variable-transformer (lambda (x.0)")
    );
}

fn libraries(files: &[(&str, &str)]) -> Lab {
    let mut lab = Lab::new();
    lab.files.0.extend(files.iter().map(|(path, text)| (path.to_string(), text.to_string())));
    lab
}

#[test]
fn library_is_one_unit_and_runs_once() {
    let mut lab = libraries(&[(
        "a/b.sld",
        "(define-library (a b) (export f2 (rename g2 g3) m) (import (scheme base))
           (begin (define (f2) (h2 x)) (define-syntax m (syntax-rules () ((_ y) (h2 y)))) (define x (car 1)))
           (begin (define (h2 x) (m2 x)) (define-syntax m2 (syntax-rules () ((_ y) (list y)))) (define (g2) car)))",
    )]);
    assert_eq!(
        lab.expand("(import (a b))\n(f2 (g3))\n(lambda (h2) (m h2))\n(import (a b))"),
        "(begin (define f2 (lambda () (h2 x))) (define x (car 1)) (define h2 (lambda (x.0) (list x.0))) (define g2 (lambda () car)))
#<unspecified>
(f2 (g2))
(lambda (h2.0) (h2 h2.0))
#<unspecified>"
    );
}

#[test]
fn import_sets() {
    let file = (
        "a.sld",
        "(define-library (a) (export one two three) (import (scheme base)) (begin (define one 1) (define two 2) (define three 3)))",
    );
    let import = |set: &str, body: &str| {
        let shown = libraries(&[file]).expand(&format!("(import {set})\n{body}"));
        shown.lines().skip(2).collect::<Vec<_>>().join("\n")
    };
    // Shown by the cell's own name, which tells an import from a new variable only if the names differ.
    assert_eq!(import("(prefix (a) a:)", "(f a:one one)"), "(f one one)");
    assert_eq!(import("(rename (a) (one eins))", "(f eins)"), "(f one)");
    assert_eq!(import("(rename (prefix (only (a) one two) x-) (x-one car))", "(f car x-two)"), "(f one two)");
    assert_eq!(import("(prefix (except (a) one) x-)", "(f x-one x-two)"), "(f x-one two)");
    let error = |text: &str| libraries(&[file]).expand(text);
    assert_eq!(error("(import (only (a) tow))"), "error: (a) does not export tow; is two meant? @ tow");
    assert_eq!(
        error("(import (except (a) nothing-like-it))"),
        "error: (a) does not export nothing-like-it @ nothing-like-it"
    );
    assert_eq!(error("(import (b))"), "error: there is no library (b) @ (b)");
    assert_eq!(
        error("(import (scheme bsae))"),
        "error: there is no library (scheme bsae); is (scheme base) meant? @ (scheme bsae)"
    );
    assert_eq!(
        error("(import (only (|..| secret) x))"),
        "error: a library's name is a list of names and numbers, such as (scheme base) @ |..|"
    );
    // Private names of the core are for libraries.
    let mut lab = Lab::new();
    assert_eq!(lab.expand("(lambda () (%record 1))\n(set! %record 1)"), "(lambda () (%record 1))\n(set! %record 1)");
    let refused = lab.expand("(import (only (sockeye core) %record?))\n(set! %record? 1)");
    assert!(refused.starts_with("error: set!: %record? is imported from (sockeye core)"), "{refused}");
}

#[test]
fn library_errors() {
    let mut lab = libraries(&[
        ("a.sld", "(define-library (a) (import (b)) (export x) (begin (define x 1)))"),
        ("b.sld", "(define-library (b) (import (a)))"),
        ("c.sld", "(define-library (c) (export x) (import (scheme base)) (begin (define y (if))))"),
        ("d.sld", "(define-library (d) (export xx) (import (scheme base)) (begin (define xy 1)))"),
        ("e.sld", "(define-library (other))"),
        ("f.sld", "(define-library (f) (begin (define x 1)))"),
    ]);
    assert_eq!(
        lab.expand("(import (a))"),
        "error: libraries import each other in a circle: (a) imports (b) imports (a) @ (a)"
    );
    for _ in 0..2 {
        let refused = lab.expand("(import (c))");
        assert!(refused.starts_with("error: if: this should look like (if TEST"), "{refused}");
    }
    assert_eq!(
        lab.expand("(import (d))"),
        "(define xy 1)\nerror: xx is exported, and neither defined nor imported; is xy meant? @ xx"
            .split_once('\n')
            .unwrap()
            .1
    );
    assert_eq!(lab.expand("(import (e))"), "error: e.sld does not define the library (e) @ (e)");
    // Without imports, not even define is known: this is a call.
    assert_eq!(lab.expand("(import (f))"), "(define x 1)\n#<unspecified>");
}

#[test]
fn library_forms() {
    let mut lab = libraries(&[("inc.scm", "(define y 2)"), ("decl.scm", "(export y) (include \"inc.scm\")")]);
    assert_eq!(
        lab.expand(
            "(define-library (x 1) (import (only (scheme base) define car)) (cond-expand (r7rs (export x)) (else (export z))) \
             (include-library-declarations \"decl.scm\") (begin (define x car)))
             (import (prefix (x 1) p:))
             (f p:x p:y)"
        ),
        "#<unspecified>\n(begin (define y 2) (define x car))\n#<unspecified>\n(f x y)"
    );
    // A procedural macro of a library may use what stands before it.
    assert_eq!(
        lab.expand(
            "(define-library (p) (import (sockeye core)) (export q) (begin (define z 1) (define-syntax m second) (define q \
             (m z))))
             (import (p))"
        ),
        "#<unspecified>\n(define z 1)\nsecond\n(define q z)\n#<unspecified>"
    );
}

#[test]
fn mentioned_before_import() {
    let mut lab =
        libraries(&[("a.sld", "(define-library (a) (export x) (import (scheme base)) (begin (define x 1)))")]);
    lab.expand("(define (g1) (x))\n(import (a))");
    // A definition of the program's own wins over an import, as a later one does.
    assert_eq!(lab.expand("(define car 2)\n(import (scheme base))\n(set! car 3)").lines().last(), Some("(set! car 3)"));
}

#[test]
fn definitions_wait_until_they_are_needed() {
    let text = ";; A source of the core.\n(define (map1 f l)\n  (twice f l))\n\n(define (twice x y) (unused? x))\n(define unused? \
                list)\n(define never 1)\n(define-syntax my-if (syntax-rules () ((_ a b) (if a (map1 b b) #f))))\n";
    let mut lab = Lab::with_source(Some(text));
    assert_eq!(
        lab.expand("(lambda (if) (my-if 1 2))"),
        "(define map1 (lambda (f.0 l.1) (twice f.0 l.1)))\n(define twice (lambda (x.0 y.1) (unused? x.0)))\n(define unused? \
         list)\n(lambda (if.0) (if 1 (map1 2 2) #f))"
    );
    assert_eq!(lab.expand("(map1 1 2)"), "(map1 1 2)");
    let units = lab.units("(import (only (sockeye core) never))\nnever").unwrap();
    assert_eq!(units.len(), 3);
    // Places are those in the source.
    let span = units[1].span(units[1].root.unwrap());
    assert_eq!(&text[span.start as usize..span.end as usize], "(define never 1)");
}

#[test]
fn environments_for_eval() {
    let mut lab = Lab::new();
    let module = lab.state.modules.anonymous(Vec::new());
    let form = lab.with(|cx| {
        let name = |cx: &mut ExpandContext, name: &str| Value::symbol(cx.symbols.intern(name));
        let (scheme, base, only) = (name(cx, "scheme"), name(cx, "base"), name(cx, "only"));
        let (car, set) = (name(cx, "car"), name(cx, "set!"));
        cx.heap.list(&[cx.heap.list(&[only, cx.heap.list(&[scheme, base]), car, set])])
    });
    let mut expansion = lab.with(|cx| Expansion::importing(form, module, crate::expander::import::Style::Sets, cx));
    assert!(matches!(lab.with(|cx| expansion.advance(cx, None)), Ok(Step::Done(_))));
    lab.env = lab.state.modules.env(module);
    assert_eq!(lab.expand("(car 1)"), "(car 1)");
    assert!(lab.expand("(set! car 1)").starts_with("error"));
    assert_eq!(lab.expand("(set! cdr 1)"), "(set! cdr 1)");
}

#[test]
fn standard_libraries_parse() {
    let mut lab = Lab::new();
    // The others re-export what the core has, which the lab has not.
    for name in super::stdlib::names().filter(|name| name.starts_with("scheme/")) {
        let shown = lab.expand(&format!("(import ({}))", name.replace('/', " ")));
        assert!(shown.ends_with("#<unspecified>") && !shown.starts_with("error"), "{name}: {shown}");
    }
}

#[test]
fn lambda_star() {
    assert_eq!(
        expand("(lambda* (a #:optional (b a)) (f b))"),
        "(lambda (a.0 #!optional b.1) (let ((b.2 (if (eq? b.1 #<default>) a.0 b.1))) (f b.2)))"
    );
    assert_eq!(
        expand("(define* (g1 #:key k . r) r)"),
        "(define g1 (lambda temporary.0 (let ((r.1 temporary.0)) (let ((temporary.2 (%check-keywords temporary.0 '(#:k) #f #t \
         'g1))) (let ((k.3 (%keyword-argument temporary.0 #:k))) (let ((k.4 (if (eq? k.3 #<default>) #f k.3))) r.1))))))"
    );
    assert_eq!(
        expand("(case-lambda)"),
        "(lambda temporary.0 (error \"case-lambda: a procedure without clauses takes no number of arguments\"))"
    );
}
