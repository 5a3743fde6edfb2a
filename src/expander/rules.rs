//! `syntax-rules`: a spec is compiled once, and a use is matched against its clauses in order.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::context::{ExpandContext, Kept};
use super::env::{Env, Key, Use};
use super::pattern::{Ellipsis, Matcher, Pattern, PatternCompiler};
use super::syntax::{SyntaxError, expose, identifier, list_items, pair, span, span_within, symbol};
use super::template::{Shape, Template, TemplateCompiler, instantiate};
use crate::value::Value;

pub struct Rules {
    clauses: Vec<Clause>,
    /// The data in patterns and templates.
    constants: Kept,
}

struct Clause {
    /// For what follows the macro's name in a use.
    pattern: Pattern,
    variables: usize,
    template: Template,
}

/// More marks than this in one expansion mean that it does not end.
const MOST_MARKS: usize = 20_000_000;

/// Compiles `(syntax-rules (literal ...) (pattern template) ...)`, with or without an ellipsis of its own before the literals.
pub fn compile_rules(cx: &mut ExpandContext, spec: Value, env: &Rc<Env>) -> Result<Rules, SyntaxError> {
    let place = span(spec);
    let malformed = |message: &str, form: Value| SyntaxError::new(message, form).or_at(place);
    let items = list_items(spec).ok_or_else(|| malformed("syntax-rules should be a proper list", spec))?;
    let mut rest = items.get(1..).unwrap_or(&[]);
    let mut ellipsis = Ellipsis::Usual;
    if let Some((symbol, mark)) = rest.first().and_then(|&first| identifier(first)) {
        ellipsis = Ellipsis::Named(symbol, mark);
        rest = &rest[1..];
    }
    let Some((&literals, mut clauses)) = rest.split_first() else {
        return Err(malformed("syntax-rules needs a list of literals", spec));
    };
    if let Some((&text, rest)) = clauses.split_first()
        && expose(text).is_string()
    {
        // Guile lets a doc string stand here.
        clauses = rest;
    }
    let literals = literal_keys(literals, "the literals of syntax-rules").map_err(|error| error.or_at(place))?;
    if literals.0.iter().any(|&literal| ellipsis.is(cx, env, literal)) {
        ellipsis = Ellipsis::None;
    }
    let mut constants = Vec::new();
    let mut compiled = Vec::with_capacity(clauses.len());
    for &clause in clauses {
        let Some([pattern, template]) = list_items(clause).and_then(|parts| <[Value; 2]>::try_from(parts).ok()) else {
            return Err(malformed("a clause of syntax-rules should be (pattern template)", clause));
        };
        let Some((_, arguments)) = pair(pattern).filter(|&(name, _)| identifier(name).is_some()) else {
            return Err(malformed(
                "a pattern of syntax-rules should be a list that begins with the macro's name",
                pattern,
            )
            .or_at(span(clause)));
        };
        let at = |error: SyntaxError| error.or_at(span(clause));
        let mut patterns = PatternCompiler { cx, env, ellipsis, literals: &literals.1, constants: &mut constants };
        let (pattern, vars) = patterns.compile(arguments).map_err(at)?;
        let slots: FxHashMap<Key, (u32, u32)> =
            vars.iter().enumerate().map(|(slot, var)| ((var.symbol, var.mark), (slot as u32, var.depth))).collect();
        let lookup = &mut |key: Key| slots.get(&key).copied();
        let template = TemplateCompiler::compile(cx, env, ellipsis, &mut constants, lookup, template).map_err(at)?;
        compiled.push(Clause { pattern, variables: vars.len(), template });
    }
    Ok(Rules { clauses: compiled, constants: cx.state.roots.keep(constants) })
}

/// The identifiers in a list of literals, as they are and by symbol and mark.
pub(super) fn literal_keys(list: Value, what: &str) -> Result<(Vec<Value>, Vec<Key>), SyntaxError> {
    let items =
        list_items(list).ok_or_else(|| SyntaxError::new(format!("{what} should be a list of identifiers"), list))?;
    let keys = items.iter().map(|&item| {
        identifier(item)
            .ok_or_else(|| SyntaxError::new(format!("{what} should all be identifiers"), item).or_at(span(list)))
    });
    let keys = keys.collect::<Result<Vec<Key>, SyntaxError>>()?;
    Ok((items, keys))
}

/// What a use of a macro stands for: the template of the first clause whose pattern matches, filled in.
pub fn apply_rules(
    cx: &mut ExpandContext,
    rules: &Rules,
    form: Value,
    use_env: &Rc<Env>,
    def_env: &Rc<Env>,
) -> Result<Value, SyntaxError> {
    let place = span_within(form);
    if let Some((_, arguments)) = pair(form) {
        for clause in &rules.clauses {
            let matcher = Matcher { cx, constants: &rules.constants, def_env, use_env };
            if let Some(values) = matcher.matches(&clause.pattern, arguments, clause.variables) {
                if cx.state.marks.len() > MOST_MARKS {
                    return Err(SyntaxError::new("the expansion of this macro does not seem to end", form).or_at(place));
                }
                let stamp = cx.state.marks.new_stamp();
                return instantiate(
                    cx,
                    &clause.template,
                    &rules.constants,
                    &values,
                    Some(Use { stamp, env: def_env, home: def_env }),
                    Shape::Placed,
                )
                .map_err(|error| error.or_at(place));
            }
        }
    }
    let head = pair(form).map_or(form, |(name, _)| name);
    let name = symbol(expose(head)).map_or("this macro", |name| cx.symbols.name(name));
    Err(SyntaxError::new(format!("no clause of {name} matches this use"), form).or_at(place))
}
