//! What `syntax-case`, `syntax` and the procedures on syntax objects stand on.

use std::rc::Rc;

use super::context::ExpandContext;
use super::core::VarId;
use super::env::{Env, MarkId};
use super::syntax::SyntaxError;
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;

pub struct SyntaxPattern {}
pub struct SyntaxTemplate {}

/// A variable that a pattern binds.
#[derive(Clone, Debug)]
pub struct PatternVar {
    pub symbol: Symbol,
    pub mark: MarkId,
    /// How many ellipses follow it.
    pub depth: u32,
    pub span: Span,
}

/// Compiles a pattern of a `syntax-case` clause into the table of patterns: its number there, and the variables it binds, in
/// the order in which `syntax_match` answers their values.
pub fn compile_syntax_pattern(
    cx: &mut ExpandContext,
    pattern: Value,
    literals: &[Value],
    env: &Rc<Env>,
) -> Result<(u32, Vec<PatternVar>), SyntaxError> {
    let _ = (cx, literals, env);
    Err(SyntaxError::new("to come", pattern))
}

/// Compiles the template of a `syntax` form in `env`, where its pattern variables are bound: its number in the table of
/// templates, and the variables whose values `syntax_instantiate` needs, in order. `home` is where identifiers
/// that it inserts get their meaning.
pub fn compile_syntax_template(
    cx: &mut ExpandContext,
    template: Value,
    env: &Rc<Env>,
    home: &Rc<Env>,
) -> Result<(u32, Vec<VarId>), SyntaxError> {
    let _ = (cx, env, home);
    Err(SyntaxError::new("to come", template))
}

/// The values of a pattern's variables if it matches.
pub fn syntax_match(cx: &mut ExpandContext, pattern: u32, form: Value) -> Option<Vec<Value>> {
    let _ = (cx, pattern, form);
    None
}

pub fn syntax_instantiate(cx: &mut ExpandContext, template: u32, values: &[Value]) -> Result<Value, SyntaxError> {
    let _ = (cx, template, values);
    Err(SyntaxError::new("to come", Value::FALSE))
}
