//! The expander's machine: syntax goes in, units of the core language come out.
//!
//! It keeps its own stacks, so that no nesting of a program reaches the Rust stack, and so that it can stop in the
//! middle and go on later: a macro may be a procedure, a definition may have to run before the next form means
//! anything. Whoever drives it runs what a step asks for and hands back the value.
//!
//! ```text
//! tasks:  what is left to do, next on top      Expr (f a b)
//!                                           ->  Expr f | Expr a | Expr b | Build Call(2)
//! units:  one per program under construction   nodes: finished expressions that wait for their parent
//! ```
//!
//! Tasks are pushed so that nodes come out in the order that `core` promises: operands before the call, in order.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::body::Body;
use super::context::ExpandContext;
use super::convert::{is_longer, list_items, syntax_to_datum};
use super::core::{Lambda, LambdaId, Node, NodeId, Unit, VarId, Variable};
use super::env::{Binding, CoreForm, Env, Macro, MarkId, MarkPoint, ModuleId, Resolution, Stamp, Transformer};
use super::forms_module::{Mention, ModuleFile, Reexport};
use super::import::{Exports, Import};
use super::library::LibraryName;
use super::rules::apply_rules;
use super::syntax::{SyntaxError, expose, identifier, span};
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::stop::STRIDE;
use crate::value::tracer::Tracer;
use crate::value::{Kind, Value};

/// What the driver is to do next.
pub enum Step {
    /// Run this; the form is then done, and its value is the form's.
    Done(Unit),
    /// Run this, and call `advance` with its value.
    Eval(Unit),
    /// Call this, and call `advance` with its value.
    Call { procedure: Value, arguments: Vec<Value> },
}

pub type Result<T, E = SyntaxError> = std::result::Result<T, E>;

const EMPTY: &str = "() is not an expression: write '() for the empty list, or name a procedure to call";

/// How often macros may be applied in the expansion of one form: past this, some macro expands into itself.
const MOST_TRANSFORMATIONS: usize = 1_000_000;

pub struct Expansion {
    pub(super) tasks: Vec<Task>,
    pub(super) units: Vec<Building>,
    pub(super) answer: Option<Value>,
    transformations: usize,
    /// How many major collections there had been when one was last waited for.
    paused: Option<u64>,
    pub(super) includes: usize,
    /// The libraries that are being loaded, each for the one before it.
    pub(super) loading: Vec<ModuleId>,
    /// The definitions that are being made because somebody needs them, each for the one before it.
    pub(super) waking: Vec<u32>,
    /// The modules whose files are being run, each for the one before it.
    pub(super) expected: Vec<LibraryName>,
    /// What variables are called that no program names.
    unnamed: Symbol,
    /// The marks there were at the beginning; nothing once the expansion is over.
    marks: Option<MarkPoint>,
}

/// A unit under construction.
pub(super) struct Building {
    pub unit: Unit,
    pub nodes: Vec<NodeId>,
    /// Where cells already stand in the unit: the words of the cells, good until they move.
    cells: FxHashMap<u64, u32>,
    /// Frames with local variables of this unit. They are cleared with its end: nobody else may find the variables, and
    /// macros that remember the frame they are in would keep it alive.
    frames: Vec<Rc<Env>>,
    /// Variables below this number are another unit's, around this one.
    first: u32,
}

pub(super) enum Task {
    /// Expand an expression to a node. `name` is what the expression's value will be known as.
    Expr {
        form: Value,
        env: Rc<Env>,
        name: Option<Symbol>,
    },
    /// Expand a form at top level to a node.
    Top {
        form: Value,
        env: Rc<Env>,
    },
    TopSequence(Box<TopSequence>),
    /// Go on looking for definitions in a body.
    Body(Box<Body>),
    /// A definition's lambda expression without the word lambda.
    Lambda(Box<LambdaParts>),
    Many(Vec<Task>),
    Leaf(Node, Span),
    Constant(Value, Span),
    /// The cell of a global variable.
    Cell(Value, Span),
    Build(Build, Span),
    /// Do the task with the answer, which a transformer has given, as its form.
    Answered(Box<Answered>),
    /// Start a unit that runs during expansion, in the place of a part of the unit there is, or on its own.
    BeginUnit {
        inside: bool,
    },
    /// Have the innermost unit run, and go on with the unit around it.
    EndUnit,
    /// The same, for a procedure's definition: nothing has to run before it.
    EndDefinition,
    /// Forget the value of what has run.
    DropAnswer,
    /// A definition that waited has run.
    Woken,
    /// Go on with the file of a module.
    File(Box<ModuleFile>),
    /// Names that a module in use has are exported.
    Reexport(Box<Reexport>),
    /// A name of another module, which is there by now.
    OtherModule {
        module: Value,
        wanted: Value,
        private: bool,
        mention: Mention,
        form: Value,
        env: Rc<Env>,
        name: Option<Symbol>,
    },
    /// Have what there is so far run, and go on.
    Flush,
    /// Find out what a macro's definition makes of its name.
    Macro(Box<MacroBinding>),
    /// Make the answer the transformer of a macro.
    BindMacro(Box<MacroBinding>),
    Import(Box<Import>),
    /// A library has run: let it be seen.
    Exports(Box<Exports>),
}

/// More than the instruction format has room for in a call: not worth expanding.
const MOST_OPERANDS: usize = u16::MAX as usize;
/// Parts of any other form: with each of them it takes longer until it can be interrupted.
const MOST_PARTS: usize = 1 << 17;

/// What goes on after a procedural macro, and which other one this has interrupted.
pub(super) struct Answered {
    task: Task,
    env: Option<Rc<Env>>,
    stamp: Option<Stamp>,
}

/// Forms at top level, of which those from `next` on have not been looked at.
pub(super) struct TopSequence {
    pub forms: Vec<Value>,
    pub next: usize,
    pub env: Rc<Env>,
    pub place: Span,
    /// Each runs before the next is looked at.
    pub apart: bool,
}

pub(super) struct LambdaParts {
    pub form: Value,
    pub formals: Value,
    pub body: Vec<Value>,
    pub env: Rc<Env>,
    pub name: Option<Symbol>,
    /// Whether optional parameters may have defaults, as in define*.
    pub star: bool,
}

pub(super) struct MacroBinding {
    pub form: Value,
    pub identifier: Value,
    /// What should make a transformer, and where it stands.
    pub spec: Value,
    pub env: Rc<Env>,
    /// The frame that gets the binding; nothing for the top level.
    pub frame: Option<Rc<Env>>,
    pub role: Role,
}

/// What a macro's definition makes of its name.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Role {
    Macro,
    /// A syntax parameter.
    Parameter,
    /// The name is a syntax parameter's, which gets another meaning in the frame.
    Meaning,
}

/// How a node is made of the finished nodes below it.
pub(super) enum Build {
    If,
    Seq(usize),
    /// One after the other all that has been finished so far, at top level.
    All,
    Call(usize),
    Let(Box<[VarId]>),
    Letrec(Box<[VarId]>),
    SetLocal(VarId),
    /// The variable's cell.
    SetGlobal(Value),
    DefineGlobal(Value),
    LetValues {
        required: Box<[VarId]>,
        rest: Option<VarId>,
    },
    /// The clauses' bodies are finished nodes.
    Lambda(Box<Lambda>),
}

impl Building {
    fn new(around: &[Variable]) -> Building {
        // The numbers of the variables around are taken, so that they cannot be mistaken for this unit's.
        let unit = Unit { variables: around.to_vec(), ..Unit::default() };
        let first = around.len() as u32;
        Building { unit, nodes: Vec::new(), cells: FxHashMap::default(), frames: Vec::new(), first }
    }

    fn cell(&mut self, cell: Value) -> u32 {
        let Unit { cells, .. } = &mut self.unit;
        *self.cells.entry(cell.bits()).or_insert_with(|| {
            cells.push(cell);
            cells.len() as u32 - 1
        })
    }

    fn finish(&mut self) -> Unit {
        let mut unit = std::mem::take(&mut self.unit);
        unit.root = self.nodes.pop();
        debug_assert!(self.nodes.is_empty(), "one node is left when a unit is finished");
        unit
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        for frame in &self.frames {
            frame.clear();
        }
    }
}

/// What a macro made of a use.
pub(super) enum Transformed {
    Form(Value),
    Call { procedure: Value, arguments: Vec<Value> },
}

impl Expansion {
    /// The expansion of one top-level form.
    pub fn new(form: Value, env: Rc<Env>, cx: &mut ExpandContext) -> Expansion {
        Expansion {
            tasks: vec![Task::Top { form, env }],
            units: vec![Building::new(&[])],
            answer: None,
            transformations: 0,
            paused: None,
            includes: 0,
            loading: Vec::new(),
            expected: Vec::new(),
            waking: Vec::new(),
            unnamed: cx.symbols.intern("temporary"),
            marks: Some(cx.state.modules.begin(&mut cx.state.marks)),
        }
    }

    /// Goes on until something has to be run. `answer` is the value of what the last step asked for.
    pub fn advance(&mut self, cx: &mut ExpandContext, answer: Option<Value>) -> Result<Step> {
        self.answer = answer;
        let step = self.run(cx);
        if matches!(step, Ok(Step::Done(_)) | Err(_))
            && let Some(point) = self.marks.take()
        {
            cx.state.modules.end(&mut cx.state.marks, point);
            self.forget_loading(cx);
            for index in self.waking.drain(..) {
                cx.state.modules.definition_has_failed(index);
            }
        }
        step
    }

    fn run(&mut self, cx: &mut ExpandContext) -> Result<Step> {
        loop {
            if cx.heap.control.interrupted() {
                return Err(SyntaxError::new("interrupted", Value::FALSE));
            }
            let step = match self.tasks.pop() {
                Some(task) => self.perform(cx, task)?,
                None if self.definitions_first(cx)? => None,
                None => {
                    let mut building = self.units.pop().expect("the outermost unit is there until it is done");
                    return Ok(Step::Done(building.finish()));
                }
            };
            if let Some(step) = step {
                return Ok(step);
            }
        }
    }

    /// Everything that is held between steps.
    pub fn trace(&mut self, tracer: &mut Tracer) {
        for task in &mut self.tasks {
            task.trace(tracer);
        }
        for building in &mut self.units {
            building.unit.trace(tracer);
            building.cells = building.unit.cells.iter().zip(0..).map(|(cell, at)| (cell.bits(), at)).collect();
        }
        if let Some(answer) = &mut self.answer {
            tracer.visit(answer);
        }
    }

    fn perform(&mut self, cx: &mut ExpandContext, task: Task) -> Result<Option<Step>> {
        match task {
            Task::Expr { form, env, name } => return self.expression(cx, form, env, name),
            Task::Top { form, env } => return self.top(cx, form, env),
            Task::TopSequence(sequence) => self.top_sequence(*sequence),
            Task::Body(body) => return self.scan_body(cx, body),
            Task::Lambda(parts) => {
                let LambdaParts { form, formals, body, env, name, star } = *parts;
                let (result, core) = if star {
                    (self.lambda_with_defaults(cx, form, formals, &body, &env, name), CoreForm::DefineStar)
                } else {
                    (self.lambda(cx, form, formals, &body, &env, name), CoreForm::Define)
                };
                result.map_err(|error| in_form(error, core))?;
            }
            Task::Many(tasks) => self.then(tasks),
            Task::Leaf(node, span) => self.node(node, span),
            Task::Constant(value, span) => {
                let building = self.building();
                let id = building.unit.constant(value, span);
                building.nodes.push(id);
            }
            Task::Cell(cell, span) => {
                let index = self.building().cell(cell);
                self.node(Node::Global(index), span);
            }
            Task::Build(build, span) => self.build(build, span),
            Task::Answered(answered) => {
                let form = self.take_answer();
                (cx.state.current_env, cx.state.current_stamp) = (answered.env, answered.stamp);
                self.tasks.push(answered.task.with_form(form));
            }
            Task::BeginUnit { inside } => {
                let around: &[Variable] = if inside { &self.building().unit.variables } else { &[] };
                let building = Building::new(around);
                self.units.push(building);
            }
            Task::EndUnit => {
                self.tasks.push(Task::EndUnit);
                if !self.definitions_first(cx)? {
                    self.tasks.pop();
                    let mut building = self.units.pop().expect("a unit was begun");
                    return Ok(Some(Step::Eval(building.finish())));
                }
            }
            Task::EndDefinition => {
                let mut building = self.units.pop().expect("a unit was begun");
                return Ok(Some(Step::Eval(building.finish())));
            }
            Task::Flush => {
                self.tasks.push(Task::Flush);
                if !self.definitions_first(cx)? {
                    self.tasks.pop();
                    let building = self.building();
                    let unit = building.finish();
                    let around = &unit.variables[..building.first as usize];
                    *building = Building::new(around);
                    return Ok(Some(Step::Eval(unit)));
                }
            }
            Task::DropAnswer => self.answer = None,
            Task::Woken => {
                self.answer = None;
                let index = self.waking.pop().expect("a definition was begun");
                cx.state.modules.definition_has_run(index);
                cx.state.modules.make_copies(cx.heap);
            }
            Task::File(file) => self.go_on_loading(cx, file)?,
            Task::Reexport(exports) => self.reexport(cx, *exports)?,
            Task::OtherModule { module, wanted, private, mention, form, env, name } => {
                self.other_module(cx, module, wanted, private, mention, form, env, name)?;
            }
            Task::Macro(binding) => return self.define_macro(cx, binding),
            Task::BindMacro(binding) => {
                let procedure = self.take_answer();
                self.bind_procedure(cx, *binding, procedure)?;
            }
            Task::Import(import) => return self.go_on_importing(cx, import),
            Task::Exports(exports) => self.finish_library(cx, *exports)?,
        }
        Ok(None)
    }

    // ---- nodes ---------------------------------------------------------------------------------------------------

    pub(super) fn building(&mut self) -> &mut Building {
        self.units.last_mut().expect("a unit is under construction")
    }

    pub(super) fn take_answer(&mut self) -> Value {
        self.answer.take().unwrap_or(Value::UNSPECIFIED)
    }

    pub(super) fn node(&mut self, node: Node, span: Span) {
        let building = self.building();
        let id = building.unit.push(node, span);
        building.nodes.push(id);
    }

    fn pop(&mut self) -> NodeId {
        self.building().nodes.pop().expect("tasks leave the nodes that builds take")
    }

    fn pop_many(&mut self, count: usize) -> Box<[NodeId]> {
        let nodes = &mut self.building().nodes;
        nodes.drain(nodes.len() - count..).collect()
    }

    fn build(&mut self, build: Build, span: Span) {
        let node = match build {
            Build::If => {
                let nodes = self.pop_many(3);
                Node::If(nodes[0], nodes[1], nodes[2])
            }
            Build::Seq(count) => Node::Seq(self.pop_many(count)),
            Build::All => {
                let count = self.building().nodes.len();
                if count == 1 {
                    return;
                }
                Node::Seq(self.pop_many(count))
            }
            Build::Call(count) => {
                let operands = self.pop_many(count);
                Node::Call(self.pop(), operands)
            }
            Build::Let(variables) => {
                let body = self.pop();
                let inits = self.pop_many(variables.len());
                Node::Let(variables, inits, body)
            }
            Build::Letrec(variables) => {
                let body = self.pop();
                let inits = self.pop_many(variables.len());
                Node::Letrec(variables, inits, body)
            }
            Build::SetLocal(variable) => {
                let value = self.pop();
                self.building().unit.variables[variable.0 as usize].assigned = true;
                Node::SetLocal(variable, value)
            }
            Build::SetGlobal(cell) => {
                let value = self.pop();
                Node::SetGlobal(self.building().cell(cell), value)
            }
            Build::DefineGlobal(cell) => {
                let value = self.pop();
                Node::DefineGlobal(self.building().cell(cell), value)
            }
            Build::LetValues { required, rest } => {
                let body = self.pop();
                Node::LetValues { producer: self.pop(), required, rest, body }
            }
            Build::Lambda(mut lambda) => {
                let bodies = self.pop_many(lambda.clauses.len());
                for (clause, body) in lambda.clauses.iter_mut().zip(bodies) {
                    clause.body = body;
                }
                let unit = &mut self.building().unit;
                unit.lambdas.push(*lambda);
                Node::Lambda(LambdaId(unit.lambdas.len() as u32 - 1))
            }
        };
        self.node(node, span);
    }

    /// Does these tasks next, the first one first.
    pub(super) fn then(&mut self, tasks: impl IntoIterator<Item = Task, IntoIter: DoubleEndedIterator>) {
        self.tasks.extend(tasks.into_iter().rev());
    }

    pub(super) fn variable(&mut self, name: Symbol) -> VarId {
        self.building().unit.variable(name)
    }

    /// A variable that no program names.
    pub(super) fn temporary(&mut self) -> VarId {
        self.variable(self.unnamed)
    }

    /// Makes the identifier a new local variable of the environment.
    pub(super) fn bind_local(&mut self, env: &Env, symbol: Symbol, mark: MarkId) -> VarId {
        let variable = self.variable(symbol);
        env.bind(symbol, mark, Binding::Local(variable));
        variable
    }

    /// A frame for local bindings of the unit under construction.
    pub(super) fn frame(&mut self, env: &Rc<Env>) -> Rc<Env> {
        let frame = Env::inside(env);
        self.building().frames.push(frame.clone());
        frame
    }

    // ---- expressions ---------------------------------------------------------------------------------------------

    fn expression(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        env: Rc<Env>,
        name: Option<Symbol>,
    ) -> Result<Option<Step>> {
        if let Some((symbol, mark)) = identifier(form) {
            return self.reference(cx, form, symbol, mark, env);
        }
        let datum = expose(form);
        let Some((head, _)) = datum.as_pair() else {
            return self.self_evaluating(cx, datum, form);
        };
        if let Some((symbol, mark)) = identifier(head) {
            match self.resolve(cx, &env, symbol, mark)? {
                Some(Binding::Core(core)) => {
                    return self.form(cx, core, form, env, name).map_err(|error| in_form(error, core));
                }
                Some(Binding::Macro(transformer)) => {
                    let then = |form| Task::Expr { form, env: env.clone(), name };
                    return self.transform_then(cx, &transformer, form, &env, then);
                }
                _ => {}
            }
        } else if self.names_other_module(cx, head, &env)? {
            self.mention_other_module(cx, head, Mention::Head, form, &env, name)?;
            return Ok(None);
        }
        self.call(cx, form, env, name)?;
        Ok(None)
    }

    fn self_evaluating(&mut self, cx: &mut ExpandContext, datum: Value, form: Value) -> Result<Option<Step>> {
        if datum == Value::NIL {
            return Err(SyntaxError::new(EMPTY, form));
        }
        let value =
            if datum.is_vector() || datum.is_kind(Kind::Array) { syntax_to_datum(cx.heap, datum) } else { datum };
        self.tasks.push(Task::Constant(value, span(form)));
        Ok(None)
    }

    /// A name on its own.
    fn reference(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        symbol: Symbol,
        mark: MarkId,
        env: Rc<Env>,
    ) -> Result<Option<Step>> {
        let span = span(form);
        match self.resolve(cx, &env, symbol, mark)? {
            Some(Binding::Local(variable)) => {
                self.check_phase(cx, variable, form)?;
                self.tasks.push(Task::Leaf(Node::Local(variable), span));
            }
            Some(Binding::Variable(cell)) => self.tasks.push(Task::Cell(cell, span)),
            Some(Binding::Macro(transformer)) if !matches!(transformer.transformer, Transformer::Rules(_)) => {
                let then = |form| Task::Expr { form, env: env.clone(), name: None };
                return self.transform_then(cx, &transformer, form, &env, then);
            }
            Some(Binding::Macro(_)) | Some(Binding::Core(_)) => {
                let name = cx.symbols.name(symbol);
                let message = format!("{name} is syntax, and stands here as if it were a variable");
                return Err(SyntaxError::new(message, form));
            }
            Some(Binding::PatternVariable { .. }) => {
                let name = cx.symbols.name(symbol);
                let message = format!("{name} is a pattern variable: it has a meaning inside (syntax ...) only");
                return Err(SyntaxError::new(message, form));
            }
            Some(Binding::Lazy(_) | Binding::Parameter(_) | Binding::OutOfScope) | None => {
                let cell = self.free_variable(cx, &env, symbol, mark);
                self.tasks.push(Task::Cell(cell, span));
            }
        }
        Ok(None)
    }

    /// The cell of a variable that nobody has defined so far.
    pub(super) fn free_variable(&mut self, cx: &mut ExpandContext, env: &Env, symbol: Symbol, mark: MarkId) -> Value {
        let module = match cx.resolve(env, symbol, mark) {
            Resolution::Free(module) => module,
            Resolution::Bound(_) => env.module(),
        };
        cx.state.modules.define_cell(cx.heap, module, symbol, MarkId::NONE)
    }

    /// A variable of the program has no value yet while a part of the program runs during expansion.
    pub(super) fn check_phase(&mut self, cx: &ExpandContext, variable: VarId, form: Value) -> Result<()> {
        if variable.0 >= self.building().first {
            return Ok(());
        }
        let name = identifier(form).map_or("this", |(symbol, _)| cx.symbols.name(symbol));
        let message = format!("{name} is a variable of the running program: it has no value while macros are defined");
        Err(SyntaxError::new(message, form))
    }

    /// A procedure call; a call of a lambda expression just binds its variables.
    fn call(&mut self, cx: &mut ExpandContext, form: Value, env: Rc<Env>, name: Option<Symbol>) -> Result<()> {
        check_length(form, MOST_OPERANDS)?;
        let Some(items) = list_items(form) else {
            return Err(SyntaxError::new("a call is a proper list: (PROCEDURE ARGUMENT ...)", form));
        };
        if let Some(&empty) = items.iter().find(|item| **item == Value::NIL) {
            return wrong(empty, form, EMPTY);
        }
        if self.call_of_lambda(cx, form, &items, &env, name)? {
            return Ok(());
        }
        let count = items.len() - 1;
        self.tasks.push(Task::Build(Build::Call(count), span(form)));
        self.then(items.into_iter().map(|form| Task::Expr { form, env: env.clone(), name: None }));
        Ok(())
    }

    // ---- macros --------------------------------------------------------------------------------------------------

    /// The meaning of an identifier. Definitions that wait in the core library until somebody needs them are taken up.
    pub(super) fn resolve(
        &mut self,
        cx: &mut ExpandContext,
        env: &Rc<Env>,
        symbol: Symbol,
        mark: MarkId,
    ) -> Result<Option<Binding>> {
        match cx.resolve(env, symbol, mark) {
            Resolution::Bound(binding @ (Binding::Lazy(_) | Binding::Variable(_))) => {
                let binding = match binding {
                    Binding::Lazy(index) => self.lazy(cx, index)?,
                    other => other,
                };
                match (self.announcing(cx, env, symbol, mark), &binding) {
                    (Some(module), &Binding::Variable(foreign)) => {
                        // Until its definition has run, the variable has the value of the one that it hides.
                        let cell = cx.state.modules.define_cell(cx.heap, module, symbol, MarkId::NONE);
                        self.copy_cell(cx, foreign, cell);
                        cx.state.modules.withdraw(module, symbol);
                        Ok(Some(Binding::Variable(cell)))
                    }
                    _ => Ok(Some(binding)),
                }
            }
            Resolution::Bound(Binding::Parameter(parameter)) => Ok(Some(env.meaning(&parameter))),
            Resolution::Bound(binding) => Ok(Some(binding)),
            Resolution::Free(_) => Ok(None),
        }
    }

    /// The module that will define the name further down, if the identifier means something imported as yet.
    fn announcing(&self, cx: &ExpandContext, env: &Env, symbol: Symbol, mark: MarkId) -> Option<ModuleId> {
        let (mut module, mut mark) = (env.module(), mark);
        let modules = &cx.state.modules;
        while mark != MarkId::NONE {
            let (parent, origin) = cx.state.marks.origin(mark)?;
            (mark, module) = (parent, origin.module());
        }
        (modules.is_announced(module, symbol) && !modules.has_own(module, symbol, mark)).then_some(module)
    }

    /// The core form or macro that the head of this form names, if it names one.
    pub(super) fn head(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<Option<Binding>> {
        let Some((head, _)) = expose(form).as_pair() else { return Ok(None) };
        let Some((symbol, mark)) = identifier(head) else { return Ok(None) };
        self.resolve(cx, env, symbol, mark)
    }

    /// Whether this is an `@` or `@@` form.
    pub(super) fn names_other_module(&mut self, cx: &mut ExpandContext, form: Value, env: &Rc<Env>) -> Result<bool> {
        let head = self.head(cx, form, env)?;
        Ok(matches!(head, Some(Binding::Core(CoreForm::OtherModule | CoreForm::OtherModulePrivate))))
    }

    /// Whether this is an identifier with the meaning of that core form.
    pub(super) fn is_core(
        &mut self,
        cx: &mut ExpandContext,
        form: Value,
        env: &Rc<Env>,
        core: CoreForm,
    ) -> Result<bool> {
        let Some((symbol, mark)) = identifier(form) else { return Ok(false) };
        Ok(matches!(self.resolve(cx, env, symbol, mark)?, Some(Binding::Core(found)) if found == core))
    }

    pub(super) fn transform(
        &mut self,
        cx: &mut ExpandContext,
        transformer: &Macro,
        form: Value,
        env: &Rc<Env>,
    ) -> Result<Transformed> {
        self.transformations += 1;
        if self.transformations > MOST_TRANSFORMATIONS {
            return Err(SyntaxError::new("the expansion of this form does not come to an end", form));
        }
        match &transformer.transformer {
            Transformer::Rules(rules) => {
                let name = expose(form).as_pair().and_then(|(head, _)| identifier(head));
                apply_rules(cx, rules, form, env, &transformer.env).map(Transformed::Form).map_err(|error| match name {
                    Some((name, _)) => error.of(cx.symbols.name(name)),
                    None => error,
                })
            }
            Transformer::Native(native) => {
                let stamp = cx.state.marks.new_stamp();
                native(cx, form, env, &transformer.env, stamp).map(Transformed::Form)
            }
            Transformer::Procedure(kept) | Transformer::Variable(kept) => {
                Ok(Transformed::Call { procedure: kept.get(0), arguments: vec![form] })
            }
        }
    }

    /// What has a collection come between two transformations, if the memory calls for one: a unit that does nothing is run, and
    /// ends in an error when too much is alive.
    pub(super) fn pause(&mut self, cx: &ExpandContext) -> Option<[Task; 4]> {
        if !cx.heap.is_major_due() || self.paused == Some(cx.heap.major_collections) {
            return None;
        }
        self.paused = Some(cx.heap.major_collections);
        let nothing = Task::Constant(Value::UNSPECIFIED, Span::NOWHERE);
        Some([Task::BeginUnit { inside: false }, nothing, Task::EndUnit, Task::DropAnswer])
    }

    /// Applies a macro, and goes on with the task that `then` makes of the result.
    pub(super) fn transform_then(
        &mut self,
        cx: &mut ExpandContext,
        transformer: &Macro,
        form: Value,
        env: &Rc<Env>,
        then: impl FnOnce(Value) -> Task,
    ) -> Result<Option<Step>> {
        if let Some(pause) = self.pause(cx) {
            self.tasks.push(then(form));
            self.then(pause);
            return Ok(None);
        }
        match self.transform(cx, transformer, form, env)? {
            Transformed::Form(form) => {
                self.tasks.push(then(form));
                Ok(None)
            }
            Transformed::Call { procedure, arguments } => {
                Ok(Some(self.call_transformer(cx, procedure, arguments, env.clone(), then(Value::FALSE))))
            }
        }
    }

    /// Has a procedural macro called, for a use in `env`; its result becomes the form of `task`.
    pub(super) fn call_transformer(
        &mut self,
        cx: &mut ExpandContext,
        procedure: Value,
        arguments: Vec<Value>,
        env: Rc<Env>,
        task: Task,
    ) -> Step {
        let interrupted = cx.state.current_env.replace(env);
        let stamp = cx.state.marks.new_stamp();
        let stamp = cx.state.current_stamp.replace(stamp);
        self.tasks.push(Task::Answered(Box::new(Answered { task, env: interrupted, stamp })));
        Step::Call { procedure, arguments }
    }
}

impl Task {
    fn with_form(mut self, answer: Value) -> Task {
        match &mut self {
            Task::Expr { form, .. } | Task::Top { form, .. } => *form = answer,
            Task::Macro(binding) => binding.spec = answer,
            Task::Body(body) => body.set_next(answer),
            _ => unreachable!("these tasks wait for a form"),
        }
        self
    }

    pub(super) fn trace(&mut self, tracer: &mut Tracer) {
        match self {
            Task::Expr { form, .. } | Task::Top { form, .. } => tracer.visit(form),
            Task::Constant(value, _) | Task::Cell(value, _) => tracer.visit(value),
            Task::Build(Build::SetGlobal(cell) | Build::DefineGlobal(cell), _) => tracer.visit(cell),
            Task::Body(body) => body.trace(tracer),
            Task::TopSequence(sequence) => tracer.visit_all(&mut sequence.forms),
            Task::Lambda(parts) => {
                tracer.visit(&mut parts.form);
                tracer.visit(&mut parts.formals);
                tracer.visit_all(&mut parts.body);
            }
            Task::Many(tasks) => tasks.iter_mut().for_each(|task| task.trace(tracer)),
            Task::Macro(binding) | Task::BindMacro(binding) => {
                tracer.visit(&mut binding.form);
                tracer.visit(&mut binding.identifier);
                tracer.visit(&mut binding.spec);
            }
            Task::Import(import) => import.trace(tracer),
            Task::Exports(exports) => exports.trace(tracer),
            Task::Answered(answered) => answered.task.trace(tracer),
            Task::Leaf(..) | Task::Build(..) | Task::BeginUnit { .. } | Task::EndUnit => {}
            Task::File(file) => tracer.visit(&mut file.place),
            Task::Reexport(exports) => exports.trace(tracer),
            Task::OtherModule { module, wanted, form, .. } => {
                [module, wanted, form].into_iter().for_each(|v| tracer.visit(v));
            }
            Task::EndDefinition | Task::DropAnswer | Task::Woken | Task::Flush => {}
        }
    }
}

/// Refuses a form that has too many parts, or a part that has.
pub(super) fn check_length(form: Value, most: usize) -> Result<()> {
    let mut rest = expose(form);
    let parts = std::iter::from_fn(|| {
        let (first, next) = rest.as_pair()?;
        rest = expose(next);
        Some(first)
    });
    if is_longer(form, most) || parts.take(most).any(|part| is_longer(part, MOST_PARTS)) {
        let message = "this expression is too large to compile: it needs more than 60000 variables or arguments";
        return Err(SyntaxError::new(message, form));
    }
    Ok(())
}

/// The elements of a form that is a proper list, its keyword first; `shape` is what the form should look like.
pub(super) fn parts(form: Value, shape: &str) -> Result<Vec<Value>> {
    check_length(form, MOST_PARTS)?;
    all_parts(form, shape)
}

/// In a long loop, now and then.
pub(super) fn check_interrupt(cx: &ExpandContext, steps: usize) -> Result<()> {
    if steps.is_multiple_of(STRIDE) && cx.heap.control.interrupted() {
        return Err(SyntaxError::new("interrupted", Value::FALSE));
    }
    Ok(())
}

/// The same of a form that may have many.
pub(super) fn all_parts(form: Value, shape: &str) -> Result<Vec<Value>> {
    list_items(form).map_or_else(|| malformed(form, shape), Ok)
}

pub(super) fn malformed<T>(form: Value, shape: &str) -> Result<T> {
    Err(SyntaxError::new(format!("this should look like {shape}"), form))
}

/// An error in a use of a core form: the message says so, but for the message that a program has chosen itself.
pub(super) fn in_form(error: SyntaxError, core: CoreForm) -> SyntaxError {
    if core == CoreForm::SyntaxError { error } else { error.of(core.name()) }
}

/// An error about a part of a form; a part without a place of its own (a number, say) is shown by the whole.
pub(super) fn wrong<T>(part: Value, whole: Value, message: impl Into<String>) -> Result<T> {
    Err(SyntaxError::new(message, part).or_at(span(whole)))
}
