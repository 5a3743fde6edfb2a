//! The forms that choose: and, or, when, unless, cond, case.

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::{is_longer, list_items, syntax_to_datum};
use super::core::Node;
use super::env::{CoreForm, Env};
use super::expand::{Build, Expansion, LambdaParts, Result, Task, check_interrupt, malformed, parts, wrong};
use super::forms_core::local;
use super::forms_let::lambda;
use super::syntax::span;
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;

/// What clauses come to.
#[derive(Clone, Copy)]
pub(super) enum Choice {
    /// The value of the chosen clause's expressions, under this name.
    Value(Option<Symbol>),
    /// A procedure that gives it; #f if no test holds.
    Thunk,
}

/// What the data of all clauses of a case may come to.
const MOST_TASKS: usize = 1 << 19;

impl Expansion {
    pub(super) fn and(&mut self, form: Value, env: &Rc<Env>, name: Option<Symbol>) -> Result<()> {
        let items = parts(form, "(and EXPRESSION ...)")?;
        let place = span(form);
        let Some((&last, tests)) = items[1..].split_last() else {
            self.tasks.push(Task::Constant(Value::TRUE, place));
            return Ok(());
        };
        // Post-order: test, test, ..., last, #f, If, #f, If, ...
        let mut tasks: Vec<Task> =
            tests.iter().map(|&form| Task::Expr { form, env: env.clone(), name: None }).collect();
        tasks.push(Task::Expr { form: last, env: env.clone(), name });
        for _ in tests {
            tasks.push(Task::Constant(Value::FALSE, place));
            tasks.push(Task::Build(Build::If, place));
        }
        self.then(tasks);
        Ok(())
    }

    pub(super) fn or(&mut self, form: Value, env: &Rc<Env>, name: Option<Symbol>) -> Result<()> {
        let items = parts(form, "(or EXPRESSION ...)")?;
        let place = span(form);
        let Some((&last, tests)) = items[1..].split_last() else {
            self.tasks.push(Task::Constant(Value::FALSE, place));
            return Ok(());
        };
        let mut tasks = Vec::new();
        let mut builds = Vec::new();
        for &test in tests {
            tasks.push(Task::Expr { form: test, env: env.clone(), name: None });
            self.or_else(&mut tasks, &mut builds, place);
        }
        tasks.push(Task::Expr { form: last, env: env.clone(), name });
        tasks.extend(builds.into_iter().rev());
        self.then(tasks);
        Ok(())
    }

    /// Behind the task of a test: its value if that is true, else what the next tasks leave. The builds come, in reverse,
    /// when these are done.
    fn or_else(&mut self, tasks: &mut Vec<Task>, builds: &mut Vec<Task>, place: Span) {
        let temporary = self.temporary();
        tasks.extend([local(temporary, place), local(temporary, place)]);
        builds.push(Task::Build(Build::Let([temporary].into()), place));
        builds.push(Task::Build(Build::If, place));
    }

    pub(super) fn when(&mut self, form: Value, core: CoreForm, env: &Rc<Env>, name: Option<Symbol>) -> Result<()> {
        let shape = format!("({} TEST EXPRESSION ...)", core.name());
        let items = parts(form, &shape)?;
        let [_, test, body @ ..] = &items[..] else { return malformed(form, &shape) };
        let place = span(form);
        let nothing = Task::Constant(Value::UNSPECIFIED, place);
        self.tasks.push(Task::Build(Build::If, place));
        if core == CoreForm::When {
            self.tasks.push(nothing);
            self.sequence(body, env, place, name);
        } else {
            self.sequence(body, env, place, name);
            self.tasks.push(nothing);
        }
        self.tasks.push(Task::Expr { form: *test, env: env.clone(), name: None });
        Ok(())
    }

    pub(super) fn cond(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let shape = "(cond (TEST EXPRESSION ...) ... (else EXPRESSION ...))";
        let items = parts(form, shape)?;
        if items.len() == 1 {
            return malformed(form, shape);
        }
        self.cond_clauses(cx, form, &items[1..], env, Choice::Value(name))
    }

    /// The clauses of a cond.
    pub(super) fn cond_clauses(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        clauses: &[Value],
        env: &Rc<Env>,
        choice: Choice,
    ) -> Result<()> {
        let (mut tasks, mut builds) = (Vec::new(), Vec::new());
        let (name, nothing) = match choice {
            Choice::Value(name) => (name, Value::UNSPECIFIED),
            Choice::Thunk => (None, Value::FALSE),
        };
        let mut last = vec![Task::Constant(nothing, span(form))];
        // What follows the tasks of a clause's expressions.
        let chosen = || matches!(choice, Choice::Thunk).then(|| lambda(None, Vec::new(), form));
        let expr = |form: Value, name| Task::Expr { form, env: env.clone(), name };
        for (index, &clause) in clauses.iter().enumerate() {
            check_interrupt(cx, index)?;
            let place = span(clause);
            let Some(items) = list_items(clause) else {
                return wrong(clause, form, "a clause should look like (TEST EXPRESSION ...)");
            };
            let [test, body @ ..] = &items[..] else {
                return wrong(clause, form, "a clause should look like (TEST EXPRESSION ...)");
            };
            if self.is_core(cx, *test, env, CoreForm::Else)? {
                if index + 1 != clauses.len() {
                    return wrong(clause, form, "else can stand in the last clause only");
                }
                if body.is_empty() {
                    return wrong(clause, form, "an expression should follow else");
                }
                last = sequence_tasks(body, env, place, name);
                last.extend(chosen());
                break;
            }
            tasks.push(expr(*test, None));
            if body.is_empty() {
                self.or_else(&mut tasks, &mut builds, place);
                tasks.extend(chosen());
            } else if self.is_core(cx, body[0], env, CoreForm::Arrow)? {
                match body[1..] {
                    [receiver] => {
                        let temporary = self.temporary();
                        tasks.extend([local(temporary, place), expr(receiver, None), local(temporary, place)]);
                        tasks.push(Task::Build(Build::Call(1), place));
                        tasks.extend(chosen());
                        builds.push(Task::Build(Build::Let([temporary].into()), place));
                        builds.push(Task::Build(Build::If, place));
                    }
                    _ => return wrong(clause, form, "a clause with => should look like (TEST => PROCEDURE)"),
                }
            } else if let [guard, arrow, receiver] = body
                && self.is_core(cx, *arrow, env, CoreForm::Arrow)?
            {
                // SRFI 61: guard and receiver get all values of the test.
                tasks.pop();
                let values = self.temporary();
                let body = vec![*test];
                let thunk =
                    LambdaParts { form: clause, formals: Value::NIL, body, env: env.clone(), name: None, star: false };
                tasks.extend([self.base(cx, "%values->list", place)?, Task::Lambda(Box::new(thunk))]);
                tasks.push(Task::Build(Build::Call(1), place));
                builds.push(Task::Build(Build::Let([values].into()), place));
                for procedure in [*guard, *receiver] {
                    tasks.extend([self.base(cx, "apply", place)?, expr(procedure, None), local(values, place)]);
                    tasks.push(Task::Build(Build::Call(2), place));
                }
                builds.push(Task::Build(Build::If, place));
            } else {
                tasks.extend(sequence_tasks(body, env, place, name));
                tasks.extend(chosen());
                builds.push(Task::Build(Build::If, place));
            }
        }
        tasks.extend(last);
        tasks.extend(builds.into_iter().rev());
        self.then(tasks);
        Ok(())
    }

    pub(super) fn case(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let shape = "(case KEY ((DATUM ...) EXPRESSION ...) ... (else EXPRESSION ...))";
        let items = parts(form, shape)?;
        let [_, key, clauses @ ..] = &items[..] else { return malformed(form, shape) };
        let whole = span(form);
        let variable = self.temporary();
        let mut tasks = vec![Task::Expr { form: *key, env: env.clone(), name: None }];
        let mut builds = vec![Task::Build(Build::Let([variable].into()), whole)];
        let mut last = vec![Task::Constant(Value::UNSPECIFIED, whole)];
        for (index, &clause) in clauses.iter().enumerate() {
            let place = span(clause);
            check_interrupt(cx, index)?;
            if tasks.len() > MOST_TASKS {
                return wrong(clause, form, "these clauses have too many data");
            }
            let Some(items) = list_items(clause) else {
                return wrong(clause, form, "a clause should look like ((DATUM ...) EXPRESSION ...)");
            };
            let [data, body @ ..] = &items[..] else {
                return wrong(clause, form, "a clause should look like ((DATUM ...) EXPRESSION ...)");
            };
            let body = if let [first, rest @ ..] = body
                && self.is_core(cx, *first, env, CoreForm::Arrow)?
            {
                let [receiver] = rest else {
                    return wrong(clause, form, "a clause with => should look like ((DATUM ...) => PROCEDURE)");
                };
                let receiver = Task::Expr { form: *receiver, env: env.clone(), name: None };
                vec![receiver, local(variable, place), Task::Build(Build::Call(1), place)]
            } else if body.is_empty() {
                return wrong(clause, form, "a clause should look like ((DATUM ...) EXPRESSION ...)");
            } else {
                sequence_tasks(body, env, place, name)
            };
            if self.is_core(cx, *data, env, CoreForm::Else)? {
                if index + 1 != clauses.len() {
                    return wrong(clause, form, "else can stand in the last clause only");
                }
                last = body;
                break;
            }
            if is_longer(*data, MOST_TASKS) {
                return wrong(*data, form, "these clauses have too many data");
            }
            let Some(data) = list_items(*data) else {
                return wrong(*data, clause, "the data of a clause are a list: ((DATUM ...) EXPRESSION ...)");
            };
            if data.is_empty() {
                // Nothing is a member of the empty list: the clause is never chosen.
                tasks.push(Task::Constant(Value::FALSE, place));
            } else {
                self.member_test(cx, &data, Node::Local(variable), place, &mut tasks)?;
            }
            tasks.extend(body);
            builds.push(Task::Build(Build::If, place));
        }
        tasks.extend(last);
        tasks.extend(builds.into_iter().rev());
        self.then(tasks);
        Ok(())
    }

    /// The tasks that leave the test whether the key is one of these data.
    fn member_test(
        &mut self,
        cx: &mut ExpandContext,
        data: &[Value],
        key: Node,
        place: Span,
        tasks: &mut Vec<Task>,
    ) -> Result<()> {
        let data: Vec<Value> = data.iter().map(|&datum| syntax_to_datum(cx.heap, datum)).collect();
        // What is equal to one of these by eqv? is equal by eq? too.
        let simple = data.iter().all(|datum| !datum.is_pointer());
        let equal = if simple { "eq?" } else { "eqv?" };
        for (index, &datum) in data.iter().enumerate() {
            tasks.push(self.base(cx, equal, place)?);
            tasks.extend([Task::Leaf(key.clone(), place), Task::Constant(datum, place)]);
            tasks.push(Task::Build(Build::Call(2), place));
            if index + 1 < data.len() {
                tasks.push(Task::Constant(Value::TRUE, place));
            }
        }
        tasks.extend(data[1..].iter().map(|_| Task::Build(Build::If, place)));
        Ok(())
    }
}

/// The tasks of expressions one after the other.
pub(super) fn sequence_tasks(forms: &[Value], env: &Rc<Env>, place: Span, name: Option<Symbol>) -> Vec<Task> {
    let count = forms.len();
    let name = |index| if index + 1 == count { name } else { None };
    let expr = |(index, &form): (usize, &Value)| Task::Expr { form, env: env.clone(), name: name(index) };
    let mut tasks: Vec<Task> = forms.iter().enumerate().map(expr).collect();
    if count > 1 {
        tasks.push(Task::Build(Build::Seq(count), place));
    }
    tasks
}
