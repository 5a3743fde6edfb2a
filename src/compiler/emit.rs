//! Instructions from the core language, with what `analyze` found out.
//!
//! Each lambda that is not a loop becomes a code object. Variables live in frame slots, given out in stack order: an
//! expression is emitted with the number of the first slot it may use (`next`). Work still to do stands on an explicit
//! stack of tasks, last first, so nothing recurses.

use super::Error;
use super::analyze::{Facts, Step};
use crate::expander::core::*;
use crate::opcode::*;
use crate::source::Span;
use crate::symbol::Symbol;
use crate::value::heap::cell;
use crate::value::word::TAG_IMMEDIATE;
use crate::value::{Code, Kind, Value};
use crate::vm::builtin::Body;
use crate::vm::cx::Cx;
use crate::vm::stubs::trap_words;
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
}

/// The instruction word, given the slots of its operands.
type WordOf = Box<dyn Fn(&[u16]) -> u64>;

/// Sums of more operands are made by the builtin.
const LONGEST_CHAIN: usize = 8;

/// What a call is, seen from its operator.
enum Callee {
    /// A primitive, by name, and its instruction.
    Primitive(&'static str, Op),
    /// A builtin that answers at once.
    Builtin(usize),
    Loop(LambdaId),
    Global(u32),
    Other,
}

impl<'a> Emitter<'a> {
    // ---- small parts ---------------------------------------------------------------------------------------------

    fn put(&mut self, word: u64, span: Span) {
        if self.spans.last().is_none_or(|(_, last)| *last != span) {
            self.spans.push((self.words.len() as u32, span));
        }
        self.words.push(word);
    }

    /// The last instruction, if none but it leads to the next: then the two may be merged.
    fn last(&self) -> Option<u64> {
        (self.last_target < self.words.len()).then(|| self.words.last().copied()).flatten()
    }

    /// Takes the last instruction back.
    fn unput(&mut self) {
        self.words.pop();
        while self.spans.last().is_some_and(|(start, _)| *start as usize >= self.words.len()) {
            self.spans.pop();
        }
    }

    /// r[to] = r[from].
    fn put_move(&mut self, to: u16, from: u16) {
        let span = Span::NOWHERE;
        match self.last() {
            Some(last) if op_of(last) == Op::Move && a_of(last) + 1 == to as usize => {
                self.unput();
                self.put(abc(Op::MoveTwo, to - 1, b_of(last) as u16, from), span);
            }
            _ => self.put(abc(Op::Move, to, from, 0), span),
        }
    }

    /// The first word of a call of the global whose cell is constant `n`; `last_argument` is the slot for the last one.
    fn put_call_global(&mut self, tail: bool, n: i32, count: usize, last_argument: Option<usize>, span: Span) {
        let (plain, with) =
            if tail { (Op::TailCallGlobal, Op::TailCallGlobalWith) } else { (Op::CallGlobal, Op::CallGlobalWith) };
        if !tail && let Some(last_argument) = last_argument {
            match self.field_operation(n) {
                Some(Op::RecordRefReturn) if count == 1 => {
                    let mut source = last_argument;
                    if let Some(last) = self.last().filter(|&w| op_of(w) == Op::Move && a_of(w) == last_argument) {
                        self.unput();
                        source = b_of(last);
                    }
                    return self.put(an(Op::CallAccessor, source as u16, n), span);
                }
                Some(Op::RecordSetReturn) if count == 2 => return self.put(an(Op::CallModifier, 0, n), span),
                _ => {}
            }
        }
        let last = self.last().unwrap_or(0);
        let is_move = |op, to: usize| op_of(last) == op && Some(to) == last_argument;
        if last != 0 && is_move(Op::Move, a_of(last)) {
            self.unput();
            self.put(an(with, b_of(last) as u16, n), span);
        } else if last != 0 && is_move(Op::MoveTwo, a_of(last) + 1) && c_of(last) != a_of(last) {
            self.unput();
            self.put(abc(Op::Move, a_of(last) as u16, b_of(last) as u16, 0), Span::NOWHERE);
            self.put(an(with, c_of(last) as u16, n), span);
        } else {
            self.put(an(plain, 0, n), span);
        }
    }

    /// What the procedure that is now the value of the global with cell constant `n` begins with.
    fn field_operation(&self, n: i32) -> Option<Op> {
        let procedure = cell::value(self.constants[n as usize]);
        let code = self.cx.heap.closure_code(procedure)?;
        code.instructions().get(1).map(|&word| op_of(word))
    }

    /// Return r[slot], merged with the instruction that has just put it there.
    fn put_return(&mut self, slot: usize) {
        let span = Span::NOWHERE;
        if let Some(last) = self.last().filter(|&last| a_of(last) == slot) {
            let at = self.words.len() - 1;
            match op_of(last) {
                Op::Fixnum => {
                    self.unput();
                    return self.put(an(Op::ReturnFixnum, 0, n_of(last)), span);
                }
                Op::Immediate => {
                    self.unput();
                    self.merge_record_set(n_of(last));
                    return self.put(an(Op::ReturnImmediate, 0, n_of(last)), span);
                }
                Op::Add => self.words[at] = last & !0xff | Op::AddReturn as u64,
                Op::Cons => {
                    self.words[at] = last & !0xff | Op::ConsReturn as u64;
                    return;
                }
                Op::RecordRef if at > 0 && self.last_target < at => {
                    let load = self.words[at - 1];
                    if op_of(load) == Op::Global && a_of(load) == c_of(last) && a_of(load) != b_of(last) {
                        let word = an(Op::RecordRefReturn, b_of(last) as u16, n_of(load)) | (x_of(last) as u64) << 8;
                        let own = self.spans.last().map_or(Span::NOWHERE, |(_, span)| *span);
                        self.unput();
                        self.unput();
                        self.put(word, own);
                    }
                }
                _ => {}
            }
        }
        self.put(abc(Op::Return, slot as u16, 0, 0), span);
    }

    /// A field of the first argument that is set to the second one as the last thing a procedure does.
    fn merge_record_set(&mut self, returned: i32) {
        let [.., load, set] = self.words[..] else { return };
        let fits = op_of(load) == Op::Global
            && op_of(set) == Op::RecordSet
            && a_of(load) == b_of(set)
            && c_of(set) == a_of(set) + 1
            && a_of(load) != a_of(set)
            && a_of(load) != c_of(set)
            && self.last_target < self.words.len() - 1
            && returned as u64 == Value::UNSPECIFIED.bits() >> 16;
        if fits {
            let own = self.spans.last().map_or(Span::NOWHERE, |(_, span)| *span);
            self.unput();
            self.unput();
            self.put(an(Op::RecordSetReturn, a_of(set) as u16, n_of(load)) | (x_of(set) as u64) << 8, own);
        }
    }

    fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    fn reserve(&mut self, slots: usize) {
        self.frame_size = self.frame_size.max(slots);
    }

    fn constant(&mut self, value: Value) -> i32 {
        if let Some(&index) = self.constant_index.get(&value.bits()) {
            return index as i32;
        }
        self.constants.push(value);
        self.constant_index.insert(value.bits(), self.constants.len() - 1);
        self.constants.len() as i32 - 1
    }

    /// The constant that will be the closure (or the template) of a lambda.
    fn lambda_constant(&mut self, lambda: LambdaId) -> i32 {
        if let Some(&(index, _)) = self.patches.iter().find(|(_, known)| *known == lambda) {
            return index as i32;
        }
        self.constants.push(Value::UNSPECIFIED);
        self.patches.push((self.constants.len() - 1, lambda));
        self.constants.len() as i32 - 1
    }

    fn branch(&mut self, word: u64, label: Label, span: Span) {
        let format = ALL[word as u8 as usize].2;
        if self.far && matches!(format, Format::ABJump | Format::AIJump) {
            // Over a long jump, by the opposite test.
            let inverse = inverse(op_of(word));
            self.put(word & !0xff & !(0xffff << 48) | inverse as u64 | 1 << 48, span);
            self.put(an(Op::Jump, 0, 0), span);
        } else {
            self.put(word, span);
        }
        self.fixups.push((self.words.len() - 1, label));
    }

    /// Whether nothing can come to the next instruction: the last one never goes on, and no label is bound here.
    fn is_dead(&self) -> bool {
        use Op::*;
        let leaves = |op| {
            matches!(op, Jump | Loop | Return | ReturnAny | ReturnValues | TailCall)
                || matches!(op, ReturnFixnum | ReturnImmediate | ConsReturn)
        };
        self.last_target < self.words.len() && self.words.last().is_some_and(|&word| leaves(op_of(word)))
    }

    fn bind(&mut self, label: Label) {
        // A jump to the very next instruction is left out (but not the second half of a far branch).
        while !self.far
            && let Some(&(at, target)) = self.fixups.last()
        {
            let plain_jump = at + 1 == self.words.len() && op_of(self.words[at]) == Op::Jump;
            if target == label && plain_jump && at >= self.last_target {
                self.words.pop();
                self.fixups.pop();
                while self.spans.last().is_some_and(|(start, _)| *start as usize >= self.words.len()) {
                    self.spans.pop();
                }
                continue;
            }
            break;
        }
        self.labels[label.0] = Some(self.words.len());
        self.last_target = self.words.len();
    }

    fn give(&mut self, value: Value, to: Destination, next: usize) {
        let slot = match to {
            Destination::Slot(slot) | Destination::Any(slot) => slot,
            Destination::Nowhere => return,
            Destination::Tail => {
                self.reserve(next + 1);
                next
            }
        };
        self.load_constant(slot, value);
        self.pass_on(slot, to);
    }

    fn load_constant(&mut self, slot: usize, value: Value) {
        let a = slot as u16;
        let word = match value.as_fixnum() {
            Some(n) if i32::try_from(n).is_ok() => an(Op::Fixnum, a, n as i32),
            _ if value.bits() & 0xffff == TAG_IMMEDIATE && !value.is_pointer() && value.kind().is_none() => {
                an(Op::Immediate, a, (value.bits() >> 16) as i32)
            }
            _ => {
                let n = self.constant(value);
                an(Op::Constant, a, n)
            }
        };
        self.put(word, Span::NOWHERE);
    }

    /// The value is in `slot`; where the destination is a slot, in that one.
    fn pass_on(&mut self, slot: usize, to: Destination) {
        if to == Destination::Tail {
            self.put_return(slot);
        }
    }

    /// The slot into which an expression with this destination computes its value.
    fn target(&mut self, to: Destination, next: usize) -> usize {
        match to {
            Destination::Slot(slot) | Destination::Any(slot) => slot,
            Destination::Nowhere | Destination::Tail => {
                self.reserve(next + 1);
                next
            }
        }
    }

    fn place(&self, v: VarId) -> Place {
        if let Some(lambda) = self.facts.known[v.0 as usize] {
            if lambda.0 as usize == self.lambda {
                return Place::Own;
            }
            if self.facts.constant[lambda.0 as usize] {
                return Place::Constant(lambda);
            }
        }
        if self.facts.home[v.0 as usize] == self.lambda {
            return Place::Slot(self.slots[v.0 as usize]);
        }
        Place::Free(self.free_index[&v])
    }

    fn is_boxed(&self, v: VarId) -> bool {
        self.facts.boxed[v.0 as usize]
    }

    /// A node whose value already is in a slot that nothing will change while it is wanted.
    fn ready_slot(&self, node: NodeId) -> Option<usize> {
        match self.unit.node(node) {
            Node::Local(v) if !self.is_boxed(*v) => match self.place(*v) {
                Place::Slot(slot) => Some(slot),
                Place::Own => Some(0),
                _ => None,
            },
            _ => None,
        }
    }

    fn small_constant(&self, node: NodeId) -> Option<i16> {
        match self.unit.node(node) {
            Node::Constant(index) => {
                self.unit.constants[*index as usize].as_fixnum().and_then(|n| i16::try_from(n).ok())
            }
            _ => None,
        }
    }

    fn callee(&self, operator: NodeId, count: usize) -> Callee {
        match self.unit.node(operator) {
            Node::Local(v) => match self.facts.known[v.0 as usize] {
                Some(lambda) if self.facts.loops[lambda.0 as usize].is_some() => Callee::Loop(lambda),
                _ => Callee::Other,
            },
            Node::Global(index) => {
                let global = self.unit.cells[*index as usize];
                let primitive = cell::primitive(global);
                if primitive > 0 {
                    let (name, op, operands) = PRIMITIVES[primitive as usize - 1];
                    let chain =
                        matches!(op, Op::Add | Op::Subtract | Op::Multiply) && (3..=LONGEST_CHAIN).contains(&count);
                    if operands == count || chain || op == Op::ReturnValues {
                        return Callee::Primitive(name, op);
                    }
                }
                let value = cell::value(global);
                if cell::has_fact(global, cell::CONSTANT) && value.is_kind(Kind::Builtin) {
                    let number = value.field(0).fixnum_value() as usize;
                    let row = self.cx.builtins[number];
                    if matches!(row.body, Body::Leaf(_))
                        && row.takes(count)
                        && count < 256
                        && number <= u16::MAX as usize
                    {
                        return Callee::Builtin(number);
                    }
                }
                Callee::Global(*index)
            }
            _ => Callee::Other,
        }
    }

    // ---- the work ------------------------------------------------------------------------------------------------

    fn run(&mut self) -> Result<(), Failure> {
        if self.lambda == self.unit.lambdas.len() {
            self.put(abc(Op::Entry, 0, 0, 0), Span::NOWHERE);
            let root = self.unit.root.expect("a unit has a root");
            self.tasks.push(Task::Expression { node: root, to: Destination::Tail, next: 1 });
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
            self.tasks.push(Task::Expression { node: clause.body, to: Destination::Tail, next });
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
            }
        }
        Ok(())
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
                tasks.push(Task::Expression { node: *body, to, next: at });
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
                tasks.push(Task::Expression { node: *body, to, next: next + count });
                self.then(tasks);
            }
            Node::Call(operator, operands) => self.call(node, *operator, operands, to, next, span)?,
        }
        Ok(())
    }

    fn local(&mut self, v: VarId, to: Destination, next: usize, span: Span) {
        if to == Destination::Nowhere && !self.is_boxed(v) {
            return;
        }
        let place = self.place(v);
        if to == Destination::Tail
            && let Place::Slot(slot) = place
            && !self.is_boxed(v)
        {
            return self.pass_on(slot, to);
        }
        let target = self.target(to, next);
        let (a, boxed) = (target as u16, self.is_boxed(v));
        match place {
            Place::Slot(slot) if boxed => self.put(abc(Op::Unbox, a, slot as u16, 0), span),
            Place::Slot(slot) if slot == target => {}
            Place::Slot(slot) => self.put_move(a, slot as u16),
            Place::Free(index) if boxed => self.put(abc(Op::FreeUnbox, a, index as u16, 0), span),
            Place::Free(index) => self.put(abc(Op::Free, a, index as u16, 0), span),
            Place::Own => self.put_move(a, 0),
            Place::Constant(lambda) => {
                let n = self.lambda_constant(lambda);
                self.put(an(Op::Constant, a, n), span);
            }
        }
        self.pass_on(target, to);
    }

    /// Assigned variables always live in boxes.
    fn set_variable(&mut self, v: VarId, slot: usize, next: usize, span: Span) {
        match self.place(v) {
            Place::Slot(home) => self.put(abc(Op::SetBox, home as u16, slot as u16, 0), span),
            Place::Free(index) => {
                self.reserve(next + 1);
                self.put(abc(Op::Free, next as u16, index as u16, 0), span);
                self.put(abc(Op::SetBox, next as u16, slot as u16, 0), span);
            }
            Place::Own | Place::Constant(_) => unreachable!("an assigned variable is not known to be a lambda"),
        }
    }

    // ---- letrec, closures, loops ---------------------------------------------------------------------------------

    fn letrec_step(
        &mut self,
        letrec: NodeId,
        step: usize,
        to: Destination,
        next: usize,
        after: Option<Label>,
    ) -> Result<(), Failure> {
        let (unit, facts) = (self.unit, self.facts);
        let Node::Letrec(variables, inits, body) = unit.node(letrec) else { unreachable!() };
        let span = unit.span(letrec);
        let lambda_of = |i: usize| facts.known[variables[i].0 as usize].expect("a known lambda");
        let plan = &facts.plans[&letrec];
        let Some(what) = plan.get(step) else {
            // The body, then the loops that it jumps to.
            let mut tasks = vec![Task::Expression { node: *body, to, next }];
            let loops: Vec<LambdaId> =
                plan.iter().filter_map(|s| if let Step::Loop(i) = s { Some(lambda_of(*i)) } else { None }).collect();
            for lambda in loops {
                tasks.extend(after.map(Task::Jump));
                tasks.push(Task::LoopBody { lambda, to, next });
            }
            tasks.extend(after.map(Task::Bind));
            self.then(tasks);
            return Ok(());
        };
        let go_on = |next| Task::Steps { letrec, step: step + 1, to, next, after };
        match what {
            Step::Plain(i) => {
                let v = variables[*i];
                self.slots[v.0 as usize] = next;
                self.reserve(next + 1);
                let mut tasks = vec![Task::Expression { node: inits[*i], to: Destination::Slot(next), next: next + 1 }];
                if self.is_boxed(v) {
                    tasks.push(Task::Instruction(abc(Op::MakeBox, next as u16, next as u16, 0), span));
                }
                tasks.push(go_on(next + 1));
                self.then(tasks);
            }
            Step::Closures(members) => {
                let mut made = Vec::new();
                let mut at = next;
                for &i in members {
                    if !facts.constant[lambda_of(i).0 as usize] {
                        self.slots[variables[i].0 as usize] = at;
                        made.push((lambda_of(i), at));
                        at += 1;
                    }
                }
                self.reserve(at + 1);
                self.then([Task::MakeClosures { variables: made, next: at, span }, go_on(at)]);
            }
            Step::Mixed { boxed, closures } => {
                let mut tasks = Vec::new();
                let mut at = next;
                for &i in boxed {
                    self.slots[variables[i].0 as usize] = at;
                    tasks.push(Task::Give { value: Value::UNBOUND, to: Destination::Slot(at), next: at });
                    tasks.push(Task::Instruction(abc(Op::MakeBox, at as u16, at as u16, 0), span));
                    at += 1;
                }
                let mut made = Vec::new();
                for &i in closures {
                    if !facts.constant[lambda_of(i).0 as usize] {
                        self.slots[variables[i].0 as usize] = at;
                        made.push((lambda_of(i), at));
                        at += 1;
                    }
                }
                self.reserve(at + 2);
                tasks.push(Task::MakeClosures { variables: made, next: at, span });
                for &i in boxed {
                    tasks.push(Task::Expression { node: inits[i], to: Destination::Slot(at), next: at + 1 });
                    tasks.push(Task::SetVariable { variable: variables[i], slot: at, next: at + 1, span });
                }
                tasks.push(go_on(at));
                self.then(tasks);
            }
            Step::Loop(i) => {
                let lambda = lambda_of(*i);
                let clause = &unit.lambdas[lambda.0 as usize].clauses[0];
                let slots: Vec<usize> = (next..next + clause.required.len()).collect();
                for (&v, &slot) in clause.required.iter().zip(&slots) {
                    self.slots[v.0 as usize] = slot;
                }
                let label = self.label();
                let at = next + slots.len();
                self.reserve(at + 1);
                self.loops.insert(lambda, LoopInfo { label, slots });
                self.tasks.push(go_on(at));
            }
        }
        Ok(())
    }

    /// The slots above `next` are free for the loop's body, which stands behind the letrec's.
    fn loop_body(&mut self, lambda: LambdaId, to: Destination, next: usize) {
        let unit = self.unit;
        let label = self.loops[&lambda].label;
        let clause = &unit.lambdas[lambda.0 as usize].clauses[0];
        self.bind(label);
        for &v in &clause.required {
            if self.is_boxed(v) {
                let slot = self.slots[v.0 as usize] as u16;
                self.put(abc(Op::MakeBox, slot, slot, 0), Span::NOWHERE);
            }
        }
        self.tasks.push(Task::Expression { node: clause.body, to, next });
    }

    /// Makes closures in their slots, then fills them: they may hold each other.
    fn make_closures(&mut self, made: &[(LambdaId, usize)], next: usize, span: Span) {
        for &(lambda, slot) in made {
            let n = self.lambda_constant(lambda);
            let free = self.facts.free[lambda.0 as usize].len();
            let word = an(Op::MakeClosure, slot as u16, n);
            // From 255 on the number stands in the code.
            self.put(word | (free.min(255) as u64) << 8, span);
        }
        for &(lambda, slot) in made {
            for (index, &v) in self.facts.free[lambda.0 as usize].iter().enumerate() {
                let source = match self.place(v) {
                    Place::Slot(source) => source,
                    Place::Own => 0,
                    Place::Free(from) => {
                        self.reserve(next + 1);
                        self.put(abc(Op::Free, next as u16, from as u16, 0), span);
                        next
                    }
                    Place::Constant(_) => unreachable!("constant lambdas are not captured"),
                };
                self.put(abc(Op::Capture, slot as u16, index as u16, source as u16), span);
            }
        }
    }

    /// New values for the variables of a loop, then the jump. A value may go straight into its variable's slot as soon as no
    /// other value still wants the old one.
    fn enter_loop(&mut self, node: NodeId, lambda: LambdaId, operands: &[NodeId], next: usize) {
        let info = &self.loops[&lambda];
        let (label, slots) = (info.label, info.slots.clone());
        let variables = self.unit.lambdas[lambda.0 as usize].clauses[0].required.clone();
        let inside = self.labels[label.0].is_some();
        let mut tasks = Vec::new();
        let mut moves = Vec::new();
        let mut waiting: Vec<usize> = (0..operands.len())
            .filter(|&i| !(inside && !self.is_boxed(variables[i]) && self.is_variable(operands[i], variables[i])))
            .collect();
        let mut at = next;
        if inside {
            let mentions = self.mentions(node, operands, &variables);
            while !waiting.is_empty() {
                let free = waiting.iter().position(|&i| waiting.iter().all(|&j| j == i || !mentions[j].contains(&i)));
                let (position, direct) = match free {
                    Some(position) => (position, true),
                    None => (0, false),
                };
                let i = waiting.remove(position);
                if direct {
                    tasks.push(Task::Expression { node: operands[i], to: Destination::Slot(slots[i]), next: at });
                } else {
                    tasks.push(Task::Expression { node: operands[i], to: Destination::Slot(at), next: at + 1 });
                    moves.push((slots[i], at));
                    at += 1;
                }
            }
        } else {
            for i in waiting {
                tasks.push(Task::Expression { node: operands[i], to: Destination::Slot(slots[i]), next: at });
            }
        }
        self.reserve(at + 1);
        for (slot, from) in moves {
            tasks.push(Task::Instruction(abc(Op::Move, slot as u16, from as u16, 0), Span::NOWHERE));
        }
        tasks.push(Task::Again(label));
        self.then(tasks);
    }

    fn is_variable(&self, node: NodeId, v: VarId) -> bool {
        matches!(self.unit.node(node), Node::Local(other) if *other == v)
    }

    /// For each operand of a call, which of these variables it mentions. Operands are contiguous in the arena, one after
    /// the other, the last ending right before the call.
    fn mentions(&self, call: NodeId, operands: &[NodeId], variables: &[VarId]) -> Vec<Vec<usize>> {
        let Node::Call(operator, _) = self.unit.node(call) else { unreachable!() };
        let mut from = operator.0 + 1;
        operands
            .iter()
            .map(|operand| {
                let mut found = Vec::new();
                for id in from..=operand.0 {
                    let v = match self.unit.node(NodeId(id)) {
                        Node::Local(v) | Node::SetLocal(v, _) => v,
                        _ => continue,
                    };
                    found.extend(variables.iter().position(|known| known == v));
                }
                from = operand.0 + 1;
                found
            })
            .collect()
    }

    // ---- calls ---------------------------------------------------------------------------------------------------

    fn call(
        &mut self,
        node: NodeId,
        operator: NodeId,
        operands: &[NodeId],
        to: Destination,
        next: usize,
        span: Span,
    ) -> Result<(), Failure> {
        let count = operands.len();
        if next + count > 60_000 {
            return Err(self.too_large(node));
        }
        let callee = self.callee(operator, count);
        match callee {
            Callee::Primitive(name, op) => {
                if self.primitive(node, name, op, operands, to, next, span) {
                    return Ok(());
                }
                self.plain_call(Some(operator), None, operands, to, next, span);
            }
            Callee::Builtin(number) => {
                let mut tasks = Vec::with_capacity(count + 2);
                // A single argument that is in a slot already is taken from there.
                let base = match operands {
                    [one] if self.ready_slot(*one).is_some() => self.ready_slot(*one).expect("ready"),
                    _ => {
                        for (index, &operand) in operands.iter().enumerate() {
                            let at = next + index;
                            tasks.push(Task::Expression { node: operand, to: Destination::Slot(at), next: at + 1 });
                        }
                        next
                    }
                };
                self.reserve(next + count + 1);
                let target = self.target(to, next);
                let many = matches!(to, Destination::Any(_) | Destination::Tail);
                let op = if many { Op::BuiltinAny } else { Op::Builtin };
                let word = xabc(op, count as u8, target as u16, base as u16, number as u16);
                tasks.push(Task::Instruction(word, span));
                if to == Destination::Tail {
                    tasks.push(Task::Instruction(abc(Op::ReturnAny, target as u16, 0, 0), Span::NOWHERE));
                }
                self.then(tasks);
            }
            Callee::Loop(lambda) => self.enter_loop(node, lambda, operands, next),
            Callee::Global(index) => {
                let global = self.unit.cells[index as usize];
                let n = self.constant(global);
                self.plain_call(None, Some(n), operands, to, next, span);
            }
            Callee::Other => self.plain_call(Some(operator), None, operands, to, next, span),
        }
        Ok(())
    }

    fn plain_call(
        &mut self,
        operator: Option<NodeId>,
        global: Option<i32>,
        operands: &[NodeId],
        to: Destination,
        next: usize,
        span: Span,
    ) {
        let count = operands.len();
        let tail = to == Destination::Tail;
        let base = if tail { next } else { next + 1 };
        let mut tasks = Vec::with_capacity(count + 3);
        if let Some(operator) = operator {
            tasks.push(Task::Expression { node: operator, to: Destination::Slot(base), next: base + 1 });
        }
        for (index, &operand) in operands.iter().enumerate() {
            let at = base + 1 + index;
            tasks.push(Task::Expression { node: operand, to: Destination::Slot(at), next: at + 1 });
        }
        self.reserve(base + count + 2);
        let (take, slot) = match to {
            Destination::Slot(slot) => (TAKE_ONE, slot),
            Destination::Any(slot) => (TAKE_ANY, slot),
            Destination::Nowhere => (TAKE_NONE, next),
            Destination::Tail => (TAKE_ONE, 0),
        };
        if let Some(n) = global {
            let last_argument = (count > 0).then_some(base + count);
            tasks.push(Task::CallGlobal { tail, n, count, last_argument, span });
        }
        let op = if tail { Op::TailCall } else { Op::Call };
        tasks.push(Task::Instruction(xabc(op, take, base as u16, slot as u16, count as u16), span));
        self.then(tasks);
    }

    /// Tasks that bring operands into slots, and those slots; slots from `next` on are used for what is not there yet.
    fn operands(&mut self, operands: &[NodeId], next: usize) -> (Vec<Task>, Vec<u16>, usize) {
        let mut tasks = Vec::new();
        let mut at = next;
        let slots = operands
            .iter()
            .map(|&operand| match self.ready_slot(operand) {
                Some(slot) => slot as u16,
                None => {
                    tasks.push(Task::Expression { node: operand, to: Destination::Slot(at), next: at + 1 });
                    at += 1;
                    at as u16 - 1
                }
            })
            .collect();
        self.reserve(at + 1);
        (tasks, slots, at)
    }

    /// A call of a primitive as an instruction; false if this one is better made as a call.
    #[allow(clippy::too_many_arguments)]
    fn primitive(
        &mut self,
        node: NodeId,
        name: &str,
        op: Op,
        operands: &[NodeId],
        to: Destination,
        next: usize,
        span: Span,
    ) -> bool {
        match op {
            Op::JumpLess
            | Op::JumpLessEqual
            | Op::JumpEqual
            | Op::JumpEqualI
            | Op::JumpNull
            | Op::JumpPair
            | Op::JumpType => {
                let (no, end) = (self.label(), self.label());
                let mut tasks = vec![
                    Task::Test { node, when: false, label: no, next },
                    Task::Give { value: Value::TRUE, to, next },
                ];
                if to != Destination::Tail {
                    tasks.push(Task::Jump(end));
                }
                tasks.push(Task::Bind(no));
                tasks.push(Task::Give { value: Value::FALSE, to, next });
                tasks.push(Task::Bind(end));
                self.then(tasks);
                return true;
            }
            Op::ReturnValues => {
                match (operands, to) {
                    ([one], _) => self.tasks.push(Task::Expression { node: *one, to, next }),
                    (_, Destination::Tail) => {
                        let mut tasks = Vec::new();
                        for (index, &operand) in operands.iter().enumerate() {
                            let at = next + index;
                            tasks.push(Task::Expression { node: operand, to: Destination::Slot(at), next: at + 1 });
                        }
                        self.reserve(next + operands.len() + 1);
                        let word = abc(Op::ReturnValues, next as u16, 0, operands.len() as u16);
                        tasks.push(Task::Instruction(word, span));
                        self.then(tasks);
                    }
                    _ => return false,
                }
                return true;
            }
            _ => {}
        }
        if operands.len() > 2 && matches!(op, Op::Add | Op::Subtract | Op::Multiply) {
            // One after the other, from the left. The target may be one of the operands, so it comes last.
            let (mut tasks, slots, at) = self.operands(operands, next);
            let target = self.target(to, at);
            self.reserve(at + 1);
            let mut sum = slots[0];
            for (index, &slot) in slots.iter().enumerate().skip(1) {
                let place = if index == slots.len() - 1 { target } else { at } as u16;
                tasks.push(Task::Instruction(abc(op, place, sum, slot), span));
                sum = place;
            }
            tasks.push(Task::Finish { slot: target, to });
            self.then(tasks);
            return true;
        }
        if matches!(op, Op::Add | Op::Subtract) {
            let (operand, number) = match (self.small_constant(operands[0]), self.small_constant(operands[1])) {
                (_, Some(n)) if n != i16::MIN => (operands[0], n),
                (Some(n), None) if op == Op::Add => (operands[1], n),
                _ => return self.plain_primitive(name, op, operands, to, next, span),
            };
            let (mut tasks, slots, at) = self.operands(&[operand], next);
            let target = self.target(to, at);
            let (x, c) = if op == Op::Add { (0, number) } else { (1, -number) };
            tasks.push(Task::Instruction(xabc(Op::AddI, x, target as u16, slots[0], c as u16), span));
            tasks.push(Task::Finish { slot: target, to });
            self.then(tasks);
            return true;
        }
        self.plain_primitive(name, op, operands, to, next, span)
    }

    fn plain_primitive(
        &mut self,
        name: &str,
        op: Op,
        operands: &[NodeId],
        to: Destination,
        next: usize,
        span: Span,
    ) -> bool {
        let record_index = |e: &Self| e.small_constant(operands[2]).and_then(|n| u8::try_from(n).ok());
        match op {
            Op::SetCar | Op::SetCdr | Op::SetBox | Op::VectorSet | Op::BytesSet => {
                let (mut tasks, slots, _) = self.operands(operands, next);
                let c = slots.get(2).copied().unwrap_or(0);
                tasks.push(Task::Instruction(abc(op, slots[0], slots[1], c), span));
                tasks.push(Task::Give { value: Value::UNSPECIFIED, to, next });
                self.then(tasks);
            }
            Op::RecordSet => {
                let Some(index) = record_index(self) else { return false };
                let (mut tasks, slots, _) = self.operands(&[operands[0], operands[1], operands[3]], next);
                tasks.push(Task::Instruction(xabc(op, index, slots[0], slots[1], slots[2]), span));
                tasks.push(Task::Give { value: Value::UNSPECIFIED, to, next });
                self.then(tasks);
            }
            Op::RecordRef => {
                let Some(index) = record_index(self) else { return false };
                let (mut tasks, slots, at) = self.operands(&operands[..2], next);
                let target = self.target(to, at);
                tasks.push(Task::Instruction(xabc(op, index, target as u16, slots[0], slots[1]), span));
                tasks.push(Task::Finish { slot: target, to });
                self.then(tasks);
            }
            _ => {
                let (mut tasks, slots, at) = self.operands(operands, next);
                let target = self.target(to, at);
                let c = if op == Op::Cxr { cxr_path(name) } else { slots.get(1).copied().unwrap_or(0) };
                tasks.push(Task::Instruction(abc(op, target as u16, slots[0], c), span));
                tasks.push(Task::Finish { slot: target, to });
                self.then(tasks);
            }
        }
        true
    }

    // ---- tests ---------------------------------------------------------------------------------------------------

    fn test(&mut self, node: NodeId, when: bool, label: Label, next: usize) -> Result<(), Failure> {
        let unit = self.unit;
        let span = unit.span(node);
        match unit.node(node) {
            Node::Constant(index) => {
                if unit.constants[*index as usize].is_true() == when {
                    self.branch(an(Op::Jump, 0, 0), label, span);
                }
            }
            &Node::If(test, yes, no) if self.truth(yes).is_some() || self.truth(no).is_some() => {
                // `and`, `or`: where one branch is a constant, its jump is the test's.
                let end = self.label();
                let (sense, constant, other) = match self.truth(no) {
                    Some(truth) => (false, truth, yes),
                    None => (true, self.truth(yes).unwrap_or_default(), no),
                };
                let target = if constant == when { label } else { end };
                self.then([
                    Task::Test { node: test, when: sense, label: target, next },
                    Task::Test { node: other, when, label, next },
                    Task::Bind(end),
                ]);
            }
            Node::If(test, yes, no) => {
                let (otherwise, end) = (self.label(), self.label());
                self.then([
                    Task::Test { node: *test, when: false, label: otherwise, next },
                    Task::Test { node: *yes, when, label, next },
                    Task::Jump(end),
                    Task::Bind(otherwise),
                    Task::Test { node: *no, when, label, next },
                    Task::Bind(end),
                ]);
            }
            Node::Seq(items) => {
                let last = items.len() - 1;
                self.then(
                    items
                        .iter()
                        .enumerate()
                        .map(|(index, &item)| {
                            if index == last {
                                Task::Test { node: item, when, label, next }
                            } else {
                                Task::Expression { node: item, to: Destination::Nowhere, next }
                            }
                        })
                        .collect::<Vec<_>>(),
                );
            }
            Node::Let(variables, inits, body) if self.is_or(variables, *body).is_some() => {
                // Only the truth of the first value is wanted: it need not be kept.
                let other = self.is_or(variables, *body).expect("an or");
                let end = self.label();
                self.then([
                    Task::Test { node: inits[0], when: true, label: if when { label } else { end }, next },
                    Task::Test { node: other, when, label, next },
                    Task::Bind(end),
                ]);
            }
            Node::Let(variables, inits, body) => {
                let mut tasks = Vec::new();
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
                tasks.push(Task::Test { node: *body, when, label, next: at });
                self.then(tasks);
            }
            Node::Call(operator, operands) => match self.callee(*operator, operands.len()) {
                Callee::Primitive(name, op) if self.test_primitive(name, op, operands, when, label, next, span) => {}
                _ => self.test_value(node, when, label, next, span),
            },
            _ => self.test_value(node, when, label, next, span),
        }
        Ok(())
    }

    /// Whether a constant counts as true.
    fn truth(&self, node: NodeId) -> Option<bool> {
        match self.unit.node(node) {
            Node::Constant(index) => Some(self.unit.constants[*index as usize].is_true()),
            _ => None,
        }
    }

    /// Whether the body of a let is `(if v v other)` for its only variable, used nowhere else: an `or`. Then, other.
    fn is_or(&self, variables: &[VarId], body: NodeId) -> Option<NodeId> {
        let (&[v], &Node::If(test, yes, other)) = (variables, self.unit.node(body)) else { return None };
        let is_or = self.is_variable(test, v) && self.is_variable(yes, v) && self.facts.uses[v.0 as usize] == 2;
        is_or.then_some(other)
    }

    fn test_value(&mut self, node: NodeId, when: bool, label: Label, next: usize, span: Span) {
        let op = if when { Op::JumpTrue } else { Op::JumpFalse };
        let (mut tasks, slots, _) = self.operands(&[node], next);
        tasks.push(Task::Branch { word: an(op, slots[0], 0), label, span });
        self.then(tasks);
    }

    #[allow(clippy::too_many_arguments)]
    fn test_primitive(
        &mut self,
        name: &str,
        op: Op,
        operands: &[NodeId],
        when: bool,
        label: Label,
        next: usize,
        span: Span,
    ) -> bool {
        let choose = |yes: Op, no: Op| if when { yes } else { no };
        let (word, operands): (WordOf, Vec<NodeId>) = match (op, name) {
            (Op::Not, _) => {
                self.tasks.push(Task::Test { node: operands[0], when: !when, label, next });
                return true;
            }
            (Op::JumpNull, _) => {
                let op = choose(Op::JumpNull, Op::JumpNotNull);
                (Box::new(move |s| an(op, s[0], 0)), operands.to_vec())
            }
            (Op::JumpPair, _) => {
                let op = choose(Op::JumpPair, Op::JumpNotPair);
                (Box::new(move |s| an(op, s[0], 0)), operands.to_vec())
            }
            (Op::JumpType, _) => {
                let x = type_test(name) as u8 | if when { 0 } else { NOT };
                (Box::new(move |s| an(Op::JumpType, s[0], 0) | (x as u64) << 8), operands.to_vec())
            }
            (Op::Eq, _) => {
                let op = choose(Op::JumpEq, Op::JumpNotEq);
                (Box::new(move |s| abc(op, s[0], s[1], 0)), operands.to_vec())
            }
            (Op::JumpEqualI, _) => {
                let op = choose(Op::JumpEqualI, Op::JumpNotEqualI);
                (Box::new(move |s| xabc(op, Comparison::Zero as u8, s[0], 0, 0)), operands.to_vec())
            }
            (Op::JumpLess | Op::JumpLessEqual | Op::JumpEqual, _) => {
                let x = comparison(name) as u8;
                // With a constant on the left the comparison is turned round.
                let (left, right, name) = match (self.small_constant(operands[0]), self.small_constant(operands[1])) {
                    (Some(_), None) => (operands[1], operands[0], turned(name)),
                    _ => (operands[0], operands[1], name),
                };
                if let Some(number) = self.small_constant(right) {
                    let op = match name {
                        "<" => choose(Op::JumpLessI, Op::JumpNotLessI),
                        ">" => choose(Op::JumpGreaterI, Op::JumpNotGreaterI),
                        "<=" => choose(Op::JumpLessEqualI, Op::JumpNotLessEqualI),
                        ">=" => choose(Op::JumpGreaterEqualI, Op::JumpNotGreaterEqualI),
                        _ => choose(Op::JumpEqualI, Op::JumpNotEqualI),
                    };
                    let turned = if left == operands[1] { Comparison::TURNED } else { 0 };
                    (Box::new(move |s| xabc(op, x | turned, s[0], number as u16, 0)), vec![left])
                } else {
                    let op = match name {
                        "<" | ">" => choose(Op::JumpLess, Op::JumpNotLess),
                        "<=" | ">=" => choose(Op::JumpLessEqual, Op::JumpNotLessEqual),
                        _ => choose(Op::JumpEqual, Op::JumpNotEqual),
                    };
                    let swap = matches!(name, ">" | ">=");
                    let turned = if swap { Comparison::TURNED } else { 0 };
                    let word = move |s: &[u16]| {
                        let (a, b) = if swap { (s[1], s[0]) } else { (s[0], s[1]) };
                        xabc(op, x | turned, a, b, 0)
                    };
                    (Box::new(word), vec![left, right])
                }
            }
            _ => return false,
        };
        let (mut tasks, slots, _) = self.operands(&operands, next);
        tasks.push(Task::Branch { word: word(&slots), label, span });
        self.then(tasks);
        true
    }

    // ---- the end -------------------------------------------------------------------------------------------------

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

fn inverse(op: Op) -> Op {
    use Op::*;
    match op {
        JumpEq => JumpNotEq,
        JumpNotEq => JumpEq,
        JumpLess => JumpNotLess,
        JumpNotLess => JumpLess,
        JumpLessEqual => JumpNotLessEqual,
        JumpNotLessEqual => JumpLessEqual,
        JumpEqual => JumpNotEqual,
        JumpNotEqual => JumpEqual,
        JumpLessI => JumpNotLessI,
        JumpNotLessI => JumpLessI,
        JumpGreaterI => JumpNotGreaterI,
        JumpNotGreaterI => JumpGreaterI,
        JumpLessEqualI => JumpNotLessEqualI,
        JumpNotLessEqualI => JumpLessEqualI,
        JumpGreaterEqualI => JumpNotGreaterEqualI,
        JumpNotGreaterEqualI => JumpGreaterEqualI,
        JumpEqualI => JumpNotEqualI,
        JumpNotEqualI => JumpEqualI,
        other => other,
    }
}

fn comparison(name: &str) -> Comparison {
    match name {
        "<" => Comparison::Less,
        "<=" => Comparison::LessEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterEqual,
        _ => Comparison::Equal,
    }
}

/// The comparison with its operands exchanged.
fn turned(name: &str) -> &str {
    match name {
        "<" => ">",
        ">" => "<",
        "<=" => ">=",
        ">=" => "<=",
        other => other,
    }
}

fn type_test(name: &str) -> TypeTest {
    match name {
        "symbol?" => TypeTest::Symbol,
        "string?" => TypeTest::String,
        "char?" => TypeTest::Char,
        "vector?" => TypeTest::Vector,
        "bytevector?" => TypeTest::Bytevector,
        "procedure?" => TypeTest::Procedure,
        "boolean?" => TypeTest::Boolean,
        _ => TypeTest::Eof,
    }
}

/// `cadr` as the path that the Cxr instruction takes: the innermost access in the lowest bit, below a leading 1.
fn cxr_path(name: &str) -> u16 {
    let letters = name.bytes().filter(|b| matches!(b, b'a' | b'd'));
    letters.fold((1u16, 0u32), |(path, _), b| (path << 1 | (b == b'd') as u16, 0)).0
}
