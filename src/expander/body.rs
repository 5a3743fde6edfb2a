//! Bodies: definitions among expressions, in the order they stand in.
//!
//! First all forms of a body are looked at, and macros at their heads expanded, until it is known what they define: only
//! then is it known what the names in them mean. What the definitions' values are is expanded after that, in order. An expression
//! before a definition becomes the init of a variable that nobody uses, so that it runs where it stands.

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::list_items;
use super::core::VarId;
use super::env::{Binding, CoreForm, Env, MarkId};
use super::expand::{
    Build, Expansion, MacroBinding, Result, Step, Task, Transformed, in_form, malformed, parts, wrong,
};
use super::forms_core::{local, parse_formals};
use super::forms_syntax::role_of;
use super::syntax::{SyntaxError, identifier, span};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;
use crate::value::tracer::Tracer;

pub(super) struct Body {
    /// Where its definitions are bound.
    frame: Rc<Env>,
    /// Forms that have not been looked at, the next one last.
    pending: Vec<(Value, Rc<Env>)>,
    items: Vec<Item>,
    /// The form that this is the body of.
    form: Value,
    name: Option<Symbol>,
    /// It is a library's: it defines global variables, and may consist of definitions.
    global: bool,
}

struct Item {
    /// Nothing for an expression.
    variable: Option<VarId>,
    task: Task,
}

impl Body {
    pub fn set_next(&mut self, form: Value) {
        if let Some((next, _)) = self.pending.last_mut() {
            *next = form;
        }
    }

    pub fn trace(&mut self, tracer: &mut Tracer) {
        tracer.visit(&mut self.form);
        for (form, _) in &mut self.pending {
            tracer.visit(form);
        }
        for item in &mut self.items {
            item.task.trace(tracer);
        }
    }

    /// Has these forms looked at next.
    fn splice(&mut self, forms: &[Value], env: &Rc<Env>) {
        self.pending.extend(forms.iter().rev().map(|&form| (form, env.clone())));
    }

    /// The tasks of all that has been found, leaving one node.
    fn take_items(&mut self) -> Vec<Task> {
        let place = span(self.form);
        let mut tasks: Vec<Task> = std::mem::take(&mut self.items).into_iter().map(|item| item.task).collect();
        match tasks.len() {
            0 => tasks.push(Task::Constant(Value::UNSPECIFIED, place)),
            1 => {}
            count => tasks.push(Task::Build(Build::Seq(count), place)),
        }
        tasks
    }

    fn expression(&mut self, form: Value, env: Rc<Env>) {
        self.items.push(Item { variable: None, task: Task::Expr { form, env, name: None } });
    }

    fn define(&mut self, variable: VarId, task: Task) {
        self.items.push(Item { variable: Some(variable), task });
    }
}

impl Expansion {
    /// The task that leaves a body's node; `form` is what it is the body of.
    pub(super) fn body(&mut self, forms: &[Value], env: &Rc<Env>, form: Value, name: Option<Symbol>) -> Result<Task> {
        if forms.is_empty() {
            return Err(SyntaxError::new("a body of one expression at least is missing here", form));
        }
        let frame = self.frame(env);
        let mut body = Body { frame: frame.clone(), pending: Vec::new(), items: Vec::new(), form, name, global: false };
        body.splice(forms, &frame);
        Ok(Task::Body(Box::new(body)))
    }

    /// The task that leaves the node of all of a library's body.
    pub(super) fn library_body(&mut self, forms: &[Value], env: &Rc<Env>, form: Value) -> Task {
        let mut body =
            Body { frame: env.clone(), pending: Vec::new(), items: Vec::new(), form, name: None, global: true };
        body.splice(forms, env);
        Task::Body(Box::new(body))
    }

    pub(super) fn scan_body(&mut self, cx: &mut ExpandContext, mut body: Box<Body>) -> Result<Option<Step>> {
        while let Some((form, env)) = body.pending.pop() {
            match self.head(cx, form, &env)? {
                Some(Binding::Core(core)) => {
                    let scanned = self.scan_core(cx, body, core, form, env);
                    match scanned.map_err(|error| in_form(error, core))? {
                        Some(same) => body = same,
                        None => return Ok(None),
                    }
                }
                Some(Binding::Macro(_)) if let Some(pause) = self.pause(cx) => {
                    body.pending.push((form, env));
                    self.tasks.push(Task::Body(body));
                    self.then(pause);
                    return Ok(None);
                }
                Some(Binding::Macro(transformer)) => match self.transform(cx, &transformer, form, &env)? {
                    Transformed::Form(form) => body.pending.push((form, env)),
                    Transformed::Call { procedure, arguments } => {
                        body.pending.push((form, env.clone()));
                        return Ok(Some(self.call_transformer(cx, procedure, arguments, env, Task::Body(body))));
                    }
                },
                _ => body.expression(form, env),
            }
        }
        self.finish_body(*body)?;
        Ok(None)
    }

    /// Looks at a core form in a body. Gives the body back, unless something else comes first: then tasks go on with it.
    fn scan_core(
        &mut self,
        cx: &mut ExpandContext,
        mut body: Box<Body>,
        core: CoreForm,
        form: Value,
        env: Rc<Env>,
    ) -> Result<Option<Box<Body>>> {
        match core {
            CoreForm::Begin => body.splice(&parts(form, "(begin FORM ...)")?[1..], &env),
            CoreForm::Define | CoreForm::DefineStar => {
                let definition = self.parse_define(cx, form, core, &env)?;
                if body.global {
                    let cell = self.library_cell(cx, &body, definition.identifier)?;
                    let define = Task::Build(Build::DefineGlobal(cell), span(form));
                    let task = Task::Many(vec![definition.value, define]);
                    body.items.push(Item { variable: None, task });
                } else {
                    let variable = self.bind_definition(cx, &body, definition.identifier)?;
                    body.define(variable, definition.value);
                }
            }
            CoreForm::DefineValues => self.define_values(cx, &mut body, form, &env)?,
            CoreForm::DefineRecordType => body.splice(&self.record_definitions(cx, form)?, &env),
            CoreForm::DefineSyntax | CoreForm::DefineSyntaxRule | CoreForm::DefineSyntaxParameter => {
                let (identifier, spec) = self.parse_define_syntax(cx, form, core)?;
                if body.global && !body.items.is_empty() && self.is_procedural(cx, spec, &env)? {
                    // The procedure may use what the library has defined so far, so that has to run first.
                    let mut tasks = body.take_items();
                    body.pending.push((form, env));
                    tasks.extend([Task::Flush, Task::DropAnswer, Task::Body(body)]);
                    self.then(tasks);
                    return Ok(None);
                }
                let frame = (!body.global).then(|| body.frame.clone());
                let binding = MacroBinding { form, identifier, spec, env, frame, role: role_of(core) };
                self.then([Task::Macro(Box::new(binding)), Task::Body(body)]);
                return Ok(None);
            }
            CoreForm::LetSyntax | CoreForm::LetrecSyntax => {
                // A library's macros may remember this frame.
                let frame = if body.global { Env::inside(&env) } else { self.frame(&env) };
                let (mut tasks, forms) = self.syntax_bindings(form, core, &env, &frame)?;
                body.splice(&forms, &frame);
                tasks.push(Task::Body(body));
                self.then(tasks);
                return Ok(None);
            }
            CoreForm::CondExpand => body.splice(&self.cond_expand(cx, form, &env)?, &env),
            CoreForm::Include | CoreForm::IncludeCi | CoreForm::IncludeFromPath => {
                body.splice(&self.include(cx, form, core)?, &env)
            }
            CoreForm::EvalWhen => body.splice(&self.eval_when(cx, form)?, &env),
            _ => body.expression(form, env),
        }
        Ok(Some(body))
    }

    fn finish_body(&mut self, body: Body) -> Result<()> {
        let place = span(body.form);
        if body.global {
            let mut body = body;
            self.then(body.take_items());
            return Ok(());
        }
        let Body { mut items, form, name, .. } = body;
        // What follows the last definition is the Letrec's body.
        let tail = items.iter().rposition(|item| item.variable.is_some()).map_or(0, |last| last + 1);
        let mut expressions: Vec<Task> = items.split_off(tail).into_iter().map(|item| item.task).collect();
        match expressions.last_mut() {
            None => {
                let message = "this body has definitions only: an expression should follow them, for the body's value";
                return Err(SyntaxError::new(message, form));
            }
            Some(Task::Expr { name: slot, .. }) => *slot = name,
            Some(_) => {}
        }
        if expressions.len() > 1 {
            let count = expressions.len();
            expressions.push(Task::Build(Build::Seq(count), place));
        }
        if items.is_empty() {
            self.then(expressions);
            return Ok(());
        }
        let variables = items.iter().map(|item| item.variable.unwrap_or_else(|| self.temporary())).collect();
        self.tasks.push(Task::Build(Build::Letrec(variables), place));
        self.then(expressions);
        self.then(items.into_iter().map(|item| item.task).collect::<Vec<_>>());
        Ok(())
    }

    fn bind_definition(&mut self, cx: &ExpandContext, body: &Body, item: Value) -> Result<VarId> {
        let Some((symbol, mark)) = identifier(item) else {
            return wrong(item, body.form, "the name of a variable should stand here");
        };
        if body.frame.own(symbol, mark).is_some() {
            let name = cx.symbols.name(symbol);
            return wrong(item, body.form, format!("{name} is defined twice in the same body"));
        }
        Ok(self.bind_local(&body.frame, symbol, mark))
    }

    fn library_cell(&mut self, cx: &mut ExpandContext, body: &Body, item: Value) -> Result<Value> {
        let Some((symbol, mark)) = identifier(item) else {
            return wrong(item, body.form, "the name of a variable should stand here");
        };
        cx.state.marks.pinned |= mark != MarkId::NONE;
        Ok(cx.state.modules.define_cell(cx.heap, body.frame.module(), symbol, mark))
    }

    /// Whether a macro's definition is an expression to run.
    pub(super) fn is_procedural(&mut self, cx: &mut ExpandContext, spec: Value, env: &Rc<Env>) -> Result<bool> {
        if let Some((symbol, mark)) = identifier(spec) {
            let meaning = self.resolve(cx, env, symbol, mark)?;
            return Ok(!matches!(meaning, Some(Binding::Macro(_) | Binding::Core(_))));
        }
        Ok(!matches!(self.head(cx, spec, env)?, Some(Binding::Core(CoreForm::SyntaxRules))))
    }

    /// The variables are assigned when the values are there.
    fn define_values(&mut self, cx: &mut ExpandContext, body: &mut Body, form: Value, env: &Rc<Env>) -> Result<()> {
        let (formals, producer) = values_definition(form)?;
        let formals = parse_formals(form, formals)?;
        let mut targets = Vec::new();
        for &item in formals.required.iter().chain(&formals.rest) {
            if body.global {
                targets.push(Build::DefineGlobal(self.library_cell(cx, body, item)?));
                continue;
            }
            let variable = self.bind_definition(cx, body, item)?;
            body.define(variable, Task::Constant(Value::UNSPECIFIED, span(form)));
            targets.push(Build::SetLocal(variable));
        }
        let task = self.assign_values(targets, formals.rest.is_some(), producer, env, span(form));
        let variable = (!body.global).then(|| self.temporary());
        body.items.push(Item { variable, task });
        Ok(())
    }

    /// Takes the producer's values apart and gives them to the targets, the last of which may get a list of the rest.
    pub(super) fn assign_values(
        &mut self,
        targets: Vec<Build>,
        rest: bool,
        producer: Value,
        env: &Rc<Env>,
        place: Span,
    ) -> Task {
        let mut temporaries: Vec<VarId> = targets.iter().map(|_| self.temporary()).collect();
        let mut tasks = vec![Task::Expr { form: producer, env: env.clone(), name: None }];
        let count = targets.len();
        for (target, &temporary) in targets.into_iter().zip(&temporaries) {
            tasks.extend([local(temporary, place), Task::Build(target, place)]);
        }
        match count {
            0 => tasks.push(Task::Constant(Value::UNSPECIFIED, place)),
            1 => {}
            _ => tasks.push(Task::Build(Build::Seq(count), place)),
        }
        let rest = if rest { temporaries.pop() } else { None };
        tasks.push(Task::Build(Build::LetValues { required: temporaries.into(), rest }, place));
        Task::Many(tasks)
    }
}

/// The formals and the producer of a define-values form.
pub(super) fn values_definition(form: Value) -> Result<(Value, Value)> {
    let shape = "(define-values FORMALS EXPRESSION)";
    match list_items(form).as_deref() {
        Some(&[_, formals, producer]) => Ok((formals, producer)),
        _ => malformed(form, shape),
    }
}
