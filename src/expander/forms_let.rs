//! The forms that bind local variables: let and its family, named let, do, let-values and its family.

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::list_items;
use super::core::{Clause, Lambda, NodeId, VarId};
use super::env::{Binding, CoreForm, Env, Resolution};
use super::expand::{Build, Expansion, Result, Task, malformed, parts, wrong};
use super::forms_core::{local, parse_formals};
use super::syntax::{expose, identifier, pair, span};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;

impl Expansion {
    pub(super) fn let_form(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let shape = "(let ((VARIABLE INIT) ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, second, rest @ ..] = &items[..] else { return malformed(form, shape) };
        if identifier(*second).is_some() {
            return self.named_let(cx, form, *second, rest, env);
        }
        let (names, inits) = bindings(form, *second, shape)?;
        self.let_body(cx, form, &names, &inits, rest, env, name)
    }

    /// A let of these variables.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn let_body(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        names: &[Value],
        inits: &[Value],
        body: &[Value],
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        if names.is_empty() {
            let task = self.body(body, env, form, name)?;
            self.tasks.push(task);
            return Ok(());
        }
        let frame = self.frame(env);
        let variables = self.bind_all(cx, &frame, names, form)?;
        let body = self.body(body, &frame, form, name)?;
        let mut tasks = init_tasks(names, inits, env);
        tasks.push(body);
        tasks.push(Task::Build(Build::Let(variables.into()), span(form)));
        self.then(tasks);
        Ok(())
    }

    /// The loop's name is known in its body only: the inits are expanded outside, wherever their nodes stand.
    fn named_let(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        name: Value,
        rest: &[Value],
        env: &Rc<Env>,
    ) -> Result<()> {
        let shape = "(let NAME ((VARIABLE INIT) ...) BODY ...)";
        let [list, body @ ..] = rest else { return malformed(form, shape) };
        let (names, inits) = bindings(form, *list, shape)?;
        let place = span(form);
        let Some((symbol, mark)) = identifier(name) else { return malformed(form, shape) };
        let outer = self.frame(env);
        let procedure = self.bind_local(&outer, symbol, mark);
        let inner = self.frame(&outer);
        let required = self.bind_all(cx, &inner, &names, form)?;
        let body = self.body(body, &inner, form, None)?;
        let mut tasks = vec![body, lambda(Some(symbol), required, form), local(procedure, place)];
        tasks.extend(init_tasks(&names, &inits, env));
        tasks.push(Task::Build(Build::Call(inits.len()), place));
        tasks.push(Task::Build(Build::Letrec([procedure].into()), place));
        self.then(tasks);
        Ok(())
    }

    pub(super) fn let_star(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let shape = "(let* ((VARIABLE INIT) ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, list, body @ ..] = &items[..] else { return malformed(form, shape) };
        let (names, inits) = bindings(form, *list, shape)?;
        let mut env = env.clone();
        let (mut tasks, mut builds) = (Vec::new(), Vec::new());
        for (name, init) in names.iter().zip(&inits) {
            tasks.append(&mut init_tasks(&[*name], &[*init], &env));
            let frame = self.frame(&env);
            let variable = self.bind_all(cx, &frame, &[*name], form)?;
            builds.push(Task::Build(Build::Let(variable.into()), span(form)));
            env = frame;
        }
        tasks.push(self.body(body, &env, form, name)?);
        tasks.extend(builds.into_iter().rev());
        self.then(tasks);
        Ok(())
    }

    pub(super) fn letrec(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        core: CoreForm,
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let shape = format!("({} ((VARIABLE INIT) ...) BODY ...)", core.name());
        let items = parts(form, &shape)?;
        let [_, list, body @ ..] = &items[..] else { return malformed(form, &shape) };
        let (names, inits) = bindings(form, *list, &shape)?;
        if names.is_empty() {
            return self.let_body(cx, form, &[], &[], body, env, name);
        }
        let frame = self.frame(env);
        let variables = self.bind_all(cx, &frame, &names, form)?;
        let mut tasks = init_tasks(&names, &inits, &frame);
        let body = self.body(body, &frame, form, name)?;
        let procedures: Vec<bool> = inits.iter().map(|&init| is_procedure(cx, &frame, init)).collect();
        let looks = |(&init, &is_procedure): (&Value, &bool)| !is_procedure && !is_constant(init);
        if core == CoreForm::LetrecStar || !inits.iter().zip(&procedures).any(looks) {
            tasks.push(body);
            tasks.push(Task::Build(Build::Letrec(variables.into()), span(form)));
        } else {
            tasks = self.all_inits_first(tasks, variables, &procedures, body, span(form));
        }
        self.then(tasks);
        Ok(())
    }

    /// `letrec` where it differs from `letrec*`: no variable has its value before all inits have theirs. Procedures do not
    /// look, so that only the others need it:
    ///
    /// ```text
    /// (let ((x #<unbound>) ...) (letrec* ((f lambda) ...) (let ((temporary init) ...) (set! x temporary) ... body)))
    /// ```
    fn all_inits_first(
        &mut self,
        inits: Vec<Task>,
        variables: Vec<VarId>,
        procedures: &[bool],
        body: Task,
        place: Span,
    ) -> Vec<Task> {
        let (mut late, mut early) = (Vec::new(), Vec::new());
        for ((init, variable), &is_procedure) in inits.into_iter().zip(variables).zip(procedures) {
            if is_procedure { early.push((init, variable)) } else { late.push((init, variable)) }
        }
        let mut tasks: Vec<Task> = late.iter().map(|_| Task::Constant(Value::UNBOUND, place)).collect();
        let (early_inits, early): (Vec<Task>, Vec<VarId>) = early.into_iter().unzip();
        let (late_inits, late): (Vec<Task>, Vec<VarId>) = late.into_iter().unzip();
        tasks.extend(early_inits);
        tasks.extend(late_inits);
        let temporaries: Vec<VarId> = late.iter().map(|_| self.temporary()).collect();
        for (&variable, &temporary) in late.iter().zip(&temporaries) {
            tasks.extend([local(temporary, place), Task::Build(Build::SetLocal(variable), place)]);
        }
        tasks.push(body);
        tasks.push(Task::Build(Build::Seq(late.len() + 1), place));
        tasks.push(Task::Build(Build::Let(temporaries.into()), place));
        if !early.is_empty() {
            tasks.push(Task::Build(Build::Letrec(early.into()), place));
        }
        tasks.push(Task::Build(Build::Let(late.into()), place));
        tasks
    }

    /// `(do ((var init step) ...) (test result ...) command ...)` is a loop procedure, as a named let is.
    pub(super) fn do_form(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(do ((VARIABLE INIT STEP) ...) (TEST RESULT ...) COMMAND ...)";
        let items = parts(form, shape)?;
        let [_, list, end, commands @ ..] = &items[..] else { return malformed(form, shape) };
        let place = span(form);
        let Some(list) = list_items(*list) else { return malformed(form, shape) };
        let (mut names, mut inits, mut steps) = (Vec::new(), Vec::new(), Vec::new());
        for item in list {
            let binding = list_items(item).unwrap_or_default();
            let (name, init, step) = match binding[..] {
                [name, init] => (name, init, name),
                [name, init, step] => (name, init, step),
                _ => return wrong(item, form, "this should look like (VARIABLE INIT) or (VARIABLE INIT STEP)"),
            };
            names.push(name);
            inits.push(init);
            steps.push(step);
        }
        let Some(end) = list_items(*end) else { return malformed(*end, "(TEST RESULT ...)") };
        let [test, results @ ..] = &end[..] else { return malformed(form, shape) };
        let symbol = cx.symbols.intern("do");
        let procedure = self.variable(symbol);
        let frame = self.frame(env);
        let required = self.bind_all(cx, &frame, &names, form)?;
        let expr = |form: Value| Task::Expr { form, env: frame.clone(), name: None };
        let count = names.len();
        let mut tasks = vec![expr(*test)];
        match results {
            [] => tasks.push(Task::Constant(Value::UNSPECIFIED, place)),
            [only] => tasks.push(expr(*only)),
            many => {
                tasks.extend(many.iter().map(|&form| expr(form)));
                tasks.push(Task::Build(Build::Seq(many.len()), place));
            }
        }
        tasks.extend(commands.iter().map(|&form| expr(form)));
        tasks.push(local(procedure, place));
        tasks.extend(steps.into_iter().map(expr));
        tasks.push(Task::Build(Build::Call(count), place));
        if !commands.is_empty() {
            tasks.push(Task::Build(Build::Seq(commands.len() + 1), place));
        }
        tasks.push(Task::Build(Build::If, place));
        tasks.push(lambda(Some(symbol), required, form));
        tasks.push(local(procedure, place));
        tasks.extend(init_tasks(&names, &inits, env));
        tasks.push(Task::Build(Build::Call(count), place));
        tasks.push(Task::Build(Build::Letrec([procedure].into()), place));
        self.then(tasks);
        Ok(())
    }

    // ---- several values ------------------------------------------------------------------------------------------

    pub(super) fn let_star_values(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(let*-values ((FORMALS EXPRESSION) ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, list, body @ ..] = &items[..] else { return malformed(form, shape) };
        let mut env = env.clone();
        let (mut tasks, mut builds) = (Vec::new(), Vec::new());
        for (formals, producer) in values_bindings(form, *list, shape)? {
            tasks.push(Task::Expr { form: producer, env: env.clone(), name: None });
            let frame = self.frame(&env);
            let build = self.bind_values(cx, form, formals, &frame)?;
            builds.push(Task::Build(build, span(form)));
            env = frame;
        }
        tasks.push(self.body(body, &env, form, None)?);
        tasks.extend(builds.into_iter().rev());
        self.then(tasks);
        Ok(())
    }

    /// All producers run outside of all bindings; frames nest, but only the body sees them.
    pub(super) fn let_values(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(let-values ((FORMALS EXPRESSION) ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, list, body @ ..] = &items[..] else { return malformed(form, shape) };
        let (mut tasks, mut builds) = (Vec::new(), Vec::new());
        let frame = self.frame(env);
        for (formals, producer) in values_bindings(form, *list, shape)? {
            tasks.push(Task::Expr { form: producer, env: env.clone(), name: None });
            let build = self.bind_values(cx, form, formals, &frame)?;
            builds.push(Task::Build(build, span(form)));
        }
        tasks.push(self.body(body, &frame, form, None)?);
        tasks.extend(builds.into_iter().rev());
        self.then(tasks);
        Ok(())
    }

    pub(super) fn receive(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(receive FORMALS EXPRESSION BODY ...)";
        let items = parts(form, shape)?;
        let [_, formals, producer, body @ ..] = &items[..] else { return malformed(form, shape) };
        let frame = self.frame(env);
        let build = self.bind_values(cx, form, *formals, &frame)?;
        let producer = Task::Expr { form: *producer, env: env.clone(), name: None };
        let body = self.body(body, &frame, form, None)?;
        self.then([producer, body, Task::Build(build, span(form))]);
        Ok(())
    }

    fn bind_values(&mut self, cx: &ExpandContext, form: Value, formals: Value, frame: &Env) -> Result<Build> {
        let formals = parse_formals(form, formals)?;
        if let [first, ..] = formals.optional[..] {
            return wrong(first, form, "values cannot be bound to optional variables");
        }
        let required = self.bind_all(cx, frame, &formals.required, form)?.into();
        let rest = self.bind_all(cx, frame, formals.rest.as_slice(), form)?.pop();
        Ok(Build::LetValues { required, rest })
    }
}

/// The tasks of inits, each with the name that its value gets.
/// Whether a form is seen to make a procedure, or to be a constant: its value depends on nothing.
fn is_procedure(cx: &ExpandContext, env: &Env, form: Value) -> bool {
    let Some((head, _)) = pair(form) else { return false };
    let core = match cx.resolve_identifier(env, head) {
        Some(Resolution::Bound(Binding::Core(core))) => core,
        _ => return false,
    };
    use CoreForm::*;
    matches!(core, Lambda | LambdaStar | CaseLambda | CaseLambdaStar | NamedLambda)
}

/// Whether a form is a datum that stands for itself.
fn is_constant(form: Value) -> bool {
    pair(form).is_none() && identifier(form).is_none()
}

fn init_tasks(names: &[Value], inits: &[Value], env: &Rc<Env>) -> Vec<Task> {
    let task = |(name, init): (&Value, &Value)| {
        let name = identifier(*name).map(|(symbol, _)| symbol);
        Task::Expr { form: *init, env: env.clone(), name }
    };
    names.iter().zip(inits).map(task).collect()
}

/// Takes the finished body and leaves a procedure.
pub(super) fn lambda(name: Option<Symbol>, required: Vec<VarId>, form: Value) -> Task {
    let clause = Clause { required, optional: Vec::new(), rest: None, body: NodeId(0) };
    let lambda = Lambda { name, documentation: None, face: None, clauses: vec![clause] };
    Task::Build(Build::Lambda(Box::new(lambda)), span(form))
}

/// The names and inits of `((name init) ...)`.
fn bindings(form: Value, list: Value, shape: &str) -> Result<(Vec<Value>, Vec<Value>)> {
    let Some(items) = list_items(list) else { return malformed(form, shape) };
    let (mut names, mut inits) = (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
    for item in items {
        let Some([name, init]) = list_items(item).and_then(|parts| <[Value; 2]>::try_from(parts).ok()) else {
            return wrong(item, form, "a binding should look like (VARIABLE INIT)");
        };
        if identifier(name).is_none() {
            return wrong(name, item, "a binding should look like (VARIABLE INIT)");
        }
        names.push(name);
        inits.push(init);
    }
    Ok((names, inits))
}

fn values_bindings(form: Value, list: Value, shape: &str) -> Result<Vec<(Value, Value)>> {
    let Some(items) = list_items(list) else { return malformed(form, shape) };
    let binding = |item: Value| match list_items(expose(item)).as_deref() {
        Some(&[formals, producer]) => Ok((formals, producer)),
        _ => wrong(item, form, "a binding should look like (FORMALS EXPRESSION)"),
    };
    items.into_iter().map(binding).collect()
}
