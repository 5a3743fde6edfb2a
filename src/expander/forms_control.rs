//! The forms that stand on procedures of the core library: delay, parameterize, guard, assert, records and the like.
//!
//! Some are written as syntax in the core library's own names, and expanded on; `core_identifier` makes names that mean what
//! they mean there, whatever the program has bound.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::context::ExpandContext;
use super::convert::{list_items, syntax_to_datum};
use super::env::{CoreForm, Env, MarkId};
use super::expand::{Build, Expansion, Result, Task, malformed, parts, wrong};
use super::forms_cond::Choice;
use super::forms_let::lambda;
use super::syntax::{SyntaxError, expose, identifier, make_identifier, span, wrap};
use crate::source::Span;
use crate::value::Value;

/// Writes forms of the core library's names that stand at one place in the source.
pub(super) struct Writer {
    place: Span,
}

impl Writer {
    pub fn id(&self, expansion: &Expansion, cx: &mut ExpandContext, name: &str) -> Value {
        expansion.core_identifier(cx, name, self.place)
    }

    /// `(name item ...)`
    pub fn call(&self, expansion: &Expansion, cx: &mut ExpandContext, name: &str, items: &[Value]) -> Value {
        let word = self.id(expansion, cx, name);
        wrap(cx.heap, cx.heap.cons(word, cx.heap.list(items)), self.place)
    }

    /// `(lambda formals body ...)`
    pub fn lambda(&self, expansion: &Expansion, cx: &mut ExpandContext, formals: &[Value], body: &[Value]) -> Value {
        let mut items = vec![cx.heap.list(formals)];
        items.extend(body);
        self.call(expansion, cx, "lambda", &items)
    }
}

impl Expansion {
    /// `(delay e)` is `(%make-promise #f (lambda () (receive values e (%promise-of values))))`; delay-force's thunk returns a
    /// promise itself.
    pub(super) fn delay(&mut self, cx: &mut ExpandContext, form: Value, core: CoreForm, env: &Rc<Env>) -> Result<()> {
        let shape = format!("({} EXPRESSION)", core.name());
        let items = parts(form, &shape)?;
        let [_, expression] = items[..] else { return malformed(form, &shape) };
        let place = span(form);
        let mut made = expression;
        if core == CoreForm::Delay {
            let w = Writer { place };
            let values = w.id(self, cx, "values");
            let promise = w.call(self, cx, "%promise-of", &[values]);
            made = w.call(self, cx, "receive", &[values, expression, promise]);
        }
        let make = self.base(cx, "%make-promise", place)?;
        let made = Task::Expr { form: made, env: env.clone(), name: None };
        let thunk = lambda(None, Vec::new(), form);
        self.then([make, Task::Constant(Value::FALSE, place), made, thunk, Task::Build(Build::Call(2), place)]);
        Ok(())
    }

    /// `(%parameterize (list (cons p v) ...) (lambda () body ...))`
    pub(super) fn parameterize(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(parameterize ((PARAMETER VALUE) ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, list, body @ ..] = &items[..] else { return malformed(form, shape) };
        let Some(list) = list_items(*list) else { return malformed(form, shape) };
        if list.is_empty() {
            return self.let_body(cx, form, &[], &[], body, env, None);
        }
        let place = span(form);
        let mut tasks = vec![self.base(cx, "%parameterize", place)?, self.base(cx, "list", place)?];
        let count = list.len();
        for item in list {
            let Some(&[parameter, value]) = list_items(item).as_deref() else {
                return wrong(item, form, "a binding should look like (PARAMETER VALUE)");
            };
            tasks.push(self.base(cx, "cons", place)?);
            tasks.extend([parameter, value].map(|form| Task::Expr { form, env: env.clone(), name: None }));
            tasks.push(Task::Build(Build::Call(2), place));
        }
        tasks.push(Task::Build(Build::Call(count), place));
        tasks.push(self.body(body, env, form, None)?);
        tasks.extend([lambda(None, Vec::new(), form), Task::Build(Build::Call(2), place)]);
        self.then(tasks);
        Ok(())
    }

    /// `(%guard (lambda () body ...) (lambda (variable) (cond (test (lambda () expression ...)) ... (else #f))))`,
    /// and `%guard-always` if there is an else.
    pub(super) fn guard(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(guard (VARIABLE (TEST EXPRESSION ...) ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, spec, body @ ..] = &items[..] else { return malformed(form, shape) };
        let Some(spec) = list_items(*spec) else { return malformed(form, shape) };
        let [variable, clauses @ ..] = &spec[..] else { return malformed(form, shape) };
        if identifier(*variable).is_none() {
            return wrong(*variable, form, "the name of a variable for the condition should stand here");
        }
        let place = span(form);
        let frame = self.frame(env);
        let procedure = if self.always_holds(cx, clauses, &frame)? { "%guard-always" } else { "%guard" };
        let mut tasks = vec![self.base(cx, procedure, place)?];
        tasks.push(self.body(body, env, form, None)?);
        tasks.push(lambda(None, Vec::new(), form));
        let required = self.bind_all(cx, &frame, &[*variable], form)?;
        // The clauses' tasks are pushed by `cond_clauses` itself, so what follows them is pushed first.
        self.then([lambda(None, required, form), Task::Build(Build::Call(2), place)]);
        self.cond_clauses(cx, form, clauses, &frame, Choice::Thunk)?;
        self.then(tasks);
        Ok(())
    }

    /// Whether one of the clauses is certain to be chosen, as far as one look at the last one tells.
    fn always_holds(&mut self, cx: &mut ExpandContext, clauses: &[Value], env: &Rc<Env>) -> Result<bool> {
        match clauses.last().and_then(|clause| list_items(*clause)).as_deref() {
            Some([test, first, ..]) => Ok(self.is_core(cx, *test, env, CoreForm::Else)?
                || expose(*test) == Value::TRUE && !self.is_core(cx, *first, env, CoreForm::Arrow)?),
            _ => Ok(false),
        }
    }

    /// `(while test body ...)`: `(%while (lambda () test) (lambda (break continue) body ...))`, where the words break and continue
    /// are the user's.
    pub(super) fn while_form(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let items = parts(form, "(while TEST BODY ...)")?;
        let [word, test, body @ ..] = &items[..] else { return malformed(form, "(while TEST BODY ...)") };
        let place = span(form);
        let mark = identifier(*word).map_or(MarkId::NONE, |(_, mark)| mark);
        let names = ["break", "continue"].map(|name| {
            let symbol = cx.symbols.intern(name);
            make_identifier(cx.heap, symbol, mark, place)
        });
        let lambda = self.core_identifier(cx, "lambda", place);
        let thunk = cx.heap.list(&[lambda, Value::NIL, *test]);
        let nothing = self.core_identifier(cx, "if", place);
        let nothing = cx.heap.list(&[nothing, Value::FALSE, Value::FALSE]);
        let body = cx.heap.list(&[body, &[nothing]].concat());
        let body = cx.heap.cons(lambda, cx.heap.cons(cx.heap.list(&names), body));
        let [thunk, body] = [thunk, body].map(|form| wrap(cx.heap, form, place));
        let expr = |form| Task::Expr { form, env: env.clone(), name: None };
        let tasks = [self.base(cx, "%while", place)?, expr(thunk), expr(body), Task::Build(Build::Call(2), place)];
        self.then(tasks);
        Ok(())
    }

    /// `(if expression #t (%assertion-failed 'expression))`
    pub(super) fn assert(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let items = parts(form, "(assert EXPRESSION)")?;
        let [_, expression, ..] = items[..] else { return malformed(form, "(assert EXPRESSION)") };
        let place = span(form);
        let datum = syntax_to_datum(cx.heap, expression);
        let tasks = [
            Task::Expr { form: expression, env: env.clone(), name: None },
            Task::Constant(Value::TRUE, place),
            self.base(cx, "%assertion-failed", place)?,
            Task::Constant(datum, place),
            Task::Build(Build::Call(1), place),
            Task::Build(Build::If, place),
        ];
        self.then(tasks);
        Ok(())
    }

    /// Swaps values in and out around the body:
    /// `(let ((t v) ...) (let ((swap (lambda () (let ((s x)) (set! x t) (set! t s)) ...))) (dynamic-wind swap body swap)))`
    pub(super) fn fluid_let(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(fluid-let ((VARIABLE VALUE) ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, list, body @ ..] = &items[..] else { return malformed(form, shape) };
        let Some(list) = list_items(*list) else { return malformed(form, shape) };
        let w = Writer { place: span(form) };
        let (mut bindings, mut swaps) = (Vec::new(), Vec::new());
        let saved = w.id(self, cx, "saved");
        for (index, item) in list.into_iter().enumerate() {
            let Some(&[variable, value]) = list_items(item).as_deref() else {
                return wrong(item, form, "a binding should look like (VARIABLE VALUE)");
            };
            let other = w.id(self, cx, &format!("value{index}"));
            bindings.push(cx.heap.list(&[other, value]));
            let set = w.call(self, cx, "set!", &[variable, other]);
            let back = w.call(self, cx, "set!", &[other, saved]);
            let init = cx.heap.list(&[cx.heap.list(&[saved, variable])]);
            swaps.push(w.call(self, cx, "let", &[init, set, back]));
        }
        swaps.push(Value::FALSE);
        let swap = w.id(self, cx, "swap");
        let procedure = w.lambda(self, cx, &[], &swaps);
        let thunk = w.lambda(self, cx, &[], body);
        let wind = w.call(self, cx, "dynamic-wind", &[swap, thunk, swap]);
        let init = cx.heap.list(&[cx.heap.list(&[swap, procedure])]);
        let inner = w.call(self, cx, "let", &[init, wind]);
        let bindings = cx.heap.list(&bindings);
        let expansion = w.call(self, cx, "let", &[bindings, inner]);
        self.tasks.push(Task::Expr { form: expansion, env: env.clone(), name: None });
        Ok(())
    }

    // ---- records -------------------------------------------------------------------------------------------------

    /// The definitions that a define-record-type form stands for.
    pub(super) fn record_definitions(&mut self, cx: &mut ExpandContext, form: Value) -> Result<Vec<Value>> {
        let shape = "(define-record-type NAME (CONSTRUCTOR FIELD ...) PREDICATE (FIELD ACCESSOR MODIFIER) ...)";
        let items = parts(form, shape)?;
        let [_, name, constructor, predicate, specs @ ..] = &items[..] else { return malformed(form, shape) };
        let w = Writer { place: span(form) };
        // The type's name alone, or in a list with what other implementations want to know; and the standard library says
        // so of which records no two are to be equal.
        let (type_name, apart) = match list_items(*name) {
            Some(items) if !items.is_empty() => (
                items[0],
                items[1..]
                    .iter()
                    .any(|word| identifier(*word).is_some_and(|(symbol, _)| cx.symbols.name(symbol) == "%keep-apart!")),
            ),
            _ => (*name, false),
        };
        if identifier(type_name).is_none() {
            return wrong(type_name, form, "the name of the record type should stand here");
        }
        let mut fields: Vec<(Value, Vec<Value>)> = Vec::new();
        let mut keys = FxHashSet::default();
        for &spec in specs {
            let (field, procedures) = match (identifier(spec), list_items(spec)) {
                (Some(_), _) => (spec, Vec::new()),
                (None, Some(items)) if (1..=3).contains(&items.len()) => (items[0], items[1..].to_vec()),
                _ => {
                    return wrong(spec, form, "a field should look like (FIELD ACCESSOR) or (FIELD ACCESSOR MODIFIER)");
                }
            };
            let Some(key) = identifier(field) else {
                return wrong(field, form, "the name of a field should stand here");
            };
            if !keys.insert(key) {
                let message = format!("two fields have the name {}", cx.symbols.name(key.0));
                return wrong(field, form, message);
            }
            fields.push((field, procedures));
        }
        let mut definitions = Vec::new();
        let mut define = |expansion: &Expansion, cx: &mut ExpandContext, name: Value, value: Value| {
            definitions.push(w.call(expansion, cx, "define", &[name, value]));
        };
        let names: Vec<Value> = fields.iter().map(|(field, _)| syntax_to_datum(cx.heap, *field)).collect();
        let names = cx.heap.vector(&names);
        let quoted_name = w.call(self, cx, "quote", &[type_name]);
        let quoted_fields = w.call(self, cx, "quote", &[names]);
        let mut rtd = w.call(self, cx, "%make-record-type", &[quoted_name, quoted_fields]);
        if apart {
            rtd = w.call(self, cx, "%keep-apart!", &[rtd]);
        }
        // The procedures know the type by a name of its own: the other may be defined anew, or be a parameter's too.
        let own_name = make_identifier(cx.heap, cx.symbols.uninterned("record-type"), MarkId::NONE, w.place);
        define(self, cx, own_name, rtd);
        define(self, cx, type_name, own_name);
        let type_name = own_name;
        if let Some((maker, parameters)) = constructor_spec(form, *constructor, &fields)? {
            let given: FxHashMap<_, _> = parameters.iter().map(|&name| (identifier(name), name)).collect();
            let mut arguments = vec![type_name];
            // A field that the constructor does not mention starts as #f.
            let initial = |(field, _): &(Value, _)| given.get(&identifier(*field)).copied().unwrap_or(Value::FALSE);
            arguments.extend(fields.iter().map(initial));
            let record = w.call(self, cx, "%record", &arguments);
            let maker_procedure = w.lambda(self, cx, &parameters, &[record]);
            define(self, cx, maker, maker_procedure);
        }
        let record = w.id(self, cx, "record");
        let value = w.id(self, cx, "value");
        if expose(*predicate) != Value::FALSE && expose(*predicate) != Value::TRUE {
            if identifier(*predicate).is_none() {
                return wrong(*predicate, form, "the name of the predicate, or #f, should stand here");
            }
            let test = w.call(self, cx, "%record?", &[record, type_name]);
            let procedure = w.lambda(self, cx, &[record], &[test]);
            define(self, cx, *predicate, procedure);
        }
        for (index, (_, procedures)) in fields.iter().enumerate() {
            let index = Value::fixnum(index as i64);
            for (which, &name) in procedures.iter().enumerate() {
                if identifier(name).is_none() {
                    return wrong(name, form, "the name of an accessor or modifier should stand here");
                }
                let procedure = if which == 0 {
                    let access = w.call(self, cx, "%record-ref", &[record, type_name, index]);
                    w.lambda(self, cx, &[record], &[access])
                } else {
                    let change = w.call(self, cx, "%record-set!", &[record, type_name, index, value]);
                    w.lambda(self, cx, &[record, value], &[change])
                };
                define(self, cx, name, procedure);
            }
        }
        Ok(definitions)
    }
}

/// The constructor's name and parameters: `#f` for none, a name alone for all fields.
fn constructor_spec(
    form: Value,
    constructor: Value,
    fields: &[(Value, Vec<Value>)],
) -> Result<Option<(Value, Vec<Value>)>> {
    if expose(constructor) == Value::FALSE || expose(constructor) == Value::TRUE {
        return Ok(None);
    }
    let (maker, parameters) = match (identifier(constructor), list_items(constructor)) {
        (Some(_), _) => (constructor, fields.iter().map(|(field, _)| *field).collect()),
        (None, Some(items)) if !items.is_empty() => (items[0], items[1..].to_vec()),
        _ => return wrong(constructor, form, "the constructor should look like (CONSTRUCTOR FIELD ...)"),
    };
    if identifier(maker).is_none() {
        return wrong(maker, form, "the name of the constructor should stand here");
    }
    let known: FxHashSet<_> = fields.iter().filter_map(|(field, _)| identifier(*field)).collect();
    for &parameter in &parameters {
        if !identifier(parameter).is_some_and(|key| known.contains(&key)) {
            return Err(SyntaxError::new("the constructor sets a field that the record type does not have", parameter)
                .or_at(span(form)));
        }
    }
    Ok(Some((maker, parameters)))
}
