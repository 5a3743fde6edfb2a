//! The expander's lower half: conversions, environments, marks, and macros by rules.

use std::rc::Rc;

use super::context::{ExpandContext, ExpanderState};
use super::core::VarId;
use super::env::{Binding, CoreForm, Env, Macro, MarkId, ModuleId, Resolution, Stamp, Transformer};
use super::library::Loader;
use super::procedural::*;
use super::rules::{Rules, apply_rules, compile_rules};
use super::syntax::*;
use crate::reader;
use crate::source::{SourceId, Sources, Span};
use crate::symbol::{Symbol, Symbols};
use crate::value::{Heap, Value};

struct Nobody;
impl Loader for Nobody {}

struct Lab {
    heap: Heap,
    symbols: Symbols,
    sources: Sources,
    state: ExpanderState,
    env: Rc<Env>,
}

const MODULE: ModuleId = ModuleId(0);

impl Lab {
    fn new() -> Lab {
        let mut lab = Lab {
            heap: Heap::new(),
            symbols: Symbols::new(),
            sources: Sources::new(),
            state: ExpanderState::default(),
            env: Env::root(MODULE),
        };
        for &(name, form) in CoreForm::ALL {
            let symbol = lab.symbols.intern(name);
            lab.state.modules.define(MODULE, symbol, MarkId::NONE, Binding::Core(form));
        }
        lab
    }

    fn with<R>(&mut self, work: impl FnOnce(&mut ExpandContext) -> R) -> R {
        work(&mut ExpandContext {
            heap: &mut self.heap,
            symbols: &mut self.symbols,
            sources: &mut self.sources,
            state: &mut self.state,
            loader: &mut Nobody,
        })
    }

    fn symbol(&mut self, name: &str) -> Symbol {
        self.symbols.intern(name)
    }

    fn read(&mut self, text: &str) -> Value {
        let trees = reader::read_all(text, SourceId(1), &mut self.symbols).unwrap();
        tree_to_syntax(&trees[0], &self.heap)
    }

    fn rules(&mut self, spec: &str) -> Result<Rules, SyntaxError> {
        let (spec, env) = (self.read(spec), self.env.clone());
        self.with(|cx| compile_rules(cx, spec, &env))
    }

    fn apply(&mut self, rules: &Rules, form: Value) -> Result<Value, SyntaxError> {
        let env = self.env.clone();
        self.with(|cx| apply_rules(cx, rules, form, &env, &env))
    }

    /// What a use of a macro becomes, or what is wrong with the macro or with the use.
    fn expand(&mut self, spec: &str, form: &str) -> String {
        let result = self.rules(spec).and_then(|rules| {
            let form = self.read(form);
            self.apply(&rules, form)
        });
        match result {
            Ok(v) => self.show(v),
            Err(error) => format!("error: {}", error.message),
        }
    }

    /// Plain text, without marks; for data without cycles.
    fn show(&self, v: Value) -> String {
        let v = syntax_to_datum(&self.heap, v);
        if let Some(symbol) = v.as_symbol() {
            return self.symbols.name(symbol).to_string();
        }
        if let Some(n) = v.as_fixnum() {
            return n.to_string();
        }
        if let Some(text) = self.heap.str(v) {
            return format!("{text:?}");
        }
        if v.is_vector() {
            return format!("#({})", v.fields().map(|item| self.show(item)).collect::<Vec<_>>().join(" "));
        }
        if v.is_null() || v.is_pair() {
            let (items, tail) = list_parts(v).expect("no cycle");
            let items: Vec<String> = items.iter().map(|&item| self.show(item)).collect();
            let tail = if tail.is_null() { String::new() } else { format!(" . {}", self.show(tail)) };
            return format!("({}{tail})", items.join(" "));
        }
        format!("{v:?}")
    }
}

#[track_caller]
fn check(spec: &str, form: &str, expected: &str) {
    assert_eq!(Lab::new().expand(spec, form), expected);
}

#[test]
fn matches_lists_vectors_and_tails() {
    check("(syntax-rules () ((_ a b) (b a)))", "(m 1 2)", "(2 1)");
    check("(syntax-rules () ((_ a ...) (a ... end)))", "(m)", "(end)");
    check("(syntax-rules () ((_ a b ...) ((b ...) a)))", "(m 1 2 3)", "((2 3) 1)");
    check("(syntax-rules () ((_ a ... b c) (c b (a ...))))", "(m 1 2 3 4)", "(4 3 (1 2))");
    check("(syntax-rules () ((_ a ... b c) yes) ((_ . r) r))", "(m 1)", "(1)");
    check("(syntax-rules () ((_ a ... b . r) ((a ...) b r)))", "(m 1 2 . 3)", "((1) 2 3)");
    check("(syntax-rules () ((_ (a ... b . r)) ((a ...) b r)))", "(m (1 2))", "((1) 2 ())");
    check("(syntax-rules () ((_ . r) (x . r)))", "(m 1 . 2)", "(x 1 . 2)");
    check("(syntax-rules () ((_ #(a b ... c)) #(c (b ...) a)))", "(m #(1 2 3 4))", "#(4 (2 3) 1)");
    check("(syntax-rules () ((_ #(a) ...) (a ...)))", "(m #(1) #(2))", "(1 2)");
    check("(syntax-rules () ((_ #(a b)) two) ((_ x) other))", "(m #(1 2 3))", "other");
    check("(syntax-rules () ((_ _ _) two) ((_ _ ...) some))", "(m 1 2)", "two");
    check("(syntax-rules () ((_ 1 \"a\" #\\b #t ()) yes) ((_ . r) no))", "(m 1 \"a\" #\\b #t ())", "yes");
    check("(syntax-rules () ((_ \"a\") yes) ((_ . r) no))", "(m \"b\")", "no");
    check("(syntax-rules () ((_ 1.5 #u8(1)) yes) ((_ . r) no))", "(m 1.5 #u8(1))", "yes");
    check("(syntax-rules () ((m a) a))", "(m 1 2)", "error: no clause of m matches this use");
}

#[test]
fn nests_ellipses() {
    let pairs = "(syntax-rules () ((_ ((a b ...) ...)) ((a ...) (b ... ...) ((b ... a) ...))))";
    check(pairs, "(m ((1 2 3) (4) (5 6)))", "((1 4 5) (2 3 6) ((2 3 1) (4) (6 5)))");
    check("(syntax-rules () ((_ ((a ...) ...) ...) (a ... ... ...)))", "(m ((1 2) (3)) () ((4)))", "(1 2 3 4)");
    check("(syntax-rules () ((_ x (y ...)) ((x y) ...)))", "(m 0 (1 2))", "((0 1) (0 2))");
    // A variable with fewer ellipses than stand around it follows the innermost.
    check("(syntax-rules () ((_ (x ...) (y ...)) ((x y ...) ...)))", "(m (1 2) (a b c))", "((1 a b c) (2 a b c))");
    check("(syntax-rules () ((_ (x ...)) ((x (x ...)) ...)))", "(m (1 2))", "((1 (1 2)) (2 (1 2)))");
    check("(syntax-rules () ((_ (x ...) ...) (((x ...) (x ...)) ...)))", "(m (1 2) (3))", "(((1 2) (1 2)) ((3) (3)))");
    check("(syntax-rules () ((_ a ...) #(0 a ...)))", "(m 1 2)", "#(0 1 2)");
    check("(syntax-rules () ((_ a ...) (a ... . end)))", "(m 1 2)", "(1 2 . end)");
}

#[test]
fn ellipsis_can_be_chosen_escaped_or_literal() {
    check("(syntax-rules ooo () ((_ a ooo) (a ooo ...)))", "(m 1 2)", "(1 2 ...)");
    check("(syntax-rules () ((_ a ...) ((... ...) a ...)))", "(m 1 2)", "(... 1 2)");
    check("(syntax-rules () ((_ a) (... (a ...))))", "(m 1)", "(1 ...)");
    check("(syntax-rules (...) ((_ a ...) (a ...)) ((_ . r) no))", "(m 1 ...)", "(1 ...)");
    check("(syntax-rules (...) ((_ a ...) (a ...)) ((_ . r) no))", "(m 1 2)", "no");
    check("(syntax-rules ... (...) ((_ a) (a ...)))", "(m 1)", "(1 ...)");
    check("(syntax-rules () ((_ x) (... (... ...))))", "(m 1)", "(... ...)");
    check("(syntax-rules (_) ((m _) yes) ((m x) no))", "(m 1)", "no");
    check("(syntax-rules (else) ((_ else ...) yes) ((_ . x) no))", "(m else else)", "yes");
}

#[test]
fn local_binding_of_the_ellipsis_makes_it_a_name() {
    let mut lab = Lab::new();
    let dots = lab.symbol("...");
    lab.env = Env::inside(&lab.env);
    lab.env.bind(dots, MarkId::NONE, Binding::Local(VarId(0)));
    assert_eq!(lab.expand("(syntax-rules () ((_ x ...) bad) ((_ . r) ok))", "(m a b c)"), "ok");
}

#[test]
fn refuses_bad_specs() {
    check("(syntax-rules () ((_ a a) a))", "(m 1 2)", "error: the pattern variable a stands twice in this pattern");
    check("(syntax-rules () ((_ ... a) a))", "(m)", "error: `...` stands where no pattern is before it to repeat");
    check("(syntax-rules () ((_ a . ...) a))", "(m)", "error: `...` stands where no pattern is before it to repeat");
    check("(syntax-rules () ((_ a ... b ...) a))", "(m)", "error: a list in a pattern can have one ellipsis only");
    check(
        "(syntax-rules () ((_ a ...) a))",
        "(m)",
        "error: a is followed by 1 ellipsis in the pattern, here by 0 only",
    );
    check(
        "(syntax-rules () ((_ (a ...) ...) (a ...)))",
        "(m)",
        "error: a is followed by 2 ellipses in the pattern, here by 1 only",
    );
    let extra = "error: no pattern variable before this ellipsis says how often to repeat";
    check("(syntax-rules () ((_ a) (a ...)))", "(m 1)", extra);
    check("(syntax-rules () ((_ a ...) (a ... ...)))", "(m 1)", extra);
    check(
        "(syntax-rules () ((_ a) (a . ...)))",
        "(m 1)",
        "error: `...` stands where no template is before it to repeat",
    );
    check(
        "(syntax-rules () (m 1))",
        "(m)",
        "error: a pattern of syntax-rules should be a list that begins with the macro's name",
    );
    check("(syntax-rules () ((_ a)))", "(m)", "error: a clause of syntax-rules should be (pattern template)");
    check("(syntax-rules (1) ((_ a) a))", "(m)", "error: the literals of syntax-rules should all be identifiers");
    check("(syntax-rules)", "(m)", "error: syntax-rules needs a list of literals");
    check("(syntax-rules x)", "(m)", "error: syntax-rules needs a list of literals");
    check("(syntax-rules () ((_ #0=(a . #0#)) 1))", "(m)", "error: this pattern is circular");
    check("(syntax-rules () ((_ a) #0=(a . #0#)))", "(m)", "error: this template is circular");
    let deep = format!("(syntax-rules () ((_ a) {}a{}))", "(".repeat(100_000), ")".repeat(100_000));
    check(&deep, "(m 1)", "error: this template is nested more than 200 deep");
    let deep = format!("(syntax-rules () ((_ {}a{}) a))", "(".repeat(100_000), ")".repeat(100_000));
    check(&deep, "(m 1)", "error: this pattern is nested more than 200 deep");
}

#[test]
fn refuses_unequal_lengths_under_one_ellipsis() {
    let spec = "(syntax-rules () ((_ (a ...) (b ...)) ((a b) ...)))";
    check(spec, "(m (1 2) (3 4))", "((1 3) (2 4))");
    let message = "error: a and b matched different numbers of forms under one ellipsis";
    check(spec, "(m (1) (3 4))", message);
}

#[test]
fn error_knows_the_place_of_the_use() {
    let mut lab = Lab::new();
    let rules = lab.rules("(syntax-rules () ((_ a) a))").unwrap();
    let form = lab.read("  (m 1 2)");
    let error = lab.apply(&rules, form).unwrap_err();
    assert_eq!(error.span, Span::new(SourceId(1), 2, 9));
}

#[test]
fn cyclic_uses_match_no_ellipsis_and_end() {
    check("(syntax-rules () ((_ a ...) bad) ((_ a . r) ok))", "#0=(m 1 . #0#)", "ok");
}

#[test]
fn literals_match_by_meaning() {
    let spec = "(syntax-rules (else) ((_ else) yes) ((_ x) no))";
    check(spec, "(m else)", "yes");
    check("(syntax-rules (unbound) ((_ unbound) yes) ((_ x) no))", "(m unbound)", "yes");
    // The user's own `else` is not the macro's.
    let mut lab = Lab::new();
    let rules = lab.rules(spec).unwrap();
    let form = lab.read("(m else)");
    let (outside, name) = (lab.env.clone(), lab.symbol("else"));
    let inside = Env::inside(&outside);
    inside.bind(name, MarkId::NONE, Binding::Local(VarId(7)));
    let result = lab.with(|cx| apply_rules(cx, &rules, form, &inside, &outside)).unwrap();
    assert_eq!(lab.show(result), "no");
    // Another name for it is.
    let other = lab.symbol("otherwise");
    lab.state.modules.define(MODULE, other, MarkId::NONE, Binding::Core(CoreForm::Else));
    let form = lab.read("(m otherwise)");
    let result = lab.apply(&rules, form).unwrap();
    assert_eq!(lab.show(result), "yes");
}

#[test]
fn stamps_keep_inserted_identifiers_apart() {
    let mut lab = Lab::new();
    let rules = lab.rules("(syntax-rules () ((_ x) (t t x if)))").unwrap();
    let form = lab.read("(m t)");
    let first = lab.apply(&rules, form).unwrap();
    let second = lab.apply(&rules, form).unwrap();
    let (first, second) = (list_items(first).unwrap(), list_items(second).unwrap());
    assert_eq!(bound_identifier_eq(first[0], first[1]), Some(true));
    assert_eq!(bound_identifier_eq(first[0], first[2]), Some(false));
    assert_eq!(bound_identifier_eq(first[0], second[0]), Some(false));
    assert_eq!(bound_identifier_eq(first[2], second[2]), Some(true));
    // Unbound, it means what it means to the macro; bound, what the binder says.
    let inside = Env::inside(&lab.env);
    let (symbol, mark) = identifier(first[3]).unwrap();
    inside.bind(symbol, MarkId::NONE, Binding::Local(VarId(1)));
    let meaning = |lab: &mut Lab| lab.with(|cx| cx.resolve(&inside, symbol, mark));
    assert!(matches!(meaning(&mut lab), Resolution::Bound(Binding::Core(CoreForm::If))));
    inside.bind(symbol, mark, Binding::Local(VarId(2)));
    assert!(matches!(meaning(&mut lab), Resolution::Bound(Binding::Local(VarId(2)))));
}

#[test]
fn marks_resolve_step_by_step_to_where_each_macro_was_defined() {
    let mut lab = Lab::new();
    let x = lab.symbol("x");
    let outer = Env::inside(&lab.env);
    let inner = Env::inside(&outer);
    outer.bind(x, MarkId::NONE, Binding::Local(VarId(1)));
    inner.bind(x, MarkId::NONE, Binding::Local(VarId(2)));
    let marks = &mut lab.state.marks;
    let (first, second) = (marks.new_stamp(), marks.new_stamp());
    let once = marks.stamped(first, MarkId::NONE, &outer);
    let twice = marks.stamped(second, once, &inner);
    assert_eq!(marks.stamped(second, once, &inner), twice);
    let mut resolve = |mark| lab.with(|cx| cx.resolve(&inner, x, mark));
    assert!(matches!(resolve(MarkId::NONE), Resolution::Bound(Binding::Local(VarId(2)))));
    assert!(matches!(resolve(once), Resolution::Bound(Binding::Local(VarId(1)))));
    assert!(matches!(resolve(twice), Resolution::Bound(Binding::Local(VarId(1)))));
    // A definition that a macro's use has made at top level, and one level further in a binder of the same identifier.
    lab.state.modules.define(MODULE, x, once, Binding::Local(VarId(3)));
    let mut resolve = |mark| lab.with(|cx| cx.resolve(&inner, x, mark));
    assert!(matches!(resolve(twice), Resolution::Bound(Binding::Local(VarId(3)))));
    inner.bind(x, once, Binding::Local(VarId(4)));
    let mut resolve = |mark| lab.with(|cx| cx.resolve(&inner, x, mark));
    assert!(matches!(resolve(twice), Resolution::Bound(Binding::Local(VarId(4)))));
}

#[test]
fn marks_are_given_up_unless_pinned() {
    let mut lab = Lab::new();
    let env = lab.env.clone();
    let marks = &mut lab.state.marks;
    let outer = marks.begin();
    let stamp = marks.new_stamp();
    let kept = marks.stamped(stamp, MarkId::NONE, &env);
    let inner = marks.begin();
    let stamp_inside = marks.new_stamp();
    let gone = marks.stamped(stamp_inside, MarkId::NONE, &env);
    marks.release(inner);
    assert_eq!(marks.len(), 1);
    assert!(marks.origin(gone).is_none() && marks.origin(kept).is_some());
    assert_eq!(marks.stamped(stamp, MarkId::NONE, &env), kept);
    // A mark that an outer use has got inside of the inner expansion is no more, and not mistaken for a later one.
    let inner = marks.begin();
    let lost = marks.stamped(stamp, kept, &env);
    marks.release(inner);
    let other = marks.new_stamp();
    assert_eq!(marks.stamped(other, MarkId::NONE, &env), lost);
    assert!(marks.stamped(stamp, kept, &env) != lost);
    let inner = marks.begin();
    let stamp_inside = marks.new_stamp();
    marks.stamped(stamp_inside, MarkId::NONE, &env);
    marks.pinned = true;
    marks.release(inner);
    marks.release(outer);
    assert_eq!(marks.len(), 4);
    // Whoever still has a mark that was given up gets an answer.
    let x = lab.symbol("x");
    assert!(matches!(lab.with(|cx| cx.resolve(&env, x, MarkId(99))), Resolution::Free(MODULE)));
}

#[test]
fn macro_that_defines_a_macro_keeps_its_own_names() {
    let mut lab = Lab::new();
    let spec = "(syntax-rules () ((_ y) (syntax-rules () ((m x) (tmp y x)))))";
    let rules = lab.rules(spec).unwrap();
    let form = lab.read("(def tmp)");
    let inner = lab.apply(&rules, form).unwrap();
    let env = lab.env.clone();
    let inner = lab.with(|cx| compile_rules(cx, inner, &env)).unwrap();
    let form = lab.read("(m tmp)");
    let result = lab.apply(&inner, form).unwrap();
    let items = list_items(result).unwrap();
    assert_eq!(lab.show(result), "(tmp tmp tmp)");
    let keys: Vec<_> = items.iter().map(|&item| identifier(item).unwrap()).collect();
    assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2]);
}

#[test]
fn a_million_arguments_are_nothing_special() {
    let mut lab = Lab::new();
    let rules = lab.rules("(syntax-rules () ((_ (a b) ...) (list (b a) ... (a ...))))").unwrap();
    let form = lab.read(&format!("(m {})", "(1 2) ".repeat(1_000_000)));
    let result = lab.apply(&rules, form).unwrap();
    let items = list_items(result).unwrap();
    assert_eq!(items.len(), 1_000_002);
    assert_eq!(list_items(items[1_000_001]).unwrap().len(), 1_000_000);
}

#[test]
fn wide_patterns_do_not_recurse() {
    let mut lab = Lab::new();
    let names: Vec<String> = (0..100_000).map(|n| format!("v{n}")).collect();
    let names = names.join(" ");
    let rules = lab.rules(&format!("(syntax-rules () ((_ {names}) ({names})))")).unwrap();
    let form = lab.read(&format!("(m {})", "1 ".repeat(100_000)));
    let result = lab.apply(&rules, form).unwrap();
    assert_eq!(list_items(result).unwrap().len(), 100_000);
}

#[test]
fn frames_of_all_sizes_find_their_bindings() {
    let mut lab = Lab::new();
    let env = Env::inside(&lab.env);
    let names: Vec<Symbol> = (0..100).map(|n| lab.symbol(&format!("v{n}"))).collect();
    for (n, &name) in names.iter().enumerate() {
        assert!(env.bind(name, MarkId::NONE, Binding::Local(VarId(n as u32))).is_none());
    }
    assert!(matches!(env.bind(names[50], MarkId::NONE, Binding::OutOfScope), Some(Binding::Local(VarId(50)))));
    assert!(matches!(env.lookup(names[50], MarkId::NONE), Some(Binding::OutOfScope)));
    assert!(matches!(env.lookup(names[99], MarkId::NONE), Some(Binding::Local(VarId(99)))));
    assert!(env.lookup(names[99], MarkId(1)).is_none());
}

#[test]
fn deep_environments_are_freed_without_recursion() {
    let mut lab = Lab::new();
    let name = lab.symbol("m");
    let mut env = lab.env.clone();
    for n in 0..100_000 {
        let inner = Env::inside(&env);
        let native = Transformer::Native(|_, form, _, _, _| Ok(form));
        let binding = if n % 2 == 0 {
            Binding::Macro(Rc::new(Macro { transformer: native, env: env.clone() }))
        } else {
            Binding::Local(VarId(n))
        };
        inner.bind(name, MarkId::NONE, binding);
        env = inner;
    }
    let watch = Rc::downgrade(&env);
    drop(env);
    assert!(watch.upgrade().is_none());
    assert_eq!(Rc::strong_count(&lab.env), 1);
}

#[test]
fn global_names_are_found_quickly_from_deep_inside() {
    let mut lab = Lab::new();
    let (global, x) = (lab.symbol("if"), lab.symbol("x"));
    let mut env = lab.env.clone();
    for n in 0..100_000 {
        env = Env::inside(&env);
        env.bind(x, MarkId::NONE, Binding::Local(VarId(n)));
        let meaning = lab.with(|cx| cx.resolve(&env, global, MarkId::NONE));
        assert!(matches!(meaning, Resolution::Bound(Binding::Core(CoreForm::If))));
    }
}

#[test]
fn cyclic_and_deep_data_convert() {
    let mut lab = Lab::new();
    let cyclic = lab.read("#0=(a #(b #0#) . #0#)");
    assert!(list_items(cyclic).is_none() && !holds_marks(cyclic));
    let datum = syntax_to_datum(&lab.heap, cyclic);
    assert!(datum.is_pair() && datum.car().is_symbol());
    assert!(datum.cdr().cdr() == datum && datum.cdr().car().field(0).is_symbol());
    assert!(datum.cdr().car().field(1) == datum);
    let deep = lab.read(&format!("{}x{}", "(".repeat(1_000_000), ")".repeat(1_000_000)));
    let datum = syntax_to_datum(&lab.heap, deep);
    let again = datum_to_syntax(&lab.heap, Value::symbol(lab.symbols.intern("k")), datum);
    assert!(expose(again) == datum);
}

#[test]
fn data_without_syntax_are_not_copied() {
    let mut lab = Lab::new();
    let trees = reader::read_all("(a #0=(b) #0#)", SourceId(1), &mut lab.symbols).unwrap();
    let datum = tree_to_datum(&trees[0], &lab.heap);
    assert!(syntax_to_datum(&lab.heap, datum) == datum);
    // Sharing is kept when something is copied.
    let syntax = lab.read("(a #0=(b) #0#)");
    let items = list_items(syntax_to_datum(&lab.heap, syntax)).unwrap();
    assert!(items[1] == items[2]);
}

#[test]
fn syntax_objects_know_their_places() {
    let mut lab = Lab::new();
    let form = lab.read("(bind #(s) x)");
    assert_eq!(span(form), Span::new(SourceId(1), 0, 13));
    let items = list_items(form).unwrap();
    assert_eq!(span(items[0]), Span::new(SourceId(1), 1, 5));
    assert_eq!(span(items[1]), Span::new(SourceId(1), 6, 10));
    assert_eq!(span(items[2]), Span::new(SourceId(1), 11, 12));
    let far = Span { source: SourceId(u32::MAX), start: u32::MAX - 5, end: u32::MAX };
    assert_eq!(span(wrap(&lab.heap, Value::NIL, far)), far);
}

#[test]
fn datum_to_syntax_takes_the_marks_of_its_context() {
    let mut lab = Lab::new();
    let (k, x) = (lab.symbol("k"), lab.symbol("x"));
    let context = make_identifier(&lab.heap, k, MarkId(3), Span::new(SourceId(1), 4, 5));
    let datum = lab.heap.list(&[Value::symbol(x), Value::fixnum(1), context]);
    let syntax = datum_to_syntax(&lab.heap, context, datum);
    let items = list_items(syntax).unwrap();
    assert_eq!(identifier(items[0]), Some((x, MarkId(3))));
    assert_eq!(identifier(items[2]), Some((k, MarkId(3))));
    assert_eq!(span(syntax), Span::new(SourceId(1), 4, 5));
    assert!(holds_marks(syntax) && !holds_marks(datum.cdr().car()));
    assert_eq!(identifier(datum_to_syntax(&lab.heap, context, Value::symbol(x))), Some((x, MarkId(3))));
}

/// Compiles a pattern and a template of `syntax-case`, and runs them on a form.
fn syntax_case(lab: &mut Lab, pattern: &str, literals: &str, template: &str, form: &str) -> Option<Value> {
    let (pattern, literals, template) = (lab.read(pattern), lab.read(literals), lab.read(template));
    let form = lab.read(form);
    let root = lab.env.clone();
    lab.with(|cx| {
        let (number, vars) = compile_syntax_pattern(cx, pattern, literals, &root).unwrap();
        let env = Env::inside(&root);
        for (n, var) in vars.iter().enumerate() {
            let binding = Binding::PatternVariable { depth: var.depth, var: VarId(n as u32) };
            env.bind(var.symbol, var.mark, binding);
        }
        let (template, needed) = compile_syntax_template(cx, template, &env).unwrap();
        let values = syntax_match(cx, number as usize, form)?;
        let values: Vec<Value> = needed.iter().map(|var| values[var.0 as usize]).collect();
        Some(syntax_instantiate(cx, template as usize, &values).unwrap())
    })
}

#[test]
fn syntax_case_matches_and_instantiates_by_number() {
    let mut lab = Lab::new();
    lab.state.current_stamp = Some(Stamp(1));
    let result = syntax_case(&mut lab, "(_ (a b ...) ... c)", "()", "(c t (b ... ...) (a ...) t)", "(m (1 2) (3) 4)");
    let result = result.unwrap();
    assert_eq!(lab.show(result), "(4 t (2) (1 3) t)");
    let items = list_items(result).unwrap();
    assert_eq!(bound_identifier_eq(items[1], items[4]), Some(true));
    assert!(identifier(items[1]).unwrap().1 != MarkId::NONE);
    assert!(syntax_case(&mut lab, "(_ else)", "(else)", "yes", "(m if)").is_none());
    assert!(syntax_case(&mut lab, "(_ else)", "(else)", "yes", "(m else)").is_some());
    // Without a macro use under way, identifiers stay as written.
    lab.state.current_stamp = None;
    let plain = syntax_case(&mut lab, "x", "()", "t", "1").unwrap();
    assert_eq!(identifier(plain).unwrap().1, MarkId::NONE);
}

#[test]
fn helpers_in_one_use_share_its_stamp() {
    let mut lab = Lab::new();
    lab.state.current_stamp = Some(Stamp(1));
    let first = syntax_case(&mut lab, "x", "()", "t", "1").unwrap();
    let second = syntax_case(&mut lab, "y", "()", "t", "1").unwrap();
    assert_eq!(bound_identifier_eq(first, second), Some(true));
}

#[test]
fn free_identifiers_are_compared_where_the_macro_is_used() {
    let mut lab = Lab::new();
    let (x, t) = (lab.symbol("if"), lab.symbol("t"));
    let root = lab.env.clone();
    let stamp = lab.state.marks.new_stamp();
    let mark = lab.state.marks.stamped(stamp, MarkId::NONE, &root);
    let (plain, marked) = (Value::symbol(x), make_identifier(&lab.heap, x, mark, Span::NOWHERE));
    assert_eq!(lab.with(|cx| free_identifier_eq(cx, plain, marked, &root)), Some(true));
    let inside = Env::inside(&root);
    inside.bind(x, MarkId::NONE, Binding::Local(VarId(0)));
    lab.state.current_env = Some(inside);
    assert_eq!(lab.with(|cx| free_identifier_eq(cx, plain, marked, &root)), Some(false));
    assert_eq!(lab.with(|cx| free_identifier_eq(cx, plain, Value::fixnum(1), &root)), None);
    assert_eq!(lab.with(|cx| free_identifier_eq(cx, plain, Value::symbol(t), &root)), Some(false));
}

#[test]
fn temporaries_are_all_different() {
    let mut lab = Lab::new();
    let list = lab.read("(a b c)");
    let names = lab.with(|cx| generate_temporaries(cx, list)).unwrap();
    let names = list_items(names).unwrap();
    assert_eq!(names.len(), 3);
    assert_eq!(bound_identifier_eq(names[0], names[1]), Some(false));
    assert!(lab.with(|cx| generate_temporaries(cx, Value::fixnum(1))).is_err());
}

#[test]
fn constants_of_macros_survive_collections_and_go_with_the_macro() {
    let mut lab = Lab::new();
    let rules = lab.rules("(syntax-rules () ((_ \"key\") \"value\"))").unwrap();
    let Lab { heap, state, .. } = &mut lab;
    for _ in 0..3 {
        heap.collect(true, &mut |tracer| state.trace(tracer));
    }
    let form = lab.read("(m \"key\")");
    let result = lab.apply(&rules, form).unwrap();
    assert_eq!(lab.show(result), "\"value\"");
    drop(rules);
    let Lab { heap, state, .. } = &mut lab;
    heap.collect(true, &mut |tracer| state.trace(tracer));
    assert_eq!(lab.state.roots.len(), 0);
}
