//! Calls: of primitives as instructions, of loops as jumps, of everything else.

use super::*;

/// The instruction word, given the slots of its operands.
pub(super) type WordOf = Box<dyn Fn(&[u16]) -> u64>;

/// Sums of more operands are made by the builtin.
pub(super) const LONGEST_CHAIN: usize = 8;

/// What a call is, seen from its operator.
pub(super) enum Callee {
    /// A primitive, by name, and its instruction.
    Primitive(&'static str, Op),
    /// A builtin that answers at once.
    Builtin(usize),
    Loop(LambdaId),
    Global(u32),
    Other,
}

impl Emitter<'_> {
    pub(super) fn callee(&self, operator: NodeId, count: usize) -> Callee {
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

    pub(super) fn call(
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

    pub(super) fn plain_call(
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
    pub(super) fn operands(&mut self, operands: &[NodeId], next: usize) -> (Vec<Task>, Vec<u16>, usize) {
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
    pub(super) fn primitive(
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

    pub(super) fn plain_primitive(
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
}

/// `cadr` as the path that the Cxr instruction takes: the innermost access in the lowest bit, below a leading 1.
fn cxr_path(name: &str) -> u16 {
    let letters = name.bytes().filter(|b| matches!(b, b'a' | b'd'));
    letters.fold((1u16, 0u32), |(path, _), b| (path << 1 | (b == b'd') as u16, 0)).0
}
