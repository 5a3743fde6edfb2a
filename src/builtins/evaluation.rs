//! From a form to its value: driving the expander and the compiler. What must call Scheme (macros written as procedures, code that
//! is wanted at expansion time) is handed to whoever drives: the engine for a program's own forms, `%run-expansion` in
//! stdlib/sockeye/base.scm for `eval` and `load`.

use super::modules::{module_of, module_value, name_value};
use crate::builtins::declare::*;
use crate::compiler;
use crate::expander::context::ExpandContext;
use crate::expander::core::Unit;
use crate::expander::env::ModuleId;
use crate::expander::expand::{Expansion, Step};
use crate::expander::import::Style;
use crate::expander::library::{CORE, Loader, Unread};
use crate::expander::show::{self, View};
use crate::expander::syntax::{self, SyntaxError, tree_to_syntax};
use crate::reader::{KeywordStyle, Parser, Reading};
use crate::source::Span;
use crate::value::condition::Parts;
use crate::value::stop::STRIDE;
use crate::value::tracer::Tracer;
use crate::value::{External, Kind, Value, condition};
use crate::vm::cx::{Answer, Cx, Exit};
use rustc_hash::FxHashSet;
use std::path::Path;
use std::rc::Rc;

/// An expansion on its way, as a value: suspended ones are found by the collector. One that has ended is gone at once, not when
/// somebody collects: its memory serves the next one, instead of lying between all that is kept.
struct Ongoing {
    expansion: Option<Box<Expansion>>,
    /// The form stands in a source, and is in no tail position: its last call, too, has a place in the traces of errors.
    keeps_top_frame: bool,
}

impl External for Ongoing {
    fn type_name(&self) -> &'static str {
        "expansion"
    }

    fn holds_values(&self) -> bool {
        true
    }

    fn trace(&mut self, tracer: &mut Tracer) {
        if let Some(expansion) = &mut self.expansion {
            expansion.trace(tracer);
        }
    }
}

/// Where nothing can be found: for what needs no files.
pub struct NoFiles;

impl Loader for NoFiles {
    fn find_library(&mut self, _: &str, _: &[String]) -> Result<Option<(String, Rc<str>)>, Unread> {
        Ok(None)
    }

    fn read_file(&mut self, path: &str, _: Option<&str>) -> Result<(String, Rc<str>), Unread> {
        Err(format!("cannot read {path}").into())
    }
}

/// What the driver of an expansion does next.
pub enum Next {
    /// Calling this is all that is left.
    Done(Value),
    /// Call this, and hand its value to `step`.
    Eval(Value),
    /// The same, with arguments.
    Call(Value, Vec<Value>),
}

pub fn start(cx: &mut Cx, form: Value, module: ModuleId, keeps_top_frame: bool) -> Answer {
    pin_symbols(cx, form)?;
    let env = cx.expander.modules.env(module);
    Ok(begin(cx, keeps_top_frame, |context| Expansion::new(form, env, context)))
}

/// Has the symbols in a form stay for good: the expander is to keep some of them where no collection looks. Fails only when
/// interrupted.
pub fn pin_symbols(cx: &mut Cx, form: Value) -> Answer<()> {
    if !cx.symbols.has_loose() {
        return Ok(());
    }
    let (mut pending, mut seen, mut steps) = (vec![form], FxHashSet::default(), 0usize);
    while let Some(v) = pending.pop() {
        steps += 1;
        if steps.is_multiple_of(STRIDE) {
            cx.check_interrupt()?;
        }
        if let Some(symbol) = v.as_symbol().or(v.as_keyword()) {
            cx.symbols.pin(symbol);
        } else if let Some((car, cdr)) = v.as_pair() {
            if seen.insert(v) {
                pending.extend([cdr, car]);
            }
        } else if v.is_kind(Kind::Vector) && seen.insert(v) {
            pending.extend(v.fields());
        } else if syntax::is_syntax(v) {
            pending.push(v.field(syntax::DATUM));
        }
    }
    Ok(())
}

pub fn begin(cx: &mut Cx, keeps_top_frame: bool, make: impl FnOnce(&mut ExpandContext) -> Expansion) -> Value {
    let Cx { heap, symbols, sources, expander, .. } = cx;
    // Nothing is looked for before the first step.
    let mut context = ExpandContext { heap, symbols, sources, state: expander, loader: &mut NoFiles };
    let expansion = make(&mut context);
    let expansion = Some(Box::new(expansion));
    cx.heap.external(Box::new(Ongoing { expansion, keeps_top_frame }))
}

/// Goes on with an expansion; an error is the condition to raise.
pub fn step(cx: &mut Cx, ongoing: Value, answer: Option<Value>) -> Result<Next, Value> {
    let Some(mut object) = cx.heap.lend_external(ongoing) else {
        return Err(cx.maker().misc("eval", "this expansion is running already"));
    };
    let any: &mut dyn std::any::Any = &mut *object;
    let result = match any.downcast_mut::<Ongoing>() {
        Some(Ongoing { expansion, keeps_top_frame }) => {
            cx.keeps_top_frame = *keeps_top_frame;
            let result = match expansion {
                Some(going) => advance(cx, going, answer),
                None => Err(cx.maker().misc("eval", "this expansion has ended")),
            };
            cx.keeps_top_frame = false;
            if matches!(result, Ok(Next::Done(_)) | Err(_)) {
                *expansion = None;
            }
            result
        }
        None => Err(cx.maker().misc("eval", "this is not an expansion")),
    };
    cx.heap.return_external(ongoing, object);
    result
}

fn advance(cx: &mut Cx, expansion: &mut Expansion, answer: Option<Value>) -> Result<Next, Value> {
    // What a macro has made may have new names in it.
    if let Some(answer) = answer
        && pin_symbols(cx, answer).is_err()
    {
        return Err(interrupted(cx));
    }
    let Some(mut loader) = cx.loader.take() else {
        return Err(cx.maker().misc("eval", "the expander is running already"));
    };
    let mut context = ExpandContext {
        heap: &mut cx.heap,
        symbols: &mut cx.symbols,
        sources: &mut cx.sources,
        state: &mut cx.expander,
        loader: &mut *loader,
    };
    let step = expansion.advance(&mut context, answer);
    cx.loader = Some(loader);
    match step {
        Ok(Step::Done(unit)) => {
            match cx.shows_core {
                Some(View::Expanded) => cx.shown_core = show::divided(&cx.heap, &cx.symbols, &unit, &|_| None),
                Some(View::Optimized) => cx.shown_core = compiler::show(&unit, cx),
                None => {}
            }
            compile(cx, &unit).map(Next::Done)
        }
        Ok(Step::Eval(unit)) => compile(cx, &unit).map(Next::Eval),
        Ok(Step::Call { procedure, arguments }) => Ok(Next::Call(procedure, arguments.to_vec())),
        Err(error) => Err(interruption(cx).unwrap_or_else(|| syntax_condition(cx, error))),
    }
}

/// Work that was given up because of Ctrl-C has come to that, whatever it says of itself.
fn interruption(cx: &mut Cx) -> Option<Value> {
    cx.heap.control.interrupted().then(|| interrupted(cx))
}

/// What is raised for Ctrl-C, which is dealt with by that.
pub fn interrupted(cx: &mut Cx) -> Value {
    cx.heap.control.acknowledge_interrupt();
    cx.maker().interrupted()
}

fn compile(cx: &mut Cx, unit: &Unit) -> Result<Value, Value> {
    compiler::compile(unit, cx).map_err(|error| {
        if let Some(condition) = interruption(cx) {
            return condition;
        }
        let condition = cx.maker().syntax(&error.message, Value::FALSE);
        locate(cx, condition, error.span);
        condition
    })
}

pub fn syntax_condition(cx: &mut Cx, error: SyntaxError) -> Value {
    let condition = match &error.missing {
        // As Guile has it.
        Some(name) => {
            let name = name_value(cx, name);
            let irritants = cx.heap.list(&[name]);
            cx.maker().make(Parts {
                key: "misc-error",
                who: None,
                message: "no code for module ~S",
                irritants,
                data: Value::FALSE,
                text: Some(error.message),
            })
        }
        None => cx.maker().syntax(&error.message, error.form),
    };
    if let Some(refusal) = error.refusal {
        let permission = cx.heap.string(&refusal.to_string());
        cx.maker().add_extra(condition, "permission", permission);
    }
    locate(cx, condition, error.span);
    condition
}

/// Says where in a source a condition came up, when no frame can.
pub fn locate(cx: &mut Cx, condition: Value, span: Span) {
    if !span.is_nowhere() {
        let numbers = [span.source.0, span.start, span.end].map(|n| Value::fixnum(n as i64));
        let trace = cx.heap.vector(&[Value::FALSE, numbers[0], numbers[1], numbers[2], Value::NIL]);
        cx.heap.set_field(condition, condition::TRACE, trace);
    }
}

/// A source text that is read form by form.
struct SourceReader {
    parser: Parser,
    text: Rc<str>,
}

impl External for SourceReader {
    fn type_name(&self) -> &'static str {
        "source"
    }
}

crate::builtins! { EVALUATION;

/// Begins to expand FORM in ENVIRONMENT; the answer is for `%expand-next`.
fn "%expand-start" (cx, form: Value, environment: Value) {
    match module_of(cx, environment) {
        Some(module) => start(cx, form, module, false),
        None => wrong_type(cx, "eval", 2, "environment", "an environment", environment),
    }
}

/// Begins to expand FORM, of a source that is loaded, in the current module; the answer is for `%expand-next`.
fn "%source-start" (cx, form: Value) {
    let module = cx.expander.modules.current;
    start(cx, form, module, true)
}

/// Begins to expand a name of the base, so that its definition is compiled; the answer is for `%expand-next`.
fn "%late-start" (cx, name: Sym) {
    start(cx, name.0, CORE, false)
}

/// Goes on with an expansion, given the answer to its last request: (done . thunk), (eval . thunk), or (call procedure argument ...).
fn "%expand-next" (cx, ongoing: Value, answer: Value) {
    let next = match step(cx, ongoing, Some(answer)) {
        Ok(next) => next,
        Err(condition) => return Err(Box::new(Exit::Raise(condition))),
    };
    let symbol = |cx: &mut Cx, name: &str| Value::symbol(cx.symbols.intern(name));
    match next {
        Next::Done(thunk) => { let tag = symbol(cx, "done"); cx.heap.cons(tag, thunk) }
        Next::Eval(thunk) => { let tag = symbol(cx, "eval"); cx.heap.cons(tag, thunk) }
        Next::Call(procedure, arguments) => {
            let tag = symbol(cx, "call");
            let call = cx.heap.cons(procedure, cx.heap.list(&arguments));
            cx.heap.cons(tag, call)
        }
    }
}

/// The environment of the program or prompt: what its own forms see. [R7RS 6.12]
fn "interaction-environment" (cx) {
    let module = cx.expander.modules.current;
    module_value(cx, module)
}

/// A new environment that knows nothing.
fn "%make-environment" (cx) {
    let module = cx.expander.modules.anonymous(Vec::new());
    module_value(cx, module)
}

/// Begins to import the import sets of a list into ENVIRONMENT; the answer is for `%expand-next`.
fn "%import-start" (cx, sets: Value, environment: Value) {
    match module_of(cx, environment) {
        Some(module) => {
            pin_symbols(cx, sets)?;
            Ok(begin(cx, false, |context| Expansion::importing(sets, module, Style::Sets, context)))
        }
        None => wrong_type(cx, "import", 2, "environment", "an environment", environment),
    }
}

/// From now on all texts are read so: KEYWORDS says which names are keywords (the symbol prefix, postfix, or #f for neither),
/// and CASE? whether capital letters count. For read-set!. [Guile: Scheme Read]
fn "%reading-set!" (cx, keywords: Value, case: bool) {
    let style = keywords.as_symbol().map(|style| cx.symbols.name(style));
    cx.reading = Reading {
        keywords: match style {
            Some("prefix") => KeywordStyle::Prefix,
            Some("postfix") => KeywordStyle::Postfix,
            _ => KeywordStyle::Hash,
        },
        fold_case: !case,
    };
}

/// Whether OBJ is an environment.
fn "environment?" (cx, obj: Value) { module_of(cx, obj).is_some() }

/// Opens the source file PATH, for `%source-next`.
fn "%source-open" (cx, path: Str) needs read(path) {
    let path = cx.heap.str(path.0).unwrap_or("").to_string();
    let Some(loader) = &mut cx.loader else {
        return cx.fail(|make| make.misc("load", "there are no files here"));
    };
    match loader.read_source(Path::new(&path)) {
        Ok((name, text)) => {
            let source = cx.sources.add(&name, text.clone());
            let module = cx.expander.modules.current;
            cx.expander.modules.announce(&mut cx.symbols, module, &text);
            Ok(cx.heap.external(Box::new(SourceReader { parser: Parser::new(source, 0), text })))
        }
        Err(error) => cx.fail(|make| make.file("load", error.errno, &error.message)),
    }
}

/// Opens a text as a source of that name, for `%source-next`.
fn "%source-text" (cx, name: Str, text: Str) {
    let name = cx.heap.str(name.0).unwrap_or("").to_string();
    let text: Rc<str> = cx.heap.str(text.0).unwrap_or("").into();
    let source = cx.sources.add(&name, text.clone());
    let module = cx.expander.modules.current;
    cx.expander.modules.announce(&mut cx.symbols, module, &text);
    cx.heap.external(Box::new(SourceReader { parser: Parser::new(source, 0), text }))
}

/// The next form of an open source as syntax, or the end-of-file object.
fn "%source-next" (cx, source: Value) {
    let Cx { heap, symbols, reading, .. } = cx;
    let Some(reader) = heap.external_mut::<SourceReader>(source) else {
        return wrong_type(cx, "load", 1, "source", "an open source", source);
    };
    let text = reader.text.clone();
    reader.parser.set_reading(*reading);
    match reader.parser.next_datum(&text, symbols) {
        None => Ok(Value::EOF),
        Some(Ok(tree)) => Ok(tree_to_syntax(&tree, &cx.heap)),
        Some(Err(error)) => {
            let condition = super::read::condition(cx, &error);
            Err(Box::new(Exit::Raise(condition)))
        }
    }
}
}
