//! What helps against mistakes that the system had no part in: arguments that do not fit, names that nobody has imported.

use crate::expander::env::{Binding, Scopes};
use crate::expander::library::USER;
use crate::expander::shared::Meaning;
use crate::expander::stdlib;
use crate::reader::{Class, tokens};
use crate::symbol::Symbol;
use crate::trace::table::{MISTAKES, entry};
use crate::value::heap::cell;
use crate::value::{Kind, Value, condition};
use crate::vm::builtin::{Parameter, Row, Sort};
use crate::vm::cx::Cx;

/// The line that helps, if there is one.
pub fn fix(cx: &Cx, object: Value) -> Option<String> {
    if !object.is_kind(Kind::Condition) {
        return None;
    }
    let key = cx.symbols.name(object.field(condition::KEY).as_symbol()?);
    let text = cx.heap.str(object.field(condition::TEXT))?;
    match key {
        "unbound-variable" => {
            let name = object.field(condition::IRRITANTS).as_pair()?.0.as_symbol()?;
            missing_import(cx.symbols.name(name))
        }
        "wrong-number-of-args" => {
            let procedure = object.field(condition::IRRITANTS).as_pair()?.0;
            let name = text.split(": takes ").next()?;
            // A procedure without a name is seen in the excerpt.
            let named = !name.contains(' ');
            named.then(|| Some(format!("it is called as {}", usage(name, &parameters(cx, procedure)?))))?
        }
        "wrong-type-arg" => wrong_type(cx, object, text),
        "out-of-range" => entry(MISTAKES, &subject(text)?).map(str::to_string),
        _ => None,
    }
}

fn wrong_type(cx: &Cx, object: Value, text: &str) -> Option<String> {
    let got = object.field(condition::DATA).as_pair()?.0;
    if text.starts_with("only a procedure can be called") {
        return Some(
            "a parenthesis more than needed calls what is in it; data are written '(1 2) or (list 1 2)".into(),
        );
    }
    if text.contains("should be an open port") {
        return Some("it has been closed before: use it as long as it is open (port-closed? tells)".into());
    }
    // 'AF_INET is a symbol, AF_INET a number.
    if let Some(symbol) = got.as_symbol()
        && is_number(cx, symbol)
    {
        return Some(format!("leave out the quote: {} is a variable, and its value a number", cx.symbols.name(symbol)));
    }
    entry(MISTAKES, &subject(text)?).map(str::to_string)
}

/// Whether a name is bound to an integer, as the constants of the system are.
fn is_number(cx: &Cx, name: Symbol) -> bool {
    match cx.expander.modules.lookup(USER, name) {
        Some(Binding::Variable(variable)) => cell::value(variable).as_fixnum().is_some(),
        Some(Binding::Lazy(index)) => matches!(cx.expander.modules.builtin(index), Some(Meaning::Number(_))),
        _ => false,
    }
}

/// `send:message` of "send: argument 2 (message) should be ...".
fn subject(text: &str) -> Option<String> {
    let (who, rest) = text.split_once(": argument ")?;
    let (_, rest) = rest.split_once('(')?;
    Some(format!("{who}:{}", rest.split_once(')')?.0))
}

/// The libraries to import for a name, said so.
fn missing_import(name: &str) -> Option<String> {
    let mut found: Vec<String> = stdlib::names()
        .filter(|library| {
            stdlib::find(library).is_some_and(|file| file.text().contains(name) && exports(file.text(), name))
        })
        .map(|library| {
            let name = library.replace('/', " ");
            format!("({})", name.strip_prefix("srfi srfi-").map_or(name.clone(), |number| format!("srfi {number}")))
        })
        .collect();
    // What is said of a few helps; a long list does not.
    found.truncate(3);
    let (first, others) = found.split_first()?;
    let also = if others.is_empty() { String::new() } else { format!("; {} too has it", others.join(" or ")) };
    Some(format!("import it first: (import {first}){also}"))
}

/// Whether a library's source names this among its exports.
fn exports(text: &str, name: &str) -> bool {
    let (mut depth, mut since) = (0usize, None);
    let mut last = "";
    for (class, range) in tokens(text) {
        let word = &text[range];
        match class {
            Class::Space | Class::Comment => continue,
            Class::Open => {
                depth += 1;
                if matches!(last, "#:export" | "#:replace" | "#:re-export") {
                    since = since.or(Some(depth));
                }
            }
            Class::Close => {
                depth = depth.saturating_sub(1);
                since = since.filter(|opened| depth >= *opened);
            }
            Class::Symbol if last == "(" && word == "export" => since = since.or(Some(depth)),
            Class::Symbol if since.is_some() && word == name => return true,
            // The body of a module begins: what it exports stands before.
            Class::Symbol if last == "(" && since.is_none() && matches!(word, "define" | "define*") => return false,
            _ => {}
        }
        last = word;
    }
    false
}

// ---- signatures ------------------------------------------------------------------------------------------------------

/// The row that a builtin stands in.
pub fn row_of(cx: &Cx, value: Value) -> Option<&'static Row> {
    let index = value.is_kind(Kind::Builtin).then(|| value.field(0).as_fixnum()).flatten()?;
    cx.builtins.get(index as usize).copied()
}

/// The parameters of a procedure as signatures show them: `sock`, `[flags]`, `more ...`.
pub fn parameters(cx: &Cx, procedure: Value) -> Option<Vec<String>> {
    row_of(cx, procedure).map(row_parameters).or_else(|| closure_parameters(cx, procedure))
}

pub fn row_parameters(row: &Row) -> Vec<String> {
    let show = |parameter: &Parameter| match parameter.sort {
        Sort::Required => parameter.name.to_string(),
        Sort::Optional => format!("[{}]", parameter.name),
        Sort::Rest => format!("{} ...", parameter.name),
    };
    row.parameters.iter().map(show).collect()
}

pub fn closure_parameters(cx: &Cx, value: Value) -> Option<Vec<String>> {
    let code = cx.heap.closure_code(value)?;
    let last = code.parameters.len().wrapping_sub(1);
    let show = |(index, symbol): (usize, &Symbol)| {
        let name = cx.symbols.name(*symbol);
        match index {
            _ if code.rest && index == last => format!("{name} ..."),
            _ if index >= code.required as usize => format!("[{name}]"),
            _ => name.to_string(),
        }
    };
    Some(code.parameters.iter().enumerate().map(show).collect())
}

/// `(accept sock [flags])`
pub fn usage(name: &str, parameters: &[String]) -> String {
    let mut text = format!("({name}");
    for parameter in parameters {
        text.push(' ');
        text.push_str(parameter);
    }
    text + ")"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_that_export_a_name_are_found() {
        let said = missing_import("put-message").expect("a library");
        assert!(said.starts_with("import it first: (import (fibers channels))"), "{said}");
        assert!(missing_import("hash-table-ref").expect("a library").contains("(srfi 69)"));
        assert_eq!(missing_import("no-such-name-anywhere"), None);
    }

    #[test]
    fn what_is_exported_stands_in_the_lists_of_exports() {
        assert!(exports("(define-library (a) (export b (rename c d)) (begin (define e 1)))", "d"));
        assert!(!exports("(define-library (a) (export b) (begin (define e 1)))", "e"));
        assert!(exports("(define-module (a) #:use-module (x) #:export (b c))\n(define (d) (c))", "c"));
        assert!(!exports("(define-module (a) #:export (b))\n(define (d) (c))", "d"));
    }

    #[test]
    fn mistakes_are_about_parameters_that_there_are() {
        let mut engine = crate::engine::Engine::unrestricted().expect("an engine");
        for heading in MISTAKES.lines().filter_map(|line| line.strip_prefix("= ")) {
            for (name, parameter) in heading.split_whitespace().map(|subject| subject.split_once(':').expect("both")) {
                let Ok(procedure) = engine.run_text("a name", name) else { panic!("{name} is bound") };
                let known = parameters(engine.cx(), procedure).unwrap_or_default();
                // What an address is made of is taken from the rest of the arguments.
                let of_address = matches!(parameter, "addr" | "family" | "port");
                let takes = known.iter().any(|known| known.trim_matches(['[', ']']) == parameter);
                assert!(takes || of_address, "{name} takes {parameter}: {known:?}");
            }
        }
    }

    #[test]
    fn arguments_are_named_by_procedure_and_parameter() {
        assert_eq!(subject("send: argument 2 (message) should be x, got y").as_deref(), Some("send:message"));
        assert_eq!(subject("sort: argument 2 should be x, got y"), None);
    }
}
