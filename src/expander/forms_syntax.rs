//! The forms that define macros, and those that procedural macros are written with.

use std::rc::Rc;

use super::context::ExpandContext;
use super::convert::{list_items, syntax_to_datum};
use super::core::VarId;
use super::env::{Binding, CoreForm, Env, Macro, Resolution, SyntaxParameter, Transformer};
use super::expand::{Build, Expansion, MacroBinding, Result, Role, Step, Task, all_parts, malformed, parts, wrong};
use super::forms_core::local;
use super::procedural::{PatternVar, compile_syntax_pattern, compile_syntax_template};
use super::rules::compile_rules;
use super::syntax::{SyntaxError, expose, identifier, span, wrap};
use crate::source::Span;
use crate::value::{Kind, Value};

/// The tag of what `make-variable-transformer` returns: a `Tagged` of this symbol and the procedure.
pub const VARIABLE_TRANSFORMER: &str = "variable-transformer";

impl Expansion {
    /// The name and the transformer expression of a define-syntax form. With a header, `(define-syntax (name x) body ...)` is
    /// a procedure, and `(define-syntax-rule (name . pattern) template)` is syntax-rules with one clause.
    pub(super) fn parse_define_syntax(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        core: CoreForm,
    ) -> Result<(Value, Value)> {
        let place = span(form);
        if core == CoreForm::DefineSyntaxRule {
            let shape = "(define-syntax-rule (NAME . PATTERN) TEMPLATE)";
            let items = parts(form, shape)?;
            let (header, template) = match items[..] {
                [_, header, template] => (header, template),
                [_, header, text, template] if expose(text).is_string() => (header, template),
                _ => return malformed(form, shape),
            };
            let Some((name, pattern)) = expose(header).as_pair() else { return malformed(form, shape) };
            let word = self.core_identifier(cx, "syntax-rules", place);
            let underscore = self.core_identifier(cx, "_", place);
            let pattern = wrap(cx.heap, cx.heap.cons(underscore, pattern), span(header));
            let clause = cx.heap.list(&[pattern, template]);
            let spec = cx.heap.list(&[word, Value::NIL, clause]);
            return Ok((name, wrap(cx.heap, spec, place)));
        }
        let shape = "(define-syntax NAME TRANSFORMER)";
        let items = parts(form, shape)?;
        match &items[..] {
            [_, name, spec] if identifier(*name).is_some() => Ok((*name, *spec)),
            [_, header, body @ ..] if !body.is_empty() => {
                let Some((name, formals)) = expose(*header).as_pair() else { return malformed(form, shape) };
                let word = self.core_identifier(cx, "lambda", place);
                let spec = cx.heap.cons(word, cx.heap.cons(formals, cx.heap.list(body)));
                Ok((name, wrap(cx.heap, spec, place)))
            }
            _ => malformed(form, shape),
        }
    }

    /// The tasks that bind the macros of a let-syntax or letrec-syntax form in `frame`, and the form's body.
    pub(super) fn syntax_bindings(
        &mut self,
        form: Value,
        core: CoreForm,
        env: &Rc<Env>,
        frame: &Rc<Env>,
    ) -> Result<(Vec<Task>, Vec<Value>)> {
        let shape = format!("({} ((NAME TRANSFORMER) ...) BODY ...)", core.name());
        let items = parts(form, &shape)?;
        let [_, list, body @ ..] = &items[..] else { return malformed(form, &shape) };
        let Some(list) = list_items(*list) else { return malformed(form, &shape) };
        let mut tasks = Vec::new();
        for item in list {
            let Some(&[identifier, spec]) = list_items(item).as_deref() else {
                return wrong(item, form, "a binding should look like (NAME TRANSFORMER)");
            };
            let env = if core == CoreForm::LetrecSyntax { frame } else { env }.clone();
            let role = if core == CoreForm::SyntaxParameterize { Role::Meaning } else { Role::Macro };
            let binding = MacroBinding { form, identifier, spec, env, frame: Some(frame.clone()), role };
            tasks.push(Task::Macro(Box::new(binding)));
        }
        Ok((tasks, body.to_vec()))
    }

    /// Looks at what should make a transformer: another macro's name, syntax-rules, or an expression to run.
    pub(super) fn define_macro(
        &mut self,
        cx: &mut ExpandContext,
        mut binding: Box<MacroBinding>,
    ) -> Result<Option<Step>> {
        if identifier(binding.identifier).is_none() {
            return wrong(binding.identifier, binding.form, "the name of a macro should stand here");
        }
        if let Some((symbol, mark)) = identifier(binding.spec)
            && let Some(meaning @ (Binding::Macro(_) | Binding::Core(_))) =
                self.resolve(cx, &binding.env, symbol, mark)?
        {
            self.bind_macro(cx, &binding, meaning)?;
            return Ok(None);
        }
        match self.head(cx, binding.spec, &binding.env.clone())? {
            Some(Binding::Core(CoreForm::SyntaxRules)) => {
                let rules = compile_rules(cx, binding.spec, &binding.env)?;
                let transformer = Macro { transformer: Transformer::Rules(rules), env: binding.env.clone() };
                self.bind_macro(cx, &binding, Binding::Macro(Rc::new(transformer)))?;
                Ok(None)
            }
            Some(Binding::Macro(transformer)) => {
                let (spec, env) = (binding.spec, binding.env.clone());
                let then = |spec| {
                    binding.spec = spec;
                    Task::Macro(binding)
                };
                self.transform_then(cx, &transformer, spec, &env, then)
            }
            _ => {
                let name = identifier(binding.identifier).map(|(symbol, _)| symbol);
                let spec = Task::Expr { form: binding.spec, env: Env::transformer(&binding.env), name };
                self.then([Task::BeginUnit { inside: true }, spec, Task::EndUnit, Task::BindMacro(binding)]);
                Ok(None)
            }
        }
    }

    /// Makes a procedure the transformer of a macro.
    pub(super) fn bind_procedure(&mut self, cx: &mut ExpandContext, binding: MacroBinding, value: Value) -> Result<()> {
        let variable = cx.symbols.intern(VARIABLE_TRANSFORMER);
        let is_variable =
            value.is_kind(Kind::Tagged) && value.field_count() == 2 && value.field(0) == Value::symbol(variable);
        let transformer = if is_variable {
            Transformer::Variable(cx.state.roots.keep(vec![value.field(1)]))
        } else if value.is_procedure() {
            Transformer::Procedure(cx.state.roots.keep(vec![value]))
        } else {
            let name = identifier(binding.identifier).map_or("", |(symbol, _)| cx.symbols.name(symbol));
            let message = format!(
                "{name}: a macro is made by (syntax-rules ...) or a procedure that takes a form and returns a form"
            );
            return wrong(binding.spec, binding.form, message);
        };
        let transformer = Macro { transformer, env: binding.env.clone() };
        self.bind_macro(cx, &binding, Binding::Macro(Rc::new(transformer)))
    }

    fn bind_macro(&mut self, cx: &mut ExpandContext, binding: &MacroBinding, meaning: Binding) -> Result<()> {
        let Some((symbol, mark)) = identifier(binding.identifier) else { return Ok(()) };
        let meaning = match (binding.role, &binding.frame) {
            (Role::Meaning, Some(frame)) => {
                let Resolution::Bound(Binding::Parameter(parameter)) = cx.resolve(&binding.env, symbol, mark) else {
                    let message = format!("{} is not a syntax parameter", cx.symbols.name(symbol));
                    return wrong(binding.identifier, binding.form, message);
                };
                frame.set_meaning(parameter, meaning);
                return Ok(());
            }
            (Role::Parameter, _) => Binding::Parameter(Rc::new(SyntaxParameter { default: meaning })),
            _ => meaning,
        };
        match &binding.frame {
            Some(frame) => {
                frame.bind(symbol, mark, meaning);
            }
            None => {
                // The macro's templates may hold marked identifiers, and outlive this expansion.
                cx.state.marks.pinned = true;
                cx.state.modules.define(binding.env.module(), symbol, mark, meaning);
            }
        }
        Ok(())
    }

    /// `(syntax-error "message" form ...)`
    pub(super) fn syntax_error(&mut self, cx: &mut ExpandContext, form: Value) -> SyntaxError {
        let items = list_items(form).unwrap_or_default();
        let [_, message, irritants @ ..] = &items[..] else {
            return SyntaxError::new("this should look like (syntax-error \"MESSAGE\" FORM ...)", form);
        };
        let mut text = match cx.heap.str(expose(*message)) {
            Some(text) => text.to_string(),
            None => return SyntaxError::new("this should look like (syntax-error \"MESSAGE\" FORM ...)", form),
        };
        let culprit = irritants.iter().copied().find(|&irritant| !span(irritant).is_nowhere());
        for &irritant in irritants {
            let datum = syntax_to_datum(cx.heap, irritant);
            text.push(' ');
            text.push_str(&super::show::datum(cx.heap, cx.symbols, datum));
        }
        SyntaxError::new(text, culprit.unwrap_or(form)).or_at(span(form))
    }

    // ---- syntax-case ---------------------------------------------------------------------------------------------

    /// Each clause asks `%syntax-match` for the values of its pattern's variables, in a vector:
    ///
    /// ```text
    /// (let ((x FORM))
    ///   (let ((v (%syntax-match PATTERN-NUMBER x)))
    ///     (if v (let ((a (vector-ref v 0)) ...) OUTPUT) <next clause>)))
    /// ```
    ///
    /// A fender is part of the match: `(let ((v MATCH)) (if v (let ((a (vector-ref v 0)) ...) (if FENDER v #f)) #f))`.
    pub(super) fn syntax_case(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(syntax-case EXPRESSION (LITERAL ...) (PATTERN OUTPUT) ...)";
        let items = parts(form, shape)?;
        let [_, subject, literals, clauses @ ..] = &items[..] else { return malformed(form, shape) };
        let place = span(form);
        let x = self.temporary();
        let mut tasks = vec![Task::Expr { form: *subject, env: env.clone(), name: None }];
        let mut builds = vec![Task::Build(Build::Let([x].into()), place)];
        for &clause in clauses {
            let (pattern, fender, output) = match list_items(clause).as_deref() {
                Some(&[pattern, output]) => (pattern, None, output),
                Some(&[pattern, fender, output]) => (pattern, Some(fender), output),
                _ => {
                    return wrong(
                        clause,
                        form,
                        "a clause should look like (PATTERN OUTPUT) or (PATTERN FENDER OUTPUT)",
                    );
                }
            };
            let (number, variables) = compile_syntax_pattern(cx, pattern, *literals, env)?;
            let here = span(clause);
            let values = self.temporary();
            tasks.push(self.base(cx, "%syntax-match", here)?);
            tasks.push(Task::Constant(Value::fixnum(number as i64), here));
            tasks.push(local(x, here));
            tasks.push(Task::Build(Build::Call(2), here));
            if let Some(fender) = fender {
                let inner = self.temporary();
                let (frame, bound) = self.bind_pattern(&variables, env);
                tasks.push(local(inner, here));
                self.take_apart(cx, inner, &bound, here, &mut tasks)?;
                tasks.push(Task::Expr { form: fender, env: frame, name: None });
                tasks.extend([local(inner, here), Task::Constant(Value::FALSE, here), Task::Build(Build::If, here)]);
                self.close_let(&bound, here, &mut tasks);
                tasks.extend([Task::Constant(Value::FALSE, here), Task::Build(Build::If, here)]);
                tasks.push(Task::Build(Build::Let([inner].into()), here));
            }
            let (frame, bound) = self.bind_pattern(&variables, env);
            tasks.push(local(values, here));
            self.take_apart(cx, values, &bound, here, &mut tasks)?;
            tasks.push(Task::Expr { form: output, env: frame, name: None });
            self.close_let(&bound, here, &mut tasks);
            builds.push(Task::Build(Build::Let([values].into()), here));
            builds.push(Task::Build(Build::If, here));
        }
        tasks.push(self.base(cx, "%syntax-no-match", place)?);
        tasks.extend([local(x, place), Task::Build(Build::Call(1), place)]);
        tasks.extend(builds.into_iter().rev());
        self.then(tasks);
        Ok(())
    }

    /// A frame with the variables of a pattern.
    fn bind_pattern(&mut self, variables: &[PatternVar], env: &Rc<Env>) -> (Rc<Env>, Vec<VarId>) {
        let frame = self.frame(env);
        let mut bound = Vec::with_capacity(variables.len());
        for variable in variables {
            let var = self.variable(variable.symbol);
            frame.bind(variable.symbol, variable.mark, Binding::PatternVariable { depth: variable.depth, var });
            bound.push(var);
        }
        (frame, bound)
    }

    /// The inits of a let of these variables: the elements of a vector.
    fn take_apart(
        &mut self,
        cx: &mut ExpandContext,
        vector: VarId,
        variables: &[VarId],
        place: Span,
        tasks: &mut Vec<Task>,
    ) -> Result<()> {
        for index in 0..variables.len() {
            tasks.push(self.base(cx, "vector-ref", place)?);
            tasks.extend([local(vector, place), Task::Constant(Value::fixnum(index as i64), place)]);
            tasks.push(Task::Build(Build::Call(2), place));
        }
        Ok(())
    }

    fn close_let(&self, variables: &[VarId], place: Span, tasks: &mut Vec<Task>) {
        if !variables.is_empty() {
            tasks.push(Task::Build(Build::Let(variables.into()), place));
        }
    }

    /// `(%syntax-instantiate 'TEMPLATE-NUMBER value ...)`
    pub(super) fn syntax(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let items = all_parts(form, "(syntax TEMPLATE)")?;
        let [_, template] = items[..] else { return malformed(form, "(syntax TEMPLATE)") };
        let (number, variables) = compile_syntax_template(cx, template, env)?;
        // The template stays in the table, and with it its identifiers.
        cx.state.marks.pinned = true;
        let place = span(form);
        let mut tasks = vec![self.base(cx, "%syntax-instantiate", place)?];
        tasks.push(Task::Constant(Value::fixnum(number as i64), place));
        for &variable in &variables {
            self.check_phase(cx, variable, form)?;
            tasks.push(local(variable, place));
        }
        tasks.push(Task::Build(Build::Call(variables.len() + 1), place));
        self.then(tasks);
        Ok(())
    }

    /// `(with-syntax ((PATTERN EXPRESSION) ...) BODY ...)` is syntax-case on the list of the expressions' values.
    pub(super) fn with_syntax(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape = "(with-syntax ((PATTERN EXPRESSION) ...) BODY ...)";
        let items = parts(form, shape)?;
        let [_, list, body @ ..] = &items[..] else { return malformed(form, shape) };
        let place = span(form);
        let (mut patterns, mut expressions) = (Vec::new(), vec![self.core_identifier(cx, "list", place)]);
        for item in list_items(*list).map_or_else(|| malformed(form, shape), Ok)? {
            let Some(&[pattern, expression]) = list_items(item).as_deref() else {
                return wrong(item, form, "a binding should look like (PATTERN EXPRESSION)");
            };
            patterns.push(pattern);
            expressions.push(expression);
        }
        let word = self.core_identifier(cx, "let", place);
        let body = cx.heap.cons(word, cx.heap.cons(Value::NIL, cx.heap.list(body)));
        let clause = cx.heap.list(&[cx.heap.list(&patterns), wrap(cx.heap, body, place)]);
        let word = self.core_identifier(cx, "syntax-case", place);
        let expansion = cx.heap.list(&[word, cx.heap.list(&expressions), Value::NIL, clause]);
        self.tasks.push(Task::Expr { form: wrap(cx.heap, expansion, place), env: env.clone(), name: None });
        Ok(())
    }

    /// `(identifier-syntax X)`, or with a clause for set!: `(identifier-syntax (NAME X) ((set! NAME VALUE) Y))`.
    pub(super) fn identifier_syntax(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<()> {
        let shape =
            "(identifier-syntax TEMPLATE) or (identifier-syntax (NAME TEMPLATE) ((set! NAME PATTERN) TEMPLATE))";
        let items = parts(form, shape)?;
        let place = span(form);
        let mut id = |name: &str| self.core_identifier(cx, name, place);
        let (lambda, x, case, syntax, dots) = (id("lambda"), id("x"), id("syntax-case"), id("syntax"), id("..."));
        let (underscore, set, make) = (id("_"), id("set!"), id("make-variable-transformer"));
        let (name, rest) = (id("name"), id("rest"));
        let heap = &*cx.heap;
        let quoted = |template| heap.list(&[syntax, template]);
        let expansion = match items[..] {
            [_, template] => {
                // A use at the head of a call is a call of what the template stands for.
                let call = heap.list(&[heap.list(&[name, rest, dots]), quoted(heap.list(&[template, rest, dots]))]);
                let alone = heap.list(&[underscore, quoted(template)]);
                let case = heap.list(&[case, x, Value::NIL, call, alone]);
                heap.list(&[lambda, heap.list(&[x]), case])
            }
            [_, reference, assignment] => {
                let (Some(&[name, template]), Some(&[pattern, result])) =
                    (list_items(reference).as_deref(), list_items(assignment).as_deref())
                else {
                    return malformed(form, shape);
                };
                let assign = heap.list(&[pattern, quoted(result)]);
                let call = heap.list(&[heap.list(&[name, rest, dots]), quoted(heap.list(&[template, rest, dots]))]);
                let alone = heap.list(&[name, quoted(template)]);
                let case = heap.list(&[case, x, heap.list(&[set]), assign, call, alone]);
                heap.list(&[make, heap.list(&[lambda, heap.list(&[x]), case])])
            }
            _ => return malformed(form, shape),
        };
        self.tasks.push(Task::Expr { form: wrap(cx.heap, expansion, place), env: env.clone(), name: None });
        Ok(())
    }
}

/// What a definition of a macro makes.
pub(super) fn role_of(core: CoreForm) -> Role {
    if core == CoreForm::DefineSyntaxParameter { Role::Parameter } else { Role::Macro }
}
