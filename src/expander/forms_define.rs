//! Top level forms and the parts of definitions.

use std::rc::Rc;

use super::body::values_definition;
use super::context::ExpandContext;
use super::env::{Binding, CoreForm, Env, MarkId, Transformer};
use super::expand::{
    Build, Expansion, LambdaParts, MacroBinding, Result, Step, Task, TopSequence, all_parts, in_form, malformed, parts,
    wrong,
};
use super::forms_core::parse_formals;
use super::forms_syntax::role_of;
use super::syntax::{expose, identifier, span, wrap};
use crate::value::Value;

/// A definition taken apart: the name and the task that leaves the value.
pub(super) struct Definition {
    pub identifier: Value,
    pub value: Task,
}

/// Forms of a `begin` at top level that are looked at, and run, together.
const LONG_SEQUENCE: usize = 1000;

/// Forms in which names are looked for that a macro has made up.
const LOOKED_AT: usize = 1 << 16;

/// Whether a macro has made this form, or forms in it: then what it defines may have names that the macro has made up. Only heads
/// are looked at, so that forms deep in each other are not looked through again and again.
fn is_made_up(form: Value) -> bool {
    let is_marked = |v: Value| identifier(v).is_some_and(|(_, mark)| mark != MarkId::NONE);
    let is_marked_head = |v: Value| expose(v).as_pair().is_some_and(|(head, _)| is_marked(expose(head)));
    let mut rest = form;
    let forms = std::iter::from_fn(|| {
        let (first, next) = expose(rest).as_pair()?;
        rest = next;
        Some(first)
    });
    is_marked_head(form) || forms.take(LOOKED_AT).skip(1).any(is_marked_head)
}

impl Expansion {
    /// A form at top level: what it defines, it defines in the module.
    pub(super) fn top(&mut self, cx: &mut ExpandContext, form: Value, env: Rc<Env>) -> Result<Option<Step>> {
        match self.head(cx, form, &env)? {
            Some(Binding::Core(core)) => {
                return self.top_core(cx, core, form, env).map_err(|error| in_form(error, core));
            }
            Some(Binding::Macro(transformer)) => {
                if matches!(transformer.transformer, Transformer::Procedure(_) | Transformer::Variable(_))
                    && self.run_first(&form, &env)
                {
                    return Ok(None);
                }
                let then = |form| Task::Top { form, env: env.clone() };
                return self.transform_then(cx, &transformer, form, &env, then);
            }
            _ => self.tasks.push(Task::Expr { form, env, name: None }),
        }
        Ok(None)
    }

    fn top_core(&mut self, cx: &mut ExpandContext, core: CoreForm, form: Value, env: Rc<Env>) -> Result<Option<Step>> {
        let place = span(form);
        let made_up = core == CoreForm::Begin && is_made_up(form);
        if (made_up || self.looks_around(cx, core, form, &env)?) && self.run_first(&form, &env) {
            return Ok(None);
        }
        match core {
            // Names that a macro has made up are defined before what mentions them is looked at.
            CoreForm::Begin if made_up => {
                self.top_forms(all_parts(form, "(begin FORM ...)")?.split_off(1), &env, place);
            }
            CoreForm::Begin => {
                let forms = all_parts(form, "(begin FORM ...)")?.split_off(1);
                self.top_sequence(TopSequence { forms, next: 0, env, place, apart: false });
            }
            CoreForm::Define | CoreForm::DefineStar => self.define_global(cx, form, core, &env)?,
            CoreForm::DefineValues => {
                let (formals, producer) = values_definition(form)?;
                let formals = parse_formals(form, formals)?;
                let mut targets = Vec::new();
                for &item in formals.required.iter().chain(&formals.rest) {
                    targets.push(Build::DefineGlobal(self.definition_cell(cx, form, item, &env)?.0));
                }
                let task = self.assign_values(targets, formals.rest.is_some(), producer, &env, place);
                self.tasks.push(task);
            }
            CoreForm::DefineRecordType => {
                // Its definitions hold no macros, so all of them can run at once.
                let forms = self.record_definitions(cx, form)?;
                self.tasks.push(Task::Build(Build::Seq(forms.len()), place));
                self.then(forms.into_iter().map(|form| Task::Top { form, env: env.clone() }).collect::<Vec<_>>());
            }
            CoreForm::DefineSyntax | CoreForm::DefineSyntaxRule | CoreForm::DefineSyntaxParameter => {
                let (identifier, spec) = self.parse_define_syntax(cx, form, core)?;
                let binding = MacroBinding { form, identifier, spec, env, frame: None, role: role_of(core) };
                self.then([Task::Macro(Box::new(binding)), Task::Constant(Value::UNSPECIFIED, place)]);
            }
            CoreForm::LetSyntax | CoreForm::LetrecSyntax => {
                // This frame has to outlive the unit: macros defined in it may remember it.
                let frame = Env::inside(&env);
                let (tasks, forms) = self.syntax_bindings(form, core, &env, &frame)?;
                self.top_forms(forms, &frame, place);
                self.then(tasks);
            }
            CoreForm::CondExpand => {
                let forms = self.cond_expand(cx, form, &env)?;
                self.top_forms(forms, &env, place);
            }
            CoreForm::Include | CoreForm::IncludeCi | CoreForm::IncludeFromPath => {
                let forms = self.include(cx, form, core)?;
                self.top_forms(forms, &env, place);
            }
            CoreForm::EvalWhen => {
                let forms = self.eval_when(cx, form)?;
                self.top_forms(forms, &env, place);
            }
            CoreForm::Import => self.import(cx, form, &env)?,
            CoreForm::DefineModule => self.define_module(cx, form)?,
            CoreForm::Export => self.export_form(cx, form, false, &env)?,
            CoreForm::ReExport => self.export_form(cx, form, true, &env)?,
            CoreForm::DefinePublic => self.define_public(cx, form, "define", env)?,
            CoreForm::DefineStarPublic => self.define_public(cx, form, "define*", env)?,
            CoreForm::DefineLibrary => self.define_library(cx, form)?,
            _ => return self.form(cx, core, form, env, None),
        }
        Ok(None)
    }

    /// Goes on with forms at top level. Those of a `begin` are run together, as far as they can be: a continuation that is
    /// captured in one of them goes on with the others, however often it is called.
    pub(super) fn top_sequence(&mut self, mut sequence: TopSequence) {
        let TopSequence { forms, next, env, place, apart } = &mut sequence;
        if forms.is_empty() {
            return self.tasks.push(Task::Constant(Value::UNSPECIFIED, *place));
        }
        let end = forms.len().min(*next + LONG_SEQUENCE);
        let mut tasks = Vec::new();
        for (index, &form) in forms[*next..end].iter().enumerate() {
            if *apart && index > 0 {
                tasks.push(Task::Flush);
            }
            tasks.push(Task::Top { form, env: env.clone() });
        }
        if !*apart {
            tasks.push(Task::Build(Build::All, *place));
        }
        if end < forms.len() {
            *next = end;
            tasks.extend([Task::Flush, Task::TopSequence(Box::new(sequence))]);
        }
        self.then(tasks);
    }

    /// Has the forms before this one in a `begin` run before it is looked at, if there are any that have not.
    fn run_first(&mut self, form: &Value, env: &Rc<Env>) -> bool {
        let waits = !self.building().nodes.is_empty();
        if waits {
            let form = Task::Top { form: *form, env: env.clone() };
            self.then([Task::Build(Build::All, crate::source::Span::NOWHERE), Task::Flush, Task::DropAnswer, form]);
        }
        waits
    }

    /// Whether a form may depend on what those before it have done, or say what those behind it mean.
    fn looks_around(&mut self, cx: &mut ExpandContext, core: CoreForm, form: Value, env: &Rc<Env>) -> Result<bool> {
        Ok(match core {
            CoreForm::DefineSyntax | CoreForm::DefineSyntaxRule | CoreForm::DefineSyntaxParameter => {
                let (_, spec) = self.parse_define_syntax(cx, form, core)?;
                self.is_procedural(cx, spec, env)?
            }
            CoreForm::LetSyntax
            | CoreForm::LetrecSyntax
            | CoreForm::CondExpand
            | CoreForm::Include
            | CoreForm::IncludeCi
            | CoreForm::IncludeFromPath
            | CoreForm::EvalWhen
            | CoreForm::Import
            | CoreForm::DefineModule
            | CoreForm::Export
            | CoreForm::ReExport
            | CoreForm::DefinePublic
            | CoreForm::DefineStarPublic
            | CoreForm::DefineLibrary => true,
            _ => false,
        })
    }

    /// Each form is run before the next one is looked at: it may define what the next one means.
    fn top_forms(&mut self, forms: Vec<Value>, env: &Rc<Env>, place: crate::source::Span) {
        self.top_sequence(TopSequence { forms, next: 0, env: env.clone(), place, apart: true });
    }

    fn define_global(&mut self, cx: &mut ExpandContext, form: Value, core: CoreForm, env: &Rc<Env>) -> Result<()> {
        let definition = self.parse_define(cx, form, core, env)?;
        let (cell, shadowed) = self.definition_cell(cx, form, definition.identifier, env)?;
        let place = span(form);
        let is_lambda = matches!(definition.value, Task::Lambda(_));
        let define = Task::Build(Build::DefineGlobal(cell), place);
        match shadowed.filter(|_| !is_lambda) {
            // (define car (let ((old car)) ...)): until the definition is done, the name means what it meant.
            Some(Binding::Variable(old)) => {
                let first = Task::Build(Build::DefineGlobal(cell), place);
                self.then([Task::Cell(old, place), first, definition.value, define, Task::Build(Build::Seq(2), place)]);
            }
            _ => self.then([definition.value, define]),
        }
        Ok(())
    }

    /// The cell that a definition at top level gives a value, and what the name meant there up to now by import.
    fn definition_cell(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        item: Value,
        env: &Rc<Env>,
    ) -> Result<(Value, Option<Binding>)> {
        let Some((symbol, mark)) = identifier(item) else {
            return wrong(item, form, "the name of a variable should stand here: (define NAME EXPRESSION)");
        };
        let module = env.module();
        if mark == MarkId::NONE {
            cx.state.modules.withdraw(module, symbol);
        }
        let shadowed = if mark != MarkId::NONE || cx.state.modules.has_own(module, symbol, mark) {
            None
        } else {
            self.resolve(cx, env, symbol, mark)?
        };
        let cell = cx.state.modules.define_cell(cx.heap, module, symbol, mark);
        // Marks that name definitions must stay what they are.
        cx.state.marks.pinned |= mark != MarkId::NONE;
        Ok((cell, shadowed))
    }

    /// `(define name value)`, `(define (name . formals) body ...)`, `(define ((name . formals) . formals) body ...)`
    pub(super) fn parse_define(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        core: CoreForm,
        env: &Rc<Env>,
    ) -> Result<Definition> {
        let shape = if core == CoreForm::DefineStar {
            "(define* (NAME PARAMETER ... #:optional (PARAMETER DEFAULT) ...) BODY ...)"
        } else {
            "(define NAME EXPRESSION) or (define (NAME PARAMETER ...) BODY ...)"
        };
        let items = parts(form, shape)?;
        let [_, header, rest @ ..] = &items[..] else { return malformed(form, shape) };
        if let Some((symbol, _)) = identifier(*header) {
            let value = match rest {
                [] => Task::Constant(Value::UNSPECIFIED, span(form)),
                [value] => Task::Expr { form: *value, env: env.clone(), name: Some(symbol) },
                // A documentation string, as some write it.
                [text, value] if expose(*text).is_string() => {
                    Task::Expr { form: *value, env: env.clone(), name: Some(symbol) }
                }
                _ => return malformed(form, shape),
            };
            return Ok(Definition { identifier: *header, value });
        }
        let Some((mut target, mut formals)) = expose(*header).as_pair() else { return malformed(form, shape) };
        let mut body = rest.to_vec();
        // A header whose name is a header itself defines a procedure that returns a procedure.
        while let Some((inner, inner_formals)) = expose(target).as_pair() {
            if identifier(target).is_some() {
                break;
            }
            let word = if core == CoreForm::DefineStar { "lambda*" } else { "lambda" };
            let word = self.core_identifier(cx, word, span(form));
            let lambda = cx.heap.cons(word, cx.heap.cons(formals, cx.heap.list(&body)));
            body = vec![wrap(cx.heap, lambda, span(form))];
            (target, formals) = (inner, inner_formals);
        }
        let Some((symbol, _)) = identifier(target) else {
            return wrong(
                target,
                form,
                "the name of the procedure should stand here: (define (NAME PARAMETER ...) BODY ...)",
            );
        };
        if body.is_empty() {
            return malformed(form, "(define (NAME PARAMETER ...) BODY ...): the body is missing");
        }
        let star = core == CoreForm::DefineStar;
        let lambda = LambdaParts { form, formals, body, env: env.clone(), name: Some(symbol), star };
        Ok(Definition { identifier: target, value: Task::Lambda(Box::new(lambda)) })
    }
}
