//! Syntax objects: data that know where they stand in the source, and whose identifiers know their marks.
//!
//! ```text
//!   Kind::Syntax: datum | mark (fixnum) | source (fixnum) | start << 29 + length (fixnum)
//! ```
//!
//! The datum is a symbol (then this is an identifier), or a pair, vector or atom whose parts are syntax objects or plain data;
//! a plain symbol is an identifier without mark and place. Only identifiers have marks. In a list, the first pair is
//! wrapped and has the list's span; the pairs behind it are plain. Code that walks over forms takes everything through
//! `expose`, and does not care what was wrapped.

pub use super::convert::{
    datum_to_syntax, holds_marks, list_items, list_parts, span_within, syntax_to_datum, tree_to_datum, tree_to_syntax,
};
use super::env::MarkId;
use super::library::LibraryName;
use crate::permission::Refusal;
use crate::source::{SourceId, Span};
use crate::symbol::Symbol;
use crate::value::{Heap, Kind, Value};

pub const DATUM: usize = 0;
const MARK: usize = 1;
const SOURCE: usize = 2;
const RANGE: usize = 3;
/// A span longer than half a gigabyte is shown shorter than it is.
const LENGTH_BITS: u32 = 29;

/// What is wrong with a form.
#[derive(Clone, Debug)]
pub struct SyntaxError {
    pub message: String,
    /// The form at fault; not a root, so it must become a condition before the next collection.
    pub form: Value,
    pub span: Span,
    /// A second place that explains the first.
    pub note: Option<(Span, String)>,
    /// The library that is not to be had, if that is what is wrong.
    pub missing: Option<Box<LibraryName>>,
    /// The permission that was missing.
    pub refusal: Option<Box<Refusal>>,
}

impl SyntaxError {
    /// An error that shows `form`, and its place if it has one.
    pub fn new(message: impl Into<String>, form: Value) -> SyntaxError {
        SyntaxError { message: message.into(), form, span: span(form), note: None, missing: None, refusal: None }
    }

    /// Points at `span` if the form itself has no place.
    pub fn or_at(mut self, span: Span) -> SyntaxError {
        if self.span.is_nowhere() {
            self.span = span;
        }
        self
    }

    /// An error in a use of the form or macro `name`: the message begins with it.
    pub fn of(mut self, name: &str) -> SyntaxError {
        if !self.message.starts_with(name) {
            self.message = format!("{name}: {}", self.message);
        }
        self
    }

    pub fn with_note(mut self, span: Span, note: impl Into<String>) -> SyntaxError {
        self.note = Some((span, note.into()));
        self
    }
}

pub fn is_syntax(v: Value) -> bool {
    v.is_kind(Kind::Syntax)
}

/// The symbol and mark of an identifier.
pub fn identifier(v: Value) -> Option<(Symbol, MarkId)> {
    match v.as_symbol() {
        Some(symbol) => Some((symbol, MarkId::NONE)),
        None if is_syntax(v) => v.field(DATUM).as_symbol().map(|symbol| (symbol, mark(v))),
        None => None,
    }
}

pub fn is_identifier(v: Value) -> bool {
    identifier(v).is_some()
}

/// The symbol of an identifier, whatever its mark.
pub fn symbol(v: Value) -> Option<Symbol> {
    identifier(v).map(|(symbol, _)| symbol)
}

fn mark(v: Value) -> MarkId {
    MarkId(v.field(MARK).fixnum_value() as u32)
}

/// What is behind a wrapper: a pair, vector or atom as such. Identifiers stay as they are.
pub fn expose(v: Value) -> Value {
    let mut v = v;
    while is_syntax(v) && !v.field(DATUM).is_symbol() {
        v = v.field(DATUM);
    }
    v
}

/// The parts of a pair, wrapped or not.
pub fn pair(v: Value) -> Option<(Value, Value)> {
    expose(v).as_pair()
}

/// Where a form stands in the source, as far as it knows.
pub fn span(v: Value) -> Span {
    if !is_syntax(v) {
        return Span::NOWHERE;
    }
    let range = v.field(RANGE).fixnum_value();
    let start = (range >> LENGTH_BITS) as u32;
    let length = (range & ((1 << LENGTH_BITS) - 1)) as u32;
    Span { source: SourceId(v.field(SOURCE).fixnum_value() as u32), start, end: start.saturating_add(length) }
}

fn make(heap: &Heap, datum: Value, mark: MarkId, span: Span) -> Value {
    let length = span.end.saturating_sub(span.start).min((1 << LENGTH_BITS) - 1);
    let range = (span.start as i64) << LENGTH_BITS | length as i64;
    let fixnum = |n: u32| Value::fixnum(n as i64);
    heap.make(Kind::Syntax, &[datum, fixnum(mark.0), fixnum(span.source.0), Value::fixnum(range)])
}

pub fn make_identifier(heap: &Heap, symbol: Symbol, mark: MarkId, span: Span) -> Value {
    make(heap, Value::symbol(symbol), mark, span)
}

/// A datum (not a symbol that should have a mark) with a place in the source.
pub fn wrap(heap: &Heap, datum: Value, span: Span) -> Value {
    make(heap, datum, MarkId::NONE, span)
}
