//! The forms that the core language has itself: quote, if, set!, lambda and its relatives, begin.

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::{list_items, list_parts, syntax_to_datum};
use super::core::{Clause, Lambda, Node, NodeId, VarId};
use super::env::{Binding, CoreForm, Env, MarkId, Transformer};
use super::expand::{Build, Expansion, Result, Step, Task, all_parts, malformed, parts, wrong};
use super::forms_module::Mention;
use super::library::{ASSIGNED, CORE};
use super::syntax::{SyntaxError, expose, identifier, span, wrap};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::Value;
use crate::value::code::Face;
use crate::value::heap::cell;

/// The parameters of a lambda expression, as written.
#[derive(Default)]
pub(super) struct Formals {
    pub required: Vec<Value>,
    pub optional: Vec<Value>,
    pub rest: Option<Value>,
}

impl Expansion {
    /// A core form as an expression.
    pub(super) fn form(
        &mut self,
        cx: &mut ExpandContext,
        core: CoreForm,
        form: Value,
        env: Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<Option<Step>> {
        match core {
            CoreForm::Quote => self.quote(cx, form)?,
            CoreForm::Quasiquote => self.quasiquote(cx, form, &env)?,
            CoreForm::If => self.if_form(cx, form, &env, name)?,
            CoreForm::Set => return self.set(cx, form, &env),
            CoreForm::Lambda => {
                let items = parts(form, "(lambda (PARAMETER ...) BODY ...)")?;
                let [_, formals, body @ ..] = &items[..] else {
                    return malformed(form, "(lambda (PARAMETER ...) BODY ...)");
                };
                self.lambda(cx, form, *formals, body, &env, name)?;
            }
            CoreForm::NamedLambda => self.named_lambda(cx, form, &env)?,
            CoreForm::LambdaStar => self.lambda_star(cx, form, &env, name)?,
            CoreForm::CaseLambdaStar => self.case_lambda_star(cx, form, &env, name)?,
            CoreForm::CaseLambda => self.case_lambda(cx, form, &env, name)?,
            CoreForm::Begin => {
                let items = parts(form, "(begin EXPRESSION ...)")?;
                if items.len() == 1 {
                    return malformed(form, "(begin EXPRESSION ...), with one expression at least");
                }
                self.sequence(&items[1..], &env, span(form), name);
            }
            CoreForm::Let => self.let_form(cx, form, &env, name)?,
            CoreForm::LetStar => self.let_star(cx, form, &env, name)?,
            CoreForm::Letrec | CoreForm::LetrecStar => self.letrec(cx, form, core, &env, name)?,
            CoreForm::Do => self.do_form(cx, form, &env)?,
            CoreForm::LetValues => self.let_values(cx, form, &env)?,
            CoreForm::LetStarValues => self.let_star_values(cx, form, &env)?,
            CoreForm::Receive => self.receive(cx, form, &env)?,
            CoreForm::And => self.and(form, &env, name)?,
            CoreForm::Or => self.or(form, &env, name)?,
            CoreForm::When | CoreForm::Unless => self.when(form, core, &env, name)?,
            CoreForm::Cond => self.cond(cx, form, &env, name)?,
            CoreForm::Case => self.case(cx, form, &env, name)?,
            CoreForm::Delay => self.delay(cx, form, core, &env)?,
            CoreForm::DelayForce | CoreForm::MakeLazy => self.delay(cx, form, CoreForm::DelayForce, &env)?,
            CoreForm::Parameterize => self.parameterize(cx, form, &env)?,
            CoreForm::FluidLet => self.fluid_let(cx, form, &env)?,
            CoreForm::Guard => self.guard(cx, form, &env)?,
            CoreForm::Assert => self.assert(cx, form, &env)?,
            CoreForm::LetSyntaxBody | CoreForm::LetrecSyntaxBody => {
                let word = if core == CoreForm::LetSyntaxBody { "let-syntax" } else { "letrec-syntax" };
                let word = self.core_identifier(cx, word, span(form));
                let rest = expose(form).as_pair().map_or(Value::NIL, |(_, rest)| rest);
                let inner = wrap(cx.heap, cx.heap.cons(word, rest), span(form));
                let task = self.body(&[inner], &env, form, name)?;
                self.tasks.push(task);
            }
            CoreForm::LetSyntax | CoreForm::LetrecSyntax => {
                // Its own scope would do, but a body needs one anyway.
                let task = self.body(&[form], &env, form, name)?;
                self.tasks.push(task);
            }
            CoreForm::CondExpand => {
                let chosen = self.cond_expand(cx, form, &env)?;
                if chosen.is_empty() {
                    self.tasks.push(Task::Constant(Value::UNSPECIFIED, span(form)));
                } else {
                    self.sequence(&chosen, &env, span(form), name);
                }
            }
            CoreForm::Include | CoreForm::IncludeCi | CoreForm::IncludeFromPath => {
                let forms = self.include(cx, form, core)?;
                self.sequence(&forms, &env, span(form), name);
            }
            CoreForm::EvalWhen => {
                let forms = self.eval_when(cx, form)?;
                self.sequence(&forms, &env, span(form), name);
            }
            CoreForm::SyntaxError => return Err(self.syntax_error(cx, form)),
            CoreForm::SyntaxCase => self.syntax_case(cx, form, &env)?,
            CoreForm::Syntax => self.syntax(cx, form, &env)?,
            CoreForm::Quasisyntax => self.quasisyntax(cx, form, &env)?,
            CoreForm::WithSyntax => self.with_syntax(cx, form, &env)?,
            CoreForm::IdentifierSyntax => self.identifier_syntax(cx, form, &env)?,
            CoreForm::Define
            | CoreForm::DefineStar
            | CoreForm::DefineValues
            | CoreForm::DefineRecordType
            | CoreForm::DefineSyntax
            | CoreForm::DefineSyntaxRule
            | CoreForm::DefineSyntaxParameter => {
                let message = format!(
                    "a definition ({}) cannot stand where an expression is expected: only at top level or in a body",
                    core.name()
                );
                return Err(SyntaxError::new(message, form));
            }
            CoreForm::SyntaxParameterize => {
                let frame = self.frame(&env);
                let (tasks, forms) = self.syntax_bindings(form, core, &env, &frame)?;
                let body = self.body(&forms, &frame, form, name)?;
                self.tasks.push(body);
                self.then(tasks);
            }
            CoreForm::WithEllipsis => {
                let items = parts(form, "(with-ellipsis NAME BODY ...)")?;
                let [_, word, body @ ..] = &items[..] else {
                    return malformed(form, "(with-ellipsis NAME BODY ...)");
                };
                let Some((symbol, mark)) = identifier(*word) else {
                    return wrong(*word, form, "the name that stands for an ellipsis should stand here");
                };
                let frame = self.frame(&env);
                frame.bind(cx.symbols.intern("..."), MarkId::NONE, Binding::OutOfScope);
                frame.bind(symbol, mark, Binding::Core(CoreForm::Ellipsis));
                let body = self.body(body, &frame, form, name)?;
                self.tasks.push(body);
            }
            CoreForm::While => self.while_form(cx, form, &env)?,
            CoreForm::CurrentFilename | CoreForm::CurrentSourceLocation => {
                let place = span(form);
                let value = self.source_location(cx, core, place);
                self.tasks.push(Task::Constant(value, place));
            }
            CoreForm::UseModules => self.use_modules(cx, form, &env)?,
            CoreForm::Export | CoreForm::ReExport => {
                self.export_form(cx, form, core == CoreForm::ReExport, &env)?;
            }
            CoreForm::OtherModule | CoreForm::OtherModulePrivate => {
                self.mention_other_module(cx, form, Mention::Whole, form, &env, name)?;
            }
            CoreForm::Import
            | CoreForm::DefineLibrary
            | CoreForm::DefineModule
            | CoreForm::DefinePublic
            | CoreForm::DefineStarPublic => {
                let message = format!("{} can stand at top level only", core.name());
                return Err(SyntaxError::new(message, form));
            }
            CoreForm::SyntaxRules => {
                let message = "syntax-rules makes a macro: it can stand only where one is defined, as in (define-syntax \
                               NAME (syntax-rules ...))";
                return Err(SyntaxError::new(message, form));
            }
            CoreForm::Unquote
            | CoreForm::UnquoteSplicing
            | CoreForm::Unsyntax
            | CoreForm::UnsyntaxSplicing
            | CoreForm::Else
            | CoreForm::Arrow
            | CoreForm::Ellipsis
            | CoreForm::Underscore => {
                let place = match core {
                    CoreForm::Unquote | CoreForm::UnquoteSplicing => "inside of (quasiquote ...) only",
                    CoreForm::Unsyntax | CoreForm::UnsyntaxSplicing => "inside of (quasisyntax ...) only",
                    _ => "inside of the forms it belongs to only",
                };
                return Err(SyntaxError::new(format!("{} has a meaning {place}", core.name()), form));
            }
        }
        Ok(None)
    }

    fn quote(&mut self, cx: &mut ExpandContext, form: Value) -> Result<()> {
        let items = all_parts(form, "(quote DATUM)")?;
        let [_, datum] = items[..] else { return malformed(form, "(quote DATUM)") };
        let value = syntax_to_datum(cx.heap, datum);
        self.tasks.push(Task::Constant(value, span(form)));
        Ok(())
    }

    fn if_form(&mut self, _: &mut ExpandContext, form: Value, env: &Rc<Env>, name: Option<Symbol>) -> Result<()> {
        let shape = "(if TEST CONSEQUENT) or (if TEST CONSEQUENT ALTERNATE)";
        let items = parts(form, shape)?;
        let expr = |form: Value, name| Task::Expr { form, env: env.clone(), name };
        let alternate = match items.len() {
            3 => Task::Constant(Value::UNSPECIFIED, span(form)),
            4 => expr(items[3], name),
            _ => return malformed(form, shape),
        };
        self.then([expr(items[1], None), expr(items[2], name), alternate, Task::Build(Build::If, span(form))]);
        Ok(())
    }

    /// Expressions one after the other; the last one's values are the whole's.
    pub(super) fn sequence(&mut self, forms: &[Value], env: &Rc<Env>, place: Span, name: Option<Symbol>) {
        let count = forms.len();
        if count == 0 {
            return self.tasks.push(Task::Constant(Value::UNSPECIFIED, place));
        }
        if count > 1 {
            self.tasks.push(Task::Build(Build::Seq(count), place));
        }
        let name = |index| if index + 1 == count { name } else { None };
        self.then(forms.iter().enumerate().map(|(index, &form)| Task::Expr {
            form,
            env: env.clone(),
            name: name(index),
        }));
    }

    // ---- assignment ----------------------------------------------------------------------------------------------

    fn set(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<Option<Step>> {
        let items = parts(form, "(set! VARIABLE EXPRESSION)")?;
        let [_, target, value] = items[..] else { return malformed(form, "(set! VARIABLE EXPRESSION)") };
        if let Some((head, _)) = expose(target).as_pair() {
            if self.names_other_module(cx, target, env)? {
                self.mention_other_module(cx, target, Mention::Target, form, env, None)?;
                return Ok(None);
            }
            return self.set_with_setter(cx, form, head, target, value, env);
        }
        let Some((symbol, mark)) = identifier(target) else {
            return wrong(target, form, "only a variable can be assigned: (set! VARIABLE EXPRESSION)");
        };
        let build = match self.resolve(cx, env, symbol, mark)? {
            Some(Binding::Local(variable)) => {
                self.check_phase(cx, variable, target)?;
                Build::SetLocal(variable)
            }
            Some(Binding::Variable(cell)) => {
                if let Some(owner) = self.imported_from(cx, env, symbol, mark, cell) {
                    let name = cx.symbols.name(symbol);
                    let message = format!(
                        "{name} is imported from {owner}, and what is imported cannot be assigned; (define {name} ...) \
                         makes a variable of this program's own"
                    );
                    return wrong(target, form, message);
                }
                Build::SetGlobal(cell)
            }
            Some(Binding::Macro(transformer)) if matches!(transformer.transformer, Transformer::Variable(_)) => {
                let then = |form| Task::Expr { form, env: env.clone(), name: None };
                return self.transform_then(cx, &transformer, form, env, then);
            }
            Some(Binding::Macro(_) | Binding::Core(_) | Binding::PatternVariable { .. }) => {
                let name = cx.symbols.name(symbol);
                return wrong(target, form, format!("{name} is syntax, not a variable: it cannot be assigned"));
            }
            Some(Binding::Lazy(_) | Binding::Parameter(_) | Binding::OutOfScope) | None => {
                Build::SetGlobal(self.free_variable(cx, env, symbol, mark))
            }
        };
        if let Build::SetGlobal(cell) = build {
            cell::add_fact(cx.heap, cell, ASSIGNED);
        }
        let value = Task::Expr { form: value, env: env.clone(), name: Some(symbol) };
        self.then([value, Task::Build(build, span(form))]);
        Ok(None)
    }

    /// The library that the variable an identifier means was imported from, if it was and cannot be assigned for that.
    fn imported_from(
        &self,
        cx: &ExpandContext,
        env: &Env,
        symbol: Symbol,
        mark: MarkId,
        cell: Value,
    ) -> Option<String> {
        let (mut module, mut mark) = (env.module(), mark);
        let modules = &cx.state.modules;
        while mark != MarkId::NONE && !modules.has_own(module, symbol, mark) {
            let (parent, origin) = cx.state.marks.origin(mark)?;
            (mark, module) = (parent, origin.module());
        }
        let owner = if mark == MarkId::NONE { modules.origin(module, symbol)? } else { return None };
        // What belongs to a module may be assigned by all, and so may variables of the core such as %load-path.
        let fixed = |cell| cell::has_fact(cell, cell::CONSTANT) || cell::value(cell).is_procedure();
        if modules.module(owner).open || owner == CORE && !fixed(cell) {
            return None;
        }
        Some(modules.show_name(cx.symbols, &modules.module(owner).name))
    }

    /// `(set! (f x ...) v)` calls the setter of f.
    fn set_with_setter(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        head: Value,
        target: Value,
        value: Value,
        env: &Rc<Env>,
    ) -> Result<Option<Step>> {
        let Some(items) = list_items(target) else {
            return wrong(target, form, "only a variable can be assigned: (set! VARIABLE EXPRESSION)");
        };
        let place = span(form);
        let setter = self.base(cx, "setter", place)?;
        let expr = |form: Value| Task::Expr { form, env: env.clone(), name: None };
        let mut tasks = vec![setter, expr(head), Task::Build(Build::Call(1), place)];
        tasks.extend(items[1..].iter().chain([&value]).map(|&form| expr(form)));
        tasks.push(Task::Build(Build::Call(items.len()), place));
        self.then(tasks);
        Ok(None)
    }

    // ---- procedures ----------------------------------------------------------------------------------------------

    pub(super) fn lambda(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        formals: Value,
        body: &[Value],
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<()> {
        let (documentation, body) = documentation(cx, body);
        let (clause, body) = self.clause(cx, form, formals, body, env)?;
        let lambda = Lambda { name, documentation, face: None, clauses: vec![clause] };
        self.then([body, Task::Build(Build::Lambda(Box::new(lambda)), span(form))]);
        Ok(())
    }

    fn named_lambda(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(named-lambda (NAME PARAMETER ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, header, body @ ..] = &items[..] else { return malformed(form, shape) };
        let Some((name, formals)) = expose(*header).as_pair() else { return malformed(form, shape) };
        let Some((name, _)) = identifier(name) else { return malformed(form, shape) };
        self.lambda(cx, form, formals, body, env, Some(name))
    }

    fn case_lambda(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>, name: Option<Symbol>) -> Result<()> {
        let shape = "(case-lambda ((PARAMETER ...) BODY ...) ...)";
        let mut items = parts(form, shape)?;
        let mut documentation = None;
        if items.len() > 2
            && let Some(text) = cx.heap.str(expose(items[1]))
        {
            documentation = Some(text.into());
            items.remove(1);
        }
        if items.len() == 1 {
            // A procedure all the same, if one that cannot be called.
            let place = span(form);
            let text = cx.heap.string("case-lambda: a procedure without clauses takes no number of arguments");
            let rest = Some(self.temporary());
            let clause = Clause { required: Vec::new(), optional: Vec::new(), rest, body: NodeId(0) };
            let lambda = Lambda { name, documentation, face: None, clauses: vec![clause] };
            let error = self.base(cx, "error", place)?;
            let end = Task::Build(Build::Lambda(Box::new(lambda)), place);
            self.then([error, Task::Constant(text, place), Task::Build(Build::Call(1), place), end]);
            return Ok(());
        }
        let (mut clauses, mut tasks, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for &item in &items[1..] {
            let Some(parts) = list_items(item) else { return malformed(item, "((PARAMETER ...) BODY ...)") };
            let [formals, body @ ..] = &parts[..] else { return malformed(form, shape) };
            texts.push(formals_text(cx, *formals));
            let (clause, body) = self.clause(cx, item, *formals, body, env)?;
            clauses.push(clause);
            tasks.push(body);
        }
        let least = clauses.iter().min_by_key(|clause: &&Clause| clause.required.len());
        let face = least.filter(|_| clauses.len() > 1).map(|least| Face {
            required: least.required.len() as u16,
            optional: 0,
            rest: least.rest.is_some(),
            text: texts.join(" | ").into(),
        });
        let lambda = Lambda { name, documentation, face, clauses };
        tasks.push(Task::Build(Build::Lambda(Box::new(lambda)), span(form)));
        self.then(tasks);
        Ok(())
    }

    /// A clause of a procedure, and the task that will leave its body.
    fn clause(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        formals: Value,
        body: &[Value],
        env: &Rc<Env>,
    ) -> Result<(Clause, Task)> {
        let formals = parse_formals(form, formals)?;
        let frame = self.frame(env);
        let clause = Clause {
            required: self.bind_all(cx, &frame, &formals.required, form)?,
            optional: self.bind_all(cx, &frame, &formals.optional, form)?,
            rest: self.bind_all(cx, &frame, formals.rest.as_slice(), form)?.pop(),
            body: NodeId(0),
        };
        Ok((clause, self.body(body, &frame, form, None)?))
    }

    /// Makes identifiers variables of a frame; an identifier that comes twice is an error.
    pub(super) fn bind_all(
        &mut self,
        cx: &ExpandContext,
        frame: &Env,
        identifiers: &[Value],
        form: Value,
    ) -> Result<Vec<VarId>> {
        let mut variables = Vec::with_capacity(identifiers.len());
        for &item in identifiers {
            let Some((symbol, mark)) = identifier(item) else {
                return wrong(item, form, "the name of a variable should stand here");
            };
            variables.push(self.bind_new(cx, frame, symbol, mark, item)?);
        }
        Ok(variables)
    }

    fn bind_new(
        &mut self,
        cx: &ExpandContext,
        frame: &Env,
        symbol: Symbol,
        mark: MarkId,
        item: Value,
    ) -> Result<VarId> {
        let variable = self.variable(symbol);
        match frame.bind(symbol, mark, Binding::Local(variable)) {
            None => Ok(variable),
            Some(_) => {
                let name = cx.symbols.name(symbol);
                Err(SyntaxError::new(format!("{name} is bound twice in the same list of variables"), item))
            }
        }
    }

    /// A call whose operator is a lambda expression with as many parameters as there are operands is a let.
    pub(super) fn call_of_lambda(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        items: &[Value],
        env: &Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<bool> {
        if !matches!(self.head(cx, items[0], env)?, Some(Binding::Core(CoreForm::Lambda))) {
            return Ok(false);
        }
        let Some(lambda) = list_items(items[0]) else { return Ok(false) };
        let [_, formals, body @ ..] = &lambda[..] else { return Ok(false) };
        let Some(names) = list_items(*formals) else { return Ok(false) };
        if names.len() != items.len() - 1 || !names.iter().all(|&name| identifier(name).is_some()) {
            return Ok(false);
        }
        self.let_body(cx, form, &names, &items[1..], body, env, name)?;
        Ok(true)
    }

    // ---- the base library ----------------------------------------------------------------------------------------

    /// The task that leaves a reference to a variable of the core library, whatever the program calls it.
    pub(super) fn base(&mut self, cx: &mut ExpandContext, name: &str, place: Span) -> Result<Task> {
        let symbol = cx.symbols.intern(name);
        let core = cx.state.modules.core_env();
        let cell = match self.resolve(cx, &core, symbol, MarkId::NONE)? {
            Some(Binding::Variable(cell)) => cell,
            _ => cx.state.modules.define_cell(cx.heap, core.module(), symbol, MarkId::NONE),
        };
        Ok(Task::Cell(cell, place))
    }

    /// An identifier with the meaning that it has in the core library.
    pub(super) fn core_identifier(&self, cx: &mut ExpandContext, name: &str, place: Span) -> Value {
        let symbol = cx.symbols.intern(name);
        super::syntax::make_identifier(cx.heap, symbol, cx.state.modules.core_mark(), place)
    }
}

/// A string in front of a body documents the procedure.
pub(super) fn documentation<'a>(cx: &ExpandContext, body: &'a [Value]) -> (Option<Box<str>>, &'a [Value]) {
    match body {
        [first, rest @ ..] if !rest.is_empty() => match cx.heap.str(expose(*first)) {
            Some(text) => (Some(text.into()), rest),
            None => (None, body),
        },
        _ => (None, body),
    }
}

pub(super) fn parse_formals(form: Value, formals: Value) -> Result<Formals> {
    let mut result = Formals::default();
    let mut optional = false;
    let mut rest = expose(formals);
    while let Some((first, next)) = rest.as_pair() {
        rest = expose(next);
        match expose(first) {
            Value::OPTIONAL if !optional => optional = true,
            Value::REST => {
                let Some((last, end)) = rest.as_pair() else {
                    return wrong(formals, form, "a parameter should follow #!rest");
                };
                result.rest = Some(last);
                rest = expose(end);
                break;
            }
            _ if identifier(first).is_none() => {
                return wrong(first, form, "a parameter is a name: (lambda (PARAMETER ...) BODY ...)");
            }
            _ if optional => result.optional.push(first),
            _ => result.required.push(first),
        }
    }
    if identifier(rest).is_some() && result.rest.is_none() {
        result.rest = Some(rest);
    } else if !rest.is_null() {
        return wrong(rest, form, "a parameter is a name: (lambda (PARAMETER ...) BODY ...)");
    }
    Ok(result)
}

/// A node without children, as a task.
pub(super) fn local(variable: VarId, place: Span) -> Task {
    Task::Leaf(Node::Local(variable), place)
}

/// Parameters as they were written: `(a b . c)`.
fn formals_text(cx: &ExpandContext, formals: Value) -> String {
    let Some((items, rest)) = list_parts(formals) else { return String::new() };
    let name = |v: Value| identifier(v).map(|(symbol, _)| cx.symbols.name(symbol).to_string());
    let names: Vec<String> = items.iter().map(|&v| name(v).unwrap_or_else(|| "_".to_string())).collect();
    match name(rest) {
        Some(rest) if names.is_empty() => rest,
        Some(rest) => format!("({} . {rest})", names.join(" ")),
        None => format!("({})", names.join(" ")),
    }
}
