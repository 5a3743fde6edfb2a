//! Procedures on syntax objects: what macros written as procedures are made of, and what `syntax-case` and `syntax` expand to.

use super::conditions::thrown;
use super::declare::*;
use super::evaluation::{locate, syntax_condition};
use crate::expander::context::ExpandContext;
use crate::expander::convert::{datum_of_error, span_within};
use crate::expander::library::USER;
use crate::expander::procedural;
use crate::expander::syntax::{self, SyntaxError};
use crate::value::condition::TEXT;
use crate::value::{Kind, Value};
use crate::vm::cx::{Answer, Cx, Exit};

/// An identifier: a symbol, or a syntax object around one.
#[derive(Clone, Copy)]
pub struct Identifier(pub Value);

impl Argument for Identifier {
    const EXPECTED: &'static str = "an identifier";
    fn take(_: &Cx, v: Value) -> Option<Identifier> {
        syntax::is_identifier(v).then_some(Identifier(v))
    }
}

/// Lends the expander's part of the engine to `action`.
fn with_expander<T>(cx: &mut Cx, action: impl FnOnce(&mut ExpandContext) -> Result<T, SyntaxError>) -> Answer<T> {
    let mut loader = super::evaluation::NoFiles;
    let Cx { heap, symbols, sources, expander, .. } = cx;
    let mut context = ExpandContext { heap, symbols, sources, state: expander, loader: &mut loader };
    match action(&mut context) {
        Ok(done) => Ok(done),
        Err(error) => {
            let condition = syntax_condition(cx, error);
            Err(Box::new(Exit::Raise(condition)))
        }
    }
}

crate::builtins! { SYNTAX;

/// Matches FORM with the pattern of this number: a vector of the values of its variables, or #f.
fn "%syntax-match" (cx, pattern: usize, form: Value) {
    let matched = with_expander(cx, |context| Ok(procedural::syntax_match(context, pattern, form)))?;
    Ok::<_, Box<Exit>>(matched.map_or(Value::FALSE, |values| cx.heap.vector(&values)))
}

/// What the template of this number makes of the values of its variables.
fn "%syntax-instantiate" (cx, template: usize, ..values) {
    with_expander(cx, |context| procedural::syntax_instantiate(context, template, values))
}

/// Fails: FORM matches no clause of a syntax-case.
fn "%syntax-no-match" (cx, form: Value) {
    let head = syntax::expose(form).as_pair().and_then(|(head, _)| syntax::identifier(head));
    let name = head.map_or("syntax-case", |(name, _)| cx.symbols.name(name)).to_string();
    with_expander::<Value>(cx, |_| Err(SyntaxError::new("this matches no clause of the macro", form).of(&name)))
}

/// The datum behind a syntax object, without marks and places. [Guile: Syntax Case]
///
///     (syntax->datum #'(a b))  => (a b)
fn "syntax->datum" (cx, syntax: Value) { syntax::syntax_to_datum(&cx.heap, syntax) }

/// A syntax object of DATUM whose identifiers mean what they would mean beside CONTEXT, an identifier; beside anything else
/// they mean what they mean in the program itself. [Guile: Syntax Case]
///
///     (syntax->datum (datum->syntax #'here '(a b)))  => (a b)
fn "datum->syntax" (cx, context: Value, datum: Value, [source: Value]) {
    if syntax::is_identifier(context) { syntax::datum_to_syntax(&cx.heap, context, datum) } else { datum }
}

/// Whether OBJ is an identifier: a syntax object of a symbol. [Guile: Syntax Case]
///
///     (map identifier? (list #'x #'(x)))  => (#t #f)
fn "identifier?" (cx, obj: Value) { syntax::is_identifier(obj) && (!obj.is_symbol() || cx.expander.current_env.is_some()) }

/// Whether A would bind B: the same name, from the same macro use. [Guile: Syntax Case]
///
///     (bound-identifier=? #'x #'x)  => #t
fn "bound-identifier=?" (cx, a: Identifier, b: Identifier) {
    procedural::bound_identifier_eq(a.0, b.0).unwrap_or(false)
}

/// Whether A and B mean the same where the macro is used. [Guile: Syntax Case]
///
///     (free-identifier=? #'car #'cdr)  => #f
fn "free-identifier=?" (cx, a: Identifier, b: Identifier) {
    let env = cx.expander.modules.env(USER);
    with_expander(cx, |context| Ok(procedural::free_identifier_eq(context, a.0, b.0, &env).unwrap_or(false)))
}

/// As many new identifiers as LIST has elements. [Guile: Syntax Case]
///
///     (length (generate-temporaries '(a b c)))  => 3
fn "generate-temporaries" (cx, list: Value) {
    with_expander(cx, |context| procedural::generate_temporaries(context, list))
}

/// Where a syntax object was written: ((filename . F) (line . L) (column . C)), both from 0, or #f. [Guile: Syntax Case]
fn "syntax-source" (cx, syntax: Value) {
    let Some(place) = cx.sources.place(syntax::span_within(syntax)) else { return Ok(Value::FALSE) };
    let entries = [
        ("filename", cx.heap.string(&place.name)),
        ("line", Value::fixnum(place.line as i64 - 1)),
        ("column", Value::fixnum(place.column as i64 - 1)),
    ];
    let entries: Vec<Value> = entries
        .iter()
        .map(|&(name, value)| {
            let key = Value::symbol(cx.symbols.intern(name));
            cx.heap.cons(key, value)
        })
        .collect();
    Ok::<_, Box<Exit>>(cx.heap.list(&entries))
}

/// Marks a macro's procedure as one that also takes `set!` forms of the name it is bound to. [Guile: Identifier Macros]
fn "make-variable-transformer" (cx, procedure: Procedure) {
    let tag = Value::symbol(cx.symbols.intern("variable-transformer"));
    cx.heap.make(Kind::Tagged, &[tag, procedure.0])
}

/// Fails as a syntax error of the macro WHO with MESSAGE about FORM, or its part SUBFORM. [Guile: Syntax Case]
fn "syntax-violation" (cx, who: Value, message: Str, form: Value, [subform: Value]) {
    let text = cx.heap.str(message.0).unwrap_or("").to_string();
    let text = match who.as_symbol() {
        Some(name) => format!("{}: {text}", cx.symbols.name(name)),
        None => text,
    };
    let data = [form, subform.unwrap_or(Value::FALSE)].map(|v| datum_of_error(&cx.heap, v));
    let args = cx.heap.list(&[who, message.0, Value::FALSE, data[0], data[1]]);
    let key = Value::symbol(cx.symbols.intern("syntax-error"));
    let condition = thrown(cx, key, args);
    let text = cx.heap.string(&text);
    cx.heap.set_field(condition, TEXT, text);
    locate(cx, condition, span_within(subform.unwrap_or(form)));
    Err::<Value, _>(Box::new(Exit::Raise(condition)))
}
}
