//! Instructions from the core language, with what `analyze` found out.
//!
//! Each lambda that is not a loop becomes a code object. Variables live in frame slots, given out in stack order: an
//! expression is emitted with the number of the first slot it may use (`next`). Work still to do stands on an explicit
//! stack of tasks, last first, so nothing recurses.

mod bindings;
mod branches;
mod calls;
mod instructions;

use super::Error;
use super::analyze::{Facts, Step};
use crate::expander::core::*;
use crate::opcode::*;
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::code::Local;
use crate::value::heap::cell;
use crate::value::word::TAG_IMMEDIATE;
use crate::value::{Code, Kind, Value};
use crate::vm::builtin::Body;
use crate::vm::cx::Cx;
use crate::vm::stubs::trap_words;
use calls::{Callee, WordOf};
use rustc_hash::FxHashMap;

pub enum Failure {
    /// A conditional jump is out of reach.
    FarJump,
    Error(Error),
}

/// Where the value of an expression goes.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Destination {
    Slot(usize),
    /// A slot, but several values are kept, as a values object.
    Any(usize),
    Nowhere,
    /// It is the value of the procedure.
    Tail,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Label(usize);

enum Task {
    Expression {
        node: NodeId,
        to: Destination,
        next: usize,
    },
    /// Jump to the label if the node's truth is `when`, else go on.
    Test {
        node: NodeId,
        when: bool,
        label: Label,
        next: usize,
    },
    Instruction(u64, Span),
    Branch {
        word: u64,
        label: Label,
        span: Span,
    },
    Bind(Label),
    Jump(Label),
    /// A backward jump to a loop.
    Again(Label),
    CallGlobal {
        tail: bool,
        n: i32,
        count: usize,
        last_argument: Option<usize>,
        span: Span,
    },
    /// The value is in the slot: pass it on.
    Finish {
        slot: usize,
        to: Destination,
    },
    /// The value is a constant.
    Give {
        value: Value,
        to: Destination,
        next: usize,
    },
    SetVariable {
        variable: VarId,
        slot: usize,
        next: usize,
        span: Span,
    },
    /// From here on these variables are in their slots.
    Enter(Vec<VarId>),
    /// As many variables are in theirs no more.
    Leave(usize),
    Steps {
        letrec: NodeId,
        step: usize,
        to: Destination,
        next: usize,
        after: Option<Label>,
    },
    MakeClosures {
        variables: Vec<(LambdaId, usize)>,
        next: usize,
        span: Span,
    },
    LoopBody {
        lambda: LambdaId,
        to: Destination,
        next: usize,
    },
}

/// How a variable is reached from the lambda being emitted.
enum Place {
    Slot(usize),
    Free(usize),
    /// The procedure being run.
    Own,
    Constant(LambdaId),
}

struct LoopInfo {
    label: Label,
    slots: Vec<usize>,
}

/// A constant that stands for a lambda's closure, to be filled in when all code exists.
struct Patch {
    code: usize,
    constant: usize,
    lambda: LambdaId,
}

pub fn emit(unit: &Unit, facts: &Facts, cx: &mut Cx, far: bool) -> Result<Value, Failure> {
    let top = unit.lambdas.len();
    let mut codes: Vec<Code> = Vec::new();
    let mut patches = Vec::new();
    // Slots of variables belong to the lambda they live in; each lambda is emitted once, so one table serves all.
    let mut slots = vec![usize::MAX; unit.variables.len()];
    let mut lambda_spans = vec![Span::NOWHERE; top];
    for (index, node) in unit.nodes.iter().enumerate() {
        if let Node::Lambda(l) = node {
            lambda_spans[l.0 as usize] = unit.spans[index];
        }
    }
    let mut code_of_lambda = vec![usize::MAX; top];
    for lambda in (0..=top).rev() {
        if lambda < top && facts.loops[lambda].is_some() {
            continue;
        }
        let mut emitter = Emitter {
            unit,
            facts,
            cx,
            far,
            lambda,
            words: Vec::new(),
            spans: Vec::new(),
            span: lambda_spans.get(lambda).copied().unwrap_or_default(),
            constants: Vec::new(),
            constant_index: FxHashMap::default(),
            slots: &mut slots,
            free_index: FxHashMap::default(),
            labels: Vec::new(),
            fixups: Vec::new(),
            tasks: Vec::new(),
            loops: FxHashMap::default(),
            frame_size: 2,
            patches: Vec::new(),
            last_target: 0,
            locals: Vec::new(),
            entered: Vec::new(),
        };
        emitter.run()?;
        let (code, own_patches) = emitter.finish()?;
        let index = codes.len();
        patches.extend(own_patches.into_iter().map(|(constant, lambda)| Patch { code: index, constant, lambda }));
        if lambda < top {
            code_of_lambda[lambda] = index;
        }
        codes.push(code);
    }
    let addresses: Vec<*const Code> = codes.into_iter().map(|code| cx.heap.add_code(code)).collect();
    let templates: Vec<Value> = addresses.iter().map(|&code| cx.heap.closure(code, 0)).collect();
    for patch in patches {
        let template = templates[code_of_lambda[patch.lambda.0 as usize]];
        cx.heap.set_constant(addresses[patch.code], patch.constant, template);
    }
    Ok(templates[0])
}

struct Emitter<'a> {
    unit: &'a Unit,
    facts: &'a Facts,
    cx: &'a mut Cx,
    far: bool,
    /// The lambda being emitted; the number of lambdas for the unit itself.
    lambda: usize,
    words: Vec<u64>,
    spans: Vec<(u32, Span)>,
    /// The whole lambda.
    span: Span,
    constants: Vec<Value>,
    constant_index: FxHashMap<u64, usize>,
    slots: &'a mut Vec<usize>,
    free_index: FxHashMap<VarId, usize>,
    labels: Vec<Option<usize>>,
    /// Instructions whose jump distance is open.
    fixups: Vec<(usize, Label)>,
    tasks: Vec<Task>,
    loops: FxHashMap<LambdaId, LoopInfo>,
    frame_size: usize,
    patches: Vec<(usize, LambdaId)>,
    /// The highest address a label was bound to: instructions before it must not be merged with later ones.
    last_target: usize,
    /// Where variables are, if the engine keeps that.
    locals: Vec<Local>,
    /// Those of them that are in scope.
    entered: Vec<usize>,
}

impl Emitter<'_> {
    fn run(&mut self) -> Result<(), Failure> {
        if self.lambda == self.unit.lambdas.len() {
            self.put(abc(Op::Entry, 0, 0, 0), Span::NOWHERE);
            let root = self.unit.root.expect("a unit has a root");
            if self.cx.keeps_top_frame {
                // The last call of the form, too, has a place in the traces of errors.
                self.reserve(3);
                self.then([
                    Task::Expression { node: root, to: Destination::Any(1), next: 2 },
                    Task::Finish { slot: 1, to: Destination::Tail },
                ]);
            } else {
                self.tasks.push(Task::Expression { node: root, to: Destination::Tail, next: 1 });
            }
            self.work()?;
            return Ok(());
        }
        for (index, &v) in self.facts.free[self.lambda].iter().enumerate() {
            self.free_index.insert(v, index);
        }
        let lambda = &self.unit.lambdas[self.lambda];
        let many = lambda.clauses.len() != 1;
        for clause in &lambda.clauses {
            let (required, optional) = (clause.required.len(), clause.optional.len());
            if required + optional > 60_000 {
                return Err(self.too_large(clause.body));
            }
            let rest = clause.rest.is_some() as u8;
            let next_clause = self.label();
            let entry = self.words.len();
            if many {
                self.branch(xabc(Op::EntryCase, rest, 0, required as u16, 0), next_clause, Span::NOWHERE);
            } else if optional == 0 && rest == 0 {
                self.put(abc(Op::Entry, 0, required as u16, 0), Span::NOWHERE);
            } else {
                self.put(xabc(Op::EntryRest, rest, 0, required as u16, optional as u16), Span::NOWHERE);
            }
            let _ = entry;
            let mut next = 1;
            for &v in clause.required.iter().chain(&clause.optional).chain(&clause.rest) {
                self.slots[v.0 as usize] = next;
                if self.is_boxed(v) {
                    self.put(abc(Op::MakeBox, next as u16, next as u16, 0), Span::NOWHERE);
                }
                next += 1;
            }
            self.reserve(next);
            let parameters: Vec<VarId> =
                clause.required.iter().chain(&clause.optional).chain(&clause.rest).copied().collect();
            let count = parameters.len();
            self.then([
                Task::Enter(parameters),
                Task::Expression { node: clause.body, to: Destination::Tail, next },
                Task::Leave(count),
            ]);
            self.work()?;
            self.bind(next_clause);
        }
        if many {
            self.put(abc(Op::EntryFail, 0, 0, 0), Span::NOWHERE);
        }
        Ok(())
    }

    fn too_large(&self, node: NodeId) -> Failure {
        Failure::Error(Error {
            message: "this expression is too large to compile: it needs more than 60000 variables or arguments".into(),
            span: self.unit.span(node),
        })
    }

    fn work(&mut self) -> Result<(), Failure> {
        while let Some(task) = self.tasks.pop() {
            if self.cx.heap.control.interrupted() {
                return Err(Failure::Error(Error { message: "interrupted".into(), span: Span::NOWHERE }));
            }
            match task {
                Task::Expression { node, to, next } => self.expression(node, to, next)?,
                Task::Test { node, when, label, next } => self.test(node, when, label, next)?,
                Task::Instruction(word, span) => self.put(word, span),
                Task::Branch { word, label, span } => self.branch(word, label, span),
                Task::Bind(label) => self.bind(label),
                Task::Jump(label) => {
                    if !self.is_dead() {
                        self.branch(an(Op::Jump, 0, 0), label, Span::NOWHERE);
                    }
                }
                Task::Again(label) => {
                    // To a label already bound this is the loop's backward jump; the entry from outside is a plain one.
                    let op = if self.labels[label.0].is_some() { Op::Loop } else { Op::Jump };
                    if let Some(last) = self.last()
                        && op == Op::Loop
                        && !self.far
                        && op_of(last) == Op::AddI
                        && a_of(last) == b_of(last)
                    {
                        // The sum keeps its place in the source.
                        let at = self.words.len() - 1;
                        self.words[at] = xabc(Op::AddILoop, x_of(last), a_of(last) as u16, c_of(last) as u16, 0);
                        self.fixups.push((at, label));
                    }
                    self.branch(an(op, 0, 0), label, Span::NOWHERE);
                }
                Task::CallGlobal { tail, n, count, last_argument, span } => {
                    self.put_call_global(tail, n, count, last_argument, span)
                }
                Task::Finish { slot, to } => self.pass_on(slot, to),
                Task::Give { value, to, next } => self.give(value, to, next),
                Task::SetVariable { variable, slot, next, span } => self.set_variable(variable, slot, next, span),
                Task::Steps { letrec, step, to, next, after } => self.letrec_step(letrec, step, to, next, after)?,
                Task::MakeClosures { variables, next, span } => self.make_closures(&variables, next, span),
                Task::LoopBody { lambda, to, next } => self.loop_body(lambda, to, next),
                Task::Enter(variables) => self.enter(&variables),
                Task::Leave(count) => self.leave(count),
            }
        }
        Ok(())
    }

    fn enter(&mut self, variables: &[VarId]) {
        if !self.cx.keeps_locals {
            return;
        }
        for v in variables {
            self.entered.push(self.locals.len());
            self.locals.push(Local {
                name: self.unit.variables[v.0 as usize].name,
                slot: self.slots[v.0 as usize] as u32,
                from: self.words.len() as u32,
                to: u32::MAX,
            });
        }
    }

    fn leave(&mut self, count: usize) {
        let left = self.entered.len().saturating_sub(count);
        for index in self.entered.drain(left..) {
            self.locals[index].to = self.words.len() as u32;
        }
    }

    /// Pushes tasks so that the first of them is done first.
    fn then(&mut self, tasks: impl IntoIterator<Item = Task, IntoIter: DoubleEndedIterator>) {
        self.tasks.extend(tasks.into_iter().rev());
    }

    fn expression(&mut self, node: NodeId, to: Destination, next: usize) -> Result<(), Failure> {
        let unit = self.unit;
        let span = unit.span(node);
        if next > 60_000 {
            return Err(self.too_large(node));
        }
        match unit.node(node) {
            Node::Constant(index) => self.give(unit.constants[*index as usize], to, next),
            Node::Local(v) => self.local(*v, to, next, span),
            Node::SetLocal(v, value) => {
                self.reserve(next + 1);
                self.then([
                    Task::Expression { node: *value, to: Destination::Slot(next), next: next + 1 },
                    Task::SetVariable { variable: *v, slot: next, next: next + 1, span },
                    Task::Give { value: Value::UNSPECIFIED, to, next },
                ]);
            }
            Node::Global(index) => {
                let slot = self.target(to, next);
                let n = self.constant(unit.cells[*index as usize]);
                self.put(an(Op::Global, slot as u16, n), span);
                self.pass_on(slot, to);
            }
            Node::SetGlobal(index, value) | Node::DefineGlobal(index, value) => {
                let op = if matches!(unit.node(node), Node::SetGlobal(..)) { Op::SetGlobal } else { Op::DefineGlobal };
                let n = self.constant(unit.cells[*index as usize]);
                self.reserve(next + 1);
                self.then([
                    Task::Expression { node: *value, to: Destination::Slot(next), next: next + 1 },
                    Task::Instruction(an(op, next as u16, n), span),
                    Task::Give { value: Value::UNSPECIFIED, to, next },
                ]);
            }
            Node::If(test, yes, no) => {
                let (otherwise, end) = (self.label(), self.label());
                let mut tasks = vec![
                    Task::Test { node: *test, when: false, label: otherwise, next },
                    Task::Expression { node: *yes, to, next },
                ];
                if to != Destination::Tail {
                    tasks.push(Task::Jump(end));
                }
                tasks.push(Task::Bind(otherwise));
                tasks.push(Task::Expression { node: *no, to, next });
                if to != Destination::Tail {
                    tasks.push(Task::Bind(end));
                }
                self.then(tasks);
            }
            Node::Seq(items) => {
                let last = items.len() - 1;
                self.then(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, &item)| Task::Expression {
                            node: item,
                            to: if index == last { to } else { Destination::Nowhere },
                            next,
                        })
                        .collect::<Vec<_>>(),
                );
            }
            Node::Lambda(l) => {
                if to == Destination::Nowhere {
                    return Ok(());
                }
                let slot = self.target(to, next);
                if self.facts.constant[l.0 as usize] {
                    let n = self.lambda_constant(*l);
                    self.put(an(Op::Constant, slot as u16, n), span);
                } else {
                    self.reserve(next + 2);
                    self.make_closures(&[(*l, slot)], next.max(slot + 1), span);
                }
                self.pass_on(slot, to);
            }
            Node::Let(variables, inits, body) => {
                let mut tasks = Vec::with_capacity(2 * inits.len() + 1);
                let mut at = next;
                for (&v, &init) in variables.iter().zip(inits) {
                    self.slots[v.0 as usize] = at;
                    tasks.push(Task::Expression { node: init, to: Destination::Slot(at), next: at + 1 });
                    if self.is_boxed(v) {
                        tasks.push(Task::Instruction(abc(Op::MakeBox, at as u16, at as u16, 0), span));
                    }
                    at += 1;
                }
                self.reserve(at);
                tasks.push(Task::Enter(variables.to_vec()));
                tasks.push(Task::Expression { node: *body, to, next: at });
                tasks.push(Task::Leave(variables.len()));
                self.then(tasks);
            }
            Node::Letrec(..) => {
                let after = (to != Destination::Tail).then(|| self.label());
                self.tasks.push(Task::Steps { letrec: node, step: 0, to, next, after });
            }
            Node::LetValues { producer, required, rest, body } => {
                let mut tasks = Vec::new();
                let count = required.len() + rest.is_some() as usize;
                for (index, v) in required.iter().chain(rest).enumerate() {
                    self.slots[v.0 as usize] = next + index;
                }
                self.reserve(next + count + 1);
                match unit.node(*producer) {
                    // Values made on the spot need no values object.
                    Node::Call(operator, operands)
                        if rest.is_none()
                            && operands.len() == required.len()
                            && matches!(self.callee(*operator, operands.len()), Callee::Primitive("values", _)) =>
                    {
                        for (index, &operand) in operands.iter().enumerate() {
                            let at = next + index;
                            tasks.push(Task::Expression { node: operand, to: Destination::Slot(at), next: at + 1 });
                        }
                    }
                    _ => {
                        tasks.push(Task::Expression { node: *producer, to: Destination::Any(next), next: next + 1 });
                        let word =
                            xabc(Op::Unpack, rest.is_some() as u8, next as u16, next as u16, required.len() as u16);
                        tasks.push(Task::Instruction(word, unit.span(*producer)));
                    }
                }
                for (index, v) in required.iter().chain(rest).enumerate() {
                    if self.is_boxed(*v) {
                        let at = (next + index) as u16;
                        tasks.push(Task::Instruction(abc(Op::MakeBox, at, at, 0), span));
                    }
                }
                tasks.push(Task::Enter(required.iter().chain(rest).copied().collect()));
                tasks.push(Task::Expression { node: *body, to, next: next + count });
                tasks.push(Task::Leave(count));
                self.then(tasks);
            }
            Node::Call(operator, operands) => self.call(node, *operator, operands, to, next, span)?,
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(Code, Vec<(usize, LambdaId)>), Failure> {
        for &(at, label) in &self.fixups {
            let target = self.labels[label.0].expect("every label is bound");
            let distance = target as i64 - (at as i64 + 1);
            let word = self.words[at];
            self.words[at] = match ALL[word as u8 as usize].2 {
                Format::ABJump | Format::AIJump | Format::XABC => match i16::try_from(distance) {
                    Ok(near) => word & !(0xffff << 48) | (near as u16 as u64) << 48,
                    Err(_) if op_of(word) == Op::EntryCase && self.far => return Err(Failure::FarJump),
                    Err(_) => return Err(Failure::FarJump),
                },
                _ => word & 0xffff_ffff | (distance as i32 as u32 as u64) << 32,
            };
        }
        if self.frame_size > 60_000 {
            return Err(self.too_large(self.unit.root.expect("a root")));
        }
        let size = self.frame_size;
        for (index, word) in self.words.iter_mut().enumerate() {
            let op = op_of(*word);
            if matches!(op, Op::Entry | Op::EntryRest | Op::EntryCase) {
                *word |= (size as u64) << 16;
            } else if op.has_constant() {
                let distance = Code::constant_distance(index, n_of(*word) as usize, self.constants.len());
                *word = *word & 0xffff_ffff | (distance as u32 as u64) << 32;
            }
        }
        self.words.extend(trap_words(size));
        let mut code = Code { frame_size: size as u32, spans: self.spans.into(), ..Code::default() };
        code.locals = self.locals.into();
        if self.cx.keeps_locals
            && let Some(free) = self.facts.free.get(self.lambda)
        {
            code.free_names = free.iter().map(|v| self.unit.variables[v.0 as usize].name).collect();
        }
        if let Some(lambda) = self.unit.lambdas.get(self.lambda) {
            let none = Clause { required: Vec::new(), optional: Vec::new(), rest: None, body: NodeId(0) };
            let clause = lambda.clauses.first().unwrap_or(&none);
            let names = |v: &VarId| self.unit.variables[v.0 as usize].name;
            code.name = lambda.name;
            code.free = self.facts.free[self.lambda].len() as u32;
            code.span = self.span;
            code.documentation = lambda.documentation.clone();
            code.required = clause.required.len() as u16;
            code.optional = clause.optional.len() as u16;
            code.rest = clause.rest.is_some();
            code.face = lambda.face.clone().map(Box::new);
            code.parameters = clause
                .required
                .iter()
                .chain(&clause.optional)
                .chain(&clause.rest)
                .map(names)
                .collect::<Vec<Symbol>>()
                .into();
        }
        code.set_instructions(&self.words, &self.constants);
        Ok((code, self.patches))
    }
}
