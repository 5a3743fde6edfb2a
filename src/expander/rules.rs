//! `syntax-rules`: a spec is compiled once, and a use is matched against its clauses in order.

use std::rc::Rc;

use super::context::ExpandContext;
use super::env::Env;
use super::syntax::SyntaxError;
use crate::value::Value;

pub struct Rules {}

/// Compiles `(syntax-rules (literal ...) (pattern template) ...)`, with or without an ellipsis of its own before the literals.
pub fn compile_rules(cx: &mut ExpandContext, spec: Value, env: &Rc<Env>) -> Result<Rules, SyntaxError> {
    let _ = (cx, env);
    Err(SyntaxError::new("to come", spec))
}

/// What a use of a macro stands for: the template of the first clause whose pattern matches, filled in.
pub fn apply_rules(
    cx: &mut ExpandContext,
    rules: &Rules,
    form: Value,
    use_env: &Rc<Env>,
    def_env: &Rc<Env>,
) -> Result<Value, SyntaxError> {
    let _ = (cx, rules, use_env, def_env);
    Err(SyntaxError::new("to come", form))
}
