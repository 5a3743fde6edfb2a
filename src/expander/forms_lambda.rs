//! lambda* and define*: optional and keyword parameters with defaults.
//!
//! A parameter's default is expanded where the parameters before it are known:
//!
//! ```text
//! (lambda* (a #:optional (b (f a)) #:key (c 0)) body)
//! (lambda (a #!optional b . rest)
//!   (let ((b (if (eq? b #!default) (f a) b)))
//!     (let ((c (%keyword-argument rest #:c '(#:c)))) (let ((c (if (eq? c #!default) 0 c))) body)))
//! ```

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::list_items;
use super::core::{Clause, Lambda, NodeId};
use super::env::Env;
use super::expand::{Build, Expansion, Result, Task, malformed, parts, wrong};
use super::forms_core::{documentation, local};
use super::syntax::{expose, identifier, span};
use crate::symbol::Symbol;
use crate::value::Value;

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Required,
    Optional,
    Key,
}

impl Expansion {
    pub(super) fn lambda_star(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let shape = "(lambda* (PARAMETER ... #:optional (PARAMETER DEFAULT) ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, formals, body @ ..] = &items[..] else { return malformed(form, shape) };
        self.lambda_with_defaults(cx, form, *formals, body, env, name)
    }

    pub(super) fn lambda_with_defaults(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        formals: Value,
        body: &[Value],
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let place = span(form);
        let (documentation, body) = documentation(cx, body);
        let [optional, key, rest_word, allow] =
            ["optional", "key", "rest", "allow-other-keys"].map(|name| cx.symbols.intern(name));
        let mut section = Section::Required;
        let (mut required, mut with_default) = (Vec::new(), Vec::new());
        let mut rest_name = None;
        let mut any_key = false;
        let mut items = expose(formals);
        while let Some((first, next)) = items.as_pair() {
            items = expose(next);
            let word = expose(first);
            if word == Value::OPTIONAL || word.as_keyword() == Some(optional) {
                section = Section::Optional;
            } else if word == Value::KEY || word.as_keyword() == Some(key) {
                section = Section::Key;
            } else if word.as_keyword() == Some(allow) {
                any_key = true;
            } else if word == Value::REST || word.as_keyword() == Some(rest_word) {
                let Some((last, end)) = items.as_pair() else {
                    return wrong(formals, form, "a parameter should follow #:rest");
                };
                rest_name = Some(last);
                items = expose(end);
            } else if section == Section::Required {
                required.push(first);
            } else {
                match (identifier(first), list_items(first).as_deref()) {
                    (Some(_), _) => with_default.push((section, first, None)),
                    (None, Some(&[name, default])) => with_default.push((section, name, Some(default))),
                    (None, Some(&[name])) => with_default.push((section, name, None)),
                    _ => {
                        return wrong(
                            first,
                            form,
                            "a parameter is a NAME, or (NAME DEFAULT) after #:optional or #:key",
                        );
                    }
                }
            }
        }
        if identifier(items).is_some() && rest_name.is_none() {
            rest_name = Some(items);
        } else if !items.is_null() {
            return wrong(items, form, "a parameter is a name: (lambda* (PARAMETER ...) BODY ...)");
        }
        let mut frame = self.frame(env);
        let mut clause = Clause {
            required: self.bind_all(cx, &frame, &required, form)?,
            optional: Vec::new(),
            rest: None,
            body: NodeId(0),
        };
        let has_keys = with_default.iter().any(|(section, ..)| *section == Section::Key);
        let rest = (has_keys || rest_name.is_some()).then(|| self.temporary());
        clause.rest = rest;
        let keys: Vec<Value> = with_default
            .iter()
            .filter(|(section, ..)| *section == Section::Key)
            .filter_map(|(_, name, _)| identifier(*name).map(|(symbol, _)| Value::keyword(symbol)))
            .collect();
        // With a rest list, what is no known keyword argument belongs there.
        let keys = if any_key || rest_name.is_some() { Value::FALSE } else { cx.heap.list(&keys) };
        let (mut tasks, mut builds) = (Vec::new(), Vec::new());
        for (section, name, default) in with_default {
            let Some((symbol, mark)) = identifier(name) else {
                return wrong(name, form, "the name of a parameter should stand here");
            };
            let raw = self.variable(symbol);
            match (section, rest) {
                (Section::Key, Some(rest)) => {
                    tasks.extend([self.base(cx, "%keyword-argument", place)?, local(rest, place)]);
                    tasks.extend([Task::Constant(Value::keyword(symbol), place), Task::Constant(keys, place)]);
                    tasks.push(Task::Build(Build::Call(3), place));
                    builds.push(Task::Build(Build::Let([raw].into()), place));
                }
                _ => clause.optional.push(raw),
            }
            // (let ((name (if (eq? raw #!default) DEFAULT raw))) ...)
            tasks.extend([self.base(cx, "eq?", place)?, local(raw, place), Task::Constant(Value::DEFAULT, place)]);
            tasks.push(Task::Build(Build::Call(2), place));
            tasks.push(match default {
                Some(form) => Task::Expr { form, env: frame.clone(), name: Some(symbol) },
                None => Task::Constant(Value::FALSE, place),
            });
            tasks.extend([local(raw, place), Task::Build(Build::If, place)]);
            frame = self.frame(&frame);
            let variable = self.bind_local(&frame, symbol, mark);
            builds.push(Task::Build(Build::Let([variable].into()), place));
        }
        if let (Some(name), Some(rest)) = (rest_name, rest) {
            tasks.push(local(rest, place));
            frame = self.frame(&frame);
            let variable = self.bind_all(cx, &frame, &[name], form)?;
            builds.push(Task::Build(Build::Let(variable.into()), place));
        }
        tasks.push(self.body(body, &frame, form, None)?);
        tasks.extend(builds.into_iter().rev());
        let lambda = Lambda { name, documentation, clauses: vec![clause] };
        tasks.push(Task::Build(Build::Lambda(Box::new(lambda)), place));
        self.then(tasks);
        Ok(())
    }
}
