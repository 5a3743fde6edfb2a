//! Writing instructions: words, merged ones among them, labels, constants, and where values and variables are.

use super::*;

impl Emitter<'_> {
    pub(super) fn put(&mut self, word: u64, span: Span) {
        if self.spans.last().is_none_or(|(_, last)| *last != span) {
            self.spans.push((self.words.len() as u32, span));
        }
        self.words.push(word);
    }

    /// The last instruction, if none but it leads to the next: then the two may be merged.
    pub(super) fn last(&self) -> Option<u64> {
        (self.last_target < self.words.len()).then(|| self.words.last().copied()).flatten()
    }

    /// Takes the last instruction back.
    pub(super) fn unput(&mut self) {
        self.words.pop();
        while self.spans.last().is_some_and(|(start, _)| *start as usize >= self.words.len()) {
            self.spans.pop();
        }
    }

    /// r[to] = r[from].
    pub(super) fn put_move(&mut self, to: u16, from: u16) {
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
    pub(super) fn put_call_global(
        &mut self,
        tail: bool,
        n: i32,
        count: usize,
        last_argument: Option<usize>,
        span: Span,
    ) {
        let (plain, with) =
            if tail { (Op::TailCallGlobal, Op::TailCallGlobalWith) } else { (Op::CallGlobal, Op::CallGlobalWith) };
        if !tail && let Some(last_argument) = last_argument {
            match self.field_operation(n) {
                Some(op @ (Op::RecordRefReturn | Op::RecordIsReturn)) if count == 1 => {
                    let mut source = last_argument;
                    if let Some(last) = self.last().filter(|&w| op_of(w) == Op::Move && a_of(w) == last_argument) {
                        self.unput();
                        source = b_of(last);
                    }
                    let call = if op == Op::RecordIsReturn { Op::CallPredicate } else { Op::CallAccessor };
                    return self.put(an(call, source as u16, n), span);
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
    pub(super) fn field_operation(&self, n: i32) -> Option<Op> {
        let procedure = cell::value(self.constants[n as usize]);
        let code = self.cx.heap.closure_code(procedure)?;
        code.instructions().get(1).map(|&word| op_of(word))
    }

    /// Return r[slot], merged with the instruction that has just put it there.
    pub(super) fn put_return(&mut self, slot: usize) {
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
                op @ (Op::RecordRef | Op::RecordIs) if at > 0 && self.last_target < at => {
                    let load = self.words[at - 1];
                    if op_of(load) == Op::Global && a_of(load) == c_of(last) && a_of(load) != b_of(last) {
                        let word = match op {
                            Op::RecordIs => an(Op::RecordIsReturn, b_of(last) as u16, n_of(load)),
                            _ => an(Op::RecordRefReturn, b_of(last) as u16, n_of(load)) | (x_of(last) as u64) << 8,
                        };
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
    pub(super) fn merge_record_set(&mut self, returned: i32) {
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

    pub(super) fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    pub(super) fn reserve(&mut self, slots: usize) {
        self.frame_size = self.frame_size.max(slots);
    }

    pub(super) fn constant(&mut self, value: Value) -> i32 {
        if let Some(&index) = self.constant_index.get(&value.bits()) {
            return index as i32;
        }
        self.constants.push(value);
        self.constant_index.insert(value.bits(), self.constants.len() - 1);
        self.constants.len() as i32 - 1
    }

    /// The constant that will be the closure (or the template) of a lambda.
    pub(super) fn lambda_constant(&mut self, lambda: LambdaId) -> i32 {
        if let Some(&(index, _)) = self.patches.iter().find(|(_, known)| *known == lambda) {
            return index as i32;
        }
        self.constants.push(Value::UNSPECIFIED);
        self.patches.push((self.constants.len() - 1, lambda));
        self.constants.len() as i32 - 1
    }

    pub(super) fn branch(&mut self, word: u64, label: Label, span: Span) {
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
    pub(super) fn is_dead(&self) -> bool {
        use Op::*;
        let leaves = |op| {
            matches!(op, Jump | Loop | Return | ReturnAny | ReturnValues | TailCall)
                || matches!(op, ReturnFixnum | ReturnImmediate | ConsReturn)
        };
        self.last_target < self.words.len() && self.words.last().is_some_and(|&word| leaves(op_of(word)))
    }

    pub(super) fn bind(&mut self, label: Label) {
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

    pub(super) fn give(&mut self, value: Value, to: Destination, next: usize) {
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

    pub(super) fn load_constant(&mut self, slot: usize, value: Value) {
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
    pub(super) fn pass_on(&mut self, slot: usize, to: Destination) {
        if to == Destination::Tail {
            self.put_return(slot);
        }
    }

    /// The slot into which an expression with this destination computes its value.
    pub(super) fn target(&mut self, to: Destination, next: usize) -> usize {
        match to {
            Destination::Slot(slot) | Destination::Any(slot) => slot,
            Destination::Nowhere | Destination::Tail => {
                self.reserve(next + 1);
                next
            }
        }
    }

    pub(super) fn place(&self, v: VarId) -> Place {
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

    pub(super) fn is_boxed(&self, v: VarId) -> bool {
        self.facts.boxed[v.0 as usize]
    }

    /// A node whose value already is in a slot that nothing will change while it is wanted.
    pub(super) fn ready_slot(&self, node: NodeId) -> Option<usize> {
        match self.unit.node(node) {
            Node::Local(v) if !self.is_boxed(*v) => match self.place(*v) {
                Place::Slot(slot) => Some(slot),
                Place::Own => Some(0),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn small_constant(&self, node: NodeId) -> Option<i16> {
        match self.unit.node(node) {
            Node::Constant(index) => {
                self.unit.constants[*index as usize].as_fixnum().and_then(|n| i16::try_from(n).ok())
            }
            _ => None,
        }
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
