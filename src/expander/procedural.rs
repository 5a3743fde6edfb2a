//! What `syntax-case`, `syntax` and the procedures on syntax objects stand on: plain functions that builtins wrap.
//!
//! A `syntax-case` clause becomes code that calls `syntax_match` with its pattern's number, binds a local variable to each value,
//! and goes on; a `syntax` form calls `syntax_instantiate` with its template's number and the variables it needs.
//! The machine sets `current_env` and `current_stamp` before a transformer runs, and puts back what was there afterwards.

use std::rc::Rc;

use super::context::{ExpandContext, Kept};
use super::core::VarId;
use super::env::{Binding, CoreForm, Env, Key, MarkId, Resolution, Use};
use super::expand::check_interrupt;
pub use super::pattern::PatternVar;
use super::pattern::{Ellipsis, Matcher, Pattern, PatternCompiler, is_auxiliary};
use super::rules::literal_keys;
use super::syntax::{SyntaxError, identifier, list_items, make_identifier, span};
use super::template::{Shape, Template, TemplateCompiler, instantiate};
use crate::value::Value;

/// A pattern of a `syntax-case` clause, with what its literals mean.
pub struct SyntaxPattern {
    pattern: Rc<Pattern>,
    variables: usize,
    constants: Kept,
    env: Rc<Env>,
}

pub struct SyntaxTemplate {
    template: Rc<Template>,
    constants: Kept,
    env: Rc<Env>,
    home: Rc<Env>,
}

/// Compiles a pattern of a `syntax-case` clause into the table of patterns: its number there, and the variables it binds, in
/// the order in which `syntax_match` answers their values. `literals` is the list of them, as written.
pub fn compile_syntax_pattern(
    cx: &mut ExpandContext,
    pattern: Value,
    literals: Value,
    env: &Rc<Env>,
) -> Result<(u32, Vec<PatternVar>), SyntaxError> {
    let (items, literals) = literal_keys(literals, "the literals of syntax-case")?;
    if let Some(&wrong) = items.iter().find(|&&literal| {
        is_auxiliary(cx, env, literal, CoreForm::Ellipsis) || is_auxiliary(cx, env, literal, CoreForm::Underscore)
    }) {
        return Err(SyntaxError::new("`...` and `_` cannot be literals of syntax-case", wrong));
    }
    let mut constants = Vec::new();
    let mut compiler =
        PatternCompiler { cx, env, ellipsis: Ellipsis::Usual, literals: &literals, constants: &mut constants };
    let (pattern, vars) = compiler.compile(pattern)?;
    let constants = cx.state.roots.keep(constants);
    let entry = SyntaxPattern { pattern: Rc::new(pattern), variables: vars.len(), constants, env: env.clone() };
    cx.state.patterns.push(entry);
    Ok((cx.state.patterns.len() as u32 - 1, vars))
}

/// Compiles the template of a `syntax` form in `env`, where its pattern variables are bound: its number in the table of
/// templates, and the variables whose values `syntax_instantiate` needs, in order.
pub fn compile_syntax_template(
    cx: &mut ExpandContext,
    template: Value,
    env: &Rc<Env>,
) -> Result<(u32, Vec<VarId>), SyntaxError> {
    let mut constants = Vec::new();
    let mut needed: Vec<VarId> = Vec::new();
    let scope: &ExpandContext = cx;
    let lookup = &mut |(symbol, mark): Key| match scope.resolve(env, symbol, mark) {
        Resolution::Bound(Binding::PatternVariable { depth, var }) => {
            let slot = needed.iter().position(|&known| known == var).unwrap_or_else(|| {
                needed.push(var);
                needed.len() - 1
            });
            Some((slot as u32, depth))
        }
        _ => None,
    };
    let template = TemplateCompiler::compile(scope, env, Ellipsis::Usual, &mut constants, lookup, template)?;
    let constants = cx.state.roots.keep(constants);
    let (env, home) = (env.clone(), Env::home(env));
    cx.state.templates.push(SyntaxTemplate { template: Rc::new(template), constants, env, home });
    Ok((cx.state.templates.len() as u32 - 1, needed))
}

/// The values of a pattern's variables if it matches. Nothing also for a number that is no pattern's.
pub fn syntax_match(cx: &mut ExpandContext, pattern: usize, form: Value) -> Option<Vec<Value>> {
    let entry = cx.state.patterns.get(pattern)?;
    let use_env = cx.state.current_env.clone().unwrap_or_else(|| entry.env.clone());
    let (pattern, constants, def_env) = (entry.pattern.clone(), entry.constants.clone(), entry.env.clone());
    let matcher = Matcher { cx, constants: &constants, def_env: &def_env, use_env: &use_env };
    matcher.matches(&pattern, form, entry.variables)
}

/// What a template makes of the values of its variables. Identifiers that it inserts get the stamp of the macro use that is
/// under way; without one they stay as written.
pub fn syntax_instantiate(cx: &mut ExpandContext, template: usize, values: &[Value]) -> Result<Value, SyntaxError> {
    let Some(entry) = cx.state.templates.get(template) else {
        return Err(SyntaxError::new("there is no such template", Value::FALSE));
    };
    let (template, constants) = (entry.template.clone(), entry.constants.clone());
    let (env, home) = (entry.env.clone(), entry.home.clone());
    let place = cx.state.current_stamp.map(|stamp| Use { stamp, env: &env, home: &home });
    instantiate(cx, &template, &constants, values, place, Shape::Plain)
}

/// A list of as many new identifiers as `list` has elements, each different from all others.
pub fn generate_temporaries(cx: &mut ExpandContext, list: Value) -> Result<Value, SyntaxError> {
    let Some(items) = list_items(list) else {
        return Err(SyntaxError::new("generate-temporaries needs a list", list));
    };
    let mut names = Vec::with_capacity(items.len());
    for (count, &item) in items.iter().enumerate() {
        check_interrupt(cx, count)?;
        let name = cx.symbols.generate("t");
        names.push(make_identifier(cx.heap, name, MarkId::NONE, span(item)));
    }
    Ok(cx.heap.list(&names))
}

/// Whether two identifiers are the same binder; nothing if one is no identifier.
pub fn bound_identifier_eq(a: Value, b: Value) -> Option<bool> {
    Some(identifier(a)? == identifier(b)?)
}

/// Whether two identifiers mean the same where the macro under way is used, or else in `fallback`.
pub fn free_identifier_eq(cx: &ExpandContext, a: Value, b: Value, fallback: &Env) -> Option<bool> {
    let env = cx.state.current_env.as_deref().unwrap_or(fallback);
    Some(cx.same_meaning(identifier(a)?, env, identifier(b)?, env))
}
