//! lambda*, define* and case-lambda*: optional and keyword parameters with defaults.
//!
//! A parameter's default is expanded where the parameters before it are known:
//!
//! ```text
//! (lambda* (a #:optional (b (f a))) body)
//! (lambda (a #!optional b) (let ((b (if (eq? b #!default) (f a) b))) body))
//!
//! (lambda* (a #:optional (b (f a)) #:key (c 0)) body)
//! (lambda (a . rest)
//!   (let ((b (%optional-argument rest)))
//!     (let ((b (if (eq? b #!default) (f a) b)))
//!       (let ((rest (%after-optional rest)))
//!         (let ((c (%keyword-argument rest #:c '(#:c)))) (let ((c (if (eq? c #!default) 0 c))) body))))))
//!
//! (case-lambda* ((a #:key b) x) ((a . c) y))
//! (%case-lambda* '((1 1) (1 #f)) (lambda* (a #:key b) x) (lambda (a . c) y))
//! ```
//!
//! A keyword ends the optional arguments where there are keyword parameters, so these take all after the required ones apart.

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::list_items;
use super::core::{Clause, Lambda, NodeId, VarId};
use super::env::Env;
use super::expand::{Build, Expansion, LambdaParts, Result, Task, malformed, parts, wrong};
use super::forms_core::{documentation, local};
use super::syntax::{expose, identifier, span};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;
use crate::value::code::Face;

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Required,
    Optional,
    Key,
}

/// The parameters as written: names, each perhaps with its default; keyword parameters with their keyword.
#[derive(Default)]
struct StarFormals {
    required: Vec<Value>,
    optional: Vec<(Value, Option<Value>)>,
    keys: Vec<(Value, Option<Value>, Symbol)>,
    rest: Option<Value>,
    has_keys: bool,
    allow_other_keys: bool,
}

fn parse_star_formals(cx: &mut ExpandContext, form: Value, formals: Value) -> Result<StarFormals> {
    let [optional, key, rest, allow] =
        ["optional", "key", "rest", "allow-other-keys"].map(|name| cx.symbols.intern(name));
    let mut out = StarFormals::default();
    let mut section = Section::Required;
    let mut items = expose(formals);
    while let Some((first, next)) = items.as_pair() {
        items = expose(next);
        let word = expose(first);
        if word == Value::OPTIONAL || word.as_keyword() == Some(optional) {
            section = Section::Optional;
        } else if word == Value::KEY || word.as_keyword() == Some(key) {
            (section, out.has_keys) = (Section::Key, true);
        } else if word.as_keyword() == Some(allow) {
            out.allow_other_keys = true;
        } else if word == Value::REST || word.as_keyword() == Some(rest) {
            let Some((last, end)) = items.as_pair() else {
                return wrong(formals, form, "a parameter should follow #:rest");
            };
            out.rest = Some(last);
            items = expose(end);
        } else if section == Section::Required {
            out.required.push(first);
        } else {
            let shape = "a parameter is a NAME, or (NAME DEFAULT) after #:optional or #:key";
            let (name, default, keyword) = match (identifier(first), list_items(first).as_deref()) {
                (Some(_), _) => (first, None, None),
                (None, Some(&[name])) => (name, None, None),
                (None, Some(&[name, default])) => (name, Some(default), None),
                (None, Some(&[name, default, keyword])) if section == Section::Key => {
                    (name, Some(default), expose(keyword).as_keyword())
                }
                _ => return wrong(first, form, shape),
            };
            let Some((symbol, _)) = identifier(name) else {
                return wrong(name, form, "the name of a parameter should stand here");
            };
            if section == Section::Key {
                out.keys.push((name, default, keyword.unwrap_or(symbol)));
            } else {
                out.optional.push((name, default));
            }
        }
    }
    if identifier(items).is_some() && out.rest.is_none() {
        out.rest = Some(items);
    } else if !items.is_null() {
        return wrong(items, form, "a parameter is a name: (lambda* (PARAMETER ...) BODY ...)");
    }
    Ok(out)
}

/// The parameters as they were written, without defaults.
fn face(cx: &ExpandContext, formals: &StarFormals) -> Face {
    let name = |name: Value| identifier(name).map_or("_", |(symbol, _)| cx.symbols.name(symbol)).to_string();
    let section = |word: &str, names: Vec<String>| match names.is_empty() {
        true => None,
        false => Some(format!("{word}{}", names.join(" "))),
    };
    let sections = [
        section("", formals.required.iter().map(|&v| name(v)).collect()),
        section("#:optional ", formals.optional.iter().map(|&(v, _)| name(v)).collect()),
        section("#:key ", formals.keys.iter().map(|&(v, ..)| name(v)).collect()),
        formals.allow_other_keys.then(|| "#:allow-other-keys".to_string()),
        formals.rest.map(|v| format!(". {}", name(v))),
    ];
    let text = sections.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Face {
        required: formals.required.len() as u16,
        optional: formals.optional.len() as u16,
        rest: formals.rest.is_some(),
        text: format!("({text})").into(),
    }
}

/// A procedure under construction: tasks that leave values, and what binds them, the outermost first.
struct Wrapping {
    frame: Rc<Env>,
    tasks: Vec<Task>,
    builds: Vec<Task>,
    place: Span,
}

impl Wrapping {
    /// The value that the tasks so far have left gets this variable.
    fn bind(&mut self, variable: VarId) {
        self.builds.push(Task::Build(Build::Let([variable].into()), self.place));
    }
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

    pub(super) fn case_lambda_star(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let shape = "(case-lambda* ((PARAMETER ...) BODY ...) ...)";
        let mut items = parts(form, shape)?;
        if items.len() > 2 && expose(items[1]).is_string() {
            items.remove(1);
        }
        let place = span(form);
        let mut limits = Vec::new();
        let mut tasks = vec![self.base(cx, "%case-lambda*", place)?];
        let mut procedures = Vec::new();
        for &clause in &items[1..] {
            let parts = list_items(clause).unwrap_or_default();
            let [formals, body @ ..] = &parts[..] else { return malformed(form, shape) };
            let parsed = parse_star_formals(cx, clause, *formals)?;
            let least = parsed.required.len();
            let most = match parsed.rest {
                Some(_) => Value::FALSE,
                None => Value::fixnum((least + parsed.optional.len()) as i64),
            };
            limits.push(cx.heap.list(&[Value::fixnum(least as i64), most, Value::bool(parsed.has_keys)]));
            let (formals, body, env) = (*formals, body.to_vec(), env.clone());
            let parts = LambdaParts { form: clause, formals, body, env, name, star: true };
            procedures.push(Task::Lambda(Box::new(parts)));
        }
        tasks.push(Task::Constant(cx.heap.list(&limits), place));
        tasks.extend(procedures);
        tasks.push(Task::Build(Build::Call(limits.len() + 1), place));
        self.then(tasks);
        Ok(())
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
        let formals = parse_star_formals(cx, form, formals)?;
        let frame = self.frame(env);
        let face = face(cx, &formals);
        let required = self.bind_all(cx, &frame, &formals.required, form)?;
        let mut out = Wrapping { frame, tasks: Vec::new(), builds: Vec::new(), place };
        let mut clause = Clause { required, optional: Vec::new(), rest: None, body: NodeId(0) };
        let mut rest = (formals.has_keys || formals.rest.is_some()).then(|| self.temporary());
        clause.rest = rest;
        for &(name, default) in &formals.optional {
            let raw = self.raw(name);
            match rest.filter(|_| formals.has_keys) {
                None => clause.optional.push(raw),
                Some(list) => {
                    let next = self.temporary();
                    for (procedure, variable) in [("%optional-argument", raw), ("%after-optional", next)] {
                        out.tasks.extend([self.base(cx, procedure, place)?, local(list, place)]);
                        out.tasks.push(Task::Build(Build::Call(1), place));
                        out.bind(variable);
                    }
                    rest = Some(next);
                }
            }
            self.default(cx, &mut out, raw, name, default)?;
        }
        if let (Some(name), Some(rest)) = (formals.rest, rest) {
            out.tasks.push(local(rest, place));
            out.frame = self.frame(&out.frame);
            let variable = self.bind_all(cx, &out.frame, &[name], form)?;
            out.builds.push(Task::Build(Build::Let(variable.into()), place));
        }
        if let Some(rest) = rest.filter(|_| formals.has_keys) {
            let keywords: Vec<Value> = formals.keys.iter().map(|&(_, _, keyword)| Value::keyword(keyword)).collect();
            // What the keywords must be is checked before any default is evaluated.
            let flag = |flag: bool| Task::Constant(Value::bool(flag), place);
            out.tasks.extend([self.base(cx, "%check-keywords", place)?, local(rest, place)]);
            out.tasks.push(Task::Constant(cx.heap.list(&keywords), place));
            out.tasks.extend([flag(formals.allow_other_keys), flag(formals.rest.is_some())]);
            out.tasks.push(Task::Constant(name.map_or(Value::FALSE, Value::symbol), place));
            out.tasks.push(Task::Build(Build::Call(5), place));
            out.bind(self.temporary());
            for &(name, default, keyword) in &formals.keys {
                let raw = self.raw(name);
                out.tasks.extend([self.base(cx, "%keyword-argument", place)?, local(rest, place)]);
                out.tasks.push(Task::Constant(Value::keyword(keyword), place));
                out.tasks.push(Task::Build(Build::Call(2), place));
                out.bind(raw);
                self.default(cx, &mut out, raw, name, default)?;
            }
        }
        let Wrapping { frame, mut tasks, builds, .. } = out;
        tasks.push(self.body(body, &frame, form, None)?);
        tasks.extend(builds.into_iter().rev());
        let lambda = Lambda { name, documentation, face: Some(face), clauses: vec![clause] };
        tasks.push(Task::Build(Build::Lambda(Box::new(lambda)), place));
        self.then(tasks);
        Ok(())
    }

    /// The variable for what is given for a parameter.
    fn raw(&mut self, name: Value) -> VarId {
        match identifier(name) {
            Some((symbol, _)) => self.variable(symbol),
            None => self.temporary(),
        }
    }

    /// Binds a parameter to `raw`, or to its default if that stands for a missing argument:
    /// `(let ((name (if (eq? raw #!default) DEFAULT raw))) ...)`
    fn default(
        &mut self,
        cx: &mut ExpandContext,
        out: &mut Wrapping,
        raw: VarId,
        name: Value,
        default: Option<Value>,
    ) -> Result<()> {
        let place = out.place;
        let Some((symbol, mark)) = identifier(name) else { return wrong(name, name, "this should be a name") };
        out.tasks.extend([self.base(cx, "eq?", place)?, local(raw, place)]);
        out.tasks.extend([Task::Constant(Value::DEFAULT, place), Task::Build(Build::Call(2), place)]);
        out.tasks.push(match default {
            Some(form) => Task::Expr { form, env: out.frame.clone(), name: Some(symbol) },
            None => Task::Constant(Value::FALSE, place),
        });
        out.tasks.extend([local(raw, place), Task::Build(Build::If, place)]);
        out.frame = self.frame(&out.frame);
        let variable = self.bind_local(&out.frame, symbol, mark);
        out.bind(variable);
        Ok(())
    }
}
